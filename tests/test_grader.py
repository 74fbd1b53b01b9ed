"""The grader gives the points that the answers deserve, whatever is handed in."""
import json
import os
import socket
import subprocess
import sys

import nbformat
import numpy
import pytest
from grading_world import (
    RIGHT,
    STEM,
    TOTAL,
    WRONG,
    clean_machine,  # noqa: F401
    graded,
    isolated,
    master,  # noqa: F401
    points,
    posix,
    small_master,
    submission,
    use_master,
)
from hostile import ANSWERS, DOORS, ENDLESS, LOOK
from nbformat.v4 import new_code_cell

from assignments import grade as grade_module
from assignments.grade import grade_submission
from assignments.masters import release
from assignments.pages import page
from assignments.results import table
from common import cli
from common.course import COURSE, CourseError

# ruff: noqa: F811


@posix
@pytest.mark.parametrize("name", ANSWERS)
def test_hostile_answer(master, name):
    source, deserved, words = ANSWERS[name]
    result = graded(submission(master, double=source), seconds=6 if name in ENDLESS else 20)
    assert points(result) == ([2, 3] if deserved == 5 else [0, 3]), result
    assert words in result.exercises[0].why
    assert bool(result.exercises[0].why) == (deserved == 3)


@isolated
def test_the_files_of_one_answer_are_not_missing_to_the_next(master):
    fills = ("def double(x):\n    try:\n        for number in range(30_000):\n"
             "            open(f'empty{number}', 'w').close()\n    except OSError:\n"
             "        return x\n")
    writes = "def total(x):\n    open('own', 'w').close()\n    return x.sum()\n"
    assert points(graded(submission(master, double=fills, total=writes))) == [0, 3]


@isolated
def test_answer_finds_nothing_outside(master, tmp_path):
    for file in ("ben.ipynb", "answers.ipynb"):
        (tmp_path / file).touch()
    neighbour = subprocess.Popen([sys.executable, "-c", "input()  # pytest"],
                                 stdin=subprocess.PIPE)
    with neighbour, socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        source = LOOK.replace("PORT", port)
        # Proof that there is something to find: here, where nothing is hidden.
        tops = [str(tmp_path), str(master.parent), str(COURSE / "common")]
        here = {"np": numpy}
        exec(source.replace("TOPS", str(tops)), here)
        assert [name for name, found in here["found"].items() if not found] == []
        # All that a kernel could see; Python's own folders are many, and no secret.
        tops = [f"/{name}" for name in os.listdir("/") if name not in ("proc", "sys", "usr")]
        source = source.replace("TOPS", f"{tops} + [{str(COURSE)!r}]")
        result = graded(submission(master, double=source), seconds=60, hidden=[tmp_path])
        neighbour.kill()
    assert points(result) == [2, 3], result


@pytest.mark.skipif(sys.platform != "linux", reason="these are Linux's")
def test_calls_that_no_answer_needs_are_refused(master):
    assert points(graded(submission(master, double=DOORS))) == [2, 3]


def test_without_isolation_the_points_are_the_same(master, monkeypatch):
    monkeypatch.setattr(grade_module, "isolation", lambda: "for a test")
    assert points(graded(submission(master))) == [2, 3]
    loops = submission(master, double="while True: pass\n")
    assert points(graded(loops, seconds=6)) == [0, 3]


@posix
@pytest.mark.parametrize("name", ["leaves processes behind", "starts threads", "kills its kernel",
                                  "allocates 30 GB", "leaves its group, deaf to signals"])
def test_without_isolation_nothing_is_left_behind(master, monkeypatch, name):
    monkeypatch.setattr(grade_module, "isolation", lambda: "for a test")
    source, deserved, words = ANSWERS[name]
    result = graded(submission(master, double=source))
    assert points(result) == ([2, 3] if deserved == 5 else [0, 3]), result


# Notebooks that are not as they were given out.

def stripped(notebook):
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


def old_format(notebook, minor=0):
    """As Colab saves it: nbformat 4.0, without ids."""
    for cell in notebook.cells:
        cell.pop("id")
    notebook.nbformat_minor = minor
    return notebook


def without(notebook, *ids):
    notebook.cells = [cell for cell in notebook.cells if cell.id not in ids]
    return notebook


