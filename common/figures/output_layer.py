"""Pictures of chapter 03: regression and classification, identity and softmax."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import arrow, counted, label_bars, number, numbers
from common.figures.style import COLORS, describe
from common.functions import softmax


def two_kinds_of_answer(x, t, points, labels, names=("class 0", "class 1")):
    """Regression beside classification: a line that answers "how much", a border for "which one".

    x, t: the numbers of the regression, each (n,). The line has the least squared error.
    points: (m, 2). labels: (m,) of 0 and 1. names: of these two classes. The border is as far from
    one group's mean as from the other's.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.7))
    slope, start = np.polyfit(x, t, 1)
    ends = np.array([x.min(), x.max()])
    left.plot(ends, start + slope * ends, color=COLORS["output"], label="prediction")
    left.plot(x, t, "o", color=COLORS["input"], label="data")
    left.set(title="Regression: how much?", xlabel="hours of sun", ylabel="bowls of shaved ice")

    for label, marker, color in [(0, "o", "input"), (1, "^", "activation")]:
        right.plot(*points[labels == label].T, marker, color=COLORS[color], label=names[label])
    right.margins(0.12)
    right.set(xlim=right.get_xlim(), ylim=right.get_ylim())  # the border is longer than these
    right.plot(*_border(points, labels), "--", color=COLORS["output"], label="border")
    right.set(title="Classification: which one?", xlabel="weight (kg)", ylabel="ear length (cm)")
    for axes in (left, right):
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=3, columnspacing=1,
                    handletextpad=0.4)
    change = f"{number(abs(slope), '.2g')} {'more' if slope > 0 else 'fewer'}"
    return describe(fig, (
        f"Left, regression: {len(x)} points and a line through them that gives a number for any "
        f"hours of sun, about {change} bowls of shaved ice for each hour. Right, classification: "
        f"animals by weight and ear length, {names[0]} as {counted((labels == 0).sum(), 'circle')} "
        f"and {names[1]} as {counted((labels == 1).sum(), 'triangle')}, and a dashed border; the "
        "prediction is only the side of the border."))


def output_functions(a):
    """Identity beside softmax, drawn as a network's last step.

    a: the three or so weighted sums (logits) of the last layer, (outputs,).
    """
    a = to_cpu(a)
    fig, panels = plt.subplots(1, 2, figsize=(8, 3.4))
    for axes, name, y in [(panels[0], "identity", a), (panels[1], "softmax", softmax(a))]:
        axes.set(title=name, aspect="equal", xlim=(-1.0, 3.4), ylim=(0.6 - len(a), 0.5))
        axes.axis("off")
        for k in range(len(a)):
            for j in range(len(a)):
                if name == "softmax" or j == k:
                    arrow(axes, (0.36, -j), (2.04, -k), linewidth=1.2)
            _node(axes, 0, -k, a[k], COLORS["activation"])
            _node(axes, 2.4, -k, y[k], COLORS["output"])
            axes.text(-0.45, -k, f"$a_{k + 1}$", ha="right", va="center", fontsize=14)
            axes.text(2.86, -k, f"$y_{k + 1}$", ha="left", va="center", fontsize=14)
    return describe(fig, (
        f"Two drawings of the same last layer with the sums {_numbers(a)}. Identity: one arrow "
        f"from each sum to its own output, which is the same number. Softmax: arrows from every "
        f"sum to every output, and the outputs are {_numbers(softmax(a))}."))


def softmax_steps(a, names=None):
    """Softmax in two steps: the logits, their exponentials, and each one's share of the sum.

    a: logits, (classes,). names: one for each class; their numbers if left out.
    """
    a, names = to_cpu(a), _names(a, names)
    fig, panels = plt.subplots(1, 3, figsize=(8, 3.2))
    steps = [("1. logits $a$", a, "activation"),
             ("2. $\\exp(a)$: all positive", np.exp(a), "activation"),
             ("3. share of the sum", softmax(a), "output")]
    for axes, (title, heights, color) in zip(panels, steps):
        axes.set_title(title)
        _bars(axes, names, heights, COLORS[color])
    return describe(fig, (
        f"Three bar charts for the classes {', '.join(names)}. First the logits {_numbers(a)}; "
        f"then their exponentials {_numbers(np.exp(a))}; then each as a share of the sum, "
        f"{_numbers(softmax(a))}."))


