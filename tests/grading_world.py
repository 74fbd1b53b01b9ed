"""A small master of two exercises without figures, so that a kernel is ready soon, and what a
reader makes of it."""
import contextlib
import json
import os
import tempfile

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from assignments import batch as batch_module
from assignments import grade as grade_module
from assignments.grade import grade_submission, isolation
from assignments.masters import release
from common.tools.notebooks import execute, save

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return x\n"
TOTAL = "def total(x):\n    return x.sum()\n"
STEM = "99_small"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has none of this")
isolated = pytest.mark.skipif(bool(isolation()), reason="this machine allows no namespaces")


def mark(name, points=None):
    return {"nbgrader": {"schema_version": 3, "grade_id": name, "task": False,
                         "solution": points is None, "grade": points is not None,
                         "locked": points is not None, "points": points},
            "tags": [] if points is None else ["nbval-check-output"]}


def answer_cell(name, source):
    head, _, body = source.partition("\n")
    source = f"# Answer: {name}\n{head}\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION"
    return new_code_cell(source, id=name, metadata=mark(name))


def check_cell(name, points, source):
    return new_code_cell(source, id=name, metadata=mark(name, points))


def hidden_cell(name, source):
    return check_cell(name, 0, f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS")


def small_master():
    return new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
                        cells=[
        new_code_cell("import numpy as np\n\nfrom assignments.check import show", id="setup"),
        new_markdown_cell("## 1. Double (2 points)\n\nRead again: [Arrays](a.ipynb)", id="text-1"),
        answer_cell("99-double", RIGHT),
        check_cell("99-double-check", 2,
                   "show('doubled', double(np.array([1.0, 2.0, 3.0])), shape=(3,))"),
        hidden_cell("99-double-hidden", "show('doubled', double(np.array([-3.5, 0.25, 7.75])))"),
        new_markdown_cell("## 2. Total (3 points)\n\nRead again: [Sums](a.ipynb)", id="text-2"),
        answer_cell("99-total", TOTAL),
        check_cell("99-total-check", 3, "show('total', total(np.array([1.0, 2.0, 3.0])))"),
        hidden_cell("99-total-hidden", "show('total', total(np.array([-3.5, 0.25, 7.125])))")])


def write_master(folder, notebook):
    """Run a master and write it with its outputs; return its path."""
    path = folder / f"{STEM}.ipynb"
    nbformat.write(notebook, path)
    notebook, problem = execute(path)
    assert problem is None
    save(notebook, path)
    return path


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return write_master(tmp_path_factory.mktemp("solutions"), small_master())


@pytest.fixture(autouse=True)
def clean_machine(master, monkeypatch):
    """Only the small master; after each test no scratch and no process may be left."""
    use_master(monkeypatch, master)
    scratch = tempfile.mkdtemp(prefix="t")  # short: the paths of sockets have a limit
    monkeypatch.setattr(tempfile, "tempdir", scratch)
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    yield
    left = [process for process in psutil.process_iter() if "87654" in command_of(process)]
    assert not left and not os.listdir(scratch)
    os.rmdir(scratch)


def use_master(monkeypatch, path):
    for module in (grade_module, batch_module):
        monkeypatch.setattr(module, "find_masters", lambda number=None: {STEM: path})


def command_of(process):
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def submission(master, double=RIGHT, total=TOTAL):
    """The released assignment, filled in, as a notebook."""
    notebook = nbformat.reads(release(master), as_version=4)
    for cell in notebook.cells:
        answer = {"99-double": double, "99-total": total}.get(cell.id)
        if answer is not None:
            cell.source = f"# Answer: {cell.id}\n{answer}"
    return notebook


def graded(notebook, seconds=20, **options):
    result = grade_submission("aiko", json.dumps(notebook), seconds=seconds, **options)
    assert result.status == "graded", result.status
    return result


def points(result):
    return [row.points for row in result.exercises]
