"""What the pictures of chapter 17 show."""
import io

import numpy as np
import pytest
from contrary import Contrary
from PIL import Image

from common.figures import ideas as draw
from common.figures import use_style

RNG = np.random.default_rng(0)

CONTRARY = {
    draw.updated_sums: Contrary(
        ([0], [[-1.0]], 0),
        says=("x = [0]", "before, [0], plus this row give the sums after, [−1]")),
    draw.climb: Contrary(
        (np.array([[2.0], [-1.0]]), [0, 1], ["seven"], "step"), says=("seven: 2.0 to −1.0",),
        never=("rising",)),
    draw.changes: Contrary(
        (np.zeros((1, 784)), np.zeros((1, 784)), ["same"], ["a\n0"]),
        says=("1 column of", "same: length 0.00, a 0.", "by more than 0.00")),
    draw.verdicts: Contrary(
        (np.zeros((1, 784)), [("noise", "nothing", ("nothing", 0.2))], ["MLP"]),
        says=("noise: people nothing, MLP nothing with 0.200",), never=("CNN",)),
    draw.distances: Contrary(
        (np.array([9.0, 9.0]), {"near": np.array([1.0])}),
        says=("test images: 9.0 to 9.0, half of them below 9.0; near: 1.0 to 1.0",),
        never=("farther",)),
}


def texts(thing):
    return [text.get_text() for text in thing.texts]


def test_updated_sums_add_the_row_of_the_pixel():
    fig = draw.updated_sums([1, 0, 1], [[1, 2], [-3, 4], [5, -6]], 1)
    assert "x = [1, 0, 1]" in fig.alternative_text
    assert "before, [6, −4], plus this row give the sums after, [3, 0]" in fig.alternative_text
    assert {"6", "−4", "3", "0", "+ row 1 of W", "0 → 1"} <= set(texts(fig.axes[0]))
    filled = [patch for patch in fig.axes[0].patches if patch.get_facecolor()[2] < 0.95]
    assert len(filled) == 3  # the pixel and its two weights


def test_animation_holds_every_frame_and_a_bar_that_grows():
    images = np.zeros((3, 784), dtype=np.float32)
    images[1, 0], images[2] = 1, 0.5
    animation = draw.Animation(images, 'a "search"', milliseconds=100, size=56)
    gif = Image.open(io.BytesIO(animation.gif))
    assert gif.n_frames == 3 and gif.size == (56, 66)
    assert "loop" not in gif.info  # it runs once
    frames = []
    for number in range(3):
        gif.seek(number)
        frames.append(np.asarray(gif.convert("L")).astype(int))
    np.testing.assert_array_equal(frames[0][:56], 0)
    np.testing.assert_array_equal(frames[1][:2, :2], 255)
    assert frames[1][:56].sum() == 4 * 255
    assert abs(frames[2][:56] - 128).max() <= 1
    assert [(frame[60] < 200).sum() for frame in frames] == [18, 37, 56]
    shown = animation._repr_mimebundle_()
    assert shown["text/plain"] == 'a "search"' == repr(animation)
    assert 'alt="a &quot;search&quot;"' in shown["text/html"]
    assert shown["text/html"].startswith('<img src="data:image/gif;base64,')


def test_an_animation_comes_to_rest_within_five_seconds():
    gif = Image.open(io.BytesIO(draw.Animation(np.random.rand(99, 784), "noise").gif))
    lasting = 0
    for number in range(gif.n_frames):
        gif.seek(number)
        lasting += gif.info["duration"]
    assert 4000 < lasting <= 5000


def test_climb_draws_a_line_for_each_name_and_names_do_not_meet():
    outputs = np.array([[-5.0, 0.0, 1.0], [10.0, 10.1, 3.0], [20.2, 20.0, 4.0]])
    fig = draw.climb(outputs, [0, 1, 2], ["a", "b", "c"], "sweep")
    axes = fig.axes[0]
    np.testing.assert_array_equal([line.get_ydata() for line in axes.lines], outputs.T)
    heights = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert heights == {"a, b": pytest.approx(20.1), "c": 4}
    assert "a: −5.0 to 20.2, b: 0.0 to 20.0, c: 1.0 to 4.0" in fig.alternative_text


def test_changes_show_the_difference_on_one_scale():
    images = np.full((2, 784), 0.5, dtype=np.float32)
    changed = images.copy()
    changed[0, :4] += 0.25
    changed[1, 0] -= 0.5
    fig = draw.changes(images, changed, ["a", "b"], ["read as 9", "read as\n4"])
    pictures = np.array([axes.images[0].get_array() for axes in fig.axes]).reshape(3, 2, 784)
    np.testing.assert_allclose(pictures[1], changed - images)
    np.testing.assert_allclose(pictures[2], changed)
    assert {axes.images[0].get_clim() for axes in fig.axes[2:4]} == {(-0.5, 0.5)}
    assert "a: length 0.50, read as 9; b: length 0.50, read as 4" in fig.alternative_text
    assert "more than 0.50" in fig.alternative_text


def test_verdicts_mark_what_people_say():
    images = RNG.random((2, 784))
    fig = draw.verdicts(images, [("a four", "4", (4, 0.9), (9, 0.75)), ("noise", "nothing", (8, 1),
                                                                     (8, 0.5))], ["MLP", "CNN"])
    assert len(fig.axes) == 2
    np.testing.assert_array_equal(fig.axes[1].images[0].get_array().ravel(), images[1])
    assert {"4 ✓  0.900", "9 ✗  0.750", "8 ✗  1.000", "8 ✗  0.500", "nothing"} <= set(texts(fig))
    assert "a four: people 4, MLP 4 with 0.900, CNN 9 with 0.750" in fig.alternative_text


def test_distances_draw_each_group_in_its_row():
    fig = draw.distances([1.0, 2.0, 4.0], {"ideas": [9.0, 8.0], "noise": [7.0]})
    above, below = fig.axes
    assert sum(patch.get_height() for patch in above.patches) == 3
    assert [line.get_xydata().tolist() for line in below.lines] == [
        [[9.0, 0.0], [8.0, 0.0]], [[7.0, 1.0]]]
    assert "test images: 1.0 to 4.0, half of them below 2.0" in fig.alternative_text
    assert "ideas: 8.0 to 9.0; noise: 7.0 to 7.0" in fig.alternative_text


def test_every_picture_fits_a_notebook():
    use_style()
    for fig in (draw.updated_sums([1, 0, 1, 1], RNG.integers(-3, 4, (4, 5)), 1),
                draw.changes(RNG.random((4, 784)), RNG.random((4, 784)), "abcd", "efgh"),
                draw.distances(RNG.random(9), {"a": RNG.random(3)}),
                draw.verdicts(RNG.random((1, 784)), [("a", "b", (4, 0.9))], ["MLP"])):
        assert fig.get_size_inches()[0] <= 8.01
