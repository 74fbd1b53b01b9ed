"""What a model takes for a digit: its ideas of the ten digits (chapter 17).

A model here is a Chainer link that maps images to logits, on the CPU or on a GPU.
"""
import chainer
import chainer.links as L
import numpy as np

from common.backend import to_cpu
from common.models import fit_images, logits, predict
from common.training import progress_bar

PIXELS = 28 * 28


def read(model, images):
    """Return what a model takes images for: classes (images,), and probabilities (images, classes).

    images: float32, in the shape that the model takes. A class is the largest of its row.
    """
    probabilities = predict(model, images)
    return probabilities.argmax(axis=1), probabilities


class Canvas:
    """Images that a search changes one pixel at a time, and a model that is asked about them.

    images: float32 (images, 784). shape: of one image as the model takes it.
    """

    def __init__(self, model, images, shape=(PIXELS,)):
        self.model, self.images, self.shape = model, images.copy(), shape

    def logits(self, pixel, values):
        """Return the logits (images, classes) if this pixel of each image had these values."""
        changed = self.images.copy()
        changed[:, pixel] = values
        return self.model(changed.reshape(-1, *self.shape)).array

    def change(self, pixel, values):
        """Give this pixel of each image its new value (images,)."""
        self.images[:, pixel] = values


class CanvasWithSums(Canvas):
    """The same for a Sequential that begins with L.Linear: it keeps its sums.

    u = x Wᵀ + b has the shape (images, nodes). If pixel k goes from a to b,
    then u changes by (b - a) times column k of W, and by nothing else. So no
    image is multiplied with all of W.
    """

    def __init__(self, model, images, shape=(PIXELS,)):
        super().__init__(model, images, shape)
        first, *self.rest = model
        # Row k: what pixel k gives to each node.
        self.rows = first.W.array.T.copy()
        self.sums = first(self.images).array

    def logits(self, pixel, values):
        h = chainer.as_variable(self.sums + self._step(pixel, values))
        for layer in self.rest:
            h = layer(h)
        return h.array

    def change(self, pixel, values):
        self.sums += self._step(pixel, values)
        super().change(pixel, values)

    def _step(self, pixel, values):
        return (values - self.images[:, pixel])[:, None] * self.rows[pixel]


def canvas(model, images, shape=(PIXELS,)):
    """Return the fastest Canvas that the model allows."""
    sums = isinstance(model, chainer.Sequential) and isinstance(model[0], L.Linear)
    return (CanvasWithSums if sums else Canvas)(model, images, shape)


def find_ideas(model, digits=range(10), sweeps=5, seed=0, shape=(PIXELS,)):
    """Return the image that each digit's node likes best, pixel by pixel.

    All digits start from the same random image. For each pixel in turn: is the
    digit's logit larger with 0 or with 1? That value is kept; if it makes no
    difference, the pixel stays as it is, and in the first sweep it becomes 0.
    So no step lowers the logit. After a sweep that changes nothing the search
    ends: no single pixel can do better (coordinate search, 座標探索).
    shape: of one image as the model takes it, such as (1, 28, 28).
    Returns the ideas, float32 (digits, *shape), and the digits' logits at the
    start and after each sweep, (sweeps + 1, digits). Raises ValueError for a
    digit that the model does not know.
    The search is kaityo256's, from the deck 手書き数字認識とイデアハック.
    """
    images, digits, outputs = _random_images(model, digits, seed, shape)
    xp = model.device.xp
    rows, history = xp.arange(len(digits)), [outputs]
    with (chainer.using_config("train", False), chainer.no_backprop_mode(),
          progress_bar(total=sweeps * PIXELS, unit="pixel") as bar):
        for sweep in range(sweeps):
            # Anew, so that rounding errors do not pile up.
            painted = canvas(model, images, shape)
            outputs = painted.logits(0, painted.images[:, 0])[rows, digits]
            for pixel in range(PIXELS):
                if sweep == 0:  # the random pixels are neither 0 nor 1
                    black = xp.zeros(len(images), dtype=np.float32)
                    outputs = painted.logits(pixel, black)[rows, digits]
                    painted.change(pixel, black)
                old = painted.images[:, pixel].copy()
                tried = painted.logits(pixel, 1 - old)[rows, digits]
                painted.change(pixel, xp.where(tried > outputs, 1 - old, old))
                outputs = xp.maximum(outputs, tried)
                bar.update()
            history.append(outputs)
            if bool((painted.images == images).all()):
                history += [outputs] * (sweeps - sweep - 1)
                break
            images = painted.images
    history = np.array([to_cpu(row) for row in history])
    return to_cpu(images).reshape(-1, *shape), history


def monte_carlo_idea(model, digit, flips=10_000, every=200, seed=0, shape=(PIXELS,)):
    """Look for an idea by chance: set a random pixel to 0 or 1, and keep it if the logit grows.

    Returns the image at the start and after each `every` flips, float32 (frames, *shape), and the
    digit's logit for each of them, (frames,). Raises ValueError as find_ideas does.
    A Monte Carlo search (モンテカルロ法) of the same deck, which shows every 200th of 10,000 flips.
    """
    images, _, (output,) = _random_images(model, [digit], seed, shape)
    rng = np.random.default_rng([seed, 1])
    pixels, values = rng.integers(PIXELS, size=flips), rng.integers(2, size=flips)
    frames, outputs = [to_cpu(images)[0]], [float(output)]
    with (chainer.using_config("train", False), chainer.no_backprop_mode(),
          progress_bar(total=flips, unit="flip") as bar):
        painted = canvas(model, images, shape)
        for flip, (pixel, value) in enumerate(zip(pixels.tolist(), values.tolist()), 1):
            new = model.device.xp.full(1, value, dtype=np.float32)
            if painted.images[0, pixel] != value:  # else nothing would change
                tried = painted.logits(pixel, new)[0, digit]
                if tried > output:
                    painted.change(pixel, new)
                    output = tried
            if flip % every == 0:
                frames.append(to_cpu(painted.images)[0].copy())
                outputs.append(float(output))
            bar.update()
    return np.array(frames).reshape(-1, *shape), np.array(outputs)


def _random_images(model, digits, seed, shape):
    """The same random image for each digit, flat, and the logits of the digits for them."""
    if not len(digits):
        raise ValueError("An idea needs one digit at least.")
    one = np.random.default_rng(seed).random(PIXELS, dtype=np.float32).reshape(1, *shape)
    images, digits = fit_images(model, np.repeat(one, len(digits), axis=0), digits)
    outputs = logits(model, images)[model.device.xp.arange(len(digits)), digits]
    return images.reshape(-1, PIXELS), digits, outputs
