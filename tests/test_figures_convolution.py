"""What the pictures of a convolution show."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import convolution as draw

IMAGE = np.array([[4, 9, 3, 1], [6, 8, 0, 2], [7, 5, 8, 4], [1, 8, 2, 9]])
KERNEL = np.array([[4, 3, -2], [-7, 1, 3], [2, 0, -3]])

CONTRARY = {
    draw.convolution_step: Contrary(
        (np.array([[-2]]), np.array([[3]]), 0),
        says=("Step 1 of 1.", "the products sum to −6.", "so far: −6; 0 still empty")),
    draw.windows: Contrary(
        ([(3, 3, 1, 0), (4, 3, 2, 0)],),
        says=("1×1 windows, so an output of 1×1", "1 of its 4 rows and columns are read by no"),
        never=("the next one",)),
    draw.pooling: Contrary(
        (np.array([[-1, -2], [-3, -4]]),), says=("the largest numbers: −1,", "averages: −2.5.")),
    draw.channels: Contrary(
        (1, 3, 1, 3), says=("a stack of 1 channel,", "1 filter,", "an output of 1 channel, 1×1")),
    draw.channel_sum: Contrary(
        ([np.array([[1]])], [np.array([[-2]])], -1),
        says=("each of 1 channel,", "sum to −2; together with the bias −1 that is one number, −3")),
    draw.connections: Contrary(
        (2, 2), says=("2 inputs to 1 output.", "2 neighbouring inputs, and", "dense: every"),
        never=("only",)),
}


def texts(fig):
    return [text.get_text() for axes in fig.axes for text in axes.texts]


def frames(fig):
    """(x, y, width, height) of the thick frames."""
    return [(*patch.get_xy(), patch.get_width(), patch.get_height())
            for axes in fig.axes for patch in axes.patches
            if hasattr(patch, "get_xy") and patch.get_linewidth() == 3]


@pytest.mark.parametrize("step, frame, total, so_far", [
    (0, (0, 0, 3, 3), "16 + 27 − 6 − 42 + 8 + 0 + 14 + 0 − 24 = −7", ["−7", "", "", ""]),
    (3, (1, 1, 3, 3), "= 2", ["−7", "−9", "24", "2"])])
def test_step_frames_the_window_and_writes_the_sum(step, frame, total, so_far):
    fig = draw.convolution_step(IMAGE, KERNEL, step)
    assert frames(fig) == [frame]
    written = texts(fig)
    assert any(text.endswith(total) for text in written)
    written = [text for text in written if " = " not in text]
    assert written[-5:] == so_far + ["output"]
    assert "image" in written and "kernel" in written and "products" in written
    assert f"Step {step + 1} of 4" in fig.alternative_text
    assert ", ".join(so_far[:step + 1]) in fig.alternative_text


def test_step_with_padding_writes_the_zeros_and_dashes_them():
    fig = draw.convolution_step(IMAGE, KERNEL, 6, pad=1)
    assert "sum to −9" in fig.alternative_text and "Step 7 of 16" in fig.alternative_text
    dashed = [patch for patch in fig.axes[0].patches if patch.get_linestyle() == "--"]
    assert len(dashed) == 6 * 6 - 4 * 4
    assert frames(fig) == [(2, 1, 3, 3)]


def test_step_with_stride_moves_further():
    fig = draw.convolution_step(IMAGE, KERNEL, 3, stride=2, pad=1)
    assert frames(fig) == [(2, 2, 3, 3)]
    assert "Step 4 of 4" in fig.alternative_text


@pytest.mark.parametrize("setting, out", [
    ((4, 3, 1, 0), 2), ((4, 3, 1, 1), 4), ((7, 3, 2, 0), 3), ((6, 3, 2, 0), 2), ((5, 5, 1, 0), 1)])
def test_windows_has_a_dot_for_each_output(setting, out):
    fig = draw.windows([setting])
    dots = fig.axes[0].lines[0].get_xydata()
    assert len(dots) == out * out
    size, kernel, stride, pad = setting
    assert len(np.unique(dots[:, 1])) == out
    if out > 1:
        assert np.unique(np.diff(np.unique(dots[:, 1]))) == [stride]
    assert len(frames(fig)) == (2 if out > 1 else 1)
    assert f"output of {out}×{out}" in fig.alternative_text
    zeros = [text for text in texts(fig) if text == "0"]
    below = {(x, y) for x, y in np.floor(dots) if kernel % 2
             and not (pad <= min(x, y) and max(x, y) < size + pad)}
    assert len(zeros) + len(below) == (size + 2 * pad) ** 2 - size ** 2


@pytest.mark.parametrize("setting", [(5, 1, 1, 1), (5, 3, 1, 2), (6, 3, 2, 2), (5, 2, 1, 1)])
def test_no_dot_stands_on_a_zero_of_the_padding(setting):
    axes = draw.windows([setting]).axes[0]
    zeros = [text.get_position() for text in axes.texts if text.get_text() == "0"]
    gaps = axes.lines[0].get_xydata()[:, None] - np.array(zeros).reshape(-1, 2)
    assert np.abs(gaps).max(axis=2).min(initial=1) >= 0.5


def test_windows_hatches_what_is_never_read():
    fig = draw.windows([(6, 3, 2, 0), (7, 3, 2, 0)])
    hatched = [patch for patch in fig.axes[0].patches if patch.get_hatch()]
    assert len(hatched) == 6 + 5
    assert fig.alternative_text.count("read by no window") == 1


def test_pooling_writes_both_outputs_and_circles_the_largest():
    fig = draw.pooling(IMAGE)
    written = texts(fig)
    assert written[:17] == [*map(str, IMAGE.ravel()), "image"]
    assert [text for text in written[17:] if text] == [
        "9", "3", "8", "9", "maximum", "6.75", "1.5", "5.25", "5.75", "average"]
    centres = [patch.center for patch in fig.axes[0].patches if hasattr(patch, "get_radius")]
    assert [IMAGE[int(y), int(x)] for x, y in centres] == [9, 3, 8, 9]
    assert "9 3; 8 9" in fig.alternative_text and "6.75 1.5; 5.25 5.75" in fig.alternative_text


def test_channels_names_every_shape():
    fig = draw.channels(depth=3, size=6, filters=2, kernel=3)
    written = " ".join(texts(fig))
    for part in ["(3, 6, 6)", "filter 1  (3, 3, 3)", "filter 2  (3, 3, 3)", "map 2  (4, 4)",
                 "(2, 4, 4)", "+ b1", "+ b2"]:
        assert part in written
    assert "2 filters, each a stack of 3" in fig.alternative_text
    squares = [patch for patch in fig.axes[0].patches if hasattr(patch, "get_xy")]
    assert len([p for p in squares if getattr(p, "get_width", lambda: 0)() == 1.1]) == 2 * 3


def test_connections_count_the_weights():
    fig = draw.connections(inputs=6, kernel=3)
    dense, shared = fig.axes
    assert len(dense.lines) == 24 and len(shared.lines) == 4 * 3
    assert dense.get_title() == "dense: 24 weights"
    assert shared.get_title() == "convolution: 3 weights"
    letters = [text.get_text() for text in shared.texts]
    assert letters == ["a", "b", "c"] * 4
    styles = {letter: line.get_linestyle() for letter, line in zip(letters, shared.lines)}
    assert len(set(styles.values())) == 3  # a weight has a line of its own, not a colour alone
