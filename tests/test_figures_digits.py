"""What the pictures of images show."""
import io

import numpy as np
import pytest
from contrary import Contrary
from matplotlib.backends.backend_agg import FigureCanvasAgg

from common.figures import digits, use_style

RNG = np.random.default_rng(0)
IMAGES = RNG.random((6, 28, 28), dtype=np.float32)

CONTRARY = {
    digits.image_grid: Contrary(
        (np.zeros((1, 4)), ["a −1"]), {"right": [False]},
        says=("1 image of 2×2 pixels.", "0 of 1 are marked as right"), never=("digit", "28")),
    digits.pixel_table: Contrary(
        (np.zeros((28, 28), np.uint8),), {"side": 2},
        says=("4 numbers from 0 to 0", "4 are 0"), never=("brightest", "digit")),
    digits.flattening: Contrary(
        (np.zeros((1, 3), int),), says=("1 row and 3 columns", "Row 0 is framed"),
        never=("Rows",)),
}


def shown(fig):
    return [np.asarray(axes.images[0].get_array()) for axes in fig.axes]


def limits(fig):
    return [axes.images[0].get_clim() for axes in fig.axes]


@pytest.mark.parametrize("shape", [(6, 784), (6, 28, 28), (6, 1, 28, 28)])
def test_grid_takes_images_in_every_shape(shape):
    fig = digits.image_grid(IMAGES.reshape(shape))
    np.testing.assert_array_equal(shown(fig), IMAGES)


def test_grid_takes_a_list_and_images_that_are_not_square():
    tall = [np.zeros((4, 2)), np.ones((4, 2))]
    fig = digits.image_grid(tall)
    np.testing.assert_array_equal(shown(fig), tall)
    box = fig.axes[0].get_position()
    wide, high = fig.get_size_inches()
    assert np.isclose(box.height * high, 2 * box.width * wide)
    assert "4×2" in fig.alternative_text


@pytest.mark.parametrize("images", [
    np.zeros((28, 28)), np.zeros((2, 783)), np.zeros((2, 3, 28, 28)), np.zeros((0, 784)), []])
def test_grid_says_what_it_needs(images):
    with pytest.raises(ValueError, match=r"For one image pass image\[None\]"):
        digits.image_grid(images)


def test_grid_wants_a_title_for_each_image():
    with pytest.raises(ValueError, match="6 images but 2 titles"):
        digits.image_grid(IMAGES, ["a", "b"])
    with pytest.raises(ValueError, match="6 images but 1 right"):
        digits.image_grid(IMAGES, range(6), right=[True])
    with pytest.raises(ValueError, match='"each"'):
        digits.image_grid(IMAGES, limits="all")


@pytest.mark.parametrize("count, columns, expected", [
    (6, None, (1, 6)), (16, None, (4, 4)), (100, None, (10, 10)), (7, 3, (3, 3)), (2, 5, (1, 2))])
def test_grid_has_rows_and_columns(count, columns, expected):
    fig = digits.image_grid(np.zeros((count, 4)), columns=columns)
    places = np.round([axes.get_position().min for axes in fig.axes], 6)
    assert len(places) == count
    assert (len(set(places[:, 1])), len(set(places[:, 0]))) == expected
    assert places[0, 0] <= places[:, 0].min() and places[0, 1] >= places[:, 1].max()


@pytest.mark.parametrize("count, titles, heading", [
    (1, None, None), (10, ["two\nlines"] * 10, "heading"), (100, range(100), None)])
def test_grid_fits_a_page_and_nothing_overlaps(count, titles, heading):
    fig = digits.image_grid(np.zeros((count, 784)), titles, heading=heading)
    assert fig.get_size_inches()[0] <= 8
    renderer = FigureCanvasAgg(fig).get_renderer()
    boxes = [axes.get_window_extent(renderer) for axes in fig.axes]
    boxes += [axes.title.get_window_extent(renderer) for axes in fig.axes if titles]
    boxes += [text.get_window_extent(renderer) for text in fig.texts]
    assert all(fig.bbox.x0 <= box.x0 and box.x1 <= fig.bbox.x1 for box in boxes)
    assert all(fig.bbox.y0 <= box.y0 and box.y1 <= fig.bbox.y1 for box in boxes)
    for k, box in enumerate(boxes):
        assert box.count_overlaps(boxes[:k]) == 0


