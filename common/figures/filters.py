"""Pictures of chapter 10: what filters see, convolution as a matrix product, shapes of a CNN."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter

from common.backend import to_cpu
from common.figures.convolution import FRAME
from common.figures.kit import (
    SIGNED,
    arrow,
    counted,
    fit,
    mark_pixel,
    minus,
    show_image,
    show_signed,
    table,
    whole_steps,
    write_numbers,
)
from common.figures.style import COLORS, describe


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
        write_numbers(above, show_signed(above, kernel, 2 * size, title))
        show_signed(below, output)
        below.set_xlabel(minus(f"from {output.min():.1f} to {output.max():.1f}"))
    titles = [title.replace("\n", " ") for title in titles]
    told = "; ".join(f"{title}: from {to_cpu(output).min():.1f} to {to_cpu(output).max():.1f}"
                     for title, output in zip(titles, outputs))
    return describe(fig, (
        f"{counted(count, 'kernel')} as small tables, each above the output that it gives for the "
        f"same image, positive red and negative blue. {told}."))


def shifted(images, outputs, names):
    """An image and its copies, shifted, each above its map, with the map's largest number marked.

    images: pixels from 0 to 1. outputs: their maps. names: one for each image.
    """
    fig, panels = plt.subplots(2, len(images), figsize=(2.3 * len(images), 4.5), squeeze=False)
    strongest, told = max(abs(to_cpu(output)).max() for output in outputs), []
    for above, below, image, output, name in zip(*panels, images, outputs, names):
        output = to_cpu(output)
        show_image(above, image, name, cmap="gray")
        show_signed(below, output, strongest)
        row, column = np.unravel_index(output.argmax(), output.shape)
        mark_pixel(below, row, column, 11)
        below.set_title(f"largest at\n({row}, {column})", fontsize=12)
        told.append(f"{name}: row {row}, column {column}")
    return describe(fig, (
        "Images in the upper row, their maps below, the largest number of each map in a square. "
        + "; ".join(told) + "."))


def as_product(image, kernel, place=0):
    """im2col of a small table: the kernel laid into a row, times each window as a column.

    image, kernel: small tables. place: the window, and its column, that is marked, from 0.
    """
    image, kernel = to_cpu(image), to_cpu(kernel)
    high, wide = kernel.shape
    rows, columns = image.shape[0] - high + 1, image.shape[1] - wide + 1
    col = np.array([image[r:r + high, c:c + wide].ravel()
                    for r, c in np.ndindex(rows, columns)]).T
    size, count = col.shape
    top, left = divmod(place, columns)
    marked = np.zeros(image.shape, bool)
    marked[top:top + high, left:left + wide] = True
    here = np.arange(count)[None] == place
    middle = size - 1.5  # of the row of the product, near the lower end of the columns

    fig, axes = plt.subplots()
    x = max(0, (size - image.shape[1]) / 2)
    table(axes, image, (x, 0), "input", "image", marked=marked)
    axes.add_patch(plt.Rectangle((x + left, top), wide, high, fill=False, edgecolor=FRAME,
                                 linewidth=3, zorder=5))
    arrow(axes, (x + image.shape[1] + 0.2, 2), (size + 0.8, 2))
    table(axes, kernel.reshape(1, -1), (0, middle - 0.5), "weight", f"kernel  (1, {size})")
    axes.text(size + 0.5, middle, "@", ha="center", va="center", fontsize=13)
    x = size + 1
    table(axes, col, (x, 0), "input", f"im2col  {col.shape}",
          marked=np.repeat(here, size, axis=0))
    axes.text(x + count + 0.5, middle, "=", ha="center", va="center", fontsize=13)
    x += count + 1
    product = kernel.reshape(1, -1) @ col
    table(axes, product, (x, middle - 0.5), "output", marked=here)
    left = x + (count - columns) / 2
    arrow(axes, (left + columns / 2, middle - 0.7), (left + columns / 2, rows + 2))
    table(axes, product.reshape(rows, columns), (left, 1.7), "output", "output",
          marked=here.reshape(rows, columns))
    fit(fig, axes, (-0.2, x + count + 0.2), (size + 0.2, -1.0))
    return describe(fig, (
        f"Left, an image of {image.shape[0]}×{image.shape[1]}. Its {count} windows stand side by "
        f"side as columns of {size} numbers. The kernel as a row of {size} numbers times these "
        f"columns gives {count} numbers, which fold into {rows}×{columns}. Window {place + 1} is "
        f"marked in all of them; its number is {product[0, place]:g}."))


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
            arrow(axes, (x, 0), (x + 0.85, 0))
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
        part.suptitle(minus(f"{name}: weights from {filters.min():.2f} to {filters.max():.2f}"),
                      fontsize=13)
        for axes in panels.ravel():
            axes.axis("off")
        for axes, image in zip(panels.ravel(), filters):
            largest = abs(image).max()
            axes.imshow(image, cmap=SIGNED, vmin=-largest, vmax=largest)
    return describe(fig, (
        f"{counted(len(before), 'filter')} of {before.shape[1]}×{before.shape[2]} weights, "
        "positive red and negative blue, above before and below after the training, each filter on "
        f"its own scale. Before, the weights lie between {before.min():.2f} and "
        f"{before.max():.2f}; after, between {after.min():.2f} and "
        f"{after.max():.2f}."))


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
    whole_steps(axes)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())  # or a short axis has a label at every tick
    if sum(axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]
           for tick in axes.yaxis.get_majorticklocs()) < 2:
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    return describe(fig, (
        f"The loss over {len(losses)} steps of training, on a logarithmic axis: a restless line "
        f"for single batches and a smooth one for the mean of the last {width}. It "
        f"{'falls' if mean[-1] < losses[0] else 'goes'} from {losses[0]:.2f} to a mean of "
        f"{mean[-1]:.2f}."))
