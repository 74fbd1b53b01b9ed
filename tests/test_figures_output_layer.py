"""What the pictures of chapter 03 show."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import output_layer as draw
from common.functions import softmax

A = np.array([0.3, 2.9, 4.0])

CONTRARY = {
    draw.two_kinds_of_answer: Contrary(
        (np.array([0.0, 1, 2]), np.array([6.0, 3, 0]), np.eye(3)[:, :2], np.array([0, 1, 1])),
        says=("about 3 fewer bowls", "class 0 as 1 circle", "class 1 as 2 triangles"),
        never=("more", "-3", "two groups")),
    draw.output_functions: Contrary(
        (np.array([-1.0, -1.0]),), says=("sums −1.00, −1.00", "outputs are 0.50, 0.50"),
        never=("largest",)),
    draw.softmax_steps: Contrary(
        (np.array([-800.0, 0.0, 0.0]),), says=("exponentials 0.00, 1.00, 1.00",),
        never=("largest bar", "above zero", "the same one")),
    draw.exp_limits: Contrary(
        (np.array([-1.0, 10.0]),), says=("float64 can hold the exp of −1, 10",),
        never=("inf", "lie beyond", "Crosses")),
    draw.sums_along_axes: Contrary(
        (np.array([[0.0], [-0.01]]),), says=("2 rows and 1 column.", "row: 0.0, 0.0"),
        never=("1 columns",)),
    draw.batch_softmax: Contrary(
        (np.array([[np.nan, 0.0]]),), says=("1 row", "each softmax row: nan"),
        never=("1.00 in every row",)),
    draw.logits_and_probabilities: Contrary(
        (np.array([2.0, 2.0]),), says=("logits 2.00, 2.00 give 0.50, 0.50",),
        never=("triangle", "largest")),
    draw.class_probabilities: Contrary(
        (np.array([0.5, 0.5]),), says=("0.50, 0.50",), never=("longest",)),
}


def heights(axes):
    return np.array([bar.get_height() for bar in axes.patches])


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_two_kinds_of_answer_draws_the_data_the_line_and_the_border():
    x, t = np.array([1.0, 2, 3]), np.array([2.0, 4, 6])
    points = np.array([[0.0, 0], [0, 2], [4, 0], [4, 2]])
    fig = draw.two_kinds_of_answer(x, t, points, np.array([0, 0, 1, 1]))
    left, right = fig.axes
    line, data = left.lines
    np.testing.assert_allclose(line.get_xydata(), [[1, 2], [3, 6]])
    np.testing.assert_array_equal(data.get_xydata(), np.c_[x, t])
    np.testing.assert_array_equal(right.lines[0].get_xydata(), points[:2])
    np.testing.assert_array_equal(right.lines[1].get_xydata(), points[2:])
    np.testing.assert_array_equal(right.lines[2].get_xdata(), [2, 2])  # between the means
    for axes, drawn in [(left, np.c_[x, t]), (right, points)]:
        (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
        assert (drawn > [x0, y0]).all() and (drawn < [x1, y1]).all()
        assert x1 - x0 < 1.5 * np.ptp(drawn[:, 0])
    assert "about 2 more" in fig.alternative_text


def test_classes_are_called_by_their_names():
    points = np.array([[0.0, 0.0], [4.0, 2.0]])
    fig = draw.two_kinds_of_answer(A, A, points, np.array([0, 1]), names=["cat", "dog"])
    assert [line.get_label() for line in fig.axes[1].lines[:2]] == ["cat", "dog"]
    assert "cat as 1 circle and dog as 1 triangle" in fig.alternative_text


def test_the_border_is_as_far_from_one_group_as_from_the_other():
    points = np.array([[0.0, 0], [3, 4]])
    border = draw.two_kinds_of_answer(A, A, points, np.array([0, 1])).axes[1].lines[2]
    for end in border.get_xydata():
        assert np.isclose(*np.linalg.norm(points - end, axis=1))


def test_output_functions_has_an_arrow_for_each_dependence():
    identity, softmax_ = draw.output_functions(A).axes
    arrows = [[text for text in axes.texts if getattr(text, "arrow_patch", None)]
              for axes in (identity, softmax_)]
    assert [len(each) for each in arrows] == [3, 9]
    assert [text for text in texts(identity) if text == "4.00"] == ["4.00"] * 2
    assert "0.74" in texts(softmax_) and "0.74" not in texts(identity)


def test_softmax_steps_end_in_softmax():
    fig = draw.softmax_steps(A, names=["cat", "dog", "rabbit"])
    for axes, expected in zip(fig.axes, [A, np.exp(A), softmax(A)]):
        np.testing.assert_allclose(heights(axes), expected)
    assert "cat, dog, rabbit" in fig.alternative_text
    assert "0.02, 0.25, 0.74" in fig.alternative_text


def test_exp_limits_marks_what_is_too_large():
    fig = draw.exp_limits(np.array([10.0, 1010, 990]))
    crosses = [line for line in fig.axes[0].lines if line.get_marker() == "x"]
    np.testing.assert_array_equal(crosses[0].get_xdata(), [990, 1010])
    squares = [line.get_xdata()[0] for line in fig.axes[0].lines if line.get_marker() == "s"]
    for end, dtype in zip(squares, (np.float32, np.float64)):
        with np.errstate(over="ignore"):
            assert np.isfinite(np.exp(dtype(end * 0.999)))
            assert np.isinf(np.exp(dtype(end * 1.001)))
    assert "88.7" in fig.alternative_text and "709.8" in fig.alternative_text


def test_sums_along_axes_writes_each_sum():
    fig = draw.sums_along_axes(np.array([[1.0, 2, 3], [10, 20, -40]]))
    written = texts(fig.axes[0])
    for total in ("6.0", "−10.0", "11.0", "22.0", "−37.0"):
        assert total in written
    assert "6.0, −10.0" in fig.alternative_text


def test_batch_softmax_shows_each_step():
    a = np.array([[0.3, 2.9, 4.0], [2.0, 1.0, -1.0]])
    fig = draw.batch_softmax(a)
    expected = [a, a.max(axis=1), np.exp(a - a.max(axis=1)[:, None]), softmax(a), [1, 1]]
    for axes, table in zip(fig.axes, expected):
        assert texts(axes) == [f"{v:.2f}".replace("-", "−") for v in np.ravel(table)]
    assert fig.axes[1].get_xlabel() == "2×1"


@pytest.mark.parametrize("a", [A, [[0.0, 0, 1], [5, -2, 3]]])
def test_logits_and_probabilities(a):
    fig = draw.logits_and_probabilities(np.array(a))
    rows = np.atleast_2d(a)
    assert len(fig.axes) == 2 * len(rows)
    for k, row in enumerate(rows):
        np.testing.assert_allclose(heights(fig.axes[k]), row)
        np.testing.assert_allclose(heights(fig.axes[len(rows) + k]), softmax(row))
    low, high = fig.axes[0].get_ylim()
    assert low <= rows.min() and high > rows.max()


def test_only_the_one_largest_is_marked():
    fig = draw.logits_and_probabilities(np.array([[1.0, 1.0], [1.0, 2.0]]), titles=["tie", "lead"])
    tie, lead = fig.axes[2:]
    assert "▼" not in texts(tie)
    assert [text.xy[0] for text in lead.texts if text.get_text() == "▼"] == [1]
    assert "tie: logits 1.00, 1.00 give 0.50, 0.50" in fig.alternative_text


def test_limits_hold_still_while_sliders_move():
    limits = [draw.logits_and_probabilities(np.array([a, 0.0]), limits=(-6, 6)).axes[0].get_ylim()
              for a in (-6, 0, 6)]
    assert limits[0] == limits[1] == limits[2]


def test_class_probabilities_marks_the_answer():
    y = np.array([0.1, 0.7, 0.2])
    fig = draw.class_probabilities(y, names=["cat", "dog", "rabbit"])
    np.testing.assert_allclose([bar.get_width() for bar in fig.axes[0].patches], y)
    assert [text for text in texts(fig.axes[0]) if "answer" in text] == ["0.70  ◀ answer"]
    assert "Class dog is marked" in fig.alternative_text
