"""What the pictures of chapter 05 show."""
import numpy as np
import pytest
from contrary import Contrary
from matplotlib.patches import Rectangle

from common.figures import inference as draw

Y = np.array([0, 0.004, 0.006, 0.05, 0, 0, 0, 0.74, 0.2, 0])
PARAMS = {"W1": np.zeros((784, 50)), "b1": np.zeros(50), "W2": np.zeros((50, 100)),
          "b2": np.zeros(100), "W3": np.zeros((100, 10)), "b3": np.zeros(10)}
CONFIDENCE = np.array([0.3, 0.95, 0.95, 0.6, 0.96, 0.92])
RIGHT = np.array([False, True, True, True, False, True])

CONTRARY = {
    draw.image_and_answer: Contrary(
        (np.zeros(784), np.full(10, 0.1)), {"label": 9},
        says=("answer 0, with probability 0.10, which is wrong: 9 gets 0.10",),
        never=("sure", "which is right")),
    draw.shape_flow: Contrary(
        (PARAMS, 1), says=("each 1 row high, one for each image", "x (1, 784)"),
        never=("unchanged",)),
    draw.seconds_per_image: Contrary(
        ([1, 10], [1e-6, 1e-3]), says=("1: 1, 10: 1e+03",), never=("falls", "saves", "faster")),
    draw.accuracy_by_brightness: Contrary(
        ([0.5, 2.0], [0.1, 0.9]), says=("A diamond marks factor 0.5", "times 2: 0.90"),
        never=("factor 1,", "falls")),
    draw.confidence_of_right_and_wrong: Contrary(
        (np.array([0.3]), np.array([False])),
        says=("of the 0 right answers 0", "of the 1 wrong answers 0 have a confidence of 0.9 or "
              "more and 1 one below 0.5"), never=("sure", "nan")),
    draw.answers_kept: Contrary(
        (CONFIDENCE, ~RIGHT), {"threshold": 0.5},
        says=("threshold 0.50: 83.3% answered, 20.0% of them right",), never=("rises", "better")),
}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def blocks(axes):
    """(left, bottom, width, height) of each rectangle, rounded."""
    return [tuple(np.round([*patch.get_xy(), patch.get_width(), patch.get_height()], 6))
            for patch in axes.patches if isinstance(patch, Rectangle)]


def test_image_and_answer_draws_the_image_and_the_probabilities():
    image = np.linspace(0, 1, 784, dtype=np.float32)
    fig = draw.image_and_answer(image, Y)
    left, right = fig.axes
    np.testing.assert_array_equal(left.images[0].get_array(), image.reshape(28, 28))
    np.testing.assert_allclose([bar.get_height() for bar in right.patches], Y)
    assert texts(right) == ["0.01", "0.05", "▼\n0.74", "0.20"]
    assert right.get_title() == "answer 7, confidence 0.74"
    assert "answer 7, with probability 0.74" in fig.alternative_text
    assert "right" not in right.get_title() + left.get_title()


def test_image_and_answer_says_if_the_answer_is_right():
    image = np.zeros((1, 28, 28))
    fig = draw.image_and_answer(image, Y, label=7)
    assert fig.axes[0].get_title() == "label 7"
    assert fig.axes[1].get_title().endswith("right ✓")
    assert fig.alternative_text.endswith("which is right.")
    fig = draw.image_and_answer(image, Y, label=8)
    assert fig.axes[1].get_title().endswith("wrong ✗")
    assert fig.alternative_text.endswith("which is wrong: 8 gets 0.20.")


def test_a_confidence_just_below_one_does_not_read_as_one():
    y = np.array([0.9996, 0.0004, 0, 0, 0, 0, 0, 0, 0, 0])
    assert "confidence 0.9996" in draw.image_and_answer(np.zeros(784), y).axes[1].get_title()


def test_image_and_answer_shows_bytes_from_black_to_white():
    image = np.zeros(784, dtype=np.uint8)
    image[0] = 255
    assert draw.image_and_answer(image, Y).axes[0].images[0].get_clim() == (0, 255)
    assert draw.image_and_answer(image / 510, Y).axes[0].images[0].get_clim() == (0, 1)


@pytest.mark.parametrize("images, shapes", [
    (None, ["(784,)", "(50,)", "(100,)", "(10,)"]),
    (100, ["(100, 784)", "(100, 50)", "(100, 100)", "(100, 10)"]),
])
def test_shape_flow_names_every_shape(images, shapes):
    fig = draw.shape_flow(PARAMS, images)
    written = texts(fig.axes[0])
    names = ["x", "z1", "z2", "z3"]
    for name, shape in zip(names, shapes):
        assert any(text.startswith(f"{name}  {shape}") for text in written)
        assert f"{name} {shape}" in fig.alternative_text
    for text in ["W1  (784, 50)\nb1  (50,)", "W2  (50, 100)\nb2  (100,)",
                 "W3  (100, 10)\nb3  (10,)", "784 = 784", "50 = 50", "100 = 100"]:
        assert text in written
    assert ("100 images" in written) == (images == 100)


