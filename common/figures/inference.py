"""Pictures of chapter 05: one answer, how shapes flow, what a batch saves, confidence."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, PercentFormatter

from common.backend import to_cpu
from common.figures.kit import arrow, counted, number, on_white
from common.figures.style import COLORS, describe


def image_and_answer(image, y, label=None):
    """One image beside the ten probabilities that the network gives for it.

    image: 784 pixels in any shape. y: probabilities, (10,). label: the truth, if it is known.
    """
    image, y = to_cpu(image).reshape(28, 28), to_cpu(y)
    answer = int(y.argmax())
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), width_ratios=[1, 1.9])
    left.imshow(image, vmin=0, vmax=max(1, image.max()))
    left.axis("off")
    if label is not None:
        left.set_title(f"label {label}")
    right.bar([str(digit) for digit in range(len(y))], y, width=0.7, color=COLORS["output"])
    for digit, p in enumerate(y):
        if p >= 0.005 or digit == answer:  # a row of 0.00 would say nothing
            mark = "▼\n" if digit == answer else ""
            right.annotate(f"{mark}{p:.2f}", (digit, p), (0, 3), ha="center", fontsize=10.5,
                           textcoords="offset points")
    verdict, color = f"answer {answer}, confidence {_probability(y[answer])}", COLORS["neutral"]
    told = f"A triangle marks the answer {answer}, with probability {_probability(y[answer])}"
    if label is not None:
        correct = answer == label
        verdict += ": right ✓" if correct else ": wrong ✗"
        color = COLORS["right" if correct else "wrong"]
        told += ", which is right" if correct else f", which is wrong: {label} gets {y[label]:.2f}"
    right.set_title(verdict, color=color)
    right.set(ylim=(0, 1.3), yticks=[0, 0.25, 0.5, 0.75, 1], xlabel="digit", ylabel="probability")
    right.grid(axis="x", visible=False)
    return describe(fig, (
        f"Left, an image of 28×28 pixels{'' if label is None else f' with the label {label}'}. "
        f"Right, ten bars, one probability for each digit. {told}."))


def shape_flow(params, images=None):
    """How shapes flow through the three layers, each result drawn below the weights that made it.

    params: dict of W1, b1, W2, b2, W3, b3. images: rows of the batch; None for one image alone.
    A result is as wide as the weights above it and as high as the data to its left. Sides are
    drawn on a logarithmic scale.
    Raises ValueError where a W has not as many rows as the W before it has columns.
    """
    for layer in (2, 3):
        given, needed = params[f"W{layer}"].shape[0], params[f"W{layer - 1}"].shape[1]
        if given != needed:
            raise ValueError(f"W{layer} has {given} rows, but W{layer - 1} has {needed} columns.")
    widths = [params["W1"].shape[0]] + [params[f"W{layer}"].shape[1] for layer in (1, 2, 3)]
    rows = 1 if images is None else images
    high, gap, left, told = _side(rows), 1.1, 0.0, []
    right, top = sum(_side(width) for width in widths) + 3 * gap + 0.3, high + 2.55
    fig, axes = plt.subplots(figsize=(8, 8 * (top + 0.55) / (right + 0.5)))
    for layer, columns in enumerate(widths):
        wide = _side(columns)
        name, color, after = [("x", "input", ""), ("z1", "activation", "\nsigmoid"),
                              ("z2", "activation", "\nsigmoid"),
                              ("z3", "output", "\nsoftmax")][layer]
        shape = f"({columns},)" if images is None else f"({rows}, {columns})"
        _block(axes, left, 0, wide, high, COLORS[color])
        axes.text(left + wide / 2, -0.1, f"{name}  {shape}{after}", ha="center", va="top",
                  color=COLORS[color], linespacing=1.4)
        if layer:
            _weights_above(axes, left, high, layer, widths[layer - 1], columns, gap)
        told.append(f"{name} {shape}")
        left += wide + gap
    if images is not None:
        arrow(axes, (-0.14, high), (-0.14, 0), arrowstyle="<->")
        axes.text(-0.2, high / 2, counted(rows, "image"), rotation=90, ha="right", va="center",
                  color=COLORS["neutral"])
    axes.set(xlim=(-0.5, right), ylim=(-0.55, top), aspect="equal")
    axes.axis("off")
    weights = ", ".join(f"W{k} ({widths[k - 1]}, {widths[k]})" for k in (1, 2, 3))
    kept = "each a single row" if images is None else \
        f"each {counted(rows, 'row')} high, one for each image"
    return describe(fig, (
        f"The data in a row from left to right: {', '.join(told)}, {kept}. Above each result "
        f"stand the weights that made it, as wide as the result: {weights}, with biases of "
        f"{', '.join(str(width) for width in widths[1:])} numbers. Arrows join the columns of the "
        "data to as many rows of the next weights."))


def seconds_per_image(sizes, seconds, per_call=None, per_image=None):
    """Time for one image against the batch size, both axes logarithmic.

    sizes: batch sizes. seconds: time for one image at each size.
    per_call, per_image: draw also the model per_call / size + per_image, in seconds.
    """
    sizes, micro = np.asarray(sizes), 1e6 * np.asarray(seconds)
    fig, axes = plt.subplots(figsize=(7.4, 4.3))
    axes.loglog(sizes, micro, "o-", color=COLORS["input"], label="measured")
    low, high, told = micro.min(), micro.max(), ""
    if per_call is not None:
        line = np.geomspace(sizes.min(), sizes.max(), 200)
        model = 1e6 * (per_call / line + per_image)
        axes.plot(line, model, "--", color=COLORS["neutral"], label="model: cost per call / batch "
                  "size + cost per image")
        low, high = min(low, model.min()), max(high, model.max())
        told = (f" A dashed curve shares {number(1e6 * per_call, '.3g')} microseconds per call "
                f"among the images of a batch and adds {number(1e6 * per_image, '.2g')} for each "
                "image.")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2)
    axes.set(xlabel="batch size (images in one call)", ylabel="time per image (µs)",
             xlim=(sizes.min() / 1.8, sizes.max() * 1.8), ylim=(low / 1.5, high * 1.5))
    axes.set_xticks(sizes, [f"{size:,}\n{value:.3g} µs" for size, value in zip(sizes, micro)])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    pairs = ", ".join(f"{size:,}: {value:.3g}" for size, value in zip(sizes, micro))
    return describe(fig, (
        "A curve on two logarithmic axes: microseconds for one image against the batch size. "
        f"{pairs}.{told}"))


def accuracy_by_brightness(factors, accuracies):
    """Accuracy of a trained network against the factor that all pixels are multiplied by.

    factors: positive numbers in rising order, with 1 among them. accuracies: one for each.
    """
    factors, accuracies = np.asarray(factors, dtype=float), to_cpu(accuracies)
    trained = int(np.argmin(abs(factors - 1)))
    fig, axes = plt.subplots(figsize=(7.4, 3.8))
    axes.semilogx(factors, accuracies, "o-", color=COLORS["output"])
    axes.plot(factors[trained], accuracies[trained], "D", color=COLORS["right"], markersize=10)
    for k, text, place, side in [(trained, "as in training", (4, -12), "left"),
                                 (len(factors) - 1, "0 to 255" if factors[-1] == 255 else
                                  f"times {factors[-1]:g}", (4, -12), "right")]:
        axes.annotate(f"{text}\n{accuracies[k]:.4f}", (factors[k], accuracies[k]), place,
                      textcoords="offset points", ha=side, va="top")
    axes.axhline(0.1, color=COLORS["wrong"], linestyle="--", linewidth=1.5)
    axes.text(factors[-1], 0.11, "guessing", color=COLORS["wrong"], ha="right", va="bottom")
    shown = factors[[k for k in range(len(factors))
                     if (k - trained) % 2 == 0 or k in (0, len(factors) - 1)]]
    axes.set_xticks(shown, [f"{f:g}" if f >= 1 else f"1/{1 / f:g}" for f in shown])
    axes.minorticks_off()
    axes.set(xlabel="all pixels multiplied by", ylabel="accuracy", ylim=(0, 1.05))
    pairs = ", ".join(f"times {factors[k]:.3g}: {accuracies[k]:.2f}"
                      for k in sorted({0, trained // 2, trained, len(factors) - 1}))
    return describe(fig, (
        f"Accuracy against the factor that all pixels are multiplied by, on a logarithmic axis: "
        f"{pairs}. A diamond marks factor {number(factors[trained], '.3g')}, as in training; a "
        "dashed line at 0.1 marks guessing."))


def confidence_of_right_and_wrong(confidence, right):
    """How sure the network was, in two panels: of its right answers, and of its wrong ones.

    confidence: largest probability of each image, (images,). right: was the answer right, bool.
    """
    confidence, right = to_cpu(confidence), to_cpu(right).astype(bool)
    edges = np.arange(11) / 10
    fig, panels = plt.subplots(1, 2, figsize=(8, 3.4))
    told = []
    for axes, kind, mask in [(panels[0], "right", right), (panels[1], "wrong", ~right)]:
        counts, _ = np.histogram(confidence[mask], bins=edges)
        axes.bar(edges[:-1] + 0.05, counts, width=0.09, color=COLORS[kind])
        axes.set(title=f"{mask.sum():,} {kind} answers", xlim=(0, 1), ylabel="answers",
                 xlabel="confidence", ylim=(0, max(1, 1.1 * counts.max())))
        axes.grid(axis="x", visible=False)
        told.append(f"of the {mask.sum():,} {kind} answers {counts[-1]:,} have a confidence of "
                    f"0.9 or more and {counts[:5].sum():,} one below 0.5")
    return describe(fig, f"Two histograms of the confidence, each with its own scale: "
                         f"{'; '.join(told)}.")


def answers_kept(confidence, right, threshold):
    """Accuracy of the answers whose confidence reaches a threshold, and the share that is kept.

    confidence: (images,). right: was the answer right, bool, (images,). threshold: 0 to 1.
    """
    confidence, right = to_cpu(confidence), to_cpu(right).astype(bool)
    grid = np.linspace(0, 0.99, 100)
    kept = np.array([(confidence >= value).mean() for value in grid])
    accuracy = np.array([_accuracy(confidence, right, value) for value in grid])
    share, now = float((confidence >= threshold).mean()), _accuracy(confidence, right, threshold)
    fig, panels = plt.subplots(1, 2, figsize=(8, 3.5))
    for axes, curve, value, color, title in [
            (panels[0], accuracy, now, "right", "accuracy of the answers kept"),
            (panels[1], kept, share, "neutral", "share of images answered")]:
        axes.plot(grid, curve, color=COLORS[color])
        axes.axvline(threshold, color=COLORS["neutral"], linestyle=":", linewidth=1.5)
        axes.plot(threshold, value, "o", color=COLORS[color], markersize=9)
        axes.set(title=f"{title}: " + ("none" if np.isnan(value) else f"{value:.1%}"),
                 xlabel="threshold on the confidence", xlim=(-0.03, 1.03))
    panels[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    panels[1].yaxis.set_major_formatter(PercentFormatter(1))
    panels[0].set_ylim(np.nanmin(accuracy) - 0.002, 1.002)
    at_end = "none are left" if np.isnan(accuracy[-1]) else f"{accuracy[-1]:.1%}"
    told = f", {now:.1%} of them right" if share else ""
    panels[1].set_ylim(0, 1.04)
    return describe(fig, (
        f"Two curves over the threshold. Accuracy of the answers kept: {accuracy[0]:.1%} at "
        f"threshold 0, {at_end} at 0.99. Share of images answered: {kept[0]:.0%} at threshold 0, "
        f"{kept[-1]:.0%} at 0.99. A point marks threshold {threshold:.2f}: {share:.1%} answered"
        f"{told}."))


def _weights_above(axes, left, high, layer, inner, columns, gap):
    """Draw W and b of one layer above its result, and the arrow that reaches W from the left."""
    wide, tall, bottom = _side(columns), _side(inner), high + 0.5
    _block(axes, left, high + 0.18, wide, _side(1), COLORS["weight"])
    _block(axes, left, bottom, wide, tall, COLORS["weight"])
    axes.text(left + wide / 2, bottom + tall + 0.06, f"W{layer}  ({inner}, {columns})\n"
              f"b{layer}  ({columns},)", ha="center", va="bottom", color=COLORS["weight"])
    bend, level = left - gap / 2, bottom + tall / 2
    # From the columns of the data to the rows of the weights: they are the same number.
    axes.plot([left - gap + 0.05, bend, bend], [high / 2, high / 2, level], color=COLORS["neutral"],
              linewidth=1.5)
    arrow(axes, (bend, level), (left - 0.04, level))
    on_white(axes, bend, (high / 2 + level) / 2, f"{inner} = {inner}", fontsize=10.5)


def _side(count):
    """Length of a block's side for that many rows or columns, in inches of the drawing."""
    return 0.16 + 0.2 * np.log(count)


def _probability(p):
    """Two digits, and four where two would round to 1.00."""
    return f"{p:.2f}" if p < 0.995 else f"{p:.4f}"


def _block(axes, left, bottom, wide, high, color):
    axes.add_patch(plt.Rectangle((left, bottom), wide, high, facecolor=color + "26",
                                 edgecolor=color, linewidth=1.5))


def _accuracy(confidence, right, threshold):
    """Share of right answers among those that reach the threshold; nan if there are none."""
    kept = confidence >= threshold
    return float(right[kept].mean()) if kept.any() else float("nan")
