"""Every deck in Chromium: each slide is seen, nothing overflows, nothing is fetched."""
from pathlib import Path

import nbformat
import pytest
from measure import measure_deck
from nbformat.v4 import new_markdown_cell, new_notebook
from pypdf import PdfReader

from common.slides.deck import read_deck
from common.slides.html import write_html
from common.slides.pdf import write_pdf

TOP = Path(__file__).parent.parent.parent
DECKS = sorted(TOP.glob("slides/*.ipynb"))

pytestmark = pytest.mark.browser
every_deck = pytest.mark.parametrize("path", DECKS, ids=[path.stem for path in DECKS])


@pytest.mark.parametrize("viewport", [(1280, 720), (1024, 768), (390, 844), (844, 390)],
                         ids=["1280x720", "1024x768", "phone", "phone-on-its-side"])
@every_deck
def test_every_slide_fits_and_nothing_is_fetched(path, viewport, browser, screenshots, tmp_path):
    page, count = write_html(path, tmp_path)
    report = measure_deck(browser, page, viewport, screenshots)
    assert len(report["slides"]) == count == len(read_deck(path))
    assert not report["requests"] and not report["errors"]
    for number, slide in enumerate(report["slides"], start=1):
        assert not slide["overflow"], f"slide {number}"
        assert slide["smallest"] >= 24, f"slide {number}"
        assert not slide["broken"] and not slide["empty"], f"slide {number}"
        if viewport == (1280, 720):
            assert slide["words"] <= 40, f"slide {number}"
            assert all(scale >= 0.9 for scale in slide["pictures"]), f"slide {number}"


@every_deck
def test_every_slide_fits_where_letters_are_wide(path, browser, tmp_path):
    page, _ = write_html(path, tmp_path)
    report = measure_deck(browser, page, (1280, 720), tmp_path, font="DejaVu Sans")
    assert not any(slide["overflow"] for slide in report["slides"])


def test_faults_are_seen(browser, tmp_path):
    lines = "\n".join(f"- one line more, and its number is {k}" for k in range(20))
    cells = [new_markdown_cell("## Too much\n" + lines),
             new_markdown_cell("## Too wide\n" + "`" + 90 * "x " + "`<br>" + 60 * "wide"),
             new_markdown_cell('## Too small\n<p style="font-size: 20px">small</p>'),
             new_markdown_cell("## Fetched\n![a picture](http://127.0.0.1:9/picture.png)")]
    for cell in cells:
        cell.metadata.slideshow = {"slide_type": "slide"}
    path = tmp_path / "03_faults.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    report = measure_deck(browser, write_html(path, tmp_path)[0], (1280, 720), tmp_path)
    much, wide, small, fetched = report["slides"]
    assert much["overflow"] and much["words"] > 40
    assert wide["overflow"] and not small["overflow"] and small["smallest"] == 20
    assert fetched["broken"] and "http://127.0.0.1:9/picture.png" in report["requests"]


@every_deck
def test_the_pdf_has_a_page_for_each_slide_and_none_is_blank(path, tmp_path, browser):
    page, count = write_html(path, tmp_path)
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
