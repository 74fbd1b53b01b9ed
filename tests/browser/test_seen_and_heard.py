"""A chapter in JupyterLab for those who do not see it, and for those with a narrow screen."""
import json
import shutil
import subprocess

import pytest
from notebook_page import opened, run_all_cells

pytestmark = pytest.mark.browser

CHAPTER = "chapters/01_perceptron.ipynb"
OURS = [".jp-RenderedMarkdown", ".jp-OutputArea-output"]  # the rest of the page is JupyterLab's
NOT_OURS = [".widget-slider", ".widget-dropdown"]         # drawn by ipywidgets


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The text of axe-core, which finds what assistive technology cannot read (npm package)."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is missing; it fetches axe-core.")
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run([npm, "install", "--silent", "--prefix", folder, "axe-core@4.10.3"], check=True)
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(page, axe):
    """What axe finds in that part of a page that is ours: rules, with the elements that break them.

    Each part is tried at its own place: the contrast of what is scrolled away is not known.
    """
    page.evaluate(axe)
    found = page.evaluate(
        "([include, exclude]) => axe.run({include, exclude}, {resultTypes: ['violations']})",
        [[[part] for part in OURS], [[part] for part in NOT_OURS]])
    return [f"{rule['impact']} {rule['id']}: {node['html'][:200]}"
            for rule in found["violations"] for node in rule["nodes"]]


def test_axe_finds_nothing_in_a_chapter_that_is_ours(browser, lab, screenshots, axe):
    with opened(browser, lab, CHAPTER) as (page, _):
        run_all_cells(page, lab, CHAPTER)
        images = page.locator(".jp-OutputArea-output img")
        assert images.count() >= 10
        assert all(len(text or "") > 30 for text in images.evaluate_all(
            "all => all.map(image => image.getAttribute('alt'))"))
        page.screenshot(path=screenshots / "axe-01_perceptron.png")
        assert violations(page, axe) == []


def test_axe_would_find_a_picture_without_its_text(browser, axe):
    page = browser.new_page()
    page.set_content("<html lang='en'><title>A page</title><main><h1>A</h1>"
                     "<div class='jp-OutputArea-output'><img src='data:,'></div></main>")
    found = violations(page, axe)
    page.close()
    assert len(found) == 1 and "image-alt" in found[0]


@pytest.mark.parametrize("width", [1024, 1300])
def test_a_source_keeps_its_lines_and_scrolls(width, browser, lab, screenshots):
    notebook = "chapters/12_cnn.ipynb"
    with opened(browser, lab, notebook, size=(width, 900)) as (page, _):
        # A chapter just fetched is not trusted: its outputs keep their style but no tabindex.
        sources = page.locator(".jp-OutputArea-output.jp-RenderedHTMLCommon pre").filter(
            has_text="class CNN")
        source = sources.first
        source.scroll_into_view_if_needed()
        page.screenshot(path=screenshots / f"source-{width}.png")
        look = source.evaluate(
            "e => { const s = getComputedStyle(e), line = parseFloat(s.lineHeight); return {"
            "font: s.fontFamily, space: s.whiteSpace,"
            "rows: (e.clientHeight - 2 * parseFloat(s.paddingTop)) / line,"
            "lines: e.textContent.replace(/\\n$/, '').split('\\n').length}; }")
        assert "mono" in look["font"] and look["space"] == "pre", json.dumps(look)
        assert abs(look["rows"] - look["lines"]) < 1.5, json.dumps(look)


def test_a_saved_chapter_opened_anew_says_how_to_get_its_sliders(browser, lab, screenshots):
    copy = lab.folder / "chapters" / "saved.ipynb"
    shutil.copy(lab.folder / CHAPTER, copy)
    with opened(browser, lab, "chapters/saved.ipynb") as (page, _):
        run_all_cells(page, lab, "chapters/saved.ipynb")
        assert page.locator(".widget-interact").count() > 0
        page.get_by_role("menuitem", name="File", exact=True).first.click()
        page.get_by_text("Save Notebook", exact=True).click()
        page.wait_for_timeout(3000)
    assert "widget-view" not in copy.read_text(encoding="utf-8")
    with opened(browser, lab, "chapters/saved.ipynb") as (page, _):
        page.get_by_text("Run this cell to move the sliders").first.wait_for()
        page.screenshot(path=screenshots / "saved-01_perceptron.png")
        assert page.get_by_text("model not found").count() == 0
