"""ThreeLayerNet against the same network in Chainer, and what it says of a wrong shape."""
import re

import chainer.links as L
import numpy as np
import pytest

from common.functions import softmax
from common.models import export_params, three_layer_net
from common.networks import ThreeLayerNet
from dataset.mnist import load_mnist
from dataset.weights import load_weights, weights_info

rng = np.random.default_rng(0)


@pytest.fixture
def params():
    return load_weights("three-layer-net")


def test_agrees_with_chainer():
    np.random.seed(0)
    model = three_layer_net()
    x = rng.random((6, 784), np.float32)
    net = ThreeLayerNet(export_params(model))
    np.testing.assert_allclose(net.predict(x), softmax(model(x).array), rtol=1e-5)


def test_export_follows_the_order_of_the_layers():
    model = three_layer_net()
    linear = [layer for layer in model if isinstance(layer, L.Linear)]
    params = export_params(model)
    for number, layer in enumerate(linear, 1):
        np.testing.assert_array_equal(params[f"W{number}"], layer.W.array.T)
        np.testing.assert_array_equal(params[f"b{number}"], layer.b.array)


def test_activations_lead_to_the_prediction(params):
    net = ThreeLayerNet(params)
    x = rng.random((4, 784), np.float32)
    z1, z2, a3, z3 = net.activations(x)
    assert (z1.shape, z2.shape, a3.shape, z3.shape) == ((4, 50), (4, 100), (4, 10), (4, 10))
    np.testing.assert_allclose(a3, z2 @ params["W3"] + params["b3"], rtol=1e-6)
    np.testing.assert_array_equal(z3, softmax(a3))
    np.testing.assert_array_equal(net.predict(x), z3)


def test_one_image_and_a_batch_give_the_same(params):
    net = ThreeLayerNet(params)
    x = rng.random((3, 784), np.float32)
    one = net.predict(x[0])
    assert one.shape == (10,)
    np.testing.assert_allclose(one, net.predict(x)[0], rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.uint8, np.float64, np.int64])
def test_the_network_computes_in_its_own_dtype(params, dtype):
    assert ThreeLayerNet(params).predict(np.ones((2, 784), dtype)).dtype == np.float32


@pytest.mark.parametrize("shape", [(783,), (2, 783), (2, 1, 28, 28), ()])
def test_a_wrong_shape_is_named(params, shape):
    with pytest.raises(ValueError, match=r"\(784,\).*" + re.escape(str(shape))):
        ThreeLayerNet(params).predict(np.zeros(shape, np.float32))


def test_words_are_no_image(params):
    with pytest.raises(TypeError, match="real numbers"):
        ThreeLayerNet(params).predict(np.full(784, "x"))


def test_wrong_parameters_are_named(params):
    with pytest.raises(KeyError, match="b2"):
        ThreeLayerNet({name: value for name, value in params.items() if name != "b2"})
    with pytest.raises(ValueError, match=r"W2 must be \(50, nodes\)"):
        ThreeLayerNet({**params, "W2": params["W2"].T})
    with pytest.raises(ValueError, match=r"b3 must be \(10,\)"):
        ThreeLayerNet({**params, "b3": params["b3"][:9]})


def test_shipped_weights_read_the_sample(params):
    _, (x_test, t_test) = load_mnist()
    assert (ThreeLayerNet(params).predict(x_test).argmax(axis=1) == t_test).mean() > 0.95


@pytest.mark.full
def test_shipped_weights_score_what_their_file_says(params):
    _, (x_test, t_test) = load_mnist()
    assert len(x_test) == 10_000
    correct = (ThreeLayerNet(params).predict(x_test).argmax(axis=1) == t_test).mean()
    info = weights_info("three-layer-net")
    assert correct == pytest.approx(info["test_accuracy"], abs=1e-4)
    assert correct > 0.95
