"""Grades one submission: a row of steps, from a file to points."""
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

from assignments import namespaces, sandbox
from assignments.answers import Answers, count_named, find_answers, to_show
from assignments.explain import explain
from assignments.masters import (
    ASSIGNMENTS,
    Exercise,
    as_told,
    find_masters,
    given_cells,
    read_master,
)
from assignments.names import names_in
from assignments.plan import check_cell, make_job
from assignments.results import Result, Row, on_one_line, table
from assignments.submissions import Cell, language_of, read_submission
from common.course import CourseError
from common.language import _, language, speaking
from common.tools import short_folder

SECONDS = 60  # of one cell
WHOLE = 10    # times as long for a whole submission
STOP = threading.Event()  # set where a batch is stopped: nothing is tried again


class MachineError(Exception):
    """This machine, not the submission, kept a grade from being found."""


def grade(what: str | Path) -> None:
    """Grade one notebook and print its table: "03" for assignments/03_*.ipynb, or a path.

    It reads the file, so save the notebook first; on Colab it reads what is on the screen.
    """
    grade_file(what)


def grade_file(what: str | Path, as_json: bool = False, seconds: float = SECONDS,
               number: str | None = None, lang: str | None = None) -> int:
    """Grade one notebook as `grade` does; return 0, or 3 where this machine failed to grade it.

    number: of the assignment that a path is a submission of; else its cells tell. lang: of what is
    said, "en" or "ja", else that of the notebook; "03" is the notebook in that language.
    """
    own = str(what).isdigit() and not Path(what).exists()
    number = str(what) if own else number
    stem = next(iter(find_masters(number))) if number else None
    if not own and (reason := isolation()):
        print(f"The answers run without isolation here: {reason} What that means stands in "
              "assignments/README.md.", file=sys.stderr)
    if own and "google.colab" in sys.modules:
        from google.colab import _message  # type: ignore[import-not-found]
        content = _message.blocking_request("get_ipynb", timeout_sec=60)["ipynb"]
        source: str | Path = json.dumps(content)
        name = str(stem)
    else:
        path = _own(str(stem), lang or language()) if own else Path(what)
        if not os.path.lexists(path):
            raise CourseError(f"There is no {path}; name a number, a notebook or a folder.")
        source, name = path, on_one_line(path.name)
    with speaking(lang or language_of(source)):
        result = grade_submission(name, source, stem, seconds)
        say(json.dumps(result.as_dict(), indent=2, ensure_ascii=False) if as_json
            else table(result))
    return 3 if result.points is None else 0


def _own(stem: str, lang: str) -> Path:
    """Where the reader's own answers are, to the assignment in a language."""
    return ASSIGNMENTS / ("" if lang == "en" else lang) / f"{stem}.ipynb"


def say(text: str) -> None:
    """Print text; what this terminal has no character for is shown by its number."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)


def grade_submission(name: str, source: str | bytes | Path, stem: str | None = None,
                     seconds: float = SECONDS, hidden: tuple = (), alone: bool = True) -> Result:
    """Grade what was handed in; it never raises for what a submission holds.

    source: a path, or a notebook as text or bytes. stem: its assignment, else the one it has most
    cells of. hidden: folders that its answers must not see. alone: whether an answer that fails
    gets a second run without the others. Where this machine fails it tries once more; then the
    points are None, and the status says why.
    """
    try:
        cells = read_submission(source)
        stem = stem or assignment_of(cells)
        notebook, exercises = read_master(find_masters()[stem])
        named = count_named(cells, exercises)
        if named[1] == 0 and (other := _is_of(cells)) not in ("", stem):
            raise CourseError(_("This is assignment {other}; graded is {stem}.").format(
                other=other, stem=stem))
        found = find_answers(cells, notebook, exercises)
        if not found.cells and not any(named):
            raise CourseError(_("No cell of the assignment was found in it."))
    except CourseError as error:
        return not_graded(name, stem, str(error))
    problem = ""
    for _again in range(2):
        try:
            judged = judge(found, stem, seconds, hidden, alone)
            return Result(name, stem, "graded", rows_of(found, exercises, judged,
                                                         as_told(stem, exercises)),
                          lang=language())
        except (MachineError, CourseError, OSError, MemoryError, RuntimeError) as error:
            problem = str(error) or type(error).__name__
        if STOP.is_set():
            break
    status = _("Not graded: {why}").format(why=on_one_line(problem))
    return not_graded(name, stem, status[:400], points=None)


def not_graded(name: str, stem: str | None, status: str, points: int | None = 0) -> Result:
    """Return the result of what was not judged. points: of each exercise, None where the fault
    is this machine's."""
    exercises = as_told(stem, read_master(find_masters()[stem])[1]) if stem else {}
    return Result(name, stem, status, [
        Row(each.title, points, each.points, _("Not graded."),
            each.read_again if points is not None else "") for each in exercises.values()])


def assignment_of(cells: list[Cell]) -> str:
    """Return the stem of the assignment that a notebook has most cells of."""
    counts = {stem: count_named(cells, read_master(path)[1])
              for stem, path in find_masters().items()}
    best = max(counts, key=lambda stem: counts[stem])
    if not any(counts[best]):
        raise CourseError(_("No cell of an assignment was found in it."))
    return best


