"""What the figure modules share: numbers as text, arrows, frames, tables, bars and curves.

Numbers go through `number` or `numbers`, so that they carry a real minus sign and never "-0".
What draws into axes takes them first; a color is a name of COLORS. Where a helper also tells what
it drew, it returns that as text, for the alternative text of the figure.
"""
import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.textpath import TextPath
from matplotlib.ticker import MaxNLocator

from common.backend import to_cpu
from common.figures.translation import in_words
from common.palette import COLORS

WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}  # the ground of a text, its bbox
MARKED = "#fdf0d5"  # the pale fill of a cell that stands out
SIGNED = "RdBu_r"   # a colour map: positive red, negative blue; its limits go from -v to v
CELL = "cell"       # marks the texts that stand in cells
LINES = [("input", "o-"), ("wrong", "s--"), ("output", "^:"), ("weight", "D-."),
         ("activation", "v-"), ("neutral", "x--")]  # of curves in one panel, in this order


# Numbers and words

def minus(text):
    """Return a text whose numbers have a real minus sign, as long as the one on the axes.

    A hyphen between words or between numbers (3-2-1) stays, and zero has no sign.
    """
    text = re.sub(r"(?<![\w)])-(?=[.\d]|inf)|(?<=\de)-(?=\d)", "−", text)
    return re.sub(r"−(0(?:\.0*)?)(?![\d.])", r"\1", text)


def number(value, form="g"):
    """Return a number as text. form: as Python's format takes it, such as ".2f" or "+.3g".

    What rounds to zero has no sign, and a string is returned as it is.
    """
    if isinstance(value, str):
        return value
    text = minus(format(float(value), form))
    return text[1:] if re.fullmatch(r"\+0(\.0*)?(e[+−]\d+)?%?", text) else text


def numbers(values, form="g"):
    """Return numbers as text, parted by commas: "1, −2, 0.5"."""
    return ", ".join(number(value, form) for value in np.ravel(to_cpu(values)))