def by_id(notebook):
    return {cell.id: cell for cell in notebook.cells}


def changed(master, kind):
    """(a notebook, the points that it deserves)"""
    notebook = submission(master)
    cells = by_id(notebook)
    if kind == "from Colab":
        return old_format(notebook), [2, 3]
    if kind == "without metadata":
        return stripped(notebook), [2, 3]
    if kind == "without metadata and ids, markers left":
        return old_format(stripped(notebook)), [2, 3]
    if kind == "without metadata and markers, ids left":
        for cell in stripped(notebook).cells:
            cell.source = cell.source.replace("# Answer: ", "# ")
        return notebook, [2, 3]
    if kind == "one answer missing":
        return without(notebook, "99-double"), [0, 3]
    if kind == "checks deleted":
        return without(notebook, "99-double-check", "99-total-check", "setup"), [2, 3]
    if kind == "out of order":
        notebook.cells.reverse()
        return notebook, [2, 3]
    if kind == "checks and outputs changed":
        cells["99-double"].source = "# Answer: 99-double\n" + WRONG
        cells["99-double-check"].source = "print('passed')"
        cells["99-double-check"].outputs = []
        return notebook, [0, 3]
    if kind == "answer twice, blank copy last":
        blank = by_id(nbformat.reads(release(master), as_version=4))["99-double"]
        notebook.cells.append(blank)
        return notebook, [2, 3]
    if kind == "answer twice, right one last":
        copy = cells["99-double"].copy()
        cells["99-double"].source = "# Answer: 99-double\n" + WRONG
        notebook.cells.append(nbformat.from_dict({**copy, "id": "copy"}))
        return notebook, [2, 3]
    if kind == "scratch cell with copied metadata":
        copy = nbformat.from_dict({**cells["99-double"], "id": "copy", "source": "double(3)"})
        notebook.cells.append(copy)
        return notebook, [2, 3]
    if kind == "answer as text":
        cells["99-double"].cell_type = "markdown"
        for key in ("outputs", "execution_count"):
            cells["99-double"].pop(key)
        return notebook, [0, 3]
    if kind == "solutions' own marks added":
        cells["99-double"].metadata.nbgrader.points = 100
        cells["99-double-check"].metadata.nbgrader.points = 100
        return notebook, [2, 3]
    if kind == "metadata of odd kinds":
        cells["99-double"].metadata.nbgrader = ["99-double"]
        cells["99-total"].metadata.nbgrader = {"grade_id": {"a": 1}}
        return notebook, [2, 3]
    if kind == "metadata that is none":
        cells["99-double"].metadata = ["nothing"]
        del cells["text-1"]["metadata"]
        return notebook, [2, 3]
    if kind == "scratch cell with a copied marker":
        notebook.cells.append(new_code_cell("# Answer: 99-double\n1 / 0"))
        return notebook, [2, 3]
    if kind == "first try commented out below":
        source = "# Answer: 99-double\n# def double(x):\n#     return x"
        notebook.cells.append(new_code_cell(source))
        return notebook, [2, 3]
    if kind == "marker retyped":
        for cell in old_format(stripped(notebook)).cells:
            cell.source = cell.source.replace("# Answer: 99-double", "#answer 99_Double")
        return notebook, [2, 3]
    if kind == "name of an older release":
        for cell in stripped(notebook).cells:
            cell.source = cell.source.replace("# Answer: 99-double", "# Answer: 99-twice")
            cell.id = cell.id.replace("99-double", "99-twice")
        return notebook, [2, 3]
    if kind == "number of an older chapter":
        for cell in old_format(stripped(notebook)).cells:
            cell.source = cell.source.replace("# Answer: 99-", "# Answer: 98-")
        return notebook, [2, 3]
    if kind == "all in the last cell, after a command":
        for name in ("99-double", "99-total"):
            cells[name].source = f"# Answer: {name}\n# see below"
        notebook.cells.append(new_code_cell(f"!true\n{RIGHT}\n\n{TOTAL}"))
        return notebook, [2, 3]
    if kind == "with a timer and lines of Windows":
        cells["99-double"].source = f"%%time\n# Answer: 99-double\n{RIGHT}".replace("\n", "\r\n")
        return notebook, [2, 3]
    if kind == "half of a character":
        cells["99-double"].source += "# \ud800"
        return notebook, [2, 3]
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", [
    "from Colab", "without metadata", "without metadata and ids, markers left",
    "without metadata and markers, ids left", "one answer missing", "checks deleted",
    "out of order", "checks and outputs changed", "answer twice, blank copy last",
    "answer twice, right one last", "scratch cell with copied metadata", "answer as text",
    "solutions' own marks added", "metadata of odd kinds", "metadata that is none",
    "scratch cell with a copied marker", "first try commented out below", "marker retyped",
    "name of an older release", "number of an older chapter",
    "all in the last cell, after a command", "with a timer and lines of Windows",
    "half of a character"])
