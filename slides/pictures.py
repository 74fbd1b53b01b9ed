"""Pictures of every kind as HTML that needs no other file: PNG, JPEG, SVG, GIF and more.

A picture of several frames becomes pictures that a control turns over (see deck.js); on paper
and without scripts the last one is seen.
"""
import base64
import io
import re
import warnings
from html import escape
from typing import Any
from xml.etree import ElementTree

from PIL import Image, ImageOps, UnidentifiedImageError

from common.course import CourseError
from slides.fonts import font_faces

UNKNOWN = "A figure without a description."
LARGEST = 2560  # pixels of the longer side: a slide on a screen of 4K has no more
FRAMES = 100    # a deck keeps so many of a moving picture
SVG = "http://www.w3.org/2000/svg"
UNITS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4,
         "em": 16, "ex": 8}


def picture(data: bytes, alt: str = "", width: Any = None, height: Any = None,
            inline: bool = False) -> str:
    """Return a picture as HTML: a <figure>, or an <img> that stands among words.

    data: the file. alt: its alternative text. width, height: in pixels of the page, where the
    notebook says so; one of them is enough. Raises CourseError where it cannot be read.
    """
    alt = alt.strip() or UNKNOWN
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")):
        data, size = _svg(data)
        frames, letters, pause = [("image/svg+xml", data)], None, 0
    else:
        frames, size, letters, pause = _pixels(data)
    width, height = _size(size, width, height)
    if inline:
        return f'<img src="{_uri(*frames[-1])}" alt="{escape(alt)}" width="{width:.0f}">'
    style = f"--width: {width:.0f}; --height: {height:.0f}"
    about = f' data-letters="{letters:g}"' if letters else ""
    last = f'<img src="{_uri(*frames[-1])}" alt="{escape(alt)}" style="{style}"{about}>'
    if len(frames) == 1:
        return f'<figure style="{style}">{last}</figure>'
    others = "".join(f'<img hidden src="{_uri(*frame)}" alt="" style="{style}">'
                     for frame in frames[:-1])
    return (f'<figure class="frames" style="{style}" data-pause="{pause:.0f}">'
            f'{others}{last}</figure>')


def letters_of(image: Any) -> float | None:
    """Return the size of the smallest letters in pixels of the page, where a picture says it."""
    comment = image.info.get("comment", b"")
    said = image.info.get("Letters") or (
        comment.decode("latin-1") if isinstance(comment, bytes) else comment)
    found = re.fullmatch(r"(?:Letters: )?([\d.]+)", str(said))
    return float(found[1]) if found else None


def _pixels(data):
    """The frames of an image as (type, bytes), its size, its letters, and the pause in ms."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data))
            image.load()
    except Image.DecompressionBombError:
        raise CourseError("a picture has more than 178 megapixels; make it smaller.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise CourseError("a picture cannot be read: its file is damaged, or of a kind that is "
                          "not known here.") from None
    letters, count = letters_of(image), getattr(image, "n_frames", 1)
    size = ImageOps.exif_transpose(image).size
    if count > 1:
        step = -(-count // FRAMES)
        pause = image.info.get("duration") or 100
        frames = []
        for number in [*range(0, count - 1, step), count - 1]:
            image.seek(number)
            frames.append(("image/png", _small(image, "PNG")))
        return frames, size, letters, max(pause * step, 50)
    kinds = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp",
             "MPO": "image/jpeg"}
    if image.format in kinds and max(size) <= LARGEST:
        return [(kinds[image.format], data)], size, letters, 0
    image = ImageOps.exif_transpose(image)
    if image.mode not in ("1", "L", "P", "RGB", "RGBA", "LA"):
        image = image.convert("RGB")
    if max(size) > LARGEST:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        image.thumbnail((LARGEST, LARGEST))
    kind = "JPEG" if kinds.get(image.format) == "image/jpeg" or (
        max(size) > LARGEST and image.mode == "RGB") else "PNG"
    return [(f"image/{kind.lower()}", _small(image, kind))], size, letters, 0


def _small(image, kind):
    file = io.BytesIO()
    image.save(file, kind, **({"quality": 90} if kind == "JPEG" else {"optimize": True}))
    return file.getvalue()


def _size(own, width, height):
    """Width and height on a page, from what is said of them and a picture's own size."""
    width, height = _length(width), _length(height)
    if width and height:
        return width, height
    if width:
        return width, width * own[1] / own[0]
    if height:
        return height * own[0] / own[1], height
    return own


def _length(text):
    """Pixels of a length such as "3cm"; None where it is no length of its own."""
    found = re.fullmatch(r"\s*([\d.]+)\s*([a-z]*)\s*", str(text or ""))
    if not found or found[2] not in UNITS:
        return None
    try:
        return float(found[1]) * UNITS[found[2]] or None
    except ValueError:
        return None


def _svg(data):
    """An SVG that draws the same inside of an <img>, and its size."""
    text = data.decode("utf-8", errors="replace").lstrip("\ufeff")
    for name, space in (("xmlns", SVG), ("xmlns:xlink", "http://www.w3.org/1999/xlink")):
        if not re.search(rf"<svg[^>]*\s{name}\s*=", text):
            text = text.replace("<svg", f'<svg {name}="{space}"', 1)
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise CourseError(f"an SVG picture is damaged ({error}).") from None
    words = ""
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href" and tag != "a" \
                    and not value.strip().startswith(("#", "data:")):
                raise CourseError(f"an SVG picture needs another file, {value}; put it inside.")
            _check_style(value)
        if tag == "style":
            _check_style(element.text or "")
        elif tag == "script":
            raise CourseError("an SVG picture has a script, which does not run on a slide.")
        else:
            words += (element.text or "") + (element.tail or "")
    css, families, missing = font_faces(words)
    if missing:
        raise CourseError(f"no font of this machine has {' '.join(missing)} of an SVG picture.")
    if css:
        more = ", ".join(f"'{family}'" for family in families)
        text = re.sub(r"(font-family\s*:\s*)([^;\"<}]+)", rf"\1\2, {more}", text)
        text = re.sub(r"(font-family\s*=\s*\")([^\"]+)", rf"\1\2, {more}", text)
        text = re.sub(r"(<svg\b[^>]*>)", lambda match: match[1] + (
            f"<style>{css} svg {{ font-family: sans-serif, {more} }}</style>"), text, count=1)
    box = [float(n) for n in re.findall(r"[-\d.eE]+", root.get("viewBox", ""))]
    own = (_length(root.get("width")), _length(root.get("height")))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        own = _size(box[2:], *own)
    return text.encode("utf-8"), (own[0] or 300, own[1] or 150)


def _check_style(style):
    if re.search(r"@import|url\(\s*['\"]?(?!\s*['\"]?(#|data:))", style):
        raise CourseError("an SVG picture needs another file for its style; put it inside.")


def _uri(kind, data):
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
