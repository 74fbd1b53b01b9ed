"""Every deck in Chromium: each slide is seen, nothing overflows, nothing is fetched."""
import base64
import io
import json
import os
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path

import nbformat
import pytest
from matplotlib import get_data_path
from measure import measure_deck, write_html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, PngImagePlugin
from pypdf import PdfReader

from slides import write
from slides.check import LETTERS, measure
from slides.deck import language_of, read_deck
from slides.pdf import write_pdf
from slides.render import Refused

TOP = Path(__file__).parent.parent.parent
DECKS = sorted(TOP.glob("slides/*.ipynb")) + sorted(TOP.glob("slides/ja/*.ipynb"))
# Width, height, and how many pixels of the screen one of the page has.
VIEWPORTS = {"1280x720": (1280, 720, 1), "1920x1080": (1920, 1080, 1), "1024x768": (1024, 768, 1),
             "phone": (390, 844, 1), "phone-on-its-side": (844, 390, 1), "zoomed": (640, 360, 2)}

pytestmark = pytest.mark.browser
every_deck = pytest.mark.parametrize(
    "path", DECKS, ids=[f"{language_of(path)}-{path.stem}" for path in DECKS])


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """Write a deck as HTML, once for all tests; return where, and its slides."""
    folder = tmp_path_factory.mktemp("decks")
    return cache(lambda path: write_html(path, folder / language_of(path)))


@pytest.mark.parametrize("viewport", VIEWPORTS)
@every_deck
def test_every_slide_fits_and_nothing_is_fetched(path, viewport, browser, screenshots, written):
    page, count = written(path)
    width, height, scale = VIEWPORTS[viewport]
    seen = viewport in ("1280x720", "phone")  # the others look like one of them
    shots = screenshots / "decks" / language_of(path) if seen else None
    report = measure_deck(browser, page, (width, height), shots, scale=scale)
    assert len(report["slides"]) == count == len(read_deck(path))
    assert not report["requests"] and not report["errors"]
    for number, slide in enumerate(report["slides"], start=1):
        assert not slide["overflow"], f"slide {number}"
        assert not slide["covered"], f"slide {number}"
        assert not slide["shifted"], f"slide {number}"
        assert slide["smallest"] >= 24, f"slide {number}"
        assert slide["zoom"] == "1", f"slide {number}"
        assert not slide["broken"] and not slide["empty"], f"slide {number}"
        if viewport == "1280x720":
            if language_of(path) == "en":  # Japanese does not part its words
                assert slide["words"] <= 40, f"slide {number}"
            assert all(scale >= 0.9 for scale in slide["pictures"]), f"slide {number}"
            assert all(letters >= LETTERS for letters in slide["letters"]), f"slide {number}"


@every_deck
def test_every_slide_fits_where_letters_are_wide(path, browser, written):
    page, _ = written(path)
    report = measure_deck(browser, page, (1280, 720), font="DejaVu Sans")
    for number, slide in enumerate(report["slides"], start=1):
        assert not slide["overflow"] and not slide["covered"], f"slide {number}"
        assert all(letters >= LETTERS - 0.5 for letters in slide["letters"]), f"slide {number}"


def table(columns):
    """A table in Markdown with so many columns of a word each."""
    row = "|" + "a_long_word|" * columns + "\n"
    return f"{row}|{'---|' * columns}\n{row}"


