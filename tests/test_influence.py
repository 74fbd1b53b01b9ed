"""What a pixel does: against loops, exact Shapley values, slopes by trying, and linear networks."""
import math
from itertools import permutations

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest

from common import influence
from common.gradient import numerical_gradient
from common.influence import (
    gradient_of,
    integrated_gradients,
    logits_of,
    occlusion,
    pixel_influence,
    shapley_sampling,
    single_pixels,
)
from common.models import MLP, export_params, load_model, three_layer_net
from common.networks import MultiLayerNet, SimpleConvNet, ThreeLayerNet, TwoLayerNet
from dataset.mnist import load_mnist
from dataset.weights import load_weights


@pytest.fixture(scope="module")
def net():
    return ThreeLayerNet(load_weights("three-layer-net"))


@pytest.fixture(scope="module")
def images():
    return load_mnist()[1][0]


def small_image(pixels=6, seed=0):
    return np.random.default_rng(seed).random(pixels)


def bent(images):
    """A function of six pixels in which they act together, with two outputs."""
    W = np.random.default_rng(1).normal(size=(6, 4))
    h = np.tanh(images @ W)
    return np.stack([h[:, 0] * h[:, 1] + h[:, 2], h.max(axis=1)], axis=1)


def test_agrees_with_the_loop_over_pixels(net, images):
    for image in images[0], np.ones(784, np.float32):
        found = pixel_influence(net, image)
        black = net.activations(np.zeros(784, np.float32))
        for pixel in range(784):
            alone = np.zeros(784, np.float32)
            alone[pixel] = image[pixel]
            for layer, values in net.activations(alone)._asdict().items():
                np.testing.assert_allclose(getattr(found, layer)[pixel],
                                           values - getattr(black, layer), atol=1e-5)


def test_influence_has_a_row_for_each_pixel_and_a_column_for_each_node(net, images):
    found = pixel_influence(net, images[0])
    assert [values.shape for values in found] == [(784, 50), (784, 100), (784, 10), (784, 10)]
    assert found._fields == ("z1", "z2", "a3", "z3")
    for values in found:
        assert values.dtype == np.float32
        assert abs(values[images[0] == 0]).max() < 1e-5 < abs(values[images[0] > 0.5]).max()


def test_influence_by_hand():
    one = np.ones((1, 1))
    tiny = ThreeLayerNet({"W1": np.array([[2.0], [-1.0]]), "b1": np.zeros(1), "W2": one,
                          "b2": np.zeros(1), "W3": 3 * one, "b3": np.zeros(1)})
    z1, z2, a3, z3 = pixel_influence(tiny, np.array([0.5, 1.0]))
    up, down = 1 / (1 + math.exp(-1)) - 0.5, 1 / (1 + math.exp(1)) - 0.5  # sums of 1 and of -1
    np.testing.assert_allclose(z1, [[up], [down]])
    black = 1 / (1 + math.exp(-0.5))
    then = [1 / (1 + math.exp(-(0.5 + change))) - black for change in (up, down)]
    np.testing.assert_allclose(z2[:, 0], then)
    np.testing.assert_allclose(a3[:, 0], 3 * np.array(then))
    np.testing.assert_array_equal(z3, [[0], [0]])  # one class alone has always probability 1


def test_single_pixels_is_the_influence_on_the_logits(net, images):
    np.testing.assert_allclose(single_pixels(logits_of(net), images[3]),
                               pixel_influence(net, images[3]).a3, atol=1e-5)


def test_all_methods_agree_on_a_linear_network():
    W, image = np.random.default_rng(0).normal(size=(9, 2)), small_image(9)
    image[4] = 0
    expected = image[:, None] * W

    def linear(images):
        return images @ W + [1, 2]

    np.testing.assert_allclose(single_pixels(linear, image), expected)
    np.testing.assert_allclose(occlusion(linear, image), expected)
    sampled = shapley_sampling(linear, image, 5)
    np.testing.assert_allclose(sampled.values, expected)
    np.testing.assert_allclose(sampled.standard_error, 0, atol=1e-7)
    for node in 0, 1:
        slopes = integrated_gradients(lambda x, node=node: 0 * x + W[:, node], image, steps=3)
        np.testing.assert_allclose(slopes, expected[:, node])


