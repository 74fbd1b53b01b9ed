"""The cells of a slide as HTML: words, code, and each output in its richest form."""
import base64
import json
import re
from html import escape, unescape
from pathlib import Path

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from common.course import CourseError
from slides.contained import FORMULA, contain, replace_formula
from slides.deck import TODAY, Slide, slide_type, tags_of
from slides.formulas import to_mathml
from slides.pictures import UNKNOWN, picture

DEFINITION = re.compile(r"\\(?:re)?newcommand\*?\s*\{?\\\w+\}?(?:\[\d\])?"
                        r"\{(?:[^{}]|\{[^{}]*\})*\}")
# An inline formula, with the brackets and punctuation that stand at it without a space.
BESIDE = re.compile(r"([(\[（「『【]*)(<math(?! [^>]*display=\"block\")(?: [^>]*)?>.*?</math>)"
                    r"([)\],.;:?!、。，．・：；？！）」』】]*)", re.DOTALL)
SHORT = 12  # letters of a formula that fits a phone beside its punctuation
PIXELS = ("image/png", "image/jpeg", "image/gif", "image/webp")
LIVE = ("application/vnd.jupyter.widget-view+json", "application/javascript",
        "application/vnd.bokehjs_exec.v0+json", "application/vnd.holoviews_exec.v0+json")


def plain(html: str) -> str:
    """Return the words of HTML, without its tags."""
    return unescape(re.sub(r"<(annotation|style|script).*?</\1>|<.*?>", "", html,
                           flags=re.DOTALL)).strip()


class RenderedSlide:
    """A slide as HTML: `parts` for the template, `faults`, and `definitions` of its formulas."""

    def __init__(self, slide: Slide, folder: Path, definitions: str = ""):
        self.folder, self.definitions = folder, definitions
        self.faults: list[str] = []
        heading, left = "", slide.left
        if left and left[0].cell_type == "markdown" and left[0].source.lstrip().startswith("#"):
            line, _, rest = left[0].source.lstrip().partition("\n")
            heading = self._tried(self.markdown, line)
            first = type(left[0])(left[0], source=rest)
            left = [first, *left[1:]] if rest.strip() else left[1:]
        cells = [*left, *slide.right]
        look = {"opening": heading.startswith("<h1"),
                "circle": plain(heading).startswith("For the circle"),
                "agenda": plain(heading) in TODAY,
                "words": all(cell.cell_type == "markdown" for cell in cells)}
        self.parts: dict[str, str] = {
            "heading": heading,
            "look": " ".join(name for name in look if look[name]),
            "left": "\n".join(self._tried(self._cell, cell) for cell in left),
            "right": "\n".join(self._tried(self._cell, cell) for cell in slide.right),
            "notes": "\n".join(self._tried(self._prose, cell) for cell in slide.notes),
            "source": " · ".join(re.sub(r"</?p>", "", self._tried(self._prose, cell)).strip()
                                 for cell in slide.sources)}
        self.parts["text"] = plain(" ".join(
            self.parts[name] for name in ("heading", "left", "right", "notes", "source")))

    def _tried(self, render, *arguments):
        try:
            return render(*arguments)
        except CourseError as error:
            self.faults.append(str(error))
            return ""

    def markdown(self, source: str) -> str:
        """Return Markdown as HTML, its formulas as MathML."""
        renderer = _Renderer(self, escape=False, exclude_anchor_links=True)
        html = MarkdownWithMath(renderer=renderer).render(source)
        return BESIDE.sub(_unparted, html)

    def formula(self, tex: str, display: str = "inline") -> str:
        r"""Return a formula as MathML; what \newcommand says holds from here on, as in Jupyter."""
        own = DEFINITION.findall(tex)
        self.definitions += " ".join(own)
        bare = DEFINITION.sub("", tex)
        return to_mathml(bare, display, self.definitions) if bare.strip() or not own else ""

    def _prose(self, cell):
        return contain(self.markdown(cell.source), self.folder, cell.get("attachments"))

    def _cell(self, cell):
        if cell.cell_type == "markdown":
            html = _in_prose(self._prose(cell))
        elif cell.cell_type == "code":
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
            html = "" if hidden or not cell.source.strip() else _code(cell)
            html += "".join(self._output(output) for output in cell.outputs)
        else:
            html = f'<pre class="output">{escape(cell.source)}</pre>'
        if slide_type(cell) == "fragment":
            look = "fragment pictured" if "<figure" in html else "fragment"
            html = f'<div class="{look}">{html}</div>'
        return html

    def _output(self, output):
        """The richest form of an output that a page without a kernel can show."""
        data = output.get("data", {})
        live = any(kind in data for kind in LIVE) or _is_widget(data)
        if live and not any(kind in data for kind in PIXELS):
            raise CourseError("a cell shows something that needs its kernel; set the cell's slide "
                              "type to skip, and put a picture there.")
        for kind in PIXELS:
            if kind in data:
                return self._pixels(kind, data, output.get("metadata", {}))
        if "image/svg+xml" in data:
            return picture(_joined(data["image/svg+xml"]).encode("utf-8"), _alt(data, output))
        if "text/html" in data:
            return _in_prose(contain(data["text/html"], self.folder, formulas=True))
        for kind in ("text/markdown", "text/latex"):
            if kind in data:
                return _in_prose(contain(self.markdown(data[kind]), self.folder))
        if "application/json" in data:
            text = json.dumps(data["application/json"], indent=1, ensure_ascii=False)
            return f'<pre class="output">{escape(text)}</pre>'
        unknown = ", ".join(set(data) - {"text/plain"})
        if unknown:
            raise CourseError(f"an output of the type {unknown} cannot be shown; put a picture "
                              "there.")
        text = output.get("text") or data.get("text/plain") or "\n".join(
            output.get("traceback", []))
        return f'<pre class="output">{escape(_printed(_joined(text)))}</pre>'

    def _pixels(self, kind, data, metadata):
        about = metadata.get(kind) or metadata  # some write width and height without the type
        try:
            file = base64.b64decode(_joined(data[kind]))
        except ValueError:
            raise CourseError("a picture in the notebook is damaged.") from None
        return picture(file, _alt(data, {"metadata": metadata}), about.get("width"),
                       about.get("height"))


