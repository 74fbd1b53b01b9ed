"""One HTML file from a deck: no request leaves it, whatever is opened, and it prints as PDF.

reveal.js comes from the package sphinx-revealjs, formulas become MathML, pictures are inside.
"""
import json
import re
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from common.course import CourseError
from common.language import _, speaking, words_of_the_page
from common.palette import COLORS
from slides.deck import Slide, agenda, language_of, read_deck

try:
    from jinja2 import Environment, FileSystemLoader

    from slides.cells import RenderedSlide, plain
    from slides.fonts import font_faces
except ImportError as error:
    raise CourseError(f"Decks need the package {error.name}; "
                      "run pip install -r requirements.txt.") from None

HERE = Path(__file__).parent


class Refused(CourseError):
    """A deck that cannot be written; the message has a line for each fault, and where it is."""


def render_deck(path: Path, title: Sequence[str] = (), zooms: Sequence[float] = (),
                handout: bool = False) -> tuple[str, int]:
    """Return a deck as HTML, and how many slides it has.

    path: the notebook. title: presenter, circle, date and so on, for the title slide.
    zooms: for each slide, how much smaller than usual its text is (1 is as usual).
    handout: each slide with its notes below, for sheets of A4, and no scripts.
    Raises Refused for what cannot be shown right, with the deck and the slides named.
    """
    found = read_deck(path)
    lang = language_of(path)
    points = agenda(found)
    definitions = ""
    slides: list[dict[str, Any]] = []
    faults: list[tuple[int, str]] = []
    for number, slide in enumerate(found, start=1):
        rendered = RenderedSlide(slide, path.parent, definitions)
        definitions = rendered.definitions
        slides.append(rendered.parts | {
            "zoom": zooms[number - 1] if zooms else 1, "part": slide.part})
        faults += [(number, fault) for fault in rendered.faults]
    points = [plain(RenderedSlide(Slide(), path.parent, definitions).markdown(point))
              for point in points]
    shown = [" ".join([slide["text"], *title, *points]) for slide in slides]
    css, families, missing = font_faces(" ".join(shown))
    for letter in missing:
        number = next(k for k, text in enumerate(shown, start=1) if letter[0] in text)
        faults.append((number, f"no font of this machine has {letter}; write it in other words."))
    if faults:
        raise Refused("\n".join(f"{path.stem}, slide {number}: {fault}"
                                for number, fault in sorted(faults)))
    starts = {slide["part"]: number for number, slide in reversed([*enumerate(slides, start=1)])}
    reveal = _reveal()
    template = Environment(loader=FileSystemLoader(HERE), autoescape=False).get_template(
        "deck.html.j2")
    with speaking(lang):
        said = {"course": _("From the perceptron to a CNN, with Chainer"), "agenda": _("Agenda")}
    words = json.dumps(words_of_the_page(lang), ensure_ascii=False).replace("<", "\\u003c")
    html = template.render(
        lang=lang, said=said, title=escape(plain(slides[0]["heading"])) or path.stem,
        slides=slides, colors=COLORS,
        about=[escape(line) for line in title], points=list(map(escape, points)), starts=starts,
        handout=handout, faces=css, reveal_css=_text(reveal / "dist/reveal.css"),
        more=", ".join(f'"{family}"' for family in families) or "sans-serif",
        scripts=[] if handout else [
            f"const WORDS = {words};",
            _inside_a_page(reveal / "dist/reveal.js"),
            _inside_a_page(reveal / "plugin/notes/notes.js"),
            *map(_inside_a_page, sorted(HERE.glob("deck*.js")))],
        css=_text(HERE / "deck.css"))
    return html, len(slides)


def _text(path):
    return path.read_text(encoding="utf-8")


@cache
def _reveal():
    """The folder of reveal.js. Its package is not imported: that would import Sphinx."""
    spec = find_spec("sphinx_revealjs")
    folder = spec and Path(spec.submodule_search_locations[0], "_static", "revealjs")
    if not folder or not (folder / "dist/reveal.js").is_file():
        raise CourseError("Decks need reveal.js of the package sphinx-revealjs; "
                          "run pip install -r requirements.txt.")
    return folder


def _inside_a_page(script):
    """A script's text, with nothing in it that would end the element around it."""
    return re.sub(r"<(?=/script|!--)", r"\\x3C", _text(script), flags=re.IGNORECASE)
