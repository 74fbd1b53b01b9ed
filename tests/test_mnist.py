"""load_mnist: what it returns, and where it takes it from when the network is not needed."""
import gzip
import os
import tracemalloc

import mnist_world
import numpy as np
import pytest
from mnist_world import CONTENTS, NAMES, PACKED, TEST, TRAIN

from dataset import files, idx, mnist
from dataset.mnist import load_mnist

world = pytest.fixture(mnist_world.world)


@pytest.fixture
def own(world, monkeypatch):
    """A world with MNIST in the reader's own folder."""
    mnist_world.fill(world.own)
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    return world


def test_default(own):
    (x_train, t_train), (x_test, t_test) = load_mnist()
    assert x_train.shape == (TRAIN, 784) and x_test.shape == (TEST, 784)
    assert x_train.dtype == x_test.dtype == np.float32
    assert t_train.shape == (TRAIN,) and t_test.shape == (TEST,)
    assert t_train.dtype == t_test.dtype == np.int32
    raw = idx.parse(CONTENTS[NAMES[0]])
    np.testing.assert_array_equal(x_train, raw.astype(np.float32) / np.float32(255))
    np.testing.assert_array_equal(t_train, idx.parse(CONTENTS[NAMES[1]]))
    assert not own.first.requests and not own.second.requests


def test_not_normalized(own):
    (x_train, _), (x_test, _) = load_mnist(normalize=False)
    assert x_train.dtype == x_test.dtype == np.uint8
    np.testing.assert_array_equal(x_test, idx.parse(CONTENTS[NAMES[2]]))


@pytest.mark.parametrize("normalize", [True, False])
def test_not_flat(own, normalize):
    (x_train, _), (x_test, _) = load_mnist(normalize=normalize, flatten=False)
    assert x_train.shape == (TRAIN, 1, 28, 28) and x_test.shape == (TEST, 1, 28, 28)
    (flat, _), _ = load_mnist(normalize=normalize)
    np.testing.assert_array_equal(x_train[3, 0, 5], flat[3, 5 * 28:6 * 28])


def test_one_hot(own):
    (_, t_train), (_, t_test) = load_mnist(one_hot_label=True)
    assert t_train.shape == (TRAIN, 10) and t_test.shape == (TEST, 10)
    assert t_train.dtype == np.float32
    assert t_train[2].tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    (_, labels), _ = load_mnist()
    np.testing.assert_array_equal(t_train.argmax(axis=1), labels)
    np.testing.assert_array_equal(t_train.sum(axis=1), 1)


def test_positions_are_the_books(own):
    (x_train, t_train), _ = load_mnist(False, False, True)
    assert x_train.dtype == np.uint8 and x_train.ndim == 4 and t_train.ndim == 2


@pytest.mark.parametrize("wrong", [{"normalize": "data/mnist"}, {"flatten": None},
                                   {"one_hot_label": np.zeros(3)}])
def test_wrong_argument(own, wrong):
    with pytest.raises(TypeError, match="must be True or False"):
        load_mnist(**wrong)


@pytest.mark.parametrize("flags", [{}, {"normalize": False}, {"flatten": False},
                                   {"one_hot_label": True}])
@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
def test_a_load_cannot_spoil_the_next(own, flags):
    kept = []
    for pair in load_mnist(**flags):
        for array in pair:
            before = array.copy()
            kept.append(before)
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
            with pytest.raises(ValueError):
                array.flags.writeable = True
            array.shape = (1, *array.shape)  # in place, as some do
    again = [array for pair in load_mnist(**flags) for array in pair]
    for array, before in zip(again, kept):
        np.testing.assert_array_equal(array, before)


def test_second_load_reads_nothing(own, monkeypatch):
    (first, _), _ = load_mnist()
    monkeypatch.setattr(files, "read", None)
    (second, _), _ = load_mnist()
    assert np.shares_memory(first, second)


def test_memory(world, monkeypatch):
    """No more than twice what is returned, from the sample, which is big enough to tell."""
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    for normalize in (True, False):
        monkeypatch.setattr(mnist, "_arrays", {})
        tracemalloc.start()
        try:
            pairs = load_mnist(normalize=normalize)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 2 * sum(array.nbytes for pair in pairs for array in pair)


@pytest.mark.parametrize("rename", [lambda name: name, lambda name: name.replace("-idx", ".idx")])
@pytest.mark.parametrize("suffix", [".gz", ""])
def test_names_and_packing(world, monkeypatch, rename, suffix):
    world.own.mkdir()
    for name in NAMES:
        body = PACKED[name] if suffix else CONTENTS[name]
        (world.own / (rename(name) + suffix)).write_bytes(body)
        if not suffix:  # one archive has folders named as the files
            (world.own / f"{name}.gz").mkdir()
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    assert mnist.status().kind == "full"
    load_mnist()
    assert not world.first.requests


def test_folders_named_as_the_files(world, monkeypatch):
    """They are not damaged files: there is nothing."""
    for name in NAMES:
        (world.own / name).mkdir(parents=True)
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    assert mnist.status().kind == "absent"


def test_unpacked_by_a_browser(world, monkeypatch):
    """A browser may unpack a file and leave it its name."""
    mnist_world.fill(world.own, train_images=CONTENTS[NAMES[0]])
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    assert mnist.status().kind == "full"


