"""`course slides`: decks made for the purpose become pages."""
import base64
import io
import json
import re
import sys
from contextlib import contextmanager
from html.parser import HTMLParser
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from PIL import Image

import common.course
from common import cli
from common.course import COURSE, CourseError
from common.figures.style import image_html
from common.notebook import SLIDERS
from common.tools import notebooks as chapters
from slides import pdf
from slides import render as pages
from slides.deck import read_deck


def image(kind="PNG", size=(40, 30), **options):
    """A picture as bytes."""
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **options)
    return file.getvalue()


def text(data):
    return base64.b64encode(data).decode()


PNG = text(image())


def kind(name, **more):
    return {"slideshow": {"slide_type": name}, **more}


def printed(text):
    return new_output("stream", name="stdout", text=text)


def picture(alt):
    html = image_html(base64.b64decode(PNG), "png", alt, 800, 400)
    return new_output("display_data", data={"text/html": html, "text/plain": alt})


def deck(folder, *cells, name="03_output_layer"):
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def page(folder, *cells):
    """The HTML of a deck of one slide with these cells below its heading, without its scripts."""
    path = deck(folder, new_markdown_cell("## A slide", metadata=kind("slide")), *cells)
    html, count = pages.render_deck(path)
    assert count == 1
    return re.sub(r"<(script|style).*?</\1>", "", html, flags=re.S)


def refused(folder, *cells):
    """The faults for which a deck of one slide with these cells is refused, without its place."""
    with pytest.raises(pages.Refused) as refusal:
        page(folder, *cells)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith("03_output_layer, slide 1: ") for line in lines)
    return [line.removeprefix("03_output_layer, slide 1: ") for line in lines]


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
    text, _ = pages.render_deck(path)
    elements = Elements(text).found
    assert [tag for tag, _ in elements].count("script") == 4
    policy = next(about["content"] for tag, about in elements if "http-equiv" in about)
    assert "default-src 'none'" in policy and "connect-src" not in policy and "http" not in policy
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
    text, _ = pages.render_deck(path)
    for name, color in COLORS.items():
        assert f"--{name}: {color};" in text
    used = set(re.findall(r"var\(--([\w-]+)\)", (COURSE / "slides/deck.css").read_text()))
    assert used - {"height", "width", "indent", "more"} <= set(COLORS)


