"""What the pictures of filters, of im2col and of a CNN's shapes show."""
import numpy as np
import pytest
from contrary import Contrary

from common.convolution import im2col
from common.figures import filters as draw

IMAGE = np.array([[4, 9, 3, 1], [6, 8, 0, 2], [7, 5, 8, 4], [1, 8, 2, 9]])
KERNEL = np.array([[4, 3, -2], [-7, 1, 3], [2, 0, -3]])
RNG = np.random.default_rng(0)

CONTRARY = {
    draw.responses: Contrary(
        ([np.zeros((2, 2))], [np.full((1, 1), -4.0)], ["nothing"]),
        says=("1 kernel as", "nothing: from −4.0 to −4.0")),
    draw.shifted: Contrary(
        ([IMAGE / 9, IMAGE / 9], [np.eye(3), -np.eye(3)], ["one", "two"]),
        says=("one: row 0, column 0; two: row 0, column 1",), never=("same", "moved")),
    draw.as_product: Contrary(
        (np.array([[-3]]), np.array([[2]])),
        says=("an image of 1×1", "fold into 1×1", "Window 1 is marked", "its number is −6")),
    draw.shapes: Contrary(
        ([("input", (1, 5, 5)), ("out", (2,))],), says=("input (1, 5, 5), then out (2,).",),
        never=("pool",)),
    draw.before_and_after: Contrary(
        (np.full((1, 1, 2, 2), -1.0), np.full((1, 1, 2, 2), -1.0)),
        says=("1 filter of 2×2", "Before, the weights lie between −1.00 and −1.00; after, between "
              "−1.00 and −1.00"), never=("grown", "larger")),
    draw.learning_curve: Contrary(
        ([1.0, 2.0, 3.0, 4.0],), says=("It goes from 1.00 to a mean of 4.00",), never=("falls",)),
}


def shown(axes):
    return np.asarray(axes.images[0].get_array())


def texts(axes):
    return [text.get_text() for text in axes.texts]


def number(text):
    return int(text.replace("−", "-"))


def test_responses_draw_kernels_above_outputs():
    outputs = [RNG.normal(size=(5, 5)), 3 * RNG.normal(size=(5, 5))]
    fig = draw.responses([KERNEL, KERNEL.T], outputs, ["one", "two"])
    above, below = fig.axes[:2], fig.axes[2:4]
    np.testing.assert_array_equal(shown(above[0]), KERNEL)
    assert [number(text) for text in texts(above[1])] == list(KERNEL.T.ravel())
    for axes, output in zip(below, outputs):
        np.testing.assert_array_equal(shown(axes), output)
        largest = abs(output).max()
        assert axes.images[0].get_clim() == (-largest, largest)
    assert [axes.get_title() for axes in above] == ["one", "two"]
    assert "2 kernels" in fig.alternative_text


def test_shifted_marks_the_largest_number():
    image = np.zeros((6, 6))
    output = np.zeros((6, 6))
    output[2, 3], output[0, 1] = 5, -9  # the strongest no is no yes
    fig = draw.shifted([image, image], [output, np.roll(output, 2, axis=0)], ["here", "there"])
    np.testing.assert_array_equal(shown(fig.axes[3]), np.roll(output, 2, axis=0))
    assert fig.axes[2].get_title() == "largest at\n(2, 3)"
    np.testing.assert_array_equal(fig.axes[3].lines[0].get_xydata(), [[3, 4]])
    assert "there: row 4, column 3" in fig.alternative_text


def test_as_product_writes_the_columns_of_im2col():
    fig = draw.as_product(IMAGE, KERNEL, place=2)
    cells = [text for text in texts(fig.axes[0]) if text.lstrip("−").isdigit()]
    col = im2col(IMAGE[None, None], 3, 3)[0]
    expected = [*IMAGE.ravel(), *KERNEL.ravel(), *col.ravel(), -7, -9, 24, 2, -7, -9, 24, 2]
    assert [number(text) for text in cells] == expected
    frame = [patch for patch in fig.axes[0].patches if patch.get_linewidth() == 3]
    assert len(frame) == 1 and frame[0].get_y() == 1
    assert "Window 3 is marked" in fig.alternative_text and "is 24." in fig.alternative_text
    assert "4 windows stand side by side as columns of 9" in fig.alternative_text


def test_shapes_names_every_layer():
    steps = [("image", (1, 28, 28)), ("convolution", (30, 24, 24)), ("dense", (10,))]
    fig = draw.shapes(steps)
    names = [text for text in texts(fig.axes[0]) if text]
    assert names == ["image\n(1, 28, 28)", "convolution\n(30, 24, 24)", "dense\n(10,)"]
    assert "image (1, 28, 28), then convolution (30, 24, 24), then dense (10,)" \
        in fig.alternative_text


def test_filters_before_and_after_are_all_drawn():
    before = RNG.normal(0, 0.01, (12, 1, 5, 5))
    after = RNG.normal(0, 0.2, (12, 1, 5, 5))
    fig = draw.before_and_after(before, after, columns=6)
    drawn = [axes for axes in fig.axes if axes.images]
    assert len(drawn) == 24
    np.testing.assert_array_equal([shown(axes) for axes in drawn],
                                  np.concatenate([before, after])[:, 0])
    for axes, image in zip(drawn, np.concatenate([before, after])):
        assert axes.images[0].get_clim() == (-abs(image).max(), abs(image).max())
    assert "12 filters of 5×5" in fig.alternative_text
    assert f"{after.max():.2f}" in fig.alternative_text


def test_learning_curve_draws_each_loss_and_the_running_mean():
    losses = np.exp(-np.arange(200) / 50)
    fig = draw.learning_curve(losses, width=10)
    each, mean = fig.axes[0].lines
    np.testing.assert_allclose(each.get_ydata(), losses)
    assert mean.get_xdata()[0] == 10
    np.testing.assert_allclose(mean.get_ydata()[0], losses[:10].mean())
    assert fig.axes[0].get_yscale() == "log"
    assert "200 steps" in fig.alternative_text


@pytest.mark.parametrize("losses", [
    np.linspace(0.9, 0.3, 8), np.geomspace(2.3, 0.2, 120), np.geomspace(2.3, 0.004, 1650)])
def test_learning_curve_has_few_labels_and_whole_steps(losses):
    axes = draw.learning_curve(losses).axes[0]
    axes.figure.draw_without_rendering()
    low, high = axes.get_xlim()
    assert all(tick == int(tick) for tick in axes.get_xticks() if low <= tick <= high)
    assert not any(label.get_text() for label in axes.get_yticklabels(minor=True))
    low, high = axes.get_ylim()
    assert 1 <= sum(low <= tick <= high for tick in axes.get_yticks()) <= 8


def test_the_square_of_shifted_is_whole_at_the_border():
    image = np.zeros((4, 4))
    fig = draw.shifted([image], [np.eye(4)[::-1]], ["as it is"])
    assert not fig.axes[1].lines[0].get_clip_on()
