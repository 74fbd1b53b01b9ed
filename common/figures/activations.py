"""Pictures of chapter 02: activation functions, smooth units, and what a bend is good for."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from common.backend import to_cpu
from common.figures.kit import counted, minus, number, numbers
from common.figures.style import COLORS, describe
from common.functions import sigmoid, step

LINES = ("-", "--", "-.", ":")
PALE_TO_GREEN = LinearSegmentedColormap.from_list("output", ["#f6f7f8", "#57b597"])
HUES = ("neutral", "output", "weight", "activation")


def activation_functions(functions, limit=4.0):
    """Curves of activation functions, drawn together.

    functions: dict from a name to a function of an array, four at most. limit: of u, both ways.
    """
    u = np.linspace(-limit, limit, 801)
    fig, axes = plt.subplots(figsize=(8, 4.6))
    axes.axhline(0, color="#c3c9cd", linewidth=1)
    axes.axvline(0, color="#c3c9cd", linewidth=1)
    told = []
    for (name, function), line, hue in zip(functions.items(), LINES, HUES):
        v = np.asarray(function(u))
        axes.plot(u, v, line, color=COLORS[hue], label=name, linewidth=2.5)
        told.append(f"{name} goes from {v[0]:.2f} at {-limit:g} to {v[-1]:.2f} at {limit:g}")
    axes.set(xlabel="$u$", ylabel="activation", xlim=(-limit, limit), ylim=(-1.15, 2.15))
    fig.legend(loc="outside upper center", ncols=4, handlelength=3)
    count = counted(len(told), "function")
    return describe(fig, f"Curves of {count} on the same axes: {'; '.join(told)}.")


def function_and_slope(functions, limit=4.0, h=0.01):
    """Each function above its slope: how much the output moves when u moves a little.

    functions: dict from a name to a function of an array. h: half the step of the measurement.
    """
    u = np.linspace(-limit, limit, 801)
    u = u[abs(u) > h]  # at 0 a step and a corner have no slope
    fig, panels = plt.subplots(2, len(functions), figsize=(2 * len(functions), 4), sharex=True,
                               sharey="row", squeeze=False)
    told = []
    for (upper, lower), (name, function), hue in zip(panels.T, functions.items(), HUES):
        slope = (function(u + h) - function(u - h)) / (2 * h)
        for axes, values in ((upper, function(u)), (lower, slope)):
            for side in (u < 0, u > 0):
                axes.plot(u[side], values[side], color=COLORS[hue])
        upper.set_title(name)
        lower.set(xlabel="$u$", ylim=(-0.1, 1.2), xticks=[-limit, 0, limit])
        upper.set_ylim(-1.2, 2.2)
        told.append(f"{name}: at most {slope.max():.2f}, and 0 at {np.mean(slope == 0):.0%} of u")
    panels[0, 0].set_ylabel("output")
    panels[1, 0].set_ylabel("slope")
    return describe(fig, (
        f"Upper row, {counted(len(told), 'function')}; lower row, the slope of each, for u from "
        f"{-limit:g} to {limit:g} without 0. {'; '.join(told)}."))


def changing_mind(weights, outputs, border=None):
    """What a unit gives for one input while one of its weights is turned.

    weights: values of the weight, (n,). outputs: dict from a unit's name to its outputs, each (n,).
    border: the weight at which u is 0.
    """
    fig, axes = plt.subplots(figsize=(7.4, 3.8))
    told = []
    for (name, y), line, hue in zip(outputs.items(), LINES, HUES):
        axes.plot(weights, y, line, color=COLORS[hue], label=name, linewidth=2.5)
        told.append(f"{name} moves by at most {abs(np.diff(y)).max():.1g}")
    if border is not None:
        axes.axvline(border, color=COLORS["weight"], linestyle=":", linewidth=1.5)
        axes.annotate("$u = 0$ ", (border, 1.1), ha="right", color=COLORS["weight"], va="center")
    axes.set(xlabel="weight $w_1$", ylabel="output", ylim=(-0.08, 1.2), yticks=[0, 0.5, 1])
    axes.margins(x=0)
    fig.legend(loc="outside upper center", ncols=4, handlelength=3)
    return describe(fig, (
        f"The output of {counted(len(outputs), 'unit')} while a weight goes from {weights[0]:g} to "
        f"{weights[-1]:g}. From one point of the curve to the next, {' and '.join(told)}."))


def abrupt_and_smooth(w, b, low=-1.0, high=2.0):
    """The outputs of a step unit and of a sigmoid unit with the same weights, over the plane.

    w: two weights. b: bias. low, high: limits of both inputs.
    """
    side = np.linspace(low, high, 401)
    x = np.stack(np.meshgrid(side, side), axis=-1)
    u = x @ np.asarray(w, float) + b
    fig, panels = plt.subplots(1, 2, figsize=(8, 3.8), sharey=True)
    for axes, function in zip(panels, (step, sigmoid)):
        image = _heat(axes, side, function(u))
        levels = np.array([0.5] if function is step else [0.1, 0.3, 0.5, 0.7, 0.9])
        # sigmoid(u) is a level where u is log(level / (1 - level))
        lines = axes.contour(side, side, u, levels=np.log(levels / (1 - levels)), linewidths=1.5,
                             colors=COLORS["weight"], linestyles="solid")
        if function is sigmoid:
            axes.clabel(lines, fmt=lambda level: f"{sigmoid(level):.1f}", fontsize=11)
        for value, place in ((0, (0.25, 0.25)), (1, (0.8, 0.8))):
            if function is step:
                axes.text(*place, str(value), transform=axes.transAxes, fontsize=18, ha="center",
                          va="center")
        axes.set(title=function.__name__, xlabel="$x_1$")
        axes.locator_params(nbins=4)
    panels[0].set_ylabel("$x_2$", rotation=0)
    fig.colorbar(image, ax=panels, label="output $y$", ticks=[0, 0.5, 1], shrink=0.8)
    return describe(fig, (
        f"The output of a unit with weights {w[0]:g} and {w[1]:g} and bias {b:g} over the plane. "
        + _step_and_sigmoid(w, u)))


def _step_and_sigmoid(w, u):
    """Say where the two units of abrupt_and_smooth give what. u: their sums over the plane."""
    if u.min() > 0 or u.max() <= 0:
        return (f"Left, step: {step(u.max()):g} everywhere. Right, sigmoid: from "
                f"{sigmoid(u.min()):.2f} to {sigmoid(u.max()):.2f}.")
    before, behind = ("below", "above") if w[1] else ("left of", "right of")
    low = 0 if (w[1] or w[0]) > 0 else 1
    beside = [level for level in ("0.1", "0.3", "0.7", "0.9")
              if sigmoid(u.min()) < float(level) < sigmoid(u.max())]
    lines = " and ".join([", ".join(beside[:-1]), beside[-1]]) if len(beside) > 1 else ""
    return (f"Left, step: {low} {before} a line, {1 - low} {behind} it, nothing between. Right, "
            "sigmoid: the same line is where the output is 0.5"
            + (f", and the lines of {lines} run beside it." if lines else "."))


def sigmoid_units(weights):
    """Sigmoid units of one input without a bias, from smooth to nearly a step.

    weights: the weight of each unit, four at most.
    """
    x = np.linspace(-4, 4, 801)
    fig, axes = plt.subplots(figsize=(8, 4))
    for w, line, hue in zip(weights, LINES, ("activation", "output", "weight", "neutral")):
        axes.plot(x, sigmoid(w * x), line, color=COLORS[hue], label=f"$w$ = {w:g}")
    axes.set(xlabel="$x$", ylabel="$y$ = sigmoid($wx$)", yticks=[0, 0.5, 1], xlim=(-4, 4))
    fig.legend(loc="outside upper center", ncols=4, handlelength=3)
    told = "; ".join(f"{w:g}: {sigmoid(-w / 2):.2f} to {sigmoid(w / 2):.2f}" for w in weights)
    rising = min(weights) > 0
    return describe(fig, (
        "Curves of sigmoid(wx) that all pass through 0.5 at x = 0. "
        + "The larger the weight, the steeper the curve. " * rising
        + f"From x = -0.5 to x = 0.5 they {'rise' if rising else 'go'}, by weight, {told}."))


def sigmoid_unit(w, b):
    """One sigmoid unit of one input beside the step unit with the same numbers: for sliders."""
    x = np.linspace(-4, 4, 801)
    fig, axes = plt.subplots(figsize=(7, 4))
    axes.plot(x, step(w * x + b), "--", color=COLORS["neutral"], label="step", linewidth=1.8)
    axes.plot(x, sigmoid(w * x + b), color=COLORS["output"], label="sigmoid", linewidth=2.5)
    where = "no middle: $w$ = 0"
    if w != 0:
        where = f"middle at $x$ = {-b / w + 0.0:.2f}, slope there {w / 4:.2f}"
        axes.plot(-b / w, 0.5, "s", color=COLORS["weight"], zorder=4)
    axes.set(xlabel="$x$", ylabel="$y$", ylim=(-0.08, 1.08), yticks=[0, 0.5, 1], xlim=(-4, 4),
             title=minus(f"$w$ = {w:.1f}, $b$ = {b:.1f}: {where}"))
    fig.legend(loc="outside lower center", ncols=2, handlelength=3)
    return describe(fig, (
        f"sigmoid(wx + b) for w = {w:.1f} and b = {b:.1f} as a solid curve, and the step with the "
        f"same numbers dashed; {where.replace('$', '')}."))


def bent_or_straight(panels, t=None, border=None):
    """A grid of points on its way through layers: does it stay straight?

    panels: list of (title, points), points (rows, columns, 2). t: targets at the corners (0, 0),
    (0, 1), (1, 0), (1, 1) of the middle square; they are drawn with the diagonals, as the layers
    move them. The grid must then be 3k + 1 points wide, with the square's corners at one and two
    thirds. border: (w, b) of the unit that comes after the last panel, whose line is drawn there.
    """
    fig, axeses = plt.subplots(1, len(panels), figsize=(8, 8 / len(panels) + 0.5), squeeze=False)
    told = []
    for axes, (title, points) in zip(axeses[0], panels):
        points = to_cpu(points)
        for line in points:
            axes.plot(*line.T, color=COLORS["input"], linewidth=1)
        for line in points.swapaxes(0, 1):
            axes.plot(*line.T, color=COLORS["neutral"], linewidth=1, linestyle="--")
        told.append(f"{title}: {'straight' if _is_straight(points) else 'bent'}")
        if t is not None:
            corners = _corners(axes, points, np.asarray(t))
            places = ", ".join(f"({x:.2g}, {y:.2g})" for x, y in corners + 0.0)
            told[-1] += f", the corners at {places}"
        axes.set_title(title)
        axes.set_aspect("equal", adjustable="datalim")
        axes.margins(0.08)
        axes.locator_params(nbins=4)
    text = (f"A grid of lines, solid one way and dashed the other, in "
            f"{counted(len(panels), 'panel')}. {'; '.join(told)}.")
    if t is not None:
        what = "XOR must give" if list(t) == [0, 1, 1, 0] else "the targets are"
        text += (" Filled and open points, joined by diagonals, are the corners (0, 0), (0, 1), "
                 f"(1, 0), (1, 1), where {what} {numbers(t)}.")
    if border is not None:
        (w, b), axes = border, axeses[0, -1]
        foot = -b * np.asarray(w) / np.dot(w, w)  # the point of the line that is nearest to 0
        axes.axline(foot, foot + [-w[1], w[0]], color=COLORS["weight"], linewidth=2.5)
        right = (step(corners @ w + b) == t).sum()
        text += f" A line in the last panel has {right} of {len(corners)} on the right side."
    return describe(fig, text)


def outputs_over_plane(functions, x, t, low=-0.5, high=1.5):
    """What networks of two inputs give over the plane, with the values at the points.

    functions: list of (title, function of an array (n, 2) that returns (n,)).
    x: points, (n, 2). t: targets there, (n,).
    """
    side = np.linspace(low, high, 121)
    plane = np.stack(np.meshgrid(side, side), axis=-1)
    side_length = min(8 / len(functions), 3.4)
    fig, panels = plt.subplots(1, len(functions),
                               figsize=(side_length * len(functions) + 1, side_length + 0.8),
                               sharey=True, squeeze=False)
    told = []
    for axes, (title, function) in zip(panels[0], functions):
        image = _heat(axes, side, function(plane.reshape(-1, 2)).reshape(len(side), -1))
        y = function(x)
        for (x1, x2), target, value in zip(x, t, y):
            axes.plot(x1, x2, "o", markersize=11, markeredgewidth=2, markeredgecolor="#30373c",
                      markerfacecolor=COLORS["output"] if target else "white")
            axes.annotate(number(value, ".1f"), (x1, x2), (0, 10),
                          textcoords="offset points", ha="center",
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        axes.set(title=title, xlabel="$x_1$", xticks=[0, 1], yticks=[0, 1])
        told.append(f"{title} gives {numbers(y, '.1f')}")
    panels[0, 0].set_ylabel("$x_2$", rotation=0)
    fig.colorbar(image, ax=panels, label="output", ticks=[0, 0.5, 1], shrink=0.7, extend="both")
    return describe(fig, (
        f"The output over the plane, pale for 0 and dark for 1, with {counted(len(x), 'input')}; "
        f"their targets are {numbers(t)}. {'. '.join(told)}."))


def _heat(axes, side, y):
    image = axes.imshow(y, origin="lower", extent=(side[0], side[-1], side[0], side[-1]),
                        vmin=0, vmax=1, cmap=PALE_TO_GREEN)
    axes.grid(visible=False)
    return image


def _corners(axes, points, t):
    """Draw the corners of the middle square and its diagonals, where the layers have moved them.

    Returns the corners (0, 0), (0, 1), (1, 0), (1, 1) there, (4, 2).
    """
    third = (len(points) - 1) // 3
    way = np.arange(third + 1)
    rising = points[third + way, third + way]         # from (0, 0) to (1, 1)
    falling = points[2 * third - way, third + way]    # from (0, 1) to (1, 0)
    corners = np.array([rising[0], falling[0], falling[-1], rising[-1]])
    axes.plot(*falling.T, color=COLORS["output"], linewidth=2.5)
    axes.plot(*rising.T, color="#30373c", linewidth=2.5, linestyle=":")
    axes.plot(*corners[t == 1].T, "o", color=COLORS["output"], markersize=10, zorder=4)
    axes.plot(*corners[t == 0].T, "o", markerfacecolor="white", markeredgecolor="#30373c",
              markersize=10, markeredgewidth=2, zorder=4)
    return corners


def _is_straight(points):
    """Whether equal steps along the grid's lines are still equal steps on straight lines."""
    points = to_cpu(points)
    size = np.ptp(points)
    return all(abs(np.diff(points, 2, axis=axis)).max() < 1e-6 * size for axis in (0, 1))
