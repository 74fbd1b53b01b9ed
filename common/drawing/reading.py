"""What networks read in a drawing, as it is and prepared; and drawings as PNG files."""
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from common.course import CourseError, whole_file
from common.drawing.photo import ink_of
from common.drawing.preprocess import SIZE, area_average, as_grey, fitted, preprocess
from common.language import _
from common.models import predict

SIDE = 280  # pixels of a drawing, as in web/ink.js
ORIENTATION = 0x0112  # EXIF's number for how the camera was held
TURNS = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
         4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
         6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
         8: Image.Transpose.ROTATE_90}


class Reading(NamedTuple):
    """A drawing, float64 (height, width), its two images, float32 (28, 28), and the answers.

    answers: dict by the models' names of float32 (2, 10): the probabilities of the ten digits,
    first for the raw image, then for the prepared one. A drawing without ink has no answers: {}.
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
    if not drawing.any():
        models = {}
    return Reading(drawing, *images, {name: predict(model, batch)
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
    """Return a picture file of any kind as uint8 (height, width), bright ink on black.

    A drawing or a photograph, turned upright as its camera says (EXIF), and at most 280 pixels
    high and wide. On transparent ground the ink is what is not transparent. ink_of finds it on
    paper of any brightness; a picture without ink becomes black.
    Raises CourseError where there is no such file, or none that can be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # from 89 megapixels
            with Image.open(path) as picture:
                turn = TURNS.get(picture.getexif().get(ORIENTATION))
                grey, alpha = _grey_and_alpha(picture)
    except UnidentifiedImageError:
        raise CourseError(_("{path} is no picture that can be read; PNG and JPEG files are. Save "
                            "a phone's HEIC photograph as JPEG first.").format(path=path)) from None
    except Image.DecompressionBombError:
        raise CourseError(_("{path} has more than 178 megapixels; make it smaller.").format(
            path=path)) from None
    except (OSError, SyntaxError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise CourseError(_("{path} cannot be read: {why}.").format(path=path, why=why)) from None
    if turn is not None:
        grey, alpha = grey.transpose(turn), alpha and alpha.transpose(turn)
    return ink_of(_at_most_a_sheet(grey), alpha and _at_most_a_sheet(alpha))


def _grey_and_alpha(picture):
    """The picture in grey, and how opaque it is, or None where all of it is.

    Where it is transparent, its grey is darkened by as much: so both can be shrunk alike.
    """
    if picture.mode[0] in "IF":  # 16 bits, 32 bits or fractions
        numbers = np.nan_to_num(np.asarray(picture, np.float64))
        most = numbers.max()
        white = 65535 if most > 255 or picture.mode.startswith("I;16") else 255 if most > 1 else 1
        grey = np.clip(numbers * 255 / white, 0, 255)
        return Image.fromarray(grey.astype(np.uint8)), None
    if "transparency" not in picture.info and picture.mode not in ("RGBA", "LA", "PA", "RGBa"):
        return picture.convert("L"), None
    grey, alpha = picture.convert("RGBA").convert("LA").split()
    darkened = np.asarray(grey, np.float32) * np.asarray(alpha) / 255
    return Image.fromarray(np.rint(darkened).astype(np.uint8)), alpha


def _at_most_a_sheet(picture):
    """A grey picture as uint8 (height, width), shrunk until it fits on the sheet."""
    longest = max(picture.size)
    picture = picture.reduce(max(1, longest // SIDE))  # fast, by a whole number; then exactly
    if max(picture.size) <= SIDE:
        return np.asarray(picture)
    width, height = fitted(picture.size, SIDE)
    return np.rint(area_average(np.asarray(picture), height, width)).astype(np.uint8)


def save_png(drawing, path):
    """Save a grey image as a PNG file; return its Path. Raises CourseError where that fails."""
    grey, path = np.rint(255 * as_grey(drawing)).astype(np.uint8), Path(path)
    try:
        path.parent.stat()  # a folder that is not there is not made
        with whole_file(path) as file:
            Image.fromarray(grey).save(file, format="PNG")
    except OSError as error:
        raise CourseError(_("{path} cannot be written ({why}).").format(
            path=path, why=error.strerror or error)) from None
    return path
