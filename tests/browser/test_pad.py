"""The pad in JupyterLab: what is drawn reaches Python, and what Python reads comes back."""
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_page import opened, run_all_cells
from PIL import Image
from test_digit_page import FOUR, answers, draw_with_finger, draw_with_mouse

from common.drawing import preprocess
from common.drawing.strokes import draw_digit

pytestmark = pytest.mark.browser

MAKE = """from common.drawing.pad import DigitPad
from common.models import load_model
pad = DigitPad(load_model("mlp"), load_model("cnn"))
pad"""
TELL = """import numpy as np
np.savez("seen.npz", image=pad.image, **pad.reading.answers)"""
SHORTEST = "Math.min(...[...document.querySelectorAll('.track')].map(one => one.offsetWidth))"
GROUND = "getComputedStyle(document.querySelector('.pad')).backgroundColor"
SHOW = """from common.drawing.strokes import draw_digit
pad.show(draw_digit(7))"""


@pytest.fixture
def notebook(lab):
    path = lab.folder / "chapters" / "pad.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3"}  # or JupyterLab asks which
    nbformat.write(new_notebook(cells=[new_code_cell(MAKE)], metadata={"kernelspec": kernel}), path)
    yield "chapters/pad.ipynb"
    path.unlink()


def run_new_cell(page, lab, notebook, source):
    """Add a cell below the last one, run it, and wait for it."""
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("[...document.querySelectorAll('.jp-InputPrompt')].every("
                           "e => !e.textContent.includes('*'))")
    lab.wait_for_kernel(notebook)


@pytest.mark.parametrize("hand, width", [("mouse", 1300), ("finger", 1300), ("mouse", 1024)])
def test_the_pad_reads_while_a_hand_draws(hand, width, browser, lab, notebook, screenshots):
    with opened(browser, lab, notebook, size=(width, 1000)) as (page, errors):
        run_all_cells(page, lab, notebook)
        page.locator(".pad").wait_for()
        (draw_with_mouse if hand == "mouse" else draw_with_finger)(page, FOUR)
        page.get_by_text("Prepared: MLP 4").wait_for()
        assert answers(page)[2:] == [4, 4]
        assert page.locator(".verdict b").all_inner_texts() == ["4", "4"]
        assert page.evaluate(SHORTEST) >= 80  # with the file browser open
        page.screenshot(path=screenshots / f"pad-{hand}-{width}.png")

        run_new_cell(page, lab, notebook, TELL)
        seen = np.load(lab.folder / "chapters" / "seen.npz")
        assert seen["image"].max() == 255 and 0.03 < np.mean(seen["image"] > 0) < 0.3
        assert seen["mlp"].argmax(axis=1)[1] == 4
        middle = preprocess(seen["image"])
        assert middle[4:24, 4:24].sum() > 0.95 * middle.sum()

        page.locator(".paper").focus()
        page.keyboard.press("z")
        page.keyboard.press("z")
        page.get_by_text("Draw a digit.").wait_for()
        assert answers(page) == [None] * 4  # an empty sheet has no answer
        assert page.evaluate(GROUND) == "rgb(255, 255, 255)"
        page.evaluate("document.body.dataset.jpThemeLight = 'false'")  # as a dark theme does
        assert page.evaluate(GROUND) == "rgb(20, 24, 27)"
        assert page.locator(".jp-CodeCell").count() == 3  # "z" took back a stroke, not a cell

        run_new_cell(page, lab, notebook, SHOW)
        page.get_by_text("Prepared: MLP 7").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save").first.click()
        download.value.save_as(lab.folder / "seven.png")
        saved = np.asarray(Image.open(lab.folder / "seven.png").convert("L"))
        np.testing.assert_allclose(saved.astype(int), draw_digit(7), atol=1)
        assert not errors
