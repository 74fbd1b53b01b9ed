"""What notebooks call: setup, show_source and play, in a real kernel."""
import ast
import gc
import importlib.util
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from html import unescape
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from traitlets.config import Config

from common import notebook as course_notebook
from common.course import COURSE, CourseError
from common.notebook import SLIDERS
from common.tools.lab import lab_arguments
from common.tools.notebooks import Runner, SilentOutput, execute, picture_of

TOP = Path(__file__).parent.parent
SETUP = "from common.notebook import play, setup, show_source\nsetup()"


def run(*sources, **options):
    """Run cells in a fresh kernel; return the notebook with its outputs."""
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *sources)]
    book = nbformat.v4.new_notebook(cells=cells)
    Runner(book, kernel_name="python3", **options).execute(stderr=subprocess.DEVNULL)
    return book


@pytest.fixture
def first_cell():
    chapter = nbformat.read(sorted((COURSE / "chapters").glob("*.ipynb"))[0], as_version=4)
    return chapter.cells[1].source


def fails(source, folder):
    """The last line that the cell leaves in a Python without the course, started in a folder."""
    (folder / "cell.py").write_text(source, encoding="utf-8")
    ran = subprocess.run([sys.executable, "-S", "-E", "cell.py"], cwd=folder, text=True,
                         capture_output=True)
    assert ran.returncode == 1 and "During handling" not in ran.stderr
    return ran.stderr.splitlines()[-1]


def test_first_cell_in_a_kernel_without_the_course(first_cell, tmp_path):
    assert re.search(r"lacks the course.*'common'.*\.venv.*`uv run course lab`",
                     fails(first_cell, tmp_path))


@pytest.mark.parametrize("own", ["common.py", "common/__init__.py", "common/notebook.py"])
def test_first_cell_beside_a_readers_own_common(own, first_cell, tmp_path):
    (tmp_path / own).parent.mkdir(exist_ok=True)
    (tmp_path / own).write_text("mine = 1\n")
    assert "called common hides the course's: rename it" in fails(first_cell, tmp_path)


def test_first_cell_where_a_part_is_missing(first_cell, tmp_path):
    """The course is on the path, and what it stands on is not."""
    (tmp_path / "common").symlink_to(COURSE / "common")
    assert "lacks the course, or a part of it (No module named" in fails(first_cell, tmp_path)


@pytest.mark.parametrize("name", ["dataset", "assignments"])
def test_a_readers_own_file_that_hides_a_part_of_the_course(name, tmp_path, monkeypatch):
    own = importlib.util.spec_from_file_location(name, tmp_path / f"{name}.py")
    monkeypatch.setattr(importlib.util, "find_spec", {name: own}.get)
    with pytest.raises(CourseError, match=rf"{name}\.py hides a part of the course.*rename it"):
        course_notebook.setup()


def test_setup_prints_nothing_and_may_run_twice():
    book = run(SETUP)
    assert not book.cells[0].outputs and not book.cells[1].outputs


def test_a_course_error_shows_its_sentence_and_nothing_of_our_files():
    cells = ["from dataset.weights import load_weights\ndef mine():\n    load_weights('none')",
             "y = 2\nmine()", "1 / 0"]
    book = run(*cells, allow_errors=True)
    error, other = book.cells[2].outputs[-1], book.cells[3].outputs[-1]
    assert error.ename == "DataError" and error.evalue.startswith("There are no weights 'none'")
    shown = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    assert "mine()" in shown and "load_weights('none')" in shown  # the reader's own lines
    assert "weights.py" not in shown and "raise" not in shown and "context" not in shown
    assert shown.rstrip().splitlines()[-1].startswith("DataError: There are no weights 'none'")
    assert other.ename == "ZeroDivisionError" and len(other.traceback) > 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_control_c_while_a_notebook_runs(number):
    cells = [nbformat.v4.new_code_cell("import time\ntime.sleep(100)")]

    def soon(**_):
        threading.Timer(0.5, os.kill, (os.getpid(), number)).start()

    client = Runner(nbformat.v4.new_notebook(cells=cells), kernel_name="python3",
                    on_cell_execute=soon)
    with pytest.raises(KeyboardInterrupt):
        client.execute(stderr=subprocess.DEVNULL)
    assert not client.km or not client.km.has_kernel


def test_a_figure_is_shown_once_sharp_and_with_its_text():
    book = run("import matplotlib.pyplot as plt\nfrom common.figures import describe\n"
               "fig, axes = plt.subplots()\naxes.plot([1, 2])\ndescribe(fig, 'A line that rises.')")
    [output] = book.cells[1].outputs
    assert output.data["text/plain"] == "A line that rises."
    picture = picture_of(output)
    assert picture["alt"] == "A line that rises." and int(picture["width"]) > 400


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_pictures_and_sources_reach_a_static_page(template):
    from nbconvert import HTMLExporter

    book = run("import matplotlib.pyplot as plt\nfrom common.figures import describe\n"
               "describe(plt.subplots()[0], 'Empty axes, for a test.')",
               "from common.functions import softmax\nshow_source(softmax)")
    page, _ = HTMLExporter(template_name=template).from_notebook_node(book)
    assert 'alt="Empty axes, for a test."' in page and "No description" not in page
    [shown] = re.findall(r"<pre [^>]*white-space: pre;[^>]*>", page)
    assert "font-family: monospace" in shown and "overflow-x: auto" in shown
    assert 'tabindex="0"' in shown


