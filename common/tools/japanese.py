"""Run Japanese notebooks: their figures speak Japanese, and what they say is noted."""
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat

from common.course import COURSE, write_file
from common.figures.translation import TOLD
from common.tools.kept import mark_of_page
from common.tools.notebooks import run_chapters, save
from common.tools.pictures import note_words, take_pictures
from common.tools.translate import (
    FIGURES,
    Edition,
    read_catalogue,
    source_of,
    write_catalogue,
)
from common.tools.words import compile_catalogue


def run_in_japanese(paths: Iterable[Path], write: bool = False) -> int:
    """Run Japanese notebooks as run_chapters does, and keep their pictures.

    paths: of notebooks in chapters/ja or slides/ja. write: put their pictures into them, and what
    their figures say into the catalogue of figures. Returns the number that failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told")
        os.environ[TOLD] = str(told)  # the kernels take it over
        try:
            return run_chapters(_each_anew(paths, told), write,
                                lambda notebook, path: _keep(notebook, path, told))
        finally:
            del os.environ[TOLD]


def _each_anew(paths, told):
    for path in paths:
        told.unlink(missing_ok=True)  # what one has said does not count for the next
        yield path


def _keep(notebook, path, told):
    """Keep what a Japanese notebook showed. Raises CourseError where its numbers are others."""
    source, edition = source_of(path), Edition()
    page = source and edition.pages[source.relative_to(COURSE).as_posix()]
    if page is None or (mark_of_page(path.read_text(encoding="utf-8"))
                        != mark_of_page(edition.build(page))):
        save(notebook, path)
        print("    Its cells are not those that `course translate` makes: they stay, with their "
              "new outputs.")
        return
    others = take_pictures(nbformat.read(source, as_version=4), notebook)
    save(notebook, path)
    write_file(path, edition.build(page))  # all but its pictures as in English
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    catalogue = read_catalogue(FIGURES)
    place = page.source.removesuffix(".ipynb")
    missing = note_words(catalogue, place, {json.loads(line) for line in lines})
    write_catalogue(FIGURES, catalogue)
    compile_catalogue(catalogue, COURSE / FIGURES.built)
    if others:
        print(f"    Other text than in English in {', '.join(others)}: a time, or another run. "
              "It is kept, for the pictures show it too; see that the prose says nothing else.")
    if missing:
        print(f"    {len(missing)} texts of its figures have no Japanese yet; they stand in "
              f"{FIGURES.catalogue}.")
