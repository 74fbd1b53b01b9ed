"""Pictures of chapter 12: one unit of a CNN, what dropout and normalisation do, feature maps."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter

from common.backend import to_cpu
from common.convolution import im2col
from common.figures.kit import SIGNED, arrow, counted, fit, minus, table, thin_frame
from common.figures.style import COLORS, describe


def unit(image, kernel):
    """Convolution, ReLU and 2×2 max pooling of a small table, with the shape after each.

    image: whole numbers, even sides. kernel: odd sides; zeros around the image keep its size.
    """
    image, kernel = to_cpu(image), to_cpu(kernel)
    tall, wide = image.shape
    size = len(kernel)
    convolved = kernel.ravel() @ im2col(image[None, None], size, size, pad=size // 2)[0]
    convolved = convolved.reshape(tall, wide)
    active = np.maximum(convolved, 0)
    pooled = active.reshape(tall // 2, 2, wide // 2, 2).max(axis=(1, 3))
    fig, axes = plt.subplots()
    steps = [("image", image, "input"), ("convolution", convolved, "activation"),
             ("ReLU", active, "activation"), ("max pooling", pooled, "output")]
    x, told = 0.0, []
    for k, (name, values, color) in enumerate(steps):
        if k == 1:
            table(axes, kernel, (x, (tall - size) / 2), "weight", "kernel")
            axes.text(x + size / 2, tall + 0.25, f"(1, 1, {size}, {size})", ha="center", va="top",
                      color=COLORS["weight"], fontsize=11)
            x += size + 0.2
        if k:
            arrow(axes, (x, tall / 2), (x + 0.85, tall / 2))
            x += 1.05
        marked = values < 0 if name == "convolution" else None
        table(axes, values, (x, (tall - len(values)) / 2), color, name, marked=marked)
        shape = f"(1, 1, {values.shape[0]}, {values.shape[1]})"
        axes.text(x + values.shape[1] / 2, tall + 0.25, shape, ha="center", va="top",
                  color=COLORS[color], fontsize=11)
        told.append(f"{name} {shape}: {'; '.join(' '.join(map(str, row)) for row in values)}")
        x += values.shape[1] + (0.75 if k == 0 else 0.2)
    axes.text(wide + 0.4, tall / 2, "∗", ha="center", va="center", fontsize=13)
    fit(fig, axes, (-0.2, x + 0.2), (tall + 1.0, -1.0))
    middle = ("with the negative numbers of the convolution shaded; ReLU makes them 0"
              if (convolved < 0).any() else "with no negative number, so that ReLU changes nothing")
    return describe(fig, (f"One unit as tables from left to right, {middle}, and pooling keeps the "
                          f"largest of each 2×2 block. {'. '.join(told)}."))


def dropout(kept, share):
    """A layer of nodes in some steps of training, nodes dropped at random, and in inference.

    kept: bool (steps, nodes), False for a dropped node. share: of the outputs that is dropped.
    """
    kept = np.asarray(kept, bool)
    steps, nodes = kept.shape
    fig, panels = plt.subplots(1, steps + 1, figsize=(8, 3.9))
    rows = np.vstack([kept, np.ones((1, nodes), bool)])
    names = [f"training,\nstep {k + 1}" for k in range(steps)] + ["inference\n"]
    for k, (axes, alive, name) in enumerate(zip(panels, rows, names)):
        factor = "× 1" if k == steps else f"× {1 / (1 - share):.2f}"
        outside = [(x, y + (nodes - 3) / 2) for x in (0, 2.4) for y in range(3)]
        for node, lives in enumerate(alive):
            for end in outside if lives else []:
                axes.plot([1.2, end[0]], [node, end[1]], color=COLORS["weight"], linewidth=1,
                          alpha=0.6, zorder=1)
            axes.plot(1.2, node, "o", markersize=19, zorder=3, markerfacecolor="white",
                      markeredgewidth=2 if lives else 1,
                      markeredgecolor=COLORS["activation" if lives else "neutral"])
            if not lives:
                axes.plot(1.2, node, "x", markersize=11, zorder=4, color=COLORS["neutral"])
        for x, y in outside:
            axes.plot(x, y, "o", markersize=13, zorder=3, markerfacecolor="white",
                      markeredgewidth=2, markeredgecolor=COLORS["input" if x == 0 else "output"])
        axes.set_title(name)
        axes.text(1.2, nodes - 0.2, factor, ha="center", va="top", color=COLORS["activation"])
        axes.set(xlim=(-0.4, 2.8), ylim=(nodes + 0.3, -0.6))
        axes.axis("off")
    told = "; ".join(f"step {k + 1}: {nodes - alive.sum()} of {nodes} dropped" + (
        "" if alive.all() else
        f", numbers {', '.join(str(node + 1) for node in np.flatnonzero(~alive))}")
                     for k, alive in enumerate(kept))
    return describe(fig, (
        f"A layer of {counted(nodes, 'node')} between two others, drawn {steps + 1} times. In "
        f"training, dropped nodes are crossed out and joined to nothing. {told}. The others are "
        f"multiplied by {1 / (1 - share):.2f}. In inference all nodes work, multiplied by 1."))


def channels(panels):
    """Mean and spread of each channel in one batch: a dot, and a bar of one standard deviation.

    panels: dict from a title to the outputs of a layer, (images, channels, height, width).
    """
    fig, axeses = plt.subplots(1, len(panels), figsize=(4 * len(panels), 3.4), sharey=True,
                               squeeze=False)
    told = []
    for axes, (title, values) in zip(axeses[0], panels.items()):
        values = to_cpu(values)
        mean, spread = values.mean(axis=(0, 2, 3)), values.std(axis=(0, 2, 3))
        axes.errorbar(np.arange(len(mean)) + 1, mean, spread, fmt="o", color=COLORS["activation"],
                      elinewidth=2, capsize=4)
        axes.axhline(0, color=COLORS["neutral"], linewidth=1)
        step = 1 + len(mean) // 10  # so that the numbers do not touch
        axes.set(title=title, xlabel="channel", xticks=np.arange(0, len(mean), step) + 1)
        told.append(f"{title}: means from {mean.min():.2f} to {mean.max():.2f}, standard "
                    f"deviations from {spread.min():.2f} to {spread.max():.2f}")
    axeses[0, 0].set_ylabel("value")
    return describe(fig, ("For each channel of a layer a dot at its mean over a batch, and a bar "
                          f"of one standard deviation up and down. {'. '.join(told)}."))


def filter_at_work(image, stages, titles, heading=None):
    """An image, and what one filter makes of it, stage by stage.

    image: (28, 28). stages: maps of any size; one with negative numbers is drawn in red and blue,
    with 0 in white, any other from 0 in black. titles: one for each stage.
    """
    pictures = [to_cpu(picture) for picture in (image, *stages)]
    fig, panels = plt.subplots(1, len(pictures), figsize=(8, 2.5 if heading else 2.2))
    told = []
    for axes, picture, title in zip(panels, pictures, ["image", *titles]):
        largest = max(abs(picture).max(), 1e-9)
        signed = picture.min() < 0
        axes.imshow(picture, cmap=SIGNED if signed else "gray", vmax=largest,
                    vmin=-largest if signed else 0)
        axes.set_title(title, fontsize=12)
        thin_frame(axes)
        axes.set_xlabel(minus(f"{picture.min():.2f} to {picture.max():.2f}"), fontsize=10)
        told.append(f"{title}, {picture.shape[0]}×{picture.shape[1]}, from {picture.min():.2f} to "
                    f"{picture.max():.2f}".replace("\n", " "))
    if heading:
        fig.suptitle(heading, fontsize=13)
    return describe(fig, f"{heading or 'One filter'}, stage by stage, from left to right: "
                         f"{'; '.join(told)}.")


def receptive_field(sizes):
    """What one output of stacked convolutions sees, along one side of the image.

    sizes: of the kernels, odd, the first layer's first. Strides are 1.
    """
    seen = [1]
    for size in reversed(sizes):
        seen.insert(0, seen[0] + size - 1)
    width = seen[0] + 2
    fig, axes = plt.subplots()
    names = ["image", *(f"convolution {k + 1}" for k in range(len(sizes)))]
    for row, (count, name) in enumerate(zip(seen, names)):
        y = 1.45 * row
        for k in range(width):
            inside = abs(k - (width - 1) / 2) < count / 2
            color = COLORS["input" if row == 0 else "output" if row == len(sizes) else "activation"]
            axes.add_patch(plt.Rectangle((k, y), 0.86, 0.86, linewidth=2 if inside else 0.8,
                                         facecolor="#fdf0d5" if inside else "white",
                                         edgecolor=color if inside else COLORS["neutral"]))
        axes.text(-0.4, y + 0.43, f"{name}", ha="right", va="center")
        axes.text(width + 0.3, y + 0.43, f"{count}", ha="left", va="center")
        if row:
            low = (width - count) / 2
            edges = [(low, (width - seen[row - 1]) / 2),
                     (low + count - 0.14, (width + seen[row - 1]) / 2 - 0.14)]
            for top, bottom in edges:
                axes.plot([bottom, top], [y - 0.59, y], color=COLORS["weight"], linewidth=1.2)
    fit(fig, axes, (-4.6, width + 1.2), (1.45 * len(sizes) + 1.1, -0.3), 0.42)
    listed = "; ".join(f"{name}: {count}" for name, count in zip(names, seen))
    return describe(fig, (
        f"Rows of cells, the image and {counted(len(sizes), 'convolution')} with kernels of "
        f"{', '.join(map(str, sizes))}. Marked are the cells that one output of the last layer "
        f"depends on. {listed}."))


def compare(rows, columns):
    """Models side by side: one panel of bars for each quantity, one bar for each model.

    rows: dict from a model's name to its numbers. columns: the name of each quantity and how to
    write it, such as ("parameters", "{:,.0f}").
    """
    fig, panels = plt.subplots(1, len(columns), figsize=(8, 0.9 + 0.5 * len(rows)), sharey=True)
    names = list(rows)
    for k, (axes, (column, form)) in enumerate(zip(panels, columns)):
        values = [row[k] for row in rows.values()]
        axes.barh(names, values, color=COLORS["output"], height=0.55)
        for name, value in zip(names, values):
            axes.annotate(form.format(value), (value, name), (4, 0), va="center", fontsize=11,
                          textcoords="offset points")
        axes.set(title=column, xlim=(0, 1.55 * max(values)), xticks=[])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
    panels[0].invert_yaxis()
    told = "; ".join(
        f"{name}: " + ", ".join(f"{column} {form.format(value)}"
                                for (column, form), value in zip(columns, row))
        for name, row in rows.items())
    return describe(fig, f"Bars that compare {counted(len(rows), 'model')}. {told}.")
