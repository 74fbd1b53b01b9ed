"""Pictures of chapter 14: learning by heart, what helps, and how settings are chosen."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from common.backend import to_cpu
from common.figures.kit import counted, whole_steps
from common.figures.style import COLORS, describe


def fits(known, new, polynomials):
    """Polynomials through known points, and new points that they have not seen.

    known, new: (x, t), two arrays each. polynomials: dict of a title to coefficients, the highest
    power first, as np.polyval takes them. A curve is drawn over the range of all points.
    """
    xs = np.linspace(min(known[0].min(), new[0].min()), max(known[0].max(), new[0].max()), 200)
    every_t = np.r_[known[1], new[1]]
    room = 0.7 * np.ptp(every_t)
    wide = 5 if len(polynomials) == 1 else 8
    fig, panels = plt.subplots(1, len(polynomials), figsize=(wide, 3.7), sharey=True, squeeze=False)
    told = []
    for axes, (title, coefficients) in zip(panels[0], polynomials.items()):
        errors = [mean_error(coefficients, *points) for points in (known, new)]
        axes.plot(xs, np.polyval(coefficients, xs), color=COLORS["activation"])
        axes.plot(*known, "o", color=COLORS["input"], markersize=7, label="known")
        axes.plot(*new, "x", color=COLORS["wrong"], markersize=7, markeredgewidth=2, label="new")
        axes.set(title=f"{title}\nknown {errors[0]:.3f}, new {errors[1]:.3f}", xlabel="$x$",
                 ylim=(every_t.min() - room, every_t.max() + room))
        told.append(f"{title}: {errors[0]:.3f} on the known points, {errors[1]:.3f} on the new")
    panels[0, 0].set_ylabel("$t$", rotation=0)
    handles, names = panels[0, 0].get_legend_handles_labels()
    fig.legend(handles, names, loc="outside lower center", ncols=2)
    return describe(fig, (
        f"{counted(len(known[0]), 'known point')} as dots, {counted(len(new[0]), 'new point')} as "
        f"crosses, and a curve that was fitted to the dots. Mean squared error, "
        f"{'; '.join(told)}."))


def mean_error(coefficients, x, t):
    """The mean squared difference of a polynomial from points."""
    return float(np.mean((np.polyval(coefficients, x) - t) ** 2))


def training_curves(log, best=None):
    """Loss and accuracy against the epoch, on the images to learn from and on others.

    log: (epochs, 4): loss and accuracy in training, loss and accuracy in validation.
    best: an epoch to mark in both panels, the first being 1; None marks none.
    """
    log = np.asarray(log)
    epochs = np.arange(1, len(log) + 1)
    fig, panels = plt.subplots(1, 2, figsize=(8, 3.7))
    told = []
    for axes, what, column in zip(panels, ("loss", "accuracy"), (0, 1)):
        for name, values, line, color in [("training", log[:, column], "-", "input"),
                                          ("validation", log[:, column + 2], "--", "wrong")]:
            axes.plot(epochs, values, line, color=COLORS[color], label=name)
            told.append(f"{what}, {name}: {values[0]:.3f} after the first epoch, {values[-1]:.3f} "
                        f"after the last")
        if best is not None:
            axes.axvline(best, color=COLORS["neutral"], linestyle=":", linewidth=1.5)
            axes.plot(best, log[best - 1, column + 2], "D", color=COLORS["right"], markersize=9,
                      label=f"epoch {best}")
            told.append(f"{what}, validation, at the diamond: {log[best - 1, column + 2]:.3f}")
        axes.set(xlabel="epoch", title=what)
        whole_steps(axes)
    panels[0].set_ylim(0, 1.05 * max(log[:, 2].max(), log[0, 0]))
    panels[1].set_ylim(None, 1.02)
    handles, names = panels[0].get_legend_handles_labels()
    fig.legend(handles, names, loc="outside upper center", ncols=3, handlelength=2.6)
    mark = "" if best is None else f" A diamond marks epoch {best}."
    count = counted(len(log), "epoch")
    return describe(fig, f"Two panels against {count}. {'; '.join(told)}.{mark}")


def gaps(accuracies):
    """Accuracy on the images that were learned from, and on others: one row for each model.

    Where the two are equal, the dot is seen on the square.

    accuracies: dict of a name to (training, validation), each from 0 to 1.
    """
    fig, axes = plt.subplots(figsize=(8, 0.52 * len(accuracies) + 1.4))
    told = []
    for row, (name, (seen, unseen)) in enumerate(accuracies.items()):
        axes.plot([unseen, seen], [row, row], color=COLORS["neutral"], linewidth=1.5, zorder=1)
        axes.plot(seen, row, "o", color=COLORS["input"], markersize=7, zorder=3,
                  label="training" if row == 0 else None)
        axes.plot(unseen, row, "s", color=COLORS["wrong"], markersize=12, zorder=2,
                  label="validation" if row == 0 else None)
        axes.text(1.03, row, f"{seen:.3f}", color=COLORS["input"], va="center",
                  transform=axes.get_yaxis_transform())
        axes.text(1.15, row, f"{unseen:.3f}", color=COLORS["wrong"], va="center",
                  transform=axes.get_yaxis_transform())
        told.append(f"{name}: {seen:.3f} and {unseen:.3f}")
    low = min(min(pair) for pair in accuracies.values())
    axes.set(yticks=range(len(accuracies)), yticklabels=accuracies, xlabel="accuracy",
             ylim=(len(accuracies) - 0.5, -0.5), xlim=(max(0, low - 0.06), 1.02))
    axes.grid(axis="y", visible=False)
    fig.legend(loc="outside upper center", ncols=2)
    return describe(fig, (
        "A row for each model: a dot at its accuracy in training, a square at its accuracy in "
        f"validation, and a line between. Training and validation: {'; '.join(told)}."))


def luck(validation, test, truth):
    """Models by their accuracy on two sets of images: the best on one is not the best on the other.

    Models at the same place are drawn as one larger dot.

    validation, test: one accuracy for each model. truth: what all of them are really worth.
    """
    validation, test = np.asarray(validation), np.asarray(test)
    best = int(validation.argmax())
    fig, axes = plt.subplots(figsize=(5.4, 4.2))
    places, times = np.unique(np.c_[validation, test], axis=0, return_counts=True)
    axes.scatter(*places.T, s=12 * times, color=COLORS["neutral"])
    for line in (axes.axvline, axes.axhline):
        line(truth, color=COLORS["neutral"], linestyle="--", linewidth=1)
    axes.plot(validation[best], test[best], "D", color=COLORS["wrong"], markersize=9)
    axes.annotate("chosen", (validation[best], test[best]), (9, 0), va="center",
                  textcoords="offset points", color=COLORS["wrong"])
    axes.set_xlim(right=validation[best] + 0.25 * np.ptp(validation))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set(xlabel="accuracy on the validation images", ylabel="accuracy on the test images")
    return describe(fig, (
        f"{counted(len(validation), 'model')} around ({truth:g}, {truth:g}), where dashed lines "
        f"cross. A diamond marks the best on the validation images: {validation[best]:.2f} there, "
        f"and {test[best]:.2f} on the test images."))


def confused_pairs(counts, top=8):
    """The most frequent errors as bars: which digit was read as which.

    counts: a confusion matrix, rows the truth, columns the predictions. Returns a figure with fewer
    than `top` bars where there are fewer kinds of errors.
    """
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    order = np.argsort(-wrong, axis=None, kind="stable")[:top]
    pairs = [(*np.unravel_index(k, counts.shape), wrong.flat[k]) for k in order if wrong.flat[k]]
    names = [f"{truth} read as {answer}" for truth, answer, _ in pairs]
    fig, axes = plt.subplots(figsize=(7, 0.42 * max(1, len(pairs)) + 1))
    axes.barh(names, [number for *_, number in pairs], color=COLORS["wrong"], height=0.7)
    for row, (*_, number) in enumerate(pairs):
        axes.annotate(str(number), (number, row), (5, 0), textcoords="offset points", va="center")
    axes.set(xlabel="images", ylim=(max(1, len(pairs)) - 0.5, -0.5))
    whole_steps(axes)
    axes.margins(x=0.12)
    axes.grid(axis="y", visible=False)
    told = ", ".join(f"{name}: {number}" for name, (*_, number) in zip(names, pairs))
    return describe(fig, f"Bars for the most frequent errors of {wrong.sum()}. {told or 'None'}.")


def dots(panels, label="accuracy on validation images"):
    """Runs of several rivals as dots, so that their scatter can be compared with their distance.

    panels: dict from a title to a dict from a rival's name to its results, one number a run.
    """
    fig, axeses = plt.subplots(1, len(panels), figsize=(8, 0.9 + 0.5 * len(next(iter(
        panels.values())))), sharey=True, sharex=True, squeeze=False)
    told = []
    for axes, (title, rivals) in zip(axeses[0], panels.items()):
        for y, (name, results) in enumerate(rivals.items()):
            results = to_cpu(results)
            axes.plot(results, np.full(len(results), y), "o", markersize=9, alpha=0.6,
                      color=COLORS["output"])
            axes.plot(results.mean(), y, "|", markersize=24, markeredgewidth=2.5,
                      color=COLORS["wrong"])
            told.append(f"{title}, {name}: from {results.min():.3f} to {results.max():.3f}, mean "
                        f"{results.mean():.3f}")
        axes.set(title=title, xlabel=label, yticks=range(len(rivals)), yticklabels=list(rivals),
                 ylim=(len(rivals) - 0.5, -0.5))
    return describe(fig, ("A row for each rival, a dot for each run, and a stroke at their mean. "
                          + "; ".join(told) + "."))
