"""Activation functions, the functions of the output layer, and the losses.

They take one row or a batch, NumPy or CuPy, and keep the dtype of floating-point input.
The names are those of "Deep Learning from Scratch", chapters 2 to 4.
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
    """Softmax of the last axis: exp(a) divided by its sum. Each row sums to 1.

    a: logits, (classes,) or (batch, classes). Returns probabilities of the
    same shape.
    Raises ValueError where there is no class.
    It never overflows: the largest logit of a row is subtracted first, which
    changes nothing ("Deep Learning from Scratch", section 3.5.2).
    """
    a = _as_float(a)
    if a.ndim == 0 or a.shape[-1] == 0:
        raise ValueError("softmax needs at least one class, but the logits "
                         f"have shape {a.shape}.")
    xp = get_array_module(a)
    # A difference beyond the largest float becomes -inf, and its exp is 0.
    with np.errstate(over="ignore"):
        e = xp.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def mean_squared_error(y, t):
    """Half the sum of the squared differences, averaged over the batch.

    y: outputs, (outputs,) or (batch, outputs).
    t: what they should be, of the same shape.
    Returns one number. Raises ValueError where the shapes differ.
    ("Deep Learning from Scratch", section 4.2.1, for each row: the half
    makes the gradient y - t.)
    """
    y = _as_float(y)
    xp = get_array_module(y)
    t = _as_float(xp.asarray(t)).astype(y.dtype, copy=False)
    if y.ndim == 0 or y.shape != t.shape:
        raise ValueError("y and t must have the same shape, "
                         f"but they are {y.shape} and {t.shape}.")
    return (0.5 * (y - t) ** 2).sum(axis=-1).mean()


def cross_entropy_error(y, t):
    """Minus the log of the right class's probability, averaged over the batch.

    y: probabilities, (classes,) or (batch, classes).
    t: the right class of each row, as an index or one-hot.
    Returns one number, finite even where a probability is 0: the log is then
    taken of the smallest positive float. Raises as label_indices does.
    """
    y = _as_float(y)
    xp = get_array_module(y)
    labels = label_indices(t, y)
    rows = y.reshape(-1, y.shape[-1])
    right = rows[xp.arange(labels.size), labels]
    return -xp.log(xp.maximum(right, np.finfo(y.dtype).tiny)).mean()


def label_indices(t, y):
    """Return the right class of each row of y as indices (rows,), from indices or one-hot rows.

    t: for y of shape (batch, classes) either (batch,) whole numbers or (batch, classes) one-hot;
    for one row (classes,) a whole number or (classes,) one-hot.
    Raises ValueError for another shape, a class that y lacks, or rows that are not one-hot,
    and TypeError for indices that are not whole numbers.
    """
    xp = get_array_module(y)
    t = xp.asarray(t)
    if y.ndim not in (1, 2) or y.size == 0:
        raise ValueError(f"y must be (classes,) or (batch, classes), but its shape is {y.shape}.")
    classes = y.shape[-1]
    if t.shape == y.shape:
        if not bool(((t == 0) | (t == 1)).all() & ((t == 1).sum(axis=-1) == 1).all()):
            raise ValueError(
                f"t has the shape {t.shape} of y, so each row must be one-hot: a single 1, else 0.")
        return t.reshape(-1, classes).argmax(axis=1)
    if t.shape != y.shape[:-1]:
        raise ValueError(
            f"For y of shape {y.shape}, t must hold indices {y.shape[:-1]} or one-hot rows "
            f"{y.shape}, but its shape is {t.shape}.")
    if t.dtype.kind not in "iu":
        raise TypeError(f"Labels as indices must be whole numbers, but t is {t.dtype}.")
    if int(t.min()) < 0 or int(t.max()) >= classes:
        raise ValueError(
            f"Labels must be from 0 to {classes - 1}, but t reaches from {t.min()} to {t.max()}.")
    return t.reshape(-1)


def _as_float(x):
    """Return x as an array of floating-point numbers, or say why it cannot be one."""
    x = get_array_module(x).asarray(x)
    if x.dtype.kind in "biu":
        return x.astype(np.float64)  # as NumPy's own functions do
    if x.dtype.kind != "f":
        raise TypeError(f"An array of real numbers is needed, but the dtype is {x.dtype}.")
    return x
