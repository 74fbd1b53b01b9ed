"""What the pictures of data sets show."""
import numpy as np

from common.figures import data


def test_class_counts():
    fig = data.class_counts(np.array([0, 1, 1, 9]), np.array([3, 3]))
    train, test = fig.axes
    assert [bar.get_height() for bar in train.patches] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [bar.get_height() for bar in test.patches] == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0]
    assert train.get_title().startswith("4 training images")
    assert train.lines[0].get_ydata()[0] == 0.4
    assert "training: 1, 2, 0, 0, 0, 0, 0, 0, 0, 1" in fig.alternative_text


def test_one_hot_table_frames_the_ones():
    t = np.array([2, 0])
    fig = data.one_hot_table(t, np.eye(3)[t])
    axes = fig.axes[0]
    assert [text.get_text() for text in axes.texts] == ["0", "0", "1", "1", "0", "0"]
    assert [frame.get_xy() for frame in axes.patches] == [(1.5, -0.5), (-0.5, 0.5)]
    assert "at the places 2, 0" in fig.alternative_text


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
    assert "0.8000 at 0.2" in fig.alternative_text
