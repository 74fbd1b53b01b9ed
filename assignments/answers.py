"""Finds the answers in a submission: which cells answer which exercise, and what else counts.

Every code cell that the reader wrote counts, in its order: the cells that answer, by name, and
the others, which hold helpers, imports or the rest of an answer. Checks, and what was given and
is unchanged, come from the master.
"""
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import nbformat

from assignments.masters import Exercise, given_cells
from assignments.names import ANY, bare, names_in
from assignments.submissions import Cell
from common.language import _
from common.tools import STUB as STUB_LINES
from common.tools.messages import in_japanese

# [^\S\n] is a blank of any width on the same line: \s would try every end of many blank lines.
MARKER = re.compile(r"^[^\S\n]*#+[^\S\n]*answer\b[^\S\n]*[:：;=.-]?[^\S\n]*([\w-]+)",
                    re.MULTILINE | re.IGNORECASE)
STUB = re.compile(r"^[^\S\n]*raise\s+NotImplementedError\b", re.MULTILINE)


@dataclass
class Own:
    """A code cell of the reader's. exercise: the name of what it answers, or None."""
    source: str
    exercise: str | None
    number: int  # of the cell in the notebook, from 1


@dataclass
class Answers:
    """What of a submission counts."""
    cells: list[Own] = field(default_factory=list)          # in their order
    checked: dict[str, int] = field(default_factory=dict)   # the number of an exercise's check
    missing: dict[str, str] = field(default_factory=dict)   # why there is no answer

    def of(self, name: str) -> list[Own]:
        """The cells that answer an exercise, in their order."""
        return [cell for cell in self.cells if cell.exercise == name]


def find_answers(cells: list[Cell], notebook: nbformat.NotebookNode,
                 exercises: dict[str, Exercise]) -> Answers:
    """Sort the cells of a submission by the master's notebook and exercises."""
    checks = {check.name: name for name, each in exercises.items() for check in each.checks}
    given_code = {bare(source) for cell in given_cells(notebook)
                  for source in (cell.source, in_japanese(cell.source))}
    check_code = {bare(check.source): check.name
                  for each in exercises.values() for check in each.checks}
    blanks = {bare(each.blank) for each in exercises.values()} | {bare(STUB_LINES[-1])}
    found, texts, strangers = Answers(), [], []
    for number, cell in enumerate(cells, 1):
        name = exercise_of(cell, exercises)
        code = bare(cell.source)
        check = next((key for key in (cell.grade_id, cell.id, check_code.get(code))
                      if key in checks), None)
        if not cell.is_code:
            texts += [name] if name else []
        elif name is None and check:
            found.checked[checks[check]] = number
        elif not code or code in given_code or code in blanks:
            continue
        elif "assignments.grade" in cell.source or "assignments import grade" in cell.source:
            continue  # the last cell, which asks for the points
        else:
            found.cells.append(Own(cell.source, name, number))
            marker = MARKER.search(cell.source)
            strangers += [marker[1]] if marker and not name else []
    for name, exercise in exercises.items():
        if not found.of(name) and not _elsewhere(found, exercise):
            found.missing[name] = _why_missing(name, texts, strangers)
    return found


def exercise_of(cell: Cell, exercises: dict[str, Exercise]) -> str | None:
    """Return the name of the exercise that a cell answers, or None.

    By the marker, by the name in the metadata, by the cell's id; at last by a marker or name that
    was retyped, or whose chapter had another number.
    """
    marker = MARKER.search(cell.source)
    keys = [marker[1] if marker else "", cell.grade_id, cell.id]
    for key in keys:
        if key in exercises:
            return key
    loose = {_loose(name): name for name in exercises}
    return next((loose[_loose(key)] for key in keys[:2] if key and _loose(key) in loose), None)


def _loose(name: str) -> str:
    return re.sub(r"^\d+|[\W_]", "", name.lower())


def count_named(cells: list[Cell], exercises: dict[str, Exercise]) -> tuple[int, int]:
    """Return how many of the exercises a submission has cells of, and how many by exact name."""
    found = {name for cell in cells if (name := exercise_of(cell, exercises))}
    exact = {key for cell in cells for key in (cell.grade_id, cell.id) if key in exercises}
    return len(found), len(exact)


def to_show(exercise: Exercise) -> frozenset[str]:
    """Return the names that an exercise asks for: bound by its solution, used by its checks."""
    used = frozenset(name for check in exercise.checks for name in names_in(check.source).used)
    return names_in(exercise.solution).bound & used


def _elsewhere(found: Answers, exercise: Exercise) -> bool:
    """Whether a cell that answers another exercise, or none, binds what this one asks for."""
    return any(to_show(exercise) & names_in(cell.source).bound for cell in found.cells)


def _why_missing(name: str, texts: list[str], strangers: list[str]) -> str:
    if name in texts:
        return _("No answer: its cell is a text cell; make it a code cell.")
    if strangers:
        return _("No answer. The cell marked {marker} answers no exercise; the first line here is "
                 "# Answer: {name}").format(marker=strangers[0], name=name)
    return _("No answer.")


def before_check(found: Answers, name: str) -> int:
    """Return how many of the reader's cells run before the checks of an exercise."""
    own = [place for place, cell in enumerate(found.cells) if cell.exercise == name]
    first = own[-1] if own else -1
    others = [place for place, cell in enumerate(found.cells)
              if place > first and cell.exercise not in (None, name)]
    end = others[0] if own and others else len(found.cells)
    check = found.checked.get(name)
    if check is None or own and check < found.cells[own[-1]].number:
        return end
    return min(end, sum(cell.number < check for cell in found.cells))


def needed(found: Answers, exercise: Exercise, doubtful: bool = True,
           given: frozenset[str] = frozenset()) -> list[int]:
    """Return the places of the cells that an exercise's answer needs, in the order to run them.

    They bind a name that it uses, or that one of them uses; its own cells come last.
    doubtful: with those that answer another exercise and may bind anything. given: names that
    are there without them.
    """
    own = [place for place, cell in enumerate(found.cells) if cell.exercise == exercise.name]
    names = [names_in(cell.source) for cell in found.cells]
    bound = given.union(*(names[place].bound for place in own))
    wanted = {name for place in own for name in names[place].used} | to_show(exercise)
    wanted, others = wanted - bound, [place for place in range(len(names)) if place not in own]
    chosen = {place for place in others if ANY in names[place].bound
              and (doubtful or found.cells[place].exercise is None)}
    while more := {place for place in others
                   if place not in chosen and names[place].bound & wanted}:
        chosen |= more
        wanted = wanted.union(*(names[place].used for place in more)) - bound
    return sorted(chosen) + own


def defined_in(found: Answers, name: str) -> Iterator[Own]:
    """The cells that bind a name."""
    return (cell for cell in found.cells if name in names_in(cell.source).bound)