def exp_limits(a):
    """How far exp can go before a floating-point number is full, and where the logits lie.

    a: logits, some of them too large for float64, (classes,).
    """
    a = np.sort(to_cpu(a))
    last = {name: np.log(float(np.finfo(name).max)) for name in ("float32", "float64")}
    fig, axes = plt.subplots(figsize=(8, 4))
    ends = np.array([0, last["float64"]])
    axes.plot(ends, ends / np.log(10), color=COLORS["activation"])
    beyond = np.array([last["float64"], max(a.max(), last["float64"]) * 1.03])
    axes.plot(beyond, beyond / np.log(10), ":", color=COLORS["wrong"])
    for name, end in last.items():
        axes.hlines(end / np.log(10), 0, end, color=COLORS["neutral"], linestyle="--", linewidth=1)
        axes.plot(end, end / np.log(10), "s", color=COLORS["neutral"])
        axes.annotate(f"{name} ends at exp({end:.1f})", (end, end / np.log(10)), (10, 0),
                      textcoords="offset points", va="top", color=COLORS["neutral"])
    over, under = a[a > last["float64"]], a[a <= last["float64"]]
    told = []
    if len(over):
        axes.plot(over, over / np.log(10), "x", color=COLORS["wrong"], markersize=9,
                  markeredgewidth=2)
        axes.annotate(f"exp of {numbers(over)}: inf", (over[0], over[0] / np.log(10)), (-14, 0),
                      textcoords="offset points", ha="right", color=COLORS["wrong"])
        told.append(f"Crosses mark the logits whose exp is inf: {numbers(over)}.")
    if len(under):
        told.append(f"float64 can hold the exp of {numbers(under)}.")
    axes.set(xlabel="logit $a$", ylabel="$\\exp(a)$", xlim=(0, None), ylim=(0, None))
    axes.set_yticks(range(0, 500, 100), [f"$10^{{{power}}}$" for power in range(0, 500, 100)])
    return describe(fig, (
        "exp(a) on a logarithmic axis is a straight line that climbs without end, but numbers do "
        f"not: float32 ends at a = {last['float32']:.1f}, float64 at a = {last['float64']:.1f}. "
        + " ".join(told)))


def sums_along_axes(a):
    """A batch of logits as a table, with its sums along both axes.

    a: (batch, classes).
    """
    a = to_cpu(a)
    rows, columns = a.shape
    fig, axes = plt.subplots(figsize=(6.4, 0.7 * rows + 1.3))
    _table(axes, a, COLORS["activation"])
    for r in range(rows):
        arrow(axes, (columns - 0.4, r), (columns + 0.15, r), "right")
        axes.text(columns + 0.3, r, number(a[r].sum(), ".1f"), ha="left", va="center",
                  color=COLORS["right"])
    for c in range(columns):
        arrow(axes, (c, rows - 0.4), (c, rows + 0.15), "wrong")
        axes.text(c, rows + 0.3, number(a[:, c].sum(), ".1f"), ha="center", va="top",
                  color=COLORS["wrong"])
    axes.text(columns + 1.15, (rows - 1) / 2, "axis=-1:\none sum\nfor each row", va="center",
              color=COLORS["right"])
    axes.text((columns - 1) / 2, rows + 0.85, "axis=0: one sum for each column", ha="center",
              va="top", color=COLORS["wrong"])
    axes.set(xlim=(-1.3, columns + 2.4), ylim=(rows + 1.1, -0.5))
    for r in range(rows):
        axes.text(-0.65, r, f"row {r}", ha="right", va="center")
    return describe(fig, (
        f"A table of {counted(rows, 'row')} and {counted(columns, 'column')}. Arrows to the right "
        f"add along axis -1 and give one sum for each row: {_numbers(a.sum(axis=1), 1)}. Arrows "
        f"down add along axis 0 and give one sum for each column: {_numbers(a.sum(axis=0), 1)}. "
        "Softmax needs the rows."))


def batch_softmax(a):
    """Softmax of a batch as tables: logits, row maxima, exponentials, probabilities, row sums.

    a: (batch, classes).
    """
    a = to_cpu(a)
    top = a.max(axis=-1, keepdims=True)
    y = softmax(a)
    tables = [("$a$", a, "activation"), ("max", top, "activation"),
              ("$\\exp(a-\\max)$", np.exp(a - top), "activation"), ("softmax", y, "output"),
              ("sum", y.sum(axis=-1, keepdims=True), "output")]
    fig, panels = plt.subplots(1, 5, figsize=(8, 0.5 * len(a) + 1.4), gridspec_kw={
        "width_ratios": [table.shape[1] for _, table, _ in tables]})
    for axes, (title, table, color) in zip(panels, tables):
        _table(axes, table, COLORS[color], digits=2)
        axes.set_title(title)
        axes.set_xlabel(f"{table.shape[0]}×{table.shape[1]}")
        axes.set(xlim=(-0.55, table.shape[1] - 0.45), ylim=(len(a) - 0.45, -0.55))
    return describe(fig, (
        f"Five tables with {counted(len(a), 'row')} each, from left to right: the logits, the "
        f"largest logit of each row ({_numbers(top[:, 0])}) as one column, the exponentials of the "
        "differences, the softmax, and the sum of each softmax row: "
        f"{_numbers(y.sum(axis=-1))}."))


