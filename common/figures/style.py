"""One look for every picture: style and alternative text."""
import base64
import io
from html import escape

import matplotlib.pyplot as plt
import matplotlib_fontja  # noqa: F401  registers a Japanese font
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin

from common.figures.kit import minus
from common.figures.translation import in_sentences, in_words, translate_texts
from common.figures.wall import enlarge_letters, is_for_wall, smallest_letters
from common.language import _
from common.palette import COLORS

STYLE = {
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "font.size": 12,
    "font.family": ["DejaVu Sans", "IPAexGothic"],
    "axes.titlesize": 13,
    "axes.titleweight": "normal",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": plt.cycler(color=[COLORS[name] for name in (
        "input", "wrong", "output", "weight", "activation", "neutral")]),
    "grid.color": "#e3e6e8",
    "image.cmap": "gray",
    "image.interpolation": "nearest",
    "legend.frameon": False,
    "lines.linewidth": 2,
}
# On a slide with words or code beside it a picture may be shown no larger than on paper: then
# letters of this size are still those that the back row can read.
STYLE_FOR_WALL = {"font.size": 13.5, "axes.titlesize": 14.5}


def use_style():
    """Set the style of the course for every figure that is drawn from now on."""
    plt.rcParams.update(STYLE | (STYLE_FOR_WALL if is_for_wall() else {}))


def describe(fig, text, **lists):
    """Give a figure its alternative text, and return it for display.

    text: what the picture shows, for a reader who cannot see it, computed from what is drawn. Its
    numbers get a real minus sign, its sentences the language that is chosen.
    lists: labels that stand at {name} in the text, each translated by itself.
    The figure is closed in pyplot, so that a notebook shows it once.
    """
    text = in_sentences(minus(text))
    for name, labels in lists.items():
        said = ", ".join(in_words(minus(label.replace("\n", " "))) for label in labels)
        text = text.replace(f"{{{name}}}", said)
    fig.alternative_text = text
    plt.close(fig)
    return fig


def show_figures_in_notebook(shell):
    """Let notebooks show figures sharp on any screen, with their alternative text.

    A figure becomes HTML, an <img> with its text: JupyterLab, Notebook 7 and nbconvert show a
    bare image/png without one. So the picture is stored once, and not as image/png too.

    shell: the running IPython.
    """
    if shell.has_trait("kernel"):
        shell.enable_matplotlib("inline")  # now, or it would replace what follows later
    formatters = shell.display_formatter.formatters
    for formatter in formatters.values():
        formatter.pop(Figure, None)
    formatters["text/html"].for_type(Figure, to_html)
    formatters["text/plain"].for_type(Figure, lambda fig, printer, _: printer.text(_text(fig)))


def to_html(fig):
    """Return a figure as HTML: an image with its size and its alternative text.

    The figure keeps its size on the page, in pixels, as `shown_size`.
    """
    png, fig.shown_size = to_png(fig)
    return image_html(png, "png", _text(fig), *fig.shown_size)


def image_html(data, kind, text, width, height):
    """Return an image as HTML. data: bytes. kind: "png" or "gif". text: its alternative text.

    width, height: in pixels of the page.
    """
    return (f'<img src="data:image/{kind};base64,{base64.b64encode(data).decode()}" '
            f'width="{width}" height="{height}" alt="{escape(text)}">')


def to_png(fig):
    """Return a figure as PNG (bytes), and its width and height on a page, in pixels.

    The file says how large its smallest letters are, in pixels of the page; for a deck they are
    made large enough first.
    """
    translate_texts(fig)
    if is_for_wall():
        enlarge_letters(fig)
    drawn, png = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", dpi=2 * fig.dpi, bbox_inches="tight",  # twice as sharp
                pil_kwargs={"compress_level": 0})
    about = PngImagePlugin.PngInfo()  # after it is drawn: only then an axis knows its numbers
    about.add_text("Letters", f"{smallest_letters(fig) or 0:.1f}")
    image = Image.open(drawn).convert("RGB")
    # 256 colours are plenty for lines and grey digits, and a third of the size.
    small = image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(png, format="png", optimize=True, pnginfo=about)
    return png.getvalue(), (image.width // 2, image.height // 2)


def _text(fig):
    return getattr(fig, "alternative_text", _("A figure without a description."))
