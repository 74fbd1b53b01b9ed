"""Figures for the wall: on a slide their letters are large enough for the back row."""
from pathlib import Path

from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.text import Text

BACK_ROW = 18        # pixels on a slide of 1280×720
ROOM = (1152, 500)   # pixels that such a slide has for a picture below its heading
MOST = 1.7           # a slide shows a picture no larger than this, counted from its size on paper


def is_for_wall() -> bool:
    """Whether this process draws for a deck: its folder is slides/, as Jupyter has it."""
    return "slides" in Path.cwd().parts[-2:]


def grid(panels: int) -> tuple[int, int]:
    """Return the rows and columns in which so many panels stand, one to four.

    Four stand two by two on paper; a slide is wide, and has them in one row.
    """
    return (2, 2) if panels == 4 and not is_for_wall() else (1, panels)


def enlarge_letters(fig: Figure) -> None:
    """Make the letters of a figure so large that the back row can read them on a slide.

    Only those that are too small grow. The figure is drawn, since its size follows its letters.
    """
    for _ in range(8):  # as its letters grow a figure may grow, and a slide shows it smaller
        smallest = BACK_ROW / _scale(fig)
        if all(size >= smallest - 0.01 for _, size in _letters(fig)):
            return
        points = 1.05 * smallest * 72 / fig.dpi
        for axes in fig.axes:
            for axis in (axes.xaxis, axes.yaxis):
                if any(_pixels(label) < smallest for label in axis.get_ticklabels()):
                    axis.set_tick_params(labelsize=points)
        for text, size in _letters(fig):
            if size < smallest:
                text.set_fontsize(points)


def smallest_letters(fig: Figure) -> float | None:
    """Return the size of a figure's smallest letters in pixels of the page; None without any."""
    return min((size for _, size in _letters(fig)), default=None)


def _letters(fig):
    return [(text, _pixels(text)) for text in fig.findobj(Text)
            if text.get_visible() and text.get_text().strip() and text.get_alpha() != 0]


def _pixels(text):
    return text.get_fontsize() * text.figure.dpi / 72


def _scale(fig):
    """How much larger than on paper a slide shows a figure."""
    fig.draw_without_rendering()
    box, edge = fig.get_tightbbox(), 2 * rcParams["savefig.pad_inches"]
    return min(ROOM[0] / ((box.width + edge) * fig.dpi),
               ROOM[1] / ((box.height + edge) * fig.dpi), MOST)