def test_changed_notebook(master, kind):
    notebook, deserved = changed(master, kind)
    result = grade_submission("aiko", json.dumps(notebook))
    assert points(result) == deserved, result


def test_a_page_and_a_table_of_what_went_wrong(master):
    total = "print('so far <b>')\nraise ValueError('| <b>')"
    result = graded(submission(master, double=WRONG, total=total))
    shown = page(result)
    assert "aiko: 0 of 5 points" in shown and "<b>" not in shown
    assert "1. Double <span class=\"less\">0 of 2</span>" in shown
    assert "doubled should be [2 4 6], but is [1 2 3]." in shown
    assert "ValueError: | &lt;b&gt;" in shown and "so far &lt;b&gt;" in shown
    assert "return x" in shown and "Arrays, Sums" in shown  # the reader's own code
    text = table(result)
    assert "1. Double   0 / 2   doubled should be [2 4 6], but is [1 2 3]." in text
    assert "Total       0 / 5" in text


def test_what_was_printed_is_the_same_every_time():
    from assignments.judge import without_places
    text = ("/tmp/grade-a1/tmpb2/ipykernel_34/567.py:4: RuntimeWarning: overflow\n"
            "<X object at 0x7f94c6d0b8c0> 0xff /tmp/grade-a1/tmpb2/log.txt")
    assert without_places(text, "/tmp/grade-a1/tmpb2") == (
        "<cell>:4: RuntimeWarning: overflow\n<X object at 0x...> 0xff ./log.txt")


def test_a_page_of_what_went_well_names_nothing_to_read_again(master):
    shown = page(graded(submission(master, total="def total(x):\n    return 0\n")))
    assert "Sums" in shown and "Arrays" not in shown and "http" not in shown


def test_what_a_hidden_check_makes_an_answer_print_is_not_on_the_page(master):
    source = "def double(x):\n    print('x is', x)\n    return 2 * x\n"
    result = graded(submission(master, double=source))
    assert "x is [1. 2. 3.]" in result.exercises[0].printed
    assert "7.75" not in page(result)


def test_hints_reach_the_reader(master):
    result = graded(submission(master, double="def double(x):\n    2 * x\n",
                               total="def total(x):\n    return x\n"))
    why = [row.why for row in result.exercises]
    assert "Does the function return its result?" in why[0]
    assert "total should be number, but is array of float64, shape (3,)." in why[1]


def test_an_answer_may_use_an_earlier_one(master):
    total = "def total(x):\n    return double(x).sum() / 2\n"
    assert points(graded(submission(master, total=total))) == [2, 3]


def test_a_hidden_reference_is_not_told(master):
    source = "def double(x):\n    return np.array([2.0, 4.0, 6.0])\n"
    why = graded(submission(master, double=source)).exercises[0].why
    assert why == "With other inputs: It gives something else."


def test_command_grades_a_file(master, tmp_path, capsys):
    path = tmp_path / "with spaces あ.ipynb"
    nbformat.write(submission(master), path)
    assert cli.main(["grade", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["points"] == 5
    assert cli.main(["grade", str(tmp_path / "absent.ipynb")]) == 1
    assert "There is no" in capsys.readouterr().err


def test_a_master_without_outputs_grades_nobody(master, tmp_path, monkeypatch):
    path = tmp_path / f"{STEM}.ipynb"
    nbformat.write(small_master(), path)
    use_master(monkeypatch, path)
    result = grade_submission("aiko", nbformat.writes(submission(master)))
    assert "course release --run" in result.status and result.points is None


def test_unknown_numbers_are_named():
    from assignments.masters import find_masters
    with pytest.raises(CourseError, match="there are .*03"):
        find_masters("77")
