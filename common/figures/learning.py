"""Pictures of chapters 06 and 08: losses, batches, and curves of learning."""
import matplotlib.pyplot as plt
import numpy as np

from common.figures.kit import counted, whole_steps
from common.figures.style import COLORS, describe
from common.figures.wall import grid

LINES = ("-", "--", "-.", ":")
HUES = ("input", "wrong", "output", "weight")
MARKS = ("o", "s", "^", "D")


def squared_errors(x, t, lines):
    """Data and some lines through it, the squares of the errors, and the loss, half their mean.

    x, t: data, each (n,). lines: list of (title, slope, start), one panel for each; four panels
    stand two by two.
    """
    rows, columns = grid(len(lines))
    fig, panels = plt.subplots(rows, columns, figsize=(8, 4) if rows == 1 else (6.6, 6.8),
                               sharex=True, sharey=True, squeeze=False)
    ends, told = np.array([x.min() - 0.5, x.max() + 0.5]), []
    for axes, (title, slope, start) in zip(panels.flat, lines):
        axes.plot(ends, start + slope * ends, color=COLORS["output"])
        for x_n, t_n, y_n in zip(x, t, start + slope * x):
            side = y_n - t_n
            axes.add_patch(plt.Rectangle((x_n, t_n), side, side, facecolor="#f3d9cc",
                                         edgecolor=COLORS["wrong"], hatch="//", linewidth=1))
        axes.plot(x, t, "o", color=COLORS["input"], zorder=3)
        loss = np.mean((start + slope * x - t) ** 2) / 2
        axes.set_title(f"{title}\nloss {loss:.3f}")
        axes.set(xlabel="$x$", aspect="equal")
        axes.set_ylabel("$t$", rotation=0)
        axes.label_outer()
        told.append(f"{title}: loss {loss:.3f}".replace("$", ""))
    return describe(fig, (
        f"{counted(len(x), 'point')} and a line in each of {counted(len(lines), 'panel')}. From "
        f"each point a hatched square reaches to the line: its side is the error. "
        f"{'; '.join(told)}."))


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
    best = int(np.argmin(losses))
    for axes, name, heights, hue in ((upper, "accuracy", accuracies, "right"),
                                     (lower, "loss", losses, "wrong")):
        axes.plot(weights, heights, color=COLORS[hue],
                  drawstyle="steps-mid" if axes is upper else "default")
        axes.plot(weights[best], heights[best], "D", color=COLORS[hue], markersize=9)
        axes.set_ylabel(name)
    upper.set(ylim=(-0.05, 1.12))
    lower.set(xlabel="weight $w$")
    lower.margins(y=0.15)
    lower.annotate("lowest loss", (weights[best], losses[best]), (10, 14),
                   textcoords="offset points", color=COLORS["wrong"])
    jumps = int(np.count_nonzero(np.diff(accuracies)))
    smooth = "a smooth curve with " * bool(
        abs(np.diff(losses)).max() < 0.2 * np.ptp(losses)) or "a line with "
    return describe(fig, (
        f"Above, the accuracy while a weight goes from {weights[0]:g} to {weights[-1]:g}: "
        + (f"a staircase, flat everywhere but at {counted(jumps, 'jump')}" if jumps else "flat")
        + f". Below, the loss: {smooth}its lowest point, a diamond, at {weights[best]:.2f}, "
        f"where the accuracy is {accuracies[best]:.2f} and its highest value "
        f"{max(accuracies):.2f}."))


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
        f"One epoch over {counted(images, 'image')} as a bar, cut into batches, one below "
        f"the other. In one epoch, {'; '.join(told)}."))


def curves(panels, ylabel="loss", limits=None):
    """Curves of learning, in one panel or side by side, with the same names and lines.

    panels: dict from the label of the x-axis to a dict from a name to (xs, ys); four curves at
    most. ys: (n,), or (seeds, n) for a line through their means in a band from least to most.
    A label that ends in "(log)" makes its axis logarithmic. limits: of the y-axis.
    """
    fig, axeses = plt.subplots(1, len(panels), figsize=(7 if len(panels) == 1 else 8, 3.9),
                               sharey=True, squeeze=False)
    for axes, (xlabel, lines) in zip(axeses[0], panels.items()):
        for (name, (xs, ys)), line, hue in zip(lines.items(), LINES, HUES):
            runs = np.atleast_2d(ys)
            axes.plot(xs, runs.mean(axis=0), line, color=COLORS[hue], label=name)
            if len(runs) > 1:
                axes.fill_between(xs, runs.min(axis=0), runs.max(axis=0), color=COLORS[hue],
                                  alpha=0.2, linewidth=0)
        axes.set_xlabel(xlabel.replace(" (log)", ""))
        if xlabel.endswith("(log)"):
            axes.set_xscale("log")
        elif all(float(x).is_integer() for xs, _ in lines.values() for x in xs):
            whole_steps(axes)  # epochs or updates
        if limits is not None:
            axes.set_ylim(*limits)
    axeses[0, 0].set_ylabel(ylabel)
    handles, names = axeses[0, 0].get_legend_handles_labels()
    fig.legend(handles, names, loc="outside upper center", ncols=len(names), handlelength=2.8,
               columnspacing=1.3)
    told, seeds = [], 1
    for name, (_, ys) in next(iter(panels.values())).items():
        means, seeds = np.atleast_2d(ys).mean(axis=0), max(seeds, len(np.atleast_2d(ys)))
        told.append(f"{name} from {means[0]:.3f} to {means[-1]:.3f}")
    means = f" Means of {seeds} seeds, in a band from the least to the most." * (seeds > 1)
    return describe(fig, f"Curves of the {ylabel} against {' and against '.join(panels)}: "
                         f"{'; '.join(told)}.{means}")
