"""A number of a chapter in prose, and a link to it, mean a chapter that there is."""
import re
from pathlib import Path

import nbformat
import pytest

TOP = Path(__file__).parent.parent
NOTEBOOKS = sorted([*TOP.glob("chapters/*.ipynb"), *TOP.glob("slides/*.ipynb"),
                    *TOP.glob("assignments/*.ipynb"), *TOP.glob("assignments/solutions/*.ipynb")])
PAGES = [TOP / "README.md", TOP / "dataset/README.md", TOP / "assignments/README.md",
         *TOP.glob("common/**/*.py"), *TOP.glob("common/**/*.js"), *TOP.glob("common/**/*.html")]
NUMBERS = re.compile(
    r"\b[Cc]hapters?\s+(\d\d(?:(?:, and|,| and| to| or)\s*(?:chapter\s+)?\d\d)*)\b")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
LINK = re.compile(r"\[([^\]]*)\]\(((?:\.\./)?(?:chapters/)?)(\d\d)_(\w+)\.ipynb(?:#[^)]*)?\)")


def title(path):
    return nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].removeprefix("# ")


TITLES = {path.stem: title(path) for path in sorted(TOP.glob("chapters/[0-9][0-9]_*.ipynb"))}
THERE_ARE = {stem[:2] for stem in TITLES}


def prose(path):
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


@pytest.mark.parametrize("path", NOTEBOOKS + PAGES,
                         ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_number_is_that_of_a_chapter(path):
    named = {number for numbers in NUMBERS.findall(prose(path))
             for number in re.findall(r"\d\d", numbers)}
    assert named <= THERE_ARE, f"there is no chapter {', '.join(sorted(named - THERE_ARE))}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_a_link_to_a_chapter_carries_its_title(path):
    for text, folder, number, topic in LINK.findall(prose(path)):
        into_chapters = folder.endswith("chapters/") or (
            not folder and path.parent.name == "chapters")
        if into_chapters and re.match(r"\d\d ", text):
            assert text == TITLES[f"{number}_{topic}"]


@pytest.mark.parametrize("path", [*NOTEBOOKS, *TOP.glob("*/ja/*.ipynb")],
                         ids=lambda path: path.relative_to(TOP).as_posix())
def test_a_picture_lies_where_jupyterlab_serves_it(path):
    for target in PICTURE.findall(prose(path)):
        picture = (path.parent / target).resolve()
        assert picture.is_file()
        hidden = [part for part in picture.relative_to(TOP).parts if part.startswith(".")]
        assert not hidden, f"JupyterLab serves nothing from {hidden[0]}"


def test_the_titles_of_a_chapter_its_deck_and_its_assignment_are_one():
    for stem, name in TITLES.items():
        assert title(TOP / "slides" / f"{stem}.ipynb") == name
        assert title(TOP / "assignments/solutions" / f"{stem}.ipynb") == (
            f"Assignment {name[:2]}: {name[3:]}")
