"""Pictures of chapter 08: what filters see, convolution as a matrix product, shapes of a CNN."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.convolution import FRAME, fit, table
from common.figures.style import COLORS, describe

_ARROW = {"arrowstyle": "-|>", "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}


def responses(kernels, outputs, titles):
    """Kernels above what they give for one image, in blue and red, each map on its own scale.

    kernels: tables. outputs: one for each. titles: what each kernel looks for.
    """
    count = len(kernels)
    fig, panels = plt.subplots(2, count, figsize=(min(8, 2.5 * count), 4.2), squeeze=False,
                               height_ratios=[1, 2.2])
    for above, below, kernel, output, title in zip(*panels, kernels, outputs, titles):
        kernel, output = to_cpu(kernel), to_cpu(output)
        size = max(abs(kernel).max(), 1e-9)
        above.imshow(kernel, cmap="RdBu_r", vmin=-2 * size, vmax=2 * size)
        for (r, c), value in np.ndenumerate(kernel):
            above.text(c, r, f"{value:g}".replace("-", "−"), ha="center", va="center", fontsize=11)
        above.set_title(title)
        strongest = abs(output).max()
        below.imshow(output, cmap="RdBu_r", vmin=-strongest, vmax=strongest)
        below.set_xlabel(f"from {output.min():.1f} to {output.max():.1f}".replace("-", "−"))
    _only_frames(panels)
    titles = [title.replace("\n", " ") for title in titles]
    told = "; ".join(f"{title}: from {to_cpu(output).min():.1f} to {to_cpu(output).max():.1f}"
                     for title, output in zip(titles, outputs))
    return describe(fig, (
        f"{count} kernels as small tables, each above the output that it gives for the same "
        f"image, positive red and negative blue. {told}.".replace("-", "−")))


def shifted(images, outputs, names):
    """An image and its copies, shifted, each above its map: the map shifts along.

    images: pixels from 0 to 1. outputs: their maps. names: one for each image.
    """
    fig, panels = plt.subplots(2, len(images), figsize=(2.3 * len(images), 4.5), squeeze=False)
    strongest, told = max(abs(to_cpu(output)).max() for output in outputs), []
    for above, below, image, output, name in zip(*panels, images, outputs, names):
        image, output = to_cpu(image), to_cpu(output)
        above.imshow(image, vmin=0, vmax=1)
        above.set_title(name)
        below.imshow(output, cmap="RdBu_r", vmin=-strongest, vmax=strongest)
        row, column = np.unravel_index(abs(output).argmax(), output.shape)
        below.plot(column, row, "s", markersize=11, markerfacecolor="none", markeredgewidth=2.2,
                   markeredgecolor="black")
        below.set_title(f"strongest at ({row}, {column})", fontsize=11)
        told.append(f"{name}: row {row}, column {column}")
    _only_frames(panels)
    return describe(fig, (
        "Images in the upper row, their maps below, the strongest place of each map in a square. "
        + "; ".join(told) + "."))


def as_product(image, kernel, row=0):
    """im2col of a small table: each window laid into a row, times the kernel laid into a column.

    image, kernel: small tables. row: the window, and its row, that is marked, from 0.
    """
    image, kernel = to_cpu(image), to_cpu(kernel)
    high, wide = kernel.shape
    rows, columns = image.shape[0] - high + 1, image.shape[1] - wide + 1
    col = np.array([image[r:r + high, c:c + wide].ravel() for r, c in np.ndindex(rows, columns)])
    top, left = divmod(row, columns)
    marked = np.zeros(image.shape, bool)
    marked[top:top + high, left:left + wide] = True
    line = np.arange(len(col))[:, None] == row

    fig, axes = plt.subplots()
    tall = max(kernel.size, len(image))
    table(axes, image, (0, (tall - len(image)) / 2), "input", "image", marked=marked)
    axes.add_patch(plt.Rectangle((left, (tall - len(image)) / 2 + top), wide, high, fill=False,
                                 edgecolor=FRAME, linewidth=3, zorder=5))
    x, y = image.shape[1] + 1.3, (tall - len(col)) / 2
    axes.annotate("", (x - 0.2, tall / 2), (x - 1.15, tall / 2),
                  arrowprops={**_ARROW, "color": COLORS["neutral"]})
    table(axes, col, (x, y), "input", f"im2col  {col.shape}",
          marked=np.repeat(line, col.shape[1], axis=1))
    x += col.shape[1]
    axes.text(x + 0.5, tall / 2, "@", ha="center", va="center", fontsize=13)
    table(axes, kernel.reshape(-1, 1), (x + 1, 0), "weight", "kernel", marked=None)
    axes.text(x + 2.5, tall / 2, "=", ha="center", va="center", fontsize=13)
    product = col @ kernel.reshape(-1, 1)
    table(axes, product, (x + 3, y), "output", "", marked=line)
    x += 4
    axes.annotate("", (x + 1.1, tall / 2), (x + 0.15, tall / 2),
                  arrowprops={**_ARROW, "color": COLORS["neutral"]})
    table(axes, product.reshape(rows, columns), (x + 1.3, (tall - rows) / 2), "output", "output",
          marked=line.reshape(rows, columns))
    fit(fig, axes, (-0.2, x + 1.5 + columns), (tall + 0.2, -1.0))
    return describe(fig, (
        f"Left, an image of {image.shape[0]}×{image.shape[1]}. Its {len(col)} windows lie as rows "
        f"of {col.shape[1]} numbers below each other. Times the kernel as a column of "
        f"{kernel.size} numbers they give {len(col)} numbers, which fold into {rows}×{columns}. "
        f"Window {row + 1} is marked in all of them; its number is "
        f"{product[row, 0]:g}.".replace("-", "−")))


def shapes(steps):
    """The way of one image through a CNN: each layer's name and the shape that leaves it.

    steps: (name, shape) in order, the input first; shapes are (channels, height, width) or
    (nodes,).
    """
    fig, axes = plt.subplots()
    x, told, low = 0.0, [], 0.0
    for k, (name, shape) in enumerate(steps):
        color = COLORS["input" if k == 0 else "output" if k == len(steps) - 1 else "activation"]
        if k:
            axes.annotate("", (x + 0.85, 0), (x, 0), arrowprops={**_ARROW,
                                                                 "color": COLORS["neutral"]})
            x += 1.05
        if len(shape) == 3:
            side, shown = 0.12 * shape[1], min(shape[0], 6)
            for z in reversed(range(shown)):
                axes.add_patch(plt.Rectangle((x + 0.14 * z, -side / 2 - 0.14 * (z - shown / 2)),
                                             side, side, facecolor="white", edgecolor=color,
                                             linewidth=1.4))
            wide, high = side + 0.14 * (shown - 1), side + 0.14 * shown
        else:
            wide, high = 0.3, 0.5 * np.log(shape[0])
            axes.add_patch(plt.Rectangle((x, -high / 2), wide, high, facecolor="white",
                                         edgecolor=color, linewidth=1.4))
        low = max(low, high / 2)
        written = f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
        axes.text(x + wide / 2, 2.35, f"{name}\n{written}", ha="center", va="top", fontsize=10.5)
        told.append(f"{name} {written}")
        x += wide + 0.2
    fit(fig, axes, (-0.4, x + 0.3), (3.4, -low - 0.2), 0.6)
    return describe(fig, "The shapes of one image on its way through the network: "
                    + ", then ".join(told) + ".")


def before_and_after(before, after, columns=10):
    """The filters of a first layer before and after training, each filter on its own scale.

    before, after: (filters, 1, height, width).
    """
    before, after = to_cpu(before)[:, 0], to_cpu(after)[:, 0]
    rows = -(-len(before) // columns)
    fig = plt.figure(figsize=(8, 1.6 * rows + 0.9))
    for part, filters, name in zip(fig.subfigures(2, 1), (before, after), ("before", "after")):
        panels = part.subplots(rows, columns, squeeze=False)
        part.suptitle(f"{name}: weights from {filters.min():.2f} to {filters.max():.2f}"
                      .replace("-", "−"), fontsize=13)
        for axes in panels.ravel():
            axes.axis("off")
        for axes, image in zip(panels.ravel(), filters):
            largest = abs(image).max()
            axes.imshow(image, cmap="RdBu_r", vmin=-largest, vmax=largest)
    return describe(fig, (
        f"{len(before)} filters of {before.shape[1]}×{before.shape[2]} weights, positive red and "
        f"negative blue, above before and below after the training, each filter on its own scale. "
        f"Before, the weights lie between {before.min():.2f} and {before.max():.2f}; after, "
        f"between {after.min():.2f} and {after.max():.2f}.".replace("-", "−")))


def learning_curve(losses, width=25):
    """The loss of each step of a training, and its mean over so many steps."""
    losses = to_cpu(losses)
    width = max(1, min(width, len(losses) // 4))
    mean = np.convolve(losses, np.full(width, 1 / width), mode="valid")
    fig, axes = plt.subplots(figsize=(7.4, 3.4))
    axes.semilogy(np.arange(1, len(losses) + 1), losses, color=COLORS["neutral"], linewidth=0.8,
                  alpha=0.6, label="one batch")
    axes.semilogy(np.arange(width, len(losses) + 1), mean, color=COLORS["output"],
                  label=f"mean of the last {width}")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
    axes.set(xlabel="step", ylabel="loss")
    axes.yaxis.set_major_formatter("{x:g}")
    return describe(fig, (
        f"The loss over {len(losses)} steps of training, on a logarithmic axis: a restless line "
        f"for single batches and a smooth one for the mean of the last {width}. It falls from "
        f"{losses[0]:.2f} to a mean of {mean[-1]:.2f}."))


def _only_frames(panels):
    """Leave a thin frame around each picture, and no ticks."""
    for axes in panels.ravel():
        axes.set(xticks=[], yticks=[])
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set(visible=True, color=COLORS["neutral"], linewidth=0.8)
