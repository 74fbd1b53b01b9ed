"""Pictures of chapter 02 show the functions and networks that they are given."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import activations
from common.functions import relu, sigmoid, step

FUNCTIONS = {"step": step, "sigmoid": sigmoid, "tanh": np.tanh, "ReLU": relu}
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0, 1, 1, 0])

CONTRARY = {
    activations.activation_functions: Contrary(
        ({"flat": lambda u: 0 * u},),
        says=("1 function on", "flat goes from 0.00 at −4 to 0.00 at 4")),
    activations.function_and_slope: Contrary(
        ({"line": lambda u: -u},), says=("1 function;", "line: at most −1.00, and 0 at 0% of u"),
        never=("step",)),
    activations.changing_mind: Contrary(
        (np.array([0.0, 1.0]), {"still": np.array([0.5, 0.5])}),
        says=("1 unit ", "still moves by at most 0"), never=("2 units", " and ")),
    activations.abrupt_and_smooth: Contrary(
        ([-1.0, -1.0], 1.0), says=("step: 1 below a line, 0 above it",), never=("0 below",)),
    activations.sigmoid_units: Contrary(
        ([-2.0, 0.0],), says=("they go, by weight, −2: 0.73 to 0.27; 0: 0.50 to 0.50",),
        never=("rise", "steeper")),
    activations.sigmoid_unit: Contrary((0.0, 1.0), says=("no middle: w = 0",), never=("slope",)),
    activations.bent_or_straight: Contrary(
        ([("same", np.stack(np.meshgrid(range(4), range(4)), axis=-1))], np.array([0, 0, 0, 1])),
        says=("in 1 panel.", "same: straight", "the targets are 0, 0, 0, 1"),
        never=("XOR", "bent", "line in")),
    activations.outputs_over_plane: Contrary(
        ([("wrong", lambda x: x[:, 0] - 2)], np.array([[0, 0]]), np.array([1])),
        says=("with 1 input;", "targets are 1", "wrong gives −2.0")),
}


def grid(n=4):
    side = np.linspace(-1, 2, n)
    return np.stack(np.meshgrid(side, side), axis=-1)


def test_activation_functions_are_drawn_together():
    fig = activations.activation_functions(FUNCTIONS)
    curves = [line for line in fig.axes[0].lines if line.get_label() in FUNCTIONS]
    assert [line.get_label() for line in curves] == list(FUNCTIONS)
    for line in curves:
        u, v = line.get_data()
        np.testing.assert_allclose(v, FUNCTIONS[line.get_label()](u))
    assert len({line.get_linestyle() for line in curves}) == 4  # told apart without colour
    assert "tanh goes from −1.00 at −4 to 1.00 at 4" in fig.alternative_text


def test_slopes_are_the_functions_slopes():
    fig = activations.function_and_slope({"step": step, "sigmoid": sigmoid})
    lower = fig.axes[2:]
    assert all((line.get_ydata() == 0).all() for line in lower[0].lines)
    for line in lower[1].lines:
        u, slope = line.get_data()
        np.testing.assert_allclose(slope, sigmoid(u) * (1 - sigmoid(u)), atol=1e-5)
    assert "step: at most 0.00, and 0 at 100% of u" in fig.alternative_text
    assert "sigmoid: at most 0.25, and 0 at 0% of u" in fig.alternative_text
    half = activations.function_and_slope({"ReLU": relu}).alternative_text
    assert "ReLU: at most 1.00, and 0 at 50% of u" in half  # flat where its sum is negative


def test_changing_mind_draws_the_answers():
    w = np.linspace(-1, 2, 31)
    fig = activations.changing_mind(w, {"step": step(w), "sigmoid": sigmoid(w)}, border=0.0)
    first, second = fig.axes[0].lines[:2]
    np.testing.assert_array_equal(first.get_ydata(), step(w))
    np.testing.assert_array_equal(second.get_ydata(), sigmoid(w))
    assert "step moves by at most 1 and sigmoid moves by at most 0.02" in fig.alternative_text


def test_abrupt_and_smooth_share_a_line():
    w, b = np.array([3.0, 1.0]), -2.0
    left, right = activations.abrupt_and_smooth(w, b).axes[:2]
    hard, soft = (np.asarray(axes.images[0].get_array()) for axes in (left, right))
    side = np.linspace(-1, 2, len(soft))
    u = np.stack(np.meshgrid(side, side), axis=-1) @ w + b
    np.testing.assert_allclose(soft, sigmoid(u))
    np.testing.assert_array_equal(hard, u > 0)
    assert set(np.unique(hard)) == {0, 1}


def test_sigmoid_units_grow_steeper():
    fig = activations.sigmoid_units([0.5, 1, 20])
    for line, w in zip(fig.axes[0].lines, [0.5, 1, 20]):
        x, y = line.get_data()
        np.testing.assert_allclose(y, sigmoid(w * x))
    assert "20: 0.00 to 1.00" in fig.alternative_text


@pytest.mark.parametrize("w, b, says", [
    (3.0, -6.0, "middle at x = 2.00, slope there 0.75"), (-2.0, 0.0, "middle at x = 0.00"),
    (0.0, 1.0, "no middle")])
def test_a_sigmoid_unit_says_where_its_middle_is(w, b, says):
    fig = activations.sigmoid_unit(w, b)
    hard, soft = fig.axes[0].lines[:2]
    x = soft.get_xdata()
    np.testing.assert_allclose(soft.get_ydata(), sigmoid(w * x + b))
    np.testing.assert_array_equal(hard.get_ydata(), step(w * x + b))
    assert says in fig.alternative_text


def test_linear_layers_keep_a_grid_straight_and_a_curve_bends_it():
    W, b = np.array([[0.9, -0.5], [0.4, 0.8]]), np.array([0.2, -0.1])
    fig = activations.bent_or_straight(
        [("in", grid()), ("linear", grid() @ W + b), ("curved", np.tanh(grid() @ W + b))])
    assert "in: straight; linear: straight; curved: bent" in fig.alternative_text
    for axes in fig.axes:
        assert len(axes.lines) == 4 + 4


def test_the_corners_of_xor_move_with_the_grid():
    W = np.array([[2.0, -1.0], [-1.0, 2.0]])
    axes = activations.bent_or_straight([("linear", grid() @ W)], XOR).axes[0]
    ones, zeros = (line.get_xydata() for line in axes.lines if line.get_marker() == "o")
    np.testing.assert_allclose(sorted(map(tuple, ones)), sorted(map(tuple, X[XOR == 1] @ W)))
    np.testing.assert_allclose(sorted(map(tuple, zeros)), sorted(map(tuple, X[XOR == 0] @ W)))


def test_each_corner_has_its_own_target():
    for t in np.eye(4):
        axes = activations.bent_or_straight([("input", grid())], t).axes[0]
        (one,) = [line.get_xydata() for line in axes.lines if line.get_marker() == "o"][:1]
        np.testing.assert_allclose(one, X[t == 1], atol=1e-12)


def test_diagonals_are_moved_as_the_grid_is():
    """ReLU presses the plane onto the axes: the diagonal of the ones passes through (0, 0)."""
    u = grid(13) @ np.array([[2.0, -1.0], [-1.0, 2.0]]) - 1
    fig = activations.bent_or_straight([("ReLU", relu(u))], XOR, border=([1.0, 1.0], -0.5))
    axes = fig.axes[0]
    falling, rising = (line.get_xydata() for line in axes.lines if line.get_linewidth() == 2.5
                       and len(line.get_xydata()) > 2)
    assert (rising == 0).all()
    np.testing.assert_allclose(falling, [[0, 1], [0, 0.25], [0, 0], [0.25, 0], [1, 0]], atol=1e-12)
    assert "A line in the last panel has 4 of 4 on the right side" in fig.alternative_text
    straight = activations.bent_or_straight([("linear", u)], XOR, border=([1.0, 1.0], -0.5))
    assert "4 of 4" not in straight.alternative_text


def test_outputs_over_the_plane_are_the_functions():
    fig = activations.outputs_over_plane(
        [("flat", lambda x: np.full(len(x), 0.5)), ("first input", lambda x: x[:, 0])], X, XOR)
    flat, first = (np.asarray(axes.images[0].get_array()) for axes in fig.axes[:2])
    assert (flat == 0.5).all()
    np.testing.assert_allclose(first[0], np.linspace(-0.5, 1.5, first.shape[1]))
    np.testing.assert_allclose(first[0], first[-1])
    assert "flat gives 0.5, 0.5, 0.5, 0.5" in fig.alternative_text
    assert "first input gives 0.0, 0.0, 1.0, 1.0" in fig.alternative_text
