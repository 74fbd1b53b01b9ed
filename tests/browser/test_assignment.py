"""An assignment in JupyterLab: a wrong answer and its hint, then a right one."""
import pytest
from notebook_page import opened

pytestmark = pytest.mark.browser

NOTEBOOK = "assignments/03_output_layer.ipynb"
WRONG = """def softmax_row(a):
    return np.exp(a) / np.exp(a).sum()"""
RIGHT = """def softmax_row(a):
    e = np.exp(a - a.max())
    return e / e.sum()"""


def run(page, lab, cell):
    """Run one cell and wait until it is done."""
    cell.locator(".jp-InputPrompt").click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("![...document.querySelectorAll('.jp-InputPrompt')]"
                           ".some(prompt => prompt.textContent.includes('*'))")
    lab.wait_for_kernel(NOTEBOOK)


def test_a_wrong_answer_gets_a_hint_and_a_right_one_what_was_to_reach(browser, lab, screenshots):
    with opened(browser, lab, NOTEBOOK) as (page, errors):
        cells = page.locator(".jp-CodeCell")
        answer = cells.filter(has_text="# Answer: 03-softmax-row")
        check = cells.filter(has_text="show(\"small logits\"")
        reach = check.locator(".jp-OutputArea").inner_text()  # stored in the notebook
        for given in cells.all()[:2]:
            run(page, lab, given)
        shown = []
        for name, source in [("wrong", WRONG), ("right", RIGHT)]:
            answer.locator(".cm-content").click()
            page.keyboard.press("Control+a")
            page.keyboard.insert_text("# Answer: 03-softmax-row\n" + source)
            run(page, lab, answer)
            run(page, lab, check)
            check.scroll_into_view_if_needed()
            page.screenshot(path=screenshots / f"assignment-03-{name}.png")
            shown.append(check.locator(".jp-OutputArea").inner_text())
        wrong, right = shown
        assert "[nan nan nan]" in wrong
        assert "Hint: nan: exp overflowed. What did you subtract from the logits first?" in wrong
        assert "Hint" not in reach and right == reach
        assert not errors
