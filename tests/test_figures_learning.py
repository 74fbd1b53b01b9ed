"""What the pictures of chapter 06 show."""
import numpy as np
import pytest

from common.figures import backprop
from common.figures import learning as draw

X = np.array([1.0, 2.0, 3.0, 4.0])
T = np.array([2.0, 4.0, 3.0, 5.0])


def bowl(x):
    return (x ** 2).sum(axis=-1)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def arrows(axes):
    """The arrows of an axes as (style of line, from, to)."""
    return [(text.arrow_patch.get_linestyle(), text.xyann, text.xy) for text in axes.texts
            if getattr(text, "arrow_patch", None)]


def test_squared_errors_draws_a_square_from_each_point_to_the_line():
    fig = draw.squared_errors(X, T, [("flat", 0.0, 3.0), ("best", 0.8, 1.5)])
    for axes, y, loss in zip(fig.axes, (0 * X + 3, 0.8 * X + 1.5), ("0.750", "0.225")):
        np.testing.assert_allclose([patch.get_height() for patch in axes.patches], y - T)
        np.testing.assert_allclose([patch.get_width() for patch in axes.patches], y - T)
        np.testing.assert_allclose(axes.lines[1].get_xydata(), np.c_[X, T])
        assert axes.get_title().endswith(f"loss {loss}")
    assert "flat: loss 0.750; best: loss 0.225" in fig.alternative_text


def test_cross_entropy_curve_marks_the_losses():
    fig = draw.cross_entropy_curve([0.9, 0.5])
    curve, *marks = fig.axes[0].lines
    np.testing.assert_allclose(np.exp(-curve.get_ydata()), curve.get_xdata())
    np.testing.assert_allclose([mark.get_ydata()[0] for mark in marks], -np.log([0.9, 0.5]))
    assert "0.11 at 0.9, 0.69 at 0.5" in fig.alternative_text


def test_accuracy_and_loss_marks_the_least_loss_and_counts_the_jumps():
    w, accuracies = np.arange(5.0), np.array([0.5, 0.5, 1, 1, 0.5])
    fig = draw.accuracy_and_loss(w, accuracies, (w - 3) ** 2)
    upper, lower = fig.axes
    np.testing.assert_array_equal(upper.lines[0].get_ydata(), accuracies)
    assert lower.lines[1].get_xydata().tolist() == [[3, 0]]
    assert "at 2 jumps" in fig.alternative_text and "at 3.00" in fig.alternative_text


def test_secants_have_the_slope_between_their_points():
    fig = draw.secants(lambda x: x ** 3, 1.0, [1.0, 0.1])
    lines = fig.axes[0].lines
    for line, points, slope in [(lines[1], lines[2], 4.0), (lines[3], lines[4], 3.01)]:
        x, y = line.get_data()
        assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(slope)
        np.testing.assert_allclose(np.interp(points.get_xdata(), x, y), points.get_ydata(),
                                   atol=1e-12)
    assert "h = 1: 4.000; h = 0.1: 3.010" in fig.alternative_text


def test_gradient_arrows_go_down():
    x = np.array([[1.0, 0], [0, 2], [0, 0]])
    fig = draw.gradient_arrows(x, 2 * x)
    quiver = fig.axes[0].collections[0]
    np.testing.assert_array_equal(np.c_[quiver.U, quiver.V], -2 * x)
    assert "2 of them point inwards" in fig.alternative_text
    assert "from 0.0 to 4.0" in fig.alternative_text


def test_descent_on_surface_shows_the_path_on_both():
    path = np.array([[3.0, 4], [1.5, 2], [0.0, 1]])
    fig = draw.descent_on_surface(bowl, path)
    space, flat = fig.axes
    np.testing.assert_allclose(np.array(space.lines[0].get_data_3d()).T, np.c_[path, bowl(path)])
    np.testing.assert_array_equal(flat.lines[0].get_xydata(), path)
    assert "From height 25.00 to 1 in 2 steps" in fig.alternative_text


