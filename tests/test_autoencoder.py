"""Codes and errors of an autoencoder, PCA, the ROC curve, and a training of `autoencoder`."""
import chainer
import chainer.functions as F
import numpy as np
import pytest

from common import autoencoder as tools
from common.cli import main
from common.course import CourseError
from common.models import MODELS, Autoencoder, load_model
from common.parallel import Team
from common.tools.train import train_into
from dataset.weights import TRAINED, load_weights, weights_info

RNG = np.random.default_rng(0)
IMAGES = RNG.random((30, 784)).astype(np.float32)


@pytest.mark.parametrize("code", [2, 50])
def test_an_image_in_a_code_between_an_image_out(code):
    model = Autoencoder(code)
    codes = tools.encode(model, IMAGES)
    assert codes.shape == (30, code) and codes.dtype == np.float32
    np.testing.assert_array_equal(tools.decode(model, codes), tools.restore(model, IMAGES))
    assert model(IMAGES.reshape(-1, 1, 28, 28)).shape == (30, 784)
    np.testing.assert_allclose(
        tools.errors(model, IMAGES).mean(), F.mean_squared_error(model(IMAGES), IMAGES).array,
        rtol=1e-5)


def test_the_layers_are_those_of_the_lecture():
    shapes = [layer.W.shape[::-1] for layer in Autoencoder().encoder.children()]
    assert sorted(shapes) == sorted(
        [(784, 500), (500, 300), (300, 200), (200, 100), (100, 50)])
    assert Autoencoder().count_params() == 1_257_034


@pytest.mark.parametrize("width", [1, 3])
def test_pca_is_that_of_the_singular_values(width):
    x = RNG.normal(size=(40, 6)) * np.arange(1, 7)
    mean = x.mean(axis=0)
    u, s, v = np.linalg.svd(x - mean, full_matrices=False)
    best = mean + (u[:, :width] * s[:width]) @ v[:width]
    pca = tools.PCA(x, width)
    np.testing.assert_allclose(pca.restore(x), best, atol=1e-9)
    assert pca.encode(x).shape == (40, width)


def test_pca_of_full_width_loses_nothing():
    x = RNG.normal(size=(10, 4))
    np.testing.assert_allclose(tools.PCA(x, 4).restore(x), x, atol=1e-9)


def test_the_area_is_the_share_of_pairs():
    scores, strange = RNG.integers(0, 9, 60), RNG.random(60) < 0.3
    difference = scores[strange][:, None] - scores[~strange]
    pairs = np.mean((difference > 0) + 0.5 * (difference == 0))
    assert tools.area_under(*tools.roc(scores, strange)) == pytest.approx(pairs)


def test_a_roc_curve_by_hand():
    alarms, hits = tools.roc([0.9, 0.5, 0.5, 0.2], [True, False, True, False])
    np.testing.assert_allclose(alarms, [0, 0, 0.5, 1])
    np.testing.assert_allclose(hits, [0, 0.5, 1, 1])


@pytest.mark.parametrize("strange", [[True, True], [False, False]])
def test_a_roc_curve_needs_both_kinds(strange):
    with pytest.raises(ValueError, match="both kinds"):
        tools.roc([1, 2], strange)


def test_the_nearest_distance_is_that_of_a_loop():
    x, known = RNG.random((7, 5)), RNG.random((9, 5))
    slow = [min(np.mean((one - other) ** 2) for other in known) for one in x]
    np.testing.assert_allclose(tools.nearest_distance(x, known, batch_size=3), slow)
    assert tools.nearest_distance(known, known).max() < 1e-12


@pytest.fixture
def small(monkeypatch):
    import dataclasses
    monkeypatch.setitem(MODELS, "autoencoder", dataclasses.replace(
        MODELS["autoencoder"], make=lambda: Autoencoder(3, (784, 8))))


def test_a_training_that_was_stopped_ends_as_one_that_was_not(small, tmp_path, capsys):
    train = ["train", "autoencoder", "--device", "cpu", "--out"]
    assert main([*train, str(tmp_path / "whole"), "--epochs", "2"]) == 0
    assert main([*train, str(tmp_path / "parts"), "--epochs", "1"]) == 0
    assert main([*train, str(tmp_path / "parts"), "--epochs", "2", "--resume"]) == 0
    assert "Going on after epoch 1." in capsys.readouterr().out
    whole, parts = (load_weights("weights", tmp_path / name) for name in ("whole", "parts"))
    for name in whole:
        np.testing.assert_array_equal(whole[name], parts[name])
    info = weights_info("weights", tmp_path / "whole")
    assert info["best_epoch"] == 2 and 0.02 < info["validation_error"] < 0.1
    assert main(["test", str(tmp_path / "whole")]) == 0
    assert "On the 1000 test images: 0.0" in capsys.readouterr().out


def test_it_trains_in_one_process(tmp_path):
    team = object.__new__(Team)
    with pytest.raises(CourseError, match="autoencoder trains in one process"):
        train_into("autoencoder", tmp_path, team=team)


@pytest.mark.parametrize("name", ["autoencoder", "autoencoder-2"])
def test_what_ships_restores_digits(name):
    from dataset.mnist import load_mnist
    _, (x, _) = load_mnist()
    assert tools.errors(load_model(name), x).mean() < MODELS[name].target * 1.1
    assert weights_info(name)["test_error"] < MODELS[name].target
    assert (TRAINED / f"{name}.npz").stat().st_size < 2e6


def test_asking_keeps_no_graph():
    model = Autoencoder(2)
    with chainer.using_config("enable_backprop", True):
        assert isinstance(tools.restore(model, IMAGES), np.ndarray)
