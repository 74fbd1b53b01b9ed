"""The language that readers see: English, or one that a catalogue of gettext knows."""
import gettext
import json
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from common.course import COURSE, CourseError

CATALOGUES = COURSE / "common" / "locale"
NAME, PAGE = "course", "page.json"  # beside each other: locale/ja/LC_MESSAGES/course.mo
_of_all = {"language": "en"}         # of this process
_here = ContextVar("language", default=None)  # of a thread's work, where it has its own


def use_language(name="en"):
    """Choose the language of what the course says from now on, "en" or "ja".

    Raises CourseError for one that has no catalogue.
    """
    catalogue(name)
    _of_all["language"] = name


@contextmanager
def speaking(name):
    """Let the course say everything in a language as long as this block runs, in this thread.

    Raises CourseError for one that has no catalogue.
    """
    catalogue(name)
    before = _here.set(name)
    try:
        yield
    finally:
        _here.reset(before)


def language():
    """Return the language that is chosen, such as "en"."""
    return _here.get() or _of_all["language"]


@cache
def catalogue(name, kind=NAME):
    """Return the translations into a language, for `_` or for a page that has its own switch.

    kind: "figures" for what stands in figures.
    """
    if name == "en":
        return gettext.NullTranslations()
    try:
        return gettext.translation(kind, CATALOGUES, [name])
    except OSError:
        known = sorted(path.name for path in CATALOGUES.glob("*") if path.is_dir())
        raise CourseError(f"The course speaks en and {', '.join(known)}, not {name}.") from None


def words_of_the_page(name):
    """Return what page and pad say in a language, {English: translation}; {} for English."""
    if name == "en":
        return {}
    path = CATALOGUES / name / "LC_MESSAGES" / PAGE
    return json.loads(path.read_text(encoding="utf-8"))


def _(message):
    """Return a message in the language that is chosen; itself where there is no translation."""
    return catalogue(language()).gettext(message) if message else ""
