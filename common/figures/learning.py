"""Pictures of chapter 06: losses, slopes, the way downhill, batches, and curves of learning."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.style import COLORS, describe

LINES = ("-", "--", "-.", ":")
HUES = ("input", "wrong", "output", "weight")
MARKS = ("o", "s", "^", "D")


def squared_errors(x, t, lines):
    """Data and some lines through it, the squares of the errors, and the loss, half their mean.

    x, t: data, each (n,). lines: list of (title, slope, start), one panel for each.
    """
    fig, panels = plt.subplots(1, len(lines), figsize=(8, 4), sharex=True, sharey=True,
                               squeeze=False)
    ends, told = np.array([x.min() - 0.5, x.max() + 0.5]), []
    for axes, (title, slope, start) in zip(panels[0], lines):
        axes.plot(ends, start + slope * ends, color=COLORS["output"])
        for x_n, t_n, y_n in zip(x, t, start + slope * x):
            side = y_n - t_n
            axes.add_patch(plt.Rectangle((x_n, t_n), side, side, facecolor="#f3d9cc",
                                         edgecolor=COLORS["wrong"], hatch="//", linewidth=1))
        axes.plot(x, t, "o", color=COLORS["input"], zorder=3)
        loss = np.mean((start + slope * x - t) ** 2) / 2
        axes.set_title(f"{title}\nloss {loss:.3f}")
        axes.set(xlabel="$x$", aspect="equal")
        told.append(f"{title}: loss {loss:.3f}".replace("$", ""))
    panels[0, 0].set_ylabel("$t$", rotation=0)
    return describe(fig, (
        f"{len(x)} points and a line in each of {len(lines)} panels. From each point a hatched "
        f"square reaches to the line: its side is the error. {'; '.join(told)}."))


def cross_entropy_curve(probabilities):
    """The loss -log(y) against the probability y of the right class, with some points marked."""
    y = np.linspace(0.005, 1, 400)
    fig, axes = plt.subplots(figsize=(7, 3.8))
    axes.plot(y, -np.log(y), color=COLORS["neutral"])
    told = []
    for p, mark in zip(probabilities, MARKS):
        axes.plot(p, -np.log(p), mark, color=COLORS["output"], markersize=9)
        axes.annotate(f"$y$ = {p:g}: loss {-np.log(p):.2f}", (p, -np.log(p)), (9, 9),
                      textcoords="offset points")
        told.append(f"{-np.log(p):.2f} at {p:g}")
    axes.set(xlabel="probability $y$ that the network gives to the right class",
             ylabel="loss  $-\\log y$", xlim=(0, 1.19), ylim=(-0.15, 5.3),
             xticks=np.linspace(0, 1, 6))
    return describe(fig, (
        "The loss -log(y) falls from far above 5 near y = 0 to 0 at y = 1. Marked points: "
        f"{', '.join(told)}."))


def accuracy_and_loss(weights, accuracies, losses):
    """How accuracy and loss change while one weight is turned, one above the other.

    weights, accuracies, losses: each (n,).
    """
    fig, (upper, lower) = plt.subplots(2, 1, figsize=(7, 4.6), sharex=True)
    upper.step(weights, accuracies, where="mid", color=COLORS["right"])
    upper.set(ylabel="accuracy", ylim=(-0.05, 1.1))
    lower.plot(weights, losses, color=COLORS["wrong"])
    best = int(np.argmin(losses))
    lower.plot(weights[best], losses[best], "D", color=COLORS["wrong"], markersize=9)
    lower.set(ylabel="loss", xlabel="weight $w$")
    lower.margins(y=0.15)
    steps = int(np.count_nonzero(np.diff(accuracies)))
    return describe(fig, (
        f"Above, the accuracy while a weight goes from {weights[0]:g} to {weights[-1]:g}: a "
        f"staircase, flat everywhere but at {steps} jumps. Below, the loss: a smooth curve with "
        f"its lowest point, a diamond, at {weights[best]:.2f}."))


def secants(f, x, steps):
    """The curve of a function and lines through two of its points, for ever smaller steps.

    f: a function of an array. x: where the slope is wanted. steps: widths h, four at most.
    """
    fig, axes = plt.subplots(figsize=(7, 4))
    wide = np.linspace(x - 1.5 * max(steps), x + 1.5 * max(steps), 200)
    axes.plot(wide, f(wide), color=COLORS["neutral"], linewidth=3)
    told = []
    for h, line, hue, mark in zip(steps, LINES, HUES, MARKS):
        slope = (f(x + h) - f(x - h)) / (2 * h)
        middle = (f(x + h) + f(x - h)) / 2
        axes.plot(wide, middle + slope * (wide - x), line, color=COLORS[hue], linewidth=1.6,
                  label=f"$h$ = {h:g}: slope {slope:.3f}")
        ends = np.array([x - h, x + h])
        axes.plot(ends, f(ends), mark, color=COLORS[hue])
        told.append(f"h = {h:g}: {slope:.3f}")
    axes.set(xlabel="$x$", ylabel="$f(x)$")
    fig.legend(loc="outside upper center", ncols=len(steps), columnspacing=1.2)
    return describe(fig, (
        f"A curve and lines through its points at x - h and x + h around x = {x:g}. The smaller "
        f"h, the closer the line lies to the curve. Slopes: {'; '.join(told)}."))


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
    lengths = np.linalg.norm(down, axis=1)
    inwards = int(((down * x).sum(axis=1) < 0).sum())
    return describe(fig, (
        f"{len(x)} arrows over the plane, against the gradient. {inwards} of them point inwards, "
        f"to the star at (0, 0), and they are longer the farther out they start: from "
        f"{lengths.min():.1f} to {lengths.max():.1f}."))


def descent_on_surface(f, path, limit=5.0):
    """A path downhill, on the surface in space and on its map.

    f: a function of an array (..., 2). path: points, (steps, 2). limit: of both axes.
    """
    path = to_cpu(path)
    side = np.linspace(-limit, limit, 61)
    plane = np.stack(np.meshgrid(side, side), axis=-1)
    fig = plt.figure(figsize=(8, 4))
    space = fig.add_subplot(1, 2, 1, projection="3d", computed_zorder=False)
    space.plot_surface(*np.moveaxis(plane, -1, 0), f(plane), cmap="cividis", alpha=0.65,
                       linewidth=0, rcount=20, ccount=20)
    space.plot(*path.T, f(path), "o-", color=COLORS["wrong"], markersize=4, linewidth=1.5)
    space.set(xlabel="$x_0$", ylabel="$x_1$", zlabel="$f$", title="the surface")
    space.set_box_aspect(None, zoom=0.92)
    _map(fig.add_subplot(1, 2, 2), f, path, (limit, limit), "its map")
    return describe(fig, (
        f"Left, a surface like a bowl with a path of {len(path) - 1} steps down its wall. Right, "
        "the same path on a map whose lines join points of equal height. "
        f"{_path_in_words(f, path)}"))


def descents(f, paths, limits=(5.0, 5.0)):
    """Paths downhill on the map of a surface, one panel for each; two in a row.

    f: a function of an array (..., 2). paths: dict from a title to points, (steps, 2).
    limits: of the two axes, both ways. A path is drawn until it leaves the map.
    """
    columns = 1 if len(paths) == 1 else 3 if len(paths) == 3 else 2
    rows = -(-len(paths) // columns)
    wide = 5 if columns == 1 else 8
    high = rows * (wide / columns * min(1.0, limits[1] / limits[0] * 1.6) + 0.5)
    fig, panels = plt.subplots(rows, columns, figsize=(wide, high), squeeze=False, sharex=True,
                               sharey=True)
    told = []
    for axes, (title, path) in zip(panels.flat, paths.items()):
        path = to_cpu(path)
        _map(axes, f, path, limits, title)
        told.append(f"{title}: {_path_in_words(f, path)}".replace("\n", ", "))
    for axes in panels.flat:
        axes.label_outer()
    return describe(fig, (
        "Paths downhill on a map whose lines join points of equal height; a square marks the "
        f"start, a star the lowest point, a cross the end. {' '.join(told)}"))


def batches(images, sizes):
    """One epoch as a bar, cut into batches: one bar for each batch size.

    images: how many there are. sizes: batch sizes.
    """
    fig, axes = plt.subplots(figsize=(8, 0.75 * len(sizes) + 1))
    told = []
    for row, size in enumerate(sizes):
        starts = np.arange(0, images, size)
        widths = np.minimum(size, images - starts)
        axes.barh([row] * len(starts), widths, left=starts, height=0.55, facecolor="#dbe9f4",
                  edgecolor=COLORS["input"], linewidth=1.2)
        updates = f"{len(starts)} update" + "s" * (len(starts) > 1)
        axes.text(images * 1.02, row, updates, va="center")
        told.append(f"batch size {size}: {updates}")
    axes.set_yticks(range(len(sizes)), [f"batch size {size}" for size in sizes])
    axes.set(xlim=(0, images * 1.2), ylim=(len(sizes) - 0.5, -0.5), xticks=[0, images],
             xlabel=f"one epoch: all {images} images once")
    axes.xaxis.set_label_coords(0.42, -0.1)
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return describe(fig, (
        f"One epoch over {images} images as a bar, cut into batches, one below the other. In one "
        f"epoch, {'; '.join(told)}."))


def curves(panels, ylabel="loss", limits=None):
    """Curves of learning, in one panel or side by side, with the same names and lines.

    panels: dict from the label of the x-axis to a dict from a name to (xs, ys); four curves at
    most. A label that ends in "(log)" makes its axis logarithmic. limits: of the y-axis.
    """
    fig, axeses = plt.subplots(1, len(panels), figsize=(7 if len(panels) == 1 else 8, 3.9),
                               sharey=True, squeeze=False)
    for axes, (xlabel, lines) in zip(axeses[0], panels.items()):
        for (name, (xs, ys)), line, hue in zip(lines.items(), LINES, HUES):
            axes.plot(xs, ys, line, color=COLORS[hue], label=name)
        axes.set_xlabel(xlabel.replace(" (log)", ""))
        if xlabel.endswith("(log)"):
            axes.set_xscale("log")
        if limits is not None:
            axes.set_ylim(*limits)
    axeses[0, 0].set_ylabel(ylabel)
    handles, names = axeses[0, 0].get_legend_handles_labels()
    fig.legend(handles, names, loc="outside upper center", ncols=len(names), handlelength=2.8,
               columnspacing=1.3)
    lines = next(iter(panels.values()))
    told = "; ".join(f"{name} from {ys[0]:.3f} to {ys[-1]:.3f}" for name, (_, ys) in lines.items())
    return describe(fig, f"Curves of the {ylabel} against {' and against '.join(panels)}: {told}.")


def _map(axes, f, path, limits, title):
    """Draw the lines of equal height and a path until it leaves the map."""
    sides = [np.linspace(-limit, limit, 121) for limit in limits]
    plane = np.stack(np.meshgrid(*sides), axis=-1)
    axes.contour(*sides, np.sqrt(f(plane)), levels=5, colors="#9aa5ac", linewidths=1,
                 antialiased=False)  # half the size of the picture
    outside = (abs(path) > limits).any(axis=1) | ~np.isfinite(path).all(axis=1)
    seen = path[:int(outside.argmax()) + 1] if outside.any() else path
    axes.plot(*seen.T, ".-", color=COLORS["wrong"], linewidth=1.3, markersize=5)
    axes.plot(0, 0, "*", color=COLORS["right"], markersize=15)
    axes.plot(*seen[0], "s", color=COLORS["wrong"], markersize=8)
    axes.plot(*seen[-1], "x", color=COLORS["wrong"], markersize=9, markeredgewidth=2.5)
    axes.set(title=title, xlabel="$x_0$", xlim=(-limits[0], limits[0]),
             ylim=(-limits[1], limits[1]))
    axes.set_ylabel("$x_1$", rotation=0)
    axes.grid(visible=False)
    if limits[0] == limits[1]:
        far = int(0.8 * limits[0])
        axes.set(aspect="equal", xticks=[-far, 0, far], yticks=[-far, 0, far])


def _path_in_words(f, path):
    first, last = float(f(path[0])), float(f(path[-1]))
    return f"From height {first:.2f} to {last:.2g} in {len(path) - 1} steps."
