"""A pad to draw on in a notebook, while the networks read along."""
import anywidget
import numpy as np
import traitlets

from common.drawing.reading import SIDE, load_png, read_drawing, save_png, shrink
from common.drawing.style import DARK_NOTEBOOK, script, style
from common.language import language, words_of_the_page


class DigitPad(anywidget.AnyWidget):
    """A sheet for mouse, pen, finger or keys; beside it what a network gets, and what it answers.

    mlp, cnn: Chainer models that map (images, 784) to ten logits. Show the pad as the last line
    of a cell. `image` is the drawing, uint8 (280, 280); `reading` is what was read in it last.
    """

    _esm = script("pad.js")
    _css = style(DARK_NOTEBOOK, "drawing.css")
    # What the browser sends after each movement; what it is told to show; and what was read, with
    # the count of the drawing that it was read in. A browser takes two arrays of bytes for equal,
    # whatever they hold: so each has a count.
    drawing = traitlets.Dict({"count": 0, "grey": bytes(SIDE * SIDE)}).tag(sync=True)
    shown = traitlets.Dict({"count": 0, "grey": b""}).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)  # of the buttons, in the notebook's language

    def __init__(self, mlp, cnn):
        super().__init__(words=words_of_the_page(language()))
        self.models = {"mlp": mlp, "cnn": cnn}
        self._read()

    def __repr__(self):
        return "Run this cell to draw on the pad."

    @property
    def image(self):
        """The drawing, uint8 (280, 280), white ink on black; a copy."""
        return np.frombuffer(self.drawing["grey"], np.uint8).reshape(SIDE, SIDE).copy()

    def show(self, image):
        """Put a grey image of any size on the sheet. Raises CourseError as preprocess does."""
        grey = np.rint(255 * shrink(image, SIDE)).astype(np.uint8).tobytes()
        self.shown = {"count": self.shown["count"] + 1, "grey": grey}
        self.drawing = {"count": self.drawing["count"] + 1, "grey": grey}

    def clear(self):
        """Take everything off the sheet."""
        self.show(np.zeros((SIDE, SIDE)))

    def save(self, path):
        """Save the drawing as a PNG file; return its Path. Raises CourseError where it fails."""
        return save_png(self.image, path)

    def load(self, path):
        """Put a picture file on the sheet. Raises CourseError where it cannot be read."""
        self.show(load_png(path))

    @traitlets.validate("drawing")
    def _is_a_drawing(self, proposal):
        if len(proposal["value"]["grey"]) != SIDE * SIDE:
            raise traitlets.TraitError(f"A drawing has {SIDE * SIDE} bytes.")
        return proposal["value"]

    @traitlets.observe("drawing")
    def _read(self, change=None):
        self.reading = read_drawing(self.image, self.models)
        answers = {name: p.tolist() for name, p in self.reading.answers.items()}
        self.answer = {"count": self.answer.get("count", 0) + 1, **answers,
                       "drawing": self.drawing["count"],
                       "raw": self.reading.raw.tobytes(),
                       "prepared": self.reading.prepared.tobytes()}
