"""The models that ship with the course, trained again on the full MNIST: `pytest -m full`."""
import pytest

from common import runs
from common.models import load_model
from common.training import evaluate
from dataset.mnist import load_mnist
from dataset.weights import TRAINED, weights_info

# What each must reach on the test images.
REACHES = {"three-layer-net": 0.95, "mlp": 0.98, "cnn": 0.99}


@pytest.mark.full
@pytest.mark.parametrize("name", REACHES)
def test_trained_again_it_is_as_good(name, tmp_path):
    runs.train_into(name, tmp_path / "run")
    assert runs.test_folder(tmp_path / "run").accuracy >= REACHES[name]
    path = runs.ship(tmp_path / "run", tmp_path / "trained")
    assert weights_info(path.stem, path.parent)["test_accuracy"] >= REACHES[name]
    assert path.stat().st_size < 3e6


@pytest.mark.full
@pytest.mark.parametrize("name", REACHES)
def test_what_ships_scores_what_it_says(name):
    chapter, _ = runs.SHIPPED[name]
    _, (x, t) = load_mnist()
    accuracy = evaluate(load_model(chapter), x, t).accuracy
    assert accuracy == pytest.approx(weights_info(chapter)["test_accuracy"], abs=2e-4)
    assert accuracy >= REACHES[name]
    assert (TRAINED / f"{chapter}.npz").stat().st_size < 3e6
