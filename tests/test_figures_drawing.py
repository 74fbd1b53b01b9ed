"""What the pictures of chapter 19 show."""
import numpy as np
import pytest
from contrary import Contrary

from common.drawing import preprocess
from common.drawing.reading import Reading
from common.drawing.strokes import draw_digit
from common.figures import COLORS, drawing

RNG = np.random.default_rng(0)

CORNER = np.zeros((280, 280), np.uint8)
CORNER[:3, 270:] = 255
CONTRARY = {
    drawing.preparing: Contrary(
        (CORNER,), says=("A drawing of 280×280", "ink, 3×10;", "20×20, 6×20;"),
        never=("the middle",)),
    drawing.reading: Contrary(
        (Reading(CORNER, np.zeros((28, 28)), np.zeros((28, 28)),
                 {"MLP": np.array([np.eye(10)[1], np.full(10, 0.1)])}),),
        says=("raw, MLP: 1 with 1.00; prepared, MLP: 0 with 0.10",), never=("CNN",)),
    drawing.against_shift: Contrary(
        ([0, 1], {("MLP", "prepared"): [0.1, 0.9]}), says=("MLP, prepared: 0.10, 0.90",),
        never=("falls", "raw")),
    drawing.centres: Contrary(
        ([[14.0, 14.0], [20.0, 20.0]],), says=("2 dots", "and a square", "50.0% of them"),
        never=("fill",)),
    drawing.sizes: Contrary(({"nothing": 0, "much": 2e6},), says=("nothing: 0.00 MB; much: 2.00",),
                            never=("smaller",)),
}


def images(fig):
    return [np.asarray(axes.images[0].get_array()) for axes in fig.axes if axes.images]


def test_the_steps_of_preparing_are_those_of_preprocess():
    drawn = draw_digit(4, size=100, top=30, left=150, width=10)
    fig = drawing.preparing(drawn)
    whole, box, small, prepared = images(fig)
    np.testing.assert_allclose(whole, drawn / 255)
    np.testing.assert_array_equal(prepared, preprocess(drawn))
    assert box.any(axis=1).all() and box.any(axis=0).all()  # no row and no column without ink
    assert box.sum() == pytest.approx(whole.sum()) and max(small.shape) == 20
    frame = fig.axes[0].patches[0].get_bbox()
    assert drawn[round(frame.y0 + 0.5), round(frame.x0 + 0.5):round(frame.x1 + 0.5)].any()
    assert (round(frame.height), round(frame.width)) == box.shape
    cross = fig.axes[3].lines[-1].get_xydata()[0]
    np.testing.assert_allclose(cross, (14, 14), atol=0.51)
    assert f"{box.shape[0]}×{box.shape[1]}" in fig.alternative_text


def test_a_reading_shows_the_images_and_a_bar_for_each_digit():
    answers = {name: RNG.dirichlet(np.ones(10), 2) for name in ("MLP", "CNN")}
    read = Reading(RNG.random((50, 50)), RNG.random((28, 28)), RNG.random((28, 28)), answers)
    fig = drawing.reading(read)
    shown = sorted((image for image in images(fig)), key=len)
    assert [len(image) for image in shown] == [28, 28, 50]
    panels = [axes for axes in fig.axes if axes.patches]
    expected = [answers[name][k] for name in answers for k in (0, 1)]
    assert len(panels) == 4
    for axes, p in zip(panels, expected):
        np.testing.assert_allclose([bar.get_height() for bar in axes.patches], p)
        assert axes.get_title().split(": ")[1] == f"{p.argmax()}, {p.max():.2f}"
        assert axes.lines[0].get_xdata()[0] == p.argmax()
    assert f"prepared, CNN: {answers['CNN'][1].argmax()}" in fig.alternative_text


def test_curves_against_the_shift():
    lines = {("MLP", "raw"): [0.9, 0.5], ("CNN", "raw"): [0.95, 0.7],
             ("MLP", "prepared"): [0.9, 0.89]}
    axes = drawing.against_shift([0, 3], lines).axes[0]
    for line, values in zip(axes.lines, lines.values()):
        np.testing.assert_allclose(line.get_xydata(), np.column_stack([[0, 3], values]))
    assert [line.get_linestyle() for line in axes.lines] == ["-", "-", "--"]
    assert axes.lines[0].get_color() == axes.lines[2].get_color() != axes.lines[1].get_color()
    assert "MLP, prepared: 0.90, 0.89" in drawing.against_shift([0, 3], lines).alternative_text


def test_centres_are_drawn_with_the_row_downwards():
    fig = drawing.centres([(13.6, 14.2), (14.9, 14.0)])
    np.testing.assert_array_equal(fig.axes[0].lines[0].get_xydata(), [(14.2, 13.6), (14.0, 14.9)])
    assert fig.axes[0].yaxis_inverted() and "50.0%" in fig.alternative_text


def test_sizes_are_bars_in_order():
    fig = drawing.sizes({"float32": 4_000_000, "int8": 1_000_000})
    assert [bar.get_width() for bar in fig.axes[0].patches] == [4, 1]
    assert fig.axes[0].patches[0].get_facecolor() == plt_color(COLORS["weight"])
    assert "int8: 1.00 MB" in fig.alternative_text


def plt_color(color):
    from matplotlib.colors import to_rgba
    return to_rgba(color)
