"""Grading: the answers of a submission go into a fresh copy of the master, and nbval compares."""
import json
import os
import shutil
import site
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from nbformat.v4 import new_code_cell

from assignments.masters import ASSIGNMENTS, find_masters, read_master
from assignments.submissions import answers_in, read_submission
from common.errors import CourseError
from common.notebook import COURSE

SECONDS = 60  # of one cell
WORKERS = set()  # the processes that grade now
PASSED_ON = ("PATH", "SYSTEMROOT", "WINDIR", "PATHEXT", "COMSPEC", "LD_LIBRARY_PATH")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix", "/etc/alternatives",
          "/etc/fonts", "/etc/group", "/etc/ld.so.cache", "/etc/localtime", "/etc/passwd",
          "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


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
    result = {"name": name, "assignment": stem, "status": "graded", "points": 0, "of": 0,
              "exercises": []}
    try:
        notebook = read_submission(source)
        result["assignment"] = stem = stem or assignment_of(notebook)
        master, exercises = read_master(find_masters()[stem])
        answers = answers_in(notebook, exercises)
        if not answers:
            raise CourseError("No cell of the assignment was found in it.")
        failed = {name: "No answer." for name in exercises if not answers.get(name)}
        answers = {name: source for name, source in answers.items() if source}
        failed |= _run(master, exercises, answers, seconds, hidden, alone) if answers else {}
    except CourseError as error:
        result["status"], failed = str(error), None
    for name, exercise in (read_master(find_masters()[stem])[1] if stem else {}).items():
        why = "Not graded." if failed is None else failed.get(name, "")
        result["exercises"].append({
            "exercise": exercise.title, "points": 0 if why else exercise.points,
            "of": exercise.points, "why": why, "read_again": exercise.read_again if why else ""})
    for key in ("points", "of"):
        result[key] = sum(row[key] for row in result["exercises"])
    return result


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
    if sys.platform != "linux":
        return False
    with tempfile.TemporaryDirectory() as folder:
        plan, root = Path(folder, "plan.json"), tempfile.mkdtemp(dir=folder)
        plan.write_text(json.dumps({"isolate": True, "scratch": folder, "root": root,
                                    "steps": _steps(), "limits": {}}), encoding="utf-8")
        sandbox = [sys.executable, "-I", str(ASSIGNMENTS / "sandbox.py"), str(plan)]
        python = [sys.executable, "-c", "import ipykernel"]
        return subprocess.run([*sandbox, *python], capture_output=True).returncode == 0


def _steps(hidden=()):
    """What a kernel sees: the system, Python, and of the course what notebooks import."""
    python = [os.path.realpath(sys.base_prefix), sys.base_prefix, sys.prefix,
              *site.getsitepackages(), site.getusersitepackages()]
    course = [COURSE / "common", COURSE / "dataset", ASSIGNMENTS / "__init__.py",
              ASSIGNMENTS / "check.py"]
    steps = [*[("show", path) for path in (*SYSTEM, *python)],
             *[("hide", path) for path in (COURSE, *hidden)],
             *[("show", path) for path in (*course, *python)]]
    return [(step, os.path.abspath(path)) for step, path in steps]


def _run(master, exercises, answers, seconds, hidden, alone):
    """Return {exercise: why} for the answers that fail."""
    owner_of = {check: name for name, exercise in exercises.items() for check in exercise.checks}
    # IPython's own exit ends the kernel a moment later; Python's raises SystemExit at once.
    cells, owners = [new_code_cell("del exit, quit")], [None]
    for cell in master.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        owner = name if name in exercises else owner_of.get(name)
        if (cell.cell_type != "code" or "skip-execution" in cell.metadata.get("tags", [])
                or owner and owner not in answers):
            continue
        if name in exercises:
            cell.source, cell.metadata = answers[name], {}
        if name not in owner_of:
            cell.outputs, cell.execution_count = [], None
        elif not cell.outputs:
            raise CourseError(f"The check {name} has no output: run course release --run.")
        cells.append(cell)
        owners.append(owner)
    # What is given comes first, so that no answer can spoil it.
    order = sorted(range(len(cells)), key=lambda number: owners[number] is not None)
    master.cells, owners = [cells[k] for k in order], [owners[k] for k in order]
    folder = tempfile.mkdtemp(prefix="grade-")
    try:
        import matplotlib
        fonts = matplotlib.get_cachedir()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= dict(LANG="C.UTF-8", PYTHONPATH=str(COURSE), PYTHONHASHSEED="0",
                            OMP_NUM_THREADS="1", MALLOC_ARENA_MAX="2", MNIST_SAMPLE="1")
        job = {"notebook": master, "owners": owners, "names": list(answers), "seconds": seconds,
               "isolate": isolation(), "folder": folder, "steps": _steps(hidden), "fonts": fonts,
               "environment": environment, "alone": alone}
        return _work(job, (len(answers) + 1) * (len(cells) * seconds + 120))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _work(job, most):
    """Do a job in a process of its own, for `most` seconds at most."""
    own = {"PYTHONPATH": str(COURSE), "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": "nbval.plugin",
           "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # Without this package, which nobody here needs, jsonschema is there a second sooner.
    start = ("import sys; sys.modules['rfc3987_syntax'] = None; "
             "from assignments.runner import main; main()")
    worker = subprocess.Popen(
        [sys.executable, "-c", start], cwd=COURSE, env={**os.environ, **own},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, text=True, encoding="utf-8", errors="replace")
    WORKERS.add(worker)
    try:
        out, err = worker.communicate(json.dumps(job), timeout=most)
        if worker.returncode != 0:
            raise CourseError("The grading failed: " + (err.strip().splitlines() or ["?"])[-1])
        return json.loads(out)
    except subprocess.TimeoutExpired:
        raise CourseError(f"The grading was stopped after {most} seconds.") from None
    finally:
        WORKERS.discard(worker)
        worker.kill()
        worker.communicate()
