"""What the pictures of backpropagation show."""
import numpy as np
from contrary import Contrary

from common.figures import backprop

CONTRARY = {
    backprop.computational_graph: Contrary(
        ([("( )²", None, None)], [("x", -3), ("y", 9)], ([-6, 1], [None])),
        says=("A line of 1 step ", "carry, from right to left, 1, −6."), never=("from below",)),
    backprop.layer_chain: Contrary(
        (["ReLU"], [(3,), ()]), says=("Layers in a row: ReLU.", "(3,), one number"),
        never=("Layers with parameters",)),
    backprop.two_gradients: Contrary(
        ({"W": np.array([1.0])}, {"W": np.array([-1.0])}),
        says=("1 point,", "difference: W 2"), never=("below",)),
    backprop.affine_gradient: Contrary(
        (np.array([[1.0, 0.0]]), np.array([[-2.0]])),
        says=("1 table,", "hold −2; 0.", "Their sum is dW: −2; 0")),
    backprop.network_flow: Contrary(
        ({"x": [0, 0], "W1": [[0, 0], [0, 0]], "b1": [-0.001, 0], "h": [0, 0], "W2": [0, 0],
          "b2": -1, "y": -1, "E": 0},),
        says=("b1 0.00, 0.00", "b2 −1.00"), never=("gradient",)),
    backprop.softmax_gradient: Contrary(
        (np.array([0.5, 0.5]), np.array([0.5, 0.5])), says=("negative nowhere",),
        never=("right class",)),
}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def arrows(axes):
    """The arrows of an axes as (style of line, from, to)."""
    return [(text.arrow_patch.get_linestyle(), text.xyann, text.xy) for text in axes.texts
            if getattr(text, "arrow_patch", None)]


STEPS = [("×", "w", 3), ("+", "b", 1), ("( )²", None, None)]
VALUES = [("x", 2), ("", 6), ("u", 7), ("E", 49)]


def test_computational_graph_without_and_with_the_way_back():
    there = backprop.computational_graph(STEPS, VALUES)
    assert [style for style, *_ in arrows(there.axes[0])] == ["solid"] * 6
    assert "Dashed" not in there.alternative_text
    back = backprop.computational_graph(STEPS, VALUES, ([42, 14, 14, 1], [28, 14, None]))
    drawn = arrows(back.axes[0])
    assert [style for style, *_ in drawn].count("--") == 6
    for style, start, end in drawn:
        if start[1] == end[1]:  # on the line: forward to the right, back to the left
            assert (end[0] > start[0]) == (style == "solid")
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


def test_two_gradients_tell_which_are_apart():
    numerical = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}
    same = backprop.two_gradients(numerical, numerical)
    assert same.axes[0].lines[0].get_xydata().tolist() == [[1, 1], [2, 2]]
    assert "3 points" in same.alternative_text
    assert "W below 0.000001, b below 0.000001" in same.alternative_text
    apart = backprop.two_gradients(numerical, numerical | {"b": np.array([2.0])})
    assert apart.axes[0].lines[1].get_xydata().tolist() == [[2, 3]]
    assert "W below 0.000001, b 1." in apart.alternative_text


def test_affine_gradient_adds_the_tables_of_the_rows():
    x, dout = np.array([[1.0, 2.0], [0.0, -3.0]]), np.array([[1.0, 0.5], [2.0, 0.0]])
    fig = backprop.affine_gradient(x, dout)
    told = texts(fig.axes[0])
    assert len(fig.axes[0].patches) == 3 * 4
    for number in ("−6", "−4", "0.5", "+", "=", "row 1", "$dW$, above it $db$"):
        assert number in told
    assert "−0" not in told
    assert "Their sum is dW: 1, 0.5; −4, 1." in fig.alternative_text
    assert "Above it the sum of dout, 3, 0.5, is db." in fig.alternative_text


def test_network_flow_shows_every_number_and_its_gradient():
    forward = {"x": [1.0, 0.5], "W1": [[0.6, -1.25], [0.8, 0.4]], "b1": [0.1, -0.2],
               "h": [0.75, 0.23], "W2": [1.5, -0.7], "b2": 0.3, "y": 0.78, "E": 0.05}
    back = {name: np.full(np.shape(part), 0.25) for name, part in forward.items()} | {"E": 1.0}
    there = texts(backprop.network_flow(forward).axes[0])
    both = backprop.network_flow(forward, back)
    numbers = ["1.00", "0.50", "0.60", "−1.25", "0.80", "0.40", "0.10", "−0.20", "0.75", "0.23",
               "1.50", "−0.70", "0.30", "0.78", "0.05"]
    assert sorted(text for text in there if text and text[-1].isdigit()) == sorted(numbers)
    assert texts(both.axes[0]).count("+0.250") == 14 and "+1.000" in texts(both.axes[0])
    assert len([text for text in both.axes[0].texts if getattr(text, "arrow_patch", None)]) == 7
    assert "W1 0.60, −1.25, 0.80, 0.40" in both.alternative_text
    assert "b2 +0.250; y +0.250; E +1.000." in both.alternative_text


def test_softmax_gradient_is_the_difference():
    y, t = np.array([0.3, 0.2, 0.5]), np.array([0.0, 1.0, 0.0])
    fig = backprop.softmax_gradient(y, t)
    for axes, heights in zip(fig.axes, (y, t, y - t)):
        np.testing.assert_allclose([bar.get_height() for bar in axes.patches], heights)
    assert "0.3, −0.8, 0.5" in fig.alternative_text
