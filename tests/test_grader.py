"""The grader gives the points that the answers deserve, whatever is handed in."""
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile

import nbformat
import numpy
import psutil
import pytest
from hostile import ANSWERS, LOOK, LOOKS, RIGHT, WRONG
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from assignments import grade as grade_module
from assignments import reports
from assignments.grade import grade_submission, isolation
from assignments.masters import release
from common import cli
from common.chapters import execute, save
from common.errors import CourseError
from common.notebook import COURSE

TOTAL = "def total(x):\n    return x.sum()\n"
STEM = "99_small"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has none of this")
isolated = pytest.mark.skipif(not isolation(), reason="this machine allows no namespaces")


def mark(name, points=None):
    return {"nbgrader": {"schema_version": 3, "grade_id": name, "task": False,
                         "solution": points is None, "grade": points is not None,
                         "locked": points is not None, "points": points},
            "tags": [] if points is None else ["nbval-check-output"]}


def small_master():
    """Two exercises without figures, so that a kernel is ready soon."""
    def answer(name, source):
        head, _, body = source.partition("\n")
        source = f"# Answer: {name}\n{head}\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION"
        return new_code_cell(source, id=name, metadata=mark(name))

    def check(name, points, source):
        return new_code_cell(source, id=name, metadata=mark(name, points))

    return new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
                        cells=[
        new_code_cell("import numpy as np\n\nfrom assignments.check import show", id="setup"),
        new_markdown_cell("## 1. Double (2 points)\n\nRead again: [Arrays](a.ipynb)", id="text-1"),
        answer("99-double", RIGHT),
        check("99-double-check", 2,
              "show('doubled', double(np.array([1.0, 2.0, 3.0])), shape=(3,))"),
        check("99-double-hidden", 0, "### BEGIN HIDDEN TESTS\n"
              "show('doubled', double(np.array([-3.5, 0.25, 7.75])))\n### END HIDDEN TESTS"),
        new_markdown_cell("## 2. Total (3 points)\n\nRead again: [Sums](a.ipynb)", id="text-2"),
        answer("99-total", TOTAL),
        check("99-total-check", 3, "show('total', total(np.array([1.0, 2.0, 3.0])))"),
        check("99-total-hidden", 0, "### BEGIN HIDDEN TESTS\n"
              "show('total', total(np.array([-3.5, 0.25, 7.125])))\n### END HIDDEN TESTS")])


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    path = tmp_path_factory.mktemp("solutions") / f"{STEM}.ipynb"
    nbformat.write(small_master(), path)
    notebook, problem = execute(path)
    assert problem is None
    save(notebook, path)
    return path


@pytest.fixture(autouse=True)
def clean_machine(master, monkeypatch):
    """Only the small master; after each test no scratch and no process may be left."""
    for module in (grade_module, reports):
        monkeypatch.setattr(module, "find_masters", lambda number=None: {STEM: master})
    scratch = tempfile.mkdtemp(prefix="t")  # short: the paths of sockets have a limit
    monkeypatch.setattr(tempfile, "tempdir", scratch)
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    yield
    left = [process for process in psutil.process_iter() if "87654" in command_of(process)]
    assert not left and not os.listdir(scratch)
    os.rmdir(scratch)


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
    result = grade_submission("aiko", nbformat.writes(notebook), seconds=seconds, **options)
    assert result["status"] == "graded", result["status"]
    return result


def points(result):
    return [row["points"] for row in result["exercises"]]


@posix
@pytest.mark.parametrize("name", ANSWERS)
def test_hostile_answer(master, name):
    source, deserved, words = ANSWERS[name]
    # What loops takes its time twice: with the others, and alone.
    result = graded(submission(master, double=source), seconds=8 if words == "longer than" else 20)
    assert points(result) == ([2, 3] if deserved == 5 else [0, 3]), result
    assert words in result["exercises"][0]["why"]
    assert bool(result["exercises"][0]["why"]) == (deserved == 3)


