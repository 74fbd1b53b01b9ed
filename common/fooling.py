"""How a model is fooled: images changed along the gradient until it takes them for another digit.

A model here is a Chainer link that maps images to logits, on the CPU or on a GPU (chapter 17).
"""
import chainer
import chainer.functions as F
import numpy as np

from common.backend import get_array_module
from common.course import CourseError
from common.models import fit_images, logits

CLEAR = 1e-3  # smallest lead that cannot be rounding


def gradient_ascent(model, images, digits, steps=100, length=0.1):
    """Change images so that the logits of digits grow, along the gradient.

    images: float32, in the shape that the model takes. digits: one for each
    image. Each step is so long (the root of the sum of squares), and pixels
    stay from 0 to 1. Returns the new images. Raises CourseError for pixels
    out of range, and as label_indices does.
    """
    x, digits = fit_images(model, images, digits)
    for _ in range(steps):
        _, gradient = _score_and_gradient(
            model, x, lambda logits: F.select_item(logits, digits))
        pixels = tuple(range(1, x.ndim))
        lengths = (gradient ** 2).sum(axis=pixels, keepdims=True) ** 0.5
        lengths = lengths + np.float32(1e-12)  # the gradient may be 0
        x = (x + np.float32(length) * gradient / lengths).clip(0, 1)
    return x


def fgsm(model, images, labels, epsilon):
    """Move every pixel by epsilon, up or down, to where the loss grows.

    images: float32, in the shape that the model takes. labels: the right class
    of each. Pixels stay from 0 to 1. The fast gradient sign method of
    Goodfellow and others (2014) takes the sign of the gradient of the cross
    entropy, log(1 + exp(m)), where m is how far the log-sum-exp of the other
    classes lies above the right one. Its gradient is that of m times something
    positive; where the model is sure, float32 rounds that to 0. So we take the
    gradient of m. Returns the new images. Raises CourseError for epsilon < 0,
    and as gradient_ascent does.
    """
    if not epsilon >= 0:
        raise CourseError(f"epsilon must be 0 or more, not {epsilon}.")
    x, labels = fit_images(model, images, labels)

    def above_right_one(logits):
        xp = get_array_module(logits.array)
        right = xp.arange(logits.shape[1]) == labels[:, None]
        others = logits + xp.where(right, -np.inf, 0).astype(np.float32)
        return F.logsumexp(others, axis=1) - F.select_item(logits, labels)

    _, gradient = _score_and_gradient(model, x, above_right_one)
    signs = get_array_module(x).sign(gradient)
    return (x + np.float32(epsilon) * signs).clip(0, 1)


def pgd(model, images, labels, epsilon, steps=10, length=None, seed=0):
    """Take many small steps of fgsm, none farther away than epsilon.

    A stronger attack: projected gradient descent (Madry and others 2017).
    images, labels, epsilon: as for fgsm. length: of one step, by default so
    long that the steps together go 2.5 times as far as epsilon. seed: of the
    random start within epsilon. Returns the new images. Raises CourseError as
    fgsm does, and for fewer than one step.
    """
    if steps < 1:
        raise CourseError(f"At least one step is needed, not {steps}.")
    x, labels = fit_images(model, images, labels)
    if not epsilon >= 0:
        raise CourseError(f"epsilon must be 0 or more, not {epsilon}.")
    epsilon = np.float32(epsilon)
    length = 2.5 * epsilon / steps if length is None else length
    noise = np.random.default_rng(seed).uniform(-1, 1, x.shape)
    noise = noise.astype(np.float32)
    low, high = (x - epsilon).clip(0, 1), (x + epsilon).clip(0, 1)
    moved = (x + epsilon * model.device.send(noise)).clip(low, high)
    for _ in range(steps):
        moved = fgsm(model, moved, labels, length).clip(low, high)
    return moved


def smallest_change(model, image, target, steps=20):
    """Return an image that the model reads as target, near to this one.

    image: one, float32, in the shape that the model takes. Near: the root of
    the sum of squares.
    Close by, the lead of target over the best other class is almost a plane.
    So first we step to where that plane says that target wins, until it does
    (as DeepFool of Moosavi-Dezfooli and others, 2016). Then we slide along the
    border, towards the point of its plane that is nearest to the image, as
    long as that comes nearer (as FAB of Croce and Hein, 2020).
    There may be a nearer image still: what is found is an upper bound.
    Returns the new image; a copy of the old one, if the model reads it as
    target already. Raises CourseError where target is not reached, or as
    gradient_ascent does.
    """
    start, target = fit_images(model, image[None], [target])
    nearest = start
    for step in range(steps):
        lead, gradient = _lead(model, nearest, target)
        if lead > CLEAR:
            break
        farther = 1.1 + 0.1 * step  # or it may step to and fro for ever
        nearest = nearest + _shortest(nearest, gradient, 0.01 - farther * lead)
    else:
        raise CourseError("No change was found that makes the model read "
                          f"{int(target[0])}: allow more steps.")
    if nearest is start:
        return start[0].copy()
    on_way, share = _border(model, start, nearest, target), 0.5
    nearest = nearest if on_way is None else on_way
    for _ in range(steps):
        _, gradient = _lead(model, nearest, target)
        change = nearest - start
        needed = float((gradient * change).sum())
        on_plane = start + _shortest(start, gradient, needed)
        tried = nearest + share * (on_plane - nearest)
        tried = _border(model, start, tried, target)
        if tried is not None and _length(tried - start) < _length(change):
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
    others = logits(model, image)
    logit = float(others[0, target[0]])
    others[0, target[0]] = -np.inf
    return logit - float(others.max()) > CLEAR


def _lead(model, image, target):
    """How far the logit of target is above the largest of the others, and the gradient of that."""
    def lead(logits):
        others = logits.array.copy()
        others[0, target[0]] = -np.inf
        return F.select_item(logits, target) - F.select_item(logits, others.argmax(axis=1))

    return _score_and_gradient(model, image, lead)


def _shortest(image, gradient, needed):
    """Smallest d with d·gradient = needed and 0 ≤ image + d ≤ 1.

    Without the limits d is a multiple of the gradient; with them, a multiple cut off at the limits,
    and halving an interval finds which.
    """
    def cut(factor):
        return (image + np.float32(factor) * gradient).clip(0, 1) - image

    low, high = 0.0, max(needed, 0) / max(float((gradient ** 2).sum()), 1e-12)
    for _ in range(20):  # more than a million times as far: what is not reached then, never is
        if float((cut(high) * gradient).sum()) >= needed:
            break
        low, high = high, 2 * high
    for _ in range(20):
        middle = (low + high) / 2
        if float((cut(middle) * gradient).sum()) < needed:
            low = middle
        else:
            high = middle
    return cut(high)


def _score_and_gradient(model, images, score):
    """The sum of score(logits) over images, and its gradient, shaped as the images."""
    x = chainer.Variable(images)
    with chainer.using_config("train", False), chainer.using_config("enable_backprop", True):
        total = F.sum(score(model(x)))
        (gradient,) = chainer.grad([total], [x])  # leaves the gradients of the parameters alone
    return float(total.array), gradient.array


def _length(x):
    return float((x ** 2).sum()) ** 0.5
