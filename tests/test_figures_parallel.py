"""What the pictures of chapter 22 show."""
import numpy as np
from contrary import Contrary

from common.figures import parallel as draw

CONTRARY = {
    draw.shares: Contrary(
        ([1, 3],), says=("A batch of 4 images is split among 2 machines, which take 1, 3",),
        never=("equal",)),
    draw.ring: Contrary(
        ([[[1, 2], [3, 4]], [[1, 2], [3, 5]]],),
        says=("2 machines in a ring with 2 parts each", "1 round;", "they do not all hold the same",
              "Machine 0 begins with 1, 2 and ends with 1, 2"), never=("all hold the same at",)),
    draw.against_machines: Contrary(
        ([1, 10], {"slower": [1.0, 0.5]}, "times as fast", True),
        says=("slower: 1 with 1, largest 1 with 1, 0.5 with 10",), never=("faster",)),
    draw.step_times: Contrary(
        ({"mlp": {2: {10: 5.0, 20: 4.0}}}, lambda name, processes, batches: 0 * batches + 7.0),
        says=("mlp, 2 processes: 5 at 10 (model 7), 4 at 20 (model 7)",), never=("rises",)),
    draw.exchange_times: Contrary(
        ([4, 4000], [0.002, 0.001], (0.001, 1e9)),
        says=("2 for 4, 1 for 4e+03", "1e+03 microseconds and 1 GB a second"), never=("longer",)),
    draw.two_logs: Contrary(
        ([1.0, 2.0], [3.0, 2.0], "4 processes"),
        says=("with 4 processes: from 1.000 and 3.000 to 2.000 and 2.000",
              "first tenth at most 2, in all at most 2"), never=("falls", "the same")),
}


def test_the_arrows_to_the_mean_end_apart():
    fig = draw.shares([2, 1, 1])
    ends = [text.xy for text in fig.axes[0].texts if hasattr(text, "arrow_patch")]
    to_mean = sorted(y for x, y in ends if x == max(x for x, _ in ends))
    assert len(to_mean) == 3 and min(np.diff(to_mean)) > 0.3


def test_what_a_round_changes_is_filled():
    states = np.array([[[1, 2], [3, 4]], [[1, 2], [3, 6]]])
    fig = draw.ring(states)
    filled = [patch for patch in fig.axes[0].patches if patch.get_facecolor()[2] < 0.96]
    assert len(filled) == 1
