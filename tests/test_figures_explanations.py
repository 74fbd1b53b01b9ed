"""What the pictures of sums of influences, and of methods side by side, claim."""
import numpy as np
from contrary import Contrary

from common.figures import explanations as draw

CONTRARY = {
    draw.sum_against_truth: Contrary(
        ({"z": (np.array([[3.0]]), np.array([[-1.0]])), "a": (np.ones((1, 1)), np.ones((1, 1)))},),
        says=("2 panels of", "z: 400%; a: 0%."),
        never=("exact",)),
    draw.way_from_black: Contrary(
        (np.zeros(784), np.array([0.0, 1.0]), {"down": np.array([[2.0], [-1.0]])}, 0),
        says=("down: from 2.0 to −1.0, at the steepest −3.0", "at the end −3.0"),
        never=("rises",)),
    draw.taking_away: Contrary(
        ([0.0, 1.0], {"MLP": {"random": np.array([[-1.0, 1.0]])}}),
        says=("MLP, mean of each line: random 0.00",), never=("fastest", "best")),
    draw.completeness: Contrary(
        ({"MLP": [2]}, {"MLP": [0.5]}, 0.1),
        says=("MLP: 5.0e−01 with 2 steps, 5.0e−01 with 2", "marks 0.1"), never=("falls", "closer")),
    draw.sampling: Contrary(
        ([100, 10], [0.0, -0.25], [0.5, 0.0]),
        says=("from permutations,", "100: 0.000 ± 1.000; 10: −0.250 ± 0.000"), never=("more",)),
    draw.side_by_side: Contrary(
        (np.zeros((1, 784)), {"none": np.zeros((1, 784))}),
        says=("1 image in", "by 1 method,", "none up to 1e−09"), never=("images in",)),
}