def test_descents_stop_at_the_rim_of_the_map():
    inside = np.array([[3.0, 4], [1, 1]])
    leaves = np.array([[3.0, 4], [9, 9], [1, 1]])
    nan = np.array([[3.0, 4], [np.nan, 0]])
    fig = draw.descents(bowl, {"in": inside, "out": leaves, "nan": nan})
    drawn = [axes.lines[0].get_xydata() for axes in fig.axes]
    np.testing.assert_array_equal(drawn[0], inside)
    np.testing.assert_array_equal(drawn[1], leaves[:2])
    np.testing.assert_array_equal(drawn[2], nan)
    assert [axes.get_title() for axes in fig.axes] == ["in", "out", "nan"]
    assert "in: From height 25.00 to 2 in 1 steps" in fig.alternative_text


def test_batches_count_the_updates_also_where_the_last_batch_is_smaller():
    fig = draw.batches(10, [10, 4])
    assert [bar.get_width() for bar in fig.axes[0].patches] == [10, 4, 4, 2]
    assert texts(fig.axes[0]) == ["1 update", "3 updates"]
    assert "batch size 10: 1 update; batch size 4: 3 updates" in fig.alternative_text


def test_curves_have_the_same_lines_in_every_panel():
    lines = {"a": ([1, 10], [2.0, 1.0]), "b": ([1, 10], [3.0, 0.5])}
    fig = draw.curves({"epochs": lines, "updates (log)": lines}, limits=(0, 4))
    left, right = fig.axes
    assert (left.get_xscale(), right.get_xscale()) == ("linear", "log")
    for axes in fig.axes:
        assert [line.get_ydata().tolist() for line in axes.lines] == [[2, 1], [3, 0.5]]
        assert [line.get_linestyle() for line in axes.lines] == ["-", "--"]
    assert left.get_ylim() == (0, 4)
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["a", "b"]
    assert "a from 2.000 to 1.000; b from 3.000 to 0.500" in fig.alternative_text


STEPS = [("×", "w", 3), ("+", "b", 1), ("( )²", None, None)]
VALUES = [("x", 2), ("", 6), ("u", 7), ("E", 49)]


def test_computational_graph_without_and_with_the_way_back():
    there = backprop.computational_graph(STEPS, VALUES)
    assert [style for style, *_ in arrows(there.axes[0])] == ["-"] * 6
    assert "Dashed" not in there.alternative_text
    back = backprop.computational_graph(STEPS, VALUES, ([42, 14, 14, 1], [28, 14, None]))
    drawn = arrows(back.axes[0])
    assert [style for style, *_ in drawn].count("--") == 6
    for style, start, end in drawn:
        if start[1] == end[1]:  # on the line: forward to the right, back to the left
            assert (end[0] > start[0]) == (style == "-")
    assert {"42", "28", "$w$ = 3", "$E$ = 49"} <= set(texts(back.axes[0]))
    assert "carry, from right to left, 1, 14, 14, 42" in back.alternative_text
    assert "28 to w, 14 to b" in back.alternative_text


def test_layer_chain_names_shapes_and_what_is_learned():
    fig = backprop.layer_chain(["Affine", "Loss"], [(5, 4), (5, 3), ()], ["W1, b1", ""])
    told = texts(fig.axes[0])
    assert told.count("(5, 4)") == 1 and "a number" in told
    assert "W1, b1" in told and "dW1, db1" in told
    assert len(fig.axes[0].patches) == 2
    assert [style for style, *_ in arrows(fig.axes[0])] == ["-", "--"] * 3
    assert "(5, 4), (5, 3), one number" in fig.alternative_text


def test_two_gradients_tell_how_far_apart_they_are():
    numerical = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}
    same = backprop.two_gradients(numerical, numerical)
    assert same.axes[0].lines[0].get_xydata().tolist() == [[1, 1], [2, 2]]
    assert "3 points" in same.alternative_text and "than 0.000001" in same.alternative_text
    apart = backprop.two_gradients(numerical, numerical | {"b": np.array([2.0])})
    assert apart.axes[0].lines[1].get_xydata().tolist() == [[2, 3]]
    assert "than 1." in apart.alternative_text


def test_softmax_gradient_is_the_difference():
    y, t = np.array([0.3, 0.2, 0.5]), np.array([0.0, 1.0, 0.0])
    fig = backprop.softmax_gradient(y, t)
    for axes, heights in zip(fig.axes, (y, t, y - t)):
        np.testing.assert_allclose([bar.get_height() for bar in axes.patches], heights)
    assert "0.3, −0.8, 0.5" in fig.alternative_text
