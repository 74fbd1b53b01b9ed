"""common.gradient: slopes that are known, and a gradient check that finds what is wrong."""
import numpy as np
import pytest

from common.gradient import gradient_check, numerical_gradient
from common.networks import MultiLayerNet, SimpleConvNet, TwoLayerNet
from dataset.mnist import load_mnist


def test_slope_of_the_book():
    """f = x0² + x1² at (3, 4) has the slope (6, 8)."""
    np.testing.assert_allclose(
        numerical_gradient(lambda x: (x ** 2).sum(), np.array([3.0, 4.0])), [6, 8], rtol=1e-9)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3, 2), (0,)])
def test_slope_of_any_shape(shape):
    x = np.random.default_rng(0).standard_normal(shape)
    x = np.asarray(x)
    before = x.copy()
    gradient = numerical_gradient(lambda x: np.sin(x).sum(), x)
    assert gradient.shape == shape and gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, np.cos(x), atol=1e-8)
    np.testing.assert_array_equal(x, before)


def test_slope_of_an_array_that_is_not_contiguous():
    x = np.random.default_rng(0).standard_normal((4, 6))[::2, ::3].T
    np.testing.assert_allclose(numerical_gradient(lambda x: (x ** 3).sum(), x), 3 * x ** 2,
                               atol=1e-7)


def test_x_is_restored_even_after_an_error():
    x = np.ones(3)

    def fail(x):
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        numerical_gradient(fail, x)
    np.testing.assert_array_equal(x, 1)


def test_float32_stays_float32():
    x = np.array([3.0, 4.0], np.float32)
    gradient = numerical_gradient(lambda x: (x ** 2).sum(), x, h=1e-2)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, [6, 8], rtol=1e-3)


@pytest.mark.parametrize("x, kind", [(np.array([3, 4]), "int"), ([3.0, 4.0], "list"),
                                     (3.0, "float")])
def test_what_holds_no_small_step_is_refused(x, kind):
    with pytest.raises(TypeError, match=f"array of floats, but x is {kind}"):
        numerical_gradient(sum, x)


NETS = {
    "two layers": lambda: TwoLayerNet(784, 20, 10),
    "relu": lambda: MultiLayerNet(784, [20, 15], 10, weight_decay_lambda=0.1),
    "sigmoid": lambda: MultiLayerNet(784, [20, 15], 10, "sigmoid", "sigmoid"),
    "batch normalisation": lambda: MultiLayerNet(784, [20, 15], 10, use_batchnorm=True),
    "convolution": lambda: SimpleConvNet(conv_param={"filter_num": 5, "pad": 1, "stride": 2}),
}


def data(net, count=5):
    (x, t), _ = load_mnist()
    return x[:count].reshape(count, *net.input_shape), t[:count]


@pytest.mark.parametrize("name", NETS)
def test_backpropagation_of_a_network_passes(name):
    net = NETS[name]()
    x, t = data(net)
    before = {key: param.copy() for key, param in net.params.items()}
    errors = gradient_check(net, x, t, entries=20)
    assert set(errors) == set(net.params)
    for error in errors.values():
        assert error.absolute < 1e-6 and error.relative < 1e-4
    for key, param in net.params.items():
        np.testing.assert_array_equal(param, before[key])
        assert param.dtype == np.float32


@pytest.mark.parametrize("wrong", ["W1", "b1", "W2", "b2"])
def test_a_wrong_gradient_is_found(wrong):
    class Wrong(TwoLayerNet):
        def gradient(self, x, t):
            grads = super().gradient(x, t)
            return {**grads, wrong: grads[wrong] * 1.01}

    net = Wrong(784, 20, 10)
    errors = gradient_check(net, *data(net), entries=50)
    assert errors.pop(wrong).relative > 1e-3
    assert all(error.relative < 1e-4 for error in errors.values())


def test_the_same_numbers_are_tried_each_time():
    net = NETS["two layers"]()
    x, t = data(net)
    assert gradient_check(net, x, t, entries=5) == gradient_check(net, x, t, entries=5)


def test_all_numbers_are_tried_without_entries():
    net = TwoLayerNet(6, 4, 3)
    rng = np.random.default_rng(0)
    errors = gradient_check(net, rng.random((5, 6)), rng.integers(0, 3, 5), entries=None)
    assert max(error.absolute for error in errors.values()) < 1e-8
