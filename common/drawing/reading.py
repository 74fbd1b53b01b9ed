"""What networks read in a drawing, as it is and prepared; and drawings as PNG files."""
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from common.drawing.preprocess import SIZE, area_average, as_grey, preprocess
from common.errors import CourseError
from common.ideas import read

SIDE = 280  # pixels of a drawing, as in sheet.js


class Reading(NamedTuple):
    """A drawing, float64 (height, width), its two images, float32 (28, 28), and the answers.

    answers: dict by the models' names of float32 (2, 10): the probabilities of the ten digits,
    first for the raw image, then for the prepared one.
    """

    drawing: np.ndarray
    raw: np.ndarray
    prepared: np.ndarray
    answers: dict


def read_drawing(drawing, models):
    """Return the Reading of a drawing.

    drawing: a grey image of any size, as preprocess takes it. models: dict of names to Chainer
    models that map (images, 784) to ten logits. Raises CourseError as preprocess does.
    """
    drawing = as_grey(drawing)
    images = np.stack([shrink(drawing), preprocess(drawing)])
    batch = images.reshape(2, SIZE * SIZE)
    return Reading(drawing, *images, {name: read(model, batch)[1]
                                      for name, model in models.items()})


def shrink(drawing, side=SIZE):
    """Return a grey image as float32 (side, side), black added where it is not square."""
    drawing = as_grey(drawing)
    height, width = drawing.shape
    above, before = (max(height, width) - height) // 2, (max(height, width) - width) // 2
    square = np.zeros((max(height, width),) * 2)
    square[above:above + height, before:before + width] = drawing
    return area_average(square, side, side).astype(np.float32)


def load_png(path):
    """Return a picture file as uint8 (height, width), bright ink on black.

    Colours become grey. A picture that is mostly bright is dark ink on paper, and is turned round.
    Raises CourseError where there is no such file, or none that can be read.
    """
    try:
        with Image.open(path) as picture:
            seen = Image.new("RGBA", picture.size, "black")
            seen.alpha_composite(picture.convert("RGBA"))
            grey = np.asarray(seen.convert("L"))
    except UnidentifiedImageError:
        raise CourseError(f"{path} is no picture that can be read; PNG files are.") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        why = getattr(error, "strerror", None) or error
        raise CourseError(f"{path} cannot be read: {why}.") from None
    return 255 - grey if grey.mean() > 127.5 else grey


def save_png(drawing, path):
    """Save a grey image as a PNG file; return its Path. Raises CourseError where that fails."""
    grey, path = np.rint(255 * as_grey(drawing)).astype(np.uint8), Path(path)
    try:
        Image.fromarray(grey).save(path, format="PNG")
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror or error}.") from None
    return path
