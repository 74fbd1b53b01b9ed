"""Pictures of chapter 20: images squeezed into a few numbers, restored, and told apart."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import LINES, arrow, counted, fit, number, show_image, show_signed
from common.figures.style import COLORS, describe


def on_a_line(points, restored):
    """Points in the plane, the line on which their codes of one number lie, and how far they miss.

    points, restored: (n, 2).
    """
    points, restored = to_cpu(points), to_cpu(restored)
    fig, axes = plt.subplots(figsize=(4.6, 4))
    middle = restored.mean(axis=0)
    way = restored[-1] - restored[0]
    ends = middle + np.outer([-0.75, 0.75], way)
    axes.plot(*ends.T, color=COLORS["neutral"], linewidth=1, label="the line of the code")
    for point, other in zip(points, restored):
        axes.plot(*np.transpose([point, other]), ":", color=COLORS["wrong"], linewidth=1.5)
    axes.plot(*points.T, "o", color=COLORS["input"], label="point")
    axes.plot(*restored.T, "s", color=COLORS["output"], label="restored")
    axes.set(xlabel="first number", ylabel="second number", aspect="equal")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, columnspacing=1,
                handletextpad=0.3)
    missed = np.sqrt(((points - restored) ** 2).sum(axis=1))
    return describe(fig, (
        f"{counted(len(points), 'point')} in a plane and the line on which the restored ones lie. "
        f"A dotted line joins each point to its restored one; the longest is "
        f"{number(missed.max(), '.2f')}."))


def hourglass(widths):
    """The layers of an autoencoder as bars, as high as their numbers of nodes, the code marked.

    widths: nodes of each layer, input and output too.
    """
    fig, axes = plt.subplots()
    code, scale = int(np.argmin(widths)), 4 / max(widths)
    for place, width in enumerate(widths):
        color = ("input" if place == 0 else "output" if place == len(widths) - 1
                 else "weight" if place == code else "activation")
        high = max(width * scale, 0.08)
        axes.add_patch(plt.Rectangle((place, -high / 2), 0.34, high, color=COLORS[color]))
        axes.text(place + 0.17, -2.2, f"{width}", ha="center", va="top", fontsize=12,
                  color=COLORS[color])
        if place:
            arrow(axes, (place - 0.6, 0), (place - 0.06, 0), linewidth=1.2)
    axes.text(code + 0.17, 0.35, "code", ha="center", color=COLORS["weight"])
    for text, left, right in [("encoder", 0, code), ("decoder", code, len(widths) - 1)]:
        axes.text((left + right) / 2 + 0.17, 2.15, text, ha="center", fontsize=13,
                  color=COLORS["neutral"])
    fit(fig, axes, (-0.2, len(widths) - 0.4), (-2.7, 2.5), inches=0.7)
    return describe(fig, (
        f"Layers as bars, as high as their nodes are many: {', '.join(map(str, widths))}. The "
        f"encoder goes down to a code of {widths[code]}, the decoder back up."))


def side_by_side(rows, names, signed=()):
    """Images in a table: what belongs together stands in one row, with names over the columns.

    rows: (rows, columns, 784). signed: the columns whose numbers may be negative, red above zero
    and blue below.
    """
    rows = np.asarray(to_cpu(rows))
    fig, panels = plt.subplots(len(rows), len(names), squeeze=False,
                               figsize=(1.6 * len(names) + 0.2, 1.55 * len(rows) + 0.4))
    for line, images in zip(panels, rows):
        for column, (axes, image) in enumerate(zip(line, images)):
            picture = image.reshape(28, 28)
            if column in signed:
                show_signed(axes, picture, 1.0)
            else:
                show_image(axes, picture)
    for axes, name in zip(panels[0], names):
        axes.set_title(name, fontsize=12)
    misses = [f"{name} {number(np.abs(rows[:, column]).mean(), '.3f')}"
              for column, name in enumerate(names) if column in signed]
    return describe(fig, (
        f"{counted(len(rows), 'row')} of images; the columns are {', '.join(names)}."
        + (f" Mean size of a pixel: {', '.join(misses)}." if misses else "")))


def error_by_width(widths, trained, pca):
    """Mean squared error over the width of the code: dots for each seed, a cross for PCA.

    widths: (n,). trained: (n, seeds). pca: (n,).
    """
    trained, pca = np.asarray(trained, float), np.asarray(pca, float)
    fig, axes = plt.subplots(figsize=(6, 3.6))
    places = np.arange(len(widths))
    for seed in range(trained.shape[1]):
        axes.plot(places + 0.06 * (seed - 1), trained[:, seed], "o", color=COLORS["output"],
                  label="autoencoder, a dot a seed" if seed == 0 else None)
    axes.plot(places, pca, "x", color=COLORS["wrong"], markersize=9, markeredgewidth=2,
              label="PCA of the same width")
    axes.set(xticks=places, xticklabels=[f"{width}" for width in widths],
             xlabel="numbers in the code", ylabel="mean squared error", ylim=(0, None))
    axes.margins(x=0.25)
    axes.legend()
    told = "; ".join(
        f"{width} numbers: autoencoder {number(low, '.4f')} to {number(high, '.4f')}, PCA "
        f"{number(error, '.4f')}" for width, low, high, error in
        zip(widths, trained.min(axis=1), trained.max(axis=1), pca))
    return describe(fig, f"Mean squared error over the width of the code. {told}.")


def plane(codes, labels, images, ends):
    """A code of two numbers: where the digits lie, and what the decoder draws at points of a grid.

    codes: of some images, (n, 2). labels: (n,). images: (side, side, 784), the grid from the lower
    left, row after row. ends: the corners of the grid, ((x0, y0), (x1, y1)).
    """
    codes, labels = to_cpu(codes), to_cpu(labels)
    images = np.asarray(to_cpu(images))
    (x0, y0), (x1, y1) = ends
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 4.2))
    colors = plt.get_cmap("tab10").colors
    inside = ((codes > ends[0]) & (codes < ends[1])).all(axis=1)
    for (x, y), label in zip(codes[inside], labels[inside]):
        left.text(x, y, f"{label}", color=colors[label], fontsize=8, ha="center", va="center")
    left.set(xlim=(x0, x1), ylim=(y0, y1), title="images, as their digits",
             xlabel="first number", ylabel="second number")
    side = len(images)
    sheet = images.reshape(side, side, 28, 28)[::-1].transpose(0, 2, 1, 3)
    show_image(right, sheet.reshape(28 * side, 28 * side), "what the decoder draws",
               extent=(x0, x1, y0, y1), aspect="auto")
    right.set(xlabel="first number")
    centres = [f"{digit} at {number(np.median(codes[labels == digit, 0]), '.1f')}, "
               f"{number(np.median(codes[labels == digit, 1]), '.1f')}"
               for digit in np.unique(labels)]
    return describe(fig, (
        f"Left, {counted(int(inside.sum()), 'image')} as digits at the two numbers of their code; "
        f"medians: {'; '.join(centres)}. Right, what the decoder draws at {side}×{side} points of "
        "the same plane."))


def walks(straight, mixed, sure, sure_mixed):
    """A way between two images through the code, above, and through the pixels, below.

    straight, mixed: (steps, 784). sure, sure_mixed: how sure a classifier is of each, (steps,).
    """
    rows = [("code", straight, sure), ("pixels", mixed, sure_mixed)]
    steps = len(straight)
    fig, panels = plt.subplots(2, steps, figsize=(8.4, 2.6), squeeze=False)
    for line, (name, images, values) in zip(panels, rows):
        for axes, image, value in zip(line, images, values):
            show_image(axes, image.reshape(28, 28))
            axes.set_xlabel(number(value, ".2f"), fontsize=11)
        line[0].set_ylabel(name)
    told = "; ".join(f"through the {name} {number(np.min(values), '.2f')}"
                     for name, _, values in rows)
    return describe(fig, (
        f"Two ways of {steps} images from one digit to another: above through the code, below "
        f"through a mix of the pixels. Below each, how sure a classifier is. Least sure: {told}."))


def roc_curves(curves):
    """ROC curves: the share of hits over that of false alarms, and the line of chance.

    curves: a dict from a name to (alarms, hits), each (n,), as common.autoencoder.roc gives them.
    """
    alone = len(curves) == 1
    fig, axes = plt.subplots(figsize=(4.4 if alone else 7.4, 4))
    axes.plot([0, 1], [0, 1], ":", color=COLORS["neutral"], linewidth=1.5, label="chance")
    told = []
    for (name, (alarms, hits)), (color, look) in zip(curves.items(), LINES):
        few = len(alarms) < 15
        area = np.sum(np.diff(alarms) * (hits[1:] + hits[:-1]) / 2)
        axes.plot(alarms, hits, look if few else look[1:], color=COLORS[color],
                  label=f"{name}, area {number(area, '.2f')}")
        told.append(f"{name} with the area {number(area, '.2f')}")
    axes.set(xlabel="false alarms", ylabel="hits", aspect="equal", xlim=(-0.02, 1.02),
             ylim=(-0.02, 1.02))
    if alone:
        axes.legend(loc="lower right")
    else:
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1))
    return describe(fig, f"ROC curves from 0, 0 to 1, 1: {', '.join(told)}. A dotted diagonal is "
                         "chance.")


def areas(digits, trained, others):
    """For each digit the area under the ROC curve: dots for the seeds, marks for other scores.

    digits: (n,). trained: (n, seeds). others: a dict from a name to its areas, (n,).
    """
    trained = np.asarray(trained, float)
    fig, axes = plt.subplots(figsize=(8, 3.8))
    axes.axhline(0.5, color=COLORS["neutral"], linestyle=":", linewidth=1.5)
    places = np.arange(len(digits))
    for seed in range(trained.shape[1]):
        axes.plot(places - 0.22, trained[:, seed], "o", color=COLORS["output"], markersize=5,
                  label="autoencoder, a dot a seed" if seed == 0 else None)
    marks = [("D", "input"), ("x", "wrong"), ("v", "neutral")]
    for k, ((name, values), (mark, color)) in enumerate(zip(others.items(), marks)):
        axes.plot(places - 0.06 + 0.16 * k, values, mark, color=COLORS[color], markersize=6,
                  markeredgewidth=2, label=name)
    axes.set(xticks=places, xticklabels=[f"{digit}" for digit in digits], ylim=(0, 1.02),
             xlabel="the digit that was held out", ylabel="area")
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4, columnspacing=1,
                handletextpad=0.3, fontsize=11)
    told = "; ".join(
        f"{digit}: autoencoder {number(seeds.min(), '.2f')} to {number(seeds.max(), '.2f')}, "
        + ", ".join(f"{name} {number(values[k], '.2f')}" for name, values in others.items())
        for k, (digit, seeds) in enumerate(zip(digits, trained)))
    return describe(fig, f"Area under the ROC curve for each digit held out. {told}. A dotted "
                         "line at 0.5 is chance.")
