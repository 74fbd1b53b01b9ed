"""The long run of chapter 20: a digit held out, scores at equal ink, and the stored areas."""
import numpy as np
import pytest
from chainer.functions import mean_squared_error

from common.autoencoder import area_at_equal_ink, area_under, roc
from common.tools import held_out
from dataset.files import DataError
from dataset.held_out import load_held_out


def test_at_equal_ink_only_images_with_as_much_ink_are_compared():
    ink = np.array([1.0, 1.1, 1.2, 1.3, 5.0, 6.0])
    strange = np.array([True, False, True, False, False, False])
    scores = np.array([0.9, 0.1, 0.8, 0.85, 2.0, 3.0])
    assert area_under(*roc(scores, strange)) == pytest.approx(3 / 8)
    assert area_at_equal_ink(scores, strange, ink, bins=1) == 1.0


def test_a_score_that_is_the_ink_says_nothing_at_equal_ink():
    rng = np.random.default_rng(1)
    ink, strange = rng.random(4000) + 0.1, rng.random(4000) < 0.3
    ink[strange] *= 0.5
    assert area_under(*roc(ink, strange)) < 0.3
    assert area_at_equal_ink(ink, strange, ink) == pytest.approx(0.5, abs=0.05)


def test_the_held_out_digit_is_not_trained_on(monkeypatch):
    seen = []
    monkeypatch.setattr(held_out.F, "mean_squared_error",
                        lambda y, x: seen.append(x) or mean_squared_error(y, x))
    t = np.arange(60) % 10
    x = np.broadcast_to(t[:, None] / 9, (60, 784)).astype(np.float32)
    model = held_out.train_without([9, 4], x, t, seed=0, epochs=1)
    assert model.encoder[-1].W.shape[0] == held_out.WIDTH
    assert set(np.round(9 * np.concatenate(seen)[:, 0]).astype(int)) == {0, 1, 2, 3, 5, 6, 7, 8}


def test_the_stored_areas_are_whole():
    found = load_held_out()
    for kind in ("validation", "test"):
        assert found[kind]["autoencoder"].shape == (10, 3)
        assert {len(areas) for areas in found[kind].values()} == {10}
        assert all(0 <= areas.min() and areas.max() <= 1 for areas in found[kind].values())
    assert {areas.shape for areas in found["nine"].values()} == {(3,)}
    assert found["data"].startswith("full MNIST")


def test_stored_areas_that_are_not_there_get_a_sentence(tmp_path):
    with pytest.raises(DataError, match="common.tools.held_out"):
        load_held_out(tmp_path / "none.json")
