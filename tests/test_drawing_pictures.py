"""Picture files of any kind become bright ink on black; the browser's half is tested there."""
import io

import numpy as np
import pytest
from pictures import PHOTOGRAPHS, drawings, photograph, photographs
from PIL import Image

from common.drawing.photo import connected, ink_of
from common.drawing.reading import load_png, read_drawing, save_png
from common.drawing.strokes import draw_digit
from common.models import load_model

FILES = ["black_on_transparent.png", "exif6.jpg", "photo_dim.jpg", "photo_ok.jpg"]


@pytest.fixture(scope="module")
def models():
    return {name: load_model(name) for name in ("mlp", "cnn")}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return drawings(tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def photographed(tmp_path_factory):
    return photographs(tmp_path_factory.mktemp("photographed"))


def answers(path, models):
    """What both models read in a prepared picture, or None where there is nothing to read."""
    found = read_drawing(load_png(path), models).answers
    return {name: int(p[1].argmax()) for name, p in found.items()} or None


def wrong(pictures, models):
    """The pictures in which a model reads another digit than the one that is there."""
    found = {path: answers(path, models) for path in pictures}
    return {path.name: (found[path], digit) for path, digit in pictures.items()
            if found[path] != (None if digit is None else {"mlp": digit, "cnn": digit})}


def test_every_drawing_from_a_program_is_read(drawn, models):
    assert len(drawn) > 30 and not wrong(drawn, models)


def test_every_photograph_is_read(photographed, models):
    assert len(photographed) == len(PHOTOGRAPHS) and not wrong(photographed, models)


@pytest.mark.parametrize("name", FILES)
def test_the_small_files_show_a_7(name, models, request):
    path = request.path.parent / "photos" / name
    assert answers(path, models) == {"mlp": 7, "cnn": 7}


def test_a_drawing_without_ink_has_no_answer(models):
    for empty in (np.zeros((280, 280)), np.zeros((28, 28), np.uint8)):
        assert read_drawing(empty, models).answers == {}


def test_the_12_megapixels_of_a_phone_are_read(tmp_path, models):
    """How long it takes says tests/benchmarks/photo.py."""
    path = tmp_path / "phone.jpg"
    photograph(5, shadow=0.6, soft=20).resize((4000, 3000), Image.Resampling.NEAREST).save(path)
    assert answers(path, models) == {"mlp": 5, "cnn": 5}


@pytest.mark.parametrize("numbers, white", [
    (np.float32, 1), (np.float32, 255), (np.float32, 65535), (np.int32, 255), (np.int32, 65535)])
def test_a_tiff_of_numbers_of_any_kind_is_read(tmp_path, models, numbers, white):
    ink = draw_digit(7, size=170, top=60, left=90) / 255
    Image.fromarray((ink * white).astype(numbers)).save(tmp_path / "numbers.tiff")
    assert answers(tmp_path / "numbers.tiff", models) == {"mlp": 7, "cnn": 7}


def test_a_drawing_keeps_every_value_and_a_second_look_changes_nothing(tmp_path):
    rng = np.random.default_rng(0)
    noise = np.kron(rng.integers(0, 2, (28, 28)), np.ones((10, 10))).astype(np.uint8) * 255
    noise = noise if np.mean(noise) < 127 else 255 - noise
    for ink in (draw_digit(8), draw_digit(1, width=3), noise):
        np.testing.assert_array_equal(ink_of(ink), ink)
        np.testing.assert_array_equal(ink_of(255 - ink), ink)
        np.testing.assert_array_equal(load_png(save_png(ink, tmp_path / "ink.png")), ink)


def test_dust_and_the_table_go_and_strokes_apart_stay():
    paper = np.full((200, 280), 180, np.uint8)
    paper[:, :40] = 60                   # the table
    paper[60:140, 100:108] = 40          # two strokes, apart
    paper[60:68, 130:180] = 40
    paper[20:22, 250:252] = 40           # dust
    ink = ink_of(paper)
    assert ink[100, 104] == 255 and ink[64, 150] == 255
    assert not ink[:, :45].any() and not ink[15:25, 245:255].any()


def test_a_digit_that_touches_the_edge_is_there_all_the_same():
    paper = np.full((200, 280), 180, np.uint8)
    paper[100:, 100:112] = 40
    assert ink_of(paper)[120:, 106].min() == 255


def test_parts_hang_together_by_their_corners_and_never_round_the_edge():
    mask = np.zeros((3, 4), bool)
    mask[0, 3] = mask[1, 0] = mask[2, 1] = True
    assert sorted(sorted(part.tolist()) for part in connected(mask)) == [[3], [4, 9]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_says_which_side_is_up(orientation, drawn):
    held = {path.name: path for path in drawn}
    upright = load_png(held["held_1.jpg"]).astype(int)
    turned = load_png(held[f"held_{orientation}.jpg"]).astype(int)
    assert turned.shape == upright.shape and np.abs(turned - upright).mean() < 3


def test_ink_on_transparent_ground_is_as_bright_as_it_is_opaque():
    alpha = draw_digit(3)
    for tone in (0, 120, 255):
        grey = np.rint(tone * (alpha / 255)).astype(np.uint8)
        np.testing.assert_array_equal(ink_of(grey, alpha), alpha)


def test_a_picture_in_memory_is_one_too(models):
    file = io.BytesIO()
    Image.fromarray(255 - draw_digit(4)).save(file, "png")
    assert answers(file, models) == {"mlp": 4, "cnn": 4}
