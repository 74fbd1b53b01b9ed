"""HTML of a cell made self-contained: what it needs goes inside, what cannot is refused."""
import base64
import binascii
import mimetypes
import os
import re
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from common.course import COURSE, CourseError, repository
from slides.formulas import to_mathml
from slides.pictures import picture

VOID = {"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"}
DROPPED = {"html", "head", "body", "meta", "title"}
FRAMES = {"iframe", "object", "embed", "frame", "frameset", "applet"}
LITERAL = {"pre", "code", "script", "style", "math", "textarea", "kbd", "samp"}
MOST = 30_000_000  # bytes of a film or a sound
FORMULA = re.compile(r"\$\$(.+?)\$\$|\\\[(.+?)\\\]|\\\((.+?)\\\)|(?<![\\$\w])\$(?!\s)([^$]+?)"
                     r"(?<![\s\\])\$(?!\d)", flags=re.DOTALL)


def contain(html: str, folder: Path, attachments: Any = None, formulas: bool = False) -> str:
    """Return HTML that needs no other file and is closed in itself.

    folder: where its notebook lies. attachments: pictures pasted into its cell, by name.
    formulas: whether formulas in its text are TeX still.
    Raises CourseError, in a sentence, for what a page without a network cannot show.
    """
    page = _Contained(Path(folder), attachments or {}, formulas)
    page.feed(html)
    page.close()
    return page.finished()


def link(url: str, folder: Path) -> str:
    """Return where a link leads from outside of the course; folder: where its notebook lies."""
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|#|//", url) or not url:
        return url
    inside = folder.relative_to(COURSE) if folder.is_relative_to(COURSE) else Path("slides")
    path = os.path.normpath(inside / unquote(url)).replace(os.sep, "/")
    return f"https://github.com/{repository()}/blob/main/{path}"


