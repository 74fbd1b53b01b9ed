"""`course slides`: decks made for the purpose become pages."""
import base64
import re
import sys
from contextlib import contextmanager
from html.parser import HTMLParser
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from common import chapters, cli
from common.errors import CourseError
from common.notebook import COURSE, SLIDERS
from common.slides import html as pages
from common.slides import pdf
from common.slides.deck import read_deck

PNG = base64.b64encode(b"a picture").decode()


def kind(name, **more):
    return {"slideshow": {"slide_type": name}, **more}


def printed(text):
    return new_output("stream", name="stdout", text=text)


def picture(alt):
    return new_output("display_data", data={"image/png": PNG, "text/plain": alt},
                      metadata={"image/png": {"alt": alt, "width": 800, "height": 400}})


def deck(folder, *cells, name="03_output_layer"):
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def page(folder, *cells):
    """The HTML of a deck of one slide with these cells below its heading, without its scripts."""
    path = deck(folder, new_markdown_cell("## A slide", metadata=kind("slide")), *cells)
    target, count = pages.write_html(path, folder)
    assert count == 1
    return re.sub(r"<(script|style).*?</\1>", "", target.read_text(encoding="utf-8"), flags=re.S)


def test_slides_columns_notes_and_what_is_skipped(tmp_path):
    path = deck(
        tmp_path,
        new_markdown_cell("# One", metadata=kind("slide")),
        new_code_cell("import this", metadata=kind("skip")),
        new_markdown_cell("say so", metadata=kind("notes")),
        new_markdown_cell("## Two", metadata=kind("slide")),
        new_code_cell("1 + 1", metadata={"tags": ["beside"]}),
        new_code_cell("  "),
        new_markdown_cell("below", metadata=kind("-")))
    one, two = read_deck(path)
    assert [cell.source for cell in one.left] == ["# One"]
    assert [cell.source for cell in one.notes] == ["say so"]
    assert [cell.source for cell in two.left] == ["## Two", "below"]
    assert [cell.source for cell in two.right] == ["1 + 1"]


def test_a_picture_keeps_its_alternative_text_and_its_code_may_be_hidden(tmp_path):
    html = page(tmp_path, new_code_cell("draw(1)", outputs=[picture('A "1" & <more>')],
                                        metadata={"jupyter": {"source_hidden": True}}))
    assert 'alt="A &quot;1&quot; &amp; &lt;more&gt;"' in html
    assert f"data:image/png;base64,{PNG}" in html
    assert "draw" not in html and html.count("A &quot;1") == 1


def test_code_is_shown_with_what_it_printed(tmp_path):
    html = page(tmp_path, new_code_cell("a < b", outputs=[printed("\x1b[31m<nan>\x1b[0m\n")]))
    assert '<pre class="output">&lt;nan&gt;</pre>' in html
    assert "&lt;" in re.search(r'<div class="code">.*?</div>', html, flags=re.S)[0]


def test_formulas_are_mathml(tmp_path):
    html = page(tmp_path, new_markdown_cell(r"inline $y_k$ and $$\frac{a < b}{2}$$"))
    assert "<msub>" in html and "<mfrac>" in html and 'display="block"' in html
    assert "$" not in html and r"\frac" not in html


def test_links_to_the_course_hold_outside_of_it(tmp_path):
    html = page(tmp_path, new_markdown_cell(
        "[chapter](../chapters/03_output_layer.ipynb) and [book](https://example.org/a)"))
    repository = chapters.repository()
    assert f'"https://github.com/{repository}/blob/main/chapters/03_output_layer.ipynb"' in html
    assert '"https://example.org/a"' in html


def test_sliders_are_left_to_jupyterlab(tmp_path):
    sliders = new_output("display_data", data={"text/plain": SLIDERS + "a."})
    html = page(tmp_path, new_code_cell("play(move, a=1)", outputs=[sliders]))
    assert "play" not in html and "sliders" not in html


def test_fragments_wait_and_notes_are_kept(tmp_path):
    html = page(tmp_path, new_markdown_cell("the answer", metadata=kind("fragment")),
                new_markdown_cell("ask **first**", metadata=kind("notes")))
    assert re.search(r'<div class="fragment">.*the answer', html)
    assert re.search(r'<aside class="notes">.*<strong>first</strong>', html)


