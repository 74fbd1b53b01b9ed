"""Every chapter on the full MNIST, and the accuracies that it must reach: `pytest -m full`."""
import re

import pytest

from common.chapters import execute, find_chapters, headlines

# What a line of the headline must begin with, and the least number that it must hold.
REACHES = {
    "05_inference_and_batches": ("Accuracy on the test images:", 0.95),
    "06_learning": ("Two-layer network, NumPy only:", 0.97),
    "07_chainer": ("784-784-784-10, accuracy on the test images:", 0.98),
    "08_convolution": ("Accuracy on the test images:", 0.98),
    "09_cnn": ("CNN, 3 epochs, accuracy on the test images:", 0.99),
    "10_generalisation": ("chosen by random search:", 0.97),
}


@pytest.mark.full
@pytest.mark.parametrize("path", find_chapters(), ids=lambda path: path.stem)
def test_chapter_on_the_full_mnist(path):
    notebook, problem = execute(path)
    assert problem is None
    if path.stem in REACHES:
        begins, least = REACHES[path.stem]
        [line] = [line for line in headlines(notebook) if line.startswith(begins)]
        assert float(re.search(r"0\.\d+", line)[0]) >= least
