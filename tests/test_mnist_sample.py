"""The sample: real digits, evenly shared out, and a notice that it is not all of MNIST."""
import mnist_world
import numpy as np
import pytest
from mnist_world import TRAIN, fill

from dataset import files, idx, make_sample, mnist
from dataset.mnist import load_mnist

world = pytest.fixture(mnist_world.world)


@pytest.fixture
def sample(world, monkeypatch):
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    return load_mnist(normalize=False)


def test_shares(sample):
    (x_train, t_train), (x_test, t_test) = sample
    assert x_train.shape == (4000, 784) and x_test.shape == (1000, 784)
    assert np.bincount(t_train).tolist() == [400] * 10
    assert np.bincount(t_test).tolist() == [100] * 10


def test_no_image_twice(sample):
    images = np.concatenate([x for x, _ in sample])
    assert len({image.tobytes() for image in images}) == 5000


def test_shuffled(sample):
    """Sorted by digit it would make batches of one digit."""
    for _, t in sample:
        batches = t.reshape(-1, 100)
        assert all(len(set(batch)) == 10 for batch in batches.tolist())


def test_looks_like_digits(sample):
    """A nearest-mean classifier reads most of it: images and labels belong together."""
    (x_train, t_train), (x_test, t_test) = sample
    means = np.stack([x_train[t_train == digit].mean(axis=0) for digit in range(10)])
    distance = ((x_test[:, None].astype(np.float32) - means) ** 2).sum(axis=2)
    assert (distance.argmin(axis=1) == t_test).mean() > 0.75


@pytest.mark.parametrize("value", ["1", "true", "yes", " ON "])
def test_wanted(world, monkeypatch, capsys, value):
    """MNIST_SAMPLE holds even where the full set lies ready, and the network is not asked."""
    fill(world.cache)
    monkeypatch.setenv("MNIST_SAMPLE", value)
    assert len(load_mnist()[0][0]) == 4000
    assert mnist.status()[:2] == ("sample", files.SAMPLE_FOLDER)
    assert not world.first.requests
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "MNIST_SAMPLE" in out and "course data" in out


@pytest.mark.parametrize("value", ["", "0", "no", "False", "off"])
def test_not_wanted(world, monkeypatch, value):
    fill(world.cache)
    monkeypatch.setenv("MNIST_SAMPLE", value)
    assert len(load_mnist()[0][0]) == TRAIN
    assert mnist.status().kind == "full"


def test_one_notice_a_process(world, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    for flags in [(), (False,), (True, False, True)]:
        load_mnist(*flags)
    assert capsys.readouterr().out.count("sample") == 1


def test_full_set_found_later(world, monkeypatch):
    """`course data` in a terminal reaches a notebook that runs already."""
    from dataset import download
    monkeypatch.setattr(download, "MIRRORS", ())
    assert len(load_mnist()[0][0]) == 4000
    fill(world.cache)
    assert len(load_mnist()[0][0]) == TRAIN


def test_fetch_in_spite_of_it(world, monkeypatch):
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    assert mnist.fetch() == world.cache
    assert len(world.first.requests) == 4


def test_damaged_sample(world, monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    monkeypatch.setattr(files, "SAMPLE_FOLDER", tmp_path)
    with pytest.raises(files.DataError, match="install the course again"):
        load_mnist()


def test_split_repeats():
    """The committed split can be made again, in whatever order the digits come."""
    t = np.repeat(np.arange(10), 500)
    x = np.arange(5000).reshape(-1, 1)
    (x_train, t_train), (x_test, t_test) = make_sample.split(x, t)
    (again, _), _ = make_sample.split(x, t)
    np.testing.assert_array_equal(x_train, again)
    assert sorted(np.concatenate([x_train, x_test])[:, 0]) == list(range(5000))
    np.testing.assert_array_equal(x_train[:, 0] // 500, t_train)
    np.testing.assert_array_equal(x_test[:, 0] // 500, t_test)
    (_, committed), _ = (idx.parse(files.read(files.SAMPLE_FOLDER, name, file)[0])
                         for name, file in list(files.SAMPLE.items())[:2]), None
    np.testing.assert_array_equal(t_train, committed)
