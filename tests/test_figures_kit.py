"""What the figure modules share."""
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb

from common.figures import kit, use_style
from common.palette import COLORS


@pytest.fixture
def axes():
    fig, axes = plt.subplots(figsize=(4, 3))
    yield axes
    plt.close(fig)


@pytest.mark.parametrize("value, form, text", [
    (-1.5, "g", "−1.5"), (-0.0, ".1f", "0.0"), (-0.004, ".2f", "0.00"), (0.2, "+.2f", "+0.20"),
    (-1e-5, ".0e", "−1e−05"), (float("-inf"), "g", "−inf"), (3, "g", "3"), (np.float32(0.5), "g",
    "0.5"), ("a-b", ".2f", "a-b"), (-0.0001, "+.1%", "0.0%")])
def test_a_number_has_a_real_minus_and_zero_has_no_sign(value, form, text):
    assert kit.number(value, form) == text


def test_numbers_and_counts():
    assert kit.numbers([1, -2.5]) == "1, −2.5"
    assert kit.numbers(np.array([[0.1, -0.26]]), ".1f") == "0.1, −0.3"
    assert kit.counted(1, "unit") == "1 unit" and kit.counted(2000, "unit") == "2,000 units"
    assert kit.counted(0, "class", "classes") == "0 classes"


@pytest.mark.parametrize("text", [
    "a 2-3-2 network", "three-layer", "x-1", "pages 3-5", "f(x)-1", "-w"])
def test_a_hyphen_between_words_is_no_minus(text):
    assert kit.minus(text) == text


def test_minus_in_a_sentence():
    text = kit.minus("from -1 to -.5, (-2) and [-3, 1e-05]")
    assert text == "from −1 to −.5, (−2) and [−3, 1e−05]"


def test_shades_go_from_white_to_the_colour():
    shades = kit.shades("wrong")
    assert to_hex(shades(0.0)) == "#ffffff" and to_hex(shades(1.0)) == COLORS["wrong"]


def test_an_image_has_a_thin_frame_and_no_ticks(axes):
    kit.show_image(axes, np.eye(3), "three")
    assert len(axes.get_xticks()) == len(axes.get_yticks()) == 0
    assert all(spine.get_visible() and spine.get_linewidth() < 1 for spine in axes.spines.values())
    assert axes.images[0].get_clim() == (0, 1) and axes.get_title() == "three"


@pytest.mark.parametrize("values, limit", [([[-3, 1]], 3), ([[0, 0]], 1)])
def test_zero_is_white_where_signs_count(axes, values, limit):
    kit.show_signed(axes, np.array(values))
    image = axes.images[0]
    assert image.get_clim() == (-limit, limit)
    assert min(image.cmap(image.norm(0.0))) > 0.96
    red, _, blue, _ = image.cmap(image.norm(limit))
    assert red > blue


def test_an_arrow_keeps_its_distance(axes):
    kit.arrow(axes, (0, 0), (10, 0), "input", gaps=(1, 2))
    [drawn] = axes.texts
    assert (*drawn.xyann, *drawn.xy) == (1, 0, 8, 0)
    assert to_hex(drawn.arrow_patch.get_edgecolor()) == COLORS["input"]


def test_a_label_is_made_smaller_only_where_it_does_not_fit():
    fig, axes = plt.subplots()
    kit.fit(fig, axes, (0, 4), (0, 2), inches=1)
    for text, width in [("a", 1), ("a long label", 1), ("a very, very long label", 0.2)]:
        kit.fitted(axes, 2, 1, text, width)
    short, long, longest = axes.texts
    assert short.get_fontsize() == 12 and longest.get_fontsize() == 8
    assert 8 < long.get_fontsize() < 12
    plt.close(fig)


def test_fit_never_gets_wider_than_a_page():
    fig, axes = plt.subplots()
    kit.fit(fig, axes, (0, 100), (0, 10))
    np.testing.assert_allclose(fig.get_size_inches(), [8, 0.8])
    plt.close(fig)


def test_a_table_marks_and_pads(axes):
    kit.table(axes, np.array([[-1, 0.5]]), (2, 3), "weight", "W", marked=np.array([[True, False]]),
              inner=np.array([[True, False]]))
    assert [text.get_text() for text in axes.texts] == ["−1", "0.5", "W"]
    first, second = axes.patches
    assert first.get_xy() == (2, 3) and to_hex(first.get_facecolor()) == kit.MARKED
    assert second.get_linestyle() == "--" and first.get_linestyle() == "-"


def test_bars_carry_their_numbers(axes):
    assert kit.label_bars(axes, axes.barh(["a", "b"], [1.25, -2]), ".1f") == ["1.2", "−2.0"]
    assert [text.get_text() for text in axes.texts] == ["1.2", "−2.0"]


def test_curves_are_told_as_they_run(axes):
    told = kit.draw_curves(axes, [1, 2, 3], {"training": [3, 2, 1], "validation": [2, 0.5, 1]},
                           "loss", "epoch", ".1f")
    assert told == ("loss, training: 3.0 at epoch 1, 1.0 at epoch 3; loss, validation: 2.0 at "
                    "epoch 1, lowest 0.5 at epoch 2, 1.0 at epoch 3")
    first, second = axes.lines
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_marker() != second.get_marker()


def test_curves_of_one_step_or_none_are_told_too(axes):
    assert kit.draw_curves(axes, [1], {"a": [0.5]}, "loss") == "loss, a: 0.500 at epoch 1"
    assert kit.draw_curves(axes, [], {"a": []}, "loss") == "loss, a: no values"
    told = kit.draw_curves(axes, [1, 2], {"a": [np.nan, np.nan]}, "loss")
    assert told == "loss, a: nan at epoch 1, nan at epoch 2"


@pytest.mark.parametrize("color, ink", [
    ("white", "black"), ("black", "white"), ("#2166ac", "white"), ("#b2182b", "white"),
    ("#f4a582", "black"), ("#92c5de", "black")])
def test_ink_is_readable_on_its_ground(color, ink):
    assert kit.ink_on(to_rgb(color)) == ink


def test_the_colour_of_a_number_follows_its_cell(axes):
    kit.write_numbers(axes, kit.show_signed(axes, np.array([[-1.0, -0.1], [0.05, 1.0]])), ".2f",
                      short=True)
    assert [(text.get_text(), text.get_color()) for text in axes.texts] == [
        ("−1.00", "white"), ("−.10", "black"), (".05", "black"), ("1.00", "white")]


@pytest.mark.parametrize("values, size", [([[-12, -20], [1, 2]], None), ([[1, 2]], 11)])
def test_numbers_stay_off_the_lines_of_their_cells(values, size):
    use_style()
    fig, axes = plt.subplots()
    kit.table(axes, np.array(values), (0, 0), "input")
    kit.fit(fig, axes, (-0.2, 24), (2.2, -0.2))
    renderer = FigureCanvasAgg(fig).get_renderer()
    fig.draw_without_rendering()
    for text, patch in zip(axes.texts, axes.patches):
        box = text.get_window_extent(renderer)
        cell = patch.get_window_extent(renderer)
        assert box.x0 > cell.x0 + 1 and box.x1 < cell.x1 - 1
        assert size in (None, text.get_fontsize())
    plt.close(fig)


@pytest.mark.parametrize("epochs", [1, 2, 3, 10, 100])
def test_steps_are_numbered_in_whole_steps(axes, epochs):
    kit.draw_curves(axes, np.arange(1, epochs + 1), {"a": np.ones(epochs)}, "loss")
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert 1 <= len(ticks) <= 12 and all(tick == int(tick) for tick in ticks)
