"""Pictures of what a classifier mixes up: the confusion matrix."""
import matplotlib.pyplot as plt
import numpy as np

from common.figures.kit import counted, shades
from common.figures.style import COLORS, describe


def count(t, answers, classes=10):
    """Count the images of each class (row) that got each answer (column).

    t: labels, answers: both whole numbers (images,).
    Returns int64 (classes, classes).
    """
    t, answers = np.asarray(t, np.int64), np.asarray(answers, np.int64)
    pairs = np.bincount(t * classes + answers, minlength=classes ** 2)
    return pairs.reshape(classes, classes)


def matrix(counts):
    """A confusion matrix: rows are the truth, columns the answer; off the diagonal are errors.

    counts: as `count` returns them. Right answers are outlined; the shade of an error is its share
    of the row's images, the darkest being the largest.
    """
    classes = len(counts)
    right = np.eye(classes, dtype=bool)
    share = np.where(right, 0, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
    fig, axes = plt.subplots(figsize=(6.6, 6.2))
    axes.imshow(share, cmap=shades("wrong"), vmin=0, vmax=max(share.max(), 1e-9))
    for truth, answer in np.ndindex(counts.shape):
        if counts[truth, answer]:
            dark = share[truth, answer] > 0.6 * share.max()
            colour = COLORS["right"] if truth == answer else "white" if dark else "black"
            axes.text(answer, truth, counts[truth, answer], ha="center", va="center", fontsize=10,
                      color=colour)
    for digit in range(classes):
        axes.add_patch(plt.Rectangle((digit - 0.5, digit - 0.5), 1, 1, fill=False,
                                     edgecolor=COLORS["right"]))
    axes.set(xticks=range(classes), yticks=range(classes), xlabel="prediction",
             ylabel="truth")
    axes.grid(False)
    errors = np.where(right, 0, counts)
    return describe(fig, (
        f"Confusion matrix of {counted(int(counts.sum()), 'image')}: a row for each digit, a "
        f"column for each prediction. On the diagonal {np.trace(counts):,}, beside it "
        f"{errors.sum():,}.{_worst(errors)}"))


def _worst(errors):
    """In words: the most frequent error, or how many are as frequent."""
    if not errors.any():
        return ""
    pairs = [f"{truth} taken for {answer}" for truth, answer in np.argwhere(errors == errors.max())]
    listed = ", ".join(pairs[:3]) + (f" and {len(pairs) - 3} more" if len(pairs) > 3 else "")
    return f" Most frequent, {counted(int(errors.max()), 'image')}{' each' * (len(pairs) > 1)}: " \
           f"{listed}."
