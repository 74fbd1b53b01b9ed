"""One look for every picture: palette, style, and alternative text."""
import io

import matplotlib.pyplot as plt
import matplotlib_fontja  # noqa: F401  registers a Japanese font
from matplotlib.figure import Figure
from PIL import Image

# The same colour for the same thing in every chapter, deck and page. Colour-blind readers
# can tell them apart, and text in them is readable on white (contrast of 4.5 or better).
COLORS = {
    "input": "#0072b2",       # blue
    "weight": "#6a3d9a",      # purple
    "activation": "#946200",  # dark yellow
    "output": "#007a5a",      # green
    "right": "#005f73",       # teal
    "wrong": "#bb3e03",       # rust
    "neutral": "#5f6b73",     # grey
}

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


def use_style():
    """Set the style of the course for every figure that is drawn from now on."""
    plt.rcParams.update(STYLE)


def describe(fig, text):
    """Give a figure its alternative text, and return it for display.

    text: what the picture shows, for a reader who cannot see it.
    The figure is closed in pyplot, so that a notebook shows it once.
    """
    fig.alternative_text = text
    plt.close(fig)
    return fig


def show_figures_in_notebook(shell):
    """Let notebooks show figures sharp on any screen, with their alternative text.

    shell: the running IPython.
    """
    if shell.has_trait("kernel"):
        shell.enable_matplotlib("inline")  # now, or it would replace what follows later
    formatters = shell.display_formatter.formatters
    formatters["image/png"].for_type(Figure, to_png)
    formatters["text/plain"].for_type(Figure, lambda fig, printer, _: printer.text(_text(fig)))


def to_png(fig):
    """Return a figure as PNG (bytes), and what a page needs to know of it (dict)."""
    drawn, png = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", dpi=2 * fig.dpi, bbox_inches="tight")  # twice as sharp
    image = Image.open(drawn).convert("RGB")
    # 256 colours are plenty for lines and grey digits, and a third of the size.
    small = image.quantize(256, kmeans=1, dither=Image.Dither.NONE)
    small.save(png, format="png", optimize=True)
    return png.getvalue(), {"width": image.width // 2, "height": image.height // 2,
                            "alt": _text(fig)}


def _text(fig):
    return getattr(fig, "alternative_text", "A figure without a description.")
