"""Pictures of data sets: counts, labels, splits, and accuracies on them."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgba

from common.backend import to_cpu
from common.figures.style import COLORS, describe


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
        for digit, number in enumerate(counts):
            axes.text(digit, 0.45 * counts.mean(), f"{number:,}", ha="center", color="white",
                      fontsize=11)
        axes.set(title=f"{counts.sum():,} {name} images (dashed: a tenth)", ylabel="images",
                 ylim=(0, 1.1 * counts.max()), xticks=range(10))
        axes.grid(axis="x", visible=False)
        told.append(f"{name}: {', '.join(f'{number:,}' for number in counts)}")
    panels[1].set_xlabel("digit")
    return describe(fig, f"Two bar charts, images of each digit from 0 to 9. {'; '.join(told)}. "
                         "All bars are near a tenth of the images, which a dashed line marks.")


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
    return describe(fig, (
        f"A table of {len(t)} rows and {rows.shape[1]} columns, all 0 but for one framed 1 in each "
        f"row, at the places {', '.join(str(label) for label in t)}: each row's label."))


def saturation(z_by_name):
    """How the outputs of sigmoids are spread between 0 and 1, for several inputs.

    z_by_name: dict of a name for the input to outputs of sigmoids in any shape.
    """
    fig, panels = plt.subplots(1, len(z_by_name), figsize=(8, 3.3), sharey=True, squeeze=False)
    told = []
    for axes, (name, z) in zip(panels[0], z_by_name.items()):
        z = to_cpu(z).ravel()
        axes.hist(z, bins=20, range=(0, 1), weights=np.full(z.size, 1 / z.size),
                  color=COLORS["activation"])
        ends = np.mean((z < 0.01) | (z > 0.99))
        axes.set(title=name, xlabel="output of a sigmoid", xlim=(0, 1))
        axes.text(0.5, 0.9, f"{ends:.1%} below 0.01\nor above 0.99", ha="center", va="top",
                  transform=axes.transAxes)
        told.append(f"{name}, {ends:.1%}")
    panels[0, 0].set_ylabel("share of all outputs")
    return describe(fig, (
        "Histograms of what the sigmoids of the first layer give. Share that lies below 0.01 or "
        f"above 0.99: {'; '.join(told)}."))


def accuracy_bars(accuracies, chance=None):
    """Accuracies as horizontal bars.

    accuracies: dict of a name to an accuracy from 0 to 1. chance: accuracy of guessing, if it
    is to be marked.
    """
    names, values = list(accuracies), np.array(list(accuracies.values()))
    fig, axes = plt.subplots(figsize=(8, 0.5 * len(names) + 0.9))
    axes.barh(names, values, color=COLORS["output"], height=0.65)
    for k, value in enumerate(values):
        axes.annotate(f"{value:.4f}", (value, k), (5, 0), textcoords="offset points", va="center",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
    if chance is not None:
        axes.axvline(chance, color=COLORS["wrong"], linestyle="--", linewidth=1.5)
        axes.annotate("guessing", (chance, 1), (0, 3), xycoords=axes.get_xaxis_transform(),
                      textcoords="offset points", ha="center", color=COLORS["wrong"])
    axes.set(xlim=(0, 1.15), xticks=np.linspace(0, 1, 6), xlabel="accuracy")
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    told = "; ".join(f"{name}: {value:.4f}" for name, value in zip(names, values))
    guess = "" if chance is None else f" A dashed line marks guessing, {chance:g}."
    return describe(fig, f"Bars of accuracies. {told}.{guess}")


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
        f"validation images to choose between settings, and {test:,} test images to measure once "
        "at the end. The first two are cut from the training images as they are loaded."))


def choice(settings, accuracies, name):
    """Accuracy on the validation data against a setting, with the best one marked.

    settings, accuracies: (n,). name: what is set.
    """
    best = int(np.argmax(accuracies))
    fig, axes = plt.subplots(figsize=(7, 3.3))
    axes.plot(settings, accuracies, "o-", color=COLORS["activation"])
    axes.plot(settings[best], accuracies[best], "D", color=COLORS["right"], markersize=10)
    axes.annotate(f"best: {settings[best]:g}", (settings[best], accuracies[best]), (0, 10),
                  textcoords="offset points", ha="center", color=COLORS["right"])
    axes.set(xlabel=name, ylabel="validation accuracy")
    axes.margins(y=0.25)
    return describe(fig, (
        f"A curve of the validation accuracy for {len(settings)} values of {name} from "
        f"{settings[0]:g} to {settings[-1]:g}. A diamond marks the best, {accuracies[best]:.4f} at "
        f"{settings[best]:g}; the lowest is {np.min(accuracies):.4f}."))
