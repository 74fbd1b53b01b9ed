"""Grading: what of the answers in a submission fails, and which points that leaves."""
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from assignments import sandbox
from assignments.masters import ASSIGNMENTS, find_masters, read_master
from assignments.submissions import answers_in, read_submission
from common.errors import CourseError

SECONDS = 60  # of one cell


def grade(what, as_json=False, seconds=SECONDS, number=None):
    """Grade one notebook and print its table: "03" for assignments/03_*.ipynb, or a path.

    It reads the file, so save the notebook first; on Colab it reads what is on the screen.
    number: of the assignment that a path is a submission of; else its cells tell.
    """
    from assignments.reports import table
    own = str(what).isdigit() and not Path(what).exists()
    number = what if own else number
    stem = next(iter(find_masters(number))) if number else None
    if own and "google.colab" in sys.modules:
        from google.colab import _message
        content = _message.blocking_request("get_ipynb", timeout_sec=60)["ipynb"]
        result = grade_submission(stem, json.dumps(content), stem, seconds)
    else:
        path = ASSIGNMENTS / f"{stem}.ipynb" if own else Path(what)
        if not os.path.lexists(path):
            raise CourseError(f"There is no {path}; name a number, a notebook or a folder.")
        result = grade_submission(path.name, path, stem, seconds)
    print(json.dumps(result, indent=2, ensure_ascii=False) if as_json else table(result))


def grade_submission(name, source, stem=None, seconds=SECONDS, hidden=(), alone=True):
    """Grade what was handed in; it never raises for what a submission holds.

    source: a path, or a notebook as text. stem: its assignment, else the one it has most cells of.
    hidden: folders that its answers must not see. alone: whether an answer that fails gets a
    second run without the others. Returns {"name", "assignment", "status",
    "points", "of", "exercises": [{"exercise", "points", "of", "why", "read_again"}]}.
    """
    failed, status, rows = None, "graded", []
    try:
        notebook = read_submission(source)
        stem = stem or assignment_of(notebook)
        failed = _failures(notebook, find_masters()[stem], seconds, hidden, alone)
    except CourseError as error:
        status = str(error)
    for exercise in (read_master(find_masters()[stem])[1] if stem else {}).values():
        why = "Not graded." if failed is None else failed.get(exercise.name, "")
        rows.append({"exercise": exercise.title, "points": 0 if why else exercise.points,
                     "of": exercise.points, "why": why,
                     "read_again": exercise.read_again if why else ""})
    return {"name": name, "assignment": stem, "status": status,
            "points": sum(row["points"] for row in rows), "of": sum(row["of"] for row in rows),
            "exercises": rows}


def assignment_of(notebook):
    """Return the stem of the assignment that a notebook has most cells of."""
    counts = {stem: len(answers_in(notebook, read_master(path)[1]))
              for stem, path in find_masters().items()}
    best = max(counts, key=counts.get)
    if not counts[best]:
        raise CourseError("No cell of an assignment was found in it.")
    return best


@cache
def isolation():
    """Whether kernels can have namespaces of their own on this machine."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-I", sandbox.__file__, sys.executable, "-c", "import ipykernel"]
        environment = os.environ | {"SANDBOX_PLAN": json.dumps([scratch, []])}
        return sys.platform == "linux" and subprocess.run(
            command, env=environment, capture_output=True).returncode == 0


def _failures(notebook, path, seconds, hidden, alone):
    """Return {exercise: why} for the exercises of a master that a notebook's answers fail."""
    master, exercises = read_master(path)
    answers = answers_in(notebook, exercises)
    if not answers:
        raise CourseError("No cell of the assignment was found in it.")
    failed = {name: "No answer." for name in exercises if not answers.get(name)}
    answers = {name: source for name, source in answers.items() if source}
    if not answers:
        return failed
    import matplotlib
    # Without this package, which nobody here needs, jsonschema is there a second sooner.
    start = ("import sys; sys.modules['rfc3987_syntax'] = None; "
             "from assignments.runner import main; main()")
    environment = os.environ | {"PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": "nbval.plugin",
                                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    most = 2 * len(answers) * (len(master.cells) * seconds + 120)
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as folder:
        job = {"master": str(path), "answers": answers, "seconds": seconds, "alone": alone,
               "hidden": [os.path.realpath(path) for path in hidden] if isolation() else None,
               "folder": os.path.realpath(folder), "fonts": matplotlib.get_cachedir()}
        try:
            done = subprocess.run(
                [sys.executable, "-c", start], input=json.dumps(job), capture_output=True,
                text=True, encoding="utf-8", errors="replace", cwd=sandbox.COURSE,
                env=environment, timeout=most)
        except subprocess.TimeoutExpired:
            raise CourseError(f"The grading was stopped after {most} seconds.") from None
        finally:
            if os.name == "posix":  # where folders are deep or closed, Python fails to remove them
                subprocess.run(["chmod", "-R", "u+rwx", folder], capture_output=True)
                subprocess.run(["rm", "-rf", folder], capture_output=True)
    if done.returncode != 0:
        raise CourseError("The grading failed: " + (done.stderr.strip().splitlines() or ["?"])[-1])
    return failed | json.loads(done.stdout)
