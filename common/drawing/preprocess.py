"""From a drawing of any size to an image as MNIST's authors made theirs."""
import numpy as np

from common.backend import to_cpu
from common.course import CourseError
from common.language import _

BOX, SIZE, CENTRE = 20, 28, 14


def preprocess(image):
    """Return a drawn digit prepared as MNIST's were.

    The result is float32 (28, 28), from 0.0 to 1.0.

    image: a grey image (height, width) of any size, bright ink on black:
    whole numbers from 0 to 255, or other numbers from 0.0 to 1.0. What is
    above 0 is ink.

    The box around the ink is made larger or smaller until its longer side has
    20 pixels; each new pixel is the mean of the area it covers. Then it is
    moved by whole pixels, so that its centre of mass comes nearest to pixel
    (14, 14) of the 28×28. (LeCun and others, 1998; a measurement of MNIST's
    images gave the pixel and that it is whole ones.) Nothing is cut off.
    An image without ink gives a black one, a single pixel a square of 20×20.
    Raises CourseError for what is no such image.
    """
    image = as_grey(image)
    prepared = np.zeros((SIZE, SIZE), dtype=np.float32)
    if image.any():
        box = image[ink_box(image)]
        small = area_average(box, *fitted(box.shape))
        top, left = place(small)
        height, width = small.shape
        prepared[top:top + height, left:left + width] = small
    return prepared


def ink_box(image):
    """Return the smallest box with all ink of an image, as two slices: its rows, its columns."""
    return tuple(slice(inked[0], inked[-1] + 1)
                 for inked in map(np.flatnonzero, (image.any(axis=1), image.any(axis=0))))


def fitted(shape, side=BOX):
    """Return (height, width) scaled so that the longer becomes `side`, and the other at least 1."""
    longest = max(shape)
    # Halves go up, in whole numbers: round() of Python and of JavaScript differ there.
    return tuple(max(1, (2 * side * length + longest) // (2 * longest)) for length in shape)


def area_average(image, height, width):
    """Return an image (H, W) as float64 (height, width), each pixel a mean."""
    rows = overlaps(image.shape[0], height)
    columns = overlaps(image.shape[1], width)
    return rows @ image @ columns.T


def overlaps(pixels, cells):
    """The share of each of `cells` equal parts of a line that a pixel covers.

    Returns float64 (cells, pixels); every row sums to 1.
    """
    edges = (np.arange(cells + 1) * pixels / cells)[:, np.newaxis]
    begin, end = np.arange(pixels), np.arange(1, pixels + 1)
    covered = np.minimum(edges[1:], end) - np.maximum(edges[:-1], begin)
    return np.maximum(covered, 0) * cells / pixels


def centre_of_mass(image):
    """Return the (row, column) where an image with ink is in balance, weighed by brightness."""
    rows, columns = np.indices(image.shape)
    return (rows * image).sum() / image.sum(), (columns * image).sum() / image.sum()


def place(small):
    """Return the row and column of the 28×28 where the top left of a fitted image belongs."""
    # The tiny addend decides ties, as in symmetric drawings, alike on every machine.
    return tuple(min(max(int(np.floor(CENTRE - mass + 0.5 + 1e-6)), 0), SIZE - length)
                 for mass, length in zip(centre_of_mass(small), small.shape))


def as_grey(image):
    """Return a grey image as float64 from 0.0 to 1.0. Raises CourseError where it is none."""
    try:
        image = np.asarray(to_cpu(image))
    except ValueError:
        raise CourseError(_("The image's rows differ in length.")) from None
    if image.ndim != 2 or not image.size:
        raise CourseError(_("A grey image has the shape (height, width), but this one has "
                            "{shape}. A colour image becomes grey as image.mean(axis=2).").format(
                              shape=image.shape))
    if image.dtype.kind not in "buif":
        raise CourseError(_("An image holds numbers, but this one holds {dtype}.").format(
                              dtype=image.dtype))
    if not np.isfinite(image).all():
        raise CourseError(_("The image holds numbers that are not finite."))
    white = 255 if image.dtype.kind in "ui" else 1
    if image.min() < 0 or image.max() > white:
        raise CourseError(_("The image's numbers go from {low:g} to {high:g}; give whole numbers "
                            "from 0 to 255, or others from 0.0 to 1.0.").format(
                              low=image.min(), high=image.max()))
    return image.astype(np.float64) / white
