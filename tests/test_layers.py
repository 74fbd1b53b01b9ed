"""common.layers against Chainer's functions, and each backward against numerical gradients."""
import chainer
import chainer.functions as F
import numpy as np
import pytest

from common.functions import softmax
from common.gradient import numerical_gradient
from common.layers import (
    Affine,
    BatchNormalization,
    Convolution,
    Dropout,
    Pooling,
    Relu,
    Sigmoid,
    SoftmaxWithLoss,
    col2im,
    im2col,
)

SEEDS = range(8)


def backprop(layer, x, dout, *args):
    """Run a layer forward and backward: its output, the slope of x, and those of parameters."""
    y = layer.forward(x, *args)
    dx = layer.backward(dout)
    return [y, dx, *(getattr(layer, name) for name in ("dW", "db", "dgamma", "dbeta")
                     if hasattr(layer, name))]


def oracle(function, inputs, dout, *args, **options):
    """The same of a function of Chainer: its output, then the slope of each input."""
    variables = [chainer.Variable(array) for array in inputs]
    y = function(*variables, *args, **options)
    y.grad = dout
    y.backward()
    return [y.array, *(variable.grad for variable in variables)]


def assert_same(ours, theirs, dtype):
    tolerance = {"rtol": 1e-10, "atol": 1e-10} if dtype == np.float64 else {
        "rtol": 2e-4, "atol": 2e-4}
    for our, their in zip(ours, theirs, strict=True):
        assert our.dtype == their.dtype == dtype
        assert our.shape == their.shape
        np.testing.assert_allclose(our, their, **tolerance)


def random(rng, shape, dtype):
    return rng.standard_normal(shape).astype(dtype)


def random_images(rng, dtype):
    """Images and the size, stride and padding of a filter that fits in."""
    N, C, H, W = rng.integers(1, 5), rng.integers(1, 4), rng.integers(3, 10), rng.integers(3, 10)
    FH, FW = rng.integers(1, 4, 2)
    stride, pad = rng.integers(1, 4), rng.integers(0, 3)
    return random(rng, (N, C, H, W), dtype), int(FH), int(FW), int(stride), int(pad)


def check_gradients(layer, x, params, *args):
    """Assert that backward gives the numerical slopes of a weighted sum of the output."""
    y = layer.forward(x, *args)
    dout = np.random.default_rng(0).standard_normal(y.shape)
    _, dx, *slopes = backprop(layer, x, dout, *args)
    for array, slope in zip([x, *params], [dx, *slopes], strict=True):
        expected = numerical_gradient(lambda _: (layer.forward(x, *args) * dout).sum(), array)
        assert slope.dtype == np.float64
        np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-6)


# Against Chainer

