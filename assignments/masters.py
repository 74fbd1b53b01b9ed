"""The masters in assignments/solutions/, and the assignments that are made from them."""
import re
from dataclasses import dataclass, field

import nbformat

from common.errors import CourseError
from common.notebook import COURSE

ASSIGNMENTS = COURSE / "assignments"
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION[^\n]*", re.S | re.M)
HIDDEN = "### BEGIN HIDDEN TESTS"
STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")  # as nbgrader has it


@dataclass
class Exercise:
    """One answer cell and the check cells that follow it; points: of all its checks together."""
    name: str                                   # nbgrader's grade_id of the answer cell
    title: str                                  # from the heading above it
    read_again: str                             # the section of the chapter, from the text above it
    blank: str                                  # the answer cell as it is released
    points: int = 0
    checks: list = field(default_factory=list)  # grade_ids of its check cells


def find_masters(number=None):
    """Return the paths of the masters by stem, {NN_topic: path}, or of the one with this number."""
    paths = {path.stem: path for path in sorted(ASSIGNMENTS.glob("solutions/[0-9][0-9]_*.ipynb"))}
    if number is None:
        return paths
    found = {stem: path for stem, path in paths.items() if stem[:2] == str(number).zfill(2)}
    if not found:
        numbers = ", ".join(stem[:2] for stem in paths)
        raise CourseError(f"There is no assignment {number}; there are {numbers}.")
    return found


def read_master(path):
    """Return the notebook and its exercises, {name: Exercise}, in their order."""
    notebook, exercises, text = nbformat.read(path, as_version=4), {}, ""
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            text = cell.source if cell.source.startswith("## ") else text + cell.source
        elif mark.get("solution"):
            title = re.search(r"^## (.*?)(?: \(\d+ points?\))?$", text, re.MULTILINE)
            section = re.search(r"^Read again: \[(.*?)\]", text, re.MULTILINE)
            exercise = exercises[mark.grade_id] = Exercise(
                mark.grade_id, title[1] if title else mark.grade_id,
                section[1] if section else "", cut_solution(cell.source))
        elif mark.get("grade"):
            exercise.points += mark.points
            exercise.checks.append(mark.grade_id)
    return notebook, exercises


def cut_solution(source):
    """Return the source of an answer cell with its solution replaced by the stub."""
    return SOLUTION.sub(lambda found: "\n".join(found[1] + line for line in STUB), source)


def release(path):
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


def release_all(run_first=False):
    """Write assignments/NN_topic.ipynb for each master; say which ones changed.

    run_first: run the masters first and put the outputs into them, which are the references.
    """
    from common.chapters import execute, save
    for path in find_masters().values():
        if run_first:
            notebook, problem = execute(path)
            if problem:
                raise CourseError(f"solutions/{path.name} does not run: {problem}")
            save(notebook, path)
        target, made = ASSIGNMENTS / path.name, release(path)
        changed = not target.exists() or target.read_text(encoding="utf-8") != made
        if changed:
            target.write_text(made, encoding="utf-8", newline="\n")
        print(f"assignments/{path.name}: {'written' if changed else 'as it was'}")
