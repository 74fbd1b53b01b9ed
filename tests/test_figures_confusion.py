"""The confusion matrix: what is counted, and what is drawn of it."""
import numpy as np
from contrary import Contrary
from matplotlib.colors import to_hex

from common.figures import confusion
from common.figures.style import COLORS

CONTRARY = {confusion.matrix: Contrary(
    (np.array([[0, 1], [0, 0]]),),
    says=("1 image:", "On the diagonal 0, beside it 1", "0 taken for 1"),
    never=("images of", "Most of"))}

T = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])
ANSWERS = np.array([0, 0, 1, 1, 1, 2, 0, 0, 0])


def test_rows_are_the_truth():
    counts = confusion.count(T, ANSWERS, classes=3)
    assert counts.tolist() == [[2, 1, 0], [0, 2, 0], [3, 0, 1]]
    assert confusion.count(T.astype(np.uint8), ANSWERS.astype(np.int32)).shape == (10, 10)


def test_errors_are_shaded_by_their_share():
    fig = confusion.matrix(confusion.count(T, ANSWERS, classes=3))
    [axes] = fig.axes
    share = axes.images[0].get_array()
    np.testing.assert_allclose(share, [[0, 1 / 3, 0], [0, 0, 0], [3 / 4, 0, 0]])
    texts = {text.get_position(): text for text in axes.texts}
    assert {place: text.get_text() for place, text in texts.items()} == {
        (0, 0): "2", (1, 0): "1", (1, 1): "2", (0, 2): "3", (2, 2): "1"}
    assert to_hex(texts[0, 0].get_color()) == COLORS["right"]
    assert to_hex(texts[0, 2].get_color()) == "#ffffff"  # readable on the darkest shade
    assert "On the diagonal 5, beside it 4." in fig.alternative_text
    assert fig.alternative_text.endswith("Most frequent, 3 images: 2 taken for 0.")


def test_no_error_at_all():
    fig = confusion.matrix(confusion.count(T, T, classes=3))
    assert fig.alternative_text.endswith("On the diagonal 9, beside it 0.")


def test_errors_that_are_as_frequent_are_all_counted():
    fig = confusion.matrix(np.ones((4, 4), int))
    assert fig.alternative_text.endswith(
        "Most frequent, 1 image each: 0 taken for 1, 0 taken for 2, 0 taken for 3 and 9 more.")
