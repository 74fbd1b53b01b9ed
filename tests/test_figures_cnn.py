"""What the pictures of a unit, of dropout, of normalisation and of filters show."""
import chainer
import chainer.functions as F
import numpy as np
import pytest
from contrary import Contrary

from common.figures import cnn as draw

IMAGE = np.array([[4, 9, 3, 1], [6, 8, 0, 2], [7, 5, 8, 4], [1, 8, 2, 9]])
KERNEL = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
RNG = np.random.default_rng(0)

CONTRARY = {
    draw.unit: Contrary(
        (np.ones((2, 2), int), np.ones((1, 1), int)),
        says=("no negative number, so that ReLU changes nothing", "max pooling (1, 1, 1, 1): 1"),
        never=("shaded",)),
    draw.dropout: Contrary(
        (np.ones((1, 1), bool), 0.5), says=("A layer of 1 node ", "step 1: 0 of 1 dropped."),
        never=("numbers",)),
    draw.channels: Contrary(
        ({"flat": np.full((1, 2, 1, 1), -3.0)},),
        says=("flat: means from −3.00 to −3.00, standard deviations from 0.00 to 0.00",),
        never=("normalis",)),
    draw.filter_at_work: Contrary(
        (np.zeros((28, 28)), [np.full((1, 2), -1.0)], ["nothing\nleft"]),
        says=("image, 28×28, from 0.00 to 0.00", "nothing left, 1×2, from −1.00 to −1.00")),
    draw.receptive_field: Contrary(
        ([1],), says=("1 convolution with kernels of 1.", "image: 1; convolution 1: 1")),
    draw.compare: Contrary(
        ({"small": (5, 7)}, [("errors", "{:.1f}"), ("layers", "{:g}")]),
        says=("1 model.", "small: errors 5.0, layers 7"),
        never=("fewer", "more")),
}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def numbers(axes):
    """The numbers in the cells of tables, in the order in which they were drawn."""
    written = [text.replace("−", "-") for text in texts(axes)]
    return [int(text) for text in written if text.lstrip("-").isdigit()]


def test_unit_draws_what_chainer_computes():
    fig = draw.unit(IMAGE, KERNEL)
    x, W = (array[None, None].astype(np.float32) for array in (IMAGE, KERNEL))
    convolved = F.convolution_2d(x, W, pad=1)
    active = F.relu(convolved)
    pooled = F.max_pooling_2d(active, 2)
    steps = [IMAGE, KERNEL, convolved.array, active.array, pooled.array]
    assert numbers(fig.axes[0]) == [int(value) for step in steps for value in step.ravel()]
    assert {"(1, 1, 4, 4)", "(1, 1, 3, 3)", "(1, 1, 2, 2)"} <= set(texts(fig.axes[0]))
    assert "max pooling (1, 1, 2, 2): 14 10; 0 9." in fig.alternative_text


def test_unit_shades_the_negative_numbers():
    fig = draw.unit(IMAGE, KERNEL)
    shaded = [patch for patch in fig.axes[0].patches
              if tuple(np.round(patch.get_facecolor()[:3], 2)) == (0.99, 0.94, 0.84)]
    x, W = (array[None, None].astype(np.float32) for array in (IMAGE, KERNEL))
    assert len(shaded) == (F.convolution_2d(x, W, pad=1).array < 0).sum()


def test_dropout_joins_only_the_nodes_that_are_left():
    kept = np.array([[True, False, True, True], [False, False, True, True]])
    fig = draw.dropout(kept, share=0.5)
    for axes, alive in zip(fig.axes, [*kept, np.ones(4, bool)], strict=True):
        joins = [line for line in axes.lines if len(line.get_xdata()) == 2]
        assert {line.get_ydata()[0] for line in joins} == set(np.flatnonzero(alive))
        assert len(joins) == 6 * alive.sum()
        crosses = [line.get_ydata()[0] for line in axes.lines if line.get_marker() == "x"]
        assert crosses == list(np.flatnonzero(~alive))
    assert [texts(axes) for axes in fig.axes] == [["× 2.00"], ["× 2.00"], ["× 1"]]
    assert "step 2: 2 of 4 dropped, numbers 1, 2" in fig.alternative_text


def test_channels_draw_mean_and_standard_deviation():
    values = RNG.normal([[[[3]], [[-1]]]], [[[[2]], [[0.5]]]], (50, 2, 4, 4))
    fig = draw.channels({"before": values, "after": values * 0})
    dots, _, [bars] = fig.axes[0].containers[0]
    np.testing.assert_allclose(dots.get_ydata(), values.mean(axis=(0, 2, 3)))
    for segment, mean, spread in zip(bars.get_segments(), values.mean(axis=(0, 2, 3)),
                                     values.std(axis=(0, 2, 3))):
        np.testing.assert_allclose(segment[:, 1], [mean - spread, mean + spread])
    assert fig.axes[1].get_title() == "after"
    assert "after: means from 0.00 to 0.00" in fig.alternative_text


def test_filter_at_work_centres_signed_maps_on_white():
    image, signed, positive = RNG.random((28, 28)), RNG.normal(size=(5, 5)), RNG.random((14, 14))
    fig = draw.filter_at_work(image, [signed, positive], ["filter", "pooling"], "Filter 2")
    for axes, picture in zip(fig.axes, [image, signed, positive], strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), picture)
    largest = abs(signed).max()
    assert fig.axes[1].images[0].get_clim() == (-largest, largest)
    assert fig.axes[2].images[0].get_clim() == (0, positive.max())
    assert fig.alternative_text.startswith("Filter 2, stage by stage")
    assert "pooling, 14×14" in fig.alternative_text


@pytest.mark.parametrize("sizes, seen", [([3, 3, 3, 3], [9, 7, 5, 3, 1]), ([5, 3], [7, 3, 1])])
def test_receptive_field_marks_what_an_output_depends_on(sizes, seen):
    fig = draw.receptive_field(sizes)
    marked = [patch for patch in fig.axes[0].patches if patch.get_linewidth() == 2]
    rows = {}
    for patch in marked:
        rows.setdefault(patch.get_y(), []).append(patch.get_x())
    assert [len(rows[y]) for y in sorted(rows)] == seen
    assert all(len(set(np.diff(sorted(row)))) <= 1 for row in rows.values())  # without a gap
    # Chainer agrees: so many pixels of the image have a gradient.
    h = x = chainer.Variable(np.ones((1, 1, 1, 20), np.float32))
    for size in sizes:
        h = F.convolution_2d(h, np.ones((1, 1, 1, size), np.float32))
    h[0, 0, 0, 2].backward()
    assert np.count_nonzero(x.grad) == seen[0]
    assert f"image: {seen[0]};" in fig.alternative_text


def test_compare_draws_a_bar_for_each_model_and_quantity():
    rows = {"MLP": (1_238_730, 0.3), "CNN": (3_274_634, 4.5)}
    fig = draw.compare(rows, [("parameters", "{:,.0f}"), ("ms", "{:.1f}")])
    for k, axes in enumerate(fig.axes):
        np.testing.assert_allclose([bar.get_width() for bar in axes.patches],
                                   [row[k] for row in rows.values()])
    assert texts(fig.axes[0]) == ["1,238,730", "3,274,634"]
    assert [axes.get_title() for axes in fig.axes] == ["parameters", "ms"]
    assert "CNN: parameters 3,274,634, ms 4.5." in fig.alternative_text
