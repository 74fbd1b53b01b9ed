"""Pictures of chapter 00: arrays as tables with their axes, and the slope of a curve."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import arrow, counted, fit, number, numbers, on_white, table
from common.figures.style import describe
from common.figures.translation import NAME
from common.palette import COLORS


def tables(arrays, marked=None, axes_of=None):
    """Arrays side by side as tables, each with its name, its shape and its axes.

    arrays: dict from a name to an array of numbers with one or two axes.
    marked: dict from a name to a bool array of the same shape: these cells stand out.
    axes_of: the names whose axes are drawn as arrows; all where it is None.
    """
    fig, axes = plt.subplots()
    left, height, told = 0.0, 1, []
    for name, array in arrays.items():
        array = to_cpu(array)
        rows = np.atleast_2d(array)
        stands_out = None if marked is None or name not in marked else np.atleast_2d(marked[name])
        with_axes = axes_of is None or name in axes_of
        left += 1.4 if with_axes and array.ndim == 2 else 0.3
        table(axes, rows, (left, 0), "input", marked=stands_out)
        middle = left + rows.shape[1] / 2
        axes.text(middle, -1.0 if with_axes else -0.3, name, ha="center", va="bottom",
                  fontsize=13, gid=NAME)
        axes.text(middle, len(rows) + 0.25, f"shape {array.shape}", ha="center", va="top",
                  color=COLORS["neutral"])
        if with_axes:
            _axis_arrows(axes, left, rows.shape, array.ndim)
        left += rows.shape[1] + 0.9
        height = max(height, len(rows))
        told.append(_in_words(name, array, stands_out))
    fit(fig, axes, (-0.1, left), (height + 1.0, -1.9))
    return describe(fig, " ".join(told))


def _axis_arrows(axes, left, shape, ndim):
    """The arrows that say in which direction each axis counts."""
    last = ndim - 1
    end = left + max(shape[1], 1)
    arrow(axes, (left, -0.25), (end, -0.25), "output")
    on_white(axes, (left + end) / 2, -0.62, f"axis {last}", "output", fontsize=10)
    if ndim == 2:
        arrow(axes, (left - 0.25, 0), (left - 0.25, shape[0]), "wrong")
        axes.text(left - 0.45, shape[0] / 2, "axis 0", color=COLORS["wrong"], rotation=90,
                  ha="right", va="center", fontsize=10)


def _in_words(name, array, stands_out):
    rows = np.atleast_2d(array)
    text = f"{name}, shape {array.shape}: {'; '.join(numbers(row) for row in rows)}."
    if stands_out is not None:
        text += f" Marked: {numbers(rows[stands_out]) if stands_out.any() else 'nothing'}."
    return text


def along(array, axis, result, name):
    """A table, and what becomes of it along one axis: below it for axis 0, beside it for axis 1.

    array: (rows, columns). result: what `name` gives along `axis`: (columns,) or (rows,).
    """
    array, result = to_cpu(array), to_cpu(result)
    rows, columns = array.shape
    fig, axes = plt.subplots()
    table(axes, array, (0, 0), "input")
    if axis == 0:
        for column in range(columns):
            arrow(axes, (column + 0.5, rows + 0.1), (column + 0.5, rows + 0.8), "wrong")
        table(axes, result[None, :], (0, rows + 0.9), "output")
        fit(fig, axes, (-0.2, columns + 4.2), (rows + 2.1, -0.7))
        axes.text(columns + 0.3, rows + 1.4, f"{name}(axis=0)", va="center",
                  color=COLORS["output"])
    else:
        for row in range(rows):
            arrow(axes, (columns + 0.1, row + 0.5), (columns + 0.8, row + 0.5), "wrong")
        table(axes, result[:, None], (columns + 0.9, 0), "output")
        fit(fig, axes, (-0.2, columns + 5.2), (rows + 0.4, -0.7))
        axes.text(columns + 2.2, rows / 2, f"{name}(axis=1)", va="center",
                  color=COLORS["output"])
    way = "down each column" if axis == 0 else "along each row"
    return describe(fig, f"A table of {counted(rows, 'row')} and {counted(columns, 'column')}: "
                         f"{'; '.join(numbers(row) for row in array)}. {name}(axis={axis}) goes "
                         f"{way} and gives {numbers(result)}.")


def slope(f, x, width, domain, name="y"):
    """A curve, and the straight line through its points at x − width and x + width.

    f: a function of an array of numbers. x, width: floats. domain: (from, to) of the curve.
    """
    xs = np.linspace(*domain, 200)
    ends = np.array([x - width, x + width])
    low, high = f(ends)
    rise = (high - low) / (2 * width)
    fig, axes = plt.subplots(figsize=(6.4, 4))
    axes.plot(xs, f(xs), color=COLORS["input"])
    axes.plot(xs, low + rise * (xs - ends[0]), color=COLORS["wrong"], linewidth=1.5)
    axes.plot(ends, [low, high], "o", color=COLORS["wrong"])
    values = f(xs)
    room = 0.15 * (values.max() - values.min() or 1.0)
    axes.set(xlabel="x", ylabel=name, xlim=domain,
             ylim=(values.min() - room, values.max() + room),
             title=f"from x = {number(ends[0], '.3g')} to {number(ends[1], '.3g')}: "
                   f"slope {number(rise, '.3f')}")
    return describe(fig, f"A curve from x = {number(domain[0])} to {number(domain[1])}, and the "
                         f"straight line through its points at {number(ends[0], '.3g')} and "
                         f"{number(ends[1], '.3g')}, where it is {number(low, '.3g')} and "
                         f"{number(high, '.3g')}: the slope of the line is "
                         f"{number(rise, '.3f')}.")
