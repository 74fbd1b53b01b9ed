"""`course translate`: the Japanese edition, made of the English pages and their catalogues.

English is the source of code, outputs and structure. Beside each page of ours lies a catalogue of
gettext, chapters/ja/NN_topic.po and so on; the Japanese page is built from both.
"""
import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.pofile import denormalize, read_po, write_po
from tqdm import tqdm

from common.course import COURSE, CourseError, write_file
from common.tools.kept import build
from common.tools.messages import LINK, in_japanese, messages, translated
from common.tools.notebooks import leave_answers
from common.tools.pictures import with_pictures
from common.tools.words import compile_catalogue, compile_words, words

LANGUAGE = "ja"
FOLDERS = ("chapters", "assignments", "slides")
HEADER = "# The Japanese of {name}, made by `course translate`.\n#"
COLAB = re.compile(rf"(github\.com/[\w.-]+/[\w.-]+|/github/[\w.-]+/[\w.-]+)/blob/main/"
                   rf"({'|'.join(FOLDERS)})/(?=\d\d_)")
# A notebook that a text names; the addresses of links begin with a bracket, or with ../
NAMED = re.compile(rf"(?<![\w/.(])(?:{'|'.join(FOLDERS)})/\d\d_\w+\.ipynb")
# Words that are the same on every page, and stand in no catalogue.
EVERYWHERE = {"[Open in Colab](": "[Colabで開く](",
              "[日本語](README.ja.md)": "[English](README.md)"}


@dataclass(frozen=True)
class Page:
    """A page of the course with its Japanese: paths from the top of the course, with slashes."""
    source: str
    catalogue: str
    built: str

    @property
    def is_notebook(self) -> bool:
        """Whether it is a notebook; else it is Markdown."""
        return self.source.endswith(".ipynb")


def pages(course: Path = COURSE) -> list[Page]:
    """Return every page that has a Japanese edition."""
    found = [Page("README.md", f"common/locale/{LANGUAGE}/README.po", f"README.{LANGUAGE}.md"),
             Page("assignments/README.md", f"assignments/{LANGUAGE}/README.po",
                  f"assignments/{LANGUAGE}/README.md")]
    for folder in FOLDERS:
        for path in sorted((course / folder).glob("[0-9][0-9]_*.ipynb")):
            home = f"{folder}/{LANGUAGE}/{path.stem}"
            found.append(Page(f"{folder}/{path.name}", f"{home}.po", f"{home}.ipynb"))
    return found


WORDS = Page("the programs", f"common/locale/{LANGUAGE}/LC_MESSAGES/course.po",
             f"common/locale/{LANGUAGE}/LC_MESSAGES/course.mo")
FIGURES = Page("the figures", f"common/locale/{LANGUAGE}/LC_MESSAGES/figures.po",
               f"common/locale/{LANGUAGE}/LC_MESSAGES/figures.mo")


def read_catalogue(page: Page, course: Path = COURSE) -> Catalog:
    """Return the catalogue of a page or of the programs; an empty one where there is none yet."""
    path = course / page.catalogue
    if not path.exists():
        return Catalog(locale=LANGUAGE, header_comment=HEADER.format(name=page.source),
                       project="chainer-circle", version="1", last_translator="the circle",
                       language_team="Japanese", msgid_bugs_address="the issues of the repository",
                       fuzzy=False)
    try:
        return _with_previous(read_po(BytesIO(path.read_bytes()), locale=LANGUAGE,
                                      abort_invalid=True))
    except Exception as error:  # Babel has several for one fault
        raise CourseError(f"{page.catalogue} is no catalogue of gettext: {error}.") from None


def _with_previous(catalogue):
    """Give fuzzy entries the text back that they were of: Babel reads it ("#|") as a comment."""
    for entry in catalogue:
        said = [comment for comment in entry.user_comments if comment.startswith("|")]
        entry.user_comments = [comment for comment in entry.user_comments if comment not in said]
        if said and entry.fuzzy:
            before = " ".join(comment[1:].strip() for comment in said).removeprefix("msgid ")
            entry.previous_id = [denormalize(before)]
    return catalogue


