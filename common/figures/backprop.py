"""Pictures of backpropagation: a graph of small steps, layers in a row, a gradient check."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import arrow, counted, number, numbers
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
            axes.text((left + right) / 2, -0.3, number(gradient), ha="center", va="top",
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
            axes.text(2 * k + 0.25, -1.2, number(gradient), ha="left", va="center", color=BACK)
    axes.set(xlim=(-1.8, 2 * len(values) - 2.2), ylim=(-2.25, 0.75), aspect="equal")
    axes.axis("off")
    told = "; ".join(
        f"{sign} {name} = {number(value)}" if name else sign for sign, name, value in steps)
    text = (f"A line of {counted(len(steps), 'step')} from left to right: {told}. The numbers on "
            f"the line: {', '.join(number(value) for _, value in values)}.")
    if gradients is not None:
        entering = ", ".join(f"{number(gradient)} to {name}" for (_, name, _), gradient
                             in zip(steps, below) if gradient is not None)
        text += (" Dashed arrows go back and carry, from right to left, "
                 f"{', '.join(number(gradient) for gradient in line[::-1])}"
                 + (f"; to the numbers that enter from below go {entering}." if entering else "."))
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
            arrow(axes, (start, height), (end, height), color, linestyle=style)
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
        "Dashed arrows to the left carry gradients of the same shapes back."
        + " Layers with parameters keep their gradients." * any(params)))


def two_gradients(numerical, backprop):
    """A gradient check as a picture: each weight's two gradients against each other.

    numerical, backprop: dicts of arrays by name, with the same names; four at most.
    """
    fig, axes = plt.subplots(figsize=(6, 4.6))
    hues, told = ("input", "activation", "output", "weight"), []
    for name, mark, hue in zip(numerical, ("o", "s", "^", "D"), hues):
        tried, sent_back = to_cpu(numerical[name]), to_cpu(backprop[name])
        axes.plot(sent_back.ravel(), tried.ravel(), mark, color=COLORS[hue], markersize=6,
                  label=name, markerfacecolor="none")
        apart = abs(tried - sent_back).max()
        told.append(f"{name} {'below 0.000001' if apart < 1e-6 else f'{apart:.2g}'}")
    every = np.concatenate([to_cpu(array).ravel() for array in numerical.values()])
    ends = np.array([every.min(), every.max()])
    axes.plot(ends, ends, color=COLORS["neutral"], linewidth=1, zorder=1, label="both equal")
    axes.set(xlabel="gradient by backpropagation", ylabel="gradient by trying")
    fig.legend(loc="outside right center", handletextpad=0.5)
    return describe(fig, (
        f"{counted(every.size, 'point')}, one for each number in "
        f"{', '.join(numerical)}: its gradient by backpropagation against its gradient by trying. "
        f"On a line both are equal. The largest difference: {', '.join(told)}."))


def affine_gradient(x, dout):
    """Why dW is xᵀ dout: each row of a batch gives a table of products, and dW is their sum.

    x: (N, inputs), dout: (N, outputs); N three at most.
    """
    tables = [np.outer(row, back) for row, back in zip(x, dout)]
    fig, axes = plt.subplots(figsize=(8, 2.9))
    rows, columns = tables[0].shape
    gap, told = columns + 1.6, []
    for k, table in enumerate([*tables, sum(tables)]):
        last = k == len(tables)
        left = k * gap
        back = dout.sum(axis=0) if last else dout[k]
        for i in range(rows):
            if not last:
                axes.text(left - 0.35, rows - i - 0.5, number(x[k, i]), ha="center", va="center",
                          color=COLORS["input"])
            for j in range(columns):
                axes.add_patch(plt.Rectangle((left + j, rows - i - 1), 1, 1, linewidth=1,
                                             facecolor="#f3d9cc" if last else "white",
                                             edgecolor=COLORS["weight"]))
                axes.text(left + j + 0.5, rows - i - 0.5, number(table[i, j]), ha="center",
                          va="center")
        for j in range(columns):
            axes.text(left + j + 0.5, rows + 0.3, number(back[j]), ha="center", va="center",
                      color=BACK)
        title = "$dW$, above it $db$" if last else f"row {k}"
        axes.text(left + columns / 2, rows + 1.0, title, ha="center", va="center")
        if not last:
            sign = "=" if k == len(tables) - 1 else "+"
            axes.text(left + columns + 0.55, rows / 2, sign, ha="center", va="center", fontsize=17)
        told.append("; ".join(", ".join(map(number, line)) for line in table))
    axes.set(xlim=(-0.8, len(tables) * gap + columns + 0.1), ylim=(-0.1, rows + 1.4),
             aspect="equal")
    axes.axis("off")
    return describe(fig, (
        f"{counted(len(tables), 'table')}, one for each row of the batch: the numbers of x at its "
        f"left, dout above it, and in each cell their product. Row by row they hold "
        f"{' | '.join(told[:-1])}. Their sum is dW: {told[-1]}. Above it the sum of dout, "
        f"{', '.join(map(number, dout.sum(axis=0)))}, is db."))


def network_flow(forward, back=None):
    """A 2-2-1 network with the numbers that flow through it, and with the gradients that return.

    forward: dict of x (2,), W1 (2, 2), b1 (2,), h (2,), W2 (2,), b2, y and E.
    back: None, or a dict of the same names with the gradient of E along each.
    """
    fig, axes = plt.subplots(figsize=(8, 4.5))
    nodes = {("x", 0): (0, 1.3), ("x", 1): (0, -1.3), ("h", 0): (3.2, 1.3), ("h", 1): (3.2, -1.3),
             ("y", ()): (6.4, 0), ("E", ()): (8.3, 0)}
    edges = [(("x", i), ("h", j), ("W1", (i, j))) for i in (0, 1) for j in (0, 1)]
    edges += [(("h", i), ("y", ()), ("W2", i)) for i in (0, 1)] + [(("y", ()), ("E", ()), None)]

    def write(x, y, name, index, **style):
        value = number(np.asarray(forward[name])[index], ".2f")
        axes.text(x, y, value, ha="center", va="center", zorder=5, **style)
        if back is not None:
            gradient = number(np.asarray(back[name])[index], "+.3f")
            axes.text(x, y - 0.3, gradient, ha="center", va="center", zorder=5, color=BACK,
                      fontsize=10.5, **({"bbox": style["bbox"]} if "bbox" in style else {}))

    white = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for start, end, weight in edges:
        (x0, y0), (x1, y1) = nodes[start], nodes[end]
        slant = 0.16 * np.sign(y1 - y0)
        arrow(axes, (x0 + 0.5, y0 + slant), (x1 - 0.5, y1 - slant), linewidth=1)
        if weight:
            share = 0.32 if y0 != y1 and weight[0] == "W1" else 0.5
            write(x0 + share * (x1 - x0), y0 + share * (y1 - y0), *weight,
                  color=COLORS["weight"], bbox=white)
    for (name, index), (x, y) in nodes.items():
        hue = {"x": "input", "h": "activation", "y": "output", "E": "wrong"}[name]
        axes.add_patch(plt.Circle((x, y), 0.5, facecolor="white", edgecolor=COLORS[hue],
                                  linewidth=2, zorder=4))
        write(x, y + (0.12 if back is not None else 0), name, index)
        label = f"${name}_{index}$" if index != () else f"${name}$"
        axes.text(x, y + 0.7, label, ha="center", va="center", color=COLORS[hue])
    for name, index, node in (("b1", 0, ("h", 0)), ("b1", 1, ("h", 1)), ("b2", (), ("y", ()))):
        x, y = nodes[node]
        axes.text(x - 0.62, y - 0.85, "$b$ =", ha="center", va="center", color=COLORS["weight"])
        write(x, y - 0.85, name, index, color=COLORS["weight"])
    axes.set(xlim=(-0.7, 9), ylim=(-2.7, 2.2), aspect="equal")
    axes.axis("off")
    told = "; ".join(f"{name} {numbers(forward[name], '.2f')}" for name in forward)
    text = f"A 2-2-1 network with its numbers, forward: {told}."
    if back is not None:
        told = "; ".join(f"{name} {numbers(back[name], '+.3f')}" for name in back)
        text += f" Below each, the gradient of E along it: {told}."
    return describe(fig, text)


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
            axes.annotate(number(round(float(height), 2)), (k, height),
                          (0, 4 if height >= 0 else -4), textcoords="offset points", ha="center",
                          va="bottom" if height >= 0 else "top")
        axes.set(title=title, xlabel="class", ylim=(-1.1, 1.2))
        told.append(", ".join(number(round(float(height), 2)) for height in heights))
    below, right = np.flatnonzero(y < t), np.flatnonzero(t == 1)
    where = ("for the right class only" if list(below) == list(right) and len(right) == 1
             else f"for class {', '.join(map(str, below))}" if len(below) else "nowhere")
    return describe(fig, (
        f"Three bar charts over the classes. The probabilities {told[0]}; the one-hot label "
        f"{told[1]}; their difference {told[2]}: negative {where}."))


def _there_and_back(axes, start, end, back):
    start, end = np.array(start, float), np.array(end, float)
    way = (end - start) / np.linalg.norm(end - start)
    aside = np.array([-way[1], way[0]]) * (0.1 if back else 0)
    arrow(axes, start + aside, end + aside)
    if back:
        arrow(axes, end - aside, start - aside, BACK, linestyle="--")


def _number(name, value):
    return f"${name}$ = {number(value)}" if name else number(value)
