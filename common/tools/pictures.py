"""The figures of the Japanese edition: their words, and the outputs of a run in Japanese.

A Japanese notebook takes its outputs from the English one, but for cells that show a picture, and
those that printed something else, such as the times that a picture shows: they come from one run
in Japanese. The notebook notes what each was in English, so that a picture that is out of date is
noticed.
"""
import hashlib
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from babel.messages.catalog import Catalog

from common.course import CourseError
from common.figures.translation import WIDE
from common.tools.notebooks import picture_of, without_cursor

NUMBER = re.compile(r"\d+(?:\.\d+)?")
NOTED = "pictures"  # in the notebook's metadata: {cell id: mark of the English cell}


def shows_picture(cell: nbformat.NotebookNode) -> bool:
    """Return whether a cell's outputs hold a picture."""
    return any(picture_of(output) for output in cell.get("outputs", []))


def mark_of(cell: nbformat.NotebookNode) -> str:
    """Return what tells an English cell with its outputs from any other: 16 letters."""
    said = json.dumps([cell.source, cell.outputs], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def with_pictures(notebook: nbformat.NotebookNode, built: Path) -> list[str]:
    """Put what a run in Japanese gave a built notebook into one that is built anew, in place.

    notebook: with the code and outputs of the English page. built: the file as it stands; it need
    not be there, nor be whole. Returns the ids of the cells whose pictures stay English.
    """
    noted: dict[str, str] = {}
    outputs: dict[str, Any] = {}
    with suppress(Exception):  # of a damaged one there is nothing to keep; nbformat has many
        before = nbformat.read(built, as_version=4)
        outputs = {cell.id: cell.outputs for cell in before.cells if cell.cell_type == "code"}
        noted = before.metadata.get("course", {}).get(NOTED, {})
    kept, english = {}, []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        mark = mark_of(cell)
        if noted.get(cell.id) == mark and cell.id in outputs:
            kept[cell.id], cell.outputs = mark, outputs[cell.id]
        elif shows_picture(cell):
            english.append(cell.id)
    if kept:
        notebook.metadata.setdefault("course", {})[NOTED] = kept
    return english


def take_pictures(english: nbformat.NotebookNode, ran: nbformat.NotebookNode) -> list[str]:
    """Note in a Japanese notebook that has run which English cells its own outputs belong to.

    Returns the ids of cells that printed something else than in English: a time, or the numbers
    of another run. They keep it, for the pictures show it too. So does a cell that printed the
    same in Japanese, such as an error.
    Raises CourseError where a compared text is not that of the English run: then their numbers
    differ, and the text between them would be wrong for one of them.
    """
    noted, others = {}, []
    for cell, other in zip(english.cells, ran.cells, strict=True):
        if cell.cell_type != "code":
            continue
        differs = _told(cell) != _told(other)
        if differs and not _says_the_same_in_japanese(_told(cell), _told(other)):
            if "nbval-check-output" in cell.metadata.get("tags", []):
                raise CourseError(f"Cell {cell.id} printed something else than in English:\n"
                                  f"{_told(other)}\nfor\n{_told(cell)}")
            others.append(cell.id)
        if differs or shows_picture(cell):
            noted[cell.id] = mark_of(cell)
    ran.metadata.setdefault("course", {})[NOTED] = noted
    return others


def _says_the_same_in_japanese(english, other):
    return (bool(WIDE.search(other)) and not WIDE.search(english)
            and sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(other)))


def _told(cell):
    return "".join(without_cursor(output.text) for output in cell.outputs
                   if output.output_type == "stream")


def note_words(catalogue: Catalog, place: str, told: set[str]) -> list[str]:
    """Bring the catalogue of figures up to date with what those of one page said, in place.

    place: the page, such as "chapters/03_output_layer". told: its messages. What no page says any
    longer goes. Returns the messages without a translation.
    """
    for entry in [entry for entry in catalogue if entry.id]:
        places = {*entry.auto_comments} - {place} | ({place} if entry.id in told else set())
        entry.auto_comments[:] = sorted(places)
        if not places:
            catalogue.delete(entry.id)
    for message in sorted(told):
        if message not in catalogue:
            catalogue.add(message, auto_comments=[place])
    return sorted(message for message in told if not catalogue[message].string)
