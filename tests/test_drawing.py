"""Drawings become images like MNIST's own."""
import numpy as np
import pytest
from PIL import Image

from common.course import CourseError
from common.drawing import area_average, preprocess
from common.drawing.preprocess import centre_of_mass
from dataset.mnist import load_mnist

RNG = np.random.default_rng(0)


def ink_box(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return rows[0], columns[0], rows[-1] + 1, columns[-1] + 1


def drawing(height=280, width=280):
    """A slanted bar with a foot, drawn as a pen would: float (height, width)."""
    image = np.zeros((height, width))
    for step in np.linspace(0, 1, 200):
        row, column = int(20 + step * (height - 60)), int(width * (0.6 - 0.2 * step))
        image[row:row + 12, column:column + 12] = 1
    image[height - 40:height - 28, width // 4:width // 2] = 0.5
    return image


@pytest.mark.parametrize("shape, size", [
    ((40, 40), (20, 20)), ((37, 53), (14, 20)), ((5, 3), (20, 12)), ((1, 1), (20, 20)),
    ((20, 9), (20, 9))])
def test_area_average_is_that_of_a_finer_grid(shape, size):
    image = RNG.random(shape)
    # Every pixel of both images is a whole number of cells of this grid.
    fine = np.kron(image, np.ones(size))
    cells = fine.reshape(size[0], shape[0], size[1], shape[1])
    np.testing.assert_allclose(area_average(image, *size), cells.mean(axis=(1, 3)), atol=1e-12)


def test_area_average_is_the_box_filter_of_pillow():
    image = RNG.random((120, 77)).astype(np.float32)
    pillow = np.asarray(Image.fromarray(image).resize((11, 20), Image.Resampling.BOX))
    np.testing.assert_allclose(area_average(image, 20, 11), pillow, atol=1e-6)


def test_an_image_of_mnist_stays_as_it_is():
    _, (x_test, _) = load_mnist(flatten=False)
    images = x_test[:, 0]
    moved = np.array([np.abs(preprocess(image) - image).max() for image in images])
    assert np.mean(moved < 1e-6) > 0.998


def test_where_it_is_drawn_does_not_matter():
    image = np.pad(drawing(100, 100), 60)
    prepared = preprocess(image)
    for shift in (-50, -7, 13, 40):
        for axis in (0, 1):
            np.testing.assert_allclose(preprocess(np.roll(image, shift, axis)), prepared, atol=1e-6)


def test_how_large_it_is_drawn_does_not_matter():
    image = drawing(140, 140)
    np.testing.assert_allclose(preprocess(np.kron(image, np.ones((3, 3)))), preprocess(image),
                               atol=1e-6)


@pytest.mark.parametrize("shape", [(280, 280), (600, 300), (150, 400)])
def test_it_fits_into_20_by_20_and_balances_in_the_middle(shape):
    image = drawing(*shape)
    prepared = preprocess(image)
    assert prepared.shape == (28, 28) and prepared.dtype == np.float32
    assert 0 <= prepared.min() and prepared.max() <= 1
    before, after = ink_box(image), ink_box(prepared)
    height, width = before[2] - before[0], before[3] - before[1]
    assert max(after[2] - after[0], after[3] - after[1]) == 20
    assert after[2] - after[0] == pytest.approx(20 * height / max(height, width), abs=0.51)
    assert after[3] - after[1] == pytest.approx(20 * width / max(height, width), abs=0.51)
    assert centre_of_mass(prepared) == pytest.approx((14, 14), abs=0.501)


def test_uint8_bool_and_float_give_the_same():
    image = drawing() > 0.7
    expected = preprocess(image)
    for same in (image.astype(np.uint8) * 255, image.astype(np.float32), image.astype(int) * 255,
                 image.tolist()):
        np.testing.assert_array_equal(preprocess(same), expected)
    half = np.full((30, 30), 51, dtype=np.uint8)
    assert preprocess(half).max() == pytest.approx(0.2)


def test_the_image_given_is_left_alone():
    image = drawing()
    copy = image.copy()
    preprocess(image)
    np.testing.assert_array_equal(image, copy)


def test_nothing_drawn_is_black():
    for image in (np.zeros((28, 28)), np.zeros((1, 300), dtype=np.uint8)):
        assert not preprocess(image).any()


def test_a_dot_becomes_a_square():
    image = np.zeros((50, 50))
    image[49, 0] = 0.5
    prepared = preprocess(image)
    assert ink_box(prepared) == (4, 4, 24, 24) or ink_box(prepared) == (5, 5, 25, 25)
    assert set(np.unique(prepared)) == {0, 0.5}


def test_a_line_keeps_its_shape():
    image = np.zeros((280, 280))
    image[10:270, 139:141] = 1  # thinner than a pixel of the result
    top, left, bottom, right = ink_box(preprocess(image))
    assert (bottom - top, right - left) == (20, 1)


def test_nothing_is_cut_off_where_all_weight_is_at_one_end():
    image = np.zeros((200, 200))
    image[0:20, :] = 1
    image[20:200, 0] = 0.001
    top, _, bottom, _ = ink_box(preprocess(image))
    assert bottom - top == 20 and bottom <= 28


@pytest.mark.parametrize("image, sentence", [
    (np.zeros((28, 28, 3)), r"shape \(height, width\).*\(28, 28, 3\)"),
    (np.zeros(784), r"\(784,\)"),
    (np.zeros((0, 5)), r"\(0, 5\)"),
    (None, "shape"),
    ([[1, 2], [3]], "differ in length"),
    (np.full((28, 28), np.nan), "not finite"),
    (np.full((28, 28), -0.1), "from -0.1 to -0.1"),
    (np.full((28, 28), 200.0), "from 200 to 200"),
    (np.full((28, 28), 300), "0 to 255"),
    (np.full((2, 2), "ink"), "holds numbers"),
    (np.full((2, 2), 1j), "holds numbers")])
def test_what_is_no_image_gets_a_sentence(image, sentence):
    with pytest.raises(CourseError, match=sentence):
        preprocess(image)