def test_faults_are_seen(browser, tmp_path):
    lines = "\n".join(f"- one line more, and its number is {k}" for k in range(20))
    cells = [new_markdown_cell("## Too much\n" + lines),
             new_markdown_cell("## Too wide\n" + table(20)),
             new_markdown_cell('## Too small\n<p style="font-size: 20px">small</p>'),
             new_markdown_cell('## Covered\n<p style="position: absolute; left: 64px; '
                               'bottom: 14px">over the number</p>'),
             new_markdown_cell('## Shifted\n<div class="code"><pre style="white-space: normal">'
                               '<span class="line">    x = 1</span></pre></div>')]
    for cell in cells:
        cell.metadata.slideshow = {"slide_type": "slide"}
    path = tmp_path / "03_faults.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    report = measure_deck(browser, write_html(path, tmp_path)[0], (1280, 720), tmp_path)
    much, wide, small, covered, shifted = report["slides"]
    assert much["overflow"] and much["words"] > 40
    assert wide["overflow"] and not small["overflow"] and small["smallest"] == 20
    assert not small["covered"] and covered["covered"] and not covered["overflow"]
    assert not small["shifted"] and shifted["shifted"] == ["x = 1"]


@every_deck
def test_the_pdf_has_a_page_for_each_slide_and_none_is_blank(path, browser, written):
    page, count = written(path)
    reader = PdfReader(write_pdf(browser, page))
    assert len(reader.pages) == count
    for number, sheet in enumerate(reader.pages, start=1):
        assert sheet.extract_text().count(f"{number} / {count}") == 1
        assert len(sheet.extract_text()) > 20
        assert (sheet.mediabox.width, sheet.mediabox.height) == (960, 540)  # points


def test_the_speaker_view_shows_the_notes(browser, tmp_path):
    page, _ = write_html(DECKS[0], tmp_path)
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_function("() => Reveal.isReady()")
    with context.expect_page() as opened:
        tab.keyboard.press("s")
    note = read_deck(DECKS[0])[0].notes[0].source.split()
    opened.value.wait_for_function(
        "words => document.querySelector('.speaker-controls-notes')?.innerText.includes(words)",
        arg=" ".join(note[:3]))
    context.close()


def test_a_deck_can_be_read_without_scripts(browser, tmp_path):
    page, count = write_html(DECKS[0], tmp_path)
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(page.as_uri())
    sections = tab.locator("section").all()
    assert len(sections) == count and all(section.is_visible() for section in sections)
    assert not any(notes.is_visible() for notes in tab.locator(".notes").all())
    context.close()


def deck_of(folder, *slides, name="03_try"):
    """A deck; each slide is a list of cells below its heading."""
    cells = []
    for number, own in enumerate(slides, start=1):
        first = new_markdown_cell(f"## Slide {number}")
        first.metadata.slideshow = {"slide_type": "slide"}
        cells += [first, *own]
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def code(lines, **metadata):
    return new_code_cell("\n".join(f"line_{k} = {k}" for k in range(lines)), metadata=metadata)


def photo(size, **options):
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "PNG", **options)
    return new_code_cell("x", metadata={"jupyter": {"source_hidden": True}}, outputs=[new_output(
        "display_data", data={"image/png": base64.b64encode(file.getvalue()).decode()})])


def test_each_slide_is_measured_made_smaller_or_refused(browser, tmp_path):
    words = [new_markdown_cell(f"Paragraph {k} stands here.") for k in range(30)]
    about = PngImagePlugin.PngInfo()
    about.add_text("Letters", "8")
    path = deck_of(tmp_path, [code(5)], [code(17)], [code(40)], words,
                   [new_markdown_cell(table(20))], [photo((400, 300))],
                   [code(17), photo((800, 600))], [photo((800, 400), pnginfo=about)])
    measured = measure(browser, write_html(path, tmp_path)[0])
    assert measured.zooms[0] == 1 and 0.75 < measured.zooms[1] < 1 and measured.zooms[5] == 1
    assert [number for number, _ in measured.faults] == [3, 4, 5, 7]
    assert ["too high" in fault or "too wide" in fault or "too little room" in fault
            for _, fault in measured.faults] == [True] * 4
    assert any(number == 8 and "letters in a picture are 11" in remark
               for number, remark in measured.remarks)
    with pytest.raises(Refused, match="03_try, slide 3: it is .* pixels too high"):
        write._write_one(path, tmp_path / "out", browser, False, False, ())
    assert not (tmp_path / "out").exists()


