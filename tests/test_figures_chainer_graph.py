"""The graph is drawn as Chainer remembers it, and the log as it was kept."""
import json

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest
from contrary import Contrary
from matplotlib.colors import to_hex
from matplotlib.text import Annotation

from common.course import COURSE
from common.figures import COLORS
from common.figures import chainer_graph as draw

CONTRARY = {
    draw.computational_graph: Contrary(
        (chainer.Variable(np.array(-2, np.float32)),), {"titles": ["alone"]},
        says=("alone: −2, no function.",), never=("into", "gives")),
    draw.training_log: Contrary(
        ([{"epoch": 3, "loss": -0.5}], {"loss": {"training": "loss"}}),
        says=("loss, training: −0.5000 at epoch 3.",), never=("falls", "rises", "after")),
}


def number(value, name=None):
    return chainer.Variable(np.array(value, dtype=np.float32), name=name)


def boxes(axes):
    """The text of each box, with where it stands (column, row)."""
    return {text.get_text(): text.get_position() for text in axes.texts
            if not isinstance(text, Annotation)}


def arrows(axes):
    return [text for text in axes.texts if isinstance(text, Annotation)]


def edge(axes, word):
    (box,) = [text for text in axes.texts if text.get_text() == word]
    return to_hex(box.get_bbox_patch().get_edgecolor())


@pytest.fixture
def parabola():
    x = number(3, "x")
    a, b = x ** 2, 2 * x
    c = a - b
    y = c + 1
    return y, {"x": x, "a": a, "b": b, "c": c, "y": y}


def test_every_variable_and_function_has_a_box(parabola):
    y, names = parabola
    (axes,) = draw.computational_graph(y, names=names).axes
    assert set(boxes(axes)) == {"x = 3", "a = 9", "b = 6", "c = 3", "y = 4",
                                "_ ** 2", "_ * 2", "_ - _", "_ + 1"}
    assert len(arrows(axes)) == 9  # five into functions and four out of them


def test_rows_follow_the_order_of_the_computation(parabola):
    y, names = parabola
    (axes,) = draw.computational_graph(y, names=names).axes
    rows = {word: place[1] for word, place in boxes(axes).items()}
    ways = [["x = 3", "_ ** 2", "a = 9", "_ - _", "c = 3", "_ + 1", "y = 4"],
            ["x = 3", "_ * 2", "b = 6", "_ - _"]]
    for way in ways:
        assert [rows[word] for word in way] == list(range(len(way)))
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # row 0 is at the top
    assert boxes(axes)["_ ** 2"][0] + 1 <= boxes(axes)["_ * 2"][0]  # side by side


def test_gradients_are_written_where_they_are_known(parabola):
    y, names = parabola
    assert "gradient" not in "".join(boxes(
        draw.computational_graph(y, names=names, gradients=True).axes[0]))
    y.backward(retain_grad=True)
    fig = draw.computational_graph(y, names=names, gradients=True)
    assert {"x = 3\ngradient 4", "b = 6\ngradient −1"} <= set(boxes(fig.axes[0]))
    assert "x = 3, gradient 4 into _ * 2 gives b = 6, gradient −1." in fig.alternative_text


def test_parameters_stand_beside_the_data_and_have_their_colour():
    dense = L.Linear(4, 3)
    x = chainer.Variable(np.zeros((5, 4), np.float32), name="x")
    y = dense(x)
    fig = draw.computational_graph(y, names={"y": y})
    (axes,) = fig.axes
    places = boxes(axes)
    assert set(places) == {"x  (5, 4)", "W  (3, 4)", "b  (3,)", "LinearFunction", "y  (5, 3)"}
    assert places["x  (5, 4)"][0] == places["LinearFunction"][0] == places["y  (5, 3)"][0]
    assert places["x  (5, 4)"][0] < places["W  (3, 4)"][0] < places["b  (3,)"][0]
    assert [edge(axes, word) for word in ("x  (5, 4)", "W  (3, 4)", "y  (5, 3)")] == [
        COLORS["input"], COLORS["weight"], COLORS["output"]]
    assert "x (5, 4), W (3, 4), b (3,) into LinearFunction gives y (5, 3)." in fig.alternative_text


def heads(axes):
    """Where arrows end, (column, row), those into functions: they end in the odd rows."""
    return [arrow.xy for arrow in arrows(axes) if round(arrow.xy[1]) % 2]


def test_no_two_inputs_share_an_arrowhead(parabola):
    y, names = parabola
    x = number(2, "x")
    loss = F.softmax_cross_entropy(L.Linear(4, 3)(np.zeros((5, 4), np.float32)),
                                   np.zeros(5, np.int32))
    for end, count in [(y, 5), (loss, 5), (x * x, 2)]:
        (axes,) = draw.computational_graph(end).axes
        assert len(set(heads(axes))) == len(heads(axes)) == count
    (axes,) = draw.computational_graph(y, names=names).axes
    left, right = sorted(head[0] for head in heads(axes) if round(head[1]) == 3)
    assert left < boxes(axes)["_ - _"][0] < right


