"""Pictures of chapter 19: how a drawing is prepared, and what networks read in it."""
import matplotlib.pyplot as plt
import numpy as np

from common.drawing.preprocess import (
    BOX,
    CENTRE,
    SIZE,
    area_average,
    as_grey,
    centre_of_mass,
    fitted,
    ink_box,
    preprocess,
)
from common.figures.kit import counted
from common.figures.style import COLORS, describe

FRAME = "#ffb000"  # on black
LOOKS = {"MLP": (COLORS["input"], "o"), "CNN": (COLORS["output"], "s")}


def preparing(drawing):
    """The three steps from a drawing with ink to an image like MNIST's.

    drawing: a grey image, as preprocess takes it.
    """
    drawing = as_grey(drawing)
    rows, columns = ink_box(drawing)
    box = drawing[rows, columns]
    small, prepared = area_average(box, *fitted(box.shape)), preprocess(drawing)
    fig, panels = plt.subplots(1, 4, figsize=(8, 2.6))
    titles = (f"drawing\n{_size(drawing)}", f"1  the box with ink\n{_size(box)}",
              f"2  fitted into {BOX}×{BOX}\n{_size(small)}", f"3  moved into\n{SIZE}×{SIZE}")
    for axes, image, title in zip(panels, (drawing, box, small, prepared), titles):
        axes.imshow(image, vmin=0, vmax=1)
        axes.set_title(title, fontsize=12)
        axes.axis("off")
    for axes in panels:
        axes.set_anchor("N")
    panels[0].add_patch(plt.Rectangle(
        (columns.start - 0.5, rows.start - 0.5), box.shape[1], box.shape[0], fill=False,
        edgecolor=FRAME, linewidth=2))
    panels[3].axhline(CENTRE, color=FRAME, linewidth=1, linestyle=":")
    panels[3].axvline(CENTRE, color=FRAME, linewidth=1, linestyle=":")
    y, x = centre_of_mass(prepared)
    panels[3].plot(x, y, "+", color=COLORS["wrong"], markersize=12, markeredgewidth=3)
    return describe(fig, (
        f"Four images. A drawing of {_size(drawing)} with a frame around its ink; the box with the "
        f"ink, {_size(box)}; the box fitted into {BOX}×{BOX}, {_size(small)}; and that, moved into "
        f"{SIZE}×{SIZE}, where a cross marks the centre of mass at row {y:.1f}, column {x:.1f}, "
        f"and dotted lines the pixel ({CENTRE}, {CENTRE})."))


def reading(read):
    """What the pad and the page show: a drawing, its two images, and the answers as bars.

    read: a Reading of common/drawing/reading.py, of one model or two.
    """
    names = list(read.answers)
    fig, axes = plt.subplots(1 + len(names), 3, figsize=(8, 2.1 + 1.75 * len(names)),
                             width_ratios=[1.3, 1, 1], height_ratios=[1.2] + [1] * len(names),
                             squeeze=False)
    for panel in axes[:, 0]:
        panel.remove()
    sheet = fig.add_subplot(axes[0, 0].get_gridspec()[:, 0])
    sheet.set_anchor("N")
    told = []
    for panel, image, title in [(sheet, read.drawing, "drawing"), (axes[0, 1], read.raw, "raw"),
                                (axes[0, 2], read.prepared, "prepared")]:
        panel.imshow(image, vmin=0, vmax=1)
        panel.set_title(title)
        panel.axis("off")
    for row, name in enumerate(names, 1):
        for column, way in enumerate(("raw", "prepared")):
            p, panel = read.answers[name][column], axes[row, column + 1]
            answer = int(p.argmax())
            colors = [COLORS["output"] if digit == answer else COLORS["neutral"]
                      for digit in range(10)]
            panel.bar(range(10), p, color=colors)
            panel.plot(answer, min(p[answer] + 0.13, 1.13), "v", color=COLORS["output"])
            panel.set(title=f"{name}: {answer}, {p[answer]:.2f}", xticks=range(10),
                      ylim=(0, 1.25), yticks=[0, 1])
            panel.tick_params(labelsize=13, length=0)
            told.append(f"{way}, {name}: {answer} with {p[answer]:.2f}")
    return describe(fig, (
        "A drawing, the image of it that was only shrunk to 28×28 (raw), and the one that was "
        f"prepared as MNIST's images were; below, ten bars for each answer. {'; '.join(told)}."))


def against_shift(shifts, accuracies):
    """Accuracy against how far the images were shifted.

    shifts: pixels. accuracies: dict of (name of the model, "raw" or "prepared") to a number for
    each shift; prepared is drawn dashed.
    """
    fig, axes = plt.subplots(figsize=(7, 3.9))
    told = []
    for (name, way), values in accuracies.items():
        color, marker = LOOKS[name]
        axes.plot(shifts, values, "--" if way == "prepared" else "-", color=color, marker=marker,
                  markersize=7, fillstyle="none" if way == "prepared" else "full",
                  label=f"{name}, {way}")
        told.append(f"{name}, {way}: " + ", ".join(f"{value:.2f}" for value in values))
    axes.set(xlabel="shift in pixels", ylabel="accuracy", ylim=(0, 1.03), xticks=list(shifts))
    axes.legend(loc="lower left")
    return describe(fig, (
        f"Curves of the accuracy for images shifted by {', '.join(map(str, shifts))} pixels. "
        f"{'; '.join(told)}."))


def centres(points):
    """Where the centres of mass of images lie.

    points: (images, 2), rows and columns.
    """
    points = np.asarray(points)
    fig, axes = plt.subplots(figsize=(4.2, 4.1))
    axes.plot(points[:, 1], points[:, 0], ".", color=COLORS["input"], markersize=2.5)
    axes.add_patch(plt.Rectangle((CENTRE - 0.5, CENTRE - 0.5), 1, 1, fill=False, linewidth=2,
                                 edgecolor=COLORS["wrong"]))
    axes.set(xlim=(12.9, 15.1), ylim=(15.1, 12.9), aspect="equal", xticks=[13, 13.5, 14, 14.5, 15],
             yticks=[13, 13.5, 14, 14.5, 15], xlabel="column", ylabel="row")
    inside = np.mean(np.abs(points - CENTRE).max(axis=1) <= 0.501)
    return describe(fig, (
        f"{counted(len(points), 'dot')}, the centres of mass of as many images, "
        f"{'fill' if inside > 0.99 and len(points) > 99 else 'and'} a square of one pixel "
        f"around row {CENTRE}, column {CENTRE}: {inside:.1%} of them lie in it."))


def sizes(parts):
    """Bars of sizes. parts: dict of a name to a number of bytes."""
    fig, axes = plt.subplots(figsize=(7, 0.75 + 0.5 * len(parts)))
    megabytes = [size / 1e6 for size in parts.values()]
    bars = axes.barh(list(parts), megabytes, color=COLORS["weight"], height=0.6)
    axes.bar_label(bars, [f"{size:.2f} MB" for size in megabytes], padding=4)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.2 * max(megabytes)), xlabel="MB")
    axes.grid(visible=False, axis="y")
    return describe(fig, "Bars of sizes. " + "; ".join(
        f"{name}: {size:.2f} MB" for name, size in zip(parts, megabytes)) + ".")


def _size(image):
    return f"{image.shape[0]}×{image.shape[1]}"
