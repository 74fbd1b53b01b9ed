"""Pictures of networks show the nodes, arrows, numbers and shapes that they are given."""
import matplotlib.pyplot as plt
import numpy as np
import pytest
from contrary import Contrary
from matplotlib.text import Annotation

from common.figures import COLORS, network
from common.functions import sigmoid, step

CONTRARY = {
    network.one_unit: Contrary(
        ([-1.0], 0.0, sigmoid), {"x": [0.0]},
        says=("1 input, each", "(−1)", "bias 0", "curve of sigmoid", "the output 0.5"),
        never=("step",)),
    network.layers: Contrary(
        ([9],), says=("layer 1 with 9", "only the first three and the last"),
        never=("column before", "1 layers")),
    network.dense_layer: Contrary(
        (np.array([[-2.0]]), np.array([0.0])), {"node": 0},
        says=("1 input and a bias joined to 1 output,", "0 + x1 times −2"), never=("outputs",)),
    network.dense_shapes: Contrary(
        ([6, 1], 2, 3), says=("batch of 6: x (6, 2)", "one row: x (2,)"),
        never=("grow", "stay the same")),
}


def circles(axes):
    return [patch for patch in axes.patches if isinstance(patch, plt.Circle)]


def arrows(axes):
    return [text for text in axes.texts if isinstance(text, Annotation)]


def words(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_one_unit_names_its_numbers():
    fig = network.one_unit(np.array([1.0, -2.0, 0.5]), -1.5, step)
    (axes,) = fig.axes
    assert len(circles(axes)) == 3 + 2
    assert len(arrows(axes)) == 3 + 1 + 2  # inputs, bias, into and out of the function
    assert {"$w_1$ = 1", "$w_2$ = −2", "$w_3$ = 0.5", "$b$ = −1.5", "step"} <= set(words(axes))


def test_one_unit_computes_the_input_it_shows():
    fig = network.one_unit([1.0, 1.0], -1.5, step, x=[1, 1])
    assert {"0.5", "1"} <= set(words(fig.axes[0]))
    assert "the sum u is 0.5 and the output 1" in fig.alternative_text


def test_one_unit_draws_the_curve_of_its_function():
    (line,) = network.one_unit([1.0], 0.0, sigmoid).axes[0].lines
    y = line.get_ydata()
    assert (np.diff(y) > 0).all() and abs(np.diff(y)).max() < 0.02  # smooth, unlike a step


def test_layers_join_every_node_to_all_before():
    fig = network.layers([2, 3, 2, 2])
    (axes,) = fig.axes
    assert len(circles(axes)) == 9
    assert len(arrows(axes)) == 2 * 3 + 3 * 2 + 2 * 2
    colors = [circle.get_edgecolor() for circle in circles(axes)]
    assert colors[0] == plt.matplotlib.colors.to_rgba(COLORS["input"])
    assert colors[-1] == plt.matplotlib.colors.to_rgba(COLORS["output"])
    assert "layer 1 with 2, layer 2 with 3, layer 3 with 2, layer 4 with 2" in fig.alternative_text


def test_layers_with_biases_have_one_more_arrow_into_each_node():
    axes = network.layers([2, 3, 2], bias=True).axes[0]
    assert len(arrows(axes)) == (2 + 1) * 3 + (3 + 1) * 2
    assert words(axes).count("1") == 2


def test_layers_show_values_to_two_digits():
    fig = network.layers([2, 1], values=[[1.0, -0.5], [0.3168]], titles=["x", "y"])
    assert {"1.00", "−0.50", "0.32", "x", "y"} <= set(words(fig.axes[0]))
    assert "y: 0.32" in fig.alternative_text


def test_the_text_of_layers_calls_them_as_the_picture_does():
    names = [["$x_1$", "$x_2$"], ["NAND", "OR"], ["AND"]]
    fig = network.layers([2, 2, 1], names, titles=["input", "layer 1", "layer\n2"])
    assert "input with 2, layer 1 with 2, layer 2 with 1" in fig.alternative_text
    assert "input: x1, x2; layer 1: NAND, OR; layer 2: AND." in fig.alternative_text


def test_a_long_layer_is_shortened_and_says_its_size():
    axes = network.layers([784, 3]).axes[0]
    assert len(circles(axes)) == 4 + 3
    assert {"⋮", "784 nodes"} <= set(words(axes))


def test_arrows_into_one_node_stand_out():
    axes = network.layers([2, 3], into=(1, 1)).axes[0]
    strong = [arrow for arrow in arrows(axes) if arrow.arrow_patch.get_alpha() == 1]
    assert len(strong) == 2


def test_draw_layers_says_where_the_nodes_stand():
    fig, axes = plt.subplots()
    places = network.draw_layers(axes, [2, 3])
    plt.close(fig)
    assert [len(layer) for layer in places] == [2, 3]
    assert [tuple(circle.center) for circle in circles(axes)] == [
        place for layer in places for place in layer.values()]


def test_dense_layer_marks_one_column():
    W, b = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0]]), np.array([0.5, -1.0, 2.0])
    fig = network.dense_layer(W, b, node=1)
    left, right = fig.axes
    assert {"$W_{12}$ = −2", "$W_{22}$ = 1", "$b_2$ = −1"} <= set(words(left))
    assert len(right.patches) == 2 * 3 + 3
    thick = [patch for patch in right.patches if patch.get_linewidth() > 2]
    assert len(thick) == 3 and len({patch.get_x() for patch in thick}) == 1
    assert "−1 + x1 times −2 + x2 times 1" in fig.alternative_text


@pytest.mark.parametrize("batch, shapes", [
    (1, ["(2,)", "(2, 3)", "(3,)", "(3,)"]), (4, ["(4, 2)", "(2, 3)", "(3,)", "(4, 3)"])])
def test_dense_shapes_count_cells(batch, shapes):
    axes = network.dense_shapes([batch], inputs=2, outputs=3).axes[0]
    assert len(axes.patches) == batch * 2 + 2 * 3 + 3 + batch * 3
    assert [word for word in words(axes) if word.startswith("(")] == shapes


def test_every_picture_fits_a_page():
    for fig in (network.one_unit([1, 1], 0, step), network.layers([784, 50, 100, 10]),
                network.layers([3] * 7), network.dense_shapes([1, 6], 5, 5)):
        assert fig.get_figwidth() <= 8.01