@isolated
@pytest.mark.parametrize("name", LOOKS)
def test_answer_finds_nothing_outside(master, name, tmp_path):
    for file in ("ben.ipynb", "answers.ipynb"):
        (tmp_path / file).touch()
    neighbour = subprocess.Popen([sys.executable, "-c", "input()  # pytest"],
                                 stdin=subprocess.PIPE)
    with neighbour, socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        source = LOOK.replace("FINDINGS", LOOKS[name].replace("PORT", port))
        # Proof that there is something to find: here, where nothing is hidden.
        tops = [str(tmp_path), str(master.parent), str(COURSE / "common")]
        here = {"np": numpy}
        exec(source.replace("TOPS", str(tops)), here)
        assert here["found"]
        # All that a kernel could see; Python's own folders are many, and no secret.
        tops = [f"/{name}" for name in os.listdir("/") if name not in ("proc", "sys", "usr")]
        source = source.replace("TOPS", f"{tops} + [{str(COURSE)!r}]")
        result = graded(submission(master, double=source), seconds=60, hidden=[tmp_path])
        neighbour.kill()
    assert points(result) == [2, 3], result


def test_without_isolation_the_points_are_the_same(master, monkeypatch):
    monkeypatch.setattr(grade_module, "isolation", lambda: False)
    assert points(graded(submission(master))) == [2, 3]
    loops = submission(master, double="while True: pass\n")
    assert points(graded(loops, seconds=8)) == [0, 3]


@posix
@pytest.mark.parametrize("name", ["leaves processes behind", "starts threads", "kills its kernel",
                                  "allocates 30 GB", "leaves its group, deaf to signals"])
def test_without_isolation_nothing_is_left_behind(master, monkeypatch, name):
    monkeypatch.setattr(grade_module, "isolation", lambda: False)
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
        return notebook, [0, 3]
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
    "half of a character"])
def test_changed_notebook(master, kind):
    notebook, deserved = changed(master, kind)
    result = grade_submission("aiko", json.dumps(notebook))
    assert points(result) == deserved, result


# Files that are no notebooks.

def strange_files(folder, good):
    """{path: words of the sentence that it gets, or None for full points}"""
    (folder / "empty.ipynb").touch()
    (folder / "not JSON.ipynb").write_bytes(b"\xff\xfe\x00hello")
    (folder / "half.ipynb").write_text(good[:len(good) // 2], encoding="utf-8")
    (folder / "a list.ipynb").write_text("[1, 2]")
    (folder / "other.ipynb").write_text(nbformat.writes(new_notebook()))
    (folder / "odd cells.ipynb").write_text(json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7, None, {"source": 3}]}))
    (folder / "deep.ipynb").write_text("[" * 100_000)
    with open(folder / "huge.ipynb", "wb") as file:
        file.truncate(200 << 20)
    (folder / "folder.ipynb").mkdir()
    (folder / "回答 あい子.ipynb").write_text(good, encoding="utf-8")
    (folder / "=SUM(A1) | *x*").write_text("\ufeff" + good, encoding="utf-8")
    words = {"empty.ipynb": "empty", "not JSON.ipynb": "not a notebook",
             "half.ipynb": "not a notebook", "a list.ipynb": "not a notebook",
             "other.ipynb": "No cell", "odd cells.ipynb": "not a notebook",
             "deep.ipynb": "not a notebook", "huge.ipynb": "larger than 20 MB",
             "folder.ipynb": "a folder", "回答 あい子.ipynb": None, "=SUM(A1) | *x*": None}
    if os.name == "posix":
        os.symlink(folder / "回答 あい子.ipynb", folder / "link.ipynb")
        os.mkfifo(folder / "pipe.ipynb")
        words |= {"link.ipynb": "a link", "pipe.ipynb": "not a file"}
    return words


