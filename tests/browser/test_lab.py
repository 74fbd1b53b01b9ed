"""JupyterLab in Chromium: chapters with sliders, and a deck."""
from pathlib import Path

import nbformat
import pytest
from notebook_page import PATIENCE, heights_of_players, move_sliders, opened, run_all_cells

from slides.deck import read_deck

TOP = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.browser


def sliders_in(path):
    """How many cells of a notebook show sliders."""
    return sum(cell.cell_type == "code" and "play(" in cell.source
               for cell in nbformat.read(path, as_version=4).cells)


CHAPTERS = sorted(TOP.glob("chapters/*.ipynb"))
WITH_SLIDERS = [path for path in CHAPTERS if sliders_in(path)]


@pytest.mark.parametrize("path", WITH_SLIDERS, ids=[path.stem for path in WITH_SLIDERS])
def test_a_chapter_runs_and_its_sliders_move_the_pictures(path, browser, lab, screenshots):
    notebook = f"chapters/{path.name}"
    with opened(browser, lab, notebook) as (page, errors):
        run_all_cells(page, lab, notebook)
        assert page.locator(".widget-interact").count() == sliders_in(path)
        heights = heights_of_players(page)
        assert all(len(set(seen)) == 1 for seen in heights), "the page jumps"
        changed, still = move_sliders(page)
        page.screenshot(path=screenshots / f"lab-{path.stem}.png")
        assert still == 0 and changed >= sliders_in(path)
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        assert not errors


WIDER = """() => [document.scrollingElement, ...document.querySelectorAll(
  ".jp-WindowedPanel-outer, .jp-MarkdownOutput, .jp-RenderedHTML:not(:has(pre)), table, img")]
  .filter(e => e.offsetParent || e === document.scrollingElement)
  .filter(e => e.scrollWidth > e.clientWidth + 1
    || e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 60)}`)"""


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_a_chapter_does_not_scroll_sideways_on_a_small_screen(path, browser, lab, screenshots):
    """With the file browser open beside it; only sources scroll, each by itself."""
    with opened(browser, lab, f"chapters/{path.name}", size=(1024, 768)) as (page, _):
        page.wait_for_function(
            "() => [...document.querySelectorAll('.jp-OutputArea-output img')]"
            ".every(image => image.complete)")
        page.locator(".jp-RenderedMarkdown h1").first.wait_for()
        page.screenshot(path=screenshots / f"lab-{path.stem}-1024.png")
        assert page.evaluate(WIDER) == []


def test_jupyterlab_asks_no_question_of_news(browser, lab):
    with opened(browser, lab, "chapters/00_python_and_numpy.ipynb") as (page, _):
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.wait_for_timeout(3000)  # it comes a moment later
        assert "news" not in page.locator("body").inner_text().lower()
        assert page.locator(".Toastify__toast").count() == 0


def slide_of(heading, path):
    """The number of the slide with this heading, from 0."""
    return [slide.left[0].source.splitlines()[0] for slide in read_deck(path)].index(heading)


def test_a_deck_is_presented_and_a_cell_is_run_before_the_circle(browser, lab, screenshots):
    notebook = "slides/03_output_layer.ipynb"
    with opened(browser, lab, notebook) as (page, _):
        run_all_cells(page, lab, notebook)
        show = browser.new_page(viewport={"width": 1280, "height": 720})
        show.set_default_timeout(PATIENCE)
        show.goto(f"{lab.address}/rise/{notebook}?token={lab.token}")
        show.wait_for_selector("section.present h1")
        show.wait_for_function(  # slides/rise.css is at work
            "parseFloat(getComputedStyle(document.querySelector('section.present p')).fontSize)"
            " >= 24")
        slide = show.locator("section.present section.present")
        number = slide_of("## Live: three large logits", TOP / notebook)
        show.evaluate("number => { location.hash = `/slide-${number}-0`; }", number)
        slide.get_by_role("heading", name="Live: three large logits").wait_for()
        assert "[nan nan nan]" in slide.inner_text()
        slide.locator(".jp-CodeCell .cm-content").click()
        show.keyboard.press("Control+End")
        show.keyboard.type("\nprint(softmax_naive(a_large / 100).round(2))")
        show.keyboard.press("Shift+Enter")
        show.get_by_text("[0.37 0.33 0.3 ]").wait_for()
        show.screenshot(path=screenshots / "live-03_output_layer.png")
        show.close()


def test_alt_r_opens_the_deck_in_a_panel_and_its_button_fills_the_screen(browser, lab):
    with opened(browser, lab, "slides/03_output_layer.ipynb", size=(1280, 720)) as (page, _):
        page.locator(".jp-Cell").first.click()
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+r")
        page.frame_locator("iframe[src*='/rise/']").locator("section.present h1").wait_for()
        panel = page.locator(".jp-MainAreaWidget:has(iframe[src*='/rise/']) .jp-Toolbar")
        first = panel.locator("jp-button").first
        assert "full screen" in first.get_attribute("title")
        first.click()
        page.wait_for_function("() => document.fullscreenElement?.tagName == 'IFRAME'")


def test_a_slide_of_sliders_is_not_longer_than_the_screen(browser, lab, screenshots):
    """RISE shows no sliders; the sentence in their place is on the slide too."""
    notebook = "slides/03_output_layer.ipynb"
    show = browser.new_page(viewport={"width": 1280, "height": 720})
    show.set_default_timeout(PATIENCE)
    show.goto(f"{lab.address}/rise/{notebook}?token={lab.token}")
    show.wait_for_selector("section.present h1")
    number = next(k for k, slide in enumerate(read_deck(TOP / notebook))
                  if slide.left[0].source.startswith("## Play"))
    show.evaluate("number => { location.hash = `/slide-${number}-0`; }", number)
    said = show.locator("section.present").get_by_text("Run this cell to move the sliders").last
    said.wait_for()
    show.screenshot(path=screenshots / "live-sliders.png")
    box = said.bounding_box()
    show.close()
    lab.stop_kernels()
    assert box["y"] + box["height"] <= 720
