"""Grading: the answers of a submission go into a fresh copy of the master, and nbval compares.

    grade("03")             one's own assignments/03_*.ipynb, or the path of a notebook
    grade_folder(folder)    every submission in a folder, in parallel
"""
import csv
import io
import json
import os
import re
import shutil
import site
import stat
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from assignments.masters import ASSIGNMENTS, find_masters, read_master
from common.errors import CourseError
from common.notebook import COURSE

SECONDS = 60             # of one cell
LARGEST = 20 << 20       # of a submission: a notebook full of pictures has less
MARKER = re.compile(r"^#\s*Answer:\s*([\w-]+)", re.MULTILINE)
HANDED_ON = ("PATH", "SYSTEMROOT", "WINDIR", "PATHEXT", "COMSPEC", "LD_LIBRARY_PATH")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix", "/etc/alternatives",
          "/etc/fonts", "/etc/group", "/etc/ld.so.cache", "/etc/localtime", "/etc/passwd", "/etc/ssl",
          "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def read_submission(path):
    """Return the notebook at a path; raise CourseError, in one sentence, where there is none."""
    path = Path(path)
    try:
        mode = path.lstat().st_mode
        for kind, name in [(stat.S_ISLNK, "a link"), (stat.S_ISDIR, "a folder")]:
            if kind(mode):
                raise CourseError(f"This is {name}, not a notebook.")
        if not stat.S_ISREG(mode):
            raise CourseError("This is not a file.")
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise CourseError(f"This cannot be read: {error.strerror}.") from None
    if not content.strip():
        raise CourseError("The file is empty.")
    if len(content) > LARGEST:
        raise CourseError(f"The file is larger than {LARGEST >> 20} MB; clear its outputs.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without an id
            notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
            notebook.cells = [cell for cell in notebook.cells if isinstance(cell.source, str)]
    except Exception:  # nbformat raises whatever it stumbles over
        raise CourseError("The file is not a notebook.") from None
    return notebook


def answers_in(notebook, exercises):
    """Return {exercise: source} for the cells that answer: by name, else by id, else by marker.

    Of several cells for one exercise the last counts that is not blank and has its marker.
    """
    found = {}
    for cell in notebook.cells:
        mark = cell.get("metadata", {}).get("nbgrader")
        marker = MARKER.search(cell.source)
        keys = [mark.get("grade_id") if isinstance(mark, dict) else None, cell.get("id"),
                marker and marker[1]]
        name = next((key for key in keys if isinstance(key, str) and key in exercises), None)
        if name and cell.cell_type == "code":
            filled = _bare(cell.source) not in ("", _bare(exercises[name].blank))
            rank = filled, bool(marker and marker[1] == name)
            if rank >= found.get(name, ((False, False), ""))[0]:
                found[name] = rank, cell.source
    return {name: source for name, ((filled, _), source) in found.items() if filled}


def _bare(source):
    return re.sub(r"\s+", " ", MARKER.sub("", source)).strip()


def isolation():
    """Whether kernels can have namespaces of their own on this machine."""
    if sys.platform != "linux":
        return False
    with tempfile.TemporaryDirectory() as folder:
        plan = {"isolate": True, "scratch": folder, "root": tempfile.mkdtemp(dir=folder),
                "steps": _steps(), "limits": {}}
        sandbox = [sys.executable, "-I", str(ASSIGNMENTS / "sandbox.py"), json.dumps(plan)]
        python = [sys.executable, "-c", "import ipykernel"]
        return subprocess.run([*sandbox, *python], capture_output=True).returncode == 0


def _steps(hidden=()):
    """What a kernel sees: the system, Python, and of the course what notebooks import."""
    python = [os.path.realpath(sys.base_prefix), sys.base_prefix, sys.prefix,
              *site.getsitepackages(), site.getusersitepackages()]
    course = [COURSE / "common", COURSE / "dataset", ASSIGNMENTS / "__init__.py",
              ASSIGNMENTS / "check.py"]
    shown = [*[("show", path) for path in (*SYSTEM, *python)],
             *[("hide", path) for path in (COURSE, *hidden)],
             *[("show", path) for path in (*course, *python)]]
    return [(step, os.path.abspath(path)) for step, path in shown]


def grade_notebook(notebook, stem, seconds=SECONDS, isolate=None, hidden=()):
    """Grade one notebook against the master of that stem.

    Returns {"points", "of", "exercises": [{"exercise", "points", "of", "why", ...}]}.
    """
    master, exercises = read_master(find_masters(stem[:2])[stem])
    answers = answers_in(notebook, exercises)
    failed = _run(master, exercises, answers, seconds, isolate, hidden) if answers else {}
    rows = []
    for exercise in exercises.values():
        if exercise.name not in answers:
            why = {"why": "No answer."}
        else:
            why = failed.get(exercise.name, {"why": ""})
        points = exercise.points if not why["why"] else 0
        rows.append({"exercise": exercise.title, "points": points, "of": exercise.points,
                     "read_again": "" if points else exercise.read_again, **why})
    return {"points": sum(row["points"] for row in rows), "of": sum(row["of"] for row in rows),
            "exercises": rows}


def _run(master, exercises, answers, seconds, isolate, hidden):
    """Return {exercise: why} for the answers that fail."""
    owner, cells, owners, checks = None, [], [], {}
    for exercise in exercises.values():
        checks.update(dict.fromkeys(exercise.checks, exercise.name))
    for cell in master.cells:
        if cell.cell_type != "code" or "skip-execution" in cell.metadata.get("tags", []):
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        owner = name if name in exercises else checks.get(name)
        if owner and owner not in answers:
            continue
        if name in exercises:
            cell.source, cell.metadata = answers[name], {}
        if name in checks and not cell.outputs:
            raise CourseError(f"The check {name} has no output: run course release --run.")
        if name not in checks:
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
        owners.append(owner)
    master.cells = cells
    folder = tempfile.mkdtemp(prefix="grade-")
    environment = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
    environment.update(LANG="C.UTF-8", PYTHONPATH=str(COURSE), PYTHONHASHSEED="0",
                       OMP_NUM_THREADS="1", MALLOC_ARENA_MAX="2", MNIST_SAMPLE="1",
                       PYTHONDONTWRITEBYTECODE="1")
    import matplotlib
    job = {"notebook": master, "owners": owners, "names": list(answers), "seconds": seconds,
           "isolate": isolation() if isolate is None else isolate, "folder": folder,
           "steps": _steps(hidden), "environment": environment,
           "fonts": matplotlib.get_cachedir()}
    most = (len(answers) + 1) * (len(cells) * seconds + 120)
    worker = subprocess.Popen(
        [sys.executable, "-m", "assignments.runner"], cwd=COURSE, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, env={**os.environ, "PYTHONPATH": str(COURSE), "PYTEST_ADDOPTS": "",
                                     "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                                     "PYTEST_PLUGINS": "nbval.plugin"})
    try:
        out, err = worker.communicate(json.dumps(job), timeout=most)
        if worker.returncode != 0:
            raise CourseError("The grading stopped: " + (err.strip().splitlines() or ["?"])[-1])
        return json.loads(out)
    except subprocess.TimeoutExpired:
        raise CourseError(f"The grading was stopped after {most} seconds.") from None
    finally:
        worker.kill()
        worker.wait()
        shutil.rmtree(folder, ignore_errors=True)
