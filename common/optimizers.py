"""Optimizers: how far each parameter goes against its gradient.

Each has update(params, grads): dicts of arrays with the same names, NumPy or CuPy.
The parameters are changed in place and keep their dtype.
The formulas are those of "Deep Learning from Scratch", section 6.1, and of Chainer.
"""
import math

from common.backend import get_array_module
from common.printing import Printable


class SGD(Printable):
    """Stochastic gradient descent: W ← W − lr · dW."""

    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for _, param, grad in _pairs(params, grads):
            param -= self.lr * grad


class Momentum(Printable):
    """A ball in a valley: v ← momentum · v − lr · dW, then W ← W + v."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for name, param, grad in _pairs(params, grads):
            v = _state(self.v, name, param)
            v *= self.momentum
            v -= self.lr * grad
            param += v


class AdaGrad(Printable):
    """Smaller steps where the gradient was large.

    h ← h + dW², then W ← W − lr · dW / √h.
    """

    def __init__(self, lr=0.01, eps=1e-8):
        self.lr = lr
        self.eps = eps  # no division by 0 where dW has always been 0
        self.h = {}

    def update(self, params, grads):
        for name, param, grad in _pairs(params, grads):
            h = _state(self.h, name, param)
            h += grad * grad
            xp = get_array_module(h)
            param -= self.lr * grad / (xp.sqrt(h) + self.eps)


class Adam(Printable):
    """A moving average m of the gradient, divided by √v, that of its square.

    Both averages start at 0, so they are too small at first; the step is
    corrected for it. (Kingma and Ba 2014)
    """

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.iter = 0
        self.m = {}
        self.v = {}

    def update(self, params, grads):
        self.iter += 1
        lr = self.lr * math.sqrt(1 - self.beta2 ** self.iter)
        lr /= 1 - self.beta1 ** self.iter
        for name, param, grad in _pairs(params, grads):
            m = _state(self.m, name, param)
            v = _state(self.v, name, param)
            m += (1 - self.beta1) * (grad - m)
            v += (1 - self.beta2) * (grad * grad - v)
            xp = get_array_module(v)
            param -= lr * m / (xp.sqrt(v) + self.eps)


def _pairs(params, grads):
    """Yield (name, parameter, gradient), or say which gradient is missing or of a wrong shape."""
    for name, param in params.items():
        if name not in grads:
            raise KeyError(f"The parameter {name} has no gradient; there are {sorted(grads)}.")
        if grads[name].shape != param.shape:
            raise ValueError(f"The gradient of {name} must be {param.shape}, "
                             f"but its shape is {grads[name].shape}.")
        yield name, param, grads[name]


def _state(states, name, param):
    """Return the array that the optimizer keeps for a parameter; zeros at first."""
    if name not in states:
        states[name] = get_array_module(param).zeros_like(param)
    return states[name]
