"""A deck as a notebook holds it: its slides, each with cells, columns and speaker notes.

A cell's metadata say what it is, as Jupyter and RISE have it: `slideshow.slide_type` is "slide"
where a slide begins, "fragment" where a cell waits for a key, "notes" for the speaker, "skip" for
nobody, and "" or "-" where the slide goes on. `jupyter.source_hidden` leaves the code away, and
the tag `beside` puts a cell into the right column.
"""
import os
from dataclasses import dataclass, field

import nbformat

from common.chapters import find_chapters
from common.errors import CourseError
from common.notebook import SLIDERS


@dataclass
class Slide:
    """One slide: the cells of its two columns, the right one often empty, and its notes."""

    left: list = field(default_factory=list)
    right: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def find_decks(numbers=("all",)):
    """Return the paths of the decks with these numbers ("03" or "3"), or of all."""
    return find_chapters([] if "all" in numbers else numbers, folder="slides")


def read_deck(path):
    """Read a notebook; return its slides in order. Raises CourseError where it is no deck."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError):
        raise CourseError(f"{path} is damaged; git restore brings it back.") from None
    slides = []
    for cell in notebook.cells:
        kind = slide_type(cell)
        if kind == "slide":
            slides.append(Slide())
        if kind == "skip" or not cell.source.strip() or is_only_live(cell):
            continue
        if not slides:
            raise CourseError(f"{path.name}: its first cell must be a slide, or be skipped.")
        if kind == "notes":
            slides[-1].notes.append(cell)
        elif "beside" in cell.metadata.get("tags", []):
            slides[-1].right.append(cell)
        else:
            slides[-1].left.append(cell)
    if not slides:
        raise CourseError(f"{path.name} has no slides; in JupyterLab a cell's slide type says so.")
    return slides


def slide_type(cell):
    """Return what a cell is in a slideshow: slide, fragment, notes, skip, or - for none of them."""
    return cell.metadata.get("slideshow", {}).get("slide_type") or "-"


def is_only_live(cell):
    """Whether a cell shows sliders. A page has no kernel to move them; a picture stands there."""
    return any(output.get("data", {}).get("text/plain", "").startswith(SLIDERS)
               for output in cell.get("outputs", []))


def save(content, target):
    """Write a file (bytes) whole or not at all, with its folder; return its path.

    Raises CourseError where that cannot be done: no right to write, no room left.
    """
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        os.replace(part, target)
    except OSError as error:
        raise CourseError(f"{target} cannot be written: {error.strerror}.") from None
    return target
