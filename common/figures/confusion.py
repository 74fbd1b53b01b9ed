"""Pictures of what a classifier mixes up: the confusion matrix."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from common.figures.style import COLORS, describe


def count(t, answers, classes=10):
    """Count the images of each class (row) that got each answer (column).

    t: labels, answers: both whole numbers (images,). Returns int64 (classes, classes).
    """
    t, answers = np.asarray(t, np.int64), np.asarray(answers, np.int64)
    return np.bincount(t * classes + answers, minlength=classes ** 2).reshape(classes, classes)


def matrix(counts):
    """A confusion matrix: rows are the truth, columns the answer; off the diagonal are errors.

    counts: as `count` returns them. Right answers are outlined; the shade of an error is its share
    of the row's images, the darkest being the largest.
    """
    classes = len(counts)
    right = np.eye(classes, dtype=bool)
    share = np.where(right, 0, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
    fig, axes = plt.subplots(figsize=(6.6, 6.2))
    shades = LinearSegmentedColormap.from_list("errors", ["white", COLORS["wrong"]])
    axes.imshow(share, cmap=shades, vmin=0, vmax=max(share.max(), 1e-9))
    for truth, answer in np.ndindex(counts.shape):
        if counts[truth, answer]:
            dark = share[truth, answer] > 0.6 * share.max()
            colour = COLORS["right"] if truth == answer else "white" if dark else "black"
            axes.text(answer, truth, counts[truth, answer], ha="center", va="center", fontsize=10,
                      color=colour)
    for digit in range(classes):
        axes.add_patch(plt.Rectangle((digit - 0.5, digit - 0.5), 1, 1, fill=False,
                                     edgecolor=COLORS["right"]))
    axes.set(xticks=range(classes), yticks=range(classes), xlabel="answer of the network",
             ylabel="truth")
    axes.grid(False)
    truth, answer = np.unravel_index(np.where(right, 0, counts).argmax(), counts.shape)
    errors = counts.sum() - np.trace(counts)
    worst = (f" The most frequent error: {counts[truth, answer]} images of {truth} were taken "
             f"for {answer}." if errors else "")
    return describe(fig, (
        f"Confusion matrix of {counts.sum()} images: a row for each digit, a column for each "
        f"answer. {np.trace(counts)} are on the diagonal, {errors} beside it.{worst}"))