def counted(count, noun, plural=None):
    """Return a count with its noun, in the singular where it is one: "1 unit", "2 units"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


# Colours and frames

def shades(color):
    """Return a colour map from white to a colour of the palette."""
    return LinearSegmentedColormap.from_list(color, ["white", COLORS[color]])


def thin_frame(axes, color="neutral"):
    """Give axes a thin frame, and no ticks and no grid: the look of an image."""
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set(visible=True, color=COLORS[color], linewidth=0.8)


def ink_on(color):
    """Return "black" or "white": the one that is easier to read on a colour, (red, green, blue).

    The colour's parts go from 0 to 1. What is bright is worked out as the rules for web pages do.
    """
    parts = np.asarray(color[:3], float)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    bright = linear @ (0.2126, 0.7152, 0.0722)
    return "black" if (bright + 0.05) ** 2 > 0.05 * 1.05 else "white"


def write_numbers(axes, image, form="g", fontsize=None, short=False):
    """Write every number of an image into its pixel, in black or white as the pixel demands.

    image: what axes.imshow returned. form: of the numbers. fontsize: by default the style's.
    short: without the 0 before the point.
    """
    for (r, c), value in np.ndenumerate(image.get_array()):
        text = number(value, form)
        axes.text(c, r, re.sub(r"^(−?)0\.", r"\1.", text) if short else text, ha="center",
                  va="center", fontsize=fontsize, color=ink_on(image.cmap(image.norm(value))))


def mark_pixel(axes, row, column, size):
    """Draw a black square of so many points around a pixel of an image, whole at its border too."""
    axes.plot(column, row, "s", markersize=size, markerfacecolor="none", markeredgewidth=2.2,
              markeredgecolor="black", clip_on=False, zorder=5)


def show_image(axes, image, title="", **style):
    """Show an image, (height, width), in a thin frame. style: as imshow takes it, cmap and so on.

    Without a style it is dark ink on white, with 0.0 white and 1.0 black. Returns what imshow does.
    """
    drawn = axes.imshow(to_cpu(image), **{"cmap": "gray_r", "vmin": 0, "vmax": 1} | style)
    thin_frame(axes)
    if title:
        axes.set_title(title)
    return drawn


def show_signed(axes, values, limit=None, title=""):
    """Show positive and negative numbers, (height, width): red above zero, blue below.

    limit: the value of the fullest red; by default the largest size in `values`. Returns what
    imshow does.
    """
    values = to_cpu(values)
    limit = float(abs(values).max()) if limit is None else limit
    limit = limit or 1.0
    return show_image(axes, values, title, cmap=SIGNED, vmin=-limit, vmax=limit)


# Drawings: a figure whose axes are paper, with one unit for all

def fit(fig, axes, x, y, inches=0.52):
    """Show the drawing from x[0] to x[1] and y[0] to y[1] without a frame, so many inches a unit.

    It is made smaller where it would be wider than eight inches, and the numbers in cells where
    they would be wider than these.
    """
    axes.set(xlim=x, ylim=y, aspect="equal")
    axes.axis("off")
    inches = min(inches, 8 / abs(x[1] - x[0]))
    fig.set_size_inches(inches * abs(x[1] - x[0]), inches * abs(y[1] - y[0]))
    written = [text for text in axes.texts if text.get_gid() == CELL]
    widest = max((TextPath((0, 0), text.get_text(), size=text.get_fontsize()).get_extents().width
                  for text in written if text.get_text().strip()), default=0)
    unit = min((side - 0.09) / abs(part[1] - part[0])  # the layout keeps an edge around the axes
               for side, part in zip(fig.get_size_inches(), (x, y)))
    room = 0.86 * 72 * unit  # in points, 72 an inch; so that no number touches its cell's lines
    for text in written if widest > room else []:
        text.set_fontsize(text.get_fontsize() * room / widest)


def arrow(axes, start, end, color="neutral", text="", gaps=(0, 0), **style):
    """Draw an arrow from start to end, each (x, y).

    text: written at its start. gaps: how far it stays away from start and end, in units of the
    axes. style: linewidth, alpha, arrowstyle and so on; and what Axes.annotate takes for zorder.
    """
    start, end = np.array(start, float), np.array(end, float)
    way = end - start
    length = np.linalg.norm(way) or 1.0
    start, end = start + way * gaps[0] / length, end - way * gaps[1] / length
    zorder = {"zorder": style.pop("zorder")} if "zorder" in style else {}
    look = {"arrowstyle": "-|>", "color": COLORS.get(color, color), "linewidth": 1.5,
            "shrinkA": 0, "shrinkB": 0} | style
    axes.annotate(text, end, start, arrowprops=look, ha="center", va="center",
                  color=look["color"], **zorder)


def on_white(axes, x, y, text, color="neutral", **style):
    """Write a text in the middle of (x, y) on a white ground, so that a line below ends at it."""
    look = {"ha": "center", "va": "center", "color": COLORS.get(color, color), "zorder": 5}
    axes.text(x, y, text, bbox=WHITE, **look | style)


def fitted(axes, x, y, text, width, fontsize=12, smallest=8, **style):
    """Write a text in the middle of (x, y), smaller where it is wider than `width` in data units.

    Call it when the figure has its size and the axes have their limits (after `fit`).
    """
    text = in_words(text)
    inches = axes.get_figure().get_figwidth() * axes.get_position().width
    low, high = axes.get_xlim()
    room = 72 * inches * width / abs(high - low)  # in points, 72 an inch
    needs = max((TextPath((0, 0), line, size=fontsize).get_extents().width
                 for line in text.split("\n") if line.strip()), default=0)
    size = max(smallest, fontsize * min(1.0, room / needs)) if needs else fontsize
    axes.text(x, y, text, fontsize=size, **{"ha": "center", "va": "center"} | style)


def cell(axes, place, value, color="neutral", face="white", padding=False, form="g"):
    """Draw a square of side 1 with its corner at place (x, y), and a number or a text in it.

    padding: dashed and grey, a cell that is not there.
    """
    x, y = place
    edge = COLORS["neutral" if padding else color]
    axes.add_patch(plt.Rectangle((x, y), 1, 1, facecolor=face, edgecolor=edge, linewidth=1,
                                 linestyle="--" if padding else "-"))
    axes.text(x + 0.5, y + 0.5, number(value, form), ha="center", va="center", fontsize=11,
              color=COLORS["neutral"] if padding else "black", zorder=4, gid=CELL)


def table(axes, values, place, color, title="", marked=None, inner=None, form="g"):
    """Draw a table of numbers as cells of side 1 into axes, its corner at place (x, y).

    values: (rows, columns). marked: bool for each cell that is filled. inner: bool, False where a
    cell is padding. form: of the numbers.
    """
    values = to_cpu(values)
    left, top = place
    for (r, c), value in np.ndenumerate(values):
        stands_out = marked is not None and marked[r, c]
        cell(axes, (left + c, top + r), value, color, MARKED if stands_out else "white",
             padding=inner is not None and not inner[r, c], form=form)
    if title:
        axes.text(left + values.shape[1] / 2, top - 0.2, title, ha="center", va="bottom",
                  color=COLORS[color])


# Bars and curves

def label_bars(axes, bars, form="g", labels=None, room=0.15, **style):
    """Write the length of each bar at its end, and make room for it. Returns the labels.

    bars: what axes.bar or axes.barh returned. form: of the numbers. labels: texts instead of them.
    room: share of the axis that is left free for them. style: of the texts.
    """
    flat = bars.orientation == "horizontal"
    labels = [number(value, form) for value in bars.datavalues] if labels is None else labels
    axes.bar_label(bars, labels, **{"padding": 3} | style)
    axes.margins(**{"x" if flat else "y": room})
    return labels


def draw_curves(axes, steps, lines, name, step="epoch", form=".3f", marks=True):
    """Draw the curves of a training into one panel, and return in words where each goes.

    steps: of the training, (n,), on the axis below, whose ticks are whole numbers. lines: a dict
    from a label to its values, (n,), six at most. name: of the axis at the left, such as "loss".
    step: what a step is. marks: a mark at each value, for few steps.
    """
    told = []
    for (label, values), (color, look) in zip(lines.items(), LINES):
        values = np.asarray(to_cpu(values), float)
        axes.plot(steps, values, look if marks else look[1:], color=COLORS[color], label=label,
                  markersize=5)
        told.append(f"{name}, {label}: " + _way(steps, values, step, form))
    axes.set(xlabel=step, ylabel=name)
    whole_steps(axes)
    return "; ".join(told)


def whole_steps(axes):
    """Number the axis below in whole steps, also where it has one step only: no epoch is half."""
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))


def _way(steps, values, step, form):
    """A curve in words: its first and its last value, and what is lower or higher than both."""
    if not len(values):
        return "no values"
    words = [f"{number(values[0], form)} at {step} {number(steps[0])}"]
    for name, at in [("lowest", np.nanargmin), ("highest", np.nanargmax)]:
        k = 0 if np.isnan(values).all() else int(at(values))
        if number(values[k], form) not in (number(values[0], form), number(values[-1], form)):
            words.append(f"{name} {number(values[k], form)} at {step} {number(steps[k])}")
    if len(values) > 1:
        words.append(f"{number(values[-1], form)} at {step} {number(steps[-1])}")
    return ", ".join(words)