def test_shape_flow_aligns_each_result_with_its_weights_and_its_batch():
    data, weights = [], []
    for block in blocks(draw.shape_flow(PARAMS, 100).axes[0]):
        (data if block[1] == 0 else weights).append(block)
    assert len(data) == 4 and len(weights) == 6
    assert len({height for *_, height in data}) == 1  # the batch is as high everywhere
    for result, b, W in zip(data[1:], weights[::2], weights[1::2]):
        assert result[0] == b[0] == W[0] and result[2] == b[2] == W[2]
    for before, W in zip(data, weights[1::2]):
        assert before[2] == W[3]  # columns of the data, rows of the weights
    heights = [max(block[3] for block in blocks(draw.shape_flow(PARAMS, images).axes[0])
                   if block[1] == 0) for images in (None, 10, 100)]
    assert heights == sorted(set(heights))


def test_shape_flow_follows_the_network_it_is_given():
    other = {"W1": np.zeros((4, 3)), "b1": np.zeros(3), "W2": np.zeros((3, 5)), "b2": np.zeros(5),
             "W3": np.zeros((5, 2)), "b3": np.zeros(2)}
    fig = draw.shape_flow(other, images=7)
    for shape in ["x (7, 4)", "z1 (7, 3)", "z2 (7, 5)", "z3 (7, 2)", "W3 (5, 2)"]:
        assert shape in fig.alternative_text
    assert "7 images" in texts(fig.axes[0])


def test_shape_flow_wants_shapes_that_chain():
    with pytest.raises(ValueError, match="W2 has 40 rows, but W1 has 50 columns"):
        draw.shape_flow(PARAMS | {"W2": np.zeros((40, 100))})


def test_seconds_per_image_draws_microseconds_and_the_model():
    sizes, seconds = [1, 10, 100, 1000], [30e-6, 6e-6, 2.5e-6, 2e-6]
    axes, = draw.seconds_per_image(sizes, seconds, per_call=28e-6, per_image=2e-6).axes
    measured, model = axes.lines
    np.testing.assert_allclose(measured.get_xydata(), np.c_[sizes, [30, 6, 2.5, 2]])
    np.testing.assert_allclose(model.get_ydata()[[0, -1]], [30, 2.028])
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "1\n30 µs", "10\n6 µs", "100\n2.5 µs", "1,000\n2 µs"]
    low, high = axes.get_ylim()
    assert low < 2 and high > 30


def test_seconds_per_image_works_without_the_model():
    fig = draw.seconds_per_image([1, 100], [3e-5, 2e-6])
    assert len(fig.axes[0].lines) == 1
    assert "1: 30, 100: 2." in fig.alternative_text and "dashed" not in fig.alternative_text


def test_accuracy_by_brightness_marks_training_and_the_end():
    factors, accuracies = [1 / 255, 1 / 16, 1, 4, 255], [0.11, 0.5, 0.97, 0.96, 0.95]
    fig = draw.accuracy_by_brightness(factors, accuracies)
    axes, = fig.axes
    curve, trained, guessing = axes.lines
    np.testing.assert_allclose(curve.get_xydata(), np.c_[factors, accuracies])
    np.testing.assert_allclose(trained.get_xydata(), [[1, 0.97]])
    np.testing.assert_allclose(guessing.get_ydata(), 0.1)
    assert axes.get_xscale() == "log"
    assert texts(axes) == ["as in training\n0.9700", "0 to 255\n0.9500", "guessing"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1/255", "1", "255"]
    assert "times 1: 0.97" in fig.alternative_text and "times 255: 0.95" in fig.alternative_text


def test_confidence_histogram_shows_shares_of_right_and_of_wrong_answers():
    fig = draw.confidence_of_right_and_wrong(CONFIDENCE, RIGHT)
    of_right, of_wrong = [[bar.get_height() for bar in axes.patches] for axes in fig.axes]
    assert of_right == [0, 0, 0, 0, 0, 0, 1, 0, 0, 3]
    assert of_wrong == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1]
    assert [axes.get_title() for axes in fig.axes] == ["4 right answers", "2 wrong answers"]
    assert "of the 4 right answers 3 have a confidence of 0.9 or more" in fig.alternative_text
    assert "of the 2 wrong answers 1 have a confidence of 0.9 or more and 1 one below 0.5" \
        in fig.alternative_text


def test_confidence_histogram_of_a_network_that_is_never_wrong():
    fig = draw.confidence_of_right_and_wrong(CONFIDENCE, np.ones(6, dtype=bool))
    assert sum(bar.get_height() for bar in fig.axes[1].patches) == 0


def test_answers_kept_marks_the_threshold():
    fig = draw.answers_kept(CONFIDENCE, RIGHT, threshold=0.9)
    accuracy, share = fig.axes
    assert accuracy.get_title() == "accuracy of the answers kept: 75.0%"
    assert share.get_title() == "share of images answered: 66.7%"
    np.testing.assert_allclose(accuracy.lines[2].get_xydata(), [[0.9, 0.75]])
    np.testing.assert_allclose(share.lines[2].get_xydata(), [[0.9, 4 / 6]])
    grid, curve = share.lines[0].get_data()
    np.testing.assert_allclose(curve, [(CONFIDENCE >= value).mean() for value in grid])
    assert accuracy.lines[0].get_ydata()[0] == pytest.approx(4 / 6)
    assert "threshold 0.90: 66.7% answered, 75.0% of them right" in fig.alternative_text


def test_answers_kept_where_none_is_kept():
    fig = draw.answers_kept(CONFIDENCE, RIGHT, threshold=0.99)
    assert fig.axes[1].get_title() == "share of images answered: 0.0%"
    assert fig.axes[0].get_title() == "accuracy of the answers kept: none"
    assert "nan" not in fig.alternative_text
    assert "none are left at 0.99" in fig.alternative_text
