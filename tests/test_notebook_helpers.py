"""What notebooks call: setup, show_source and play, in a real kernel."""
import subprocess
import sys

import nbformat
import pytest

from common import notebook as course_notebook
from common.chapters import Runner, SilentOutput

SETUP = "from common.notebook import play, setup, show_source\nsetup()"


def run(*sources, **options):
    """Run cells in a fresh kernel; return the notebook with its outputs."""
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *sources)]
    book = nbformat.v4.new_notebook(cells=cells)
    Runner(book, kernel_name="python3", **options).execute(stderr=subprocess.DEVNULL)
    return book


def test_setup_prints_nothing_and_may_run_twice():
    book = run(SETUP)
    assert not book.cells[0].outputs and not book.cells[1].outputs


def test_a_figure_is_shown_once_sharp_and_with_its_text():
    book = run("import matplotlib.pyplot as plt\nfrom common.figures import describe\n"
               "fig, axes = plt.subplots()\naxes.plot([1, 2])\ndescribe(fig, 'A line that rises.')")
    [output] = book.cells[1].outputs
    assert output.data["text/plain"] == "A line that rises."
    assert output.metadata["image/png"]["alt"] == "A line that rises."
    assert output.metadata["image/png"]["width"] > 400


def test_pictures_reach_a_static_page_with_their_text():
    from nbconvert import HTMLExporter

    book = run("import matplotlib.pyplot as plt\nfrom common.figures import describe\n"
               "describe(plt.subplots()[0], 'Empty axes, for a test.')")
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(book)
    assert 'alt="Empty axes, for a test."' in page


def test_show_source_shows_where_and_what():
    book = run("from common.functions import softmax\nshow_source(softmax)")
    [output] = book.cells[1].outputs
    assert output.data["text/markdown"].startswith("`common/functions.py`\n```python\ndef softmax(")
    assert output.data["text/plain"].startswith("def softmax(")


def test_play_shows_the_picture_at_once_and_after_a_move():
    book = run(
        "import matplotlib.pyplot as plt\nfrom common.figures import describe\n"
        "def draw(w):\n    fig, axes = plt.subplots()\n    return describe(fig, f'w is {w}')\n"
        "play(draw, w=(0, 10, 1))",
        "import gc, ipywidgets\n"
        "[slider] = [w for w in gc.get_objects() if isinstance(w, ipywidgets.IntSlider)]\n"
        "slider.value = 7",
        store_widget_state=True)
    [output] = book.cells[1].outputs
    assert output.data["text/plain"] == "Run this cell to move the sliders: w."
    state = book.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    [shown] = [model["state"]["outputs"] for model in state.values()
               if model["model_name"] == "OutputModel"]
    assert [picture["data"]["text/plain"] for picture in shown] == ["w is 7"]
    assert "image/png" in shown[0]["data"]


def test_nothing_is_sent_while_a_slider_draws():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (
        SETUP, "play(lambda w: print(w), w=(0, 10, 1))")])
    client = Runner(notebook, kernel_name="python3")
    client.execute(stderr=subprocess.DEVNULL)
    assert [type(place) for place in client.comm_objects.values()] == [SilentOutput]


def test_colab_that_cannot_install_says_so(monkeypatch):
    def no_network(*args, **options):
        return subprocess.CompletedProcess(args, 1, "", "Could not find a version\n")

    monkeypatch.setattr(course_notebook, "_is_installed", lambda name: False)
    monkeypatch.setattr(course_notebook.subprocess, "run", no_network)
    monkeypatch.setitem(sys.modules, "google.colab", object())
    with pytest.raises(RuntimeError, match="check the network and run this cell again"):
        course_notebook.setup()


def test_colab_that_has_the_course_installs_nothing(monkeypatch):
    monkeypatch.setattr(course_notebook.subprocess, "run", None)  # a call would fail
    monkeypatch.setitem(sys.modules, "google.colab", object())
    monkeypatch.setattr(course_notebook, "_is_installed", lambda name: True)
    course_notebook.setup()
