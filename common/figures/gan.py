"""Pictures of chapter 21: two networks against each other, and what comes of it."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import ConnectionPatch

from common.backend import to_cpu
from common.figures.kit import (
    LINES,
    counted,
    fit,
    number,
    show_image,
    show_signed,
    table,
)
from common.figures.style import COLORS, describe


def contest(z, fake, real, p_fake, p_real):
    """The forger's way from z to an image, and what the appraiser says of it and of a real one.

    z: (100,). fake, real: images of 784 pixels. p_fake, p_real: how sure the appraiser is that
    each is real, from 0 to 1.
    """
    fig, axes = plt.subplots(2, 3, figsize=(8, 4.6), layout="constrained")
    fig.get_layout_engine().set(wspace=0.2)
    show_signed(axes[0, 0], to_cpu(z).reshape(10, 10), 1, f"z, {np.size(z)} numbers")
    axes[1, 0].axis("off")
    axes[1, 0].text(0.5, 0.5, "MNIST", ha="center", va="center", fontsize=18,
                    color=COLORS["input"], transform=axes[1, 0].transAxes)
    for row, name, image, p in [(0, "forged", fake, p_fake), (1, "real", real, p_real)]:
        show_image(axes[row, 1], to_cpu(image).reshape(28, 28), name)
        axes[row, 2].barh([0], [p], color=COLORS["output"])
        axes[row, 2].set(xlim=(0, 1), ylim=(-1.5, 1.5), yticks=[], xticks=[0, 0.5, 1],
                         title=f"for real: {number(p, '.2f')}")
    for row, column, text, color in [(0, 0, "generator", "weight"), (1, 0, "", "neutral"),
                                     (0, 1, "discriminator", "activation"),
                                     (1, 1, "discriminator", "activation")]:
        left, right = axes[row, column], axes[row, column + 1]
        start = 0.92 if (row, column) == (1, 0) else 1.05
        fig.add_artist(ConnectionPatch(
            (start, 0.5), (-0.06, 0.5), "axes fraction", "axes fraction", axesA=left, axesB=right,
            arrowstyle="-|>", mutation_scale=16, color=COLORS[color]))
        left.text(1.6, 0.6, text, transform=left.transAxes, ha="center", color=COLORS[color],
                  fontsize=11)
    return describe(fig, (
        f"Above, the generator makes a forged image of {np.size(z)} numbers z, and the "
        f"discriminator says {number(p_fake, '.2f')} for real. Below, a real image of MNIST: the "
        f"discriminator says {number(p_real, '.2f')}."))


def stamps(x, kernel, y, stride):
    """A deconvolution in numbers: each pixel of x stamps the kernel, times itself, into y.

    x, kernel, y: two axes each. stride: how far apart the stamps are.
    """
    x, kernel, y = (to_cpu(values) for values in (x, kernel, y))
    fig, axes = plt.subplots()
    fig.set_layout_engine("none")
    place, high = 0, max(len(x), len(kernel), len(y))
    marked = np.zeros(y.shape, dtype=bool)
    marked[:len(kernel), :kernel.shape[1]] = True
    for values, color, title, cells in [
            (x, "input", "input", np.arange(x.size).reshape(x.shape) == 0),
            (kernel, "weight", "kernel", None), (y, "output", f"stride {stride}", marked)]:
        table(axes, values, (place, (high - len(values)) / 2), color, title, marked=cells)
        place += values.shape[1] + 1
        if place < 12 and values is not y:
            axes.text(place - 0.5, high / 2, "∗" if values is x else "=", ha="center",
                      va="center", fontsize=16)
    fit(fig, axes, (-0.2, place - 0.8), (high + 0.2, -0.9), inches=0.6)
    return describe(fig, (
        f"An input of {x.shape[0]}×{x.shape[1]}, a kernel of {kernel.shape[0]}×{kernel.shape[1]} "
        f"and the output of {y.shape[0]}×{y.shape[1]} with stride {stride}. The first number of "
        f"the input, {number(x.flat[0])}, and the place of its stamp in the output are filled. "
        f"The output holds {', '.join(number(value) for value in y.flat)}."))


def loss_curves(logits):
    """The losses of both networks over the appraiser's logit of a forged image.

    logits: some, which are marked; the text tells how steep both losses of the forger are there.
    """
    y, logits = np.linspace(-7, 7, 281), np.asarray(logits, float)
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.6))
    left.plot(y, np.logaddexp(0, -y), color=COLORS["input"], label="of a real image")
    left.plot(y, np.logaddexp(0, y), "--", color=COLORS["wrong"], label="of a forged image")
    left.set(title="the discriminator's loss", xlabel="logit", ylabel="loss")
    curves = [("−log D", lambda v: np.logaddexp(0, -v), "-", "output"),
              ("log(1 − D)", lambda v: -np.logaddexp(0, v), "--", "neutral")]
    for name, f, line, color in curves:
        right.plot(y, f(y), line, color=COLORS[color], label=name)
        right.plot(logits, f(logits), "o", color=COLORS[color])
    right.set(title="the generator's, two ways", xlabel="logit of a forged image")
    for axes in (left, right):
        axes.legend()
    sigmoid = 1 / (1 + np.exp(-logits))
    told = "; ".join(f"at logit {number(v)} −log D has the slope {number(s - 1, '.2g')}, "
                     f"log(1 − D) has {number(-s, '.2g')}" for v, s in zip(logits, sigmoid))
    return describe(fig, (
        "Left, the discriminator's loss over its logit: it falls for a real image and rises for a "
        "forged one. Right, two losses that the generator could make smaller, and marked points: "
        f"{told}."))


def digits_seen(sources):
    """How many of each digit a classifier sees in images of several sources, as bars.

    sources: a dict from a name to the answers of the classifier, (images,).
    """
    columns = min(len(sources), 2)
    rows = -(-len(sources) // columns)
    fig, panels = plt.subplots(rows, columns, figsize=(8, 2.5 * rows), sharey=True, sharex=True,
                               squeeze=False)
    told = []
    for axes, (name, answers) in zip(panels.flat, sources.items()):
        shares = 100 * np.bincount(answers, minlength=10) / len(answers)
        axes.bar(range(10), shares, color=COLORS["output"])
        axes.axhline(10, color=COLORS["neutral"], linestyle="--", linewidth=1)
        axes.set(title=name, xticks=range(10))
        missing = np.flatnonzero(shares < 1)
        told.append(
            f"{name}: most often {shares.argmax()} with {number(shares.max(), '.0f')}%, "
            + (f"under 1% {', '.join(map(str, missing))}" if len(missing) else
               f"least often {shares.argmin()} with {number(shares.min(), '.1f')}%"))
    for axes in panels.flat[len(sources):]:
        axes.axis("off")
    for axes in panels[:, 0]:
        axes.set_ylabel("% of images")
    return describe(fig, "Bars: what share of the images a classifier takes for each digit. "
                         f"{'; '.join(told)}. A dashed line marks 10%.")


def matches(runs, last=50):
    """Losses of both networks over the steps, a panel for each kind of match, a line a seed.

    runs: a dict from a name to a list with, for each seed, the losses (steps, 2) of generator and
    discriminator. last: steps whose mean is told.
    """
    fig, panels = plt.subplots(2, len(runs), figsize=(8.2, 4.4), sharex=True, sharey="row",
                               squeeze=False)
    told = []
    for column, (name, seeds) in zip(panels.T, runs.items()):
        ends = []
        for k, losses in enumerate(np.asarray(seeds, float)):
            color, look = LINES[k % len(LINES)]
            width = max(1, len(losses) // 40)
            smooth = losses[:len(losses) // width * width].reshape(-1, width, 2).mean(axis=1)
            for axes, values in zip(column, smooth.T):
                axes.plot(np.arange(len(values)) * width, values, look[1:], color=COLORS[color],
                          linewidth=1.5)
            ends.append(losses[-last:].mean(axis=0))
        column[0].set_title(name)
        column[1].set_xlabel("step")
        generator, discriminator = np.transpose(ends)
        told.append(f"{name}: generator {', '.join(number(v, '.2f') for v in generator)}, "
                    f"discriminator {', '.join(number(v, '.2f') for v in discriminator)}")
    panels[0, 0].set_ylabel("generator's loss")
    panels[1, 0].set_ylabel("discriminator's")
    return describe(fig, (
        f"Above the generator's loss, below the discriminator's, over the steps, "
        f"{counted(len(seeds), 'line')} in each panel, one for each seed. Means of the last "
        f"{last} steps: {'; '.join(told)}."))
