"""Pictures of chapter 10: a window on its way over an image, stride, padding, channels, pooling."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.kit import arrow, counted, fit, number, table
from common.figures.style import COLORS, describe

FRAME = COLORS["activation"]  # of the window, in every picture


def convolution_step(image, kernel, step, stride=1, pad=0):
    """One step of a convolution: window, kernel, their products, and the output so far.

    image, kernel: small tables of whole numbers. step: which output, counted from 0, row by row.
    """
    image, kernel = np.pad(to_cpu(image), pad), to_cpu(kernel)
    high, wide = kernel.shape
    rows, columns = ((side - part) // stride + 1
                     for side, part in zip(image.shape, kernel.shape))
    values = [np.sum(image[r * stride:r * stride + high, c * stride:c * stride + wide] * kernel)
              for r, c in np.ndindex(rows, columns)]
    row, column = divmod(step, columns)
    top, left = row * stride, column * stride
    window = image[top:top + high, left:left + wide]

    fig, axes = plt.subplots()
    tall, x = max(image.shape[0], rows), 0
    inner = np.zeros(image.shape, bool)
    inner[pad:len(image) - pad, pad:image.shape[1] - pad] = True
    marked = np.zeros(image.shape, bool)
    marked[top:top + high, left:left + wide] = True
    table(axes, image, (x, (tall - len(image)) / 2), "input", "image", marked=marked, inner=inner)
    _frame(axes, (x + left, (tall - len(image)) / 2 + top), wide, high)
    x = _sign(axes, x + image.shape[1], tall, "×")
    table(axes, kernel, (x, (tall - high) / 2), "weight", "kernel")
    x = _sign(axes, x + wide, tall, "=")
    table(axes, window * kernel, (x, (tall - high) / 2), "activation", "products",
          marked=np.ones(kernel.shape, bool))
    x = _sign(axes, x + wide, tall, "sum\n→", gap=1.6)
    output = np.array([f"{number(value)}" if k <= step else "" for k, value in enumerate(values)])
    now = np.arange(len(values)) == step
    table(axes, output.reshape(rows, columns), (x, (tall - rows) / 2), "output", "output",
          marked=now.reshape(rows, columns))
    total = f"{_sum(window * kernel)} = {number(values[step])}"
    axes.text((x + columns) / 2, tall + 0.35, total, ha="center", va="top", fontsize=13)
    fit(fig, axes, (-0.2, x + columns + 0.2), (tall + 1.1, -0.95))
    empty = len(values) - step - 1
    return describe(fig, (
        f"Step {step + 1} of {len(values)}. The window at row {top} and column {left} of the image "
        f"is framed and multiplied with the kernel, number by number; the products sum to "
        f"{number(values[step])}. Output so far: {', '.join(map(number, values[:step + 1]))}; "
        f"{empty} still empty."))


def windows(settings):
    """Where the windows of a convolution stand: the effect of stride and padding.

    settings: one (size, kernel, stride, pad) for each drawing, all sides square.
    """
    fig, axes = plt.subplots()
    told, left, tall = [], 0.0, max(size + 2 * pad for size, _, _, pad in settings)
    for size, kernel, stride, pad in settings:
        side = size + 2 * pad
        starts = range(0, side - kernel + 1, stride)
        unread = np.ones(side, bool)
        for start in starts:
            unread[start:start + kernel] = False
        middle = left + max(side, 5.4) / 2
        corner = middle - side / 2
        centres = np.array([(c, r) for r in starts for c in starts]) + kernel / 2
        dots = {(r, c) for c, r in np.floor(centres)} if kernel % 2 else set()
        for r, c in np.ndindex(side, side):
            inner = pad <= min(r, c) and max(r, c) < size + pad
            skipped = inner and (unread[r] or unread[c])
            _cell(axes, corner + c, r, "" if inner or (r, c) in dots else "0",  # none below a dot
                  "input" if inner else "neutral",
                  face="#d5dade" if skipped else "white", dashed=not inner, hatch=skipped)
        _frame(axes, (corner, 0), kernel, kernel)
        if len(starts) > 1:
            _frame(axes, (corner + starts[1], 0), kernel, kernel, "--")
        axes.plot(*(centres + (corner, 0)).T, "o", markersize=8, color=COLORS["output"], zorder=6)
        out, lost = len(starts), int(unread[pad:size + pad].sum())
        axes.text(middle, tall + 0.3, f"image {size}×{size}, kernel {kernel}×{kernel}\n"
                  f"stride {stride}, padding {pad}\noutput {out}×{out}", ha="center", va="top",
                  linespacing=1.35, fontsize=11)
        told.append(f"image {size}×{size}, kernel {kernel}×{kernel}, stride {stride}, padding "
                    f"{pad}: {out}×{out} windows, so an output of {out}×{out}"
                    + (f"; {lost} of its {size} rows and columns are read by no window"
                       if lost else ""))
        left += max(side, 5.4) + 1
    fit(fig, axes, (-0.2, left - 0.8), (tall + max(2.2, 0.107 * left), -0.2), 0.45)
    more = any(size + 2 * pad >= kernel + stride for size, kernel, stride, pad in settings)
    return describe(fig, (
        "Grids of pixels with dashed rings of zeros where there is padding. The first window has a "
        "solid frame" + ", the next one a dashed frame" * more + ", and a dot marks the middle of "
        "every window. In turn: " + ". ".join(told) + "."))


def pooling(image, size=2):
    """Max pooling and average pooling of one small table, with every maximum circled."""
    image = to_cpu(image)
    rows, columns = (side // size for side in image.shape)
    blocks = image.reshape(rows, size, columns, size).transpose(0, 2, 1, 3)
    blocks = blocks.reshape(rows, columns, size * size)
    highest, mean = blocks.max(axis=2), blocks.mean(axis=2)
    fig, axes = plt.subplots()
    tall, wide = image.shape
    table(axes, image, (0, 0), "input", "image")
    for r, c in np.ndindex(rows, columns):
        _frame(axes, (c * size, r * size), size, size)
        inside_row, inside_column = divmod(int(blocks[r, c].argmax()), size)
        axes.add_patch(plt.Circle((c * size + inside_column + 0.5, r * size + inside_row + 0.5),
                                  0.36, fill=False, edgecolor=COLORS["output"], linewidth=2.2,
                                  zorder=5))
    x = wide + 1.8
    arrow(axes, (wide + 0.4, tall / 2), (x - 0.3, tall / 2))
    for name, values in [("maximum", highest), ("average", mean)]:
        table(axes, values, (x, (tall - rows) / 2), "output", name)
        x += columns + 1.4
    fit(fig, axes, (-0.2, x - 1.0), (tall + 0.2, -0.95))
    return describe(fig, (
        f"A table of {tall}×{wide} numbers cut into blocks of {size}×{size} by frames, the largest "
        f"number of each block circled. Right, the largest numbers: {_rows(highest)}, and the "
        f"averages: {_rows(mean)}."))


def channels(depth, size, filters, kernel):
    """Several channels and several filters: what meets what, and the shape of the result.

    depth: channels of the input. size: its side. filters: how many. kernel: their side.
    """
    out = size - kernel + 1
    fig, axes = plt.subplots()
    step, middle = 3.1, (filters - 1) * 3.1 / 2
    _stack(axes, (0, middle), 2.2, depth, "input")
    axes.text(0.1, middle + 2.25, f"image\n({depth}, {size}, {size})", ha="center", va="top",
              color=COLORS["input"])
    places = np.array([middle + (k - (filters - 1) / 2) * 0.32 for k in range(filters)])
    for k in range(filters):
        y = k * step
        _stack(axes, (4.8, y), 1.1, depth, "weight")
        axes.text(4.9, y + 0.98, f"filter {k + 1}  ({depth}, {kernel}, {kernel})", ha="center",
                  va="top", color=COLORS["weight"])
        _stack(axes, (8.8, y), 1.8, 1, "output")
        axes.text(8.8, y + 1.05, f"map {k + 1}  ({out}, {out})", ha="center", va="top",
                  color=COLORS["output"])
        for start, end in [((1.75, middle + (y - middle) * 0.25), (3.9, y)),
                           ((5.9, y), (7.75, y)),
                           ((9.9, y), (11.4, middle + (y - middle) * 0.25))]:
            arrow(axes, start, end)
        axes.text(6.8, y - 0.12, f"+ b{k + 1}", ha="center", va="bottom", color=COLORS["weight"])
    _stack(axes, (13.0, middle), 1.8, filters, "output")
    axes.text(13.1, middle + 2.05, f"output\n({filters}, {out}, {out})", ha="center", va="top",
              color=COLORS["output"])
    fit(fig, axes, (-1.7, 14.7), (max(places[-1], (filters - 1) * step) + 1.75, -1.5))
    return describe(fig, (
        f"Left, an image as a stack of {counted(depth, 'channel')}, {size}×{size} each. Arrows "
        f"lead to {counted(filters, 'filter')}, each a stack of {depth} too, {kernel}×{kernel} "
        f"each. Each filter adds its own bias and gives one map of {out}×{out}. Right, the maps "
        f"stacked: an output of {counted(filters, 'channel')}, {out}×{out} each."))


def channel_sum(windows, kernels, bias):
    """One number of a map: each channel's window times its slice of the filter, all added up.

    windows, kernels: small tables, one for each channel. bias: the filter's number.
    """
    windows, kernels = [to_cpu(w) for w in windows], [to_cpu(k) for k in kernels]
    high, wide = kernels[0].shape
    fig, axes = plt.subplots()
    sums = [np.sum(w * k) for w, k in zip(windows, kernels)]
    step = high + 1.0
    for c, (window, kernel, total) in enumerate(zip(windows, kernels, sums)):
        y, middle = c * step, 2 * (c * step) + high  # _sign takes twice the height of its place
        axes.text(-0.4, middle / 2, f"channel {c + 1}", ha="right", va="center")
        table(axes, window, (0, y), "input", "" if c else "window")
        x = _sign(axes, wide, middle, "×")
        table(axes, kernel, (x, y), "weight", "" if c else "filter")
        x = _sign(axes, x + wide, middle, "=")
        table(axes, window * kernel, (x, y), "activation", "" if c else "products")
        x = _sign(axes, x + wide, middle, "→", gap=1.2)
        table(axes, np.array([[total]]), (x, middle / 2 - 0.5), "activation",
              "" if c else "sums")
    y = step * len(windows)
    result = sum(sums) + bias
    axes.text(x + 1, y + 0.1, f"{_sum(np.array([*sums, bias]))} = {number(result)}", ha="right",
              va="center", fontsize=13)
    fit(fig, axes, (-3.4, x + 1.2), (y + 0.6, -0.95))
    return describe(fig, (
        f"One window in each of {counted(len(windows), 'channel')}, times the filter's slice for "
        f"that channel, number by number. The products of the channels sum to "
        f"{', '.join(map(number, sums))}; together with the bias {number(bias)} that is one "
        f"number, {number(result)}."))


def connections(inputs, kernel):
    """Dense layer beside convolution in one dimension: who is joined to whom, with which weight.

    inputs: number of inputs. kernel: weights of the window. Both layers have as many outputs.
    """
    outputs = inputs - kernel + 1
    styles = ["-", "--", ":", "-."]
    fig, panels = plt.subplots(1, 2, figsize=(8, 3.9))
    titles = [f"dense: {inputs * outputs} weights", f"convolution: {kernel} weights"]
    for axes, title, dense in zip(panels, titles, [True, False]):
        for o in range(outputs):
            end = (2.6, o + (inputs - outputs) / 2)
            for i in range(inputs) if dense else range(o, o + kernel):
                style = "-" if dense else styles[(i - o) % 4]
                axes.plot([0, end[0]], [i, end[1]], style, color=COLORS["weight"], zorder=1,
                          linewidth=1 if dense else 2)
                if not dense:
                    share = 0.3
                    axes.text(share * end[0], i + share * (end[1] - i), "abcdefgh"[i - o],
                              ha="center", va="center", color=COLORS["weight"], fontsize=11,
                              bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})
        for x, count, start, color in [(0, inputs, 0, "input"),
                                       (2.6, outputs, (inputs - outputs) / 2, "output")]:
            for k in range(count):
                axes.add_patch(plt.Circle((x, start + k), 0.26, facecolor="white", linewidth=2,
                                          edgecolor=COLORS[color], zorder=3))
        axes.set_title(title)
        axes.set(xlim=(-0.6, 3.2), ylim=(inputs - 0.5, -0.5), aspect="equal")
        axes.axis("off")
    neighbours = counted(kernel, "neighbouring input") + " only" * (kernel < inputs)
    return describe(fig, (
        f"Two layers from {counted(inputs, 'input')} to {counted(outputs, 'output')}. Left, dense: "
        f"every output is joined to every input, {counted(inputs * outputs, 'weight')}. Right, "
        f"convolution: every output is joined to {neighbours}, and all outputs use the same "
        f"{counted(kernel, 'weight')}, {', '.join('abcdefgh'[:kernel])}, told apart by letter and "
        "line."))


def _cell(axes, x, y, text, color, face="white", dashed=False, hatch=False):
    axes.add_patch(plt.Rectangle((x, y), 1, 1, facecolor=face, edgecolor=COLORS[color],
                                 linewidth=1, linestyle="--" if dashed else "-",
                                 hatch="///" if hatch else None))
    axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=11,
              color=COLORS["neutral"] if dashed else "black", zorder=4)


def _frame(axes, place, wide, high, style="-"):
    axes.add_patch(plt.Rectangle(place, wide, high, fill=False, edgecolor=FRAME, linewidth=3,
                                 linestyle=style, zorder=5))


def _sign(axes, x, tall, text, gap=1.0):
    """Write a sign after x, and return where what follows it begins."""
    axes.text(x + gap / 2, tall / 2, text, ha="center", va="center", fontsize=13)
    return x + gap


def _stack(axes, middle, side, depth, color):
    """Draw channels as squares, one behind the other."""
    x, y = middle
    shown = min(depth, 5)
    for k in reversed(range(shown)):
        shift = (k - (shown - 1) / 2) * 0.22
        axes.add_patch(plt.Rectangle((x - side / 2 + shift, y - side / 2 - shift), side, side,
                                     facecolor="white", edgecolor=COLORS[color], linewidth=1.6))


def _sum(values):
    """The values as a sum: 16 + 27 − 6."""
    terms = [f"{'−' if value < 0 else '+'} {number(abs(value))}" for value in values.ravel()]
    first = terms[0].removeprefix("+ ").replace("− ", "−")
    return " ".join([first, *terms[1:]])


def _rows(values):
    return "; ".join(" ".join(map(number, row)) for row in values)
