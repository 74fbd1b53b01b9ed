"""What the pictures of losses, batches and learning curves show."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import learning as draw

X = np.array([1.0, 2.0, 3.0, 4.0])
T = np.array([2.0, 4.0, 3.0, 5.0])

CONTRARY = {
    draw.squared_errors: Contrary(
        (X[:1], T[:1], [("through it", 0.0, 2.0)]),
        says=("1 point and a line in each of 1 panel.", "through it: loss 0.000")),
    draw.cross_entropy_curve: Contrary(([1.0],), says=("Marked points: 0.00 at 1.",)),
    draw.accuracy_and_loss: Contrary(
        (np.array([-1.0, 0.0, 1.0]), np.full(3, 0.5), np.array([1.0, 0.0, 1.0])),
        says=("from −1 to 1: flat. Below, the loss: a line with its lowest point, a diamond, at "
              "0.00",),
        never=("staircase", "smooth")),
    draw.batches: Contrary((1, [5]), says=("over 1 image as", "batch size 5: 1 update.")),
    draw.curves: Contrary(
        ({"step": {"up": ([1, 2], [0.0, 3.0])}},), says=("up from 0.000 to 3.000",),
        never=("seeds", "falls")),
}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_squared_errors_draws_a_square_from_each_point_to_the_line():
    fig = draw.squared_errors(X, T, [("flat", 0.0, 3.0), ("best", 0.8, 1.5)])
    for axes, y, loss in zip(fig.axes, (0 * X + 3, 0.8 * X + 1.5), ("0.750", "0.225")):
        np.testing.assert_allclose([patch.get_height() for patch in axes.patches], y - T)
        np.testing.assert_allclose([patch.get_width() for patch in axes.patches], y - T)
        np.testing.assert_allclose(axes.lines[1].get_xydata(), np.c_[X, T])
        assert axes.get_title().endswith(f"loss {loss}")
    assert "flat: loss 0.750; best: loss 0.225" in fig.alternative_text


def test_four_lines_stand_two_by_two():
    fig = draw.squared_errors(X, T, [(f"step {k}", 0.2 * k, 3.0) for k in range(4)])
    places = [axes.get_subplotspec().rowspan.start for axes in fig.axes]
    assert places == [0, 0, 1, 1]
    assert fig.axes[0].get_ylabel() == "$t$" and not fig.axes[1].get_ylabel()
    assert "in each of 4 panels" in fig.alternative_text and "step 3" in fig.alternative_text


def test_cross_entropy_curve_marks_the_losses():
    fig = draw.cross_entropy_curve([0.9, 0.5])
    curve, *marks = fig.axes[0].lines
    np.testing.assert_allclose(np.exp(-curve.get_ydata()), curve.get_xdata())
    np.testing.assert_allclose([mark.get_ydata()[0] for mark in marks], -np.log([0.9, 0.5]))
    assert "0.11 at 0.9, 0.69 at 0.5" in fig.alternative_text


def test_accuracy_and_loss_mark_the_least_loss_on_both_and_count_the_jumps():
    w, accuracies = np.arange(5.0), np.array([0.5, 0.5, 1, 0.75, 0.5])
    fig = draw.accuracy_and_loss(w, accuracies, (w - 3) ** 2)
    upper, lower = fig.axes
    np.testing.assert_array_equal(upper.lines[0].get_ydata(), accuracies)
    assert upper.lines[1].get_xydata().tolist() == [[3, 0.75]]
    assert lower.lines[1].get_xydata().tolist() == [[3, 0]]
    assert texts(lower) == ["lowest loss"]
    assert "at 3 jumps" in fig.alternative_text and "at 3.00" in fig.alternative_text
    assert "the accuracy is 0.75 and its highest value 1.00" in fig.alternative_text


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
    assert "seeds" not in fig.alternative_text


def test_curves_of_several_seeds_are_a_mean_in_a_band():
    runs = np.array([[2.0, 1.0], [4.0, 0.5]])
    axes = draw.curves({"updates": {"a": ([1, 10], runs)}}).axes[0]
    assert axes.lines[0].get_ydata().tolist() == [3, 0.75]
    band = axes.collections[0].get_paths()[0].vertices
    assert {(1, 2), (1, 4), (10, 0.5), (10, 1)} <= {tuple(corner) for corner in band.tolist()}
    fig = draw.curves({"updates": {"a": ([1, 10], runs)}})
    assert "a from 3.000 to 0.750" in fig.alternative_text
    assert "Means of 2 seeds" in fig.alternative_text


@pytest.mark.parametrize("epochs", [1, 2, 3, 10, 100])
def test_epochs_are_whole_numbers(epochs):
    axes = draw.curves({"epoch": {"a": (np.arange(1, epochs + 1), np.ones(epochs))}}).axes[0]
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert 1 <= len(ticks) <= 12 and all(tick == int(tick) for tick in ticks)


def test_seconds_may_be_parts_of_one():
    axes = draw.curves({"seconds": {"a": ([0.1, 0.2, 0.3], [3, 2, 1])}}).axes[0]
    low, high = axes.get_xlim()
    assert sum(low <= tick <= high for tick in axes.get_xticks()) > 2