def test_mnist_dir_before_the_cache(world, monkeypatch):
    mnist_world.fill(world.cache)
    assert mnist.status().folder == world.cache
    mnist_world.fill(world.own)
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    assert mnist.status()[:2] == ("full", world.own)
    assert mnist.fetch() == world.own


FAULTS = {
    "an error page": b"<html><head><title>403 Forbidden</title></head></html>",
    "a packed error page": gzip.compress(b"<html>403 Forbidden</html>"),
    "nothing": b"",
    "half a header": b"\x1f\x8b\x08",
    "half the file": PACKED[NAMES[0]][:5000],
    "half the content": CONTENTS[NAMES[0]][:5000],
    "another of the four": PACKED[NAMES[2]],
    "one byte changed": CONTENTS[NAMES[0]][:-1] + b"\x00",
    "one byte more": gzip.compress(CONTENTS[NAMES[0]] + b"\x00"),
    "broken packing": PACKED[NAMES[0]][:2000] + b"\xff" * 50 + PACKED[NAMES[0]][2050:],
    "a broken checksum": PACKED[NAMES[0]][:-8] + bytes(8),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_file_in_mnist_dir(world, monkeypatch, capsys, fault):
    """Not used, said so, left as it is, and fetched into the cache."""
    mnist_world.fill(world.own, train_images=FAULTS[fault])
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    told = mnist.status()
    assert told.kind == "damaged" and str(world.own) in told.sentence
    assert "course data" in told.sentence
    (x_train, _), _ = load_mnist(normalize=False)
    np.testing.assert_array_equal(x_train, idx.parse(CONTENTS[NAMES[0]]))
    assert "train-images" in capsys.readouterr().out
    assert (world.own / f"{NAMES[0]}.gz").read_bytes() == FAULTS[fault]
    assert mnist.status()[:2] == ("full", world.cache)


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_file_in_the_cache(world, fault):
    """Not used, fetched anew, and only this one of the four."""
    mnist_world.fill(world.cache, train_images=FAULTS[fault])
    assert mnist.status().kind == "damaged"
    assert mnist.fetch() == world.cache
    assert [path.rsplit("/", 1)[1] for path in world.first.requests] == [f"{NAMES[0]}.gz"]
    assert (world.cache / f"{NAMES[0]}.gz").read_bytes() == PACKED[NAMES[0]]
    assert mnist.status().kind == "full"


def test_gzip_bomb(world):
    """A small file that unpacks to far too much is put away before it fills the memory."""
    mnist_world.fill(world.cache, train_labels=gzip.compress(bytes(50_000_000)))
    tracemalloc.start()
    try:
        assert mnist.status().kind == "damaged"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_mnist_dir_without_mnist(world, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    assert mnist.status().kind == "absent"
    (x_train, _), _ = load_mnist()
    assert len(x_train) == TRAIN
    assert f"{world.own}, which MNIST_DIR names, has no {NAMES[0]}.gz" in capsys.readouterr().out


def test_unreadable_file(world, monkeypatch):
    mnist_world.fill(world.own)
    monkeypatch.setenv("MNIST_DIR", str(world.own))
    real = open

    def refuse(path, *args):
        if "train-labels" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path, *args)
    monkeypatch.setattr(files, "open", refuse, raising=False)
    told = mnist.status()
    assert told.kind == "damaged"
    assert "train-labels-idx1-ubyte.gz cannot be read (Permission denied)." in told.sentence


def test_status_without_mnist(world):
    told = mnist.status()
    assert told[:2] == ("absent", world.cache) and "course data" in told.sentence
    assert not world.first.requests  # it does not ask the network
    assert not world.cache.exists()  # and leaves nothing behind


def test_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    assert files.cache_folder() == tmp_path / "mnist"
    monkeypatch.setenv("COURSE_CACHE", "")
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    folder = files.cache_folder()
    assert tmp_path in folder.parents and folder.parts[-2:] == ("chainer-circle", "mnist")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # a user without a home
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA")
    assert files.cache_folder().is_absolute() and "~" not in str(files.cache_folder())


@pytest.mark.parametrize("content", [
    b"", b"\x00\x00\x08\x03", b"\x89PNG\r\n\x1a\n" + bytes(100), CONTENTS[NAMES[0]][:-1],
    CONTENTS[NAMES[1]] + b"\x00", b"\x00\x00\x08\x03" + b"\x00\x00\x00\x00" * 3,
], ids=["empty", "too short", "a picture", "cut off", "too long", "images of nothing"])
def test_idx_refuses(content):
    with pytest.raises(ValueError, match="IDX file"):
        idx.parse(content)


def test_idx_round_trip():
    for content in CONTENTS.values():
        assert idx.build(idx.parse(content)) == content


def test_validation_images_are_drawn_at_random_once_and_for_all():
    x, t = np.arange(240).reshape(120, 2), np.arange(120)
    (x_train, t_train), (x_val, t_val) = mnist.split_validation(x, t)
    assert (len(x_train), len(x_val)) == (110, 10)
    assert sorted([*t_train, *t_val]) == list(range(120))
    np.testing.assert_array_equal(x_val, x[t_val])
    np.testing.assert_array_equal(x_train, x[t_train])
    assert t_val.tolist() != list(range(110, 120))  # not the last ones
    np.testing.assert_array_equal(mnist.split_validation(x, t)[1][1], t_val)
    assert mnist.split_validation(x, t, seed=1)[1][1].tolist() != t_val.tolist()
    with pytest.raises(ValueError, match="120 images came with 119 labels"):
        mnist.split_validation(x, t[1:])
