"""Pictures of images: grids for every chapter, an image as numbers, an image laid flat."""
import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from common.backend import to_cpu
from common.figures.kit import counted
from common.figures.style import COLORS, describe
from common.figures.translation import in_words

SMALLEST = 8  # points of a title


def image_grid(images, titles=None, columns=None, *, right=None, limits=None, cmap="gray",
               size=None, heading=None, alt=None):
    """Draw images in rows and columns, each with a short title above it.

    images: (n, 784), (n, 28, 28) or (n, 1, 28, 28), or images of another size; NumPy or CuPy.
        Flat images must be square. For one image alone pass image[None].
    titles: one for each image, numbers or short text; "\\n" starts a new line.
    columns: images in a row; all in one row up to ten of them, else about as many as rows.
    right: one bool for each image, where the titles are answers: adds ✓ or ✗, and its colour.
    limits: (black, white); "each" to stretch every image on its own. By default all images share
        0..255 for uint8, 0..1 where all values lie in it, else their smallest and largest value.
    cmap: colour map, such as "gray" or, with limits of (-m, m), "RdBu_r".
    size: inches of one image; by default as large as eight inches allow, 1.5 at most.
    heading: a title of the whole. alt: alternative text; by default it counts and lists the titles.
    Returns the figure. Raises ValueError for what is not a row of images.
    """
    images = _as_images(images)
    count, height, width = images.shape
    titles = None if titles is None else [str(title) for title in titles]
    for name, given in [("titles", titles), ("right", right)]:
        if given is not None and len(given) != count:
            raise ValueError(f"image_grid: there are {count} images but {len(given)} {name}.")
    if columns is None:
        columns = count if count <= 10 else min(10, math.ceil(math.sqrt(count)))
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    fig, places = _grid(rows, columns, size or min(1.5, 7.9 / columns - 0.08), height / width,
                        lines=max(title.count("\n") + 1 for title in titles) if titles else 0,
                        heading=heading)
    low, high = _limits(images, limits)
    for k, (image, place) in enumerate(zip(images, places)):
        axes = fig.add_axes(place)
        axes.axis("off")
        axes.imshow(image, cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
        if titles:
            mark, color = "", "black"
            if right is not None:
                mark, color = (" ✓", COLORS["right"]) if right[k] else (" ✗", COLORS["wrong"])
            axes.set_title(in_words(titles[k] + mark), fontsize=11, color=color, pad=3)
    _part_titles(fig)
    return describe(fig, alt or _grid_text(images, titles, right, rows, columns, heading),
                    titles=(titles or [])[:100])


def pixel_table(image, top=8, left=8, side=12):
    """An image beside the numbers of a square part of it.

    image: 784 whole numbers from 0 to 255 in any shape. top, left, side: the part, in pixels.
    """
    image = _as_images(to_cpu(image).reshape(1, 28, 28))[0]
    part = image[top:top + side, left:left + side]
    fig, (whole, table) = plt.subplots(1, 2, figsize=(8, 4.6), width_ratios=[1, 1.55])
    whole.imshow(image, vmin=0, vmax=255)
    whole.add_patch(plt.Rectangle((left - 0.5, top - 0.5), side, side, fill=False, linewidth=2,
                                  edgecolor="#ffb000"))
    whole.set(title="28×28 pixels", xticks=[0, 27], yticks=[0, 27])
    table.imshow(part, vmin=0, vmax=255, extent=(left - 0.5, left + side - 0.5,
                                                 top + side - 0.5, top - 0.5))
    for (r, c), value in np.ndenumerate(part):
        table.text(left + c, top + r, value, ha="center", va="center", fontsize=10.5,
                   color="white" if value < 140 else "black")
    table.set(title="the part in the frame", xticks=range(left, left + side),
              yticks=range(top, top + side))
    for axes in (whole, table):
        axes.grid(visible=False)
        axes.tick_params(length=0, labelsize=11)
    return describe(fig, (
        f"Left, an image of 28×28 pixels with a frame around rows {top} to {top + side - 1} and "
        f"columns {left} to {left + side - 1}. Right, this part as a table of {part.size} numbers "
        f"from {part.min()} to {part.max()}, of which {(part == 0).sum()} are 0, black."))


def flattening(image):
    """An image, and below it its rows laid end to end: what flatten does.

    image: (height, width). Up to 25 pixels are written as numbers.
    """
    image = to_cpu(image)
    height, width = image.shape
    written = image.size <= 25
    shown = range(height) if height <= 5 else range(height // 4, height - 2, height // 5)
    colors = [COLORS[name] for name in ("input", "wrong", "output", "weight", "activation")]
    fig, (square, strip) = plt.subplots(2, 1, figsize=(8, 4.2), height_ratios=[5, 1])
    square.imshow(image)
    strip.imshow(image.reshape(1, -1), aspect="auto")
    for k, row in enumerate(shown):
        for axes, corner in [(square, (-0.5, row - 0.5)), (strip, (row * width - 0.5, -0.5))]:
            axes.add_patch(plt.Rectangle(corner, width, 1, fill=False, edgecolor=colors[k],
                                         linewidth=2.5, clip_on=False))
        square.text(width - 0.2, row, f"row {row}", va="center", color=colors[k])
        strip.text((row + 0.5) * width - 0.5, -0.62, row, ha="center", color=colors[k])
    if written:
        middle = (image.min() + image.max()) / 2
        for n, value in enumerate(image.ravel()):
            for axes, place in [(square, (n % width, n // width)), (strip, (n, 0))]:
                axes.text(*place, value, ha="center", va="center",
                          color="white" if value < middle else "black")
    square.set(title=f"shape ({height}, {width})", xticks=[], yticks=[])
    strip.set(xlabel=f"shape ({image.size},)", xticks=[0, image.size - 1], yticks=[])
    for axes in (square, strip):
        axes.grid(visible=False)
    rows = ", ".join(map(str, shown))
    framed = f"Row {rows} is" if len(shown) == 1 else f"Rows {rows} are"
    return describe(fig, (
        f"Above, an image of {counted(height, 'row')} and {counted(width, 'column')}. Below, the "
        f"same {image.size} pixels in one line. {framed} framed in both, each in its colour: row r "
        f"fills the places from {width}·r to {width}·r + {width - 1}."))


def _grid(rows, columns, wide, shape, lines, heading):
    """An empty figure, and the place of each image in it, row by row.

    Places are worked out here, in inches: matplotlib's own layout needs seconds for 100 images.
    wide: width of an image. shape: its height over its width. lines: of each title.
    """
    gap, above, top = 0.08, 0.2 * lines, 0.34 * bool(heading)
    high = wide * shape
    width = columns * (wide + gap) + gap
    height = rows * (above + high + gap) + gap + top
    fig = plt.figure(figsize=(width, height))
    fig.set_layout_engine("none")
    if heading:
        fig.text(0.5, 1 - 0.06 / height, heading, ha="center", va="top", fontsize=13)
    places = [((gap + column * (wide + gap)) / width,
               1 - (top + row * (above + high + gap) + gap + above + high) / height,
               wide / width, high / height)
              for row in range(rows) for column in range(columns)]
    return fig, places


def _part_titles(fig):
    """Make the titles of a grid smaller, all alike, where one would touch its neighbour's."""
    renderer = FigureCanvasAgg(fig).get_renderer()
    fits = min(fig.axes[0].get_window_extent(renderer).width
               / max(1.0, axes.title.get_window_extent(renderer).width) for axes in fig.axes)
    if fits < 1 and len(fig.axes) > 1:
        for axes in fig.axes:
            axes.title.set_fontsize(max(SMALLEST, fits * axes.title.get_fontsize()))


def _as_images(images):
    """Images in any of the usual shapes as (n, height, width)."""
    images = np.stack([to_cpu(image) for image in images]) if len(images) else np.empty((0,))
    if images.ndim == 4 and images.shape[1] == 1:
        images = images[:, 0]
    if images.ndim == 2:
        side = math.isqrt(images.shape[1])
        if side * side == images.shape[1]:
            images = images.reshape(-1, side, side)
    if images.ndim != 3 or images.size == 0:
        raise ValueError(
            "Images of shape (n, pixels), (n, height, width) or (n, 1, height, width) are needed, "
            f"flat ones square, but the shape is {images.shape}. For one image pass image[None].")
    return images


def _limits(images, limits):
    """The values that are drawn black and white, or None and None for each image's own."""
    if isinstance(limits, str):
        if limits != "each":
            raise ValueError(f'limits is a pair of numbers or "each", not {limits!r}.')
        return None, None
    if limits is not None:
        return limits
    if images.dtype == np.uint8:
        return 0, 255
    low, high = images.min(), images.max()
    return (0, 1) if low >= 0 and high <= 1 else (low, high)


def _grid_text(images, titles, right, rows, columns, heading):
    count, height, width = images.shape
    text = f"{heading}. " if heading else ""
    text += f"{counted(count, 'image')} of {height}×{width} pixels"
    text += f" in {counted(rows, 'row')} of {columns}." if count > 1 else "."
    if titles:
        text += " Titles: {titles}, and so on." if count > 100 else " Titles: {titles}."
    if right is not None:
        text += f" {int(np.sum(right))} of {count} are marked as right."
    return text
