"""The real MNIST, in the folder that MNIST_DIR names: `MNIST_DIR=... pytest -m full`."""
import os
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from dataset import files, idx, mnist
from dataset.mnist import fetch, load_mnist

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not os.environ.get("MNIST_DIR"), reason="MNIST_DIR is not set"),
]


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """As in a new process, and with Chainer's cache and ours somewhere harmless."""
    monkeypatch.delenv("MNIST_SAMPLE", raising=False)
    monkeypatch.setenv("CHAINER_DATASET_ROOT", str(tmp_path / "chainer"))
    # A Chainer that another test has imported holds the root from before.
    monkeypatch.delitem(sys.modules, "chainer.dataset.download", raising=False)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(mnist, "_arrays", {})


def test_content():
    (x_train, t_train), (x_test, t_test) = load_mnist(normalize=False)
    assert x_train.shape == (60000, 784) and x_test.shape == (10000, 784)
    # The counts of each digit, and the first labels, as known from everywhere.
    assert np.bincount(t_train).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(t_test).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert t_train[:5].tolist() == [5, 0, 4, 1, 9] and t_test[:4].tolist() == [7, 2, 1, 0]
    assert abs(x_train.mean() / 255 - 0.1307) < 5e-5 and abs(x_train.std() / 255 - 0.3081) < 5e-5


@pytest.mark.parametrize("normalize", [True, False])
def test_memory(normalize):
    load_mnist(normalize=normalize)  # Chainer's cache is filled: that is not counted
    mnist._arrays.clear()
    tracemalloc.start()
    try:
        pairs = load_mnist(normalize=normalize)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * sum(array.nbytes for pair in pairs for array in pair)


def test_sample_is_real(monkeypatch):
    """Each of the 5,000 images is one of the 60,000 for training, with the same label."""
    (x_train, t_train), _ = load_mnist(normalize=False)
    known = {x.tobytes(): t for x, t in zip(x_train, t_train, strict=True)}
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    for x, t in load_mnist(normalize=False):
        assert [known.get(image.tobytes()) for image in x] == t.tolist()


def test_get_mnist():
    fetch()
    code = ("import chainer; train, test = chainer.datasets.get_mnist()\n"
            "print(len(train), len(test), [int(label) for _, label in train[:5]])")
    out = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True,
                         check=True).stdout
    assert out == "60000 10000 [5, 0, 4, 1, 9]\n"


def test_hashes():
    """What the tests replace by a small MNIST is in the course as published."""
    for name, file in files.FULL.items():
        content, problem = files.read(os.environ["MNIST_DIR"], name, file)
        assert problem is None and len(content) == file.size
        idx.parse(content)
