"""A chapter as GitHub and nbviewer show it: its HTML, with no script and no kernel."""
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from common.tools.notebooks import picture_of

TOP = Path(__file__).parent.parent.parent
CHAPTERS = sorted(TOP.glob("chapters/*.ipynb"))

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_nothing_essential_is_missing_without_scripts(path, browser, screenshots, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    target = tmp_path / "chapter.html"
    target.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, offline=True,
                                  viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.goto(target.as_uri())
    page.screenshot(path=screenshots / f"static-{path.stem}.png", full_page=True)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]

    images = page.locator(".jp-OutputArea-output img")
    drawn = [output for output in outputs if picture_of(output)]
    assert images.count() == len(drawn) > 0
    for place in images.evaluate_all("all => all.map(e => [e.naturalWidth, e.width])"):
        assert place[0] > 0 and 0 < place[1] <= 1100

    shown = squeezed(page.locator("body").inner_text())
    for cell in code:
        assert squeezed(cell.source) in shown, cell.id
    for output in outputs:
        if output.output_type == "stream":
            assert squeezed(output.text) in shown
    # Where sliders would be there is a sentence, and a picture stands above it.
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and "play(" in cell.source:
            before = [output for earlier in notebook.cells[max(0, number - 4):number]
                      for output in earlier.get("outputs", [])]
            assert any(picture_of(output) for output in before), cell.id
    assert page.locator(".jp-OutputArea-output script, .jp-OutputArea-output iframe").count() == 0
    context.close()


def squeezed(text):
    """A text without its white space, which a page may set in its own way."""
    return "".join(text.split())