def test_a_deck_with_smaller_text_fits_wherever_it_is_opened(browser, tmp_path):
    write._write_one(deck_of(tmp_path, [code(17)]), tmp_path, browser, False, False, ())
    report = measure_deck(browser, tmp_path / "03_try.html", (1280, 720), tmp_path,
                          font="DejaVu Sans")
    slide, = report["slides"]
    assert not slide["overflow"] and float(slide["zoom"]) < 1
    page, _ = write_html(deck_of(tmp_path, [code(17)]), tmp_path)  # measured by nobody
    slide, = measure_deck(browser, page, (1280, 720), tmp_path)["slides"]
    assert not slide["overflow"] and float(slide["zoom"]) < 1


def opened_deck(browser, page, **options):
    tab = browser.new_page(viewport={"width": 1280, "height": 720}, **options)
    tab.goto(page.as_uri())
    tab.wait_for_function("() => Reveal.isReady()")
    return tab


def test_lines_one_by_one_the_agenda_and_the_pen(browser, screenshots, tmp_path):
    begins = new_markdown_cell("x", metadata={"tags": ["part"]})
    today = [new_markdown_cell("1. First\n2. Second")]
    path = deck_of(tmp_path, today, [begins, code(3, tags=["lines:1|2-3"])], [begins])
    text = path.read_text().replace("## Slide 1", "## Today")
    path.write_text(text)
    tab = opened_deck(browser, write_html(path, tmp_path)[0])
    away = "() => [...document.querySelectorAll('.line')].map(e => e.matches('.away'))"
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(away) == [False] * 3
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(away) == [False, True, True]
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(away) == [True, False, False]
    assert tab.locator("section.present .part").inner_text().strip() == "First"
    tab.keyboard.press("a")
    assert tab.locator(".points [aria-current]").inner_text() == "First"
    tab.screenshot(path=screenshots / "deck-agenda.png")
    tab.locator(".points a").nth(1).click()
    tab.wait_for_function("() => Reveal.getSlidePastCount() == 2")
    assert tab.locator(".points").is_hidden()
    tab.keyboard.press("d")
    tab.mouse.move(300, 300)
    tab.mouse.down()
    tab.mouse.move(500, 400, steps=5)
    tab.mouse.up()
    assert tab.locator("section.present .drawn path").count() == 1
    tab.screenshot(path=screenshots / "deck-pen.png")
    tab.keyboard.press("d")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("ArrowRight")
    assert tab.locator("section.present .drawn path").count() == 1
    tab.keyboard.press("d")
    tab.get_by_role("button", name="Take back the last stroke").click()
    assert tab.locator("section.present .drawn path").count() == 0
    tab.close()


def test_code_that_is_wrapped_keeps_its_indentation_and_is_copied_with_usual_spaces(
        browser, tmp_path):
    source = "with open(name) as file:\n    a_name_as_long_as_a_phone_is_wide(file)\n    b = 1"
    page, _ = write_html(deck_of(tmp_path, [new_code_cell(source)]), tmp_path)
    assert measure_deck(browser, page, (390, 844))["slides"][0]["shifted"] == []
    tab = opened_deck(browser, page)
    tab.locator(".code pre").evaluate("e => getSelection().selectAllChildren(e)")
    tab.keyboard.press("Control+c")
    tab.evaluate("document.body.append(document.createElement('textarea'))")
    tab.locator("textarea").focus()
    tab.keyboard.press("Control+v")
    assert tab.locator("textarea").input_value().strip() == source
    tab.close()


