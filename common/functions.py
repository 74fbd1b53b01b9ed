"""Activation functions and the functions of the output layer.

They take one row or a batch, NumPy or CuPy, and keep the dtype of floating-point input.
The names are those of "Deep Learning from Scratch", chapters 2 and 3.
"""
import numpy as np

from common.backend import get_array_module


def step(x):
    """Step function: 1 where x > 0, else 0.

    x: array of any shape, or a number. Returns the same shape.
    At 0 it gives 0, as in "Deep Learning from Scratch", section 3.2.
    """
    x = _as_float(x)
    return (x > 0).astype(x.dtype)


def sigmoid(x):
    """Sigmoid function 1 / (1 + exp(-x)): a smooth step between 0 and 1.

    x: array of any shape, or a number. Returns the same shape.
    It never overflows: exp is only taken of numbers that are not positive.
    """
    x = _as_float(x)
    xp = get_array_module(x)
    e = xp.exp(-abs(x))
    return xp.where(x >= 0, 1, e) / (1 + e)


def relu(x):
    """Rectified linear unit: x where x > 0, else 0.

    x: array of any shape, or a number. Returns the same shape.
    """
    x = _as_float(x)
    return get_array_module(x).maximum(x, 0)


def identity(x):
    """The input as it is: the output function of regression."""
    return x


def softmax(a):
    """Softmax of the last axis: exp(a) divided by its sum, so each row sums to 1.

    a: logits, (classes,) or (batch, classes). Returns probabilities of the same shape.
    Raises ValueError where there is no class.
    It never overflows: the largest logit of a row is subtracted first, which changes nothing
    ("Deep Learning from Scratch", section 3.5.2).
    """
    a = _as_float(a)
    if a.ndim == 0 or a.shape[-1] == 0:
        raise ValueError(f"softmax needs at least one class, but the logits have shape {a.shape}.")
    xp = get_array_module(a)
    with np.errstate(over="ignore"):  # a difference beyond the largest float becomes -inf: exp is 0
        e = xp.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _as_float(x):
    """Return x as an array of floating-point numbers, or say why it cannot be one."""
    x = get_array_module(x).asarray(x)
    if x.dtype.kind in "biu":
        return x.astype(np.float64)  # as NumPy's own functions do
    if x.dtype.kind != "f":
        raise TypeError(f"An array of real numbers is needed, but the dtype is {x.dtype}.")
    return x
