"""Pictures of chapter 01 show what the perceptrons in them answer."""
import numpy as np
import pytest
from contrary import Contrary
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon
from matplotlib.path import Path

from common.figures import COLORS, perceptron
from common.functions import step

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
OR, XOR = np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0])

CONTRARY = {
    perceptron.decision_regions: Contrary(
        ([([0, 0], -1)], X, XOR, ["silent"]),
        says=("silent: no line, it never fires, 2 of 4 right",), never=("AND",)),
    perceptron.xor_diagonals: Contrary(says=("They cross at (0.5, 0.5)",)),
    perceptron.two_layers: Contrary(
        (X, XOR, [([1, 1], -2.5), ([1, 1], -0.5)], ([0, 0], -1), ["a", "b", "c"]),
        says=("where both fire: no point", "(1, 1) to (0, 1)", "c has 2 of 4 right"),
        never=("OR", "NAND")),
    perceptron.learning_steps: Contrary(
        (X, OR, [(np.array([-1, 0]), 0, None)]),
        says=("1 panel with", "the start and 0 changes. Wrong points in each panel: 3"),
        never=("ring", "dotted")),
    perceptron.learning_step: Contrary(
        (X, OR, [(np.array([-1, 0]), 0, None)], 0),
        says=("start: it fires where −1 x1 + 0 x2 + 0 > 0, 1 of 4 right",)),
    perceptron.mistakes: Contrary(({"worse": [1, 2]},), says=("worse: 1, 2.",), never=("fewer",)),
    perceptron.digits_and_weights: Contrary(
        (np.zeros((2, 28, 28)), [3, 8], np.zeros(784)),
        says=("Images of 3 and 8", "mean weight is 0 in the middle", "100% of the weights are 0"),
        never=("positive in", "negative in")),
}


def region(axes):
    (polygon,) = [patch for patch in axes.patches if isinstance(patch, Polygon)]
    return Path(polygon.get_xy())


def marked(axes, marker, size=None):
    """Points of all lines with this marker."""
    lines = [line for line in axes.lines if line.get_marker() == marker
             and (size is None or line.get_markersize() == size)]
    return {tuple(map(float, point)) for line in lines for point in line.get_xydata()}


@pytest.mark.parametrize("w, b", [
    ([1, 1], -1.5), ([-1, -1], 1.5), ([1, 1], -0.5), ([0.3, -2], 0.1), ([0, 1], -0.5),
    ([1, 1], -3), ([1, -1], 0), ([-0.5, 1.5], 0.5), ([0.5, 1.5], 0), ([0, 0], 1), ([0, 0], 0),
    ([0, 0], -1)])
def test_the_hatched_region_is_where_the_perceptron_fires(w, b):
    axes = perceptron.decision_regions([(w, b)], X, OR, ["gate"]).axes[0]
    points = np.random.default_rng(0).uniform(-0.5, 1.5, size=(400, 2))
    u = points @ w + b
    clear = abs(u) > 1e-9
    np.testing.assert_array_equal(region(axes).contains_points(points)[clear], step(u)[clear])


@pytest.mark.parametrize("w, b", [([1, 1], -1.5), ([1, -1], 0), ([-0.5, 1.5], 0.5)])
def test_the_line_is_where_the_sum_is_zero(w, b):
    axes = perceptron.decision_regions([(w, b)], X, OR, ["gate"]).axes[0]
    (line,) = [line for line in axes.lines if line.get_color() == COLORS["weight"]]
    np.testing.assert_allclose(line.get_xydata() @ w + b, 0, atol=1e-12)
    assert len(line.get_xydata()) == 2


def test_no_line_without_weights():
    axes = perceptron.decision_regions([([0, 0], 1)], X, OR, ["gate"]).axes[0]
    assert not [line for line in axes.lines if line.get_color() == COLORS["weight"]]


def test_wrong_points_are_crossed_out_and_counted():
    fig = perceptron.decision_regions([([1, 1], -0.5), ([1, 1], -1.5)], X, XOR, ["A", "B"])
    first, second = fig.axes
    assert marked(first, "x") == {(1, 1)}
    assert marked(second, "x") == {(0, 1), (1, 0), (1, 1)}
    assert "A: it fires where 1 x1 + 1 x2 - 0.5 > 0, 3 of 4 right" in fig.alternative_text
    assert "1 of 4 right" in fig.alternative_text


def test_points_differ_by_more_than_colour():
    axes = perceptron.decision_regions([([1, 1], -0.5)], X, OR, ["OR"]).axes[0]
    one, zero = (next(line for line in axes.lines if len(line.get_xydata()) == n
                         and line.get_marker() == "o") for n in (3, 1))
    assert to_hex(one.get_markerfacecolor()) != "#ffffff"
    assert to_hex(zero.get_markerfacecolor()) == "#ffffff"


