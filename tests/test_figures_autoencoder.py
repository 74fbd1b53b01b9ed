"""What the pictures of chapter 20 show."""
import numpy as np
from contrary import Contrary

from common.figures import autoencoder as draw

IMAGES = np.zeros((4, 784), dtype=np.float32)
CONTRARY = {
    draw.on_a_line: Contrary(
        (np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [1.0, 0.0]])),
        says=("2 points in a plane", "the longest is 0.00"), never=("near",)),
    draw.hourglass: Contrary(
        ([4, 1, 4],), says=("4, 1, 4", "a code of 1"), never=("784",)),
    draw.side_by_side: Contrary(
        (np.ones((1, 2, 784)), ["input", "difference"]), {"signed": [1]},
        says=("1 row of images; the columns are input, difference", "difference 1.000")),
    draw.error_by_width: Contrary(
        ([2], [[0.3, 0.4]], [0.1]), says=("2 numbers: autoencoder 0.3000 to 0.4000, PCA 0.1000",),
        never=("better", "below")),
    draw.plane: Contrary(
        (np.array([[0.0, 0.0], [9.0, 9.0]]), np.array([1, 7]), np.zeros((2, 2, 784)),
         (np.array([-1.0, -1.0]), np.array([1.0, 1.0]))),
        says=("1 image as digits", "7 at 9.0, 9.0", "2×2 points")),
    draw.walks: Contrary(
        (IMAGES, IMAGES, np.full(4, 0.9), np.full(4, 0.95)),
        says=("Two ways of 4 images", "through the code 0.90; through the pixels 0.95"),
        never=("better",)),
    draw.roc_curves: Contrary(
        ({"wrong": (np.array([0, 1, 1]), np.array([0, 0, 1]))},),
        says=("wrong with the area 0.00",)),
    draw.areas: Contrary(
        ([3], [[0.2, 0.1]], {"ink": [0.9]}),
        says=("3: autoencoder 0.10 to 0.20, ink 0.90",), never=("best",)),
}


def test_the_map_has_its_first_row_below():
    images = np.zeros((2, 2, 784))
    images[0, 0] = 1  # the lower left
    fig = draw.plane(np.zeros((1, 2)), np.zeros(1, int), images, (np.full(2, -1.0), np.ones(2)))
    sheet = fig.axes[1].images[0].get_array()
    assert sheet[-1, 0] == 1 and sheet[0, 0] == 0
