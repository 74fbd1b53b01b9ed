"""Pictures of chapter 16: what each pixel alone does to each node."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import arrow, counted, number, thin_frame
from common.figures.style import COLORS, describe


def two_pixels(gates):
    """What two pixels do together: four images as corners, an output in each, changes between.

    gates: dict from a name to the outputs for (0, 0), (1, 0), (0, 1) and (1, 1).
    """
    fig, panels = plt.subplots(1, len(gates), figsize=(2.7 * len(gates), 2.9), squeeze=False)
    corners, told = [(0, 0), (1, 0), (0, 1), (1, 1)], []
    for axes, (name, values) in zip(panels[0], gates.items()):
        for k, end in (0, 1), (0, 2), (1, 3), (2, 3):
            start, stop = np.array(corners[k]), np.array(corners[end])
            first = stop[0] > start[0]  # the pixel that is lit on the way
            arrow(axes, start + 0.21 * (stop - start), start + 0.79 * (stop - start),
                  "input" if first else "weight", linestyle="-" if first else "--")
            shift = (0, 0.09 if start[1] else -0.09) if first else (0.14 if start[0] else -0.14, 0)
            axes.text(*(start + stop) / 2 + shift, _signed(values[end] - values[k]), ha="center",
                      va="center", fontsize=12, color=COLORS["input" if first else "weight"])
        for (x, y), value in zip(corners, values):
            axes.text(x, y, f"{value:g}", ha="center", va="center", fontsize=14, bbox={
                "boxstyle": "circle,pad=0.35", "facecolor": "white",
                "edgecolor": COLORS["output"], "linewidth": 1.8})
            axes.text(x, y + (0.27 if y else -0.27), f"({x}, {y})", ha="center", va="center",
                      fontsize=11, color=COLORS["neutral"])
        axes.set(xlim=(-0.4, 1.4), ylim=(-0.42, 1.42), title=name)
        axes.axis("off")
        told.append(f"{name}: black {values[0]:g}, first pixel alone {values[1]:g}, second alone "
                    f"{values[2]:g}, both {values[3]:g}")
    return describe(fig, (
        "For each gate a square whose corners are the four images of two pixels, with the output "
        "in a circle. Full arrows to the right light the first pixel, dashed arrows upwards the "
        f"second, with the change of the output at each. {'; '.join(told)}."))


def every_node(image, influence, probabilities, heading=None):
    """The influence of every pixel on every node of the network of chapter 05, a layer at a time.

    image: (784,). influence: Activations of (784, nodes), as pixel_influence returns them.
    probabilities: (10,), of the whole image; they stand below z3. Grey means none, brighter
    positive, darker negative; each layer has one scale, at its bar.
    """
    fig = plt.figure(figsize=(8, 5.9))
    fig.set_layout_engine("none")
    # The crop of a notebook then takes nothing away, and pixels of the image stay on pixels of the
    # picture: sharper, and a third of the size.
    fig.add_artist(plt.Rectangle((0, 0), 1, 1, fill=False, linewidth=0))
    axes = _axes_at(fig, 0.985, 4.2, 1.12, 1.12)
    axes.imshow(to_cpu(image).reshape(28, 28), vmin=0, vmax=1, cmap="gray")
    thin_frame(axes)
    axes.set_title("the image", fontsize=12, pad=4)
    told = []
    for (layer, values), (name, rows, scale, left, low) in zip(influence._asdict().items(), [
            ("z1: 50 nodes", 5, 2, 0.1, 2.43), ("z2: 100 nodes", 10, 2, 4.1, 2.43),
            ("a3: 10 logits", 1, 5, 0.1, 1.33), ("z3: 10 probabilities", 1, 5, 0.1, 0.28)]):
        mosaic, limit = _mosaic(values, rows), limit_of(values)
        high, wide = scale * np.array(mosaic.shape) / 200
        axes = _axes_at(fig, left, low, wide, high)
        picture = axes.imshow(mosaic, cmap=greys(), vmin=-limit, vmax=limit, aspect="auto")
        axes.axis("off")
        axes.set_title(name, fontsize=12, pad=4)
        bar = fig.colorbar(picture, cax=_axes_at(fig, left + wide + 0.06, low, 0.1, high))
        _ends(bar, limit)
        told.append(f"{layer}: from {values.min():.2g} to {values.max():.2g}")
    for digit, probability in enumerate(to_cpu(probabilities)):
        axes.text(29 * digit + 14, 30, f"{digit}: {probability:.3f}", ha="center", va="top",
                  fontsize=10.5)
    if heading:
        fig.text(0.5, 0.99, heading, ha="center", va="top", fontsize=13)
    answer = int(np.argmax(probabilities))
    return describe(fig, (
        f"{heading or 'An image'}: the image, and what each of its pixels alone does to each node "
        "of z1, z2, a3 and z3, one small picture a node, grey for none, brighter for positive and "
        f"darker for negative. Smallest and largest values, {'; '.join(told)}. The network answers "
        f"{answer} with probability {probabilities[answer]:.3f}."))


def one_layer(influences, name, probabilities=None, titles=None):
    """The influence of the pixels of several images on every node of one layer, on one scale.

    influences: (images, 784, nodes). name: of the layer. probabilities: (images, nodes), to stand
    below the pictures of each image. A layer of up to ten nodes has a row for each image, a larger
    one a block of rows of ten. titles: of the images; else they are numbered from 0, as digits are.
    """
    influences = to_cpu(influences)
    count, _, nodes = influences.shape
    names = range(count) if titles is None else titles
    limit, rows, line = limit_of(influences), -(-nodes // 10), nodes <= 10
    columns, scale, top = (1, 4, 0.55) if line else (2, 2, 0.35)
    high, wide = scale * (29 * rows - 1) / 200, scale * (29 * min(nodes, 10) - 1) / 200
    above, below = (0.06, 0.24 * (probabilities is not None)) if line else (0.3, 0)
    step = high + above + below
    tall = top + step * -(-count // columns) + 0.05
    fig = plt.figure(figsize=(8, tall))
    fig.set_layout_engine("none")
    fig.add_artist(plt.Rectangle((0, 0), 1, 1, fill=False, linewidth=0))  # as in every_node
    for k, values in enumerate(influences):
        row, column = divmod(k, columns)
        low = round((tall - top - row * step - above - high) * 200) / 200
        axes = _axes_at(fig, 0.5 + column * (wide + 0.3), low, wide, high)
        picture = axes.imshow(_mosaic(values, rows), cmap=greys(), vmin=-limit, vmax=limit,
                              aspect="auto")
        axes.axis("off")
        if line:
            axes.text(-8, 14, names[k], ha="right", va="center", fontsize=13)
        else:
            axes.set_title(names[k], pad=4)
        for node in range(nodes if probabilities is not None else 0):
            axes.text(29 * node + 14, 29.5, f"{probabilities[k, node]:.3f}", ha="center", va="top",
                      fontsize=10)
    if line:
        for node in range(nodes):
            fig.axes[0].text(29 * node + 14, -3, node, ha="center", va="bottom", fontsize=12)
    where = "a row for each image, a column for each node" if line else f"{nodes} nodes"
    fig.text(0.5 / 8, 1 - 0.03 / tall, f"{name}: {where}", ha="left", va="top", fontsize=13)
    right = 0.5 + columns * (wide + 0.3) - 0.2
    long = min(2, step * -(-count // columns) - above - below)  # of the bar, no longer than all
    bar = _axes_at(fig, right, tall - top - above - long, 0.12, long)
    _ends(fig.colorbar(picture, cax=bar), limit)
    which = ", numbered from 0" if titles is None else f" ({', '.join(titles)})"
    told = "" if probabilities is None else (
        " Below each is the probability for the whole image; the largest: " + ", ".join(
            f"image {k} node {row.argmax()} with {row.max():.3f}"
            for k, row in enumerate(to_cpu(probabilities))) + ".")
    return describe(fig, (
        f"For each of {counted(count, 'image')}{which}, the influence of its pixels on "
        f"the {counted(nodes, 'node')} of {name}, one small picture a node: grey for none, "
        f"brighter for positive, darker for negative, all on one scale from {-limit:.2g} to "
        f"{limit:.2g}.{told}"))


def one_node(image, influence, black, value, name):
    """One node: the image, the influence of its pixels, and what they sum to.

    image, influence: (784,). black, value: the node's number for the black image and for this one.
    name: of the node.
    """
    image, influence = to_cpu(image).reshape(28, 28), to_cpu(influence).reshape(28, 28)
    limit, total = limit_of(influence), float(influence.sum())
    fig = plt.figure(figsize=(8, 2.45))
    fig.set_layout_engine("none")
    left, middle = _axes_at(fig, 0.1, 0.1, 2, 2), _axes_at(fig, 2.3, 0.1, 2, 2)
    left.imshow(image, vmin=0, vmax=1, cmap="gray")
    left.set_title("the image", fontsize=12)
    picture = middle.imshow(influence, cmap=greys(), vmin=-limit, vmax=limit)
    middle.set_title(f"influence on {name}", fontsize=12)
    _ends(fig.colorbar(picture, cax=_axes_at(fig, 4.36, 0.1, 0.1, 2)), limit)
    thin_frame(left)
    thin_frame(middle)
    right = _axes_at(fig, 6.15, 0.1, 1.75, 2)
    bars = {"black image": black, "this image": value, "black + sum": black + total}
    right.barh(list(bars), list(bars.values()), height=0.5,
               color=[COLORS[color] for color in ("neutral", "output", "wrong")])
    right.axvline(0, color=COLORS["neutral"], linewidth=1)
    low, high = min(0, *bars.values()), max(0, *bars.values())
    room = max(high - low, 1e-9)
    right.set_xlim(low - 0.75 * room * (low < 0), high + 0.75 * room * (high > 0))
    right.set_title("the node's value", fontsize=12)
    right.set_xticks([])
    for k, length in enumerate(bars.values()):
        right.annotate(number(length, ".3g"), (length, k), (4 if length >= 0 else -4, 0),
                       va="center", ha="left" if length >= 0 else "right",
                       textcoords="offset points", fontsize=11)
    right.invert_yaxis()
    right.grid(visible=False)
    right.spines[:].set_visible(False)
    right.tick_params(length=0)
    return describe(fig, (
        f"Left, the image. Middle, the influence of each pixel alone on {name}, from "
        f"{influence.min():.2g} to {influence.max():.2g}, grey for none. Right, bars: the node is "
        f"{black:.3g} for the black image and {value:.3g} for this one; black and the sum of the "
        f"influences make {black + total:.3g}."))


def greys():
    """The grey colour map, white between the pictures of a mosaic."""
    return plt.get_cmap("gray", 15).with_extremes(bad="white")  # few levels make small files


def limit_of(values):
    """The end of a scale that has 0 in its middle."""
    return max(float(abs(values).max()), 1e-9)


def _mosaic(values, rows):
    """Columns of (784, nodes) as pictures of 28×28 in rows, with a white line between them."""
    maps = to_cpu(values).T.reshape(rows, -1, 28, 28)
    framed = np.full((rows, maps.shape[1], 29, 29), np.nan, np.float32)
    framed[:, :, :28, :28] = maps
    return framed.transpose(0, 2, 1, 3).reshape(rows * 29, -1)[:-1, :-1]


def _axes_at(fig, left, low, wide, high):
    """Axes at a place in inches."""
    width, height = fig.get_size_inches()
    return fig.add_axes((left / width, low / height, wide / width, high / height))


def _ends(bar, limit):
    """Write only the ends of a scale, and its middle."""
    bar.set_ticks([-limit, 0, limit], labels=[_signed(value, 2) for value in (-limit, 0, limit)])
    bar.ax.tick_params(labelsize=10, length=0, pad=2)
    bar.outline.set(edgecolor=COLORS["neutral"], linewidth=0.8)


def _signed(value, digits=3):
    return number(value, f"+.{digits}g")
