"""Reads what readers hand in: a notebook, whatever is done to it, and the answers in it."""
import re
import stat
import warnings
from pathlib import Path

import nbformat

from common.errors import CourseError

LARGEST = 20 << 20  # bytes: a notebook full of pictures has less
MARKER = re.compile(r"^#\s*Answer:\s*([\w-]+)", re.MULTILINE)


def read_submission(source):
    """Return the notebook at a path, or in a text; say in a CourseError why there is none."""
    content = source.encode() if isinstance(source, str) else _bytes_of(Path(source))
    if not content.strip():
        raise CourseError("The file is empty.")
    if len(content) > LARGEST:
        raise CourseError(f"The file is larger than {LARGEST >> 20} MB; clear its outputs.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without an id
            notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
        notebook.cells = [cell for cell in notebook.cells if isinstance(cell.source, str)
                          and isinstance(cell.metadata, dict)]
    except Exception:  # nbformat raises whatever it stumbles over
        raise CourseError("The file is not a notebook, or it is damaged.") from None
    return notebook


def _bytes_of(path):
    try:
        mode = path.lstat().st_mode
        for is_kind, kind in [(stat.S_ISLNK, "a link"), (stat.S_ISDIR, "a folder")]:
            if is_kind(mode):
                raise CourseError(f"This is {kind}, not a notebook.")
        if not stat.S_ISREG(mode):
            raise CourseError("This is not a file.")
        with open(path, "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise CourseError(f"The file cannot be read: {error.strerror}.") from None


def answers_in(notebook, exercises):
    """Return {exercise: source, "" where blank} of the cells that answer: by name, id or marker.

    Of several cells for one exercise the last counts that is not blank and has its marker.
    """
    found = {}
    for cell in notebook.cells:
        cell.source = cell.source.encode(errors="replace").decode()  # half of a character
        mark, marker = cell.metadata.get("nbgrader"), MARKER.search(cell.source)
        keys = [mark.get("grade_id") if isinstance(mark, dict) else None, cell.get("id"),
                marker[1] if marker else None]
        name = next((key for key in keys if isinstance(key, str) and key in exercises), None)
        if name and cell.cell_type == "code":
            filled = _bare(cell.source) not in ("", _bare(exercises[name].blank))
            rank = filled, keys[2] == name
            if name not in found or rank >= found[name][0]:
                found[name] = rank, cell.source if filled else ""
    return {name: source for name, (_, source) in found.items()}


def _bare(source):
    return "".join(MARKER.sub("", source).split())
