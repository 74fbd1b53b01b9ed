"""Assignments in JupyterLab: a wrong answer and its hint, then a right one."""
import pytest
from notebook_page import opened

pytestmark = pytest.mark.browser

# For each: the first exercise, words of its check, a wrong answer, what it shows, a right one.
EXERCISES = {
    "03_output_layer": (
        "03-softmax-row", 'show("small logits"',
        "def softmax_row(a):\n    return np.exp(a) / np.exp(a).sum()",
        ["[nan nan nan]",
         "Hint: nan: exp overflowed. What did you subtract from the logits first?"],
        "def softmax_row(a):\n    e = np.exp(a - a.max())\n    return e / e.sum()"),
    "10_convolution": (
        "10-window", 'show("upper left"',
        "def products_at(image, kernel, row, column):\n"
        "    return image[column:column + 3, row:row + 3] * kernel",
        ["[24 24 0]", "Hint: This window is one down, not one to the right."],
        "def products_at(image, kernel, row, column):\n"
        "    high, wide = kernel.shape\n"
        "    return image[row:row + high, column:column + wide] * kernel"),
}


def run(page, lab, notebook, cell):
    """Run one cell and wait until it is done."""
    cell.locator(".jp-InputPrompt").click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("![...document.querySelectorAll('.jp-InputPrompt')]"
                           ".some(prompt => prompt.textContent.includes('*'))")
    lab.wait_for_kernel(notebook)


@pytest.mark.parametrize("stem", EXERCISES)
def test_a_wrong_answer_gets_a_hint_and_a_right_one_what_was_to_reach(
        stem, browser, lab, screenshots):
    name, words, wrong, expected, right = EXERCISES[stem]
    notebook = f"assignments/{stem}.ipynb"
    with opened(browser, lab, notebook) as (page, errors):
        cells = page.locator(".jp-CodeCell")
        answer = cells.filter(has_text=f"# Answer: {name}")
        check = cells.filter(has_text=words)
        reach = check.locator(".jp-OutputArea").inner_text()  # stored in the notebook
        for given in cells.all()[:2]:
            run(page, lab, notebook, given)
        shown = []
        for which, source in [("wrong", wrong), ("right", right)]:
            answer.locator(".cm-content").click()
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(f"# Answer: {name}\n{source}")
            run(page, lab, notebook, answer)
            run(page, lab, notebook, check)
            check.scroll_into_view_if_needed()
            page.screenshot(path=screenshots / f"assignment-{stem}-{which}.png")
            shown.append(check.locator(".jp-OutputArea").inner_text())
        assert all(words in shown[0] for words in expected)
        assert "Hint" not in reach and shown[1] == reach
        assert not errors
