"""Reads what readers hand in: a notebook, whatever was done to it, as a list of cells."""
import json
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.course import CourseError
from common.language import _

ARCHIVES = (b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
LARGEST = 100 << 20  # bytes, stored outputs included; a notebook full of pictures has 20 MB
CODE, CELLS = 300_000, 2000  # characters of code, and cells: an assignment has 10,000 and 40


@dataclass
class Cell:
    """One cell, without its outputs: they count for nothing."""
    source: str
    is_code: bool
    grade_id: str  # nbgrader's name for it, empty where there is none
    id: str


def read_submission(source: str | bytes | Path) -> list[Cell]:
    """Return the cells of the notebook at a path, in a text, or in bytes.

    Raises CourseError, with the reason, for what is no notebook.
    """
    if isinstance(source, Path):
        source = content_of(source)
    content = source.encode(errors="surrogatepass") if isinstance(source, str) else source
    if not content.strip():
        raise CourseError(_("The file is empty."))
    if len(content) > LARGEST:
        raise CourseError(_("The file is larger than {n} MB; clear its outputs.").format(
            n=LARGEST >> 20))
    try:
        raw = _parsed(content)
        found = raw.get("cells")
        if found is None:  # as it was before 2015
            found = [cell for sheet in raw["worksheets"] for cell in sheet["cells"]]
        cells = [_cell(cell) for cell in found
                 if isinstance(cell, dict) and isinstance(cell.get("cell_type"), str)]
        if found and not cells:
            raise ValueError("no cell among them")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, MemoryError):
        raise CourseError(_what_it_is(content)) from None
    if len(cells) > CELLS or sum(len(cell.source) for cell in cells if cell.is_code) > CODE:
        raise CourseError(_("The notebook has more than {n} cells, or {m} characters of code; "
                            "hand in what the assignment asks for.").format(n=CELLS, m=CODE))
    return cells


def _what_it_is(content: bytes) -> str:
    """Say what a file that is no notebook seems to be."""
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"PK"):
        return _("The file is a zip that is damaged, or has nothing in it.")
    if content.startswith(ARCHIVES) or content[257:262] == b"ustar":
        return _("The file is an archive of another kind than zip: hand in the notebook itself.")
    if start.startswith((b"%pdf", b"<!doctype html", b"<html")):
        return _("The file is a page made of a notebook (PDF or HTML): hand in the notebook "
                 "itself, the file .ipynb.")
    if start.startswith((b"[internetshortcut]", b"http://", b"https://")) or b"<key>url<" in start:
        return _("The file is a link: hand in the notebook itself, the file .ipynb.")
    if re.search(rb"^<{7} ", content, re.MULTILINE):
        return _("Marks of a merge of git (<<<<<<<) stand in the file: choose one of the two "
                 "versions at each.")
    if not content.strip(b"\0"):
        return _("The file holds nothing but zeros: it was not saved or copied whole.")
    return _("The file is not a notebook, or it is damaged.")


def language_of(source: str | bytes | Path) -> str:
    """Return the language of a notebook that was handed in: "ja" where it says so, else "en"."""
    try:
        content = content_of(source) if isinstance(source, Path) else source
        text = content if isinstance(content, str) else content.decode("utf-8", "replace")
        course = json.loads(text)["metadata"]["course"]
        return "ja" if course["language"] == "ja" else "en"
    except (CourseError, ValueError, TypeError, KeyError, RecursionError, MemoryError):
        return "en"


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, or of as much as shows that it is too large."""
    try:
        kind = stat.filemode(path.lstat().st_mode)[0]
        if kind != "-":
            raise CourseError(_("This is a link, not a file.") if kind == "l" else
                              _("This is a folder, not a file.") if kind == "d" else
                              _("This is a pipe or a device, not a file."))
        with open(path, "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise CourseError(_("The file cannot be read: {why}.").format(
            why=error.strerror or error)) from None


def _parsed(content: bytes) -> Any:
    """JSON in UTF-8, 16 or 32, with or without a byte order mark; else as an old editor in Japan
    or Europe wrote it."""
    for encoding in (json.detect_encoding(content), "cp932", "cp1252"):
        try:
            return json.loads(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return json.loads(content.decode("utf-8", "replace"))


def _cell(raw: dict[str, Any]) -> Cell:
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(map(str, source))
    metadata = raw.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
    source = str(source).replace("\r\n", "\n").replace("\r", "\n")  # of Windows, of an old Mac
    return Cell(source.encode(errors="replace").decode(),  # where half of a character stands
                raw["cell_type"] == "code", grade_id if isinstance(grade_id, str) else "",
                raw["id"] if isinstance(raw.get("id"), str) else "")
