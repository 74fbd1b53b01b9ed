"""What the pictures of chapter 14 show."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import generalisation as draw

KNOWN = np.array([-1.0, 0.0, 1.0]), np.array([-1.0, 0.0, 3.0])
NEW = np.array([0.5]), np.array([0.0])
LINE, PARABOLA = np.array([2.0, 0.0]), np.array([1.0, 2.0, 0.0])

CONTRARY = {
    draw.fits: Contrary(
        (KNOWN, NEW, {"line": LINE}), says=("3 known points", "1 new point as", "line: 0.667 on"),
        never=("parabola",)),
    draw.training_curves: Contrary(
        ([[0.1, 0.9, 0.1, 0.9]],),
        says=("against 1 epoch.", "loss, training: 0.100 after the first epoch, 0.100 after the"),
        never=("diamond", "falls")),
    draw.gaps: Contrary(({"odd": (0.2, 0.8)},), says=("odd: 0.200 and 0.800",), never=("worse",)),
    draw.luck: Contrary(
        ([0.5], [0.9], 0.1),
        says=("1 model around (0.1, 0.1)", "0.50 there, and 0.90 on the test")),
    draw.confused_pairs: Contrary(
        (np.eye(3, dtype=int),), says=("errors of 0. None.",), never=("read as",)),
    draw.dots: Contrary(
        ({"": {"a": [0.5], "b": [0.5]}},),
        says=("a: from 0.500 to 0.500, mean 0.500", "b: from 0.500 to 0.500"), never=("best",)),
}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_mean_error_is_the_mean_of_the_squares():
    assert draw.mean_error(LINE, *KNOWN) == pytest.approx((1 + 0 + 1) / 3)
    assert draw.mean_error(PARABOLA, *KNOWN) == 0


def test_fits_draw_each_curve_over_the_same_points():
    fig = draw.fits(KNOWN, NEW, {"line": LINE, "parabola": PARABOLA})
    for axes, coefficients in zip(fig.axes, (LINE, PARABOLA)):
        curve, known, new = axes.lines
        xs, ys = curve.get_data()
        assert (xs[0], xs[-1]) == (-1, 1)
        np.testing.assert_allclose(ys, np.polyval(coefficients, xs))
        np.testing.assert_array_equal(known.get_xydata(), np.c_[KNOWN])
        np.testing.assert_array_equal(new.get_xydata(), np.c_[NEW])
        assert known.get_marker() != new.get_marker()
    assert fig.axes[1].get_title() == "parabola\nknown 0.000, new 1.562"
    assert "3 known points" in fig.alternative_text
    assert "line: 0.667 on the known points, 1.000 on the new" in fig.alternative_text


LOG = np.array([[2.0, 0.3, 2.1, 0.2], [1.0, 0.8, 1.5, 0.6], [0.1, 1.0, 1.9, 0.5]])


def test_training_curves_pair_training_with_validation():
    fig = draw.training_curves(LOG)
    for axes, column in zip(fig.axes, (0, 1)):
        assert len(axes.lines) == 2
        np.testing.assert_array_equal(axes.lines[0].get_xydata(), np.c_[[1, 2, 3], LOG[:, column]])
        np.testing.assert_array_equal(axes.lines[1].get_ydata(), LOG[:, column + 2])
        assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()
        low, high = axes.get_ylim()
        assert low <= LOG[:, [column, column + 2]].min() and high >= LOG[:, column + 2].max()
    assert "diamond" not in fig.alternative_text
    assert "loss, validation: 2.100 after the first epoch, 1.900 after" in fig.alternative_text


def test_training_curves_mark_the_epoch_on_the_validation_curves():
    fig = draw.training_curves(LOG, best=2)
    marks = [line for axes in fig.axes for line in axes.lines if line.get_marker() == "D"]
    assert [mark.get_xydata().tolist() for mark in marks] == [[[2, 1.5]], [[2, 0.6]]]
    assert "loss, validation, at the diamond: 1.500" in fig.alternative_text
    assert fig.alternative_text.endswith("A diamond marks epoch 2.")


def test_gaps_reach_from_validation_to_training():
    fig = draw.gaps({"by heart": (1.0, 0.1), "honest": (0.9, 0.88)})
    axes = fig.axes[0]
    for row, (seen, unseen) in enumerate([(1.0, 0.1), (0.9, 0.88)]):
        line, dot, square = axes.lines[3 * row:3 * row + 3]
        assert line.get_xydata().tolist() == [[unseen, row], [seen, row]]
        assert (dot.get_xydata().tolist(), dot.get_marker()) == ([[seen, row]], "o")
        assert (square.get_xydata().tolist(), square.get_marker()) == ([[unseen, row]], "s")
    assert texts(axes) == ["1.000", "0.100", "0.900", "0.880"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["by heart", "honest"]
    assert axes.get_xlim()[0] < 0.1
    assert "by heart: 1.000 and 0.100; honest: 0.900 and 0.880" in fig.alternative_text


def test_gaps_show_a_dot_that_lies_on_its_square():
    axes = draw.gaps({"equal": (0.9, 0.9)}).axes[0]
    _, dot, square = axes.lines
    assert dot.get_zorder() > square.get_zorder()
    assert dot.get_markersize() < square.get_markersize()


def test_luck_marks_the_best_in_validation_where_it_stands_in_the_test():
    fig = draw.luck([0.1, 0.3, 0.1], [0.2, 0.05, 0.2], truth=0.1)
    dots = fig.axes[0].collections[0]
    assert dots.get_offsets().tolist() == [[0.1, 0.2], [0.3, 0.05]]
    assert dots.get_sizes()[0] == 2 * dots.get_sizes()[1]  # two models at one place
    diamonds = [line.get_xydata().tolist() for line in fig.axes[0].lines
                if line.get_marker() == "D"]
    assert diamonds == [[[0.3, 0.05]]]
    assert "3 models" in fig.alternative_text
    assert "0.30 there, and 0.05 on the test images" in fig.alternative_text


def test_confused_pairs_are_the_largest_beside_the_diagonal():
    counts = np.array([[50, 1, 0], [7, 40, 2], [0, 0, 60]])
    fig = draw.confused_pairs(counts, top=2)
    axes = fig.axes[0]
    assert [bar.get_width() for bar in axes.patches] == [7, 2]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["1 read as 0", "1 read as 2"]
    assert texts(axes) == ["7", "2"]
    assert "of 10. 1 read as 0: 7, 1 read as 2: 2." in fig.alternative_text


def test_confused_pairs_of_a_classifier_without_an_error():
    fig = draw.confused_pairs(np.diag([3, 4]))
    assert not fig.axes[0].patches
    assert fig.alternative_text == "Bars for the most frequent errors of 0. None."