class Elements(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_one_file_that_asks_for_nothing(tmp_path):
    path = deck(tmp_path, new_markdown_cell("# One", metadata=kind("slide")))
    target, _ = pages.write_html(path, tmp_path / "new" / "folder")
    text = target.read_text(encoding="utf-8")
    assert [one.name for one in target.parent.iterdir()] == ["03_output_layer.html"]
    elements = Elements(text).found
    assert [tag for tag, _ in elements].count("script") == 3
    assert not [tag for tag, _ in elements if tag in ("link", "iframe", "base")]
    assert not [about for tag, about in elements if "src" in about]
    styles = "".join(re.findall(r"<style.*?</style>", text, flags=re.S))
    assert "@import" not in styles and not re.search(r"url\((?!['\"]?data:)", styles)
    assert "reveal.js 5" in text and "Reveal.initialize" in text


def test_a_script_cannot_end_its_element(tmp_path):
    script = tmp_path / "a.js"
    script.write_text("x = '</script><!-- <b>'")
    inside = pages._inside_a_page(script)
    assert "</script" not in inside and "<!--" not in inside and r"\x3C/script" in inside


def test_the_palette_is_that_of_the_figures(tmp_path):
    from common.figures.style import COLORS

    path = deck(tmp_path, new_markdown_cell("# One", metadata=kind("slide")))
    text = pages.write_html(path, tmp_path)[0].read_text(encoding="utf-8")
    for name, color in COLORS.items():
        assert f"--{name}: {color};" in text
    used = set(re.findall(r"var\(--([\w-]+)\)", (COURSE / "common/slides/deck.css").read_text()))
    assert used - {"height", "width"} <= set(COLORS)


def luminance(color):
    """Relative luminance of WCAG 2.2, 0 to 1, of a colour such as #0072b2."""
    channels = [int(color[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_can_be_read_on_every_background():
    from common.figures.style import COLORS

    css = (COURSE / "common/slides/deck.css").read_text(encoding="utf-8")
    backgrounds = set(re.findall(r"background: (#\w{6})", css)) | {"#ffffff"}
    texts = set(re.findall(r"[^-]color: (#\w{6})", css)) | set(COLORS.values())
    assert len(backgrounds) >= 2 and len(texts) > len(COLORS)
    for background in backgrounds:
        for text in texts:
            contrast = (luminance(background) + 0.05) / (luminance(text) + 0.05)
            assert contrast >= 4.5, f"{text} on {background}: {contrast:.2f}"


def test_a_damaged_notebook_and_one_without_slides_are_one_sentence(tmp_path):
    damaged = tmp_path / "03_damaged.ipynb"
    damaged.write_text('{"cells": [')
    with pytest.raises(CourseError, match="damaged"):
        read_deck(damaged)
    damaged.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match="damaged"):
        read_deck(damaged)
    with pytest.raises(CourseError, match="first cell must be a slide"):
        read_deck(deck(tmp_path, new_markdown_cell("# One")))
    with pytest.raises(CourseError, match="no slides"):
        read_deck(deck(tmp_path))


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    path = deck(tmp_path, new_markdown_cell("# One", metadata=kind("slide")))
    (tmp_path / "a file").write_text("")
    with pytest.raises(CourseError, match="cannot be written"):
        pages.write_html(path, tmp_path / "a file")


def test_without_reveal_it_says_what_to_install(tmp_path, monkeypatch):
    path = deck(tmp_path, new_markdown_cell("# One", metadata=kind("slide")))
    pages._reveal.cache_clear()
    monkeypatch.setattr(pages, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="sphinx-revealjs.*pip install"):
        pages.write_html(path, tmp_path)


def test_without_playwright_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(CourseError, match="pip install playwright"), pdf.chromium():
        pass


@pytest.fixture
def playwright(monkeypatch):
    """A Playwright of which each test says how its browser behaves."""
    class Error(Exception):
        pass

    @contextmanager
    def sync_playwright():
        yield SimpleNamespace(chromium=SimpleNamespace(launch=lambda **way: fake.launch(**way)))

    fake = SimpleNamespace(Error=Error, sync_playwright=sync_playwright, launch=None)
    monkeypatch.setitem(sys.modules, "playwright.sync_api", fake)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    return fake


def test_without_a_browser_it_says_what_to_install(playwright):
    tried = []

    def launch(**way):
        tried.append(way)
        raise playwright.Error("no such file")

    playwright.launch = launch
    with pytest.raises(CourseError, match="apt install chromium.*playwright install"):
        with pdf.chromium():
            pass
    assert len(tried) == 3  # Chrome, Edge, and what Playwright installs


def test_a_browser_that_fails_is_one_sentence_and_leaves_no_part(playwright, tmp_path):
    def fail(**options):
        raise playwright.Error("Target crashed\nand more")

    closed = []
    tab = SimpleNamespace(goto=lambda address: None, pdf=fail, close=lambda: None)
    playwright.launch = lambda **way: SimpleNamespace(
        new_page=lambda **options: tab, close=lambda: closed.append(True))
    with pytest.raises(CourseError, match="^The browser failed: Target crashed$"):
        with pdf.chromium() as browser:
            pdf.write_pdf(browser, tmp_path / "03_output_layer.html")
    assert closed and not list(tmp_path.iterdir())


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two decks in a folder of its own."""
    from common.slides import write

    (tmp_path / "slides").mkdir()
    (tmp_path / "README.md").write_text("")
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://github.com/OWNER/NAME"\n')
    for name in ("03_output_layer", "05_inference_and_batches"):
        deck(tmp_path / "slides", new_markdown_cell("# One", metadata=kind("slide")), name=name)
    monkeypatch.setattr(chapters, "COURSE", tmp_path)
    monkeypatch.setattr(write, "COURSE", tmp_path)
    return tmp_path


def test_the_command_writes_one_or_all_and_says_where(course, capsys):
    assert cli.main(["slides", "3"]) == 0
    written = course / "results" / "slides"
    assert f"{written / '03_output_layer.html'}: 1 slides" in capsys.readouterr().out
    assert cli.main(["slides", "all", "--out", str(course / "out")]) == 0
    assert len(list((course / "out").iterdir())) == 2 and len(list(written.iterdir())) == 1


def test_the_command_knows_which_decks_there_are(course, capsys):
    assert cli.main(["slides", "04"]) == 1
    error = capsys.readouterr().err
    assert "no deck of chapter 04; there are 03, 05" in error and error.count("\n") == 1


def test_badges_write_the_address_into_decks_too(course, capsys):
    path = deck(course / "slides", new_markdown_cell(
        "[x](https://github.com/OWNER/NAME)", metadata=kind("slide")))
    chapters.write_badges("someone/circle")
    assert "github.com/someone/circle" in path.read_text(encoding="utf-8")