def test_the_diagonals_of_xor_cross():
    axes = perceptron.xor_diagonals().axes[0]
    ones, zeros = (line.get_xydata() for line in axes.lines[:2])
    np.testing.assert_array_equal(ones.mean(axis=0), zeros.mean(axis=0))
    assert marked(axes, "s") == {(0.5, 0.5)}


def test_two_layers_move_the_points():
    hidden = [([-1, -1], 1.5), ([1, 1], -0.5)]
    fig = perceptron.two_layers(X, XOR, hidden, ([1, 1], -1.5), ["NAND", "OR", "AND"])
    left, right = fig.axes
    band = region(left).contains_points(X)
    np.testing.assert_array_equal(band, XOR == 1)
    assert marked(right, "o") == {(0, 1), (1, 0), (1, 1)}  # four points have become three
    assert not marked(left, "x") and not marked(right, "x")
    assert "(0, 0) to (1, 0)" in fig.alternative_text and "4 of 4 right" in fig.alternative_text
    assert "hatched where both fire: (0, 1) and (1, 0)" in fig.alternative_text
    assert "both fire" in [text.get_text() for text in left.texts]


def test_two_layers_whose_first_units_never_fire_together_say_so():
    hidden = [([1, 1], -1.5), ([-1, -1], 0.5)]
    fig = perceptron.two_layers(X, XOR, hidden, ([1, 1], -1.5), ["AND", "NOR", "AND"])
    assert "hatched where both fire: no point" in fig.alternative_text
    assert "both fire" not in [text.get_text() for text in fig.axes[0].texts]


HISTORY = [(np.array([-1.5, 0.5]), -1.0, None), (np.array([-1.5, 1.0]), -0.5, 1),
           (np.array([-1.0, 1.0]), 0.0, 2)]


def test_learning_steps_have_a_panel_each_and_mark_the_cause():
    fig = perceptron.learning_steps(X, OR, HISTORY)
    assert [axes.get_title() for axes in fig.axes] == ["start", "change 1", "change 2"]
    assert [marked(axes, "o", 20) for axes in fig.axes] == [set(), {(0, 1)}, {(1, 0)}]
    dotted = [[line for line in axes.lines if line.get_linestyle() == ":"] for axes in fig.axes]
    assert [len(lines) for lines in dotted] == [0, 1, 1]
    for (w, b, _), (line,) in zip(HISTORY, dotted[1:]):  # where the line was before
        np.testing.assert_allclose(line.get_xydata() @ w + b, 0, atol=1e-12)
    assert "Wrong points in each panel: 3, 2, 2." in fig.alternative_text


@pytest.mark.parametrize("k", range(len(HISTORY)))
def test_a_learning_step_says_its_numbers(k):
    fig = perceptron.learning_step(X, OR, HISTORY, k)
    (w, b, _), title = HISTORY[k], fig.axes[0].get_title()
    numbers = f"$w_1$ = {w[0]:g}, $w_2$ = {w[1]:g}, $b$ = {b:g}"
    assert numbers.replace("-", "−") in title
    assert ("start" in title) == (k == 0)


def test_mistakes_draw_what_was_counted():
    counts = {"OR": [3, 1, 0], "XOR": [2, 4, 4]}
    fig = perceptron.mistakes(counts)
    for line, numbers in zip(fig.axes[0].lines, counts.values()):
        np.testing.assert_array_equal(line.get_xydata(), np.transpose([[1, 2, 3], numbers]))
    assert "XOR: 2, 4, 4" in fig.alternative_text


def test_digits_and_weights_part_the_signs():
    w = np.zeros((28, 28))
    w[14, 14], w[0, 0] = 2.0, -1.0
    images = np.random.default_rng(0).random((2, 28, 28), dtype=np.float32)
    fig = perceptron.digits_and_weights(images, [0, 1], w.ravel())
    arrays = [axes.images[0].get_array() for axes in fig.axes]
    np.testing.assert_array_equal(arrays[:2], images)
    assert arrays[2][14, 14] == 2 and arrays[2].sum() == 2
    assert arrays[3][0, 0] == 1 and arrays[3].sum() == 1
    assert "mean weight is positive in the middle" in fig.alternative_text
    assert "100% of the weights are 0" in fig.alternative_text  # 782 of 784
    assert "means 1" in fig.axes[2].get_title() and "means 0" in fig.axes[3].get_title()
