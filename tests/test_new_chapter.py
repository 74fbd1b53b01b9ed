"""`course new` makes a chapter that runs, is graded and can be presented at once."""
import shutil

import nbformat
import pytest

import common.course
from assignments import masters
from common.course import COURSE, CourseError
from common.tools.new import new_chapter
from common.tools.notebooks import execute, headlines
from slides.deck import read_deck


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one chapter, in a folder of its own."""
    for folder in ("chapters", "slides", "assignments/solutions"):
        (tmp_path / folder).mkdir(parents=True)
        shutil.copy(COURSE / folder / "01_perceptron.ipynb", tmp_path / folder)
    shutil.copy(COURSE / "pyproject.toml", tmp_path)
    monkeypatch.setattr(common.course, "COURSE", tmp_path)
    return tmp_path


def test_the_four_files_are_a_chapter_that_works(course, capsys):
    chapter, deck, master, wrong = new_chapter("90_an_idea", course=course)
    assert "course run 90 --write" in capsys.readouterr().out
    assert nbformat.read(chapter, as_version=4).cells[0].source.startswith("# 90 An idea\n")
    assert len(read_deck(deck)) == 3
    notebook, problem = execute(chapter)
    assert problem is None and headlines(notebook) == ["[2 4 6]"]
    solved, problem = execute(master)
    assert problem is None
    nbformat.write(solved, master)
    _, exercises = masters.read_master(master)
    assert exercises["90-double"].points == 1 and "90-double" in wrong.read_text()
    assert "return 2 * x" not in masters.release(master)


def test_a_number_is_taken_once_and_a_name_has_its_form(course):
    with pytest.raises(CourseError, match="chapter 01 already: 01_perceptron"):
        new_chapter("01_again", course=course)
    for stem in ("9_short", "90", "90_Ünder", "../90_x", "90-x"):
        with pytest.raises(CourseError, match="NN_topic"):
            new_chapter(stem, course=course)
    assert not list(course.glob("*/9*"))


def test_a_deck_that_is_there_already_stays(course):
    deck = course / "slides" / "90_mine.ipynb"
    deck.write_text("mine")
    with pytest.raises(CourseError, match="chapter 90 already: 90_mine, in slides"):
        new_chapter("90_an_idea", course=course)
    assert deck.read_text() == "mine" and not (course / "chapters" / "90_an_idea.ipynb").exists()
