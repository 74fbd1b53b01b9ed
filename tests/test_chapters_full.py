"""Every chapter on the full MNIST, and the accuracies that it must reach: `pytest -m full`."""
import json
import re

import pytest

from common.figures.translation import TOLD
from common.tools.notebooks import execute, find_chapters, headlines
from common.tools.translate import FIGURES, read_catalogue

# What a line of the headline must begin with, and the least number that it must hold.
REACHES = {
    "05_inference_and_batches": ("Accuracy on the test images:", 0.95),
    "08_optimizers": ("Two-layer network, NumPy only:", 0.97),
    "09_chainer": ("784-784-784-10, accuracy on the test images:", 0.98),
    "11_im2col": ("Accuracy on the test images:", 0.98),
    "12_cnn": ("CNN, 10 epochs, the one that ships:", 0.99),
    "14_generalisation": ("test accuracy", 0.97),
    "15_bug_hunt": ("mended, its validation:", 0.88),
    "21_gan": ("shipped", 0.85),
}


@pytest.mark.full
@pytest.mark.parametrize("path", find_chapters(), ids=lambda path: path.stem)
def test_chapter_on_the_full_mnist(path, monkeypatch, tmp_path):
    monkeypatch.setenv(TOLD, str(tmp_path / "told"))
    notebook, problem = execute(path)
    assert problem is None
    told = (tmp_path / "told").read_text(encoding="utf-8").splitlines()
    known = {entry.id for entry in read_catalogue(FIGURES)}
    assert {json.loads(line) for line in told} - known == set()  # in figures.po, with its Japanese
    if path.stem in REACHES:
        begins, least = REACHES[path.stem]
        [line] = [line for line in headlines(notebook) if line.startswith(begins)]
        assert float(re.search(r"0\.\d+", line)[0]) >= least
