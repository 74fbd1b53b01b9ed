"""Whether every slide fits: a browser measures them, with the widest letters that may come."""
import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slides.fonts import course_font
from slides.pdf import FONTS

LETTERS = 18  # pixels on a slide of 1280×720: smaller ones cannot be read from the back row
PICTURE = 150  # pixels: a picture that is less high, and less than half its size, says nothing
MEASURE = """() => Array.from({length: Reveal.getTotalSlides()}, (_, number) => {
  Reveal.slide(number);
  return fit(Reveal.getCurrentSlide());
})"""


@dataclass
class Measured:
    """What a browser saw: zooms of the slides, faults and remarks, each a slide and a sentence."""

    zooms: list[float]
    faults: list[tuple[int, str]]
    remarks: list[tuple[int, str]]


def measure(browser: Any, page: Path) -> Measured:
    """Turn through a deck that was written as HTML, and measure its slides.

    browser: of slides.pdf.chromium. The letters are DejaVu Sans, the widest of those that
    deck.css names, so what fits here fits on every machine.
    """
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    errors, asked = [], []
    tab.on("pageerror", lambda error: errors.append(str(error).splitlines()[0]))
    tab.on("request", lambda request: asked.append(request.url))
    tab.route("**/*", lambda route: route.continue_()
              if route.request.url.startswith(("file:", "data:", "blob:")) else route.abort())
    try:
        tab.goto(page.resolve().as_uri())
        tab.wait_for_function("() => Reveal.isReady()")
        tab.add_style_tag(content=_wide_letters())
        tab.evaluate(FONTS)
        tab.evaluate("() => Promise.all([...document.images].map("
                     "image => image.decode().catch(() => null)))")
        slides = tab.evaluate(MEASURE)
    finally:
        tab.close()
    measured = Measured([slide["zoom"] for slide in slides], [], [])
    for number, slide in enumerate(slides, start=1):
        measured.faults += [(number, fault) for fault in _faults(slide)]
        small = [p["letters"] for p in slide["pictures"] if p["letters"]]
        if small and min(small) < LETTERS - 0.5:
            measured.remarks.append((number, f"letters in a picture are {min(small):.0f} pixels "
                                             f"high; the back row needs {LETTERS}."))
        if slide["zoom"] < 1:
            measured.remarks.append((number, f"its text is smaller, {100 * slide['zoom']:.0f} %, "
                                             "so that it fits."))
    own = page.resolve().as_uri()
    measured.faults += [(1, f"the page asks for {url}; it must need no other file.")
                        for url in asked if not url.startswith((own, "data:", "blob:"))]
    measured.faults += [(1, f"a script of a cell fails: {error}") for error in errors]
    return measured


def _faults(slide):
    if slide["high"] >= 2:
        yield (f"it is {slide['high']} pixels too high, even with smaller text; cut it, or make "
               "two slides of it.")
    if slide["wide"] >= 2:
        yield (f"something is {slide['wide']} pixels too wide, even with smaller text; break its "
               "lines, or leave a column out.")
    if any(picture["broken"] for picture in slide["pictures"]):
        yield "a browser cannot draw one of its pictures."
    elif any(picture["scale"] < 0.5 and picture["high"] < PICTURE
             for picture in slide["pictures"]):
        yield "too little room is left for a picture; cut the words, or make two slides of it."


def _wide_letters():
    faces = ""
    for family, file, weight in (("Wide", "DejaVuSans", 400), ("Wide", "DejaVuSans-Bold", 700),
                                 ("Wide Mono", "DejaVuSansMono", 400)):
        font = base64.b64encode(course_font(f"{file}.ttf").read_bytes()).decode()
        faces += (f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
                  f"src: url(data:font/ttf;base64,{font}); }}\n")
    return faces + ('.reveal { font-family: "Wide", var(--more), sans-serif !important; }'
                    ' .reveal :is(code, pre) { font-family: "Wide Mono", var(--more), '
                    'monospace !important; }')
