"""A folder of hand-ins: what is written, and that nothing of it is ever lost."""
import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile

import nbformat
import psutil
import pytest
from grading_world import (
    STEM,
    WRONG,
    clean_machine,  # noqa: F401
    isolated,
    master,  # noqa: F401
    posix,
    submission,
)
from hostile import PROCESS_HOG

from assignments import batch as batch_module
from assignments import grade as grade_module
from assignments.batch import file_names, grade_folder
from assignments.grade import not_graded
from assignments.results import Result, Row, in_a_sheet, on_one_line
from assignments.similarity import shape, similar_pairs
from common import cli
from common.course import COURSE, CourseError

# ruff: noqa: F811


@pytest.fixture
def folder(master, tmp_path):
    """Three hand-ins: two right, one with an exercise wrong."""
    folder = tmp_path / "handed in"
    folder.mkdir()
    for name, notebook in [("aiko.ipynb", submission(master)),
                           ("ben.ipynb", submission(master, double=WRONG)),
                           ("回答 あい子.ipynb", submission(master, total="def total(x):\n"
                                                          "    return np.sum(x)\n"))]:
        nbformat.write(notebook, folder / name)
    return folder


@pytest.fixture
def quick(monkeypatch):
    """Judging without a kernel: what says `return x` is wrong. Notes what was judged."""
    judged = []

    def judge(found, stem, seconds, hidden=(), alone=True):
        source = found.of("99-double")[0].source
        judged.append(source)
        if "BREAK" in source:
            raise grade_module.MachineError("the disk is full.")
        if "BUG" in source:
            raise ZeroDivisionError("a fault of ours")
        wrong = {"99-double": {"99-double-check": "wrong"}} if source.endswith("return x\n") else {}
        return {"failed": wrong, "stopped": {}, "printed": {}}

    monkeypatch.setattr(grade_module, "judge", judge)
    return judged


def grades(out):
    return json.loads((out / "grades.json").read_text(encoding="utf-8"))["submissions"]


