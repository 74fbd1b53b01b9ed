"""One HTML file from a deck: no request leaves it, whatever is opened, and it prints as PDF.

reveal.js comes from the package sphinx-revealjs, formulas become MathML, pictures are inside.
"""
import os
import re
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from common.chapters import repository
from common.errors import CourseError
from common.figures.style import COLORS
from common.slides.deck import read_deck, save, slide_type

try:
    from jinja2 import Environment, FileSystemLoader
    from latex2mathml.converter import convert as to_mathml
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer
except ImportError as error:
    raise CourseError(f"Decks need the package {error.name}; "
                      "run pip install -r requirements.txt.") from None

HERE = Path(__file__).parent


def write_html(path, folder):
    """Write the deck at `path` as one HTML file into `folder`; return where, and its slides."""
    slides = [_rendered(slide) for slide in read_deck(path)]
    page = Environment(loader=FileSystemLoader(HERE), autoescape=False).get_template("deck.html.j2")
    reveal = _reveal()
    html = page.render(
        title=_plain(slides[0]["heading"]) or path.stem, slides=slides, colors=COLORS,
        reveal_css=(reveal / "dist/reveal.css").read_text(encoding="utf-8"),
        scripts=[_inside_a_page(reveal / "dist/reveal.js"),
                 _inside_a_page(reveal / "plugin/notes/notes.js"),
                 _inside_a_page(HERE / "deck.js")],
        css=(HERE / "deck.css").read_text(encoding="utf-8"))
    return save(html.encode(), Path(folder) / f"{path.stem}.html"), len(slides)


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
    text = script.read_text(encoding="utf-8")
    return re.sub(r"<(?=/script|!--)", r"\\x3C", text, flags=re.IGNORECASE)


def _rendered(slide):
    """A slide as HTML: heading, left and right column, notes."""
    heading, first = "", slide.left[0] if slide.left else None
    left = slide.left
    if first is not None and first.cell_type == "markdown" and first.source.startswith("#"):
        line, _, rest = first.source.partition("\n")
        heading, left = _markdown(line), left[1:]
        first = type(first)(first, source=rest)
        left = [first, *left] if rest.strip() else left
    cells = [*left, *slide.right]
    look = {"opening": heading.startswith("<h1"),
            "circle": _plain(heading).startswith("For the circle"),
            "words": all(cell.cell_type == "markdown" for cell in cells)}
    return {"heading": heading,
            "look": " ".join(name for name in look if look[name]),
            "left": "\n".join(_cell(cell) for cell in left),
            "right": "\n".join(_cell(cell) for cell in slide.right),
            "notes": "\n".join(_markdown(cell.source) for cell in slide.notes)}


def _cell(cell):
    if cell.cell_type == "markdown":
        html = f'<div class="prose">{_markdown(cell.source)}</div>'
    else:
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        html = "" if hidden else _code(cell.source)
        html += "".join(_output(output) for output in cell.outputs)
    if slide_type(cell) == "fragment":
        html = f'<div class="fragment">{html}</div>'
    return html


def _code(source):
    return highlight(source, PythonLexer(), HtmlFormatter(cssclass="code"))


def _output(output):
    """The richest form of an output that a page without a kernel can show."""
    data = output.get("data", {})
    if "image/png" in data:
        about = output.metadata.get("image/png", {})
        png = data["image/png"].replace("\n", "")
        return (f'<figure><img src="data:image/png;base64,{png}" alt="{escape(about["alt"])}" '
                f'style="--width: {about["width"]}; --height: {about["height"]}"></figure>')
    if "text/html" in data:
        return f'<div class="prose">{data["text/html"]}</div>'
    if "text/markdown" in data:
        return f'<div class="prose">{_markdown(data["text/markdown"])}</div>'
    text = output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", []))
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).rstrip()  # the colours of a terminal
    return f'<pre class="output">{escape(text)}</pre>'


def _plain(html):
    return re.sub(r"<.*?>", "", html).strip()


def _markdown(source):
    return MarkdownWithMath(renderer=_Renderer(escape=False, exclude_anchor_links=True)).render(
        source)


class _Renderer(IPythonRenderer):
    """Markdown as Jupyter has it, with MathML for formulas and links that hold anywhere."""

    def inline_math(self, body):
        return to_mathml(body)

    def block_math(self, body):
        return to_mathml(body, display="block")

    def link(self, text, url, title=None):
        if not re.match(r"[a-z]+:|#", url):  # a file of the course, seen from slides/
            path = os.path.normpath(os.path.join("slides", url)).replace(os.sep, "/")
            url = f"https://github.com/{repository()}/blob/main/{path}"
        return super().link(text, url, title)