def _is_widget(data):
    """Whether a widget was here of which a saved notebook keeps the text alone."""
    found = re.match(r"(interactive|[A-Z]\w*)\(.*=", data.get("text/plain", ""))
    if found is None or len(data) > 1:
        return False
    import ipywidgets  # here, since few decks have such an output
    return hasattr(ipywidgets, found[1])


def _joined(text):
    return text if isinstance(text, str) else "".join(text)


def _alt(data, output):
    """The alternative text of a picture: in its metadata, or of the <img> beside it."""
    metadata = output.get("metadata", {})
    said = [about.get("alt") for about in metadata.values() if isinstance(about, dict)]
    said += [unescape(alt) for _, alt in re.findall(
        r"<img\b[^>]*?\salt=([\"'])(.*?)\1", _joined(data.get("text/html", "")), re.DOTALL)]
    return next((alt for alt in said if alt), UNKNOWN)


def _in_prose(html):
    """HTML in its frame on the slide; a picture alone needs none, since it takes what is left."""
    if html.startswith(("<figure", '<div class="row"')) and plain(html) == "":
        return html
    look = "prose pictured" if "<figure" in html else "prose"
    return f'<div class="{look}">{html}</div>' if html.strip() else ""


def _code(cell):
    html = highlight(cell.source.strip("\n"), PythonLexer(stripnl=False),
                     HtmlFormatter(nowrap=True))
    lines = html.rstrip("\n").split("\n")
    html = "".join(f'<span class="line" style="--indent: {_indent(line)}ch">{_kept(line)}\n'
                   "</span>" for line in lines)
    steps = [tag[len("lines:"):] for tag in tags_of(cell) if str(tag).startswith("lines:")]
    fragments = "".join(f'<span class="fragment step" data-lines="{part}"></span>'
                        for part in _steps(steps[0], len(lines))) if steps else ""
    return f'<div class="code"><pre>{html}</pre>{fragments}</div>'


def _indent(line):
    text = re.sub("<.*?>", "", line)
    return len(text) - len(text.lstrip())


def _kept(line):
    """A line whose first word stays beside its indentation where it is wrapped.

    The spaces are no-break spaces; browsers copy them as usual ones.
    """
    return re.sub(r"^((?:<[^>]*>)*)( +)", lambda at: at[1] + "\u00a0" * len(at[2]), line)


def _steps(said, count):
    """The parts of "1|3-5+7" as lists of lines such as "3 4 5 7"."""
    parts = []
    for part in said.replace(" ", "").split("|"):
        lines = []
        for piece in part.split("+"):
            found = re.fullmatch(r"(\d+)(?:-(\d+))?", piece)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
            if not 1 <= first <= last <= count:
                raise CourseError(f"the tag lines:{said} does not fit its cell, which has {count} "
                                  "lines; it is written as lines:1|3-5.")
            lines += range(first, last + 1)
        parts.append(" ".join(map(str, lines)))
    return parts


def _unparted(found):
    """A short formula with its comma, which browsers would part; a long one needs its own lines."""
    if (found[1] or found[3]) and len(plain(found[2])) <= SHORT:
        return f'<span class="whole">{found[0]}</span>'
    return found[0]


def _printed(text):
    """What a terminal would show at the end: no colours, and lines that were written over."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
    return "\n".join(lines).rstrip()


class _Renderer(IPythonRenderer):
    """Markdown as Jupyter has it, with MathML for its formulas."""

    def __init__(self, slide, **options):
        super().__init__(**options)
        self.slide = slide

    def inline_math(self, body):
        return self.slide.formula(body)

    def block_math(self, body):
        return self.slide.formula(body, "block")

    def latex_environment(self, name, body):
        return self.slide.formula(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")

    def image(self, text, url, title=None):
        return f'<img src="{escape(url)}" alt="{escape(plain(text))}">'

    def block_mermaidjs(self, code):
        raise CourseError("a diagram of Mermaid is drawn by JupyterLab alone; put a picture there.")

    def block_html(self, html):
        # Formulas between the tags of a table, say, are TeX still.
        return re.sub(r"(?s)(<(pre|code|script|style).*?</\2>|<[^>]*>)|([^<]+)", lambda match:
                      match[1] or FORMULA.sub(replace_formula, match[3]), html)