def write_catalogue(page: Page, catalogue: Catalog, course: Path = COURSE) -> None:
    """Write the catalogue of a page, as all of them are written."""
    out = BytesIO()
    write_po(out, catalogue, width=0, include_previous=True, no_location=True)
    write_file(course / page.catalogue, out.getvalue())


def update(page: Page, course: Path = COURSE) -> Catalog:
    """Bring the catalogue of a page up to date with it, and return it.

    What is new has no translation; what has changed a little keeps the old one, marked as fuzzy;
    what the page no longer says goes.
    """
    catalogue = read_catalogue(page, course)
    before = _entries(catalogue)
    template = Catalog(creation_date=catalogue.creation_date)
    for where, message in _said(page, course):
        template.add(message, auto_comments=[where] if where else [])
    catalogue.update(template, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.revision_date = catalogue.creation_date
    if _entries(catalogue) != before or not (course / page.catalogue).exists():
        write_catalogue(page, catalogue, course)
    return catalogue


def _said(page, course):
    """The messages of a page or of the programs, each with the place where it stands."""
    if page == WORDS:
        return words(course)
    source = (course / page.source).read_text(encoding="utf-8")
    return ((f"cell {cell}" if cell else "", message)
            for _, cell, message in messages(source, page.is_notebook))


def _entries(catalogue):
    return [(entry.id, entry.string, entry.fuzzy, entry.auto_comments)
            for entry in catalogue if entry.id]


def left(catalogue: Catalog) -> tuple[list[str], list[str]]:
    """Return the messages of a catalogue that have no translation, and those that are fuzzy."""
    entries = [entry for entry in catalogue if entry.id]
    return ([str(entry.id) for entry in entries if not entry.string],
            [str(entry.id) for entry in entries if entry.string and entry.fuzzy])


class Edition:
    """The Japanese edition of a course, as its pages and catalogues stand in the files."""

    def __init__(self, course: Path = COURSE) -> None:
        self.course = course
        self.pages = {page.source: page for page in pages(course)}
        self.texts: dict[str, dict[str, str]] = {}
        self.anchors: dict[str, dict[str, str]] = {}
        self.in_english: dict[str, list[str]] = {}  # cells of built pages with English pictures

    def translations(self, page: Page) -> dict[str, str]:
        """Return what a page's catalogue says, {message: Japanese}, without what is fuzzy."""
        if page.source not in self.texts:
            self.texts[page.source] = {
                str(entry.id): str(entry.string) for entry in read_catalogue(page, self.course)
                if entry.id and entry.string and not entry.fuzzy}
        return self.texts[page.source]

    def build(self, page: Page) -> str:
        """Return the Japanese page as text; what has no translation stays English."""
        source = (self.course / page.source).read_text(encoding="utf-8")
        if not page.is_notebook:
            return self._markdown(page, source)
        notebook = nbformat.reads(source, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = self._markdown(page, cell.source)
            else:
                cell.source = in_japanese(cell.source)
        notebook.metadata.setdefault("course", {})["language"] = LANGUAGE
        self.in_english[page.source] = with_pictures(notebook, self.course / page.built)
        return nbformat.writes(notebook) + "\n"

    def _markdown(self, page, text):
        known = self.translations(page)
        text = translated(text, lambda message: known.get(message, message))
        for english, japanese in EVERYWHERE.items():
            text = text.replace(english, japanese)
        text = NAMED.sub(lambda named: self._name(named[0]), text)
        return LINK.sub(lambda link: self._address(page, link[0]), text)

    def _name(self, name):
        """The file of a notebook that a text names, such as chapters/03_output_layer.ipynb."""
        other = self._in_japanese(name)
        return other.built if other else name

    def _in_japanese(self, name):
        """The page with this source, or None where it has no Japanese yet."""
        page = self.pages.get(name)
        return page if page and (self.course / page.catalogue).exists() else None

    def _address(self, page, address):
        """Where a link of the source page leads to on the Japanese page."""
        if re.match(r"[a-z]+:", address):
            return COLAB.sub(rf"\1/blob/main/\2/{LANGUAGE}/", address)
        path, mark, anchor = address.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), path)
                                    ) if path else page.source
        if address == "README.md" and page.source == target:  # from README.ja.md to the English
            return address
        other = self._in_japanese(target)
        if other and anchor:
            anchor = self._anchors(other).get(anchor, anchor)
        if not path:
            return mark + anchor
        start = posixpath.dirname(page.built) or "."
        return posixpath.relpath(other.built if other else target, start) + mark + anchor

    def _anchors(self, page):
        """The places that a page's headings are for links: {in English: in Japanese}."""
        if page.source not in self.anchors:
            source = (self.course / page.source).read_text(encoding="utf-8")
            headings = [message for _, _, message in messages(source, page.is_notebook)]
            known = self.translations(page)
            self.anchors[page.source] = {
                as_anchor(message): as_anchor(known.get(message, message)) for message in headings}
        return self.anchors[page.source]


