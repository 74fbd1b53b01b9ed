"""What the pictures of data sets show."""
import numpy as np
from contrary import Contrary

from common.figures import data

CONTRARY = {
    data.class_counts: Contrary(
        (np.array([1, 2, 2, 2]), np.array([], int)),
        says=("training: 0, 1, 3, 0, 0, 0, 0, 0, 0, 0, which is 0% to 750% of a tenth",
              "test: none"), never=("near a tenth", "All bars")),
    data.one_hot_table: Contrary(
        (np.array([2, 0]), np.array([[1.0, 0, 0], [0, 0, 0.5]])),
        says=("label 2, 1 at 0", "label 0, 1 at no place, and not 0 elsewhere"),
        never=("all 0 but for one", "each row's label")),
    data.saturation: Contrary(
        ({"none at the ends": np.full(4, 0.5)},), says=("none at the ends, 0.0%",),
        never=("first layer",)),
    data.block_scores: Contrary(
        ([0.5, 0.5], [0.9]),
        says=("highest, 0.500, in block 1, and 0.500 to 0.500", "On 1 part drawn at random: 0.900"),
        never=("clearer", "1 parts")),
    data.accuracy_bars: Contrary(
        ({"worse than guessing": 0.01},), {"chance": 0.1},
        says=("worse than guessing: 0.0100", "guessing, 0.1"), never=("better", "best")),
    data.block_scores: Contrary(
        ([0.5, 0.5], [0.9]), says=("the highest, 0.500, in block 1", "drawn at random: 0.900"),
        never=("last",)),
    data.data_split: Contrary(
        (10, 60, 1), says=("10 training images", "60 validation images", "1 test image to"),
        never=("most", "small")),
    data.choice: Contrary(
        ([0, 1, 2], [0.5, 0.5, 0.5], "depth"),
        says=("0: 0.5000; 1: 0.5000; 2: 0.5000",), never=("lowest", "rises", "falls")),
}


def test_class_counts():
    fig = data.class_counts(np.array([0, 1, 1, 9]), np.array([3, 3]))
    train, test = fig.axes
    assert [bar.get_height() for bar in train.patches] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [bar.get_height() for bar in test.patches] == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0]
    assert train.get_title().startswith("4 training images")
    assert train.lines[0].get_ydata()[0] == 0.4
    assert "training: 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, which is 0% to 500% of a tenth" \
        in fig.alternative_text


def test_one_hot_table_frames_the_ones():
    t = np.array([2, 0])
    fig = data.one_hot_table(t, np.eye(3)[t])
    axes = fig.axes[0]
    assert [text.get_text() for text in axes.texts] == ["0", "0", "1", "1", "0", "0"]
    assert [frame.get_xy() for frame in axes.patches] == [(1.5, -0.5), (-0.5, 0.5)]
    assert "label 2, 1 at 2; label 0, 1 at 0." in fig.alternative_text


def test_saturation_counts_what_lies_at_the_ends():
    z = {"soft": np.array([0.2, 0.5, 0.5, 0.001]), "hard": np.array([[0.0, 1.0], [1.0, 1.0]])}
    fig = data.saturation(z)
    for axes, total_at_end in zip(fig.axes, [0, 0.75]):
        heights = [bar.get_height() for bar in axes.patches]
        assert np.isclose(sum(heights), 1) and np.isclose(heights[-1], total_at_end)
    assert "soft, 25.0%; hard, 100.0%" in fig.alternative_text


def test_accuracy_bars():
    fig = data.accuracy_bars({"good": 0.97, "bad": 0.125}, chance=0.1)
    axes = fig.axes[0]
    assert [bar.get_width() for bar in axes.patches] == [0.97, 0.125]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["good", "bad"]
    assert axes.lines[0].get_xdata()[0] == 0.1
    assert "good: 0.9700; bad: 0.1250" in fig.alternative_text
    assert not data.accuracy_bars({"good": 0.97}).axes[0].lines


def test_data_split_is_drawn_to_scale():
    fig = data.data_split(55_000, 5_000, 10_000)
    widths = [bar.get_width() for bar in fig.axes[0].patches]
    np.testing.assert_allclose(widths, np.array([55, 5, 10]) / 70)
    written = " ".join(text.get_text() for text in fig.axes[0].texts)
    for number in ("55,000", "5,000", "10,000", "60,000"):
        assert number in written
    assert "55,000 training" in fig.alternative_text


def test_choice_marks_the_best():
    fig = data.choice(np.array([0.1, 0.2, 0.3]), np.array([0.5, 0.8, 0.7]), "threshold")
    curve, best = fig.axes[0].lines
    np.testing.assert_array_equal(curve.get_ydata(), [0.5, 0.8, 0.7])
    assert (best.get_xdata()[0], best.get_ydata()[0]) == (0.2, 0.8)
    assert "A diamond marks the highest, at 0.2" in fig.alternative_text


def test_block_scores_name_the_highest_block_and_the_draws():
    fig = data.block_scores([0.8, 0.9, 0.7], [0.75, 0.81])
    blocks, drawn = fig.axes[0].lines
    assert blocks.get_ydata().tolist() == [0.8, 0.9, 0.7]
    assert drawn.get_ydata().tolist() == [0.75, 0.81]
    assert min(drawn.get_xdata()) > max(blocks.get_xdata())
    assert "0.900, in block 2, and 0.700 to 0.800 in the others" in fig.alternative_text
    assert "2 parts drawn at random: 0.750, 0.810" in fig.alternative_text
