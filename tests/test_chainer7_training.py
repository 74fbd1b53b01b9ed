"""A step of training, checked against numerical gradients in float64: MLP, CNN, deconvolution."""

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest


class MLP(chainer.Chain):
    """784-like dense layers, small."""

    shape = (6,)

    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.l1 = L.Linear(6, 8)
            self.l2 = L.Linear(8, 3)

    def forward(self, x, t):
        return F.softmax_cross_entropy(self.l2(F.sigmoid(self.l1(x))), t)


class CNN(chainer.Chain):
    """Convolution, batch normalization, pooling, dropout, dense."""

    shape = (2, 6, 6)

    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv = L.Convolution2D(2, 4, 3, pad=1)
            self.bn = L.BatchNormalization(4)
            self.l = L.Linear(36, 3)

    def forward(self, x, t):
        h = F.max_pooling_2d(F.relu(self.bn(self.conv(x))), 2)
        return F.softmax_cross_entropy(self.l(F.dropout(h, 0.5)), t)


class Deconvolution(chainer.Chain):
    """From a vector to an image and on to a class, as a decoder does."""

    shape = (4,)

    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.l1 = L.Linear(4, 12)
            self.deconv = L.Deconvolution2D(3, 2, 4, stride=2, pad=1)
            self.l2 = L.Linear(32, 3)

    def forward(self, x, t):
        h = F.tanh(self.l1(x)).reshape(-1, 3, 2, 2)
        return F.softmax_cross_entropy(self.l2(F.tanh(self.deconv(h))), t)


@pytest.fixture(params=[MLP, CNN, Deconvolution])
def problem(request):
    """A model in float64 and a batch for it."""
    np.random.seed(0)
    with chainer.using_config("dtype", np.float64):
        model = request.param()
    x = np.random.normal(size=(8, *model.shape))
    t = np.random.randint(0, 3, 8).astype("i")
    return model, x, t


def loss_of(model, x, t):
    np.random.seed(1)  # the same nodes drop out every time
    return model(x, t)


def numerical_gradient(f, array, step=1e-6):
    """Central differences of f() with regard to every element of an array that f reads."""
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        value = array[index]
        array[index] = value + step
        above = f()
        array[index] = value - step
        below = f()
        array[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


def test_a_step_follows_the_numerical_gradient(problem):
    model, x, t = problem
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(model)
    expected = {
        name: parameter.array
        - 0.1 * numerical_gradient(lambda: float(loss_of(model, x, t).array), parameter.array)
        for name, parameter in model.namedparams()
    }
    model.cleargrads()
    loss_of(model, x, t).backward()
    optimizer.update()
    for name, parameter in model.namedparams():
        np.testing.assert_allclose(parameter.array, expected[name], atol=1e-7, err_msg=name)


def test_the_loss_goes_down(problem):
    model, x, t = problem
    optimizer = chainer.optimizers.Adam(alpha=0.02).setup(model)
    with chainer.using_config("train", False):
        before = float(model(x, t).array)
    for _ in range(100):
        optimizer.update(model, x, t)
    with chainer.using_config("train", False):
        assert float(model(x, t).array) < before / 3
