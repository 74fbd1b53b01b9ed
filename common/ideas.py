"""What a model takes for a digit: ideas, adversarial images, and the smallest change (chapter 12).

A model here is a Chainer link that maps images to logits, on the CPU or on a GPU.
"""
import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np

from common.backend import get_array_module, to_cpu
from common.errors import CourseError
from common.functions import label_indices, softmax
from common.training import progress_bar

PIXELS = 28 * 28
CLEAR = 1e-3  # a lead of a logit that no rounding makes or unmakes


def read(model, images):
    """Return what a model reads in images: answers (images,), and probabilities (images, classes).

    images: float32, in the shape that the model takes. The answers are the largest of each row.
    """
    probabilities = softmax(to_cpu(_logits(model, model.device.send(images))))
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
    """The same for a Sequential that begins with L.Linear: it keeps the sums of that layer.

    u = x Wᵀ + b has the shape (images, nodes). If pixel k goes from a to b, then u changes by
    (b - a) times column k of W, and by nothing else. So no image is multiplied with all of W.
    """

    def __init__(self, model, images, shape=(PIXELS,)):
        super().__init__(model, images, shape)
        first, *self.rest = model
        self.rows = first.W.array.T.copy()  # row k: what pixel k gives to each node
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
    """Return the image that each digit's node likes best, found pixel by pixel.

    All digits start from the same random image. For each pixel in turn: is the digit's logit
    larger with 0 or with 1? That value is kept; if it makes no difference, the pixel stays as it
    is, and in the first sweep it becomes 0. So no step lowers the logit. After a sweep that changes
    nothing the search ends: no single pixel can do better (coordinate search, 座標探索).
    shape: of one image as the model takes it, such as (1, 28, 28).
    Returns the ideas, float32 (digits, *shape), and the digits' logits at the start and after each
    sweep, (sweeps + 1, digits). Raises ValueError for a digit that the model does not know.
    The search is kaityo256's, from the deck 手書き数字認識とイデアハック.
    """
    images, digits, outputs = _random_images(model, digits, seed, shape)
    xp = model.device.xp
    rows, history = xp.arange(len(digits)), [outputs]
    with (chainer.using_config("train", False), chainer.no_backprop_mode(),
          progress_bar(total=sweeps * PIXELS, unit="pixel") as bar):
        for sweep in range(sweeps):
            painted = canvas(model, images, shape)  # anew, so that rounding errors do not pile up
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
    return to_cpu(images).reshape(-1, *shape), np.array([to_cpu(row) for row in history])


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


def gradient_ascent(model, images, digits, steps=100, length=0.1):
    """Change images so that the logits of digits grow, all pixels at once, along the slope.

    images: float32, in the shape that the model takes. digits: one for each image. Each step is
    so long (the root of the sum of squares), and pixels stay from 0 to 1.
    Returns the new images. Raises CourseError for pixels out of range, and as label_indices does.
    """
    x, digits = _checked(model, images, digits)
    for _ in range(steps):
        _, slope = _score_and_slope(model, x, lambda logits: F.select_item(logits, digits))
        lengths = (slope ** 2).sum(axis=tuple(range(1, x.ndim)), keepdims=True) ** 0.5
        x = (x + np.float32(length) * slope / (lengths + np.float32(1e-12))).clip(0, 1)
    return x


def fgsm(model, images, labels, epsilon):
    """Move every pixel by epsilon, up or down, to where the loss grows: adversarial images.

    images: float32, in the shape that the model takes. labels: the right class of each. Pixels
    stay from 0 to 1. The fast gradient sign method of Goodfellow and others (2014) takes the sign
    of the slope of the cross entropy, log(1 + exp(m)), where m is how far the log-sum-exp of the
    other classes lies above the right one. Its slope is that of m times something positive; where
    the model is sure, float32 rounds that to 0. So we take the slope of m.
    Returns the new images. Raises CourseError for epsilon < 0, and as gradient_ascent does.
    """
    if not epsilon >= 0:
        raise CourseError(f"epsilon must be 0 or more, not {epsilon}.")
    x, labels = _checked(model, images, labels)

    def above_right_one(logits):
        xp = get_array_module(logits.array)
        right = xp.arange(logits.shape[1]) == labels[:, None]
        others = logits + xp.where(right, -np.inf, 0).astype(np.float32)
        return F.logsumexp(others, axis=1) - F.select_item(logits, labels)

    _, slope = _score_and_slope(model, x, above_right_one)
    return (x + np.float32(epsilon) * get_array_module(x).sign(slope)).clip(0, 1)


