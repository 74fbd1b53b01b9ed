"""What the pictures of arrays, axes and slopes show."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import arrays

CONTRARY = {
    arrays.tables: Contrary(
        ({"a": np.array([-0.0])},), says=("a, shape (1,): 0.",), never=("-0", "Marked")),
    arrays.along: Contrary(
        (np.array([[2]]), 0, np.array([2]), "sum"),
        says=("1 row and 1 column: 2.", "gives 2."), never=("rows", "columns")),
    arrays.slope: Contrary(
        (lambda x: 0 * x, 0.0, 0.1, (-1, 1)), says=("the slope of the line is 0.000",),
        never=("rises", "falls", "−0.000")),
}


def texts(fig):
    return [text.get_text() for text in fig.axes[0].texts]


def test_tables_show_numbers_shapes_and_axes():
    fig = arrays.tables({"row": np.array([1.5, -2]), "grid": np.arange(6).reshape(2, 3)},
                        marked={"grid": np.arange(6).reshape(2, 3) > 4})
    shown = texts(fig)
    for text in ("1.5", "−2", "5", "shape (2,)", "shape (2, 3)", "row", "grid"):
        assert text in shown
    assert shown.count("axis 0") == 2 and shown.count("axis 1") == 1
    assert fig.alternative_text == ("row, shape (2,): 1.5, −2. grid, shape (2, 3): 0, 1, 2; 3, 4, "
                                    "5. Marked: 5.")


def test_tables_without_axes_and_without_marks():
    fig = arrays.tables({"a": np.zeros((1, 1))}, marked={"a": np.zeros((1, 1), bool)}, axes_of=[])
    assert not [text for text in texts(fig) if text.startswith("axis")]
    assert fig.alternative_text.endswith("Marked: nothing.")


@pytest.mark.parametrize("axis, way", [(0, "down each column"), (1, "along each row")])
def test_along_tells_the_way_and_the_result(axis, way):
    grid = np.array([[1, 7], [9, 3], [0, 2]])
    fig = arrays.along(grid, axis, grid.max(axis=axis), "max")
    assert f"max(axis={axis})" in texts(fig)
    assert f"max(axis={axis}) goes {way} and gives " in fig.alternative_text
    assert fig.alternative_text.endswith({0: "9, 7.", 1: "7, 9, 2."}[axis])


def test_slope_is_rise_divided_by_run():
    fig = arrays.slope(lambda x: x ** 2, 1.0, 0.5, (-1, 3))
    assert "slope 2.000" in fig.axes[0].get_title()
    (left, right), (low, high) = fig.axes[0].lines[2].get_data()
    assert (left, right, low, high) == (0.5, 1.5, 0.25, 2.25)
    falling = arrays.slope(lambda x: -3 * x, 0.0, 0.1, (-1, 1))
    assert "the slope of the line is −3.000" in falling.alternative_text
