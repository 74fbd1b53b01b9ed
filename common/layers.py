"""Layers: each has forward(x), and backward(dout), which hands the gradient of the loss back.

dout is the gradient of the loss for the layer's output; backward returns that for its input and
keeps those for its parameters. NumPy or CuPy; the dtype stays what it is.
("Deep Learning from Scratch", chapters 5 to 7)
"""
import numpy as np

from common.backend import get_array_module
from common.convolution import Convolution, Pooling, col2im, im2col  # noqa: F401
from common.functions import label_indices, relu, sigmoid
from common.printing import Printable


class Relu(Printable):
    """max(x, 0): the gradient passes where x > 0 and stops elsewhere."""

    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = relu(x)
        return self.out

    def backward(self, dout):
        return dout * (self.out > 0)


class Sigmoid(Printable):
    """1 / (1 + exp(-x)), whose gradient y (1 - y) needs only the output."""

    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)


class Affine(Printable):
    """x W + b, with W (inputs, outputs) and b (outputs,).

    After backward, dW and db hold the gradients of W and b.
    x: (N, inputs), one row (inputs,), or images (N, C, H, W) of that size.
    input_gradient=False is for the first layer, whose images need no
    gradient: backward gives None.
    """

    def __init__(self, W, b, input_gradient=True):
        self.W, self.b = W, b
        self.input_gradient = input_gradient
        self.dW = self.db = None
        self.x = self.x_shape = None

    def forward(self, x):
        inputs, outputs = self.W.shape
        rows = x.reshape(1 if x.ndim < 2 else len(x), -1)
        if rows.shape[1] != inputs:
            raise ValueError(f"The layer takes {inputs} numbers a row, "
                             f"but x has shape {x.shape}.")
        self.x, self.x_shape = rows, x.shape
        out = rows @ self.W
        out += self.b
        return out if x.ndim > 1 else out[0]

    def backward(self, dout):
        dout = dout.reshape(len(self.x), -1)
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        if not self.input_gradient:
            return None
        return (dout @ self.W.T).reshape(self.x_shape)


class SoftmaxWithLoss(Printable):
    """Softmax and cross entropy in one: their gradient is (y - t) / N.

    The loss is taken from the logits, so it is right even where a
    probability rounds to 0.
    """

    def __init__(self):
        self.y = self.t = self.rows = None

    def forward(self, x, t):
        """Return the mean loss of logits x, (N, classes).

        t: the right classes, as indices (N,) or one-hot (N, classes).
        """
        if x.ndim != 2:
            raise ValueError("The logits must be (batch, classes), "
                             f"but their shape is {x.shape}.")
        xp = get_array_module(x)
        self.t = label_indices(t, x)
        self.rows = xp.arange(len(x))
        shifted = x - x.max(axis=1, keepdims=True)
        total = xp.exp(shifted).sum(axis=1, keepdims=True)
        log_y = shifted - xp.log(total)
        self.y = xp.exp(log_y)
        return -log_y[self.rows, self.t].mean()

    def backward(self, dout=1):
        dx = self.y.copy()
        dx[self.rows, self.t] -= 1
        return dx * (dout / len(dx))


class Dropout(Printable):
    """In training, set a share of the numbers to 0, drawn anew each time.

    What stays is divided by the share that stays, as Chainer does, so that the
    mean is kept. (The book multiplies in inference instead.) rng: a generator
    or a seed.
    """

    def __init__(self, dropout_ratio=0.5, rng=0):
        if not 0 <= dropout_ratio < 1:
            raise ValueError("The dropout ratio must be from 0 to below 1, "
                             f"not {dropout_ratio}.")
        self.dropout_ratio = dropout_ratio
        self.rng = np.random.default_rng(rng)
        self.mask = None

    def forward(self, x, train_flg=True):
        if not train_flg:
            self.mask = 1
            return x
        stays = self.rng.random(x.shape, np.float32) >= self.dropout_ratio
        scale = 1 / (1 - self.dropout_ratio)
        mask = stays.astype(x.dtype) * x.dtype.type(scale)
        self.mask = get_array_module(x).asarray(mask)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class BatchNormalization(Printable):
    """Give each feature of the batch mean 0 and variance 1, then scale by gamma and move by beta.

    gamma, beta: (features,). x: (N, features), or images (N, features, H, W), where a channel
    is a feature. momentum: how slowly the running averages follow, which stand in for the
    batch's own mean and variance in inference. (Ioffe and Szegedy 2015; eps as in Chainer)
    """

    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None, eps=2e-5):
        xp = get_array_module(gamma)
        self.gamma, self.beta = gamma, beta
        self.momentum, self.eps = momentum, eps
        self.running_mean = xp.zeros_like(gamma) if running_mean is None else running_mean
        self.running_var = xp.ones_like(gamma) if running_var is None else running_var
        self.dgamma = self.dbeta = None
        self.axes = self.shape = self.std = self.xn = None
        self.train_flg = False

    def forward(self, x, train_flg=True):
        if x.ndim not in (2, 4) or x.shape[1] != len(self.gamma):
            raise ValueError(f"Batch normalisation takes (N, {len(self.gamma)}) or "
                             f"(N, {len(self.gamma)}, H, W), but x has shape {x.shape}.")
        # A feature's numbers lie along axes; shape lets (features,) meet x.
        self.axes, self.shape = ((0,), (1, -1)) if x.ndim == 2 else ((0, 2, 3), (1, -1, 1, 1))
        self.train_flg = train_flg
        if train_flg:
            mean, var = x.mean(axis=self.axes), x.var(axis=self.axes)
            self._follow(mean, var, x.size // len(mean))
        else:
            mean, var = self.running_mean, self.running_var
        self.std = get_array_module(x).sqrt(var + self.eps).reshape(self.shape)
        self.xn = (x - mean.reshape(self.shape)) / self.std
        return self.gamma.reshape(self.shape) * self.xn + self.beta.reshape(self.shape)

    def backward(self, dout):
        self.dbeta = dout.sum(axis=self.axes)
        self.dgamma = (dout * self.xn).sum(axis=self.axes)
        dxn = dout * self.gamma.reshape(self.shape)
        if self.train_flg:  # x moves the mean and the variance too: those parts are taken away
            dxn = (dxn - dxn.mean(axis=self.axes, keepdims=True)
                   - self.xn * (dxn * self.xn).mean(axis=self.axes, keepdims=True))
        return dxn / self.std

    def _follow(self, mean, var, count):
        self.running_mean *= self.momentum
        self.running_mean += (1 - self.momentum) * mean
        # count / (count - 1): the variance of a sample, as an estimate of that of all data
        self.running_var *= self.momentum
        self.running_var += (1 - self.momentum) * count / max(count - 1, 1) * var
