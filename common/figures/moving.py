"""A moving picture for decks, where the chapter has sliders: a page has no kernel to move them."""
import io
from collections.abc import Callable, Iterable

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from common.figures.style import image_html, to_png
from common.language import _


class Frames:
    """Figures one after the other, once; in a deck's page a control turns them over.

    alternative_text: of the last figure, and what moved before it.
    """

    def __init__(self, figures: list[Figure], alternative_text: str):
        self.alternative_text = alternative_text
        images = [Image.open(io.BytesIO(to_png(figure)[0])) for figure in figures]
        letters = min(float(image.info["Letters"]) for image in images)
        width, height = (max(image.size[side] for image in images) for side in (0, 1))
        self.size = width // 2, height // 2  # drawn twice as sharp
        frames = []
        for image in images:  # on one canvas, or the picture would jump
            frame = Image.new("RGB", (width, height), "white")
            frame.paste(image.convert("RGB"), ((width - image.width) // 2,
                                               (height - image.height) // 2))
            frames.append(frame.quantize(128, dither=Image.Dither.NONE))
        file = io.BytesIO()
        # Without `loop` it runs once: what moves for longer, a reader must be able to pause.
        frames[0].save(file, "gif", save_all=True, append_images=frames[1:],
                       duration=min(500, 5000 // len(frames)), comment=f"Letters: {letters:.1f}")
        self.gif = file.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": image_html(self.gif, "gif", self.alternative_text, *self.size),
                "text/plain": self.alternative_text}

    def __repr__(self):
        return self.alternative_text


def frames(draw: Callable[..., Figure], **values: Iterable) -> Frames:
    """Draw a figure for each value of one argument, as a moving picture.

    draw: returns a figure, as for common.notebook.play. values: one argument with its values, such
    as k=range(10). Raises ValueError where there is not one argument, or no value.
    """
    if len(values) != 1:
        raise ValueError("frames() moves one argument: frames(draw, k=range(10)).")
    (name, moved), = values.items()
    moved = list(moved)
    if not moved:
        raise ValueError(f"frames() has no value for {name}.")
    figures = [draw(**{name: value}) for value in moved]
    for figure in figures:
        plt.close(figure)
    last = getattr(figures[-1], "alternative_text", "")
    told = _("A moving picture: {name} from {first} to {last}.").format(
        name=name, first=moved[0], last=moved[-1])
    return Frames(figures, f"{told} {_('At the end:')} {last}" if last else told)
