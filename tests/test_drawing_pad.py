"""The pad's Python side, and drawings as files; what the browser does is tested in Chromium."""
import errno

import numpy as np
import pytest
import traitlets
from pictures import photograph
from PIL import Image

from common.course import CourseError
from common.drawing import preprocess
from common.drawing.pad import DigitPad
from common.drawing.reading import load_png, read_drawing, save_png, shrink
from common.drawing.strokes import DIGITS, draw_digit, draw_strokes
from common.ideas import read
from common.language import speaking
from common.models import MLP, load_model


@pytest.fixture(scope="module")
def models():
    return {"MLP": load_model("mlp"), "CNN": load_model("cnn")}


@pytest.fixture
def pad():
    return DigitPad(MLP(784, 10), MLP(784, 10))


def test_a_reading_has_both_images_and_what_the_models_read_in_them(models):
    drawing = draw_digit(4)
    reading = read_drawing(drawing, models)
    np.testing.assert_allclose(reading.raw, drawing.reshape(28, 10, 28, 10).mean(axis=(1, 3)) / 255,
                               atol=1e-6)
    np.testing.assert_array_equal(reading.prepared, preprocess(drawing))
    for name, model in models.items():
        for k, image in enumerate([reading.raw, reading.prepared]):
            _, expected = read(model, image.reshape(1, 784))
            np.testing.assert_allclose(reading.answers[name][k], expected[0], atol=1e-6)


def test_every_digit_that_is_drawn_is_read_once_it_is_prepared(models):
    for digit in range(10):
        assert read_drawing(draw_digit(digit), models).answers["CNN"][1].argmax() == digit


def test_a_drawing_that_is_not_square_keeps_its_shape():
    tall = np.ones((40, 20))
    np.testing.assert_array_equal(shrink(tall, 4), [[0, 1, 1, 0]] * 4)
    np.testing.assert_array_equal(shrink(tall.T, 4), np.transpose([[0, 1, 1, 0]] * 4))


def test_strokes_are_as_wide_as_asked_and_cut_at_the_edge():
    drawn = draw_strokes([[(100, 50), (100, 200)]], width=20) / 255
    assert drawn[125].sum() == pytest.approx(20, abs=0.1)
    assert drawn[:, 100].sum() == pytest.approx(150 + 20, abs=0.1)  # round ends
    assert draw_strokes([[(0, 0)]], width=20).any() and len(DIGITS) == 10
    assert not draw_strokes([]).any()


def test_the_pad_reads_what_it_is_shown_and_what_the_browser_sends(pad):
    assert not pad.image.any()
    pad.show(draw_digit(7))
    np.testing.assert_array_equal(pad.image, draw_digit(7))
    np.testing.assert_array_equal(np.frombuffer(pad.answer["prepared"], np.float32),
                                  preprocess(draw_digit(7)).ravel())
    before = pad.answer
    # As a message from the browser does:
    pad.drawing = {"count": 9, "grey": memoryview(draw_digit(1).tobytes())}
    assert pad.answer["count"] == before["count"] + 1 and pad.answer["raw"] != before["raw"]
    np.testing.assert_allclose(np.sum(pad.answer["mlp"], axis=1), [1, 1], atol=1e-5)
    np.testing.assert_array_equal(pad.reading.raw, shrink(draw_digit(1)))
    pad.clear()
    assert not pad.image.any()
    assert pad.shown["count"] == 2 and not any(pad.shown["grey"])


def test_the_pad_refuses_what_is_no_drawing(pad):
    with pytest.raises(traitlets.TraitError, match="78400 bytes"):
        pad.drawing = {"count": 1, "grey": b"123"}
    with pytest.raises(CourseError, match="shape"):
        pad.show(np.zeros(784))


def test_a_drawing_is_saved_and_loaded(pad, tmp_path):
    pad.show(draw_digit(3))
    path = pad.save(tmp_path / "three.png")
    other = DigitPad(*pad.models.values())
    other.load(path)
    np.testing.assert_array_equal(other.image, pad.image)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "LA"])
def test_pictures_of_every_kind_are_loaded(mode, tmp_path):
    drawing = np.where(draw_digit(5) > 127, 255, 0).astype(np.uint8)
    for name, grey in [("ink", drawing), ("paper", 255 - drawing)]:
        Image.fromarray(grey).convert(mode).save(tmp_path / f"{name}.png")
        np.testing.assert_array_equal(load_png(tmp_path / f"{name}.png"), drawing)


def test_files_that_are_no_pictures_get_a_sentence(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    whole = save_png(draw_digit(5), tmp_path / "whole.png").read_bytes()
    (tmp_path / "half.png").write_bytes(whole[:len(whole) // 2])
    for name, sentence in [("text.png", "no picture"), ("half.png", "cannot be read"),
                           ("none.png", "No such file"), ("", "cannot be read")]:
        with pytest.raises(CourseError, match=sentence):
            load_png(tmp_path / name)
    with pytest.raises(CourseError, match="cannot be written"):
        save_png(draw_digit(5), tmp_path / "no folder" / "digit.png")
    with speaking("ja"), pytest.raises(CourseError, match="に書き込めません（"):
        save_png(draw_digit(5), tmp_path / "no folder" / "digit.png")


def test_a_picture_that_cannot_be_written_leaves_the_older_one(tmp_path, monkeypatch):
    path = save_png(draw_digit(5), tmp_path / "digit.png")
    before = path.read_bytes()

    def full(picture, file, **options):
        file.write(b"half a pic")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(CourseError, match="No space left"):
        save_png(draw_digit(6), path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_picture_that_is_too_large_is_said(tmp_path, monkeypatch, recwarn):
    path = save_png(draw_digit(5), tmp_path / "digit.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 40_000)  # of 78,400: a warning, and too large
    assert load_png(path).any() and not recwarn.list
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 30_000)
    with pytest.raises(CourseError, match="has more than 178 megapixels; make it smaller"):
        load_png(path)


def test_an_answer_says_which_drawing_it_is_of_and_an_empty_one_has_none(pad):
    assert "mlp" not in pad.answer and "cnn" not in pad.answer
    pad.drawing = {"count": 7, "grey": draw_digit(1).tobytes()}
    assert pad.answer["drawing"] == 7 and np.shape(pad.answer["mlp"]) == (2, 10)
    pad.clear()
    assert pad.answer["drawing"] == 8 and "mlp" not in pad.answer
    assert pad.reading.answers == {}


def test_a_photograph_is_loaded_as_ink(pad, tmp_path):
    path = tmp_path / "photo.jpg"
    photograph(7).save(path)
    pad.load(path)
    assert pad.image[:5].max() == 0 and pad.image.max() == 255
