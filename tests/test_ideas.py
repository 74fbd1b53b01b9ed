"""Ideas: against brute force, and what they promise."""
import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest

from common import ideas
from common.ideas import (
    Canvas,
    CanvasWithSums,
    canvas,
    find_ideas,
    monte_carlo_idea,
    read,
)
from common.models import CNN, MLP, load_model, three_layer_net
from dataset.mnist import load_mnist


@pytest.fixture(scope="module")
def test_images():
    _, (x, t) = load_mnist()
    return x[:200], t[:200]


def mlp(*widths):
    np.random.seed(0)
    return MLP(*(widths or (784, 30, 20, 10)))


def small_cnn():
    np.random.seed(0)
    return CNN(filters=(2, 3), hidden=8)


class OnlyImages(chainer.Chain):
    """A model that takes (images, 1, 28, 28) and nothing else."""

    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv = L.Convolution2D(1, 2, ksize=7, stride=7)
            self.dense = L.Linear(32, 10)

    def forward(self, x):
        return self.dense(F.tanh(self.conv(x)))


def logits(model, images):
    with chainer.using_config("train", False):
        return model(images).array


def brute_force(model, digit, sweeps, shape=(784,), seed=0):
    """Coordinate search as one would first write it: two whole predictions for each pixel."""
    x = np.random.default_rng(seed).random(784, dtype=np.float32)
    for _ in range(sweeps):
        for pixel in range(784):
            values = []
            for value in (0, 1):
                x[pixel] = value
                values.append(logits(model, x.reshape(1, *shape))[0, digit])
            x[pixel] = int(values[1] > values[0])
    return x.reshape(shape), logits(model, x.reshape(1, *shape))[0, digit]


@pytest.mark.parametrize("make", [mlp, three_layer_net], ids=["relu", "sigmoid"])
def test_updated_sums_equal_recomputed_ones(make):
    np.random.seed(1)
    model, rng = make(), np.random.default_rng(1)
    images = rng.random((5, 784), dtype=np.float32)
    fast, slow = canvas(model, images), Canvas(model, images)
    assert isinstance(fast, CanvasWithSums)
    for pixel in rng.integers(784, size=300):
        values = rng.integers(2, size=5).astype(np.float32)
        np.testing.assert_allclose(fast.logits(pixel, values), slow.logits(pixel, values),
                                   atol=1e-4)
        fast.change(pixel, values)
        slow.change(pixel, values)
    np.testing.assert_array_equal(fast.images, slow.images)
    np.testing.assert_allclose(fast.sums, model[0](fast.images).array, atol=1e-4)
    assert not np.array_equal(fast.images, images)


def test_asking_changes_nothing_and_the_given_images_stay():
    images = np.zeros((2, 784), dtype=np.float32)
    for kind in (Canvas, CanvasWithSums):
        painted = kind(mlp(), images)
        before = painted.logits(3, np.zeros(2, dtype=np.float32))
        painted.logits(3, np.ones(2, dtype=np.float32))
        np.testing.assert_array_equal(painted.logits(3, np.zeros(2, dtype=np.float32)), before)
        painted.change(3, np.ones(2, dtype=np.float32))
    assert not images.any()


def test_sums_are_used_only_where_the_first_layer_is_dense():
    images = np.zeros((1, 784), dtype=np.float32)
    assert type(canvas(mlp(), images)) is CanvasWithSums
    assert type(canvas(mlp(784, 10), images)) is CanvasWithSums
    for model in (small_cnn(), OnlyImages(), chainer.Sequential(F.relu, L.Linear(784, 10))):
        assert type(canvas(model, images, (1, 28, 28))) is Canvas


def test_ideas_are_those_of_brute_force():
    model = mlp()
    found, outputs = find_ideas(model, sweeps=2)
    assert found.shape == (10, 784) and found.dtype == np.float32
    assert set(np.unique(found)) == {0.0, 1.0}
    for digit in (4, 9):
        image, logit = brute_force(model, digit, sweeps=2)
        assert np.mean(image != found[digit]) < 0.01  # rounding decides where a pixel hardly counts
        assert outputs[2, digit] == pytest.approx(logit, rel=1e-3)
    np.testing.assert_allclose(outputs[-1], logits(model, found).diagonal(), rtol=1e-4)


@pytest.mark.parametrize("make", [small_cnn, OnlyImages])
def test_models_without_a_dense_first_layer_have_ideas_too(make):
    model = make()
    found, outputs = find_ideas(model, [7], sweeps=1, shape=(1, 28, 28))
    assert found.shape == (1, 1, 28, 28)
    image, logit = brute_force(model, 7, 1, (1, 28, 28))
    assert np.mean(image != found[0]) < 0.01
    assert outputs[1, 0] == pytest.approx(logit, rel=1e-3)


