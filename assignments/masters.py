"""The masters in assignments/solutions/, and the assignments that are made from them."""
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

from common.course import COURSE, CourseError, update_file
from common.language import language
from common.tools import STUB

ASSIGNMENTS = COURSE / "assignments"
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION[^\n]*", re.S | re.M)
HIDDEN = "### BEGIN HIDDEN TESTS"


@dataclass
class Check:
    """One check cell. points: 0 where it belongs to the check before it, as hidden ones do."""
    name: str                   # nbgrader's grade_id
    source: str
    outputs: list[Any]          # what it gives for a right answer
    points: int
    hidden: bool


@dataclass
class Exercise:
    """One answer cell and the checks that follow it."""
    name: str                   # nbgrader's grade_id of the answer cell
    title: str                  # from the heading above it
    read_again: str             # the section of the chapter, from the text above it
    blank: str                  # the answer cell as it is released
    solution: str               # the answer cell of the master
    checks: list[Check] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Of all its checks together."""
        return sum(check.points for check in self.checks)

    def parts(self) -> list[list[Check]]:
        """The checks that earn points together: one that has points, and those without after it."""
        parts: list[list[Check]] = []
        for check in self.checks:
            if check.points and parts and any(before.points for before in parts[-1]):
                parts.append([])
            elif not parts:
                parts.append([])
            parts[-1].append(check)
        return parts


def find_masters(number: str | int | None = None) -> dict[str, Path]:
    """Return the paths of the masters by stem, {NN_topic: path}, or of the one with this number."""
    paths = {path.stem: path for path in sorted(ASSIGNMENTS.glob("solutions/[0-9][0-9]_*.ipynb"))}
    if number is None:
        return paths
    found = {stem: path for stem, path in paths.items() if stem[:2] == str(number).zfill(2)}
    if not found:
        numbers = ", ".join(stem[:2] for stem in paths)
        raise CourseError(f"There is no assignment {number}; there are {numbers}.")
    return found


def read_master(path: Path) -> tuple[nbformat.NotebookNode, dict[str, Exercise]]:
    """Return the notebook and its exercises, {name: Exercise}, in their order.

    A master is parsed once, as long as its file stays the same; so do not change what comes.
    """
    facts = Path(path).stat()
    return _parsed(Path(path), facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=64)
def _parsed(path: Path, _changed: int, _size: int
            ) -> tuple[nbformat.NotebookNode, dict[str, Exercise]]:
    notebook, text = nbformat.read(path, as_version=4), ""
    exercises: dict[str, Exercise] = {}
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            text = cell.source if cell.source.startswith("## ") else text + cell.source
        elif mark.get("solution"):
            title = re.search(r"^## (.*?)(?: ?\(\d+ points?\)|（\d+点）)?$", text, re.MULTILINE)
            section = re.search(r"^(?:Read again|読み直すところ)[:：] ?\[(.*?)\]", text,
                                re.MULTILINE)
            exercise = exercises[mark.grade_id] = Exercise(
                mark.grade_id, title[1] if title else mark.grade_id,
                section[1] if section else "", cut_solution(cell.source), cell.source)
        elif mark.get("grade"):
            exercise.checks.append(Check(mark.grade_id, cell.source, cell.outputs, mark.points,
                                         HIDDEN in cell.source))
    return notebook, exercises


def as_told(stem: str, exercises: dict[str, Exercise]) -> dict[str, Exercise]:
    """Return the exercises of an assignment with the titles of the language that is chosen."""
    path = ASSIGNMENTS / language() / f"{stem}.ipynb"
    return {**exercises, **read_master(path)[1]} if path.exists() else exercises


def given_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the code cells of a master that are neither answer nor check, and that run."""
    return [cell for cell in notebook.cells
            if cell.cell_type == "code" and not cell.metadata.get("nbgrader")
            and "skip-execution" not in cell.metadata.get("tags", [])]


def cut_solution(source: str) -> str:
    """Return the source of an answer cell with its solution replaced by the stub."""
    return SOLUTION.sub(lambda found: "\n".join(found[1] + line for line in STUB), source)


def release(path: Path) -> str:
    """Return the assignment of a master: solutions cut, hidden checks left out.

    Only the visible checks keep their outputs, which are what a reader is to reach; since running
    a check replaces its output, the same text stands folded under it. Raises CourseError for a
    check that prints.
    """
    notebook = nbformat.read(path, as_version=4)
    cells = []
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if HIDDEN in cell.source:
            continue
        cells.append(cell)
        if mark.get("grade"):
            cell.metadata.update(editable=False, deletable=False)
            if any("data" not in output for output in cell.outputs):
                raise CourseError(f"{path.name}: the check {mark.grade_id} prints, or warns; what "
                                  "it gives must come from show.")
            text = "\n".join(output.data["text/plain"] for output in cell.outputs)
            folded = f"<details><summary>What to reach</summary>\n\n```\n{text}\n```\n</details>"
            cells.append(nbformat.v4.new_markdown_cell(folded, id=f"{cell.id}-reach"))
        elif cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if mark.get("solution"):
            cell.metadata.update(deletable=False)
            cell.source = cut_solution(cell.source)
    notebook.cells = cells
    return nbformat.writes(notebook) + "\n"


def release_all(run_first: bool = False, out: str | Path | None = None) -> None:
    """Write assignments/NN_topic.ipynb for each master; say which ones changed.

    run_first: run the masters first and put the outputs into them, which are the references.
    out: the folder to write to, where the assignments are kept apart from their solutions.
    Raises CourseError, before it begins, where a reader's answers stand in one of them.
    """
    from common.tools.kept import build
    from common.tools.notebooks import execute, leave_answers, save
    folder = ASSIGNMENTS if out is None else Path(out)
    made = {path: release(path) for path in find_masters().values()}
    for path in made:
        leave_answers(folder / path.name, made[path], added=out is not None)
    for path in made:
        if run_first:
            before = path.read_bytes()
            notebook, problem = execute(path)
            if problem:
                raise CourseError(f"solutions/{path.name} does not run: {problem}")
            if path.read_bytes() != before:
                raise CourseError(f"solutions/{path.name} was changed while it ran; run it again.")
            save(notebook, path)
            made[path] = release(path)
        target = folder / path.name
        changed = build(target, made[path]) if out is None else update_file(target, made[path])
        print(f"{target if out else f'assignments/{path.name}'}: "
              f"{'written' if changed else 'as it was'}")
