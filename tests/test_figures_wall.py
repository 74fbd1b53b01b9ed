"""Figures for the wall: their smallest letters, on a slide and in a notebook."""
import io

import matplotlib.pyplot as plt
import pytest
from PIL import Image

from common.figures import style, wall


def figure():
    """A wide figure with small letters: 7 points in a picture that a slide makes no larger."""
    style.use_style()
    fig, axes = plt.subplots(figsize=(12, 3))
    axes.plot([0, 1], [0, 1])
    axes.set_xlabel("small", fontsize=7)
    axes.tick_params(labelsize=8)
    axes.text(0.5, 0.5, "large", fontsize=20)
    axes.text(0.5, 0.2, "nobody sees it", fontsize=2, visible=False)
    plt.close(fig)
    return fig


def letters_of(png):
    return float(Image.open(io.BytesIO(png)).info["Letters"])


def test_the_file_says_how_large_its_smallest_letters_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    png, _ = style.to_png(figure())
    assert letters_of(png) == pytest.approx(7 * 100 / 72, abs=0.1)


def test_in_the_folder_of_the_decks_small_letters_grow_and_large_ones_stay(tmp_path, monkeypatch):
    folder = tmp_path / "slides"
    folder.mkdir()
    monkeypatch.chdir(folder)
    fig = figure()
    png, (width, height) = style.to_png(fig)
    shown = min(wall.ROOM[0] / width, wall.ROOM[1] / height, wall.MOST)
    assert letters_of(png) * shown >= wall.BACK_ROW - 0.6
    assert fig.axes[0].xaxis.label.get_fontsize() > 7
    assert fig.axes[0].xaxis.get_ticklabels()[0].get_fontsize() > 8
    assert fig.axes[0].texts[0].get_fontsize() == 20
    assert fig.axes[0].texts[1].get_fontsize() == 2


def test_letters_that_make_the_picture_larger_grow_until_they_can_be_read(tmp_path, monkeypatch):
    (tmp_path / "slides").mkdir()
    monkeypatch.chdir(tmp_path / "slides")
    fig, axes = plt.subplots(figsize=(4, 4))
    axes.axis("off")
    for row in range(12):  # each line reaches far beyond the figure, so that it widens with it
        axes.text(0, row / 12, "a long line of small letters " * 2, fontsize=5)
    plt.close(fig)
    png, (width, height) = style.to_png(fig)
    shown = min(wall.ROOM[0] / width, wall.ROOM[1] / height, wall.MOST)
    assert letters_of(png) * shown >= wall.BACK_ROW - 0.6


def test_the_japanese_decks_are_for_the_wall_too(tmp_path, monkeypatch):
    for name, expected in ("slides/ja", True), ("chapters", False), ("chapters/ja", False):
        (tmp_path / name).mkdir(parents=True)
        monkeypatch.chdir(tmp_path / name)
        assert wall.is_for_wall() is expected


def test_letters_without_a_size_can_be_read_where_a_slide_shows_a_picture_as_on_paper(
        tmp_path, monkeypatch):
    (tmp_path / "slides").mkdir()
    for folder, least in (tmp_path, 16), (tmp_path / "slides", wall.BACK_ROW):
        monkeypatch.chdir(folder)
        with plt.rc_context():
            style.use_style()
            fig, axes = plt.subplots(figsize=(7, 4))
            axes.plot([0, 1], [0, 1], label="legend")
            axes.set(xlabel="x", title="title")
            axes.legend()
            plt.close(fig)
            assert letters_of(style.to_png(fig)[0]) >= least