def _is_of(cells: list[Cell]) -> str:
    """The assignment that a notebook is of; "" where it is of none."""
    try:
        return assignment_of(cells)
    except CourseError:
        return ""


def judge(found: Answers, stem: str, seconds: float, hidden: tuple = (), alone: bool = True
          ) -> dict[str, Any]:
    """Run the answers; return what the runner found (judge.judge_submission says what)."""
    notebook, exercises = read_master(find_masters()[stem])
    for exercise in exercises.values():
        for check in exercise.checks:
            if not check.outputs:
                raise MachineError(_("the check {name} has no output: run course release --run."
                                     ).format(name=check.name))
    if len(found.missing) == len(exercises):
        return {"failed": {}, "stopped": {}, "printed": {}}
    return run_job(make_job(found, notebook, exercises, alone), seconds, hidden)


def judge_in_turn(stem: str, rounds: list[dict[str, str]], seconds: float = SECONDS
                  ) -> list[dict[str, str]]:
    """Judge several sets of answers, {exercise: source}, one after another, as if each had a
    kernel of its own; return {exercise: reason} of those that fail, for each set.

    The namespace begins afresh for each, the imported modules do not: for tests of assignments.
    """
    notebook, exercises = read_master(find_masters()[stem])
    sets = [[{"source": source, "exercise": name} if part is None else check_cell(name, part)
             for name, source in answers.items() for part in (None, *exercises[name].checks)]
            for answers in rounds]
    job = {"given": [cell.source for cell in given_cells(notebook)], "rounds": sets}
    return run_job(job, seconds, whole=WHOLE * max(1, len(rounds)))


def run_job(job: dict[str, Any], seconds: float, hidden: tuple = (), whole: float = WHOLE) -> Any:
    """Let the runner do a job in a scratch folder; raise MachineError where that fails."""
    if STOP.is_set():
        raise MachineError(_("it was stopped."))
    environment = os.environ | {"PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": "nbval.plugin",
                                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    folder = tempfile.mkdtemp(prefix="grade-", dir=short_folder())
    job = job | {"language": language(), "seconds": seconds, "total": whole * seconds,
                 "word": secrets.token_hex(),
                 "hidden": None if isolation() else [os.path.realpath(path) for path in hidden],
                 "folder": os.path.realpath(folder), "fonts": fonts_folder()}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assignments.runner"], input=json.dumps(job), encoding="utf-8",
            errors="replace", capture_output=True, cwd=namespaces.COURSE, env=environment,
            timeout=job["total"] + 2 * seconds + 60)
    except subprocess.TimeoutExpired:
        raise MachineError(_("the grading hung, and was stopped.")) from None
    finally:
        sandbox.remove(folder)
    for line in reversed(done.stdout.splitlines()):
        if line.startswith(job["word"]):
            return json.loads(line[len(job["word"]):])
    last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
    raise MachineError(_("the grading failed: {last}").format(last=last))


def fonts_folder() -> str:
    """Return where Matplotlib keeps its list of fonts; "" where it does not start, as with an
    MPLBACKEND that nobody knows: kernels see none of that, and make their own list."""
    try:
        import matplotlib
        return matplotlib.get_cachedir()
    except Exception:
        return ""


def rows_of(found: Answers, exercises: dict[str, Exercise], judged: dict[str, Any],
            told: dict[str, Exercise] | None = None) -> list[Row]:
    """Return a row for each exercise, from what the runner found.

    told: the exercises with the titles of the language that is chosen.
    """
    rows, told = [], told or exercises
    for name, exercise in exercises.items():
        failed = judged["failed"].get(name, {})
        missing = found.missing.get(name, "")
        lost = sum(sum(check.points for check in part) for part in exercise.parts()
                   if missing or any(check.name in failed for check in part))
        why = missing or explain(name, found, exercises, judged)
        own = found.of(name) or [cell for cell in found.cells
                                 if to_show(exercise) & names_in(cell.source).bound]
        code = "\n\n".join(cell.source for cell in own)
        rows.append(Row(told[name].title, exercise.points - lost, exercise.points, why,
                        told[name].read_again if why else "", code,
                        judged["printed"].get(name, "")))
    return rows


@cache
def isolation() -> str:
    """Return why kernels can have no namespaces of their own on this machine; "" if they can."""
    if sys.platform != "linux":
        return "that needs Linux."
    # A folder that is always there: one made for this would stay, if the command is killed now.
    plan = {"scratch": "/usr", "hidden": [], "own": False}
    command = [sys.executable, "-m", "assignments.sandbox", sys.executable, "-c",
               "import ipykernel, assignments.check, common.course"]
    environment = os.environ | {"SANDBOX_PLAN": json.dumps(plan), "PYTHONPATH": namespaces.COURSE}
    done = subprocess.run(command, env=environment, capture_output=True, text=True,
                          errors="replace", cwd=namespaces.COURSE)
    if done.returncode == 0:
        return ""
    last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
    if "unshare" in last or "uid_map" in last:
        return f"this system does not let you make namespaces ({last})."
    return f"a kernel with namespaces does not start ({last})."
