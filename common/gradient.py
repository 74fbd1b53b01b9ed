"""The numerical gradient, and the check of backpropagation against it.

("Deep Learning from Scratch", sections 4.3 to 4.4 and 5.7.4)
"""
from collections import namedtuple

import numpy as np

from common.backend import get_array_module

GradientError = namedtuple("GradientError", "absolute relative")


def numerical_gradient(f, x, h=1e-4):
    """The gradient of f: its slope along each number, by central differences.

    f: function of the array x that returns one number.
    x: float array of any shape; each number is moved by h to both sides and
    put back. float64 is recommended: in float32 the difference of two losses
    keeps few digits.
    Returns an array like x. Costs two calls of f for each number in x.
    Raises TypeError where x cannot hold a small step (integers cannot).
    """
    _check_float(x)
    gradient = get_array_module(x).zeros_like(x)
    for index in np.ndindex(x.shape):
        gradient[index] = _slope(f, x, index, h)
    return gradient


def gradient_check(net, x, t, entries=50, seed=0):
    """Compare the gradient of backpropagation with the numerical one, parameter by parameter.

    net: a network of common.networks without dropout; it is copied to float64 and stays as it is.
    In the copy the biases are moved off 0: there a ReLU has a kink, and a black image meets it.
    x, t: a small batch with its labels. entries: how many numbers of each parameter are tried,
    drawn with seed; None tries all, which takes long.
    Returns {name: GradientError(absolute, relative)}: the largest difference, and that difference
    divided by the largest gradient. Right layers give less than 1e-5, a wrong one about 1.
    """
    net = net.astype(np.float64)
    rng = np.random.default_rng(seed)
    for name, param in net.params.items():
        if name.startswith("b"):
            param += get_array_module(param).asarray(0.1 * rng.standard_normal(param.shape))
    backprop = net.gradient(x, t)
    errors = {}
    for name, param in net.params.items():
        chosen = np.arange(param.size)
        if entries is not None and entries < param.size:
            chosen = rng.choice(param.size, entries, replace=False)
        indices = [np.unravel_index(i, param.shape) for i in chosen]
        numeric = np.array([
            _slope(lambda _: net.loss(x, t, train_flg=True), param, index, 1e-5)
            for index in indices])
        ours = np.array([float(backprop[name][index]) for index in indices])
        absolute = float(abs(numeric - ours).max())
        largest = float(max(abs(numeric).max(), abs(ours).max()))
        errors[name] = GradientError(absolute, absolute / max(largest, 1e-4))  # not 0 / 0
    return errors


def _slope(f, x, index, h):
    before = x[index].copy()
    try:
        x[index] = before + h
        above = float(f(x))
        x[index] = before - h
        below = float(f(x))
    finally:
        x[index] = before
    return (above - below) / (2 * h)


def _check_float(x):
    dtype = getattr(x, "dtype", None)
    if dtype is None or dtype.kind != "f":
        kind = type(x).__name__ if dtype is None else dtype
        raise TypeError(f"The numerical gradient needs an array of floats, but x is {kind}.")
