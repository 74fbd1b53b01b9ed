"""The networks made of layers: what they compute, and that they learn."""
import re

import chainer.functions as F
import numpy as np
import pytest

from common.gradient import numerical_gradient
from common.networks import MultiLayerNet, SimpleConvNet, TwoLayerNet
from common.optimizers import SGD, Adam
from dataset.mnist import load_mnist

NETS = {
    "two layers": lambda **options: TwoLayerNet(784, 50, 10, **options),
    "multi layer": lambda **options: MultiLayerNet(784, [30, 20], 10, **options),
    "all options": lambda **options: MultiLayerNet(
        784, [30, 20], 10, "sigmoid", "xavier", 1e-4, use_dropout=True, dropout_ratio=0.2,
        use_batchnorm=True, **options),
    "convolution": lambda **options: SimpleConvNet(conv_param={"filter_num": 8}, **options),
}


@pytest.fixture(params=NETS)
def make(request):
    return NETS[request.param]


def data(net, count=None):
    (x, t), (x_test, t_test) = load_mnist()
    return (x[:count].reshape(-1, *net.input_shape), t[:count],
            x_test.reshape(-1, *net.input_shape), t_test)


def train(net, optimizer, x, t, epochs, batch_size=100):
    rng = np.random.default_rng(0)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start:start + batch_size]
            optimizer.update(net.params, net.gradient(x[batch], t[batch]))


def test_the_loss_falls(make):
    net = make()
    x, t, _, _ = data(net, 500)
    before = net.loss(x, t)
    train(net, Adam(0.01), x, t, epochs=12)
    assert net.loss(x, t) < 0.5 * before


def test_two_layers_learn_the_sample():
    net = TwoLayerNet(784, 50, 10)
    x, t, x_test, t_test = data(net)
    train(net, SGD(0.5), x, t, epochs=20)
    assert net.accuracy(x, t) > 0.95
    assert net.accuracy(x_test, t_test) > 0.9


def test_convolution_learns_the_sample():
    net = SimpleConvNet()
    x, t, x_test, t_test = data(net)
    train(net, Adam(0.002), x, t, epochs=4)
    assert net.accuracy(x_test, t_test) > 0.93


def test_float32_everywhere(make):
    net = make()
    x, t, _, _ = data(net, 20)
    grads = net.gradient(x, t)
    assert set(grads) == set(net.params)
    for name, param in net.params.items():
        assert param.dtype == grads[name].dtype == np.float32
        assert param.shape == grads[name].shape
    assert net.predict(x).dtype == net.loss(x, t).dtype == np.float32
    assert net.predict(x.astype(np.float64)).dtype == np.float32
    Adam().update(net.params, grads)
    assert {param.dtype for param in net.params.values()} == {np.dtype(np.float32)}


def test_float64_on_request(make):
    net = make(dtype=np.float64)
    x, t, _, _ = data(net, 20)
    assert {grad.dtype for grad in net.gradient(x, t).values()} == {np.dtype(np.float64)}
    for name, param in make().params.items():
        np.testing.assert_allclose(net.params[name], param, rtol=1e-6)


def test_layers_see_what_the_optimizer_changes(make):
    net = make()
    x, t, _, _ = data(net, 20)
    before = net.predict(x)
    SGD(0.5).update(net.params, net.gradient(x, t))
    assert (net.predict(x) != before).any()


def test_astype_is_a_network_of_its_own(make):
    net = make()
    x, t, _, _ = data(net, 20)
    for dtype in (np.float64, np.float32):
        other = net.astype(dtype)
        for name, param in other.params.items():
            assert param.dtype == dtype
            assert not np.shares_memory(param, net.params[name])
        before = net.predict(x)
        SGD(0.5).update(other.params, other.gradient(x, t))
        np.testing.assert_array_equal(net.predict(x), before)


