"""What the pictures of chapter 21 show."""
import numpy as np
import pytest
from contrary import Contrary

from common.figures import gan as draw

ONES = np.ones(784, dtype=np.float32)
CONTRARY = {
    draw.contest: Contrary(
        (np.zeros(100), 0 * ONES, ONES, 0.98, 0.04),
        says=("forged image of 100 numbers z, and the discriminator says 0.98",
              "MNIST: the discriminator says 0.04"), never=("fooled",)),
    draw.stamps: Contrary(
        ([[-1.0]], [[2.0, 0.0]], [[-2.0, 0.0]], 1),
        says=("An input of 1×1", "a kernel of 1×2", "The output holds −2, 0.")),
    draw.loss_curves: Contrary(
        ([0],), says=("at logit 0 −log D has the slope −0.5, log(1 − D) has −0.5",),
        never=("steeper", "flat")),
    draw.digits_seen: Contrary(
        ({"one": np.array([7])},),
        says=("one: most often 7 with 100%, under 1% 0, 1, 2, 3, 4, 5, 6, 8, 9",),
        never=("least often",)),
    draw.matches: Contrary(
        ({"even": [[[0, 3], [0, 3]]]}, 1),
        says=("1 line in each panel", "even: generator 0.00, discriminator 3.00"),
        never=("falls", "rises")),
}


def test_a_stamp_is_as_large_as_the_kernel():
    fig = draw.stamps(np.arange(4).reshape(2, 2), np.ones((3, 3)), np.ones((5, 5)), 2)
    filled = [patch for patch in fig.axes[0].patches if patch.get_facecolor()[2] < 0.96]
    assert len(filled) == 1 + 9


def test_shares_are_of_all_images():
    answers = np.repeat(np.arange(10), 3)
    fig = draw.digits_seen({"all alike": answers, "no 9": answers[:27]})
    assert "all alike: most often 0 with 10%, least often 0 with 10.0%" in fig.alternative_text
    assert "no 9: most often 0 with 11%, under 1% 9" in fig.alternative_text
    assert [bar.get_height() for bar in fig.axes[0].patches] == pytest.approx([10] * 10)


def test_a_seed_is_a_line_and_a_network_a_row():
    runs = {name: np.random.default_rng(0).random((3, 100, 2)) for name in ("even", "strong")}
    fig = draw.matches(runs)
    assert [len(axes.lines) for axes in fig.axes] == [3, 3, 3, 3]