def luminance(color):
    """Relative luminance of WCAG 2.2, 0 to 1, of a colour such as #0072b2."""
    channels = [int(color[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_can_be_read_on_every_background():
    from common.figures.style import COLORS

    css = (COURSE / "slides/deck.css").read_text(encoding="utf-8")
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


def test_without_reveal_it_says_what_to_install(tmp_path, monkeypatch):
    path = deck(tmp_path, new_markdown_cell("# One", metadata=kind("slide")))
    pages._reveal.cache_clear()
    monkeypatch.setattr(pages, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="sphinx-revealjs.*pip install"):
        pages.render_deck(path)


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


def test_a_browser_that_does_not_start_is_named(playwright, monkeypatch):
    def launch(**way):
        raise playwright.Error("No space left on device\nand more")

    playwright.launch = launch
    monkeypatch.setattr(pdf.shutil, "which", lambda name: "/usr/bin/chromium")
    with pytest.raises(CourseError, match=r"^/usr/bin/chromium does not start \(No space left on "
                                          r"device\): look whether the disk is full"):
        with pdf.chromium():
            pass


def test_a_driver_that_does_not_start_is_one_sentence(playwright, monkeypatch):
    def fail():
        raise Exception("Connection closed while reading from the driver")

    monkeypatch.setattr(sys.modules["playwright.sync_api"], "sync_playwright", fail)
    with pytest.raises(CourseError, match=r"does not start \(Connection closed"):
        with pdf.chromium():
            pass


def test_a_browser_that_fails_is_one_sentence_and_leaves_no_part(playwright, tmp_path):
    def fail(**options):
        raise playwright.Error("Target crashed\nand more")

    closed = []
    tab = SimpleNamespace(goto=lambda address: None, evaluate=lambda script: None, pdf=fail,
                          close=lambda: None)
    playwright.launch = lambda **way: SimpleNamespace(
        new_page=lambda **options: tab, close=lambda: closed.append(True))
    with pytest.raises(CourseError, match="^The browser failed: Target crashed$"):
        with pdf.chromium() as browser:
            pdf.write_pdf(browser, tmp_path / "03_output_layer.html")
    assert closed and not list(tmp_path.iterdir())


@contextmanager
def no_browser():
    raise CourseError("No browser was found.")
    yield


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two decks in a folder of its own."""
    from slides import write

    (tmp_path / "slides").mkdir()
    (tmp_path / "README.md").write_text("")
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://github.com/OWNER/NAME"\n')
    for name in ("03_output_layer", "05_inference_and_batches"):
        deck(tmp_path / "slides", new_markdown_cell("# One", metadata=kind("slide")), name=name)
    monkeypatch.setattr(chapters, "COURSE", tmp_path)
    monkeypatch.setattr(write, "COURSE", tmp_path)
    monkeypatch.setattr(common.course, "COURSE", tmp_path)
    monkeypatch.setattr(write, "chromium", no_browser)
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


def test_a_folder_that_cannot_be_written_is_one_sentence(course, capsys):
    (course / "a file").write_text("")
    assert cli.main(["slides", "03", "--out", str(course / "a file")]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("name, options", [
    ("03_output_layer.html", []), ("05_inference_and_batches.pdf", ["--pdf"]),
    ("05_inference_and_batches_handout.pdf", ["--handout"])])
def test_a_file_of_a_presenters_is_not_overwritten(course, capsys, name, options):
    out = course / "mine"
    out.mkdir()
    (out / name).write_text("notes")
    assert cli.main(["slides", "all", "--out", str(out), *options]) == 1
    assert f"{name} is there already" in capsys.readouterr().err
    assert [path.read_text() for path in out.iterdir()] == ["notes"]
    (out / name).write_text("")
    for _ in range(2 if not options else 0):  # its own are written anew
        assert cli.main(["slides", "all", "--out", str(out)]) == 0


def test_where_there_is_no_browser_it_writes_and_says_what_was_not_checked(course, capsys):
    assert cli.main(["slides", "03"]) == 0
    assert "not checked whether every slide fits" in capsys.readouterr().err
    assert "data-measured" not in (course / "results/slides/03_output_layer.html").read_text()
    assert cli.main(["slides", "03", "--pdf"]) == 1
    assert "No browser" in capsys.readouterr().err


def test_a_deck_whose_cells_have_no_id_is_written_without_a_word(course, capsys, recwarn):
    path = course / "slides" / "03_output_layer.ipynb"
    plain = json.loads(path.read_text(encoding="utf-8"))
    for cell in plain["cells"]:
        del cell["id"]
    path.write_text(json.dumps(plain), encoding="utf-8")
    assert cli.main(["slides", "03"]) == 0
    assert not [each for each in recwarn if "id" in str(each.message)]


def test_a_picture_that_cannot_be_read_is_named(course, capsys):
    (course / "slides" / "photo.png").write_text("no picture")
    deck(course / "slides", new_markdown_cell("# One\n\n![](photo.png)", metadata=kind("slide")))
    assert cli.main(["slides", "03"]) == 1
    assert "slide 1: photo.png: a picture cannot be read" in capsys.readouterr().err


def test_a_deck_that_is_refused_does_not_stop_the_next(course, capsys):
    deck(course / "slides", new_markdown_cell("# One", metadata=kind("slide")),
         new_markdown_cell(r"## Two, $\foo$", metadata=kind("slide")),
         new_markdown_cell("![](none.png)"))
    assert cli.main(["slides", "all"]) == 1
    said = capsys.readouterr()
    assert "03_output_layer, slide 2: the formula \\foo cannot be drawn" in said.err
    assert "03_output_layer, slide 2: none.png is not there" in said.err
    assert "03_output_layer is not written" in said.err and "Traceback" not in said.err
    assert [file.name for file in (course / "results/slides").iterdir()] == [
        "05_inference_and_batches.html"]


def test_who_presents_and_when_stands_on_the_title_slide(course):
    assert cli.main(["slides", "03", "--by", "Aiko & Ben", "--circle", "輪読会",
                     "--date", "2026-12-01"]) == 0
    text = (course / "results/slides/03_output_layer.html").read_text(encoding="utf-8")
    assert '<p class="about">Aiko &amp; Ben · 輪読会 · 2026-12-01</p>' in text
    assert cli.main(["slides", "05"]) == 0
    assert 'class="about"' not in (
        course / "results/slides/05_inference_and_batches.html").read_text(encoding="utf-8")


def test_the_current_point_of_the_agenda_stands_on_every_slide(tmp_path):
    begins = kind("slide", tags=["part"])
    cells = [new_markdown_cell("# One", metadata=kind("slide")),
             new_markdown_cell("## Today\n\n1. *Two* kinds\n2. The cure", metadata=kind("slide")),
             new_markdown_cell("## A", metadata=begins),
             new_markdown_cell("## B", metadata=kind("slide")),
             new_markdown_cell("## C", metadata=begins)]
    html, _ = pages.render_deck(deck(tmp_path, *cells))
    foots = [re.sub(r"<.*?>|\s+", " ", foot).split("/ 5")[1].strip()
             for foot in re.findall(r'<div class="foot">.*?</div>', html, flags=re.S)]
    assert foots == ["", "", "Two kinds", "Two kinds", "The cure"]
    assert '<a class="now" href="#5" aria-label="The cure" aria-current="step">' in html
    assert '<a class="later" href="#5"' in html and '<a class="done" href="#3"' in html
    with pytest.raises(CourseError, match="1 slides have the tag part.*2 points"):
        read_deck(deck(tmp_path, *cells[:4]))


def test_code_line_by_line_and_wrapped_code_keeps_its_indentation(tmp_path):
    source = "def f(x):\n    return x\n\nf(1)"
    html = page(tmp_path, new_code_cell(source, metadata={"tags": ["lines:1|2-3+4"]}))
    assert re.findall(r'class="fragment step" data-lines="(.*?)"', html) == ["1", "2 3 4"]
    assert re.findall(r'class="line" style="--indent: (\d+)ch"', html) == ["0", "4", "0", "0"]
    code = re.search(r"<pre>(.*?)</pre>", html, flags=re.S)[1]
    # No-break spaces hold the first word beside its indentation; browsers copy usual ones.
    kept = re.sub("^ +", lambda spaces: "\u00a0" * len(spaces[0]), source, flags=re.MULTILINE)
    assert re.sub("<.*?>", "", code) == kept + "\n"
    for wrong in "1|5", "2-1", "0", "x":
        fault, = refused(tmp_path, new_code_cell(source, metadata={"tags": [f"lines:{wrong}"]}))
        assert fault == (f"the tag lines:{wrong} does not fit its cell, which has 4 lines; it is "
                         "written as lines:1|3-5.")


def test_sources_stand_at_the_foot_of_the_slide(tmp_path):
    html = page(tmp_path, new_markdown_cell("[Goodfellow 2014](https://arxiv.org/abs/1412.6572)",
                                            metadata={"tags": ["source"]}))
    assert re.search(r'<p class="source"><a href="https://arxiv.org/abs/1412.6572">', html)
    assert html.count("Goodfellow") == 1


def test_a_handout_has_the_notes_below_each_slide_and_no_scripts(tmp_path):
    path = deck(tmp_path, new_markdown_cell("# One", metadata=kind("slide")),
                new_markdown_cell("say **so**", metadata=kind("notes")))
    html, _ = pages.render_deck(path, handout=True)
    assert re.search(r"</section>\s*<aside class=\"notes prose\"><p>say <strong>so", html)
    assert "<script" not in html and html.count("<strong>so") == 1


def test_subslides_raw_cells_and_cells_without_metadata(tmp_path):
    path = deck(tmp_path, new_markdown_cell("# One", metadata=kind("slide")),
                new_markdown_cell("## Two", metadata=kind("subslide")),
                new_raw_cell("as <it> is"), new_code_cell("", outputs=[printed("kept")]))
    html, count = pages.render_deck(path)
    assert count == 2 and "as &lt;it&gt; is" in html and "kept" in html
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"][2:]:
        del cell["metadata"]
    path.write_text(json.dumps(notebook))
    assert len(read_deck(path)) == 2


def test_what_was_written_over_is_not_shown(tmp_path):
    html = page(tmp_path, new_code_cell("x", outputs=[printed("\r 1%\r 50%\r100%\r\nend\n")]))
    assert '<pre class="output">100%\nend</pre>' in html