def sheet(out, name="grades"):
    text = (out / f"{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def add(folder, master, name, source):
    nbformat.write(submission(master, double=source), folder / name)


@posix
def test_a_folder_of_all_kinds_in_kernels(master, folder, tmp_path, capsys):
    good = (folder / "aiko.ipynb").read_text(encoding="utf-8")
    (folder / "half.ipynb").write_text(good[:len(good) // 2], encoding="utf-8")
    (folder / "folder.ipynb").mkdir()
    (folder / "=SUM(A1) | *x*").write_text("\ufeff" + good, encoding="utf-8")
    (folder / ".DS_Store").touch()
    outs = [tmp_path / "first", tmp_path / "second"]
    for out, jobs in zip(outs, (2, 1)):
        assert grade_folder(folder, out=out, jobs=jobs) == 0
    words = {"=SUM(A1) | *x*": (5, "graded"), "aiko.ipynb": (5, "graded"),
             "ben.ipynb": (3, "graded"), "folder.ipynb": (0, "a folder without a notebook"),
             "half.ipynb": (0, "not a notebook"), "回答 あい子.ipynb": (5, "graded")}
    found = {each["name"]: each for each in grades(outs[0])}
    assert list(found) == sorted(words)
    for name, (due, status) in words.items():
        assert found[name]["points"] == due and found[name]["of"] == 5
        assert status in found[name]["status"]
    rows = sheet(outs[0])
    assert rows[0] == ["name", "1. Double [2]", "2. Total [3]", "total", "status", "identifier",
                       "note"]
    assert len(rows) == len(words) + 1
    assert rows[1] == ["'=SUM(A1) | *x*", "2", "3", "5", "graded", "", ""]
    assert len(list(outs[0].glob("*.html"))) == len(words)
    for path in outs[0].iterdir():  # byte for byte, with one worker or two
        assert path.read_bytes() == (outs[1] / path.name).read_bytes()
    printed = capsys.readouterr().out
    assert str(outs[0]) in printed and "[6/6]" in printed and ".DS_Store" in printed


def test_each_result_is_saved_as_it_comes(folder, quick, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(batch_module, "say", lambda line: seen.append(
        [row[0] for row in sheet(tmp_path / "out")[1:] if row[3]]))
    grade_folder(folder, out=tmp_path / "out", jobs=1)
    assert [len(names) for names in seen[:3]] == [1, 2, 3]
    first = sheet(tmp_path / "out")
    assert [row[3] for row in first[1:]] == ["5", "3", "5"]


@pytest.mark.parametrize("by", ["Ctrl-C", "TERM"])
def test_a_batch_that_is_stopped_goes_on(folder, quick, tmp_path, monkeypatch, by):
    if by == "TERM" and os.name != "posix":
        pytest.skip("Windows has no such signal")
    out = tmp_path / "out"

    def stop(line):
        if by == "Ctrl-C":
            raise KeyboardInterrupt
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(batch_module, "say", stop)
        grade_folder(folder, out=out, jobs=1)
    rows = sheet(out)
    assert [row[0] for row in rows[1:]] == ["aiko.ipynb", "ben.ipynb", "回答 あい子.ipynb"]
    assert rows[1][3:5] == ["5", "graded"] and rows[3][3:5] == ["", "not graded yet"]
    before, done = len(quick), len(grades(out))
    assert grade_folder(folder, out=out, jobs=1) == 0
    assert len(grades(out)) == 3 and len(quick) == before + 3 - done


def test_a_batch_that_goes_on_with_other_seconds_lists_nobody_twice(folder, quick, tmp_path,
                                                                    monkeypatch):
    out, seen = tmp_path / "out", []
    grade_folder(folder, out=out, jobs=1)
    monkeypatch.setattr(batch_module, "say",
                        lambda line: seen.append([each["name"] for each in grades(out)]))
    grade_folder(folder, out=out, jobs=1, seconds=30)
    assert len(quick) == 6
    assert [sorted(names) for names in seen[:3]] == [
        ["aiko.ipynb", "ben.ipynb", "回答 あい子.ipynb"]] * 3


def test_reasons_and_notes_are_in_the_language_of_the_pages(master, folder, quick, tmp_path):
    (folder / "empty").mkdir()
    (folder / "two").mkdir()
    for number in (1, 2):
        nbformat.write(submission(master), folder / "two" / f"{number}.ipynb")
    grade_folder(folder, out=tmp_path / "out", lang="ja")
    found = {each["name"]: each for each in grades(tmp_path / "out")}
    assert found["empty"]["status"] == "ノートブックのないフォルダです。"
    assert found["two"]["note"].startswith("ノートブックが2個提出されました。")
    assert "ノートブックのない" in (tmp_path / "out" / "empty.html").read_text(encoding="utf-8")


def test_what_is_unchanged_is_not_graded_again(master, folder, quick, tmp_path, monkeypatch):
    out = tmp_path / "out"
    grade_folder(folder, out=out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(quick) == 3
    grade_folder(folder, out=out)
    assert len(quick) == 3 and first == {path.name: path.read_bytes() for path in out.iterdir()}
    add(folder, master, "ben.ipynb", "def double(x):\n    return x + x\n")
    grade_folder(folder, out=out)
    assert len(quick) == 4 and [each["points"] for each in grades(out)] == [5, 5, 5]
    grade_folder(folder, out=out, again=True)
    assert len(quick) == 7
    monkeypatch.setattr(batch_module, "code_of_the_course", lambda: b"mended")
    grade_folder(folder, out=out)
    assert len(quick) == 10


def test_pages_of_who_is_gone_go_and_nothing_else(master, folder, quick, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.html").write_text("mine")
    grade_folder(folder, out=out)
    (folder / "ben.ipynb").unlink()
    add(folder, master, "abe.ipynb", WRONG)
    grade_folder(folder, out=out)
    assert {path.name for path in out.glob("*.html")} == {
        "abe.html", "aiko.html", "回答_あい子.html", "mine.html"}
    assert "3 of 5" in (out / "abe.html").read_text(encoding="utf-8")


OWN = {"grades.csv": "name,points\nAiko,17\n", "grades.json": '{"mine": 1}',
       "moodle.csv": "Identifier,Full name,Grade\nParticipant 7,Aiko,17\n",
       "canvas.csv": "Student,ID\nAiko,7\n", "similar.csv": "Aiko,Ben",
       "aiko.html": "<h1>Aiko</h1>"}


@pytest.mark.parametrize("name", OWN)
def test_a_file_of_the_organisers_is_not_overwritten(folder, quick, tmp_path, capsys, name):
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text(OWN[name])
    assert cli.main(["grade", str(folder), "--out", str(out)]) == 1
    assert f"{name} " in capsys.readouterr().err and not quick
    assert [path.name for path in out.iterdir()] == [name] and (out / name).read_text() == OWN[name]


def test_a_table_that_was_changed_by_hand_is_not_overwritten(folder, quick, tmp_path, capsys):
    out = tmp_path / "out"
    grade_folder(folder, out=out)
    table = out / "grades.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",\n", ",late\n"), encoding="utf-8")
    assert cli.main(["grade", str(folder), "--out", str(out)]) == 1
    assert "rows that no grading wrote" in capsys.readouterr().err
    table.write_text(text.replace("\n", "\r\n").replace("graded", '"graded"'), encoding="utf-8")
    assert grade_folder(folder, out=out) == 0  # saved by a spreadsheet, with nothing changed
    assert cli.main(["grade", str(folder), "--out", str(folder)]) == 1
    assert "among what was handed in" in capsys.readouterr().err


def test_a_failure_of_the_machine_is_no_zero(master, folder, quick, tmp_path, capsys):
    add(folder, master, "carl.ipynb", "BREAK = 1\ndef double(x):\n    return 2 * x\n")
    add(folder, master, "dora.ipynb", "BUG = 1\ndef double(x):\n    return 2 * x\n")
    out = tmp_path / "out"
    assert cli.main(["grade", str(folder), "--out", str(out)]) == 3
    rows = {row[0]: row for row in sheet(out)[1:]}
    assert rows["carl.ipynb"][1:4] == ["", "", ""] == rows["dora.ipynb"][1:4]
    assert "the disk is full" in rows["carl.ipynb"][4]
    assert sum("BREAK" in source for source in quick) == 2  # one more try
    assert "carl.ipynb, dora.ipynb" in capsys.readouterr().err
    assert {each["name"]: each["points"] for each in grades(out)}["carl.ipynb"] is None
    assert cli.main(["grade", str(folder / "carl.ipynb")]) == 3


def test_a_folder_that_cannot_be_written_to_is_said_first(folder, quick, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert cli.main(["grade", str(folder), "--out", str(tmp_path / "file" / "out")]) == 1
    assert "cannot be written" in capsys.readouterr().err and not quick


def test_platforms_get_their_tables(master, quick, tmp_path):
    text = nbformat.writes(submission(master))
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("Yamada Hanako_12345_assignsubmission_file_/a.ipynb", text)
        file.writestr("leeanna_6789_4321_a.ipynb", text)
    assert cli.main(["grade", str(packed)]) == 0
    out = tmp_path / "all_grades"
    assert sheet(out, "moodle") == [
        ["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"],
        ["Participant 12345", "Yamada Hanako", "5", "5", ""]]
    assert sheet(out, "canvas") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", STEM],
        ["    Points Possible", "", "", "", "", "5"], ["leeanna", "6789", "", "", "", "5"]]
    assert sheet(out)[1][5] == "12345"


def test_a_terminal_without_the_characters(folder, quick, tmp_path, monkeypatch):
    (folder / "ben.ipynb").rename(folder / "山田😀.ipynb")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp932"))
    assert cli.main(["grade", str(folder), "--out", str(tmp_path / "out")]) == 0
    sys.stdout.flush()
    assert "山田" in written.getvalue().decode("cp932")


def test_isolation_that_is_lost_is_said_with_its_reason(folder, quick, tmp_path, monkeypatch,
                                                        capsys):
    for module in (grade_module, batch_module):
        monkeypatch.setattr(module, "isolation", lambda: "the moon is full.")
    for what in (folder, folder / "aiko.ipynb"):
        assert cli.main(["grade", str(what)]) == 0
        assert "without isolation here: the moon is full." in capsys.readouterr().err


def test_nothing_to_grade_is_said(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert cli.main(["grade", str(tmp_path / "empty")]) == 1
    assert "no submission" in capsys.readouterr().err
    (tmp_path / "notes.txt").write_text("hello")
    assert cli.main(["grade", str(tmp_path)]) == 1
    assert "name the number" in capsys.readouterr().err


@isolated
def test_one_that_hogs_processes_takes_nothing_from_its_neighbours(master, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    add(folder, master, "a_hog.ipynb", PROCESS_HOG)
    nbformat.write(submission(master), folder / "b_honest.ipynb")
    grade_folder(folder, out=tmp_path / "out", jobs=2, seconds=30)
    assert grades(tmp_path / "out")[1]["points"] == 5


@posix
def test_a_batch_that_is_killed_leaves_no_runner_and_no_scratch(master, tmp_path):
    """Killed while an answer runs: Python gets no chance to clean up, its children must."""
    folder, scratch = tmp_path / "in", tempfile.gettempdir()
    folder.mkdir()
    add(folder, master, "a.ipynb", "import time\ntime.sleep(87654)\n")
    code = (f"from pathlib import Path\nfrom assignments import batch, grade\n"
            f"for module in (batch, grade):\n"
            f"    module.find_masters = lambda number=None: {{{STEM!r}: Path({str(master)!r})}}\n"
            f"batch.grade_folder({str(folder)!r}, out={str(tmp_path / 'out')!r})")
    process = subprocess.Popen([sys.executable, "-c", code], cwd=COURSE,
                               env=os.environ | {"TMPDIR": scratch})
    wait_for(lambda: any("ipykernel_launcher" in " ".join(child.cmdline())
                         for child in psutil.Process(process.pid).children(recursive=True)))
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE
                             for child in family) and not os.listdir(scratch))


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


# Small parts.

def test_cells_of_a_spreadsheet_are_no_formulas():
    for text in ("=1", "+1", "-1", "@a", "\t=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠a",
                 "\r\n@a"):
        assert in_a_sheet(text).startswith("'"), text
    assert in_a_sheet("a=1") == "a=1" and in_a_sheet(-1) == -1 and in_a_sheet(None) is None


def test_text_on_one_line_moves_nothing():
    assert on_one_line("a\x1b[31mb\nc\u202ed") == "a\\x1b[31mb c\\u202ed"
    assert on_one_line("あい子 😀") == "あい子 😀"


def test_pages_have_names_that_differ_on_any_system():
    names = file_names(["Aiko.ipynb", "aiko.ipynb", "con.ipynb", "../x", "", "あい 子"])
    assert names == ["Aiko.html", "aiko_2.html", "con_.html", "x.html", "reader.html",
                     "あい_子.html"]
    # A Mac writes the dots of が apart; the longest name of a file has 255 bytes.
    assert file_names(["か\u3099.ipynb", "が.ipynb"]) == ["が.html", "が_2.html"]
    assert max(len(os.fsencode(name)) for name in file_names(["𠮷" * 60, "𠮷" * 60])) < 200


def test_results_survive_a_file():
    result = Result("a", STEM, "graded", [Row("1. Double", 2, 2)], reader="7", key="k")
    assert Result.from_dict(json.loads(json.dumps(result.as_dict()))) == result
    assert result.points == 2 and not_graded("a", None, "no").points == 0


LONG = """
def answer(x):
    # {comment}
    kept = []
    for {one}, {two} in enumerate(x):
        if {two} > {number} and {one} % 2 == 0:
            kept.append({two} ** 2 + {one})
    return sum(kept) / max(1, len(kept))
"""


def answers_of(**sources):
    return [Result(name, STEM, "graded", [Row("1. Double", 2, 2, code=source)])
            for name, source in sources.items()]


def test_renamed_copies_are_found_and_others_are_not():
    copied = LONG.format(comment="mine", one="i", two="v", number=3)
    renamed = LONG.format(comment="my own words", one="place", two="value", number=4)
    other = LONG.format(comment="", one="i", two="v", number=3).replace(
        "for i, v in enumerate(x):\n        if", "v = x[0]\n    i = 0\n    while v:\n        if")
    found = similar_pairs(answers_of(aiko=copied, ben=renamed, carl=other, dora="x = 1"))
    assert [pair[:4] for pair in found] == [("1. Double", "aiko", "ben", 1.0)]
    assert shape("def (") == ()


def test_what_a_third_of_the_circle_wrote_is_no_hint():
    common = LONG.format(comment="", one="i", two="v", number=3)
    assert not similar_pairs(answers_of(**{f"reader{number}": common for number in range(4)}))


def test_similar_answers_go_into_a_table(folder, quick, tmp_path):
    grade_folder(folder, out=tmp_path / "out")
    assert not (tmp_path / "out" / "similar.csv").exists()
    grade_folder(folder, out=tmp_path / "out", similar=True)
    assert sheet(tmp_path / "out", "similar")[0] == ["exercise", "name", "name", "same", "words"]


def test_release_can_keep_assignments_apart(tmp_path, monkeypatch, master):
    from assignments import masters
    monkeypatch.setattr(masters, "find_masters", lambda number=None: {STEM: master})
    assert cli.main(["release", "--out", str(tmp_path / "class")]) == 0
    text = (tmp_path / "class" / f"{STEM}.ipynb").read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in text and "HIDDEN" not in text


@pytest.mark.parametrize("kind", ["answers", "a stub that is left", "another notebook",
                                  "a helper in a cell of its own", "no notebook"])
def test_release_overwrites_no_answers(tmp_path, monkeypatch, master, capsys, kind):
    from assignments import masters
    monkeypatch.setattr(masters, "find_masters", lambda number=None: {STEM: master})
    masters.release_all(out=tmp_path)
    masters.release_all(out=tmp_path)  # nobody has worked in it
    path = tmp_path / f"{STEM}.ipynb"
    notebook = submission(master)
    if kind == "another notebook":
        notebook.cells = notebook.cells[:1]
    if kind == "a helper in a cell of its own":
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell("def mine():\n    return 1"))
    if kind == "a stub that is left":
        notebook = nbformat.read(path, as_version=4)
        answer = next(cell for cell in notebook.cells if "YOUR CODE HERE" in cell.source)
        answer.source = answer.source.replace("    # YOUR", "    return 2 * x\n    # YOUR")
    text = "mine" if kind == "no notebook" else nbformat.writes(notebook)
    path.write_text(text, encoding="utf-8")
    assert cli.main(["release", "--out", str(tmp_path)]) == 1
    assert "holds somebody's work" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == text


def test_a_master_that_was_changed_while_it_ran_is_not_overwritten(tmp_path, monkeypatch, master):
    from assignments import masters
    from common.tools import notebooks
    path = tmp_path / f"{STEM}.ipynb"
    path.write_bytes(master.read_bytes())

    def execute(path):
        path.write_text("what somebody saved meanwhile")
        return nbformat.read(master, as_version=4), None

    monkeypatch.setattr(masters, "find_masters", lambda number=None: {STEM: path})
    monkeypatch.setattr(notebooks, "execute", execute)
    with pytest.raises(CourseError, match="was changed while it ran"):
        masters.release_all(run_first=True, out=tmp_path / "class")
    assert path.read_text() == "what somebody saved meanwhile"


def test_a_number_that_is_none_is_said():
    with pytest.raises(CourseError, match="there are .*03"):
        from assignments.masters import find_masters
        find_masters("77")
