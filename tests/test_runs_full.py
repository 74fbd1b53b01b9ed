"""The models that ship with the course, trained again on the full MNIST: `pytest -m full`."""
import pytest

from common.models import MODELS, load_model
from common.tools import train as runs
from common.training import evaluate
from dataset.mnist import load_mnist
from dataset.weights import TRAINED, weights_info

SHIPPED = [name for name, model in MODELS.items() if model.weights
           and name != "gan" and not name.startswith("autoencoder")]


@pytest.mark.full
@pytest.mark.parametrize("name", SHIPPED)
def test_trained_again_it_is_as_good(name, tmp_path):
    runs.train_into(name, tmp_path / "run")
    assert runs.test_folder(tmp_path / "run").accuracy >= MODELS[name].target
    path = runs.ship(tmp_path / "run", tmp_path / "trained")
    assert weights_info(path.stem, path.parent)["test_accuracy"] >= MODELS[name].target
    assert path.stat().st_size < 3e6


@pytest.mark.full
@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_scores_what_it_says(name):
    _, (x, t) = load_mnist()
    weights = MODELS[name].weights
    accuracy = evaluate(load_model(weights), x, t).accuracy
    assert accuracy == pytest.approx(weights_info(weights)["test_accuracy"], abs=2e-4)
    assert accuracy >= MODELS[name].target
    assert (TRAINED / f"{weights}.npz").stat().st_size < 3e6


@pytest.mark.full
@pytest.mark.parametrize("name", ["autoencoder", "autoencoder-2"])
def test_an_autoencoder_trained_again_restores_as_well(name, tmp_path):
    runs.train_into(name, tmp_path / "run")
    assert runs.test_folder(tmp_path / "run") < MODELS[name].target
    path = runs.ship(tmp_path / "run", tmp_path / "trained")
    assert weights_info(path.stem, path.parent)["test_error"] < MODELS[name].target


@pytest.mark.full
def test_the_gan_that_ships_draws_all_ten_digits():
    judged = runs.judge(load_model("gan"))
    assert judged.sure == pytest.approx(weights_info("gan")["judged_sure"], abs=2e-3)
    assert judged.sure >= MODELS["gan"].target
    assert judged.counts.min() >= 20  # of 1,000; mode collapse would be a missing digit
    assert (TRAINED / "gan.npz").stat().st_size < 2e6
