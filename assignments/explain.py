"""Says in a sentence or two why an exercise failed, and what to do."""
import re
from typing import Any

from assignments.answers import STUB, Answers, defined_in
from assignments.masters import Exercise
from assignments.names import names_in
from common.language import _


def explain(name: str, found: Answers, exercises: dict[str, Exercise], judged: dict[str, Any]
            ) -> str:
    """Return why an exercise lost points, "" where it lost none."""
    failed = judged["failed"].get(name, {})
    if not failed:
        return ""
    why = next(failed[check.name] for check in exercises[name].checks if check.name in failed)
    own = found.of(name)
    if "NotImplementedError" in why and any(STUB.search(cell.source) for cell in own):
        return _("The line raise NotImplementedError() of the empty cell is still in your answer: "
                 "delete it.")
    if "[Errno 28]" in why or "No space left" in why:
        return _("It wrote more than 200 MB, or more than 20,000 files.")
    unknown = re.search(r"NameError: name '(\w+)' is not defined", why)
    if unknown:
        return f"{why}. {_whereabouts(unknown[1], found, judged)}"
    titles = {each: exercises[each].title for each in judged["failed"] if each != name}
    used = {used for cell in own for used in names_in(cell.source).used}
    for other, title in titles.items():
        shared = used & {bound for cell in found.of(other) for bound in names_in(cell.source).bound}
        if shared and not shared & {b for cell in own for b in names_in(cell.source).bound}:
            also = _("It uses {name} of {exercise}, which fails too.")
            return f"{why} {also.format(name=min(shared), exercise=title)}"
    return why


def _whereabouts(unknown: str, found: Answers, judged: dict[str, Any]) -> str:
    """Say where a missing name stands, and what to do."""
    places = {cell.number: place for place, cell in enumerate(found.cells)}
    for cell in defined_in(found, unknown):
        stopped = judged["stopped"].get(str(places[cell.number]))
        if stopped:
            return _("Code cell {n}, which defines it, stops: {why}").format(
                n=cell.number, why=stopped)
        return _("Cell {n} defines it; it must stand above, and run without an error.").format(
            n=cell.number)
    return _("No cell of the notebook defines it.")