class _Contained(HTMLParser):
    def __init__(self, folder, attachments, formulas):
        super().__init__(convert_charrefs=False)
        self.folder, self.attachments, self.formulas = folder, attachments, formulas
        self.out, self.open, self.text, self.pictures = [], [], "", []

    def finished(self):
        self._flush()
        self.out += [f"</{_closed(tag)}>" for tag in reversed(self.open)]
        html = "".join(self.out)
        # A paragraph of pictures alone is a row of figures; elsewhere they stand among words.
        html = re.sub(r"<p>((?:\s|<br ?/?>|\0\d+\0)+)</p>",
                      lambda match: self._figures(match[1]), html)
        return re.sub(r"\0(\d+)\0", lambda match: self._picture(match[1], inline=True), html)

    def _figures(self, html):
        figures = [self._picture(number) for number in re.findall(r"\0(\d+)\0", html)]
        return figures[0] if len(figures) == 1 else \
            f'<div class="row">{"".join(figures)}</div>' if figures else ""

    def _picture(self, number, inline=False):
        source, *what = self.pictures[int(number)]
        try:
            return picture(*what, inline=inline)
        except CourseError as error:
            if source.startswith(("data:", "attachment:")):
                raise
            raise CourseError(f"{source}: {error}") from None

    def handle_starttag(self, tag, attributes):
        self._flush()
        attributes = {name: value or "" for name, value in attributes}
        if tag in FRAMES:
            raise CourseError(f"a page inside of the slide (<{tag}>) needs the network or another "
                              "file; put a picture there.")
        if tag == "base" or tag == "link" or tag == "meta" and "http-equiv" in attributes:
            raise CourseError(f"<{tag}> would change the page or fetch a file; leave it out.")
        if tag == "script" and attributes.get("src"):
            raise CourseError(f"a script would be fetched from {attributes['src']}; put a picture "
                              "there.")
        _check_style(attributes.get("style", ""))
        if tag == "img":
            self.out.append(self._img(attributes))
        elif tag not in DROPPED:
            self.out.append(self._opened(tag, attributes))
            if tag not in VOID:
                self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if tag in VOID or "math" not in self.open and "svg" not in self.open:
            self.handle_starttag(tag, attributes)  # as browsers do
            return
        self._flush()
        self.out.append(self._opened(tag, {name: value or "" for name, value in attributes})
                        [:-1] + "/>")

    def handle_endtag(self, tag):
        self._flush()
        if tag in self.open:
            while True:
                last = self.open.pop()
                self.out.append(f"</{_closed(last)}>")
                if last == tag:
                    break

    def handle_data(self, data):
        self.text += data.replace("\0", "")

    def handle_entityref(self, name):
        self.text += f"&{name};"

    def handle_charref(self, name):
        self.text += f"&#{name};"

    def _flush(self):
        text, self.text = self.text, ""
        if not text:
            return
        inside = self.open[-1] if self.open else ""
        if inside == "style":
            _check_style(text)
            text = f"@scope {{{text}}}"  # it holds in its own cell, not in the whole deck
        elif inside == "script" and re.search(
                r"\brequire\b|\bimport\b|\bfetch\b|XMLHttpRequest|https?://(?!www\.w3\.org)",
                text):
            raise CourseError("a script of this cell would fetch something or needs Jupyter; put "
                              "a picture there.")
        elif self.formulas and not LITERAL & set(self.open):
            text = FORMULA.sub(replace_formula, text)
        self.out.append(text)

    def _opened(self, tag, attributes):
        """A start tag whose files are inside, and whose links hold anywhere."""
        changed = dict(attributes)
        changed.pop("srcset", None)
        for name in ("src", "poster", "background", "href", "xlink:href"):
            if name not in changed or name.endswith("href") and tag not in ("image", "use", "a",
                                                                             "feimage"):
                continue
            if tag == "a":
                changed[name] = link(changed[name], self.folder)
            elif not changed[name].startswith("#"):
                data, kind = self._file(changed[name])
                if len(data) > MOST:
                    raise CourseError(f"{changed[name]} is too large for a page.")
                changed[name] = f"data:{kind};base64,{base64.b64encode(data).decode()}"
        if changed == attributes and tag not in ("section", "main"):
            return self.get_starttag_text().rstrip("/>").rstrip() + ">" \
                if self.get_starttag_text().endswith("/>") else self.get_starttag_text()
        return "<" + _closed(tag) + "".join(f' {name}="{escape(value)}"'
                                   for name, value in changed.items()) + ">"

    def _img(self, attributes):
        source = attributes.get("src", "").strip()
        if not source:
            raise CourseError("a picture has no file (<img> without src).")
        data, _ = self._file(source)
        style = dict(re.findall(r"(width|height)\s*:\s*([^;]+)", attributes.get("style", "")))
        self.pictures.append((source, data, attributes.get("alt", ""),
                              style.get("width") or attributes.get("width"),
                              style.get("height") or attributes.get("height")))
        place = f"\0{len(self.pictures) - 1}\0"
        return place if self.open else f"<p>{place}</p>"

    def _file(self, url):
        """The bytes and the type of what a page names: pasted, beside the notebook, or inside."""
        if url.startswith("attachment:"):
            name = unquote(url[len("attachment:"):])
            pasted = self.attachments.get(name) or self.attachments.get(url[len("attachment:"):])
            if not pasted:
                raise CourseError(f"the pasted picture {name} is not in the notebook any more; "
                                  "paste it again.")
            kind, data = next(iter(pasted.items()))
            return _decoded("".join(data), kind), kind
        if url.startswith("data:"):
            head, _, data = url[len("data:"):].partition(",")
            kind = head.split(";")[0] or "text/plain"
            return (_decoded(data, kind) if head.endswith(";base64")
                    else unquote_to_bytes(data)), kind
        parts = urlsplit(url)
        if parts.netloc and parts.scheme != "file" or parts.scheme in ("http", "https", "ftp"):
            raise CourseError(f"{url} would be fetched from the network; save it beside the "
                              "notebook, and name that file.")
        path = self.folder / unquote(parts.path if parts.scheme == "file" or not parts.scheme
                                     else url)
        if parts.path.startswith("/") and not path.exists():
            path = COURSE / unquote(parts.path).lstrip("/")  # as JupyterLab reads it
        try:
            data = path.read_bytes()
        except (OSError, ValueError):
            raise CourseError(f"{url} is not there; save it beside the notebook.") from None
        return data, mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _closed(tag):
    return "div" if tag in ("section", "main") else tag  # else it would be a slide


def _decoded(data, kind):
    """Bytes from base 64; an SVG may stand there as it is."""
    if kind == "image/svg+xml" and data.lstrip().startswith("<"):
        return data.encode("utf-8")
    try:
        return base64.b64decode(re.sub(r"\s", "", unquote(data)), validate=True)
    except (binascii.Error, ValueError):
        raise CourseError("a picture in the notebook is damaged.") from None


def _check_style(style):
    if re.search(r"@import|url\(\s*['\"]?(?!['\"]?\s*(#|data:))", style, flags=re.IGNORECASE):
        raise CourseError("a style of this cell would fetch a file; leave it out.")


def replace_formula(match: re.Match) -> str:
    """Return MathML for what FORMULA found."""
    block, bracket, parenthesis, inline = map(lambda tex: tex and unescape(tex), match.groups())
    if block or bracket:
        return to_mathml(block or bracket, display="block")
    return to_mathml(parenthesis or inline)