@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layer, function", [(Relu, F.relu), (Sigmoid, F.sigmoid)])
def test_activation_agrees_with_chainer(layer, function, dtype):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        shape = tuple(rng.integers(1, 7, rng.integers(1, 5)))
        x, dout = random(rng, shape, dtype), random(rng, shape, dtype)
        assert_same(backprop(layer(), x, dout), oracle(function, [x], dout), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_affine_agrees_with_chainer(dtype):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        shape = tuple(rng.integers(1, 6, 4 if seed % 2 else 2))
        outputs = rng.integers(1, 6)
        x, dout = random(rng, shape, dtype), random(rng, (shape[0], outputs), dtype)
        W, b = random(rng, (np.prod(shape[1:]), outputs), dtype), random(rng, outputs, dtype)
        y, dx, dW, db = oracle(F.linear, [x, W.T.copy(), b], dout)  # Chainer's W is (outputs, in)
        assert_same(backprop(Affine(W, b), x, dout), [y, dx, dW.T, db], dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_convolution_agrees_with_chainer(dtype):
    for seed in range(24):
        rng = np.random.default_rng(seed)
        x, FH, FW, stride, pad = random_images(rng, dtype)
        FN = rng.integers(1, 5)
        W, b = random(rng, (FN, x.shape[1], FH, FW), dtype), random(rng, FN, dtype)
        layer = Convolution(W, b, stride, pad)
        dout = random(rng, layer.forward(x).shape, dtype)
        theirs = oracle(F.convolution_2d, [x, W, b], dout, stride=stride, pad=pad)
        assert_same(backprop(layer, x, dout), theirs, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("ties", [False, True])
def test_pooling_agrees_with_chainer(dtype, ties):
    for seed in range(24):
        rng = np.random.default_rng(seed)
        x, pool_h, pool_w, stride, pad = random_images(rng, dtype)
        if seed % 3 == 0:  # the pooling of the networks
            pool_h, pool_w, stride, pad = 2, 2, 2, 0
        pad = min(pad, pool_h - 1, pool_w - 1)  # else a window holds nothing but padding
        if ties:
            x = np.sign(x)
        layer = Pooling(pool_h, pool_w, stride, pad)
        dout = random(rng, layer.forward(x).shape, dtype)
        theirs = oracle(F.max_pooling_2d, [x], dout, (pool_h, pool_w), stride, pad, cover_all=False)
        assert_same(backprop(layer, x, dout), theirs, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_with_loss_agrees_with_chainer(dtype):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        N, classes = rng.integers(1, 6), rng.integers(2, 6)
        x, t = 3 * random(rng, (N, classes), dtype), rng.integers(0, classes, N)
        loss, dx = oracle(F.softmax_cross_entropy, [x], np.ones((), dtype), t.astype(np.int32))
        for labels in (t, np.eye(classes)[t]):
            layer = SoftmaxWithLoss()
            assert_same([layer.forward(x, labels), layer.backward(1)], [loss, dx], dtype)
            np.testing.assert_allclose(layer.y, softmax(x), rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("train", [True, False])
def test_batch_normalization_agrees_with_chainer(dtype, train):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        shape = tuple(rng.integers(2, 6, 4 if seed % 2 else 2))
        x, dout = random(rng, shape, dtype), random(rng, shape, dtype)
        gamma, beta, mean = (random(rng, shape[1], dtype) for _ in range(3))
        var = rng.random(shape[1]).astype(dtype) + dtype(0.5)
        running = mean.copy(), var.copy()
        if train:
            theirs = oracle(F.batch_normalization, [x, gamma, beta], dout,
                            running_mean=running[0], running_var=running[1], decay=0.9)
        else:
            theirs = oracle(F.fixed_batch_normalization, [x, gamma, beta], dout,
                            mean=running[0], var=running[1])
        layer = BatchNormalization(gamma, beta, 0.9, mean, var)
        assert_same(backprop(layer, x, dout, train), theirs, dtype)
        assert_same([layer.running_mean, layer.running_var], running, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropout_agrees_with_chainer(dtype):
    rng = np.random.default_rng(0)
    x, dout = random(rng, (6, 7), dtype), random(rng, (6, 7), dtype)
    layer = Dropout(0.3, rng=1)
    ours = backprop(layer, x, dout)
    assert_same(ours, oracle(F.dropout, [x], dout, 0.3, mask=layer.mask), dtype)


# Against numerical gradients, in float64

def test_gradients_of_activations():
    rng = np.random.default_rng(0)
    for layer in (Relu(), Sigmoid()):
        check_gradients(layer, rng.standard_normal((3, 4)), [])


@pytest.mark.parametrize("shape", [(3, 12), (12,), (3, 2, 3, 2)])
def test_gradients_of_affine(shape):
    rng = np.random.default_rng(0)
    W, b = rng.standard_normal((12, 4)), rng.standard_normal(4)
    check_gradients(Affine(W, b), rng.standard_normal(shape), [W, b])


def test_gradients_of_convolution():
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        x, FH, FW, stride, pad = random_images(rng, np.float64)
        x = x[:2]
        W, b = rng.standard_normal((2, x.shape[1], FH, FW)), rng.standard_normal(2)
        check_gradients(Convolution(W, b, stride, pad), x, [W, b])


def test_gradients_of_pooling():
    for seed in SEEDS:
        x, pool_h, pool_w, stride, pad = random_images(np.random.default_rng(seed), np.float64)
        pad = min(pad, pool_h - 1, pool_w - 1)
        check_gradients(Pooling(pool_h, pool_w, stride, pad), x[:2], [])
    check_gradients(Pooling(2, 2, 2), np.random.default_rng(0).standard_normal((2, 2, 5, 6)), [])


@pytest.mark.parametrize("shape", [(6, 3), (3, 2, 2, 3)])
@pytest.mark.parametrize("train", [True, False])
def test_gradients_of_batch_normalization(shape, train):
    rng = np.random.default_rng(0)
    gamma, beta = rng.standard_normal((2, shape[1]))
    layer = BatchNormalization(gamma, beta)
    check_gradients(layer, rng.standard_normal(shape), [gamma, beta], train)


def test_gradients_of_softmax_with_loss():
    rng = np.random.default_rng(0)
    x, t = rng.standard_normal((4, 5)), np.array([0, 4, 2, 2])
    layer = SoftmaxWithLoss()
    layer.forward(x, t)
    dx = layer.backward(1)
    np.testing.assert_allclose(dx, numerical_gradient(lambda x: layer.forward(x, t), x), atol=1e-8)


# What each of them promises besides

def test_im2col_lays_one_window_a_column():
    x = np.arange(2 * 3 * 5 * 6, dtype=np.float32).reshape(2, 3, 5, 6)
    col = im2col(x, 2, 3, stride=2, pad=1)
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
    for n in range(2):
        windows = [padded[n, :, y:y + 2, c:c + 3].reshape(-1)
                   for y in (0, 2, 4) for c in (0, 2, 4)]
        np.testing.assert_array_equal(col[n].T, windows)
    assert col.dtype == np.float32 and col.shape == (2, 18, 9)


def test_im2col_holds_the_numbers_of_chainer_s():
    from chainer.utils.conv import im2col_cpu
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 8)).astype(np.float32)
    theirs = im2col_cpu(x, 5, 3, 2, 2, 1, 1)
    np.testing.assert_array_equal(im2col(x, 5, 3, 2, 1), theirs.reshape(2, 45, -1))


def test_col2im_adds_what_im2col_took():
    """For all a and b, im2col(a) · b = a · col2im(b): the one is the other's transpose."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        a, FH, FW, stride, pad = random_images(rng, np.float64)
        col = im2col(a, FH, FW, stride, pad)
        b = rng.standard_normal(col.shape)
        np.testing.assert_allclose((col * b).sum(),
                                   (a * col2im(b, a.shape, FH, FW, stride, pad)).sum())


def test_convolution_of_the_syllabus():
    x = np.array([[4, 9, 3, 1], [6, 8, 0, 2], [7, 5, 8, 4], [1, 8, 2, 9]], np.float32)
    W = np.array([[4, 3, -2], [-7, 1, 3], [2, 0, -3]], np.float32)
    layer = Convolution(W[None, None], np.zeros(1, np.float32))
    np.testing.assert_array_equal(layer.forward(x[None, None])[0, 0], [[-7, -9], [24, 2]])
    np.testing.assert_array_equal(
        Pooling(2, 2, stride=2).forward(x[None, None])[0, 0], [[9, 3], [8, 9]])


def test_padding_never_wins_in_pooling():
    x = -np.ones((1, 1, 2, 2), np.float32)
    for dtype in (np.float32, np.int64):
        assert (Pooling(2, 2, stride=1, pad=1).forward(x.astype(dtype)) == -1).all()


@pytest.mark.parametrize("layer, shape", [
    (Affine(np.ones((4, 2), np.float32), np.ones(2, np.float32), input_gradient=False), (3, 4)),
    (Convolution(np.ones((2, 1, 2, 2), np.float32), np.ones(2, np.float32), input_gradient=False),
     (3, 1, 4, 4))])
def test_the_first_layer_may_leave_out_the_slope_of_its_input(layer, shape):
    y = layer.forward(np.ones(shape, np.float32))
    assert layer.backward(y) is None
    assert layer.dW.shape == layer.W.shape and layer.db.shape == layer.b.shape


def test_layers_change_neither_input_nor_slope():
    rng = np.random.default_rng(0)
    images = rng.standard_normal((2, 3, 4, 4))
    W, b = rng.standard_normal((2, 3, 2, 2)), rng.standard_normal(2)
    layers = [Relu(), Sigmoid(), Affine(rng.standard_normal((48, 2)), b), Convolution(W, b),
              Pooling(2, 2, 2), Pooling(2, 2, 1), Dropout(), BatchNormalization(W[0, :, 0, 0],
                                                                               W[1, :, 0, 0])]
    for layer in layers:
        x = images.copy()
        dout = np.ones_like(layer.forward(x))
        layer.backward(dout)
        np.testing.assert_array_equal(x, images)
        np.testing.assert_array_equal(dout, 1)


def test_one_row_through_affine_is_a_row_of_the_batch():
    rng = np.random.default_rng(0)
    layer = Affine(rng.standard_normal((4, 3)), rng.standard_normal(3))
    x = rng.standard_normal((2, 4))
    np.testing.assert_allclose(layer.forward(x[0]), layer.forward(x)[0])


def test_loss_of_certain_and_wrong_is_finite_and_right():
    layer = SoftmaxWithLoss()
    loss = layer.forward(np.array([[1000.0, 0.0]], np.float32), np.array([1]))
    assert loss == 1000
    np.testing.assert_array_equal(layer.backward(), [[1, -1]])


def test_dropout_sets_its_share_to_zero_and_keeps_the_mean():
    layer = Dropout(0.25, rng=0)
    x = np.ones((100, 100), np.float32)
    y = layer.forward(x, train_flg=True)
    assert (y == 0).mean() == pytest.approx(0.25, abs=0.02)
    assert y.mean() == pytest.approx(1, abs=0.02)
    np.testing.assert_array_equal(layer.backward(x), y)
    assert (layer.forward(x) != y).any()  # drawn anew
    np.testing.assert_array_equal(layer.forward(x, train_flg=False), x)
    np.testing.assert_array_equal(layer.backward(x), x)
    np.testing.assert_array_equal(Dropout(0.25, rng=0).forward(x), y)  # the same seed


def test_wrong_shapes_are_named():
    zeros = np.zeros
    with pytest.raises(ValueError, match=r"4 numbers a row.*\(2, 5\)"):
        Affine(zeros((4, 3)), zeros(3)).forward(zeros((2, 5)))
    with pytest.raises(ValueError, match=r"4 numbers a row.*\(2, 2\)"):  # not one row of four
        Affine(zeros((4, 3)), zeros(3)).forward(zeros((2, 2)))
    convolution = Convolution(zeros((2, 3, 5, 5)), zeros(2))
    with pytest.raises(ValueError, match=r"\(N, 3, H, W\).*\(2, 1, 8, 8\)"):
        convolution.forward(zeros((2, 1, 8, 8)))
    with pytest.raises(ValueError, match=r"5×5 does not fit into an image of 4×8"):
        convolution.forward(zeros((2, 3, 4, 8)))
    with pytest.raises(ValueError, match="stride must be 1 or more"):
        Pooling(2, 2, stride=0).forward(zeros((1, 1, 4, 4)))
    with pytest.raises(ValueError, match=r"\(N, C, H, W\).*\(4, 4\)"):
        Pooling(2, 2).forward(zeros((4, 4)))
    with pytest.raises(ValueError, match=r"\(N, C, H, W\).*\(4, 4\)"):
        im2col(zeros((4, 4)), 2, 2)
    with pytest.raises(ValueError, match=r"col must be \(2, 12, 4\)"):
        col2im(zeros((8, 11)), (2, 3, 3, 3), 2, 2)
    with pytest.raises(ValueError, match=r"\(N, 3\).*\(2, 4\)"):
        BatchNormalization(zeros(3), zeros(3)).forward(zeros((2, 4)))
    with pytest.raises(ValueError, match=r"\(batch, classes\).*\(3,\)"):
        SoftmaxWithLoss().forward(zeros(3), 0)
    with pytest.raises(ValueError, match="0 to below 1"):
        Dropout(1.0)