def test_show_source_shows_where_and_what():
    book = run("from common.functions import softmax\nshow_source(softmax)")
    [output] = book.cells[1].outputs
    html = output.data["text/html"]
    assert html.startswith("<p><code>common/functions.py</code></p>\n<pre ")
    assert output.data["text/plain"].startswith("def softmax(")
    assert unescape(re.sub("<.*?>", "", html.split("<pre ")[1].partition(">")[2])).rstrip() \
        == output.data["text/plain"]


def shown_sources():
    """Every object that a notebook shows by show_source, with its notebook's name."""
    # Until 3.11.8 Python may fail to parse while it collects waste (python/cpython#106905), such
    # as what nbclient leaves of a kernel that was stopped.
    gc.collect()
    for path in [*TOP.glob("chapters/*.ipynb"), *TOP.glob("slides/*.ipynb")]:
        cells = nbformat.read(path, as_version=4).cells
        trees = [ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.MULTILINE))
                 for cell in cells[2:] if cell.cell_type == "code"]
        imports = [node for tree in trees for node in ast.walk(tree)
                   if isinstance(node, ast.ImportFrom)
                   and node.module.split(".")[0] in ("common", "dataset")]
        names = {}
        exec(compile(ast.Module(imports, []), path.name, "exec"), names)
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "show_source":
                    [shown] = node.args
                    yield path.name, eval(ast.unparse(shown), names)


def test_sources_that_readers_see_have_79_columns_at_most():
    found, wide = 0, set()
    for _, shown in shown_sources():
        found += 1
        wide |= {f"{inspect.getsourcefile(shown)}: {line}"
                 for line in inspect.getsource(shown).splitlines() if len(line) > 79}
    assert found >= 30
    assert not sorted(wide)


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
    assert picture_of(shown[0])["alt"] == "w is 7"


def test_what_stands_below_a_slider_does_not_move():
    book = run(
        "import matplotlib.pyplot as plt\nfrom common.figures import describe\n"
        "def draw(tall):\n    return describe(plt.figure(figsize=(3, tall)), f'{tall} inches')\n"
        "play(draw, tall=(1, 9, 1))\nplay(draw, height=1000, tall=(1, 8, 1))",
        "import gc, ipywidgets\n"
        "sliders = [w for w in gc.get_objects() if isinstance(w, ipywidgets.IntSlider)]\n"
        "layouts = [w.layout for w in gc.get_objects() if isinstance(w, ipywidgets.Output)]\n"
        "def heights():\n    return sorted(int(layout.min_height[:-2]) for layout in layouts)",
        "print(heights())",
        "for slider in sliders: slider.value = 2",
        "print(heights())",
        "for slider in sliders: slider.value = 7",
        "print(heights())",
        "for slider in sliders: slider.value = 1",
        "print(heights())")
    start, low, high, again = (json.loads(cell.outputs[0].text) for cell in book.cells
                               if cell.source == "print(heights())")
    assert start == low and high == again and start[0] < 600 < 690 < high[0] < 900
    assert start[1] == high[1] == 1000  # asked for


def test_a_saved_notebook_has_the_words_of_its_sliders(tmp_path):
    [hook] = [argument.partition("=")[2] for argument in lab_arguments(8888, "secret", False)
              if "pre_save_hook" in argument]
    manager = FileContentsManager(root_dir=str(tmp_path), config=Config(
        {"FileContentsManager": {"pre_save_hook": hook}}))
    words = SLIDERS + "w."
    book = nbformat.v4.new_notebook(metadata={"widgets": {"state": {}}}, cells=[
        nbformat.v4.new_markdown_cell("# A chapter"),
        nbformat.v4.new_code_cell("play(draw, w=(0, 1))", outputs=[nbformat.v4.new_output(
            "display_data", {"text/plain": words,
                             "application/vnd.jupyter.widget-view+json": {"model_id": "1"}})])])
    manager.save({"type": "notebook", "format": "json", "content": book}, "book.ipynb")
    manager.save({"type": "file", "format": "text", "content": "words"}, "notes.txt")
    saved = nbformat.read(tmp_path / "book.ipynb", as_version=4)
    assert saved.cells[1].outputs[0].data == {"text/plain": words}
    assert "widgets" not in saved.metadata
    assert (tmp_path / "notes.txt").read_text() == "words"


def test_nothing_is_sent_while_a_slider_draws():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (
        SETUP, "play(lambda w: print(w), w=(0, 10, 1))")])
    client = Runner(notebook, kernel_name="python3")
    client.execute(stderr=subprocess.DEVNULL)
    assert [type(place) for place in client.comm_objects.values()] == [SilentOutput]


TRANSPORT = ("import json\nfrom ipykernel.connect import get_connection_info\n"
             "print(json.loads(get_connection_info())['transport'])")


@pytest.mark.skipif(sys.platform == "win32", reason="kernels have ports on Windows")
def test_kernels_that_start_at_once_share_no_port(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        assert run(TRANSPORT).cells[1].outputs[0].text == "ipc\n"
        assert os.listdir(short) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kernels have ports on Windows")
def test_a_folder_whose_path_is_too_long_for_a_socket(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert run(TRANSPORT).cells[1].outputs[0].text == "ipc\n"


def test_a_kernel_that_never_answers(tmp_path, monkeypatch):
    spec = tmp_path / "kernels" / "silent" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"language": "python", "display_name": "silent", "argv": [
        sys.executable, "-c", "import time; time.sleep(100)", "{connection_file}"]}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setattr(Runner, "startup_timeout", 1)
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {
        "name": "silent", "display_name": "silent", "language": "python"}})
    nbformat.write(book, tmp_path / "book.ipynb")
    notebook, problem = execute(tmp_path / "book.ipynb")
    assert problem.startswith("The kernel died") and notebook.cells == []


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