def test_a_moving_picture_has_a_control(browser, tmp_path):
    shades = [Image.new("L", (200, 200), 20 * number) for number in range(5)]
    shades[0].save(tmp_path / "a.gif", save_all=True, append_images=shades[1:], duration=50)
    path = deck_of(tmp_path, [new_markdown_cell("![It gets lighter](a.gif)")], [])
    page, _ = write_html(path, tmp_path)
    tab = opened_deck(browser, page)
    shown = tab.locator("section.present figure img:not([hidden])")
    assert shown.count() == 1 and shown.get_attribute("alt") == "It gets lighter"
    said = tab.locator("section.present output")
    assert said.inner_text() == "5 / 5"
    slider = tab.locator("section.present input[type=range]")
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    assert said.inner_text() == "4 / 5" and tab.evaluate("Reveal.getSlidePastCount()") == 0
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("() => document.querySelector('output').textContent == '5 / 5'")
    tab.get_by_role("button", name="Play").wait_for()  # it comes to rest by itself
    tab.close()
    assert len(PdfReader(write_pdf(browser, page)).pages) == 2


def test_the_handout_has_slides_and_notes_on_a4(browser, tmp_path):
    page, count = write_html(DECKS[0], tmp_path, handout=True)
    reader = PdfReader(write_pdf(browser, page))
    text = " ".join(sheet.extract_text() for sheet in reader.pages)
    assert {(round(sheet.mediabox.width), round(sheet.mediabox.height))
            for sheet in reader.pages} == {(595, 842)}
    assert count / 3 <= len(reader.pages) < count
    for slide in read_deck(DECKS[0]):
        if slide.notes:
            start = "".join(slide.notes[0].source.split()[:3])
            assert start in "".join(unicodedata.normalize("NFKC", text).split())


def test_no_line_begins_with_the_comma_behind_a_short_formula(browser, tmp_path):
    page, _ = write_html(deck_of(tmp_path, [new_markdown_cell(
        "\n\n".join("核" * letters + "（$k$）、次。" for letters in range(1, 45)))]), tmp_path)
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    tab.goto(page.as_uri())
    tab.wait_for_function("() => Reveal.isReady()")
    parted, lines = tab.evaluate("""() => {
      const tops = [...document.querySelectorAll(".prose p")].map(p => {
        const text = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
        const range = document.createRange(), boxes = {};
        while (text.nextNode())
          for (const [k, letter] of [...text.currentNode.data].entries()) {
            range.setStart(text.currentNode, k);
            range.setEnd(text.currentNode, k + 1);
            boxes[letter] = range.getBoundingClientRect();
          }
        return [Math.abs(boxes["（"].bottom - boxes["、"].bottom) > 10, p.offsetHeight];
      });
      return [tops.filter(([apart]) => apart).length,
              new Set(tops.map(([, height]) => height)).size];
    }""")
    tab.close()
    assert parted == 0 and lines > 1


def test_japanese_is_printed_where_the_machine_has_no_font_for_it(tmp_path):
    fonts = tmp_path / "fonts.conf"
    fonts.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
                     f"<dir>{Path(get_data_path()) / 'fonts/ttf'}</dir>"
                     f"<cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>")
    path = deck_of(tmp_path, [new_markdown_cell("**重み** `重み` $\\text{重み}$"),
                              new_code_cell("a = 1  # 重み")])
    page, _ = write_html(path, tmp_path)
    subprocess.run([sys.executable, "-c", FONTS_USED, str(page)], check=True, cwd=TOP,
                   env={**os.environ, "FONTCONFIG_FILE": str(fonts)})
    sheet, = PdfReader(page.with_suffix(".pdf")).pages
    assert sheet.extract_text().count("重み") == 4
    for element, used in json.loads((tmp_path / "used.json").read_text()).items():
        assert "IPAexGothic" in used, f"{element}: {used}"


FONTS_USED = """
import json, sys
from pathlib import Path
from slides.pdf import chromium, write_pdf
page, used = Path(sys.argv[1]), {}
with chromium() as browser:
    write_pdf(browser, page)
    tab = browser.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_function("() => Reveal.isReady()")
    session = tab.context.new_cdp_session(tab)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for element in "strong", "p code", "mtext", ".c1":
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": element})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        used[element] = [font["familyName"] for font in fonts if font["isCustomFont"]]
page.with_name("used.json").write_text(json.dumps(used))
"""
