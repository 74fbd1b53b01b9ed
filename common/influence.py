"""What a pixel does: how much each pixel of an image adds to what a network says of it.

All methods compare with the black image. Most take f, a function that maps images
(images, pixels) to outputs (images,) or (images, nodes): logits_of makes one of a network, and any
other function will do. They return one number for each pixel and node, (pixels,) or
(pixels, nodes), in the units of the output.
"""
from collections import namedtuple

import chainer
import chainer.functions as F
import numpy as np

from common.backend import get_array_module, to_cpu
from common.models import logits
from common.networks import Activations, Network, ThreeLayerNet

BATCH = 128  # images that go through a Chainer model at once: a CNN's maps need memory
Shapley = namedtuple("Shapley", "values standard_error")


def pixel_influence(net, image):
    """Return what each pixel alone does to every node: one batch of images.

    net: a ThreeLayerNet. image: (pixels,), pixels from 0.0 to 1.0.
    A pixel's influence on a node is the node's value for a black image with
    this one pixel of `image` in it, less its value for the black image.
    Returns Activations(z1, z2, a3, z3), each (pixels, nodes). Raises
    ValueError for other shapes.
    """
    black, single = _black_and_single(image)
    return Activations(*(values - at_black for values, at_black in zip(
        net.activations(single), net.activations(black))))


def single_pixels(f, image):
    """Return what each pixel does alone on a black image: pixel_influence for any f.

    image: (pixels,). The values need not sum to f(image) - f(black).
    """
    black, single = _black_and_single(image)
    return _differences(f, single, black)