def test_alone_and_covered_differ_where_pixels_act_together():
    def both(images):
        return images.prod(axis=1)

    np.testing.assert_array_equal(single_pixels(both, np.ones(2)), [0, 0])
    np.testing.assert_array_equal(occlusion(both, np.ones(2)), [1, 1])
    slopes = integrated_gradients(lambda x: x[:, ::-1], np.ones(2))
    np.testing.assert_allclose(slopes, [0.5, 0.5], rtol=1e-4)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_occlusion_covers_squares(size):
    image, side = np.random.default_rng(0).random(36), 6
    image[[0, 1, 2, 6, 7, 8, 12, 13, 14]] = 0  # a black corner, where a square may change nothing
    f = np.vectorize(lambda x: np.sin(3 * x).sum() * x.max(), signature="(n)->()")
    found = occlusion(f, image, size)
    for pixel in range(36):
        row, column = divmod(pixel, side)
        hidden = image.reshape(side, side).copy()
        reach = size // 2
        hidden[max(row - reach, 0):row + reach + 1, max(column - reach, 0):column + reach + 1] = 0
        assert found[pixel] == pytest.approx(f(image) - f(hidden.ravel()))


def test_black_pixels_are_not_asked_about():
    asked = []

    def f(images):
        asked.append(len(images))
        return images.sum(axis=1)

    image = np.array([0, 0.5, 0, 1, 0, 0])
    for method in single_pixels, occlusion:
        asked.clear()
        np.testing.assert_array_equal(method(f, image), image)
        assert sum(asked) == 3
        assert not np.signbit(method(f, image)).any()  # no -0.
    asked.clear()
    shapley_sampling(f, image, 4)
    assert asked == [3] * 4


def test_integrated_gradients_of_a_curve():
    image = np.array([0.5, -2.0, 0.0])
    found = integrated_gradients(lambda x: 3 * x ** 2, image, steps=300)  # 300: three batches
    np.testing.assert_allclose(found, image ** 3, rtol=1e-4, atol=1e-12)


def exact_shapley(f, image):
    orders = list(permutations(range(len(image))))
    total = 0
    for order in orders:
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        values = f(images)
        gains = np.zeros((len(image), *values.shape[1:]))
        gains[list(order)] = np.diff(values, axis=0)
        total = total + gains
    return total / len(orders)


def test_sampling_comes_to_the_exact_shapley_values():
    image = small_image()
    exact = exact_shapley(bent, image)
    found = shapley_sampling(bent, image, 2000)
    assert found.values.shape == (6, 2)
    off = abs(found.values - exact) / found.standard_error
    assert off.max() < 4 and off.mean() > 0.2  # as far as the standard errors say, and not nearer
    change = bent(image[None]) - bent(image[None] * 0)
    np.testing.assert_allclose(found.values.sum(axis=0), change[0])


def test_the_standard_error_is_that_of_many_samplings():
    image = small_image()
    runs = [shapley_sampling(bent, image, 50, seed) for seed in range(200)]
    spread = np.std([run.values for run in runs], axis=0)
    said = np.mean([run.standard_error for run in runs], axis=0)
    np.testing.assert_allclose(said, spread, rtol=0.25)


