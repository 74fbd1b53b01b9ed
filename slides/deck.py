"""A deck as a notebook holds it: its slides, each with cells, columns and speaker notes.

A cell's metadata say what it is, as Jupyter and RISE have it: `slideshow.slide_type` is "slide"
or "subslide" where a slide begins, "fragment" where a cell waits for a key, "notes" for the
speaker, "skip" for nobody, and "" or "-" where the slide goes on. `jupyter.source_hidden` leaves
the code away. Tags say the rest:

    beside         the cell stands in the right column
    lines:1|3-5    its code is shown line by line: one key for each part, the others grey
    part           with this slide the next point of the agenda begins (the list on "Today")
    source         a short Markdown cell that stands at the foot of the slide: whose work it is
"""
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from common.course import CourseError
from common.notebook import SLIDERS
from common.tools.notebooks import find_chapters

TODAY = ("Today", "今日の内容")  # the heading of the agenda
AGENDA = re.compile(rf"^#+\s*(?:{'|'.join(TODAY)})\s*$", re.MULTILINE)
POINT = re.compile(r"^\d+[.)]\s+(.+?)\s*$", re.MULTILINE)


@dataclass
class Slide:
    """One slide: the cells of its two columns, the right one often empty, notes and sources."""

    left: list[NotebookNode] = field(default_factory=list)
    right: list[NotebookNode] = field(default_factory=list)
    notes: list[NotebookNode] = field(default_factory=list)
    sources: list[NotebookNode] = field(default_factory=list)
    part: int = 0  # of the agenda, from 1; 0 before the first
    begins_part: bool = False


def find_decks(numbers: Iterable[str] = ("all",), lang: str = "en") -> list[Path]:
    """Return the paths of the decks with these numbers ("03" or "3"), or of all.

    lang: "ja" for the Japanese ones.
    """
    return find_chapters([] if "all" in numbers else numbers,
                         folder="slides" if lang == "en" else f"slides/{lang}")


def read_deck(path: Path) -> list[Slide]:
    """Read a notebook; return its slides in order. Raises CourseError where it is no deck."""
    slides: list[Slide] = []
    for cell in _cells(path):
        kind = slide_type(cell)
        if kind in ("slide", "subslide"):
            slides.append(Slide())
        if kind == "skip" or not cell.source.strip() and not cell.get("outputs") \
                or is_only_live(cell):
            continue
        if not slides:
            raise CourseError(f"{path.name}: its first cell must be a slide, or be skipped.")
        tags = tags_of(cell)
        slides[-1].begins_part |= "part" in tags
        if kind == "notes":
            slides[-1].notes.append(cell)
        elif "source" in tags:
            slides[-1].sources.append(cell)
        elif "beside" in tags:
            slides[-1].right.append(cell)
        else:
            slides[-1].left.append(cell)
    if not slides:
        raise CourseError(f"{path.name} has no slides; in JupyterLab a cell's slide type says so.")
    _number_parts(slides, path)
    return slides


def agenda(slides: list[Slide]) -> list[str]:
    """Return the points of the agenda: the numbered list on the slide "Today", as Markdown."""
    for slide in slides:
        text = "\n".join(cell.source for cell in slide.left if cell.cell_type == "markdown")
        if AGENDA.match(text.lstrip()):
            return POINT.findall(text)
    return []


def slide_type(cell: NotebookNode) -> str:
    """Return what a cell is in a slideshow: slide, fragment, notes, skip, or - for none of them."""
    about = cell.metadata.get("slideshow")
    return (about.get("slide_type") if isinstance(about, dict) else None) or "-"


def language_of(path: Path) -> str:
    """Return the language of a deck: "ja" where its notebook says so, else "en"."""
    about = json.loads(path.read_bytes()).get("metadata", {}).get("course", {})
    return "ja" if isinstance(about, dict) and about.get("language") == "ja" else "en"


def tags_of(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    tags = cell.metadata.get("tags")
    return tags if isinstance(tags, list) else []


def is_only_live(cell: NotebookNode) -> bool:
    """Whether a cell shows sliders. A page has no kernel to move them; a picture stands there."""
    return any(output.get("data", {}).get("text/plain", "").startswith(SLIDERS)
               for output in cell.get("outputs", []))


def _cells(path):
    try:
        plain = json.loads(path.read_bytes())
        for number, cell in enumerate(plain.get("cells", [])):
            if (plain.get("nbformat"), plain.get("nbformat_minor", 0)) >= (4, 5):
                cell.setdefault("id", f"cell-{number}")  # else nbformat warns
            cell.setdefault("metadata", {})  # where a tool has left it out, nbformat stops
            cell.setdefault("source", "")
            if cell.get("cell_type") == "code":
                cell.setdefault("outputs", [])
        notebook = nbformat.reads(json.dumps(plain), as_version=4)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror or error}).") from None
    except Exception:  # JSON, encodings and old formats fail in many ways
        raise CourseError(f"{path} is damaged; git restore brings it back.") from None
    return notebook.cells


def _number_parts(slides, path):
    """Count the parts of the agenda through the slides."""
    begun = sum(slide.begins_part for slide in slides)
    points = len(agenda(slides))
    if begun and begun != points:
        raise CourseError(f"{path.name}: {begun} slides have the tag part, and the agenda "
                          f'("## Today") has {points} points; there must be one slide for each.')
    part = 0
    for slide in slides:
        part += slide.begins_part
        slide.part = part
