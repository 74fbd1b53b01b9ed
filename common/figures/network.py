"""Pictures of networks: one unit, layers of nodes, a dense layer and its shapes."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import arrow, counted, fit, number, numbers, on_white
from common.figures.style import COLORS, describe

RADIUS = 0.36
SHOWN = 8  # nodes of a layer; a longer one is shortened


def one_unit(w, b, activation, x=None):
    """One unit: inputs times weights, plus the bias, through an activation function.

    w: weights, (inputs,). b: bias. activation: a function such as step, drawn as a small curve.
    x: inputs, (inputs,); with them the numbers of this input are written into the nodes.
    """
    w, b = to_cpu(w), float(b)
    n = len(w)
    fig, axes = plt.subplots()
    middle = -(n - 1) / 2
    u = None if x is None else b + float(np.dot(x, w))
    y = None if x is None else float(activation(u))
    for i in range(n):
        _edge(axes, (0, -i), (3.2, middle), COLORS["weight"])
        _node(axes, (0, -i), f"$x_{i + 1}$" if x is None else number(x[i]), COLORS["input"])
        _on_edge(axes, (0, -i), (3.2, middle), f"$w_{i + 1}$ = {number(w[i])}")
        if x is not None:
            axes.text(-0.45, -i, f"$x_{i + 1}$", ha="right", va="center", fontsize=14)
    _edge(axes, (3.2, middle - 1.05), (3.2, middle), COLORS["weight"], gaps=(0, RADIUS))
    axes.text(3.2, middle - 1.1, f"$b$ = {number(b)}", ha="center", va="top",
              color=COLORS["weight"])
    _edge(axes, (3.2, middle), (5.2, middle), COLORS["neutral"], gaps=(RADIUS, 0.55))
    _edge(axes, (5.2, middle), (7.2, middle), COLORS["neutral"], gaps=(0.55, RADIUS))
    _node(axes, (3.2, middle), "$u$" if u is None else number(u), COLORS["activation"])
    _node(axes, (7.2, middle), "$y$" if u is None else number(y), COLORS["output"])
    if u is not None:
        axes.text(3.2, middle + 0.45, "$u$", ha="center", va="bottom", fontsize=14)
        axes.text(7.2, middle + 0.45, "$y$", ha="center", va="bottom", fontsize=14)
    _small_curve(axes, (5.2, middle), activation)
    axes.text(5.2, middle + 0.6, activation.__name__, ha="center", va="bottom")
    axes.set(xlim=(-1, 7.8), ylim=(min(-n + 0.4, middle - 1.6), max(0.5, middle + 1.1)))
    _fit(fig, axes, 0.9)
    told = "" if u is None else (
        f" For the inputs {numbers(x)} the sum u is {number(u)} and the output {number(y)}.")
    return describe(fig, (
        f"One unit from left to right: {counted(n, 'input')}, each with an arrow to the sum u and "
        f"a weight on it ({numbers(w)}); an arrow from below for the bias {number(b)}; then a box "
        f"with the curve of {activation.__name__}; then the output y.{told}"))


def layers(sizes, values=None, titles=None, bias=False, into=None):
    """Layers of nodes, each node joined to all nodes of the layer before.

    sizes: number of nodes in each layer, the input first. values: for each layer the numbers or
    names to write into its nodes. titles: one for each layer. bias: draw the 1 where each
    bias starts. into: (layer, node), whose arrows stand out. Layers of more than eight nodes are
    shortened.
    """
    fig, axes = plt.subplots()
    draw_layers(axes, sizes, values, titles, bias, into)
    _fit(fig, axes, 0.85)
    names = [f"layer {k + 1}" for k in range(len(sizes))] if titles is None else [
        _plain(title) for title in titles]
    columns = ", ".join(f"{name} with {size}" for name, size in zip(names, sizes))
    text = f"A network of nodes, from left to right: {columns}"
    text += "; every node has an arrow from each node of the column before." \
        if len(sizes) > 1 else "."
    if max(sizes) > SHOWN:
        text += f" Of a column of more than {SHOWN} only the first three and the last are drawn."
    if bias:
        text += " A small square with a 1 stands above each column but the last, for the biases."
    if into is not None:
        text += f" The arrows into node {into[1] + 1} of {names[into[0]]} stand out."
    if values is not None:
        text += " In the nodes: " + "; ".join(
            f"{name}: " + _plain(", ".join(number(value, ".2f") for value in column))
            for name, column in zip(names, values)) + "."
    return describe(fig, text)


def draw_layers(axes, sizes, values=None, titles=None, bias=False, into=None, gap=2.3):
    """Draw layers of nodes into axes, as `layers` does.

    gap: distance between layers, in rows. Returns for each layer a dict from node to (x, y).
    """
    places = [_places(k * gap, size) for k, size in enumerate(sizes)]
    top = max(y for layer in places for _, y in layer.values())
    bottom = min(y for layer in places for _, y in layer.values())
    for k in range(1, len(sizes)):
        for node, end in places[k].items():
            strong = into == (k, node)
            color = COLORS["weight"] if into is None or strong else COLORS["neutral"]
            alpha = 1 if strong else 0.55 if into is None else 0.25
            starts = list(places[k - 1].values())
            if bias:
                starts.append(((k - 1) * gap, top + 1))
            for start in starts:
                _edge(axes, start, end, color, alpha=alpha, width=2 if strong else 1.2)
    for k, layer in enumerate(places):
        color = COLORS["input" if k == 0 else "output" if k == len(sizes) - 1 else "activation"]
        for node, place in layer.items():
            text = "" if values is None else number(values[k][node], ".2f")
            _node(axes, place, text, color)
        if len(layer) < sizes[k]:
            axes.text(k * gap, (layer[2][1] + layer[sizes[k] - 1][1]) / 2, "⋮", ha="center",
                      va="center", fontsize=18, color=color)
        if bias and k < len(sizes) - 1:
            _square(axes, (k * gap, top + 1), "1")
        title = f"{sizes[k]} nodes" if titles is None else titles[k]
        axes.text(k * gap, bottom - 0.6, title, ha="center", va="top")
    lines = 1 if titles is None else max(title.count("\n") + 1 for title in titles)
    axes.set(xlim=(-1, (len(sizes) - 1) * gap + 1), aspect="equal",
             ylim=(bottom - 0.7 - 0.36 * lines, top + (1.5 if bias else 0.5)))
    axes.axis("off")
    return places


def dense_layer(W, b, node):
    """A dense layer as nodes beside its W and b, with one node and its column marked.

    W: (inputs, outputs), small. b: (outputs,). node: the output that is marked, from 0.
    """
    W, b = to_cpu(W), to_cpu(b)
    inputs, outputs = W.shape
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.9))
    places = draw_layers(left, W.shape, titles=["$x$", "$y$"], bias=True, into=(1, node), gap=3.2)
    for k, name in enumerate("xy"):
        for index, (x, y) in places[k].items():
            left.text(x, y, f"${name}_{index + 1}$", ha="center", va="center", fontsize=13)
    for i, place in places[0].items():
        _on_edge(left, place, places[1][node], f"$W_{{{i + 1}{node + 1}}}$ = {number(W[i, node])}",
                 share=0.42)
    one = (0, max(y for layer in places for _, y in layer.values()) + 1)
    _on_edge(left, one, places[1][node], f"$b_{node + 1}$ = {number(b[node])}", share=0.42)
    for name, table, top in [("$W$", W, 0), ("$b$", b[None], inputs + 0.7)]:
        for (r, c), value in np.ndenumerate(table):
            _cell(right, (c, top + r), number(value), marked=c == node)
        right.text(-0.8, top + (len(table) - 1) / 2, name, ha="right", va="center", fontsize=15)
    right.text(node, -0.75, "↓", ha="center", va="center", fontsize=15, color=COLORS["weight"])
    right.text(node, -1.1, f"into $y_{node + 1}$", ha="center", va="bottom", color=COLORS["weight"])
    right.set(xlim=(-1.5, outputs - 0.3), ylim=(inputs + 1.7, -1.8), aspect="equal")
    right.axis("off")
    terms = " + ".join(f"x{i + 1} times {number(W[i, node])}" for i in range(inputs))
    return describe(fig, (
        f"Left, {counted(inputs, 'input')} and a bias joined to {counted(outputs, 'output')}, with "
        f"the arrows into output {node + 1} marked by their weights. Right, W as a table of "
        f"{counted(inputs, 'row')} and {counted(outputs, 'column')}, and b as one row below it; "
        f"column {node + 1} of both is framed. It holds what output {node + 1} needs: "
        f"{number(b[node])} + {terms}."))


def dense_shapes(batches, inputs, outputs):
    """The shapes of y = xW + b as grids of cells, one line of grids for each size of batch.

    batches: sizes such as [1, 4], small; 1 is a single row, without a batch axis.
    inputs, outputs: the nodes of the layer, small.
    """
    fig, axes = plt.subplots()
    top, right, told = 0.0, 0.0, []
    for n in batches:
        height = max(n, inputs)
        x, y = ((n, inputs), (n, outputs)) if n > 1 else ((inputs,), (outputs,))
        title = f"batch of {n}" if n > 1 else "one row"
        axes.text(0, top + height / 2, title, ha="left", va="center")
        left = 3.2
        for name, rows, columns, color, sign, shape in [
                ("x", n, inputs, "input", "@", x),
                ("W", inputs, outputs, "weight", "+", f"({inputs}, {outputs})"),
                ("b", 1, outputs, "weight", "=", f"({outputs},)"),
                ("y", n, outputs, "output", "", y)]:
            start = top + (height - rows) / 2
            for r, c in np.ndindex(rows, columns):
                axes.add_patch(plt.Rectangle((left + c, start + r), 1, 1, facecolor="white",
                                             edgecolor=COLORS[color], linewidth=1.6))
            middle = left + columns / 2
            axes.text(middle, start - 0.2, f"${name}$", ha="center", va="bottom", fontsize=14)
            axes.text(middle, start + rows + 0.2, shape, ha="center", va="top", color=COLORS[color])
            left += columns + 0.8
            axes.text(left, top + height / 2, sign, ha="center", va="center", fontsize=16)
            left += 0.8
        top, right = top + height + 2.6, max(right, left - 1.3)
        told.append(f"{title}: x {x}, W ({inputs}, {outputs}), b ({outputs},), y {y}.")
    axes.set(xlim=(-0.2, right), ylim=(top - 1.6, -1.0))
    _fit(fig, axes, 0.45)
    return describe(fig, "Grids of cells for x @ W + b = y. " + " ".join(told))


def _places(x, size):
    """Where the nodes of a layer stand; of a long one the first three and the last."""
    if size <= SHOWN:
        return {node: (x, (size - 1) / 2 - node) for node in range(size)}
    return {0: (x, 2.0), 1: (x, 1.0), 2: (x, 0.0), size - 1: (x, -2.0)}


def _fit(fig, axes, inches):
    """Make the figure as large as the limits of its axes ask for: so many inches a unit."""
    fit(fig, axes, axes.get_xlim(), axes.get_ylim(), inches)


def _node(axes, place, text, color):
    axes.add_patch(plt.Circle(place, RADIUS, facecolor="white", edgecolor=color, linewidth=2,
                              zorder=3))
    axes.text(*place, text, ha="center", va="center", zorder=4)


def _square(axes, place, text):
    x, y = place
    axes.add_patch(plt.Rectangle((x - 0.24, y - 0.24), 0.48, 0.48, facecolor="white",
                                 edgecolor=COLORS["neutral"], linewidth=1.5, zorder=3))
    axes.text(x, y, text, ha="center", va="center", fontsize=11, zorder=4)


def _cell(axes, place, text, marked):
    x, y = place
    face, edge, width = ("#efe9f5", "weight", 2.4) if marked else ("white", "neutral", 1)
    axes.add_patch(plt.Rectangle((x - 0.47, y - 0.42), 0.94, 0.84, facecolor=face, linewidth=width,
                                 edgecolor=COLORS[edge], zorder=width))
    axes.text(x, y, text, ha="center", va="center", zorder=4)


def _edge(axes, start, end, color, alpha=1.0, width=1.5, gaps=(RADIUS, RADIUS)):
    """An arrow from node to node, from rim to rim."""
    arrow(axes, start, end, color, gaps=gaps, alpha=alpha, linewidth=width)


def _on_edge(axes, start, end, text, share=0.5):
    x, y = np.array(start, float) * (1 - share) + np.array(end, float) * share
    on_white(axes, x, y, text, "weight")


def _small_curve(axes, place, function):
    """A box with the curve of a function from -4 to 4 in it."""
    x, y = place
    axes.add_patch(plt.Rectangle((x - 0.55, y - 0.5), 1.1, 1, facecolor="white",
                                 edgecolor=COLORS["activation"], linewidth=2, zorder=3))
    u = np.linspace(-4, 4, 201)
    v = np.asarray(function(u))
    height = (v - v.min()) / max(np.ptp(v), 1e-9) - 0.5
    axes.plot(x + u / 9, y + 0.6 * height, color=COLORS["activation"], zorder=4)


def _plain(text):
    """A title or a name as it is read aloud: on one line, without the signs of a formula."""
    return text.replace("\n", " ").replace("$", "").replace("_", "")
