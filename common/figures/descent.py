"""Pictures of the way downhill: slopes, gradients, and paths over a surface."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from common.backend import to_cpu
from common.figures.kit import counted
from common.figures.style import COLORS, describe
from common.figures.wall import grid

LINES = ("-", "--", "-.", ":")
HUES = ("input", "wrong", "output", "weight")
MARKS = ("o", "s", "^", "D")
START = {"marker": "s", "color": COLORS["wrong"], "markersize": 8, "linestyle": ""}
END = {"marker": "X", "color": COLORS["wrong"], "markersize": 10, "linestyle": ""}
LOWEST = {"marker": "*", "color": COLORS["right"], "markersize": 14, "linestyle": ""}


def secants(f, x, steps):
    """The curve of a function and lines through two of its points, for ever smaller steps.

    f: a function of an array. x: where the slope is wanted. steps: widths h, four at most.
    """
    fig, axes = plt.subplots(figsize=(7, 4))
    wide = np.linspace(x - 1.5 * max(steps), x + 1.5 * max(steps), 200)
    axes.plot(wide, f(wide), color=COLORS["neutral"], linewidth=3)
    told, apart, near = [], {}, x + min(steps) * np.linspace(-1, 1, 21)
    for h, line, hue, mark in zip(steps, LINES, HUES, MARKS):
        slope = (f(x + h) - f(x - h)) / (2 * h)
        middle = (f(x + h) + f(x - h)) / 2
        axes.plot(wide, middle + slope * (wide - x), line, color=COLORS[hue], linewidth=1.6,
                  label=f"$h$ = {h:g}: slope {slope:.3f}")
        ends = np.array([x - h, x + h])
        axes.plot(ends, f(ends), mark, color=COLORS[hue])
        told.append(f"h = {h:g}: {slope:.3f}")
        apart[h] = abs(f(near) - middle - slope * (near - x)).max()
    axes.set(xlabel="$x$", ylabel="$f(x)$")
    fig.legend(loc="outside upper center", ncols=len(steps), columnspacing=1.2)
    gaps = [apart[h] for h in sorted(apart)]
    closer = bool(len(gaps) > 1 and gaps[0] > 1e-12 and all(np.diff(gaps) > 0))
    return describe(fig, (
        f"A curve and lines through its points at x - h and x + h around x = {x:g}. "
        + "The smaller h, the closer the line lies to the curve. " * closer
        + f"Slopes: {'; '.join(told)}."))


def gradient_arrows(x, gradient):
    """Arrows against the gradient, over the plane: which way is down, and how steep.

    x: points, (n, 2). gradient: at each of them, (n, 2).
    """
    x, down = to_cpu(x), -to_cpu(gradient)
    fig, axes = plt.subplots(figsize=(5.4, 5))
    axes.quiver(*x.T, *down.T, angles="xy", color=COLORS["weight"], width=0.006)
    axes.plot(0, 0, "*", color=COLORS["right"], markersize=16)
    axes.set(xlabel="$x_0$", aspect="equal")
    axes.set_ylabel("$x_1$", rotation=0)
    lengths, out = np.linalg.norm(down, axis=1), np.linalg.norm(x, axis=1)
    grow = all(np.diff(lengths[np.lexsort((lengths, out.round(3)))]) >= -0.01 * lengths.max())
    inwards = int(((down * x).sum(axis=1) < 0).sum())
    return describe(fig, (
        f"{counted(len(x), 'arrow')} over the plane, against the gradient. {inwards} of "
        "them point inwards, to the star at (0, 0), and "
        + ("they are longer the farther out they start: from " if grow and np.ptp(lengths)
           else "their lengths go from ") + f"{lengths.min():.1f} to {lengths.max():.1f}."))


def descent_on_surface(f, path, limit=5.0):
    """A path downhill, on the surface in space and on its map.

    f: a function of an array (..., 2). path: points, (steps, 2). limit: of both axes.
    """
    path = to_cpu(path)
    side = np.linspace(-limit, limit, 61)
    plane = np.stack(np.meshgrid(side, side), axis=-1)
    fig = plt.figure(figsize=(8, 4.3))
    space = fig.add_subplot(1, 2, 1, projection="3d", computed_zorder=False)
    space.plot_surface(*np.moveaxis(plane, -1, 0), f(plane), cmap="cividis", alpha=0.65,
                       linewidth=0, rcount=20, ccount=20)
    space.plot(*path.T, f(path), "o-", color=COLORS["wrong"], markersize=4, linewidth=1.5)
    space.set(xlabel="$x_0$", ylabel="$x_1$", zlabel="$f$", title="the surface")
    space.set_box_aspect(None, zoom=0.92)
    _map(fig.add_subplot(1, 2, 2), f, path, (limit, limit), "its map")
    _legend(fig)
    bowl = bool(abs(_lowest(f, (limit, limit))).max() < limit)
    where = "down its wall" if bowl and f(path[-1]) < f(path[0]) else "on it"
    return describe(fig, (
        f"Left, a surface{' like a bowl' * bowl} with a path of {counted(len(path) - 1, 'step')} "
        f"{where}. Right, the same path on a map whose lines join points of equal height. "
        f"{_path_in_words(f, path)}"))


def descents(f, paths, limits=(5.0, 5.0)):
    """Paths downhill on the map of a surface, one panel for each; four at most.

    f: a function of an array (..., 2). paths: dict from a title to points, (steps, 2).
    limits: of the two axes, both ways. A path is drawn until it leaves the map.
    """
    rows, columns = grid(len(paths))
    wide = 5 if columns == 1 else 8
    high = rows * (wide / columns * min(1.0, limits[1] / limits[0] * 1.6) + 0.5) + 0.4
    fig, panels = plt.subplots(rows, columns, figsize=(wide, high), squeeze=False, sharex=True,
                               sharey=True)
    told = []
    for axes, (title, path) in zip(panels.flat, paths.items()):
        path = to_cpu(path)
        left = _map(axes, f, path, limits, title)
        told.append(f"{title}: {_path_in_words(f, path, left)}".replace("\n", ", "))
    for axes in panels.flat:
        axes.label_outer()
    _legend(fig)
    return describe(fig, (
        "Paths downhill on a map whose lines join points of equal height; a square marks the "
        f"start, a cross the end, a star the lowest point. {' '.join(told)}"))


def _plane(limits):
    """Points of a map: both sides, and the points, (121, 121, 2)."""
    sides = [np.linspace(-limit, limit, 121) for limit in limits]
    return sides, np.stack(np.meshgrid(*sides), axis=-1)


def _lowest(f, limits):
    """Return the lowest point of a map."""
    plane = _plane(limits)[1].reshape(-1, 2)
    return plane[f(plane).argmin()]


def _map(axes, f, path, limits, title):
    """Draw the lines of equal height and a path; return the step that leaves the map, or None."""
    sides, plane = _plane(limits)
    axes.contour(*sides, np.sqrt(f(plane)), levels=5, colors="#9aa5ac", linewidths=1,
                 antialiased=False)  # half the size of the picture
    outside = (abs(path) > limits).any(axis=1) | ~np.isfinite(path).all(axis=1)
    left = int(outside.argmax()) if outside.any() else None
    seen = path if left is None else path[:left + 1]
    axes.plot(*seen.T, ".-", color=COLORS["wrong"], linewidth=1.3, markersize=5)
    axes.plot(*_lowest(f, limits), **LOWEST)
    axes.plot(*seen[0], **START)
    if left is None:
        axes.plot(*seen[-1], **END)
    else:
        axes.text(0.5, 0.03, f"leaves the map at step {left}", transform=axes.transAxes,
                  ha="center", color=COLORS["wrong"], fontsize=10.5,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    axes.set(title=title, xlabel="$x_0$", xlim=(-limits[0], limits[0]),
             ylim=(-limits[1], limits[1]))
    axes.set_ylabel("$x_1$", rotation=0)
    axes.grid(visible=False)
    if limits[0] == limits[1]:
        far = int(0.8 * limits[0])
        axes.set(aspect="equal", xticks=[-far, 0, far], yticks=[-far, 0, far])
    return left


def _legend(fig):
    marks = (("start", START), ("end", END), ("lowest point", LOWEST))
    fig.legend([Line2D([], [], **mark) for _, mark in marks], [name for name, _ in marks],
               loc="outside upper center", ncols=3, fontsize=11)


def _path_in_words(f, path, left=None):
    first, last = float(f(path[0])), float(f(path[-1]))
    words = f"From height {first:.2f} to {last:.2g} in {counted(len(path) - 1, 'step')}"
    return words + (f"; it leaves the map at step {left}." if left is not None else ".")