def test_one_image_is_a_batch_of_one(make):
    net = make()
    x, t, _, _ = data(net, 3)
    one = net.predict(x[0])
    assert one.shape == (10,)
    np.testing.assert_allclose(one, net.predict(x)[0], rtol=1e-4, atol=1e-6)


def test_one_hot_labels_give_the_same(make):
    net, same = make(), make()
    x, t, _, _ = data(net, 50)
    one_hot = np.eye(10)[t]
    assert net.accuracy(x, t) == net.accuracy(x, one_hot)
    assert net.loss(x, t) == net.loss(x, one_hot)
    ours, theirs = net.gradient(x, t), same.gradient(x, one_hot)
    for name in ours:
        np.testing.assert_array_equal(ours[name], theirs[name])


def test_accuracy_counts_every_image_whatever_the_batch(make):
    net = make()
    x, t, _, _ = data(net, 257)
    expected = (net.predict(x).argmax(axis=1) == t).mean()
    for batch_size in (1, 100, 257, 1000):
        assert net.accuracy(x, t, batch_size) == pytest.approx(expected)


def test_the_seed_decides_the_weights(make):
    one, same, other = make(seed=3), make(seed=3), make(seed=4)
    state = np.random.get_state()[1].copy()
    for name, param in one.params.items():
        np.testing.assert_array_equal(param, same.params[name])
    assert (one.params["W1"] != other.params["W1"]).any()
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_numerical_gradient_of_two_layers():
    net = TwoLayerNet(12, 5, 3, weight_init_std=0.5)
    rng = np.random.default_rng(0)
    x, t = rng.random((4, 12), np.float32), rng.integers(0, 3, 4)
    numerical, backprop = net.numerical_gradient(x, t), net.gradient(x, t)
    for name, grad in backprop.items():
        assert numerical[name].dtype == np.float32
        np.testing.assert_allclose(numerical[name], grad, atol=1e-6)


def test_two_layers_compute_what_the_formula_says():
    net = TwoLayerNet(784, 50, 10, weight_init_std=0.1)
    x, t, _, _ = data(net, 20)
    W1, b1, W2, b2 = (net.params[name] for name in ("W1", "b1", "W2", "b2"))
    y = F.linear(F.sigmoid(F.linear(x, W1.T, b1)), W2.T, b2)
    np.testing.assert_allclose(net.logits(x), y.array, rtol=1e-4, atol=1e-5)
    loss = F.softmax_cross_entropy(y, t.astype(np.int32)).item()
    assert net.loss(x, t) == pytest.approx(loss, rel=1e-5)


def test_convolution_computes_what_the_formula_says():
    net = SimpleConvNet(weight_init_std=0.1)
    x, t, _, _ = data(net, 20)
    W1, b1, W2, b2, W3, b3 = net.params.values()
    h = F.max_pooling_2d(F.relu(F.convolution_2d(x, W1, b1)), 2, 2)
    y = F.linear(F.relu(F.linear(h, W2.T, b2)), W3.T, b3)
    np.testing.assert_allclose(net.logits(x), y.array, rtol=1e-4, atol=1e-4)


def test_shapes_of_the_book():
    shapes = {name: param.shape for name, param in SimpleConvNet().params.items()}
    assert shapes == {"W1": (30, 1, 5, 5), "b1": (30,), "W2": (4320, 100), "b2": (100,),
                      "W3": (100, 10), "b3": (10,)}


def test_initial_weights_of_the_book():
    for std, scale in [("relu", np.sqrt(2 / 784)), ("he", np.sqrt(2 / 784)),
                       ("sigmoid", np.sqrt(1 / 784)), ("xavier", np.sqrt(1 / 784)), (0.3, 0.3)]:
        net = MultiLayerNet(784, [100], 10, weight_init_std=std)
        assert net.params["W1"].std() == pytest.approx(scale, rel=0.02)
        assert (net.params["b1"] == 0).all()