def test_parameters_stand_right_above_the_function_that_takes_them():
    model = chainer.Sequential(L.Linear(4, 3), F.relu, L.Linear(3, 2))
    loss = F.softmax_cross_entropy(model(np.zeros((5, 4), np.float32)), np.zeros(5, np.int32))
    (axes,) = draw.computational_graph(loss, names={"loss": loss}).axes
    places = boxes(axes)
    assert places["W  (2, 3)"][1] == places["W  (3, 4)"][1] + 4
    assert places["SoftmaxCrossEntropy"][1] == places["W  (2, 3)"][1] + 3
    assert any(word.startswith("loss = ") for word in places)


def test_no_two_boxes_share_a_place():
    x = number(2)
    y = F.exp(x) * x + x ** 2 * F.sin(x)
    (axes,) = draw.computational_graph(y).axes
    texts = [text for text in axes.texts if not isinstance(text, Annotation)]
    places = [tuple(np.round(text.get_position(), 6)) for text in texts]
    assert len(set(places)) == len(places)


def test_several_graphs_stand_side_by_side():
    zero = number(0)
    fig = draw.computational_graph(number(2) ** 2, F.exp(zero) + 1, titles=["one", "two"])
    assert [axes.get_title() for axes in fig.axes] == ["one", "two"]
    assert [len(boxes(axes)) for axes in fig.axes] == [3, 5]
    assert fig.alternative_text.endswith(
        "one: 2 into _ ** 2 gives 4. two: 0 into exp gives 1. 1 into _ + 1 gives 2.")


def test_a_variable_that_nobody_made_is_one_box():
    fig = draw.computational_graph(number(2, "x"))
    assert list(boxes(fig.axes[0])) == ["x = 2"]
    assert "no function" in fig.alternative_text


def test_a_number_that_chainer_forgot_is_called_a_number():
    fig = draw.computational_graph((number(2) + 1) + 1)  # no slope needs 2 or 3, so both are gone
    assert set(boxes(fig.axes[0])) == {"a number", "_ + 1", "4"}


def test_the_slider_of_chapter_09_shows_each_number_on_the_way():
    cells = json.loads((COURSE / "chapters/09_chainer.ipynb").read_text(encoding="utf-8"))["cells"]
    (source,) = [text for text in map("".join, (cell["source"] for cell in cells))
                 if "def graph_of_doubling" in text]
    known = {"chainer": chainer, "np": np, "draw": draw}
    exec(source.split("\n\n\nplay(")[0], known)
    assert set(boxes(known["graph_of_doubling"](3).axes[0])) == {"x = 3", "_ * 2", "6", "12"}


def test_a_long_graph_is_drawn_whole():
    steps = [number(0)]
    for _ in range(60):
        steps.append(steps[-1] + 1)
    fig = draw.computational_graph(steps[-1])
    assert len(boxes(fig.axes[0])) == 61 + 1  # the numbers 0 to 60, and "_ + 1", all of one text
    assert len(arrows(fig.axes[0])) == 2 * 60


LOG = [{"epoch": 1, "main/loss": 0.5, "validation/main/loss": np.float32(0.4)},
       {"epoch": 2, "main/loss": 0.25, "validation/main/loss": np.float32(0.3)}]
CURVES = {"loss": {"training": "main/loss", "validation": "validation/main/loss"}}


def test_training_log_draws_the_values_of_the_log():
    fig = draw.training_log(LOG, CURVES)
    (axes,) = fig.axes
    training, validation = axes.lines
    np.testing.assert_array_equal(training.get_xdata(), [1, 2])
    np.testing.assert_array_equal(training.get_ydata(), [0.5, 0.25])
    np.testing.assert_allclose(validation.get_ydata(), [0.4, 0.3], rtol=1e-6)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(CURVES["loss"])
    assert training.get_linestyle() != validation.get_linestyle()  # not colour alone
    assert "loss, training: 0.5000 at epoch 1, 0.2500 at epoch 2" in fig.alternative_text


def test_training_log_has_a_panel_for_each_kind_of_value():
    log = [{**entry, "main/accuracy": 0.9} for entry in LOG]
    fig = draw.training_log(log, {**CURVES, "accuracy": {"training": "main/accuracy"}}, "a net")
    assert [axes.get_ylabel() for axes in fig.axes] == ["loss", "accuracy"]
    assert fig.get_figwidth() <= 8 and "(a net)" in fig.alternative_text
