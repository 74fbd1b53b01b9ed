"""Adversarial images: gradients by trying, and what each way of fooling promises."""
import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest

from common import fooling
from common.course import CourseError
from common.fooling import fgsm, gradient_ascent, pgd, smallest_change
from common.ideas import read
from common.models import CNN, MLP, load_model
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


@pytest.mark.parametrize("make, shape", [
    (mlp, (784,)), (mlp, (1, 28, 28)), (small_cnn, (784,)), (OnlyImages, (1, 28, 28))])
def test_the_gradient_is_that_of_small_steps(make, shape):
    model, rng = make(), np.random.default_rng(0)
    for param in model.params():
        param.array = param.array.astype(np.float64)  # for steps so small that they meet no bend
    images = rng.uniform(0.2, 0.8, (2, *shape))
    digits = np.array([3, 8], dtype=np.int32)
    _, gradient = fooling._score_and_gradient(model, images, lambda y: F.select_item(y, digits))
    assert gradient.shape == images.shape
    for image, digit, its_gradient in zip(images, digits, gradient):
        way = its_gradient / np.linalg.norm(its_gradient)
        h = 1e-6
        up, down = (logits(model, (image + sign * h * way)[None])[0, digit] for sign in (1, -1))
        assert (up - down) / (2 * h) == pytest.approx(np.linalg.norm(its_gradient), rel=1e-4)
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
    gradient = (weights / weights.sum()) @ W[others] - W[3]
    moved = fgsm(model, x, [3], 0.125)
    clear = abs(gradient) > 1e-5
    np.testing.assert_array_equal(np.sign(moved - x)[0][clear], np.sign(gradient)[clear])


@pytest.mark.parametrize("name, count", [("mlp", 6), ("cnn", 2)])
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
    model = load_model("mlp")
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
    image, model = test_images[0][0], load_model("mlp")
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
    border = fooling._border(Strip(), image[None], end, np.array([1]))
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


def test_pgd_stays_within_epsilon_and_fools_more_than_fgsm(test_images):
    model, (x, t) = load_model("mlp"), test_images
    for epsilon in (0.02, 0.05):
        moved = pgd(model, x, t, epsilon)
        assert moved.dtype == np.float32 and moved.min() >= 0 and moved.max() <= 1
        assert np.abs(moved - x).max() <= epsilon + 1e-6
        right = [np.mean(read(model, y)[0] == t) for y in (moved, fgsm(model, x, t, epsilon), x)]
        assert right[0] <= right[1] < right[2]
    assert right[0] < right[1]
    np.testing.assert_array_equal(moved, pgd(model, x, t, epsilon))
    assert (moved != pgd(model, x, t, epsilon, seed=1)).any()


@pytest.mark.parametrize("wrong", [{"epsilon": -0.1}, {"epsilon": 0.1, "steps": 0}])
def test_pgd_is_asked_wrongly(wrong, test_images):
    with pytest.raises(CourseError):
        pgd(mlp(), *test_images, **wrong)
