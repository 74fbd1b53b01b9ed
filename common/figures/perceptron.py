"""Pictures of chapter 01: decision regions, XOR, and a perceptron that learns."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from common.backend import to_cpu
from common.figures.kit import counted, minus
from common.figures.style import COLORS, describe
from common.functions import step

FRAME = (-0.5, 1.5)
FIRES, RESTS = "#d5ece4", "#f1f3f4"  # pale output, pale neutral


def decision_regions(units, x, t, titles):
    """Where each perceptron fires, one panel for each, with the points it should get right.

    units: list of (w, b), w of two weights. x: points, (n, 2). t: targets, (n,) for all panels or
    (panels, n). titles: one for each panel.
    """
    x = to_cpu(x)
    t = np.broadcast_to(t, (len(units), len(x)))
    fig, panels = _panels(len(units))
    told = []
    for axes, (w, b), targets, title in zip(panels, units, t, titles):
        draw_region(axes, w, b)
        wrong = draw_points(axes, x, targets, step(x @ to_cpu(w) + b))
        axes.set_title(minus(title))
        told.append(f"{title}: {_region(w, b)}, {_score(wrong)}")
    _legend(fig)
    return describe(fig, (
        "The plane of x1 and x2, hatched where the perceptron fires, and points for the inputs: "
        f"filled where it must give 1, open where it must give 0. {'. '.join(told)}."))


def xor_diagonals():
    """Why no line separates XOR: the two diagonals of the square cross in its middle."""
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    fig, axes = plt.subplots(figsize=(4.6, 4.4))
    axes.plot(*x[t == 1].T, color=COLORS["output"])
    axes.plot(*x[t == 0].T, color=COLORS["neutral"], linestyle="--")
    draw_points(axes, x, t, t)
    axes.plot(0.5, 0.5, "s", color=COLORS["wrong"], markersize=9, zorder=5)
    axes.annotate("fires, or rests?", (0.5, 0.5), (16, -4), textcoords="offset points",
                  color=COLORS["wrong"], va="center")
    along = {"rotation_mode": "anchor", "ha": "center", "va": "bottom"}
    axes.text(0.27, 0.76, "must fire", color=COLORS["output"], rotation=-45, **along)
    axes.text(0.24, 0.27, "must rest", color=COLORS["neutral"], rotation=45, **along)
    _frame(axes)
    axes.set_title("XOR")
    return describe(fig, (
        "The four inputs of XOR as corners of a square. A solid diagonal joins the two inputs "
        "that must give 1, a dashed diagonal the two that must give 0. They cross at (0.5, 0.5), "
        "the midpoint of both, which would have to fire and rest at once."))


def two_layers(x, t, hidden, output, names):
    """XOR in two layers: two lines in the plane of the inputs, one line in the plane they make.

    x: points, (n, 2). t: targets, (n,). hidden: [(w, b), (w, b)], the two units of the first layer.
    output: (w, b) of the unit behind them. names: of the three units.
    """
    x, t = to_cpu(x), to_cpu(t)
    h = np.stack([step(x @ to_cpu(w) + b) for w, b in hidden], axis=1)
    y = step(h @ to_cpu(output[0]) + output[1])
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 4.7))
    corners = _clip(_clip(_square(), *hidden[0]), *hidden[1])
    left.set_facecolor(RESTS)
    left.add_patch(_fires(corners))
    if corners:
        left.text(*np.mean(corners, axis=0), "both fire", ha="center", va="center", fontsize=11,
                  color=COLORS["output"], bbox={"facecolor": FIRES, "edgecolor": "none", "pad": 2})
    for (w, b), name, style in zip(hidden, names, ("-", "--")):
        draw_line(left, w, b, linestyle=style)
        _name_line(left, w, b, f"$h_{names.index(name) + 1}$: {name}")
    draw_points(left, x, t, t)
    _frame(left)
    left.set_title("Layer 1: two lines")
    draw_region(right, *output)
    draw_points(right, h, t, y)
    _frame(right, names=("$h_1$", "$h_2$"))
    right.set_title(f"Layer 2: one line, {names[2]}")
    for point in np.unique(h, axis=0):
        same = [_pair(row) for row, place in zip(x, h) if (place == point).all()]
        right.annotate("\n".join(same), point, (0, 11), textcoords="offset points", ha="center",
                       va="bottom", fontsize=11, linespacing=1.0)
    for row in x:
        left.annotate(_pair(row), row, (0, 11), textcoords="offset points", ha="center",
                      va="bottom", fontsize=11)
    _legend(fig)
    moves = ", ".join(f"{_pair(row)} to {_pair(place)}" for row, place in zip(x, h))
    both = " and ".join(_pair(row) for row, place in zip(x, h) if place.all()) or "no point"
    return describe(fig, (
        f"Left, the plane of the inputs with the lines of {names[0]} and {names[1]}, hatched where "
        f"both fire: {both}. Right, where these two bring the points, in the plane of h1 and h2: "
        f"{moves}. There the one line of {names[2]} has {_score(y != t)}."))


def learning_steps(x, t, history):
    """A perceptron that learns: one panel for the start and one for each change.

    x: points, (n, 2). t: targets, (n,). history: list of (w, b, example): the weights after
    each change, and the row of x that caused it (None for the start).
    """
    fig, panels = _panels(len(history))
    for k, axes in enumerate(panels):
        _learning(axes, to_cpu(x), to_cpu(t), history, k)
        axes.set_title("start" if k == 0 else f"change {k}")
    _legend(fig, learning=True)
    return describe(fig, (
        f"{counted(len(history), 'panel')} with the decision line of a perceptron that learns: the "
        f"start and {counted(len(history) - 1, 'change')}. "
        + ("A ring marks the point that caused a change, a dotted line where the line was before. "
           * (len(history) > 1)) + "Wrong points in each panel: "
        f"{', '.join(str(wrong) for wrong in _wrong_counts(x, t, history))}."))


def learning_step(x, t, history, k):
    """One panel of `learning_steps`, larger, with its numbers: for a slider over k."""
    x, t = to_cpu(x), to_cpu(t)
    fig, axes = plt.subplots(figsize=(4.6, 6.2))
    wrong = _learning(axes, x, t, history, k)
    w, b, example = history[k]
    cause = "start" if k == 0 else f"change {k}, caused by {_pair(x[example])}"
    numbers = minus(f"$w_1$ = {w[0]:g}, $w_2$ = {w[1]:g}, $b$ = {b:g}")
    axes.set_title(f"{cause}\n{numbers}: {_score(wrong)}")
    _legend(fig, learning=True)
    return describe(fig, f"A perceptron that learns, {cause}: {_region(w, b)}, {_score(wrong)}.")


def mistakes(counts):
    """Mistakes in each sweep over the data, a line for each task.

    counts: dict from a task's name to its mistakes, one number for each sweep.
    """
    fig, axes = plt.subplots(figsize=(7, 3.4))
    styles = [("o-", "right"), ("s--", "wrong"), ("^:", "neutral")]
    for (name, numbers), (style, color) in zip(counts.items(), styles):
        sweeps = np.arange(1, len(numbers) + 1)
        axes.plot(sweeps, numbers, style, color=COLORS[color])
        axes.annotate(name, (sweeps[-1], numbers[-1]), (9, 0), textcoords="offset points",
                      va="center", color=COLORS[color])
    most = max(max(numbers) for numbers in counts.values())
    axes.set(xlabel="sweep over the four inputs", ylabel="mistakes", ylim=(-0.2, most + 0.3),
             yticks=range(most + 1))
    axes.margins(x=0.08)
    told = "; ".join(f"{name}: {', '.join(map(str, numbers))}" for name, numbers in counts.items())
    return describe(fig, f"Mistakes in each sweep. {told}.")


def digits_and_weights(images, labels, w):
    """Two images beside the weights that tell them apart, positive and negative ones.

    images: (2, 28, 28). labels: (2,), of a digit whose target is 0, and of one whose target is 1.
    w: (784,).
    """
    w = to_cpu(w).reshape(28, 28)
    shown = [(image, str(label)) for image, label in zip(to_cpu(images), labels)]
    shown += [(np.maximum(w, 0), f"$w$ > 0: ink here\nmeans {labels[1]}"),
              (np.maximum(-w, 0), f"$w$ < 0: ink here\nmeans {labels[0]}")]
    fig, panels = plt.subplots(1, len(shown), figsize=(2 * len(shown), 2.7))
    for axes, (image, title) in zip(panels, shown):
        axes.imshow(image, cmap="gray_r", vmin=0)
        axes.set(title=title, xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.spines[:].set_visible(True)
    sign = ["negative", "0", "positive"][int(np.sign(w[8:20, 12:16].mean())) + 1]
    return describe(fig, (
        f"Images of {' and '.join(str(label) for label in labels)}, dark ink on white; then the "
        "784 weights as two images of the same size: the positive ones and the negative ones, the "
        f"darker the larger. The mean weight is {sign} in the middle (rows 8 to 19, columns 12 to "
        f"15), and {np.mean(w == 0):.0%} of the weights are 0."))


def draw_region(axes, w, b):
    """Hatch the half of the plane where u = b + w1 x1 + w2 x2 is above 0, and draw its border."""
    axes.set_facecolor(RESTS)
    axes.add_patch(_fires(_clip(_square(), w, b)))
    draw_line(axes, w, b)
    _frame(axes)


def draw_line(axes, w, b, **style):
    """Draw the line where u = 0, if there is one in the frame."""
    ends = _ends(w, b)
    if len(ends) == 2:
        axes.plot(*np.transpose(ends), **{"color": COLORS["weight"], "linewidth": 2.5} | style)


def draw_points(axes, x, t, y):
    """Draw points by their targets, cross out the wrong ones, and return which these are."""
    wrong = t != y
    axes.plot(*x[wrong].T, "x", color=COLORS["wrong"], markersize=22, markeredgewidth=4, zorder=3)
    axes.plot(*x[t == 1].T, "o", color=COLORS["output"], markersize=11, zorder=4)
    axes.plot(*x[t == 0].T, "o", markerfacecolor="white", markeredgecolor="#30373c", markersize=11,
              markeredgewidth=2, zorder=4)
    return wrong


def _learning(axes, x, t, history, k):
    w, b, example = history[k]
    draw_region(axes, w, b)
    if k > 0:
        draw_line(axes, *history[k - 1][:2], linestyle=":", alpha=0.8)
        axes.plot(*x[example], "o", markersize=20, markerfacecolor="none", zorder=3,
                  markeredgecolor=COLORS["weight"], markeredgewidth=2)
    return draw_points(axes, x, t, step(x @ to_cpu(w) + b))


def _wrong_counts(x, t, history):
    return [int((step(to_cpu(x) @ to_cpu(w) + b) != t).sum()) for w, b, _ in history]


def _panels(count):
    """Axes for square panels, three in a row."""
    columns = min(count, 3)
    rows = -(-count // columns)
    size = {1: 4.2, 2: 3.9, 3: 2.66}[columns]
    legend = 0.8 if count == 1 else 0.5
    fig, panels = plt.subplots(rows, columns, squeeze=False, sharex=True, sharey=True,
                               figsize=(size * columns, (size + 0.3) * rows + legend))
    panels = panels.ravel()
    for axes in panels[count:]:
        axes.axis("off")
    return fig, panels[:count]


def _frame(axes, names=("$x_1$", "$x_2$")):
    axes.set(xlim=FRAME, ylim=FRAME, xticks=[0, 1], yticks=[0, 1], aspect="equal")
    axes.grid(visible=False)
    if axes.get_subplotspec().is_last_row():
        axes.set_xlabel(names[0], labelpad=0)
    if axes.get_subplotspec().is_first_col() or names[0] != "$x_1$":
        axes.set_ylabel(names[1], rotation=0, va="center", labelpad=2)


def _legend(fig, learning=False):
    dot = {"linestyle": "", "markersize": 9, "marker": "o"}
    handles = [
        Patch(facecolor=FIRES, edgecolor=COLORS["output"], hatch="//", label="fires (1)"),
        Patch(facecolor=RESTS, edgecolor=COLORS["neutral"], label="rests (0)"),
        Line2D([], [], color=COLORS["output"], label="must give 1", **dot),
        Line2D([], [], markerfacecolor="white", markeredgecolor="#30373c", markeredgewidth=2,
               label="must give 0", **dot),
        Line2D([], [], color=COLORS["wrong"], markeredgewidth=3, label="wrong",
               **dot | {"marker": "x"})]
    if learning:
        handles.append(Line2D([], [], color=COLORS["weight"], linestyle=":", label="before"))
        handles.append(Line2D([], [], markeredgecolor=COLORS["weight"], markerfacecolor="none",
                              markeredgewidth=2, label="cause", **dot | {"markersize": 13}))
    wide = fig.get_figwidth() > 6
    fig.legend(handles=handles, loc="outside lower center",
               ncols=len(handles) if wide else 3 + learning, columnspacing=1.1,
               handletextpad=0.4, handlelength=1.6, fontsize=11)


def _square():
    low, high = FRAME
    return [(low, low), (high, low), (high, high), (low, high)]


def _clip(corners, w, b):
    """The part of a polygon where b + w1 x1 + w2 x2 > 0, as its corners; none if it is empty."""
    sums = [float(b + w[0] * p[0] + w[1] * p[1]) for p in corners]
    kept = []
    for k, (here, u) in enumerate(zip(corners, sums)):
        if u >= 0:
            kept.append(here)
        before, v = corners[k - 1], sums[k - 1]
        if u * v < 0:
            kept.insert(len(kept) - (u >= 0), _between(before, here, v / (v - u)))
    return kept if max(sums, default=0) > 0 else []


def _ends(w, b):
    """The two points where the line u = 0 leaves the frame, or fewer."""
    corners = _square()
    sums = [float(b + w[0] * p[0] + w[1] * p[1]) for p in corners]
    ends = [here for here, u in zip(corners, sums) if u == 0]
    ends += [_between(corners[k - 1], corners[k], sums[k - 1] / (sums[k - 1] - sums[k]))
             for k in range(4) if sums[k - 1] * sums[k] < 0]
    return ends


def _between(start, end, share):
    return tuple((1 - share) * p + share * q for p, q in zip(start, end))


def _fires(corners):
    empty = [(0.0, 0.0)] * 3  # nothing to see where nothing fires
    return plt.Polygon(corners or empty, facecolor=FIRES, edgecolor="#9fcfbf", hatch="//",
                       linewidth=0)


def _name_line(axes, w, b, name):
    """Write a line's name along it, at its upper end."""
    (x0, y0), (x1, y1) = sorted(_ends(w, b))
    angle = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    x, y = np.array([x0, y0]) * 0.5 + np.array([x1, y1]) * 0.5
    axes.text(x, y, name, rotation=angle, rotation_mode="anchor", ha="center", va="center",
              color=COLORS["weight"], bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})


def _region(w, b):
    """In words: where a perceptron with these numbers fires."""
    if w[0] == 0 and w[1] == 0:
        return f"no line, it {'always' if b > 0 else 'never'} fires"
    return f"it fires where {w[0]:g} x1 {_signed(w[1])} x2 {_signed(b)} > 0"


def _signed(value):
    return f"{'-' if value < 0 else '+'} {abs(value):g}"


def _score(wrong):
    return f"{int((~wrong).sum())} of {len(wrong)} right"


def _pair(row):
    return f"({row[0]:g}, {row[1]:g})"
