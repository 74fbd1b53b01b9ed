"""Chainer's data sets: where MNIST is fetched from, and the sentence where nothing can be."""

import gzip
import hashlib
import urllib.error

import chainer
import numpy as np
import pytest
from chainer.dataset import download

NAMES = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
         "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]


@pytest.fixture
def web(monkeypatch, tmp_path):
    """A web that holds what a test puts into it: {address: bytes, or an error}. Lists requests."""
    pages, asked = {}, []

    def urlretrieve(url, path):
        asked.append(url)
        page = pages.get(url, urllib.error.HTTPError(url, 403, "Forbidden", {}, None))
        if isinstance(page, Exception):
            raise page
        with open(path, "wb") as file:
            file.write(page)

    monkeypatch.setattr(download.request, "urlretrieve", urlretrieve)
    monkeypatch.setattr(download, "_dataset_root", str(tmp_path))
    pages["asked"] = asked
    return pages


@pytest.fixture
def mnist(monkeypatch):
    """Two training images and one test image, packed as MNIST is; their hashes are expected."""
    x = np.arange(2 * 784, dtype=">u4").astype("u1").reshape(2, 784)
    t = np.array([7, 3], "u1")
    files = {}
    for part, n in (("train", 2), ("t10k", 1)):
        sizes = np.array([n, 28, 28], ">i4").tobytes()
        files[f"{part}-images-idx3-ubyte.gz"] = b"\0\0\x08\3" + sizes + x[:n].tobytes()
        files[f"{part}-labels-idx1-ubyte.gz"] = b"\0\0\x08\1" + sizes[:4] + t[:n].tobytes()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert set(hashes) == set(download._sha256)
    monkeypatch.setattr(download, "_sha256", hashes)
    return {name: gzip.compress(content) for name, content in files.items()}, x, t


def mirrors():
    (folders,) = download._mirrors.values()
    return folders


def test_mnist_comes_from_the_first_mirror(web, mnist):
    files, x, t = mnist
    first, second = mirrors()
    web.update({first + name: content for name, content in files.items()})
    train, test = chainer.datasets.get_mnist()
    np.testing.assert_array_equal(train._datasets[0], x.astype("f") * np.float32(1 / 255))
    np.testing.assert_array_equal(train._datasets[1], t)
    assert len(test) == 1 and test[0][1] == 7
    assert web["asked"] == [first + name for name in NAMES]
    chainer.datasets.get_mnist()
    assert len(web["asked"]) == 4  # kept


@pytest.mark.parametrize("page", [
    urllib.error.URLError("no such name"), b"<html>Sign in</html>", gzip.compress(b"other"), b"",
    TimeoutError("timed out"),
], ids=["no name", "a page", "another file", "nothing", "too late"])
def test_mnist_comes_from_the_second_mirror(web, mnist, page):
    files, x, t = mnist
    first, second = mirrors()
    web.update({first + name: page for name in files})
    web.update({second + name: content for name, content in files.items()})
    train, _ = chainer.datasets.get_mnist(withlabel=False, scale=255)
    np.testing.assert_array_equal(train, x)


def test_mnist_is_read_at_once(web, mnist, monkeypatch):
    files, x, t = mnist
    web.update({mirrors()[0] + name: content for name, content in files.items()})
    reads = []
    read = gzip.GzipFile.read
    monkeypatch.setattr(
        gzip.GzipFile, "read", lambda self, *size: reads.append(size) or read(self, *size))
    chainer.datasets.get_mnist()
    assert len(reads) < 100  # not one for each pixel


def test_a_file_that_cannot_be_fetched_names_the_cure(web, mnist):
    files, _, _ = mnist
    with pytest.raises(urllib.error.URLError) as raised:
        chainer.datasets.get_mnist()
    text = str(raised.value)
    assert text.startswith("Chainer cannot download train-images-idx3-ubyte.gz from https://")
    assert all(f"{mirror}{NAMES[0]} (HTTP Error 403: Forbidden)" in text for mirror in mirrors())
    assert raised.value.__suppress_context__  # no second traceback above it
    for name in NAMES:  # the cure is what it says
        with pytest.raises(OSError) as raised:
            chainer.datasets.get_mnist()
        assert name in str(raised.value)
        path = str(raised.value).partition("save it unchanged as ")[2].partition(",")[0]
        with open(path, "wb") as file:
            file.write(files[name])
    train, _ = chainer.datasets.get_mnist()
    assert len(train) == 2


@pytest.mark.parametrize("get", [
    chainer.datasets.get_fashion_mnist, chainer.datasets.get_kuzushiji_mnist,
    chainer.datasets.get_cifar10, chainer.datasets.get_ptb_words,
])
def test_other_data_sets_name_the_cure_too(web, get):
    with pytest.raises(OSError, match="Chainer cannot download .* save it unchanged as "):
        get()
