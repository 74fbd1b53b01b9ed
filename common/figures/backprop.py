"""Pictures of backpropagation: a graph of small steps, layers in a row, a gradient check."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.style import COLORS, describe

BACK = COLORS["wrong"]  # what flows backwards is how much each number is to blame


def computational_graph(steps, values, gradients=None):
    """A calculation as a line of small steps, with its numbers, and with the way back.

    steps: list of (sign, name, value): what is done to the number that comes from the left, and
        the second number that enters from below (None, None for a step that needs no second).
    values: list of (name, value): the number on the line before each step and after the last.
    gradients: (those on the line, those of the second numbers), None where none is wanted.
    """
    fig, axes = plt.subplots(figsize=(8, 3.3))
    line, below = gradients or ([None] * len(values), [None] * len(steps))
    for k, ((name, value), gradient) in enumerate(zip(values, line)):
        left, right = 2 * k - 1.66 + 0.0, 2 * k - 0.34
        _there_and_back(axes, (left, 0), (right, 0), gradient is not None)
        axes.text((left + right) / 2, 0.22, _number(name, value), ha="center", va="bottom")
        if gradient is not None:
            axes.text((left + right) / 2, -0.3, _short(gradient), ha="center", va="top",
                      color=BACK)
    for k, ((sign, name, value), gradient) in enumerate(zip(steps, below)):
        axes.add_patch(plt.Circle((2 * k, 0), 0.34, facecolor="white", linewidth=2,
                                  edgecolor=COLORS["activation"], zorder=3))
        axes.text(2 * k, -0.02, sign, ha="center", va="center", fontsize=17, zorder=4)
        if name is None:
            continue
        _there_and_back(axes, (2 * k, -1.7), (2 * k, -0.36), gradient is not None)
        axes.text(2 * k, -1.8, _number(name, value), ha="center", va="top",
                  color=COLORS["weight"])
        if gradient is not None:
            axes.text(2 * k + 0.25, -1.2, _short(gradient), ha="left", va="center", color=BACK)
    axes.set(xlim=(-1.8, 2 * len(values) - 2.2), ylim=(-2.25, 0.75), aspect="equal")
    axes.axis("off")
    told = "; ".join(
        f"{sign} {name} = {_short(value)}" if name else sign for sign, name, value in steps)
    text = (f"A line of {len(steps)} steps from left to right: {told}. The numbers on the line: "
            f"{', '.join(_short(value) for _, value in values)}.")
    if gradients is not None:
        text += (" Dashed arrows go back and carry, from right to left, "
                 f"{', '.join(_short(gradient) for gradient in line[::-1])}; to the numbers that "
                 "enter from below go " + ", ".join(
                     f"{_short(gradient)} to {name}" for (_, name, _), gradient
                     in zip(steps, below) if gradient is not None) + ".")
    return describe(fig, text)


def layer_chain(names, shapes, params=()):
    """Layers in a row: the data goes forward through them, the gradient goes back.

    names: of the layers. shapes: of the data before each layer and after the last.
    params: for each layer the names of what it learns, such as "W1, b1", or "".
    """
    gap, wide = 1.0, 0.82
    fig, axes = plt.subplots(figsize=(8, 2.5))
    for k, shape in enumerate(shapes):
        left = k * (gap + wide)
        text = str(tuple(shape)) if len(shape) else "a number"
        for height, start, end, color, style in [
                (0.2, left + 0.06, left + gap - 0.06, COLORS["input"], "-"),
                (-0.2, left + gap - 0.06, left + 0.06, BACK, "--")]:
            axes.annotate("", (end, height), (start, height), arrowprops={
                "arrowstyle": "-|>", "color": color, "linestyle": style, "linewidth": 1.6,
                "shrinkA": 0, "shrinkB": 0})
            axes.text(left + gap / 2, height * 1.35, text if height > 0 else "gradient" if k
                      else "(not used)", ha="center", va="bottom" if height > 0 else "top",
                      color=color, fontsize=10.5)
    for k, name in enumerate(names):
        left = gap + k * (gap + wide)
        axes.add_patch(plt.Rectangle((left, -0.5), wide, 1, facecolor="white", linewidth=2,
                                     edgecolor=COLORS["activation"], zorder=3))
        axes.text(left + wide / 2, 0, name, ha="center", va="center", fontsize=11.5, zorder=4)
        if params and params[k]:
            axes.text(left + wide / 2, -0.6, f"d{params[k].replace(', ', ', d')}", ha="center",
                      va="top", color=BACK)
            axes.text(left + wide / 2, 0.58, params[k], ha="center", va="bottom",
                      color=COLORS["weight"])
    axes.set(xlim=(-0.02, len(shapes) * (gap + wide) - wide + 0.02), ylim=(-1, 1))
    axes.axis("off")
    plain = [name.replace("\n", "") for name in names]
    return describe(fig, (
        f"Layers in a row: {', '.join(plain)}. Solid arrows to the right carry data of the shapes "
        f"{', '.join(str(tuple(shape)) if len(shape) else 'one number' for shape in shapes)}. "
        "Dashed arrows to the left carry gradients of the same shapes back. Layers with "
        "parameters keep their gradients."))


def two_gradients(numerical, backprop):
    """A gradient check as a picture: each weight's two gradients against each other.

    numerical, backprop: dicts of arrays by name, with the same names; four at most.
    """
    fig, axes = plt.subplots(figsize=(5.6, 4.6))
    hues = ("input", "activation", "output", "weight")
    for name, mark, hue in zip(numerical, ("o", "s", "^", "D"), hues):
        axes.plot(to_cpu(backprop[name]).ravel(), to_cpu(numerical[name]).ravel(), mark,
                  color=COLORS[hue], markersize=5, label=name, markerfacecolor="none")
    every = np.concatenate([to_cpu(array).ravel() for array in numerical.values()])
    ends = np.array([every.min(), every.max()])
    axes.plot(ends, ends, color=COLORS["neutral"], linewidth=1, zorder=1)
    axes.set(xlabel="gradient by backpropagation", ylabel="numerical gradient")
    fig.legend(loc="outside right center", handletextpad=0.3)
    apart = max(abs(to_cpu(numerical[name]) - to_cpu(backprop[name])).max() for name in numerical)
    below = "0.000001" if apart < 1e-6 else f"{apart * 1.01:.2g}"
    return describe(fig, (
        f"{every.size} points, one for each weight and bias of {', '.join(numerical)}: its "
        "gradient by backpropagation against its numerical gradient. A line marks where both are "
        f"equal; no point is farther from it than {below}."))


def softmax_gradient(y, t):
    """Probabilities, the one-hot label, and their difference: the gradient along the logits.

    y, t: (classes,).
    """
    fig, panels = plt.subplots(1, 3, figsize=(8, 3), sharey=True)
    told, names = [], [str(k) for k in range(len(y))]
    for axes, title, heights, color in zip(
            panels, ("probabilities $y$", "label $t$", "gradient $y - t$"), (y, t, y - t),
            (COLORS["output"], COLORS["neutral"], BACK)):
        axes.bar(names, heights, color=color, width=0.6)
        axes.axhline(0, color=COLORS["neutral"], linewidth=1)
        for k, height in enumerate(heights):
            axes.annotate(_short(round(float(height), 2) + 0.0), (k, height),
                          (0, 4 if height >= 0 else -4), textcoords="offset points", ha="center",
                          va="bottom" if height >= 0 else "top")
        axes.set(title=title, xlabel="class", ylim=(-1.1, 1.2))
        told.append(", ".join(_short(round(float(height), 2) + 0.0) for height in heights))
    return describe(fig, (
        f"Three bar charts over the classes. The probabilities {told[0]}; the one-hot label "
        f"{told[1]}; their difference {told[2]}: negative for the right class only."))


def _there_and_back(axes, start, end, back):
    start, end = np.array(start, float), np.array(end, float)
    way = (end - start) / np.linalg.norm(end - start)
    aside = np.array([-way[1], way[0]]) * (0.1 if back else 0)
    arrow = {"arrowstyle": "-|>", "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end + aside, start + aside,
                  arrowprops=arrow | {"color": COLORS["neutral"], "linestyle": "-"})
    if back:
        axes.annotate("", start - aside, end - aside,
                      arrowprops=arrow | {"color": BACK, "linestyle": "--"})


def _number(name, value):
    return f"${name}$ = {_short(value)}" if name else _short(value)


def _short(value):
    return f"{value:g}".replace("-", "−")
