"""Makes of a submission's answers the job that the runner judges."""
from typing import Any

import nbformat

from assignments.answers import Answers, before_check, needed, to_show
from assignments.masters import Check, Exercise, given_cells
from assignments.names import names_in


def make_job(found: Answers, notebook: nbformat.NotebookNode, exercises: dict[str, Exercise],
             alone: bool = True) -> dict[str, Any]:
    """Return what is to be run, as plain data: "given", "cells", their "order", and "alone".

    The reader's cells keep their order. An exercise's checks follow its answer and whatever
    stands between it and its check. alone: whether an exercise that fails runs again with nothing
    but what it needs, then without a cell that may have spoiled it, or what was given.
    """
    cells = [{"source": cell.source, "exercise": cell.exercise, "main": False}
             for cell in found.cells]
    answered = {name: each for name, each in exercises.items() if name not in found.missing}
    checks_after: dict[int, list[int]] = {}
    runs_alone: dict[str, list[list[int]]] = {}
    given = frozenset[str]().union(*(names_in(cell.source).bound for cell in given_cells(notebook)))
    for name, exercise in answered.items():
        main = _main_cell(found, exercise)
        if main is not None:
            cells[main]["main"] = True
        places = []
        for check in exercise.checks:
            places.append(len(cells))
            cells.append(check_cell(name, check))
        checks_after.setdefault(before_check(found, name), []).extend(places)
        if alone:
            for needs in (needed(found, exercise), needed(found, exercise, doubtful=False),
                          needed(found, exercise, doubtful=False, given=given)):
                if needs + places not in runs_alone.setdefault(name, []):
                    runs_alone[name].append(needs + places)
    order = list(checks_after.get(0, []))
    for place in range(len(found.cells)):
        order += [place, *checks_after.get(place + 1, [])]
    while order and "check" not in cells[order[-1]]:  # nothing is judged after it
        order.pop()
    return {"given": [cell.source for cell in given_cells(notebook)], "cells": cells,
            "order": order, "alone": runs_alone}


def check_cell(name: str, check: Check) -> dict[str, Any]:
    """Return a check of an exercise as the runner takes it."""
    return {"source": check.source, "exercise": name, "check": check.name,
            "hidden": check.hidden, "outputs": check.outputs}


def _main_cell(found: Answers, exercise: Exercise) -> int | None:
    """The place of the cell that must run without an error: of those that answer, the last that
    binds what is asked for, else the last."""
    own = [place for place, cell in enumerate(found.cells) if cell.exercise == exercise.name]
    asked = to_show(exercise)
    binding = [place for place in own if names_in(found.cells[place].source).bound & asked]
    places = binding or own
    return places[-1] if places else None
