"""Pictures of chapter 16: how far sums of influences are off, and methods side by side."""
import matplotlib.pyplot as plt
import numpy as np

from common.backend import to_cpu
from common.figures.influence import greys, limit_of
from common.figures.kit import counted, thin_frame
from common.figures.style import COLORS, describe


def sum_against_truth(layers, dots=600):
    """For each layer, the sum of all influences against the true change, a dot a node and image.

    layers: dict from a name to (sums, changes), each (images, nodes). At most so many dots are
    drawn, chosen at random. The last panel has the miss of each layer, as miss() measures it.
    """
    columns = -(-(len(layers) + 1) // 2)
    fig, panels = plt.subplots(2, columns, figsize=(8, 5.0))
    told, misses = [], {}
    for axes, (name, (sums, changes)) in zip(panels.ravel(), layers.items()):
        sums, changes = to_cpu(sums), to_cpu(changes)
        misses[name] = miss(sums, changes)
        shown = np.random.default_rng(0).permutation(changes.size)[:dots]
        across, up = changes.ravel()[shown], sums.ravel()[shown]
        axes.plot(across, up, ".", markersize=4, color=COLORS["activation"])
        reach = max(abs(across).max(), abs(up).max())
        axes.plot([-reach, reach], [-reach, reach], color=COLORS["right"], linewidth=1.2,
                  linestyle="--")
        limits = (-1.05 * reach, 1.05 * reach)
        axes.set(title=name, xlim=limits, ylim=limits)
        axes.locator_params(nbins=5)
        axes.tick_params(labelsize=11.5)
        told.append(f"{name}: {misses[name]:.0%}")
    for axes in panels[:, 0]:
        axes.set_ylabel("sum of influences")
    for axes in panels.ravel()[len(layers) - columns:len(layers)]:
        axes.set_xlabel("true change")
    last = panels.ravel()[len(layers)]
    last.barh(list(misses), list(misses.values()), color=COLORS["wrong"], height=0.6)
    for k, value in enumerate(misses.values()):
        last.annotate(f"{value:.0%}", (value, k), (4, 0), va="center", textcoords="offset points",
                      fontsize=11.5)
    last.set(title="miss / true change", xticks=[], xlim=(0, 1.4 * max(misses.values())))
    last.invert_yaxis()
    last.grid(visible=False)
    last.spines["bottom"].set_visible(False)
    last.tick_params(length=0)
    for axes in panels.ravel()[len(layers) + 1:]:
        axes.axis("off")
    return describe(fig, (
        f"{counted(len(layers), 'panel')} of dots, one for each node and image: the sum of the "
        "influences of all pixels against the true change from black, with a dashed line where "
        "both are equal. Bars: how large the miss is, in parts of the true change. "
        f"{'; '.join(told)}."))


def miss(sums, changes):
    """How far sums are from the true changes, in parts of the changes: 0 is exact.

    sums, changes: (images, nodes). Returns the sum of all misses over the sum of all changes.
    """
    return float(abs(sums - changes).sum() / abs(changes).sum())


def way_from_black(image, brightness, networks, digit):
    """The logits on the straight way from black to an image, with the images of the way above.

    brightness: (steps,) from 0 to 1. networks: dict from a name to the logits, (steps, 10). digit:
    the one whose line stands out.
    """
    lights = np.linspace(0, 1, 6)
    fig = plt.figure(figsize=(8, 3.9))
    grid = fig.add_gridspec(2, 1, height_ratios=[1, 2.9])
    above = grid[0].subgridspec(1, len(lights))
    for k, light in enumerate(lights):
        axes = fig.add_subplot(above[k])
        axes.imshow(light * to_cpu(image).reshape(28, 28), vmin=0, vmax=1, cmap="gray")
        thin_frame(axes)
        axes.set_xlabel(f"× {light:.1f}", fontsize=11)
    below, told = grid[1].subgridspec(1, len(networks)), []
    for k, (name, logits) in enumerate(networks.items()):
        axes = fig.add_subplot(below[k])
        for node in range(logits.shape[1]):
            if node != digit:
                axes.plot(brightness, logits[:, node], color=COLORS["neutral"], linewidth=1,
                          alpha=0.6)
        line = logits[:, digit]
        axes.plot(brightness, line, color=COLORS["output"], linewidth=2.6)
        axes.set(xlabel="brightness", title=name, xlim=(0, 1), xticks=[0, 0.5, 1])
        if k == 0:
            axes.set_ylabel(f"logits, thick: {digit}")
        rise = np.gradient(line, brightness)
        told.append(f"{name}: from {line[0]:.1f} to {line[-1]:.1f}, at the steepest "
                    f"{rise.max():.1f} for a unit of brightness, at the end {rise[-1]:.1f}")
    return describe(fig, (
        f"Above, a digit from black to its full brightness in six steps. Below, for each network "
        f"the ten logits over the brightness. The logit of {digit}, {'; '.join(told)}."
        ))


def taking_away(shares, networks):
    """A logit while the pixels that a method calls most important are made black, best first.

    shares: of the lit pixels that are gone, (parts,). networks: dict from a name to a dict from a
    method to the logits, (images, parts), whose means are drawn; a method "random" is dashed.
    """
    fig, panels = plt.subplots(1, len(networks), figsize=(8, 3.7), squeeze=False)
    told = []
    for axes, (name, methods) in zip(panels[0], networks.items()):
        means = {method: to_cpu(logits).mean(axis=0) for method, logits in methods.items()}
        for (method, mean), marker in zip(means.items(), "osD^vP"):
            look = ({"color": COLORS["neutral"], "linestyle": "--"} if method == "random"
                    else {"marker": marker, "markersize": 4})
            axes.plot(shares, mean, linewidth=1.5, label=method, **look)
        axes.axhline(0, color=COLORS["neutral"], linewidth=0.8)
        axes.set(title=name, xlabel="part of the lit pixels taken away", xlim=(0, 1))
        told.append(f"{name}, mean of each line: " + ", ".join(
            f"{method} {mean.mean():.2f}" for method, mean in means.items()))
    panels[0, 0].set_ylabel("mean logit of the label")
    fig.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return describe(fig, (
        "Lines: the mean logit of the label while more and more lit pixels are made black, those "
        f"that a method values most first. {'; '.join(told)}."))


def completeness(steps, errors, target=1e-3):
    """How far the sum of integrated gradients is from the true change, against the steps.

    steps: dict from a network's name to its numbers of steps. errors: dict to the errors.
    """
    fig, axes = plt.subplots(figsize=(7.2, 3.7))
    told = []
    for (name, tried), marker in zip(steps.items(), "osD^v"):
        axes.loglog(tried, np.maximum(errors[name], 1e-7), marker=marker, label=name)
        told.append(f"{name}: {errors[name][0]:.1e} with {tried[0]} steps, {errors[name][-1]:.1e} "
                    f"with {tried[-1]}")
    axes.axhline(target, color=COLORS["neutral"], linestyle="--", linewidth=1.4)
    axes.annotate(f"{target:g}", (1, target), (4, 0), xycoords=("axes fraction", "data"),
                  textcoords="offset points", va="center", color=COLORS["neutral"])
    every = sorted({step for tried in steps.values() for step in tried})
    axes.set_xticks(every, labels=map(str, every))
    axes.minorticks_off()
    axes.set(xlabel="steps", ylabel="|sum − true change|")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return describe(fig, (
        "Lines on logarithmic axes: how far the sum of integrated gradients is from the true "
        f"change, over the number of steps. {'; '.join(told)}. A dashed line marks {target:g}."))


def sampling(counts, values, errors, name="one pixel"):
    """Estimates of one Shapley value from more and more permutations, with their standard error.

    counts, values, errors: (estimates,).
    """
    counts, values, errors = map(np.asarray, (counts, values, errors))
    fig, axes = plt.subplots(figsize=(7.2, 3.2))
    axes.axhline(values[-1], color=COLORS["neutral"], linewidth=1, linestyle="--")
    axes.errorbar(counts, values, 2 * errors, fmt="o", capsize=5, color=COLORS["weight"])
    axes.set_xscale("log")
    axes.set_xticks(counts, labels=map(str, counts))
    axes.minorticks_off()
    axes.set(xlabel="permutations", ylabel=f"Shapley value of {name}")
    told = "; ".join(f"{count}: {value:.3f} ± {2 * error:.3f}"
                     for count, value, error in zip(counts, values, errors))
    more = "more and more permutations" if (np.diff(counts) > 0).all() else "permutations"
    return describe(fig, (
        f"Estimates of the Shapley value of {name} from {more}, with bars of two standard errors. "
        f"{told}."))


def side_by_side(images, methods, columns=None):
    """Images in the first row, and below them what each method says of their pixels.

    images: (n, 784). methods: dict from a name to the values of each image's pixels, (n, 784).
    columns: a title for each image. Each picture has its own scale; its end stands below it.
    """
    images = to_cpu(images).reshape(-1, 28, 28)
    count, rows = len(images), len(methods) + 1
    side = min(1.25, 6.8 / count)
    fig, panels = plt.subplots(rows, count, squeeze=False, figsize=(
        1.2 + count * side, 0.2 + rows * (side + 0.22)))
    for k, axes in enumerate(panels[0]):
        axes.imshow(images[k], vmin=0, vmax=1, cmap="gray")
        if columns is not None:
            axes.set_title(columns[k], fontsize=11)
    told = []
    for line, (name, maps) in zip(panels[1:], methods.items()):
        limits = [limit_of(values) for values in maps]
        for axes, values, limit in zip(line, maps, limits):
            axes.imshow(to_cpu(values).reshape(28, 28), cmap=greys(), vmin=-limit, vmax=limit)
            axes.set_xlabel(f"±{limit:.2g}", fontsize=10, labelpad=1)
        told.append(f"{name} up to {max(limits):.2g}")
    for axes, name in zip(panels[:, 0], ["image", *methods]):
        name = name.replace(" ", "\n") if len(name) > 12 else name  # or it needs half the width
        axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=11)
    for axes in panels.ravel():
        thin_frame(axes)
    return describe(fig, (
        f"{counted(count, 'image')} in the first row"
        + (f" ({', '.join(map(str, columns))})".replace("\n", " ") if columns is not None else "")
        + ", and below each the values of its pixels by "
        f"{counted(len(methods), 'method')}, grey for none, brighter for positive, "
        f"darker for negative, each picture on its own scale. {'; '.join(told)}."))
