"""What the pictures of feature maps show."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import maps

IMAGE = np.arange(36, dtype=float).reshape(6, 6) / 36
WEIGHTS = np.array([[1.0, 0, -1], [0, 2, 0], [0.5, 0, 0]])
WINDOW = IMAGE[1:4, 2:5]
MAP = np.array([[-1.0, 0.25], [0.5, -3.0]])

CONTRARY = {
    maps.maps_in_boxes: Contrary(
        ([("image", np.zeros((1, 6, 6))), ("conv", np.full((3, 4, 4), 0.5)), ("out", np.ones(7))],),
        says=("conv (3, 4, 4), largest number 0.50", "out (7,), largest number 1.00", "3 steps"),
        never=("unit",)),
    maps.product_behind: Contrary(
        (MAP, (1, 1), -np.ones((2, 2)), np.ones((2, 2)), 1.0),
        says=("row 1, column 1, where it has −3.000", "sum to −4.000", "that is −3.000"),
        never=("5×5",)),
}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_maps_in_boxes_numbers_the_maps_and_names_the_shapes():
    fig = maps.maps_in_boxes([("image", IMAGE[None]), ("conv", np.stack([IMAGE, 2 * IMAGE])),
                              ("dense", np.arange(4.0))])
    names = [text for text in texts(fig.axes[0]) if "\n" in text]
    assert names == ["image\n(1, 6, 6)", "conv\n(2, 6, 6)", "dense\n(4,)"]
    assert len(fig.axes[0].images) == 4
    assert [text for text in texts(fig.axes[0]) if text in ("0", "1")] == ["0", "0", "1"]
    np.testing.assert_array_equal(fig.axes[0].images[2].get_array(), 2 * IMAGE)


def test_product_behind_shows_what_adds_up_to_the_number():
    fig = maps.product_behind(MAP, (0, 1), WINDOW, WEIGHTS, 0.1)
    shown = [panel.images[0].get_array() for panel in fig.axes]
    np.testing.assert_array_equal(shown[1], WINDOW)
    np.testing.assert_allclose(shown[3], WINDOW * WEIGHTS)
    total = (WINDOW * WEIGHTS).sum() + 0.1
    assert f"{total:.3f}" in fig.get_suptitle()
    np.testing.assert_array_equal(fig.axes[0].lines[0].get_xydata(), [[1, 0]])


@pytest.mark.parametrize("place", [(0, 0), (1, 1)])
def test_the_square_is_whole_at_the_border(place):
    fig = maps.product_behind(MAP, place, WINDOW, WEIGHTS, 0.1)
    assert not fig.axes[0].lines[0].get_clip_on()


def test_numbers_in_dark_cells_are_white():
    weights = np.array([[0.1, -2.0], [2.0, 0.0]])
    fig = maps.product_behind(MAP, (0, 0), np.array([[0, 1.0], [0.1, 0]]), weights, 0.0)
    colors = [[text.get_color() for text in panel.texts] for panel in fig.axes[1:3]]
    assert colors == [["white", "black", "white", "white"], ["black", "white", "white", "black"]]
