"""Two networks against each other: their shapes, their losses, one step, and a training."""
import json

import chainer
import chainer.functions as F
import numpy as np
import pytest
from chainer.iterators import SerialIterator
from chainer.optimizers import SGD

from common.cli import main
from common.gan import (
    GAN,
    Discriminator,
    GANUpdater,
    Generator,
    discriminator_loss,
    draw_z,
    forge,
    generator_loss,
)
from common.models import MODELS, load_model
from dataset.weights import load_weights, weights_info

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("channels", [8, 64, 512])
def test_an_image_out_and_one_logit(channels):
    images = forge(Generator(channels), draw_z(3, np))
    assert images.shape == (3, 1, 28, 28) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1
    appraiser = Discriminator(channels)
    assert appraiser(images).shape == (3, 1)
    np.testing.assert_array_equal(appraiser(images).array,
                                  appraiser(images.reshape(3, 784)).array)


def test_the_full_size_is_that_of_the_lecture():
    shapes = [layer.W.shape for layer in Generator(512).deconvolutions]
    assert [shape[:2] for shape in shapes] == [(512, 256), (256, 128), (128, 64), (64, 1)]


def test_z_is_uniform():
    np.random.seed(0)
    z = draw_z(1000, np)
    assert z.shape == (1000, 100) and z.dtype == np.float32
    assert -1 <= z.min() < -0.999 and 0.999 < z.max() <= 1 and abs(z.mean()) < 0.01


def test_losses_are_those_of_two_logits_with_softmax():
    y_real, y_fake = RNG.normal(0, 3, (2, 20, 1)).astype(np.float32)

    def two(y):
        return np.hstack([np.zeros_like(y), y])
    real, forged = np.ones(20, dtype=np.int32), np.zeros(20, dtype=np.int32)
    expected = (F.softmax_cross_entropy(two(y_real), real)
                + F.softmax_cross_entropy(two(y_fake), forged))
    np.testing.assert_allclose(discriminator_loss(y_real, y_fake).array, expected.array, rtol=1e-5)
    np.testing.assert_allclose(generator_loss(y_fake).array,
                               F.softmax_cross_entropy(two(y_fake), real).array, rtol=1e-5)


def test_each_network_learns_from_its_own_loss_alone():
    """One step of the updater against the same step, with a fresh graph for each network."""
    images = RNG.random((10, 784)).astype(np.float32)
    np.random.seed(0)
    gan, other = GAN(8), GAN(8)
    other.copyparams(gan)
    updater = GANUpdater(SerialIterator(images, 10, shuffle=False), {
        "generator": SGD(0.1).setup(gan.generator),
        "discriminator": SGD(0.1).setup(gan.discriminator)})
    np.random.seed(1)
    updater.update()
    np.random.seed(1)
    x_fake = other.generator(draw_z(10, np))
    for name, loss in [
            ("generator", generator_loss(other.discriminator(x_fake))),
            ("discriminator", discriminator_loss(other.discriminator(images),
                                                 other.discriminator(x_fake.array)))]:
        assert updater.losses[name] == pytest.approx(loss.item(), rel=1e-5)
        other.cleargrads()
        loss.backward()
        SGD(0.1).setup(getattr(other, name)).update()
    for ours, theirs in zip(gan.params(), other.params()):
        np.testing.assert_allclose(ours.array, theirs.array, rtol=1e-4, atol=1e-6)


def test_what_ships_forges_digits():
    gan = load_model("gan")
    np.random.seed(0)
    images = forge(gan.generator, draw_z(200, np))
    with chainer.using_config("train", False):
        p = F.softmax(load_model("cnn")(images)).array
    assert p.max(axis=1).mean() > 0.8
    assert len(np.unique(p.argmax(axis=1))) == 10


@pytest.fixture
def small(monkeypatch):
    import dataclasses
    monkeypatch.setitem(MODELS, "gan", dataclasses.replace(MODELS["gan"], make=lambda: GAN(8)))


def test_a_training_that_was_stopped_ends_as_one_that_was_not(small, tmp_path, capsys):
    train = ["train", "gan", "--device", "cpu", "--out"]
    assert main([*train, str(tmp_path / "whole"), "--epochs", "2"]) == 0
    assert main([*train, str(tmp_path / "parts"), "--epochs", "1"]) == 0
    assert main([*train, str(tmp_path / "parts"), "--epochs", "2", "--resume"]) == 0
    assert "Going on after epoch 1." in capsys.readouterr().out
    whole, parts = (load_weights("weights", tmp_path / name) for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    for name in whole:
        np.testing.assert_array_equal(whole[name], parts[name])
    log = json.loads((tmp_path / "whole" / "log.json").read_text())
    assert weights_info("weights", tmp_path / "whole")["generator/loss"] == round(
        log[-1]["generator/loss"], 4)
    assert main(["test", str(tmp_path / "whole")]) == 0
    assert "It takes for each digit:" in capsys.readouterr().out
