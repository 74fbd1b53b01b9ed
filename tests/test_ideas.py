"""Ideas and adversarial images: against brute force, slopes by trying, and what they promise."""
import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest

from common import ideas
from common.errors import CourseError
from common.ideas import (
    Canvas,
    CanvasWithSums,
    canvas,
    fgsm,
    find_ideas,
    gradient_ascent,
    monte_carlo_idea,
    read,
    smallest_change,
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
    model = load_model("07_chainer")
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


@pytest.mark.parametrize("make, shape", [
    (mlp, (784,)), (mlp, (1, 28, 28)), (small_cnn, (784,)), (OnlyImages, (1, 28, 28))])
def test_the_slope_is_that_of_small_steps(make, shape):
    model, rng = make(), np.random.default_rng(0)
    for param in model.params():
        param.array = param.array.astype(np.float64)  # for steps so small that they meet no bend
    images = rng.uniform(0.2, 0.8, (2, *shape))
    digits = np.array([3, 8], dtype=np.int32)
    _, slope = ideas._score_and_slope(model, images, lambda y: F.select_item(y, digits))
    assert slope.shape == images.shape
    for image, digit, its_slope in zip(images, digits, slope):
        way = its_slope / np.linalg.norm(its_slope)
        h = 1e-6
        up, down = (logits(model, (image + sign * h * way)[None])[0, digit] for sign in (1, -1))
        assert (up - down) / (2 * h) == pytest.approx(np.linalg.norm(its_slope), rel=1e-4)
    assert all(param.grad is None or not np.nan_to_num(param.grad).any()
               for param in model.params())


def test_gradient_ascent_climbs_and_stays_in_the_limits(test_images):
    model, x = mlp(), test_images[0][:3]
    digits = [0, 4, 9]
    better = gradient_ascent(model, x, digits, steps=20, length=0.5)
    assert better.dtype == np.float32 and better.shape == x.shape
    assert better.min() >= 0 and better.max() <= 1
    rows = np.arange(3)
    assert (logits(model, better)[rows, digits] > logits(model, x)[rows, digits] + 0.5).all()
    one = gradient_ascent(model, x, digits, steps=1, length=0.5)
    assert (np.linalg.norm(one - x, axis=1) <= 0.5 + 1e-5).all()
    np.testing.assert_array_equal(gradient_ascent(model, x, digits, steps=0), x)


def test_fgsm_moves_every_pixel_by_epsilon_within_the_limits(test_images):
    x, t = test_images
    for model, images in ((mlp(), x), (small_cnn(), x.reshape(-1, 1, 28, 28))):
        moved = fgsm(model, images, t, 0.1)
        assert moved.shape == images.shape and moved.dtype == np.float32
        assert abs(moved - images).max() <= 0.1 + 1e-6
        assert moved.min() >= 0 and moved.max() <= 1
        np.testing.assert_array_equal(fgsm(model, images, t, 0), images)
    one_hot = np.eye(10, dtype=np.float32)[t]
    np.testing.assert_array_equal(fgsm(mlp(), x, one_hot, 0.1), fgsm(mlp(), x, t, 0.1))


def test_fgsm_follows_the_sign_of_the_cross_entropy(test_images):
    x, t = test_images[0][:4] * 0.5 + 0.25, test_images[1][:4].astype(np.int32)
    model = mlp()
    variable = chainer.Variable(x)
    F.softmax_cross_entropy(model(variable), t).backward()
    sure = abs(variable.grad) > 1e-6
    assert sure.mean() > 0.9
    np.testing.assert_array_equal(np.sign(fgsm(model, x, t, 0.1) - x)[sure],
                                  np.sign(variable.grad)[sure])


def test_fgsm_finds_its_way_where_softmax_is_rounded_to_1():
    model = mlp(784, 10)
    model[0].b.array[3] = 500  # the probability of 3 is 1, that of all others 0 in float32
    x = np.full((1, 784), 0.5, dtype=np.float32)
    assert read(model, x)[1][0, 3] == 1
    W = model[0].W.array
    others = np.delete(np.arange(10), 3)
    weights = np.exp(W[others].sum(axis=1, dtype=np.float64) * 0.5)
    slope = (weights / weights.sum()) @ W[others] - W[3]
    moved = fgsm(model, x, [3], 0.125)
    clear = abs(slope) > 1e-5
    np.testing.assert_array_equal(np.sign(moved - x)[0][clear], np.sign(slope)[clear])


@pytest.mark.parametrize("name, count", [("07_chainer", 6), ("09_cnn", 2)])
def test_smallest_change_reaches_the_target_and_less_of_it_does_not(name, count, test_images):
    x, t = test_images
    model = load_model(name)
    fours = x[t == 4][:count]
    assert read(model, fours)[0].tolist() == [4] * count
    for image in fours:
        changed = smallest_change(model, image, 9)
        assert changed.min() >= 0 and changed.max() <= 1 and changed.dtype == np.float32
        less = image + np.float32(0.98) * (changed - image)
        assert read(model, np.stack([changed, less]))[0].tolist() == [9, 4]


def test_smallest_change_of_a_linear_model_is_the_way_to_the_border():
    model = mlp(784, 10)
    model[0].W.array[2:] = 0
    model[0].b.array[2:] = -100  # only 0 and 1 can win
    image = np.full(784, 0.5, dtype=np.float32)
    difference = model[0].W.array[1] - model[0].W.array[0]
    lead = float(difference @ image)
    start, target = (0, 1) if lead < 0 else (1, 0)
    assert read(model, image[None])[0][0] == start
    changed = smallest_change(model, image, target)
    shortest = abs(lead) / np.linalg.norm(difference)
    assert np.linalg.norm(changed - image) == pytest.approx(shortest, rel=0.02)


def test_smallest_change_is_shorter_than_that_of_fgsm_and_keeps_the_image(test_images):
    x, t = test_images
    model = load_model("07_chainer")
    image = x[t == 4][0]
    before = image.copy()
    length = np.linalg.norm(smallest_change(model, image, 9) - image)
    np.testing.assert_array_equal(image, before)
    by_sign = next(moved for epsilon in np.arange(0.005, 1, 0.005)
                   if read(model, moved := fgsm(model, image[None], [4], epsilon))[0][0] != 4)
    assert 0 < length < np.linalg.norm(by_sign - image)
    shaped = smallest_change(model, image.reshape(1, 28, 28), 9)
    assert shaped.shape == (1, 28, 28)
    assert np.linalg.norm(shaped.ravel() - image) == pytest.approx(length, rel=1e-3)


def test_nothing_is_changed_where_the_target_is_read_already(test_images):
    image, model = test_images[0][0], load_model("07_chainer")
    answer = read(model, image[None])[0][0]
    same = smallest_change(model, image, answer)
    np.testing.assert_array_equal(same, image)
    assert same is not image and not np.shares_memory(same, image)


def test_a_target_that_wins_only_in_a_narrow_strip():
    class Strip(chainer.Chain):  # reads 1 where the first pixel lies between 0.4 and 0.5, else 0
        def forward(self, x):
            lead = 0.05 - abs(x[:, :1] - 0.45)
            return F.concat([0 * lead, 100 * lead])

    image = np.zeros(784, dtype=np.float32)
    changed = smallest_change(Strip(), image, 1)
    assert changed[0] == pytest.approx(0.4, abs=1e-3) and not changed[1:].any()
    end = image[None].copy()
    end[0, 0] = 0.49  # a tenth beyond it the strip has ended
    border = ideas._border(Strip(), image[None], end, np.array([1]))
    assert border[0, 0] == pytest.approx(0.4, abs=1e-3)


def test_a_target_that_cannot_be_reached():
    model = mlp(784, 10)
    model[0].b.array[7] = -1e6
    with pytest.raises(CourseError, match="makes the model read 7"):
        smallest_change(model, np.zeros(784, dtype=np.float32), 7)


def test_what_is_asked_wrongly():
    model, x = mlp(), np.zeros((2, 784), dtype=np.float32)
    for wrong in (x.astype(np.float64), x + 1.5, x - 0.5, np.full_like(x, np.nan)):
        with pytest.raises(CourseError, match="from 0 to 1"):
            fgsm(model, wrong, [1, 2], 0.1)
    with pytest.raises(CourseError, match="epsilon"):
        fgsm(model, x, [1, 2], -0.1)
    with pytest.raises(CourseError, match="epsilon"):
        fgsm(model, x, [1, 2], float("nan"))
    for labels in ([1], [1, 10], [1, -1]):
        with pytest.raises(ValueError):
            fgsm(model, x, labels, 0.1)
        with pytest.raises(ValueError):
            gradient_ascent(model, x, labels)
    with pytest.raises(ValueError):
        smallest_change(model, x[0], 10)
    with pytest.raises(ValueError):
        monte_carlo_idea(model, 10, flips=10)


def test_read_measures_without_dropout_and_sums_to_1(test_images):
    model = small_cnn()
    answers, probabilities = read(model, test_images[0])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(answers, logits(model, test_images[0]).argmax(axis=1))
    np.testing.assert_array_equal(probabilities, read(model, test_images[0])[1])
