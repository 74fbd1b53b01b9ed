"""What the check cells of an assignment show of an answer."""
from collections.abc import Callable
from typing import Any

import numpy as np
from IPython.display import display

from assignments import CHECK
from common.language import _

MOST = 200  # values of an array that are written out
KINDS = [((bool, np.bool_), "true or false"), ((int, np.integer), "whole number"),
         ((float, np.floating), "number"), (str, "text")]  # in this order: True is an int too


def show(label: str, value: Any, hints: dict[str, Callable[[Any], Any]] | None = None,
         shape: tuple[int, ...] | None = None, dtype: bool = True, digits: int = 4) -> None:
    """Show an answer: its kind, dtype and shape, its values rounded, and at most one hint.

    value: a number, an array (NumPy, CuPy, or in a Chainer Variable), text, or a list of these.
    hints: {sentence: test}, the first whose test(value) is true is shown; a test that fails to
    run is passed over. shape: what it should be, where the reader may know. dtype: False where it
    does not matter. digits: significant ones. The text is the same with every version of NumPy.
    """
    lines = [f"{label}: {_kind(value, dtype)}", *_values(value, digits)]
    hint = _hint(value, hints or {}, shape)
    if hint:
        lines.append(_("Hint: ") + hint)
    display({"text/plain": "\n".join(lines)}, raw=True, metadata={CHECK: True})


def _array(value):
    """The NumPy array in a value, or None where there is none."""
    value = getattr(value, "array", value)                   # a Chainer Variable
    value = value.get() if hasattr(value, "get") and hasattr(value, "dtype") else value  # CuPy
    return np.asarray(value) if isinstance(value, (np.ndarray, np.generic)) else None


def _kind(value, dtype):
    array = _array(value)
    if array is None or array.ndim == 0:
        plain = value if array is None else array[()]
        for types, name in KINDS:
            if isinstance(plain, types):
                return name
        if isinstance(value, (list, tuple)):
            return f"{type(value).__name__} of {len(value)}"
        return "nothing (None)" if value is None else type(value).__name__
    kind = "Variable" if hasattr(value, "array") else "array"
    return kind + (f" of {array.dtype}" if dtype else "") + f", shape {array.shape}"


def _values(value, digits):
    array = _array(value)
    if array is None:
        return [] if value is None or callable(value) else ["  " + _plain(value, digits)]
    if array.size > MOST and array.dtype.kind in "biuf":
        flat = array.ravel().astype(float)
        ramp = np.linspace(-1, 1, flat.size)  # tells the same values in another order
        return [f"  from {_plain(flat.min(), digits)} to {_plain(flat.max(), digits)}, mean "
                f"{_plain(flat.mean(), digits)}, weighted by position "
                f"{_plain((flat * ramp).mean(), digits)}"]
    rows = array.reshape(-1, array.shape[-1]) if array.ndim > 1 and array.size else [array]
    return ["  " + _plain(row.tolist(), digits) for row in rows]


def _plain(value, digits):
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(_plain(item, digits) for item in value) + "]"
    if isinstance(value, (float, np.floating)):
        text = f"{float(value):.{digits}g}"
        return "0" if text == "-0" else text
    array = _array(value)
    if array is not None:
        return _plain(array.tolist(), digits)
    return str(value) if isinstance(value, (str, int)) else type(value).__name__


def _hint(value, hints, shape):
    array = _array(value)
    if value is None:
        return _("The answer is None. Does the function return its result?")
    if callable(value) and array is None and not hasattr(value, "array"):
        return _("This is a function that was not called.")
    for sentence, test in hints.items():
        try:
            if test(value):
                return _(sentence)
        except Exception:  # a test written for arrays says nothing of a list
            continue
    if shape is not None and (array is None or array.shape != shape):
        told = (_("The answer is no array, but {shape} is needed.") if array is None
                else _("The answer has the shape {now}, but {shape} is needed."))
        return (told.format(shape=shape, now=getattr(array, "shape", None)) + " "
                + _("Look at the axis, and at keepdims."))
    if array is not None and array.dtype.kind == "f" and np.isnan(array).any():
        return _("There is nan in it: something overflowed, or was divided by zero.")
    return None
