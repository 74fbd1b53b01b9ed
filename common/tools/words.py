"""What the course's programs say, as messages: their sentences, hints, buttons and labels."""
import ast
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo

from common.course import COURSE, update_file
from common.drawing.page import CHAPTERS
from common.language import CATALOGUES, NAME, PAGE
from common.tools.messages import WORD

PYTHON = ("common/**/*.py", "dataset/*.py", "slides/*.py", "assignments/*.py")
WEB = "common/drawing/web"


def words(course: Path = COURSE) -> Iterator[tuple[str, str]]:
    """Yield the messages of the programs, each with the file that says it.

    They are the texts in `_("…")` of Python and JavaScript, the words of the page, and the hints
    of the masters: keys of a dict whose values are lambdas.
    """
    for pattern in PYTHON:
        for path in sorted(course.glob(pattern)):
            for message in marked(path.read_text(encoding="utf-8")):
                yield _name(path, course), message
    for path in [*sorted(course.glob(f"{WEB}/*.js")), course / "slides/deck.js"]:
        for _, found, _, _ in extract("javascript", BytesIO(path.read_bytes()), {"_": None}):
            yield _name(path, course), str(found)
    page = course / WEB / "page.html"
    for message in words_of_page(page.read_text(encoding="utf-8")):
        yield _name(page, course), message
    for number, (_, words_of_link) in CHAPTERS.items():
        yield _name(page, course), f"Chapter {number}: {words_of_link}"
    for path in sorted(course.glob("assignments/solutions/[0-9][0-9]_*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for hint in hints("".join(cell["source"])):
                    yield _name(path, course), hint


def _name(path, course):
    return path.relative_to(course).as_posix()


def marked(source: str) -> Iterator[str]:
    """Yield the texts that a Python module marks with `_`, in f-strings too."""
    for node in ast.walk(ast.parse(source)):
        if (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and node.args
                and isinstance(node.args[0], ast.Constant)):
            yield str(node.args[0].value)


def hints(source: str) -> Iterator[str]:
    """Yield the hints in a check cell: sentences, so there is a space in each."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values):
                if (isinstance(value, ast.Lambda) and isinstance(key, ast.Constant)
                        and " " in str(key.value)):
                    yield str(key.value)


def words_of_page(html: str) -> list[str]:
    """Return the texts between the tags of a page, without those of scripts and styles."""
    reader = _Texts()
    reader.feed(html)
    return reader.found


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self.closed = False  # whether it stands in a script or a style

    def handle_starttag(self, tag, attrs):
        self.closed = tag in ("script", "style")

    def handle_endtag(self, tag):
        self.closed = False

    def handle_data(self, data):
        text = data.strip()
        if not self.closed and WORD.search(text) and not text.startswith("/*"):
            self.found.append(text)


def compile_words(catalogue: Catalog, language: str, folder: Path = CATALOGUES) -> None:
    """Write the catalogue as gettext reads it, and what page and pad say as JSON; nothing fuzzy.

    Files that are as they should be already stay untouched.
    """
    folder = folder / language / "LC_MESSAGES"
    compile_catalogue(catalogue, folder / f"{NAME}.mo")
    known = {entry.id: entry.string for entry in catalogue
             if entry.id and entry.string and not entry.fuzzy}
    of_page = {message: known[message] for name, message in words()
               if name.endswith((".js", ".html")) and message in known}
    text = json.dumps(of_page, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    update_file(folder / PAGE, text)


def compile_catalogue(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue as gettext reads it, a file .mo; nothing fuzzy."""
    out = BytesIO()
    write_mo(out, catalogue)
    update_file(path, out.getvalue())