def test_weight_decay_is_in_the_loss_and_in_the_gradient():
    plain, decay = (MultiLayerNet(6, [5], 3, weight_decay_lambda=value, dtype=np.float64)
                    for value in (0, 0.1))
    rng = np.random.default_rng(0)
    x, t = rng.random((4, 6)), rng.integers(0, 3, 4)
    squares = sum((decay.params[name] ** 2).sum() for name in ("W1", "W2"))
    assert decay.loss(x, t) == pytest.approx(plain.loss(x, t) + 0.05 * squares)
    grads = decay.gradient(x, t)
    for name, param in decay.params.items():
        expected = numerical_gradient(lambda _: decay.loss(x, t), param)
        np.testing.assert_allclose(grads[name], expected, atol=1e-7)


def test_dropout_and_batch_normalisation_rest_in_inference():
    net = NETS["all options"]()
    x, t, _, _ = data(net, 20)
    np.testing.assert_array_equal(net.predict(x), net.predict(x))
    assert (net.logits(x, train_flg=True) != net.logits(x, train_flg=True)).any()


@pytest.mark.parametrize("conv_param", [
    {"filter_num": 4, "filter_size": 5, "pad": 0, "stride": 1},
    {"filter_num": 3, "filter_size": 3, "pad": 1, "stride": 1},
    {"filter_num": 3, "filter_size": 4, "pad": 2, "stride": 3}])
@pytest.mark.parametrize("input_dim", [(1, 28, 28), (3, 11, 14)])
def test_convolution_of_any_size(conv_param, input_dim):
    net = SimpleConvNet(input_dim, conv_param, hidden_size=7, output_size=4)
    x = np.zeros((2, *input_dim), np.float32)
    assert net.predict(x).shape == (2, 4)
    grads = net.gradient(x, np.array([0, 3]))
    assert {name: grad.shape for name, grad in grads.items()} == {
        name: param.shape for name, param in net.params.items()}


@pytest.mark.parametrize("shape", [(783,), (2, 783), (2, 1, 28, 28), ()])
def test_a_wrong_shape_is_named(shape):
    with pytest.raises(ValueError, match=r"\(784,\).*\(images, 784\).*" + re.escape(str(shape))):
        TwoLayerNet(784, 5, 10).predict(np.zeros(shape, np.float32))


@pytest.mark.parametrize("shape", [(784,), (2, 784), (28, 28), (2, 1, 1, 28, 28)])
def test_flat_images_are_named_by_the_convolution(shape):
    with pytest.raises(ValueError, match=r"\(images, 1, 28, 28\).*" + re.escape(str(shape))):
        SimpleConvNet().predict(np.zeros(shape, np.float32))


def test_other_mistakes_are_named():
    net = TwoLayerNet(784, 5, 10)
    x = np.zeros((2, 784), np.float32)
    with pytest.raises(TypeError, match="real numbers"):
        net.predict(np.full((2, 784), "x"))
    with pytest.raises(ValueError, match="from 0 to 9, but t reaches from 0 to 10"):
        net.gradient(x, np.array([0, 10]))
    with pytest.raises(ValueError, match=r"indices \(2,\).*\(3,\)"):
        net.loss(x, np.array([0, 1, 2]))
    with pytest.raises(ValueError, match=r"2 images.*3 labels"):
        net.accuracy(x, np.array([0, 1, 2]))
    with pytest.raises(ValueError, match="no images"):
        net.accuracy(x[:0], np.array([], int))
    with pytest.raises(ValueError, match="'tanh'"):
        MultiLayerNet(784, [5], 10, activation="tanh")
    with pytest.raises(ValueError, match="'gauss'"):
        MultiLayerNet(784, [5], 10, weight_init_std="gauss")
    with pytest.raises(ValueError, match="nothing to pool"):
        SimpleConvNet((1, 5, 5))
    with pytest.raises(ValueError, match="'filters'"):
        SimpleConvNet(conv_param={"filters": 3})