@posix
def test_a_folder_of_all_kinds(master, tmp_path, capsys):
    folder = tmp_path / "handed in"
    folder.mkdir()
    words = strange_files(folder, nbformat.writes(submission(master)))
    (folder / ".DS_Store").touch()
    outs = [tmp_path / "first", tmp_path / "second"]
    for out, jobs in zip(outs, (2, 1)):
        reports.grade_folder(folder, out=out, jobs=jobs)
    results = json.loads((outs[0] / "grades.json").read_text(encoding="utf-8"))["submissions"]
    assert [result["name"] for result in results] == sorted(words)
    for result in results:
        due = words[result["name"]]
        assert result["points"] == (5 if due is None else 0) and result["of"] == 5
        assert (due or "graded") in result["status"]
    rows = (outs[0] / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "name,1. Double [2],2. Total [3],total,status"
    assert len(rows) == len(words) + 1 and "'=SUM(A1) | *x*,2,3,5,graded" in rows
    pages = sorted(path.name for path in outs[0].glob("*.md"))
    assert len(pages) == len(words) and pages[0].startswith("001_")
    assert any("あい子" in page for page in pages)
    for path in outs[0].iterdir():  # byte for byte, with one worker or two
        assert path.read_bytes() == (outs[1] / path.name).read_bytes()
    assert str(outs[0]) in capsys.readouterr().out


def test_a_report_of_what_went_wrong(master):
    source = nbformat.writes(submission(master, double=WRONG, total="raise ValueError('| <b>')"))
    result = grade_submission("ben_1.ipynb", source)
    page = reports.report(result)
    assert "# ben\\_1.ipynb: 0 of 5 points" in page
    assert "| 1. Double | 0 / 2 | doubled should be \\[2 4 6\\], but is \\[1 2 3\\]. |" in page
    assert "ValueError: \\| \\<b\\>" in page
    assert "Read again in chapter 99: Arrays, Sums" in page
    text = reports.table(result)
    assert "1. Double   0 / 2   doubled should be [2 4 6], but is [1 2 3]." in text
    assert "Total       0 / 5" in text


def test_hints_reach_the_reader(master):
    result = graded(submission(master, double="def double(x):\n    2 * x\n",
                               total="def total(x):\n    return x\n"))
    why = [row["why"] for row in result["exercises"]]
    assert "Does the function return its result?" in why[0]
    assert "total should be number, but is array of float64, shape (3,)." in why[1]


def test_an_answer_may_use_an_earlier_one(master):
    total = "def total(x):\n    return double(x).sum() / 2\n"
    assert points(graded(submission(master, total=total))) == [2, 3]


def test_a_hidden_reference_is_not_told(master):
    source = "def double(x):\n    return np.array([2.0, 4.0, 6.0])\n"
    why = graded(submission(master, double=source))["exercises"][0]["why"]
    assert why == "With other inputs: It gives something else."


def test_command_grades_a_file(master, tmp_path, capsys):
    path = tmp_path / "with spaces あ.ipynb"
    nbformat.write(submission(master), path)
    assert cli.main(["grade", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["points"] == 5
    assert cli.main(["grade", str(tmp_path / "absent.ipynb")]) == 1
    assert "There is no" in capsys.readouterr().err


def test_command_says_what_it_cannot_grade(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert cli.main(["grade", str(tmp_path / "empty")]) == 1
    assert "no submission" in capsys.readouterr().err
    (tmp_path / "notes.txt").write_text("hello")
    assert cli.main(["grade", str(tmp_path)]) == 1
    assert "name the number" in capsys.readouterr().err


def test_a_master_without_outputs_grades_nobody(master, tmp_path, monkeypatch):
    path = tmp_path / f"{STEM}.ipynb"
    nbformat.write(small_master(), path)
    monkeypatch.setattr(grade_module, "find_masters", lambda number=None: {STEM: path})
    result = grade_submission("aiko", nbformat.writes(submission(master)))
    assert "course release --run" in result["status"] and result["points"] == 0


def test_unknown_numbers_are_named():
    from assignments.masters import find_masters
    with pytest.raises(CourseError, match="there are .*03"):
        find_masters("77")
