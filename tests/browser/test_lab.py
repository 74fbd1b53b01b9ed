"""JupyterLab in Chromium: chapters with sliders, and a deck."""
from pathlib import Path

import nbformat
import pytest
from notebook_page import move_sliders, opened, run_all_cells

TOP = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.browser


def sliders_in(path):
    """How many cells of a notebook show sliders."""
    return sum(cell.cell_type == "code" and "play(" in cell.source
               for cell in nbformat.read(path, as_version=4).cells)


WITH_SLIDERS = [path for path in sorted(TOP.glob("chapters/*.ipynb")) if sliders_in(path)]


@pytest.mark.parametrize("path", WITH_SLIDERS, ids=[path.stem for path in WITH_SLIDERS])
def test_a_chapter_runs_and_its_sliders_move_the_pictures(path, browser, lab, screenshots):
    notebook = f"chapters/{path.name}"
    with opened(browser, lab, notebook) as (page, errors):
        run_all_cells(page, lab, notebook)
        assert page.locator(".widget-interact").count() == sliders_in(path)
        changed, still = move_sliders(page)
        page.screenshot(path=screenshots / f"lab-{path.stem}.png")
        assert still == 0 and changed >= sliders_in(path)
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        assert not errors