def occlusion(f, image, size=1):
    """Return how much the output falls when a pixel, or a square, turns black.

    image: (pixels,). size: side of the square, an odd number; above 1 the
    image must be square.
    With one pixel it is the mirror of single_pixels: the rest of the image is
    there. The values need not sum to f(image) - f(black). (Zeiler and Fergus
    2014, with grey squares)
    """
    image = _check_image(image)
    xp = get_array_module(image)
    if size < 1 or size % 2 == 0:
        raise ValueError("The side of the square must be an odd number, not "
                         f"{size}.")
    covered = xp.eye(len(image), dtype=bool)
    if size > 1:
        side = round(len(image) ** 0.5)
        if side * side != len(image):
            raise ValueError("Squares need a square image, but it has "
                             f"{len(image)} pixels.")
        row, column = xp.divmod(xp.arange(len(image)), side)
        covered = ((abs(row[:, None] - row) <= size // 2)
                   & (abs(column[:, None] - column) <= size // 2))
    falls = _differences(f, xp.where(covered, 0, image), image[None])
    return 0 - falls  # 0 - 0 is not -0


def integrated_gradients(gradient, image, steps=128):
    """Return the pixels times the mean gradient on the way there from black.

    gradient: maps images (images, pixels) to the gradient of one output for
    each pixel, of the same shape, as gradient_of does. image: (pixels,).
    steps: images on the straight way. They lie closer together near black,
    where the units of a ReLU network switch. Returns (pixels,).
    As steps grow the sum comes to f(image) - f(black), which is called
    completeness. (Sundararajan, Taly and Yan 2017)
    """
    image = _check_image(image)
    if steps < 1:
        raise ValueError(f"At least one step is needed, not {steps}.")
    xp = get_array_module(image)
    u = (xp.arange(steps, dtype=image.dtype)[:, None] + 0.5) / steps
    total = 0
    for start in range(0, steps, BATCH):
        part = u[start:start + BATCH]
        # At brightness u² the steps are 2u wide, in units of 1 / steps.
        total = total + (2 * part * gradient(part ** 2 * image)).sum(axis=0)
    return image * total / steps


def shapley_sampling(f, image, permutations=100, seed=0):
    """Return estimates of the pixels' Shapley values, and standard errors.

    A pixel's Shapley value is what it adds to the output when the pixels of
    the image join a black one in random order, averaged over all orders. Here
    so many orders are drawn with seed.
    The values sum to f(image) - f(black) in each order, but for rounding.
    Pixels that are black add nothing and are left out. image: (pixels,). Costs
    an image for each order and pixel.
    Returns Shapley(values, standard_error), each (pixels,) or (pixels, nodes).
    (Castro, Gómez and Tejada 2009; Štrumbelj and Kononenko 2010)
    """
    image = _check_image(image)
    if permutations < 2:
        raise ValueError("A standard error needs at least 2 permutations, not "
                         f"{permutations}.")
    xp, rng = get_array_module(image), np.random.default_rng(seed)
    lit = np.flatnonzero(to_cpu(image))
    # Row k: the first k have joined.
    joined = xp.tri(len(lit) + 1, len(lit), -1, dtype=image.dtype)
    total = squares = 0
    for _ in range(permutations):
        order = rng.permutation(lit)
        images = xp.zeros((len(lit) + 1, len(image)), image.dtype)
        images[:, order] = joined * image[order]
        values = f(images)
        zeros = get_array_module(values).zeros
        gains = zeros((len(image), *values.shape[1:]))  # float64
        gains[order] = values[1:] - values[:-1]
        total, squares = total + gains, squares + gains ** 2
    mean = total / permutations
    variance = (squares - permutations * mean ** 2).clip(0)
    variance /= permutations - 1
    return Shapley(mean, (variance / permutations) ** 0.5)


def logits_of(model):
    """Return a function from images (images, pixels) to a network's logits (images, nodes).

    model: a network of common.networks or a Chainer model; its dropout is off. The images go to
    where the model is, CPU or GPU, and the results come back.
    """
    if isinstance(model, ThreeLayerNet):
        return lambda images: _back(model.activations(images).a3, images)
    if isinstance(model, Network):
        return lambda images: _back(model.logits(images.reshape(-1, *model.input_shape)), images)
    _check_chainer(model)
    return lambda images: _back(logits(model, images, BATCH), images)


def gradient_of(model, node):
    """Return a function from images to the gradient of one logit for each pixel.

    model: as for logits_of. node: which logit, such as the digit. The function maps
    (images, pixels) to the same shape.
    """
    if isinstance(model, ThreeLayerNet):
        return lambda images: _back(_three_layer_gradient(model, images, node), images)
    if isinstance(model, Network):
        return lambda images: _back(model.input_gradient(images, node), images)
    _check_chainer(model)

    def gradient(images):
        with chainer.using_config("train", False):
            x = chainer.Variable(model.device.send(images))
            # The images of a batch do not touch each other: one sum holds all their gradients.
            result, = chainer.grad([F.sum(model(x)[:, node])], [x])
        return _back(result.array, images)

    return gradient


def _three_layer_gradient(net, images, node):
    z1, z2, _, _ = net.activations(images)
    W1, W2, W3 = (net.params[name] for name in ("W1", "W2", "W3"))
    gradient = W3[:, node] * z2 * (1 - z2)
    gradient = gradient @ W2.T * z1 * (1 - z1)
    return gradient @ W1.T


def _differences(f, images, start):
    """f(images) - f(start), asked only where an image differs from start, which is (1, pixels)."""
    changed = (images != start).any(axis=1)
    before = f(start)
    after = before.repeat(len(images), axis=0)
    if changed.any():
        after[changed] = f(images[changed])
    return after - before


def _back(array, images):
    """The array where the images are, CPU or GPU."""
    return to_cpu(array) if get_array_module(images) is np else array


def _black_and_single(image):
    """A black image, (1, pixels), and one image for each pixel, black but for it."""
    image = _check_image(image)
    return image[None] * 0, get_array_module(image).diag(image)


def _check_image(image):
    image = get_array_module(image).asarray(image)
    if image.ndim != 1 or image.dtype.kind != "f":
        raise ValueError("One image as a row of floats, (784,), is needed, but this one is "
                         f"{image.dtype} of shape {image.shape}.")
    return image


def _check_chainer(model):
    if not isinstance(model, chainer.Link):
        raise TypeError("The model must be a network of common.networks or a Chainer model, not "
                        f"{type(model).__name__}.")
