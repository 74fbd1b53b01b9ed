"""Models in Chainer: their forward pass against NumPy, and their weights in the course's form."""
import chainer
import chainer.functions as F
import numpy as np
import pytest

from common.course import CourseError
from common.functions import relu, sigmoid, softmax
from common.models import (
    CNN,
    MLP,
    DeepCNN,
    export_params,
    get_arrays,
    load_model,
    predict,
    set_arrays,
    three_layer_net,
)
from common.networks import ThreeLayerNet
from dataset.files import DataError
from dataset.weights import save_weights

X = np.random.default_rng(0).normal(size=(5, 784)).astype(np.float32)


def forward(params, x, activation):
    """The network in NumPy: x W + b, layer after layer, the activation between them."""
    layers = len(params) // 2
    for layer in range(1, layers + 1):
        x = x @ params[f"W{layer}"] + params[f"b{layer}"]
        if layer < layers:
            x = activation(x)
    return x


def with_biases(model):
    """Give every bias numbers that would be missed (Chainer begins with zeros)."""
    for param in model.params():
        if param.name == "b":
            param.array[:] = np.linspace(-1, 1, len(param))
    return model


@pytest.mark.parametrize("widths", [(784, 10), (784, 50, 10), (784, 60, 50, 40, 10), (3, 4, 2)])
@pytest.mark.parametrize("in_chainer, in_numpy", [(F.relu, relu), (F.sigmoid, sigmoid)])
def test_mlp_is_dense_layers_with_an_activation_between(widths, in_chainer, in_numpy):
    model = with_biases(MLP(*widths, activation=in_chainer))
    params = export_params(model)
    shapes = [params[f"W{layer}"].shape for layer in range(1, len(widths))]
    assert shapes == list(zip(widths, widths[1:]))
    x = X[:, :widths[0]]
    logits = model(x)
    assert logits.dtype == np.float32 and logits.shape == (5, widths[-1])
    np.testing.assert_allclose(logits.array, forward(params, x, in_numpy), rtol=1e-4, atol=1e-5)


def test_mlp_has_relu_unless_told_otherwise():
    model = MLP(784, 30, 10)
    np.testing.assert_allclose(model(X).array, forward(export_params(model), X, relu), atol=1e-5)


def test_mlp_lays_images_flat():
    model = MLP(784, 20, 10)
    np.testing.assert_array_equal(model(X.reshape(5, 1, 28, 28)).array, model(X).array)


def test_mlp_counts_its_parameters():
    assert MLP(784, 784, 784, 10).count_params() == 2 * (784 * 784 + 784) + 784 * 10 + 10


@pytest.mark.parametrize("widths", [(), (784,)])
def test_mlp_of_no_layer_is_told_so(widths):
    with pytest.raises(ValueError, match="MLP needs the widths"):
        MLP(*widths)


def test_mlp_comes_back_from_a_file(tmp_path):
    model, other = MLP(784, 20, 10), MLP(784, 20, 10)
    chainer.serializers.save_npz(tmp_path / "model.npz", model)
    chainer.serializers.load_npz(tmp_path / "model.npz", other)
    np.testing.assert_array_equal(other(X).array, model(X).array)


def test_mlp_learns():
    np.random.seed(0)
    model, t = MLP(784, 30, 10), np.arange(5, dtype=np.int32)
    optimizer = chainer.optimizers.Adam().setup(model)
    before = F.softmax_cross_entropy(model(X), t).item()
    for _ in range(20):
        optimizer.update(lambda: F.softmax_cross_entropy(model(X), t))
    assert F.softmax_cross_entropy(model(X), t).item() < 0.1 * before


def test_three_layer_net_is_the_network_of_chapter_05():
    model = with_biases(three_layer_net())
    net = ThreeLayerNet(export_params(model))
    np.testing.assert_allclose(softmax(model(X).array), net.predict(X), atol=1e-6)


def test_cnn_has_the_sizes_of_the_lecture():
    model = CNN()
    sizes = {name: param.shape for name, param in model.namedparams()}
    assert sizes["/conv1/W"] == (32, 1, 5, 5) and sizes["/conv2/W"] == (64, 32, 5, 5)
    assert sizes["/dense1/W"] == (1024, 3136) and sizes["/dense2/W"] == (10, 1024)
    assert model.count_params() == 3_274_634
    assert DeepCNN().count_params() == 60_074


@pytest.mark.parametrize("make", [
    lambda: CNN(filters=(3, 4), hidden=50), DeepCNN,
    lambda: CNN(filters=(3, 4), hidden=50, normalize=True)])
def test_cnns_take_flat_images_or_not_and_learn(make):
    np.random.seed(0)
    model, t = make(), np.arange(5, dtype=np.int32)
    with chainer.using_config("train", False):
        flat, shaped = model(X), model(X.reshape(-1, 1, 28, 28))
    assert flat.shape == (5, 10) and flat.dtype == np.float32
    np.testing.assert_array_equal(flat.array, shaped.array)
    optimizer = chainer.optimizers.Adam(alpha=0.005).setup(model)
    before = F.softmax_cross_entropy(flat, t).item()
    for _ in range(30):
        optimizer.update(lambda: F.softmax_cross_entropy(model(X), t))
    with chainer.using_config("train", False):
        assert F.softmax_cross_entropy(model(X), t).item() < 0.2 * before


def test_cnn_computes_what_it_says():
    model = CNN(filters=(2, 3), hidden=7)
    h = F.relu(F.max_pooling_2d(F.convolution_2d(
        X.reshape(-1, 1, 28, 28), model.conv1.W, model.conv1.b, pad=2), 2))
    h = F.relu(F.max_pooling_2d(F.convolution_2d(h, model.conv2.W, model.conv2.b, pad=2), 2))
    h = F.relu(F.linear(h.reshape(5, -1), model.dense1.W, model.dense1.b))
    expected = F.linear(h, model.dense2.W, model.dense2.b).array
    with chainer.using_config("train", False):
        np.testing.assert_allclose(model(X).array, expected, atol=1e-5)
    assert (model(X).array != expected).any()  # dropout, in training


@pytest.mark.parametrize("make", [
    lambda: CNN(filters=(2, 3), hidden=7, normalize=True), lambda: MLP(784, 9, 10), DeepCNN])
def test_arrays_go_from_model_to_model(make):
    model, other = make(), make()
    model(X)  # moves the means of a batch normalization
    set_arrays(other, get_arrays(model))
    with chainer.using_config("train", False):
        np.testing.assert_array_equal(model(X).array, other(X).array)


def test_weights_of_a_model_that_nobody_knows(tmp_path):
    save_weights(tmp_path / "x", get_arrays(MLP(784, 3, 10)), {"model": "transformer"})
    with pytest.raises(DataError, match="'transformer' of x.json is none of three-layer-net, mlp"):
        load_model("x", tmp_path)


@pytest.mark.parametrize("images, words", [
    (X.tolist(), "not list"), (None, "not NoneType"),
    (X[0], r"shape \(784,\); one image is a batch"),
    (X[:0], r"shape \(0, 784\)"), (X.astype(float), "than float64 of shape"),
    ((255 * X).astype(np.uint8), "than uint8"), (X[:, :700], r"shape \(5, 700\)")],
    ids=["a list", "None", "one image", "no image", "float64", "bytes", "a short row"])
@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_what_a_model_cannot_take_is_said_in_a_sentence(name, images, words):
    with pytest.raises(CourseError, match=words):
        predict(load_model(name), images)
