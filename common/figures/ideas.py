"""Pictures of chapter 17: a search for an idea, adversarial images, and how far from digits."""
import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from common.backend import to_cpu
from common.figures.kit import SIGNED, counted, fit, numbers, table
from common.figures.style import COLORS, describe, image_html
from common.figures.translation import in_words


def updated_sums(x, W, pixel):
    """The sums u = x W before and after one pixel turns to 1: one row of W is added.

    x: pixels, 0 or 1, (pixels,), the one that turns being 0. W: (pixels, nodes), small.
    """
    x, W = to_cpu(x), to_cpu(W)
    pixels, nodes = W.shape
    marked = np.arange(pixels) == pixel
    u, after = x @ W, x @ W + W[pixel]
    fig, axes = plt.subplots()
    table(axes, x[:, None], (0, 0), "input", "x", marked=marked[:, None])
    table(axes, W, (2, 0), "weight", "W", marked=np.repeat(marked[:, None], nodes, axis=1))
    left, middle = nodes + 7.4, (pixels - 3.6) / 2
    for row, values, color, name in [(0, u, "activation", "u before"),
                                     (1.3, W[pixel], "weight", f"+ row {pixel} of W"),
                                     (2.6, after, "activation", "= u after")]:
        table(axes, values[None], (left, middle + row), color)
        axes.text(left - 0.3, middle + row + 0.5, name, ha="right", va="center",
                  color=COLORS[color])
    axes.text(-0.3, pixel + 0.5, "0 → 1", ha="right", va="center", color=COLORS["input"])
    fit(fig, axes, (-2, left + nodes + 0.2), (max(pixels, 3.8) + 0.2, -1.0))
    return describe(fig, (
        f"Left, {pixels} pixels x = {_row(x)} and their weights W, a row of {nodes} for each; "
        f"pixel {pixel} turns from 0 to 1, and its row {_row(W[pixel])} is marked. Right, the sums "
        f"before, {_row(u)}, plus this row give the sums after, {_row(after)}."))


