"""Pictures of data sets: counts, labels, splits, and accuracies on them."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgba

from common.backend import to_cpu
from common.figures.kit import WHITE, counted, label_bars, number, numbers
from common.figures.style import COLORS, describe
from common.figures.wall import grid


def class_counts(t_train, t_test):
    """How many images of each digit there are, for training and for testing.

    t_train, t_test: labels from 0 to 9, (n,).
    """
    fig, panels = plt.subplots(2, 1, figsize=(8, 4.8), sharex=True)
    told = []
    for axes, name, t, color in [(panels[0], "training", t_train, "input"),
                                 (panels[1], "test", t_test, "output")]:
        counts = np.bincount(to_cpu(t), minlength=10)
        axes.bar(range(10), counts, color=COLORS[color], width=0.82)
        axes.axhline(counts.mean(), color=COLORS["neutral"], linestyle="--", linewidth=1)
        if counts.any():
            spread = f"{counts.min() / counts.mean():.0%} to {counts.max() / counts.mean():.0%}"
            told.append(f"{name}: {', '.join(f'{count:,}' for count in counts)}, which is {spread} "
                        "of a tenth")
        else:
            told.append(f"{name}: none")
        for digit, count in enumerate(counts):  # not above the bars: there is the dashed line
            axes.text(digit, 0.45 * counts.mean(), f"{count:,}", ha="center", fontsize=11,
                      color="white" if count > 0.6 * counts.mean() else "black")
        axes.set(title=f"{counts.sum():,} {name} images (dashed: a tenth)", ylabel="images",
                 ylim=(0, 1.2 * max(1, counts.max())), xticks=range(10))
        axes.grid(axis="x", visible=False)
    panels[1].set_xlabel("digit")
    return describe(fig, f"Two bar charts, images of each digit from 0 to 9. {'; '.join(told)}. "
                         "A dashed line marks a tenth of the images.")


def one_hot_table(t, rows):
    """Labels beside their one-hot rows.

    t: labels, (n,). rows: the same labels one-hot, (n, classes).
    """
    t, rows = to_cpu(t), to_cpu(rows)
    fig, axes = plt.subplots(figsize=(7, 0.45 * len(t) + 0.9))
    axes.imshow(rows, cmap="gray_r", vmin=0, vmax=4)
    for (r, c), value in np.ndenumerate(rows):
        axes.text(c, r, f"{value:.0f}", ha="center", va="center")
        if value == 1:
            axes.add_patch(plt.Rectangle((c - 0.5, r - 0.5), 1, 1, fill=False, linewidth=2.5,
                                         edgecolor=COLORS["output"], clip_on=False))
    axes.set(xlabel="place in the row", xticks=range(rows.shape[1]), yticks=range(len(t)),
             aspect="auto")
    axes.set_yticklabels([f"label {label}" for label in t])
    axes.xaxis.set(label_position="top", ticks_position="top")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    told = [f"label {label}, {_ones(row)}" for label, row in zip(t, rows)]
    return describe(fig, (
        f"A table of {counted(len(t), 'row')} and {counted(rows.shape[1], 'column')}, each row "
        f"beside its label, and every 1 framed. {'; '.join(told)}."))


def _ones(row):
    """In words: where a row has a 1, and whether all else is 0."""
    places = ", ".join(str(place) for place in np.flatnonzero(row == 1)) or "no place"
    return f"1 at {places}" + ("" if np.isin(row, (0, 1)).all() else ", and not 0 elsewhere")


def saturation(z_by_name):
    """How the outputs of sigmoids are spread between 0 and 1, for several inputs.

    z_by_name: dict of a name for the input to outputs of sigmoids in any shape; four at most.
    """
    rows, columns = grid(len(z_by_name))
    fig, panels = plt.subplots(rows, columns, figsize=(8, 0.4 + 2.8 * rows), sharey=True,
                               squeeze=False)
    told = []
    for axes, (name, z) in zip(panels.flat, z_by_name.items()):
        z = to_cpu(z).ravel()
        axes.hist(z, bins=20, range=(0, 1), weights=np.full(z.size, 1 / z.size),
                  color=COLORS["activation"])
        ends = np.mean((z < 0.01) | (z > 0.99))
        axes.set(title=name, xlabel="output of a sigmoid", xlim=(0, 1))
        words = f"{ends:.1%} below 0.01\nor above 0.99"
        if columns > 2:  # narrow panels
            axes.set_xticks([0, 0.5, 1])
            words = f"{ends:.1%}\nbelow 0.01\nor above\n0.99"
        axes.text(0.5, 0.9, words, ha="center", va="top", transform=axes.transAxes)
        told.append(f"{name}, {ends:.1%}")
    for axes in panels[:, 0]:
        axes.set_ylabel("share of all outputs")
    return describe(fig, (
        "Histograms of what sigmoids give. Share that lies below 0.01 or "
        f"above 0.99: {'; '.join(told)}."))


def block_scores(blocks, drawn):
    """Scores on blocks of a file in its order, beside scores on parts that were drawn at random.

    blocks, drawn: shares of right answers, (n,) and (m,).
    """
    blocks, drawn = np.asarray(to_cpu(blocks)), np.asarray(to_cpu(drawn))
    fig, axes = plt.subplots(figsize=(8, 3.4))
    axes.plot(range(1, len(blocks) + 1), blocks, "o", markersize=9, color=COLORS["input"],
              label="blocks, in the order of the file")
    axes.plot(len(blocks) + 1 + np.arange(1, len(drawn) + 1), drawn, "D", markersize=8,
              color=COLORS["output"], label="drawn at random")
    places = [*range(1, len(blocks) + 1), *(len(blocks) + 1 + np.arange(1, len(drawn) + 1))]
    axes.set(xticks=places, ylabel="share of right answers", xlabel="block, and draw",
             xticklabels=[*range(1, len(blocks) + 1), *range(1, len(drawn) + 1)])
    axes.margins(y=0.3)
    axes.legend(loc="upper left", ncols=2)
    highest = int(blocks.argmax())
    others = np.delete(blocks, highest)
    return describe(fig, (
        f"Shares of right answers on {counted(len(blocks), 'block')} of the file: the highest, "
        f"{blocks[highest]:.3f}, in block {highest + 1}, and {others.min():.3f} to "
        f"{others.max():.3f} in the others. On {counted(len(drawn), 'part')} drawn at random: "
        f"{numbers(drawn, '.3f')}."))


def accuracy_bars(accuracies, chance=None, name="accuracy"):
    """Accuracies, or other shares, as horizontal bars.

    accuracies: dict of a name to a share from 0 to 1. chance: the share of guessing, if it is to
    be marked. name: what the shares are.
    """
    names, values = list(accuracies), np.array(list(accuracies.values()))
    fig, axes = plt.subplots(figsize=(8, 0.5 * len(names) + 0.9))
    bars = axes.barh(names, values, color=COLORS["output"], height=0.65)
    written = label_bars(axes, bars, ".4f", bbox=WHITE)
    if chance is not None:
        axes.axvline(chance, color=COLORS["wrong"], linestyle="--", linewidth=1.5)
        axes.annotate("guessing", (chance, 1), (0, 3), xycoords=axes.get_xaxis_transform(),
                      textcoords="offset points", ha="center", color=COLORS["wrong"])
    axes.set(xlim=(0, 1.15), xticks=np.linspace(0, 1, 6), xlabel=name)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    told = "; ".join(f"{label}: {value}" for label, value in zip(names, written))
    guess = "" if chance is None else f" A dashed line marks guessing, {chance:g}."
    what = "accuracies" if name == "accuracy" else name
    return describe(fig, f"Bars of {what}. {told}.{guess}")


def data_split(train, validation, test):
    """Training, validation and test data as one bar, and what each is for.

    train, validation, test: numbers of images.
    """
    parts = [("training data", train, "learn the weights", "input"),
             ("validation data", validation, "choose between settings", "activation"),
             ("test data", test, "measure, once, at the end", "output")]
    total = train + validation + test
    fig, axes = plt.subplots(figsize=(8, 2.6))
    start = 0
    for (name, count, use, color), place, hatch in zip(parts, (0.17, 0.53, 0.86),
                                                       (None, "///", "..")):
        axes.barh(0, count / total, left=start / total, height=0.5, hatch=hatch, linewidth=1.5,
                  color=to_rgba(COLORS[color], 0.35), edgecolor=COLORS[color])
        middle = (start + count / 2) / total
        axes.plot([middle, place], [-0.27, -0.62], color=COLORS[color], linewidth=1.2)
        axes.text(place, -0.66, f"{name}\n{count:,}\n{use}", ha="center", va="top",
                  color=COLORS[color], linespacing=1.4)
        start += count
    loaded, grey = train + validation, COLORS["neutral"]
    for left, count, name in [(0, loaded, "x_train as it is loaded"), (loaded, test, "x_test")]:
        axes.plot([(left + 0.004 * total) / total, (left + count - 0.004 * total) / total],
                  [0.36, 0.36], color=grey, linewidth=1.2)
        axes.text((left + count / 2) / total, 0.43, f"{name}: {count:,}", ha="center", color=grey)
    axes.set(xlim=(-0.01, 1.01), ylim=(-1.55, 0.7))
    axes.axis("off")
    return describe(fig, (
        f"A bar in three parts: {train:,} training images to learn the weights, {validation:,} "
        "validation images to choose between settings, and "
        f"{counted(test, 'test image')} to measure once at the end. The first two are the training "
        "images as they are loaded."))


def choice(settings, accuracies, name):
    """Accuracy on the validation data against a setting, with the best one marked.

    settings, accuracies: (n,). name: what is set.
    """
    best = int(np.argmax(accuracies))
    fig, axes = plt.subplots(figsize=(7, 3.3))
    axes.plot(settings, accuracies, "o-", color=COLORS["activation"])
    axes.plot(settings[best], accuracies[best], "D", color=COLORS["right"], markersize=10)
    axes.annotate(f"best: {number(settings[best])}", (settings[best], accuracies[best]), (0, 10),
                  textcoords="offset points", ha="center", color=COLORS["right"])
    axes.set(xlabel=name, ylabel="validation accuracy")
    axes.margins(y=0.25)
    told = "; ".join(f"{number(setting)}: {number(accuracy, '.4f')}"
                     for setting, accuracy in zip(settings, accuracies))
    return describe(fig, (
        f"The validation accuracy against {name}. {told}. A diamond marks the highest, at "
        f"{number(settings[best])}."))