def test_both_ways_of_asking_find_the_same(monkeypatch):
    model = mlp()
    fast, fast_outputs = find_ideas(model, [2, 5], sweeps=3)
    monkeypatch.setattr(ideas, "canvas", Canvas)
    slow, slow_outputs = find_ideas(model, [2, 5], sweeps=3)
    assert np.mean(fast != slow) < 0.01
    np.testing.assert_allclose(fast_outputs, slow_outputs, rtol=1e-3)


def test_the_idea_of_a_linear_model_is_where_its_weights_are_positive():
    model = mlp(784, 10)
    # Eighths, so that no sum is rounded; where it is 0 the pixel makes no difference, and is black.
    model[0].W.array[...] = np.random.default_rng(0).integers(-3, 4, (10, 784)) / 8
    found, outputs = find_ideas(model, sweeps=5)
    np.testing.assert_array_equal(found, model[0].W.array > 0)
    assert outputs.shape == (6, 10)
    np.testing.assert_allclose(outputs[1], outputs[5], rtol=1e-5)  # done after the first sweep
    np.testing.assert_array_equal(outputs[2], outputs[5])


def test_a_sweep_never_lowers_an_output_and_ends_where_no_pixel_helps():
    model = mlp()
    found, outputs = find_ideas(model, [1, 3], sweeps=40)
    assert (np.diff(outputs, axis=0) >= -1e-4).all()
    assert outputs.shape == (41, 2) and (outputs[-1] == outputs[-2]).all()
    for image, digit in zip(found, (1, 3)):
        flipped = np.where(np.eye(784, dtype=bool), 1 - image, image).astype(np.float32)
        assert logits(model, flipped)[:, digit].max() <= logits(model, image[None])[0, digit] + 1e-4


def test_an_idea_is_the_same_alone_and_with_others_and_depends_on_the_seed():
    model = mlp()
    together, _ = find_ideas(model, sweeps=1)
    alone, _ = find_ideas(model, [6], sweeps=1)
    other, _ = find_ideas(model, [6], sweeps=1, seed=1)
    start, outputs = find_ideas(model, [6], sweeps=0, seed=1)
    np.testing.assert_array_equal(start[0], np.random.default_rng(1).random(784, dtype=np.float32))
    assert outputs.shape == (1, 1)
    assert np.mean(together[6] != alone[0]) < 0.01
    assert np.mean(other[0] != alone[0]) > 0.01


@pytest.mark.parametrize("digits", [[10], [-1], [1.5], []])
def test_a_digit_that_the_model_lacks(digits):
    with pytest.raises((ValueError, TypeError)):
        find_ideas(mlp(), digits, sweeps=1)


def test_the_shipped_model_reads_its_ideas_as_its_digits():
    model = load_model("mlp")
    found, outputs = find_ideas(model, sweeps=1)
    answers, probabilities = read(model, found)
    assert answers.tolist() == list(range(10))
    assert probabilities.max(axis=1).min() > 0.999
    assert outputs[1].min() > 50 > outputs[0].max()


def test_monte_carlo_keeps_what_helps():
    model = mlp()
    frames, outputs = monte_carlo_idea(model, 5, flips=900, every=300)
    assert frames.shape == (4, 784) and outputs.shape == (4,)
    np.testing.assert_allclose(outputs, logits(model, frames)[:, 5], atol=1e-4)
    assert (np.diff(outputs) > 0).all()
    untouched = frames[-1] == frames[0]
    assert 0 < untouched.sum() < 784
    assert set(np.unique(frames[-1][~untouched])) == {0.0, 1.0}
    again, _ = monte_carlo_idea(model, 5, flips=900, every=300)
    np.testing.assert_array_equal(frames, again)


def test_monte_carlo_against_a_loop_with_the_same_dice():
    model = OnlyImages()
    frames, _ = monte_carlo_idea(model, 3, flips=200, every=200, seed=4, shape=(1, 28, 28))
    rng = np.random.default_rng([4, 1])
    pixels, values = rng.integers(784, size=200), rng.integers(2, size=200)
    x = frames[0].ravel().copy()
    for pixel, value in zip(pixels, values):
        changed = x.copy()
        changed[pixel] = value
        if (logits(model, changed.reshape(1, 1, 28, 28))[0, 3]
                > logits(model, x.reshape(1, 1, 28, 28))[0, 3]):
            x = changed
    assert np.mean(x != frames[1].ravel()) < 0.005


def test_read_measures_without_dropout_and_sums_to_1(test_images):
    model = small_cnn()
    answers, probabilities = read(model, test_images[0])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(answers, logits(model, test_images[0]).argmax(axis=1))
    np.testing.assert_array_equal(probabilities, read(model, test_images[0])[1])


def test_a_digit_that_the_search_by_chance_lacks():
    with pytest.raises(ValueError):
        monte_carlo_idea(mlp(), 10, flips=10)
