"""Pictures of feature maps: on the way through a CNN, and from one of their numbers back."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import SIGNED, arrow, fit, mark_pixel, minus, write_numbers
from common.figures.style import COLORS, describe


def maps_in_boxes(steps, shown=4):
    """The way of one image through a CNN: each step's shape, and some of its maps, numbered.

    steps: (name, values) in order; values are (channels, height, width) or (nodes,). shown: how
    many maps of a step are drawn, its first ones. Each step has its own scale, 0 is black.
    """
    steps = [(name, to_cpu(values)) for name, values in steps]
    fig, axes = plt.subplots()
    x, told = 0.0, []
    for k, (name, values) in enumerate(steps):
        color = COLORS["input" if k == 0 else "output" if k == len(steps) - 1 else "activation"]
        top = max(float(values.max()), 1e-9)
        if values.ndim == 3:
            count = min(shown, len(values))
            for place in range(count):
                y = (shown - count) / 2 * 1.1 + 1.1 * place
                axes.imshow(values[place], extent=(x, x + 1, y + 1, y), vmin=0, vmax=top,
                            cmap="gray", aspect="auto", zorder=2)
                axes.add_patch(plt.Rectangle((x, y), 1, 1, fill=False, edgecolor=color,
                                             linewidth=1.6, zorder=3))
                axes.text(x - 0.08, y + 0.5, place, ha="right", va="center", fontsize=9,
                          color=color)
            if count < len(values):
                axes.text(x + 0.5, 1.1 * shown + 0.02, "…", ha="center", va="center")
            wide = 1.0
        else:
            axes.imshow(np.maximum(values, 0)[:, None], extent=(x, x + 0.35, 1.1 * shown - 0.1, 0),
                        vmin=0, vmax=top, cmap="gray", aspect="auto", zorder=2,
                        interpolation="nearest")
            axes.add_patch(plt.Rectangle((x, 0), 0.35, 1.1 * shown - 0.1, fill=False,
                                         edgecolor=color, linewidth=1.6, zorder=3))
            wide = 0.35
        shape = f"({', '.join(map(str, values.shape))}{',' * (values.ndim == 1)})"
        axes.text(x + wide / 2, 1.1 * shown + 0.25, f"{name}\n{shape}", ha="center", va="top",
                  fontsize=10, color=color)
        told.append(f"{name} {shape}, largest number {top:.2f}")
        if k < len(steps) - 1:
            arrow(axes, (x + wide + 0.1, 0.55 * shown), (x + wide + 0.55, 0.55 * shown))
        x += wide + 0.85
    fit(fig, axes, (-0.4, x - 0.5), (1.1 * shown + 1.0, -0.1), 1.0)
    return describe(fig, (
        f"An image on its way through a network, in {len(steps)} steps. Of each step that has "
        f"maps, up to {shown} are drawn, numbered from 0, bright where their numbers are large. "
        f"{'; '.join(told)}."))


def product_behind(feature_map, place, window, weights, bias):
    """From one number of a map back: the window below it, the filter, their products, the sum.

    feature_map: (height, width), before ReLU. place: (row, column) of the number. window,
    weights: (size, size). bias: the filter's. The sum of the products and the bias is the number.
    """
    feature_map, window, weights = map(to_cpu, (feature_map, window, weights))
    products, bias = window * weights, float(bias)
    row, column = place
    fig, panels = plt.subplots(1, 4, figsize=(8, 2.9))
    largest = max(float(abs(feature_map).max()), 1e-9)
    panels[0].imshow(feature_map, cmap=SIGNED, vmin=-largest, vmax=largest)
    mark_pixel(panels[0], row, column, 9)
    panels[0].set_title("map")
    for axes, title, values, signed in [(panels[1], "window", window, False),
                                        (panels[2], "filter", weights, True),
                                        (panels[3], "products", products, True)]:
        top = 1.3 * max(float(abs(values).max()), 1e-9)
        image = axes.imshow(values, cmap=SIGNED if signed else "gray", vmax=top,
                            vmin=-top if signed else 0)
        write_numbers(axes, image, ".2f", fontsize=8, short=True)
        axes.set_title(title)
    for axes in panels:
        axes.set(xticks=[], yticks=[])
        axes.grid(visible=False)
    total = products.sum() + bias
    fig.suptitle(minus(f"sum of the products {products.sum():.3f}, bias {bias:.3f}, together "
                       f"{total:.3f}"), y=0.06, fontsize=12)
    return describe(fig, (
        f"A map with a square at row {row}, column {column}, where it has "
        f"{feature_map[row, column]:.3f}. Beside it, as tables of {window.shape[0]}×"
        f"{window.shape[1]} numbers, the window of the image below that place, the filter, and "
        f"their products, which sum to {products.sum():.3f}; with the bias {bias:.3f} that is "
        f"{total:.3f}."))