def test_sampling_repeats_itself_with_its_seed():
    image = small_image()
    first, again, other = (shapley_sampling(bent, image, 3, seed).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_a_black_image_has_no_values():
    black = np.zeros(6)
    for values in (single_pixels(bent, black), occlusion(bent, black),
                   *shapley_sampling(bent, black, 3)):
        np.testing.assert_array_equal(values, np.zeros((6, 2)))


def float64(make):
    with chainer.using_config("dtype", np.float64):
        return make()


def three_layers_in_float64():
    params = export_params(MLP(36, 7, 5, 3))
    return ThreeLayerNet({name: 3 * array.astype(np.float64) for name, array in params.items()})


def trained_a_little(net):
    """Move the running averages of batch normalisation off 0 and 1."""
    rng = np.random.default_rng(0)
    net.loss(rng.random((20, 36)), rng.integers(0, 3, 20), train_flg=True)
    return net


KINDS = {
    "ThreeLayerNet": three_layers_in_float64,
    "TwoLayerNet": lambda: TwoLayerNet(36, 5, 3, weight_init_std=1, dtype=np.float64),
    "MultiLayerNet": lambda: trained_a_little(MultiLayerNet(
        36, [8, 7], 3, use_dropout=True, use_batchnorm=True, dtype=np.float64)),
    "SimpleConvNet": lambda: SimpleConvNet(
        (1, 6, 6), {"filter_num": 3, "filter_size": 3}, 5, 3, weight_init_std=0.5,
        dtype=np.float64),
    "Chainer's MLP": lambda: float64(lambda: MLP(36, 8, 7, 3)),
    "Chainer's CNN": lambda: float64(lambda: chainer.Sequential(
        lambda x: F.reshape(x, (-1, 1, 6, 6)), L.Convolution2D(1, 3, 3), F.relu,
        lambda x: F.max_pooling_2d(x, 2), L.Linear(12, 6), F.tanh, F.dropout, L.Linear(6, 3))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_is_the_slope_of_the_logit(kind):
    np.random.seed(0)
    model = KINDS[kind]()
    f, images = logits_of(model), np.random.default_rng(0).random((2, 36))
    for node in 0, 2:
        slopes = gradient_of(model, node)(images)
        assert slopes.shape == (2, 36) and slopes.any()
        for image, slope in zip(images, slopes):
            tried = numerical_gradient(lambda x, node=node: f(x[None])[0, node], image.copy(), 1e-6)
            np.testing.assert_allclose(slope, tried, atol=1e-7)


def test_a_network_says_the_same_in_numpy_and_in_chainer(images):
    model = three_layer_net()
    net, many = ThreeLayerNet(export_params(model)), images[:300]  # more than a batch
    np.testing.assert_allclose(logits_of(model)(many), logits_of(net)(many), atol=1e-5)
    np.testing.assert_allclose(gradient_of(model, 3)(many[:9]), gradient_of(net, 3)(many[:9]),
                               atol=1e-6)


def test_models_stay_as_they_are():
    np.random.seed(0)
    model = KINDS["Chainer's CNN"]()
    images = np.random.default_rng(0).random((4, 36))
    np.testing.assert_array_equal(logits_of(model)(images), logits_of(model)(images))  # no dropout
    gradient_of(model, 0)(images)
    assert all(param.grad is None or np.isnan(param.grad).all() for param in model.params())
    assert chainer.config.train

    net = KINDS["MultiLayerNet"]()
    seen = {name: dict(vars(layer)) for name, layer in net.layers.items()}
    gradient_of(net, 0)(images)
    assert all(vars(layer).keys() == seen[name].keys()
               and all(vars(layer)[key] is value for key, value in seen[name].items())
               for name, layer in net.layers.items())


@pytest.mark.parametrize("name, steps", [("three-layer-net", 128), ("mlp", 1024),
                                         ("cnn", 512)])
def test_sums_that_are_exact(name, steps, images, net):
    model = net if name.startswith("05") else load_model(name)
    f, image = logits_of(model), images[7]
    change = (f(image[None]) - f(image[None] * 0))[0]
    digit = int(change.argmax())
    sampled = shapley_sampling(f, image, 2).values
    np.testing.assert_allclose(sampled.sum(axis=0), change, atol=1e-4)
    slopes = integrated_gradients(gradient_of(model, digit), image, steps)
    assert slopes.sum(dtype=np.float64) == pytest.approx(change[digit], abs=1e-3)
    assert abs(single_pixels(f, image).sum(axis=0) - change).max() > 1  # which these are not


@pytest.mark.parametrize("image", [np.zeros((28, 28)), np.zeros((1, 784)), 1.0,
                                   np.zeros(784, np.uint8)])
def test_an_image_of_another_kind_is_named(net, image):
    f = logits_of(net)
    for call in (lambda: pixel_influence(net, image), lambda: single_pixels(f, image),
                 lambda: occlusion(f, image), lambda: shapley_sampling(f, image),
                 lambda: integrated_gradients(gradient_of(net, 0), image)):
        with pytest.raises(ValueError, match="One image as a row of floats"):
            call()


def test_settings_out_of_range_are_named(net):
    f, image = logits_of(net), np.zeros(784, np.float32)
    for size in 0, 2, -1:
        with pytest.raises(ValueError, match="odd number"):
            occlusion(f, image, size)
    with pytest.raises(ValueError, match="square image"):
        occlusion(bent, np.zeros(6), 3)
    with pytest.raises(ValueError, match="at least 2"):
        shapley_sampling(f, image, 1)
    with pytest.raises(ValueError, match="At least one step"):
        integrated_gradients(gradient_of(net, 0), image, 0)
    for ask in logits_of, lambda model: gradient_of(model, 0):
        with pytest.raises(TypeError, match="not dict"):
            ask({"W1": image})
    assert influence.BATCH < 300  # the test with 300 images needs more than one batch