class Animation:
    """Images one after the other, once, with a bar below that shows how far it is.

    images: (frames, 784) or (frames, 28, 28), from 0 to 1. alternative_text: what is to be seen.
    milliseconds: a frame; less where there are many, so that it comes to rest within 5 seconds.
    A notebook shows it as a GIF, with no kernel needed.
    """

    def __init__(self, images, alternative_text, milliseconds=120, size=196):
        self.alternative_text, self.size = in_words(alternative_text), size
        images = to_cpu(images).reshape(len(images), 28, 28)
        frames = []
        for number, image in enumerate(images, 1):
            large = Image.fromarray(np.uint8(np.round(image * 255))).resize((size, size), 0)
            frame = Image.new("L", (size, size + 10), 255)
            frame.paste(large)
            frame.paste(100, (0, size + 4, size * number // len(images), size + 10))
            frames.append(frame)
        gif = io.BytesIO()
        # Without `loop` a GIF runs once: what moves for longer, a reader must be able to pause.
        frames[0].save(gif, "gif", save_all=True, append_images=frames[1:],
                       duration=min(milliseconds, 5000 // len(frames)))
        self.gif = gif.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        text = self.alternative_text
        return {"text/html": image_html(self.gif, "gif", text, self.size, self.size + 10),
                "text/plain": text}

    def __repr__(self):
        return self.alternative_text


def climb(outputs, steps, names, xlabel, ylabel="logit of its digit"):
    """How outputs grow in a search: one line for each name.

    outputs: (steps, names). steps: (steps,). A name stands at the end of its line; lines that end
    close together share a place.
    """
    outputs = to_cpu(outputs)
    fig, axes = plt.subplots(figsize=(7, 3.9))
    axes.plot(steps, outputs, color=COLORS["output"], linewidth=1.5)
    ends = outputs[-1].argsort()
    gaps = np.diff(outputs[-1, ends]) > 0.055 * np.ptp(outputs)
    for group in np.split(ends, np.flatnonzero(gaps) + 1):
        axes.text(steps[-1] + 0.02 * np.ptp(steps), outputs[-1, group].mean(), va="center",
                  s=", ".join(str(names[k]) for k in sorted(group)), fontsize=11)
    axes.set(xlabel=xlabel, ylabel=ylabel, xlim=(steps[0], steps[-1]))
    told = ", ".join(f"{name}: {first:.1f} to {last:.1f}"
                     for name, first, last in zip(names, outputs[0], outputs[-1]))
    rising = ", all of them rising" * bool((outputs[-1] > outputs[0]).all())
    return describe(fig, f"Lines of the {ylabel} against the {xlabel}{rising}. {told}.")


def changes(images, changed, names, captions):
    """Images, what was changed in each, and the result, a column for each.

    images, changed: (n, 784). names: above each column. captions: below each result.
    Differences are red where a pixel got brighter, blue where darker, on one scale.
    """
    images, changed = (to_cpu(x).reshape(-1, 28, 28) for x in (images, changed))
    differences = changed - images
    most = max(abs(differences).max(), 1e-9)
    fig, panels = plt.subplots(3, len(images), figsize=(min(8, 1.75 * len(images) + 0.9), 5.8),
                               squeeze=False)
    for column, triple in enumerate(zip(images, differences, changed)):
        for axes, picture, signed in zip(panels[:, column], triple, (False, True, False)):
            axes.imshow(picture, cmap=SIGNED if signed else "gray",
                        vmin=-most if signed else 0, vmax=most if signed else 1)
            axes.set(xticks=[], yticks=[])
            axes.grid(visible=False)
        panels[0, column].set_title(names[column], fontsize=12)
        panels[2, column].set_xlabel(captions[column], fontsize=11)
    for axes, name in zip(panels[:, 0], ("image", "change", "result")):
        axes.set_ylabel(name)
    lengths = np.sqrt((differences ** 2).sum(axis=(1, 2)))
    told = "; ".join(f"{name}: length {length:.2f}, {caption}" for name, length, caption
                     in zip(names, lengths, captions)).replace("\n", " ")
    columns = counted(len(images), "column")
    return describe(fig, (f"{columns} of an image, its change and the result. {told}. "
                          f"No pixel changes by more than {most:.2f}."))


def verdicts(images, rows, columns):
    """A table of images: what people say, and what models read.

    images: (n, 784). rows: for each image what it is, what people say, and for each model its
    answer and its probability. columns: the models' names.
    A model's answer is marked ✓ where it is what people say, else ✗.
    """
    images = to_cpu(images).reshape(-1, 28, 28)
    high, places = 0.66, [1.0, 3.75, *(5.35 + 1.45 * k for k in range(len(columns)))]
    fig = plt.figure(figsize=(8, high * len(images) + 0.45))
    fig.set_layout_engine("none")
    wide, tall = fig.get_size_inches()
    for x, name in zip(places[1:], ["people say", *columns]):
        fig.text(x / wide, 1 - 0.3 / tall, name, color=COLORS["neutral"])
    told = []
    for k, (image, (what, people, *readings)) in enumerate(zip(images, rows)):
        bottom = tall - 0.45 - high * (k + 1)
        axes = fig.add_axes((0.2 / wide, (bottom + 0.03) / tall, 0.6 / wide, 0.6 / tall))
        axes.imshow(image, vmin=0, vmax=1)
        axes.axis("off")
        y = (bottom + high / 2) / tall
        for x, text in zip(places, (what, people)):
            fig.text(x / wide, y, text, va="center", fontsize=12.5)
        for x, (answer, probability) in zip(places[2:], readings):
            same = str(answer) == str(people)
            fig.text(x / wide, y, f"{answer} {'✓' if same else '✗'}  {probability:.3f}",
                     va="center", color=COLORS["right" if same else "wrong"], fontsize=12.5)
        told.append(f"{what}: people {people}, " + ", ".join(
            f"{name} {answer} with {probability:.3f}"
            for name, (answer, probability) in zip(columns, readings)))
    return describe(fig, ("A table of images, what people say, and what models read with which "
                          f"probability. {'; '.join(told)}.").replace("\n", " "))


def distances(of_data, groups, kind="test images"):
    """How far images are from the nearest image of the data: a histogram, and dots below it.

    of_data: distances of other real images, (n,), and what `kind` they are. groups: dict from a
    name to distances.
    """
    of_data = to_cpu(of_data)
    fig, (above, below) = plt.subplots(2, 1, figsize=(8, 2.4 + 0.42 * len(groups)), sharex=True,
                                       height_ratios=[2, 0.45 * len(groups) + 0.2])
    above.hist(of_data, bins=30, color=COLORS["neutral"])
    above.set(ylabel=kind)
    told = [f"{kind}: {of_data.min():.1f} to {of_data.max():.1f}, half of them below "
            f"{np.median(of_data):.1f}"]
    for row, (name, values) in enumerate(groups.items()):
        values = to_cpu(values)
        below.plot(values, np.full(len(values), row), "D", color=COLORS["wrong"], markersize=7,
                   alpha=0.6)
        told.append(f"{name}: {values.min():.1f} to {values.max():.1f}")
    below.set(yticks=range(len(groups)), yticklabels=groups, ylim=(len(groups) - 0.4, -0.6),
              xlabel="distance to the nearest training image", xlim=(0, None))
    below.grid(axis="y", visible=False)
    return describe(fig, (f"Above, a histogram of the distance from {kind} to the nearest "
                          "training image; below, dots for other images on the same axis. "
                          f"{'; '.join(told)}."))


def _row(values):
    return f"[{numbers(values)}]"
