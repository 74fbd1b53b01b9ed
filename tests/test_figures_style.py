"""How figures look and what a page is told of them."""
import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.colors import to_rgb
from PIL import Image
from traitlets.config import Config

from common.figures.style import COLORS, describe, show_figures_in_notebook, to_png, use_style
from common.tools.notebooks import picture_of


@pytest.fixture
def figure():
    fig, axes = plt.subplots(figsize=(4, 3))
    axes.plot([0, 1], [0, 1])
    return describe(fig, "A straight line from the lower left to the upper right.")


def test_describe_keeps_the_text_and_closes_the_figure(figure):
    assert figure.alternative_text.startswith("A straight line")
    assert figure.number not in plt.get_fignums()


def test_numbers_in_the_text_have_a_real_minus():
    assert describe(plt.figure(), "from -1 to 2-3").alternative_text == "from −1 to 2-3"


def test_png_is_twice_as_sharp_as_it_is_shown(figure):
    png, (width, height) = to_png(figure)
    image = Image.open(io.BytesIO(png))
    assert abs(image.width - 2 * width) <= 1 and abs(image.height - 2 * height) <= 1
    assert 300 < width < 500


def test_a_notebook_gets_the_picture_once_with_its_text(figure):
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    show_figures_in_notebook(shell)
    figure.alternative_text = 'from "a" & <b>\nto c'
    data, _ = shell.display_formatter.format(figure)
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == figure.alternative_text
    picture = picture_of({"data": data})
    png, size = to_png(figure)
    assert picture["alt"] == figure.alternative_text
    assert picture["source"] == "data:image/png;base64," + base64.b64encode(png).decode()
    assert (int(picture["width"]), int(picture["height"])) == size


def luminance(color):
    """Relative luminance of WCAG 2.2."""
    channels = np.array(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("name", COLORS)
def test_text_in_every_colour_is_readable_on_white(name):
    assert 1.05 / (luminance(COLORS[name]) + 0.05) >= 4.5


def test_style_has_a_font_for_japanese():
    from matplotlib.font_manager import FontProperties, get_font
    from matplotlib.font_manager import fontManager as manager

    use_style()
    fonts = [get_font(manager.findfont(FontProperties(family=name))) for name in
             plt.rcParams["font.family"]]
    for letter in "活性化関数あア":
        assert any(font.get_char_index(ord(letter)) for font in fonts)