def as_anchor(heading: str) -> str:
    """Return what JupyterLab makes of a heading for a link to it."""
    return re.sub(r"[*`]|\]\([^)]*\)|\[", "", heading).strip().replace(" ", "-")


def translate(numbers: Iterable[str] = (), course: Path = COURSE) -> int:
    """Bring catalogues and Japanese pages up to date; say what is missing, fuzzy or badly put.

    numbers: of chapters ("03" or "3"); none means every page, the READMEs too.
    Returns the number of messages that lack a translation.
    """
    from common.tools.wording import problems
    wanted = [str(number).zfill(2) for number in numbers]
    chosen = [page for page in pages(course)
              if not wanted or Path(page.source).name[:2] in wanted]
    if not chosen:
        raise CourseError(f"There is no chapter {', '.join(wanted)}.")
    for page in chosen:
        if page.is_notebook and page.source.startswith("assignments/"):
            leave_answers(course / page.built,
                          (course / page.source).read_text(encoding="utf-8"))
    catalogues = {page: update(page, course) for page in tqdm(
        (*chosen, WORDS), desc="catalogues", unit="page", leave=False, disable=None)}
    compile_words(catalogues[WORDS], LANGUAGE)
    catalogues[FIGURES] = read_catalogue(FIGURES, course)
    compile_catalogue(catalogues[FIGURES], course / FIGURES.built)
    edition, lacking = Edition(course), 0
    for page, catalogue in catalogues.items():
        changed = (page not in (WORDS, FIGURES)
                   and build(course / page.built, edition.build(page), course))
        missing, fuzzy = left(catalogue)
        lacking += len(missing) + len(fuzzy)
        told = [f"{len(found)} {kind}" for kind, found in [("missing", missing), ("fuzzy", fuzzy)]
                if found]
        print(f"{page.built}: {'written' if changed else 'up to date'}, "
              f"{sum(1 for entry in catalogue if entry.id)} messages"
              + "".join(f", {text}" for text in told))
        for entry in _complaints(catalogue, problems):
            print(f"    {entry}")
        if edition.in_english.get(page.source):
            print(f"    {len(edition.in_english[page.source])} cells have English pictures; "
                  f"run `{_command(page)}`")
    if lacking:
        print(f"{lacking} messages wait for their Japanese, in the files *.po beside the pages "
              "named above.")
    return lacking


def _command(page):
    """What gives a page its Japanese pictures."""
    number = Path(page.source).name[:2]
    return (f"course slides {number} --run --lang {LANGUAGE}" if page.source.startswith("slides/")
            else f"course run {number} --write --lang {LANGUAGE}")


def _complaints(catalogue, problems) -> Iterator[str]:
    for entry in catalogue:
        if entry.id and entry.string and entry.string != entry.id and not entry.fuzzy:
            for problem in problems(entry.id, entry.string):
                yield f"{entry.id[:60]!r}: {problem}"


def source_of(path: Path) -> Path | None:
    """Return the English page that a Japanese one is built from, or None where it is none."""
    name = os.path.relpath(path, COURSE).replace(os.sep, "/")
    return next((COURSE / page.source for page in pages() if page.built == name), None)