def smallest_change(model, image, target, steps=20):
    """Return an image that the model reads as target, as near to this one as can be found.

    image: one, float32, in the shape that the model takes. Near: the root of the sum of squares.
    Close by, the lead of target over the best other class is almost a plane. So first we step to
    where that plane says that target wins, until it does (as DeepFool of Moosavi-Dezfooli and
    others, 2016). Then we slide along the border, towards the point of its plane that is nearest to
    the image, as long as that comes nearer (as FAB of Croce and Hein, 2020).
    There may be a nearer image still: what is found is an upper bound.
    Returns the new image; a copy of the old one, if the model reads it as target already. Raises
    CourseError where target is not reached, or as gradient_ascent does.
    """
    start, target = _checked(model, image[None], [target])
    nearest = start
    for step in range(steps):
        lead, slope = _lead(model, nearest, target)
        if lead > CLEAR:
            break
        farther = 1.1 + 0.1 * step  # each time, or it may step to and fro for ever
        nearest = nearest + _shortest(nearest, slope, 0.01 - farther * lead)
    else:
        raise CourseError(f"No change was found that makes the model read {int(target[0])}: allow "
                          "more steps.")
    if nearest is start:
        return start[0].copy()
    on_way, share = _border(model, start, nearest, target), 0.5
    nearest = nearest if on_way is None else on_way
    for _ in range(steps):
        _, slope = _lead(model, nearest, target)
        on_plane = start + _shortest(start, slope, float((slope * (nearest - start)).sum()))
        tried = _border(model, start, nearest + share * (on_plane - nearest), target)
        if tried is not None and _length(tried - start) < _length(nearest - start):
            nearest = tried
        else:
            share /= 2
    return nearest[0]


def _border(model, start, end, target):
    """The first image on the way from start through end that the model reads as target.

    It looks up to a tenth beyond end; None if target wins neither there nor at end.
    """
    def image(share):
        return (start + np.float32(share) * (end - start)).clip(0, 1)

    low, high = 0.0, 1.1
    if not _wins(model, image(high), target):
        high = 1.0
        if not _wins(model, image(high), target):
            return None
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if _wins(model, image(middle), target) else (middle, high)
    return image(high)


def _wins(model, image, target):
    others = _logits(model, image)
    logit = float(others[0, target[0]])
    others[0, target[0]] = -np.inf
    return logit - float(others.max()) > CLEAR


def _lead(model, image, target):
    """How far the logit of target is above the largest of the others, and the slope of that."""
    def lead(logits):
        others = logits.array.copy()
        others[0, target[0]] = -np.inf
        return F.select_item(logits, target) - F.select_item(logits, others.argmax(axis=1))

    return _score_and_slope(model, image, lead)


def _shortest(image, slope, needed):
    """The shortest change of an image whose product with slope is as needed; pixels stay in 0..1.

    Without the limits it is a multiple of slope. With them it is a multiple that is cut off at the
    limits; halving an interval finds which.
    """
    def cut(factor):
        return (image + np.float32(factor) * slope).clip(0, 1) - image

    low, high = 0.0, max(needed, 0) / max(float((slope ** 2).sum()), 1e-12)
    for _ in range(20):  # more than a million times as far: what is not reached then, never is
        if float((cut(high) * slope).sum()) >= needed:
            break
        low, high = high, 2 * high
    for _ in range(20):
        middle = (low + high) / 2
        if float((cut(middle) * slope).sum()) < needed:
            low = middle
        else:
            high = middle
    return cut(high)


def _score_and_slope(model, images, score):
    """The sum of score(logits) over images, and its slope for each pixel, shaped as the images."""
    x = chainer.Variable(images)
    with chainer.using_config("train", False), chainer.using_config("enable_backprop", True):
        total = F.sum(score(model(x)))
        (slope,) = chainer.grad([total], [x])  # leaves the gradients of the parameters alone
    return float(total.array), slope.array


def _checked(model, images, labels):
    """Images and labels, fit for Chainer, where the model is; or a sentence on what is wrong."""
    x = model.device.send(images)
    if x.dtype != np.float32 or not (float(x.min()) >= 0 and float(x.max()) <= 1):
        raise CourseError(f"Images must be float32 with pixels from 0 to 1, not {x.dtype} from "
                          f"{x.min()} to {x.max()}.")
    logits = np.broadcast_to(np.float32(0), (len(x), _logits(model, x[:1]).shape[1]))
    return x, model.device.send(label_indices(to_cpu(labels), logits).astype(np.int32))


def _random_images(model, digits, seed, shape):
    """The same random image for each digit, flat, and the logits of the digits for them."""
    one = np.random.default_rng(seed).random(PIXELS, dtype=np.float32).reshape(1, *shape)
    images, digits = _checked(model, np.repeat(one, len(digits), axis=0), digits)
    outputs = _logits(model, images)[model.device.xp.arange(len(digits)), digits]
    return images.reshape(-1, PIXELS), digits, outputs


def _length(x):
    return float((x ** 2).sum()) ** 0.5


def _logits(model, images):
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        return model(images).array