def logits_and_probabilities(a, titles=None, names=None, limits=None):
    """Bars of logits above the bars of their softmax, one column of pictures for each row.

    a: logits, (classes,) or (rows, classes), five rows at most. titles: one for each row.
    names: one for each class. limits: of the logits' axis; from the data if left out.
    """
    a = np.atleast_2d(to_cpu(a))
    names = _names(a[0], names)
    wide = 1.2 + max(2.2, 0.45 * a.shape[1]) * len(a)
    fig, panels = plt.subplots(2, len(a), figsize=(min(8, max(5, wide)), 4.6), sharey="row",
                               squeeze=False)
    for (upper, lower), row, title in zip(panels.T, a, titles or [None] * len(a)):
        _bars(upper, names, row, COLORS["activation"])
        _bars(lower, names, softmax(row), COLORS["output"], largest=_winner(row))
        upper.axhline(0, color=COLORS["neutral"], linewidth=1)
        lower.set(ylim=(0, 1.32), yticks=[0, 0.5, 1])
        if title:
            upper.set_title(title)
    low, high = limits or (min(0, a.min()), max(0, a.max()))
    room = 0.16 * max(high - low, 1)
    panels[0, 0].set_ylim(low - room if low < 0 else 0, high + room)
    panels[0, 0].set_ylabel("logit")
    panels[1, 0].set_ylabel("probability")
    told = []
    for row, title in zip(a, titles or [None] * len(a)):
        winner = _winner(row)
        told.append((f"{title}: " if title else "")
                    + f"logits {_numbers(row)} give {_numbers(softmax(row))}"
                    + ("" if winner is None else f", a triangle marks {names[winner]}"))
    return describe(fig, "Bars of logits above bars of probabilities for the classes "
                         f"{', '.join(names)}. {'; '.join(told)}.")


def class_probabilities(y, names=None):
    """The outputs of a classifier, one bar for each class, with the answer marked.

    y: probabilities, (classes,). names: one for each class; their numbers if left out.
    """
    y, names = to_cpu(y), _names(y, names)
    answer = int(y.argmax())
    fig, axes = plt.subplots(figsize=(6.4, 0.32 * len(y) + 1.1))
    axes.barh(names, y, color=COLORS["output"])
    for k, probability in enumerate(y):
        mark = "  ◀ answer" if k == answer else ""
        axes.annotate(f"{probability:.2f}{mark}", (probability, k), (5, 0),
                      textcoords="offset points", va="center")
    axes.set(xlim=(0, 1.25), xticks=[0, 0.25, 0.5, 0.75, 1], xlabel="probability", ylabel="class")
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    return describe(fig, (
        f"{len(y)} horizontal bars, one for each class, with probabilities {_numbers(y)}. Class "
        f"{names[answer]} is marked as the answer."))


def _border(points, labels):
    """The line that is as far from one group's mean as from the other's, as xs and ys."""
    first, second = (points[labels == label].mean(axis=0) for label in (0, 1))
    across = np.array([-1, 1]) * (second - first)[::-1]
    middle = (first + second) / 2
    return np.stack([middle - 2 * across, middle + 2 * across]).T


def _names(a, names):
    return [str(name) for name in (range(len(a)) if names is None else names)]


def _numbers(values, digits=2):
    return numbers(values, f".{digits}f")


def _winner(values):
    """The position of the largest value, or None where it is not the only one."""
    return int(values.argmax()) if (values == values.max()).sum() == 1 else None


def _node(axes, x, y, value, color):
    axes.add_patch(plt.Circle((x, y), 0.36, facecolor="white", edgecolor=color, linewidth=2))
    axes.text(x, y, number(value, ".2f"), ha="center", va="center", fontsize=11)


def _bars(axes, names, heights, color, largest=None):
    """Bars with their values written above (or below, where negative)."""
    bars = axes.bar(names, heights, color=color, width=0.65)
    label_bars(axes, bars, ".2f", room=0.16, fontsize=10.5)
    for k, height in enumerate(heights):
        if k == largest:
            axes.annotate("▼", (k, height), (0, 18), textcoords="offset points", ha="center")
    axes.grid(axis="x", visible=False)


def _table(axes, values, color, digits=1):
    """A matrix of numbers in boxes."""
    for (r, c), value in np.ndenumerate(values):
        axes.add_patch(plt.Rectangle((c - 0.45, r - 0.4), 0.9, 0.8, facecolor="white",
                                     edgecolor=color, linewidth=1.2))
        axes.text(c, r, number(value, f".{digits}f"), ha="center", va="center", fontsize=11)
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