def test_grid_saves_without_a_warning(recwarn):
    use_style()
    for crop in (None, "tight"):  # a notebook without the course's setup crops
        digits.image_grid(IMAGES, heading="Six").savefig(io.BytesIO(), bbox_inches=crop)
    assert not recwarn.list


def test_titles_carry_a_mark_where_they_are_answers():
    fig = digits.image_grid(IMAGES[:2], [3, 8], right=[True, False])
    assert [axes.get_title() for axes in fig.axes] == ["3 ✓", "8 ✗"]
    assert "Titles: 3, 8. 1 of 2 are marked as right." in fig.alternative_text


def test_all_images_share_their_grey_values():
    dim = IMAGES * 0.1
    assert limits(digits.image_grid(dim)) == [(0, 1)] * 6
    assert limits(digits.image_grid((dim * 255).astype(np.uint8))) == [(0, 255)] * 6
    assert limits(digits.image_grid(IMAGES > 0.5)) == [(0, 1)] * 6
    signed = np.array([[-2.0, 0, 0, 0], [0, 0, 0, 3]])
    assert limits(digits.image_grid(signed)) == [(-2, 3)] * 2
    assert limits(digits.image_grid(signed, limits=(-3, 3), cmap="RdBu_r")) == [(-3, 3)] * 2
    assert limits(digits.image_grid(signed, limits="each")) == [(-2, 0), (0, 3)]


def test_alternative_text_of_a_grid():
    fig = digits.image_grid(IMAGES, range(6), columns=3, heading="Six")
    assert fig.alternative_text == (
        "Six. 6 images of 28×28 pixels in 2 rows of 3. Titles: 0, 1, 2, 3, 4, 5.")
    assert digits.image_grid(IMAGES, alt="Noise.").alternative_text == "Noise."
    assert digits.image_grid(IMAGES[:1]).alternative_text == "1 image of 28×28 pixels."


def test_pixel_table_writes_the_numbers_of_its_part():
    image = RNG.integers(0, 256, (1, 28, 28)).astype(np.uint8)
    fig = digits.pixel_table(image, top=3, left=5, side=4)
    whole, table = fig.axes
    part = image[0, 3:7, 5:9]
    np.testing.assert_array_equal(shown(fig)[0], image[0])
    np.testing.assert_array_equal(shown(fig)[1], part)
    assert [text.get_text() for text in table.texts] == [str(value) for value in part.ravel()]
    frame = whole.patches[0]
    assert frame.get_xy() == (4.5, 2.5) and frame.get_width() == 4
    assert f"16 numbers from {part.min()} to {part.max()}" in fig.alternative_text


@pytest.mark.parametrize("side, rows", [(4, [0, 1, 2, 3]), (28, [7, 12, 17, 22])])
def test_flattening_frames_the_same_pixels_in_both(side, rows):
    image = np.arange(side * side).reshape(side, side)
    fig = digits.flattening(image)
    square, strip = fig.axes
    np.testing.assert_array_equal(shown(fig)[1], image.reshape(1, -1))
    for row, above, below in zip(rows, square.patches, strip.patches, strict=True):
        start = int(below.get_x() + 0.5)
        assert above.get_y() == row - 0.5
        np.testing.assert_array_equal(
            image.ravel()[start:start + int(below.get_width())], image[row])
    numbers = [text.get_text() for text in square.texts if text.get_text().isdigit()]
    assert numbers == ([str(n) for n in range(16)] if side == 4 else [])


@pytest.mark.parametrize("columns", [2, 7, 8])
def test_titles_of_neighbours_do_not_touch(columns):
    titles = [f"truth {k}\nprediction {k}" for k in range(columns)]
    fig = digits.image_grid(np.zeros((columns, 784)), titles, columns, right=[True] * columns)
    renderer = FigureCanvasAgg(fig).get_renderer()
    boxes = [axes.title.get_window_extent(renderer) for axes in fig.axes]
    for left, right in zip(boxes, boxes[1:]):
        assert right.x0 - left.x1 > 3
    assert len({axes.title.get_fontsize() for axes in fig.axes}) == 1
    assert columns > 2 or fig.axes[0].title.get_fontsize() == 11
