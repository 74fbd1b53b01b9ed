"""Moving pictures: frames of one size, once, with what they show in words."""
import io

import matplotlib.pyplot as plt
import pytest
from PIL import Image

from common.figures import style
from common.figures.moving import frames


def draw(k):
    fig, axes = plt.subplots(figsize=(2 + k / 10, 2))
    axes.plot([0, 1], [0, k])
    return style.describe(fig, f"A line that climbs to {k}.")


def test_a_figure_for_each_value_on_one_canvas_and_it_comes_to_rest():
    style.use_style()
    open_before = plt.get_fignums()
    moving = frames(draw, k=range(1, 5))
    image = Image.open(io.BytesIO(moving.gif))
    assert image.n_frames == 4 and "loop" not in image.info
    assert 4 * image.info["duration"] <= 5000
    assert (image.width // 2, image.height // 2) == moving.size
    assert repr(moving) == ("A moving picture: k from 1 to 4. At the end: A line that climbs "
                            "to 4.")
    assert image.info["comment"].startswith(b"Letters: ")
    html = moving._repr_mimebundle_()["text/html"]
    assert html.startswith('<img src="data:image/gif;base64,') and "climbs to 4." in html
    assert plt.get_fignums() == open_before


def test_a_deck_makes_frames_with_a_control_of_it():
    from pathlib import Path

    from slides.contained import contain

    html = contain(frames(draw, k=[1, 2, 3])._repr_mimebundle_()["text/html"], Path("slides"))
    assert html.count("<img") == 3 and 'class="frames"' in html and "data-letters" in html


def test_one_argument_moves():
    with pytest.raises(ValueError, match="one argument"):
        frames(draw, k=[1], w=[2])
    with pytest.raises(ValueError, match="no value for k"):
        frames(draw, k=[])
