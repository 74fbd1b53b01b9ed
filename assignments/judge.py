"""Runs the cells of a job through nbval and says which of them fail, and why.

The references are in the memory of this process only, never in the reach of the kernel: the
notebook's file is gone before the kernel starts, and what the kernel sends is compared here.
"""
import io
import os
import re
import tempfile
import time
from contextlib import redirect_stdout, suppress
from itertools import zip_longest
from typing import Any

import nbformat
import nbval.plugin
import psutil
import pytest
from nbformat.v4 import new_code_cell

from assignments import sandbox
from assignments.kernel import NOTEBOOK, Kernel
from common.course import CourseError
from common.language import _, language

# IPython's own exit ends the kernel a moment later; Python's raises SystemExit at once.
FIRST = ("from assignments.prints import limit_prints\n\nlimit_prints(get_ipython())\n"
         "del exit, quit, limit_prints\n"
         "from common.language import use_language\n\nuse_language({!r})\ndel use_language")
AFRESH = "%reset -f"
Found = dict[str, Any]               # a job, a cell or findings, as JSON has them
Reasons = dict[str, dict[str, str]]  # {exercise: {check: reason}}


class TimeIsUpError(CourseError):
    """The time for the whole submission is over."""


class Judge:
    """The plugin of pytest that notes what nbval finds of the cells of one run."""

    def __init__(self, cells):
        self.cells = cells
        self.passed, self.failed, self.printed, self.culprit = set(), {}, {}, None

    def pytest_runtest_makereport(self, item, call):
        kernel, number = item.parent.kernel, item.cell_num
        if call.when == "call":
            self.printed[number] = without_places(kernel.printed, kernel.scratch) if kernel else ""
        if call.excinfo:
            cell = self.cells[number]
            self.failed.setdefault(number, describe(item, call.excinfo.value, cell))
            if isinstance(call.excinfo.value, CourseError):  # a limit
                kernel.stop()
            if self.culprit is None and kernel and not kernel.is_alive():
                self.culprit = number
        elif call.when == "call":
            self.passed.add(number)


def without_places(text: str, scratch: str) -> str:
    """Return what was printed without what differs from run to run: the scratch folder, the name
    that a cell's file has in there, and addresses in memory; a ? for half of a character."""
    text = text.encode(errors="replace").decode()
    text = re.sub(rf"{re.escape(scratch)}[/\\]ipykernel_\d+[/\\]\d+\.py", "<cell>", text)
    return re.sub(r"\b0x[0-9a-f]{8,}\b", "0x...", text.replace(scratch, "."))


def describe(item: nbval.plugin.IPyNbCell, error: BaseException, cell: Found) -> str:
    """Say in a sentence or two why a cell failed, with nothing of a hidden reference."""
    outputs = item.test_outputs or []
    raised = [output for output in outputs if output.output_type == "error"]
    if isinstance(error, CourseError):
        why = str(error)
    elif raised:
        why = f"{raised[-1].ename}: {raised[-1].evalue}"
        why = why if raised[-1].evalue else _("{error}, without a message.").format(
            error=raised[-1].ename)
    elif not isinstance(error, nbval.plugin.NbCellError):
        why = _("It could not be judged ({error}).").format(error=type(error).__name__)
    else:
        why = (_("It gives something else.") if cell.get("hidden")
               else difference(item.cell.outputs, outputs))
    why = re.sub(r"0x[0-9a-f]+", "0x...", why.replace(str(item.path.parent), "."))
    why = "".join(c if c.isprintable() else " " for c in why)[:400].strip()
    return _("With other inputs: {why}").format(why=why) if cell.get("hidden") else why


def difference(reference: list, outputs: list) -> str:
    """Name the first line that differs between what was to be shown and what was, and the hint."""
    expected, got = ("\n".join(str(output.get("data", {}).get("text/plain")) for output in part)
                     .splitlines() for part in (reference, outputs))
    hints = [" " + line for line in got if line.startswith(_("Hint: "))]
    got = [line for line in got if not line.startswith(_("Hint: "))]
    label = ""
    for line, is_now in zip_longest(expected, got, fillvalue=_("nothing")):
        label = line.partition(":")[0] if not line.startswith(" ") else label
        if line != is_now:
            break
    line, is_now = (text.strip()[:100].removeprefix(f"{label}: ") for text in (line, is_now))
    told = _("{label} should be {line}, but is {now}.").format(label=label, line=line, now=is_now)
    return told + (hints[0] if hints else "")


def run(cells: list[Found]) -> tuple[dict[int, str], dict[int, str], int | None]:
    """Run cells in a fresh kernel, one after another.

    cells: each {"source"}, and for a check {"outputs", "hidden"} too; "given": one that must pass.
    Returns ({place: reason} for those that fail, {place: what it printed}, the place of the one
    at which the kernel ended or None).
    """
    judge, notebook = Judge(cells), nbformat.v4.new_notebook()
    for cell in cells:
        made = new_code_cell(cell["source"])
        if "outputs" in cell:
            made.update(outputs=[nbformat.from_dict(output) for output in cell["outputs"]],
                        execution_count=1)
            made.metadata.tags = ["nbval-check-output"]
        notebook.cells.append(made)
    folder = tempfile.mkdtemp(dir=Kernel.job["folder"])
    nbformat.write(notebook, os.path.join(folder, NOTEBOOK))
    with redirect_stdout(io.StringIO()):
        pytest.main(["--nbval-lax", f"--nbval-cell-timeout={Kernel.job['seconds']}", "--color=no",
                     "--tb=native", "-q", "-p", "no:cacheprovider", "-p",
                     "no:unraisableexception", "--noconftest",
                     "-c", os.devnull, folder], plugins=[judge])
    left = Kernel.seen.union(psutil.Process().children(recursive=True))
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=5)
    Kernel.seen.clear()
    sandbox.remove(folder)  # its files would be missing to the next kernel
    for place, cell in enumerate(cells):
        if place not in judge.passed:
            why = judge.failed.setdefault(place, _("It was not run."))
            if cell.get("given") and judge.culprit in (None, place):
                if time.monotonic() > Kernel.end:
                    raise TimeIsUpError(_("The whole took longer than {n} seconds.").format(
                        n=f"{Kernel.job['total']:g}"))
                # This machine's fault.
                raise RuntimeError(f"A cell that was given failed: {why}")
    return judge.failed, judge.printed, judge.culprit


def judge_submission(job: Found) -> Found:
    """Return what of a submission fails.

    All cells run together first, in the reader's order. A cell that ends the kernel is left out
    (with its checks, if it answers), and the others run again. The exercises that fail run again
    alone, with what they need, in a fresh kernel, since another cell may have spoiled them.

    Returns {"failed": {exercise: {check: reason}}, "stopped": {place of a cell that is no check:
    reason}, "printed": {exercise: text}}.
    """
    cells, order = job["cells"], list(job["order"])
    failed: Reasons = {}
    stopped: dict[int, str] = {}
    printed: dict[str, str] = {}
    while True:
        ran = order
        try:
            found, texts, culprit = run_places(job, order)
        except TimeIsUpError as error:
            found, texts, culprit = dict.fromkeys(order, str(error)), {}, None
        if culprit is None:
            break
        cell = cells[culprit]
        if "check" in cell:
            failed.setdefault(cell["exercise"], {})[cell["check"]] = found[culprit]
            out = {culprit}
        else:
            stopped[culprit] = found[culprit]
            out = {culprit}
            if cell["main"]:
                out |= fail_checks(cells, cell["exercise"], found[culprit], failed)
        order = [place for place in order if place not in out]
        if not any("check" in cells[place] for place in order):
            found, texts = {}, {}
            break
    collect(cells, ran, found, texts, failed, stopped, printed)
    for name, alone in ((name, alone) for name, runs in job["alone"].items() for alone in runs):
        until = max(place for place in range(len(job["order"])) if job["order"][place] in alone)
        if (not failed.get(name) or time.monotonic() > Kernel.end
                or job["order"][:until + 1] == alone):
            continue  # that is what ran already
        try:
            found, texts, _ = run_places(job, alone)
        except TimeIsUpError:
            break
        again: Reasons = {}
        collect(cells, alone, found, texts, again, {}, printed, only=name)
        reasons = again.get(name, {})
        failed[name] = {check: reason if reasons[check].startswith("NameError") else reasons[check]
                        for check, reason in failed[name].items() if check in reasons}
    return {"failed": {name: whys for name, whys in failed.items() if whys},
            "stopped": stopped, "printed": printed}


def run_places(job: Found, order: list[int]
               ) -> tuple[dict[int, str], dict[int, str], int | None]:
    """Run what was given and the cells at these places; return as `run` does, by place."""
    given = [{"source": source, "given": True}
             for source in (FIRST.format(language()), *job["given"])]
    found, texts, culprit = run(given + [job["cells"][place] for place in order])
    here = dict(enumerate(order, len(given)))
    return ({here[place]: why for place, why in found.items() if place in here},
            {here[place]: text for place, text in texts.items() if place in here},
            None if culprit is None else here.get(culprit))


def collect(cells: list[Found], ran: list[int], found: dict[int, str], texts: dict[int, str],
            failed: Reasons, stopped: dict[int, str], printed: dict[str, str],
            only: str | None = None) -> None:
    """Put the findings of a run into `failed`, `stopped` and `printed`."""
    for place in ran:
        cell, why = cells[place], found.get(place)
        name = cell["exercise"]
        if name and name in (only or name) and not cell.get("hidden") and texts.get(place):
            printed[name] = (printed.get(name, "") + texts[place]) if not only else texts[place]
        if why is None:
            continue
        if "check" in cell:
            failed.setdefault(name, {}).setdefault(cell["check"], why)
        else:
            stopped.setdefault(place, why)
            if cell["main"]:
                fail_checks(cells, name, why, failed)


def fail_checks(cells: list[Found], name: str, why: str, failed: Reasons) -> set[int]:
    """Let all checks of an exercise fail for one reason; return their places."""
    places = {place for place, cell in enumerate(cells)
              if cell["exercise"] == name and "check" in cell}
    for place in places:
        failed.setdefault(name, {})[cells[place]["check"]] = why
    return places


def judge_rounds(job: Found) -> list[dict[str, str]]:
    """Judge several sets of answers in turn, as if each had a kernel: for tests of assignments.

    Returns for each round {exercise: reason} of those that fail. Where a round ends the kernel,
    the next begins with a fresh one.
    """
    given = [{"source": source, "given": True} for source in job["given"]]
    verdicts: list[dict[str, str]] = []
    rounds = job["rounds"]
    while len(verdicts) < len(rounds):
        cells: list[Found] = [{"source": FIRST.format(language()), "given": True}]
        starts: list[int] = []
        for answers in rounds[len(verdicts):]:
            starts.append(len(cells) + len(given))
            cells += [*given, *answers, {"source": AFRESH}]
        found, _, culprit = run(cells)
        for start, answers in zip(starts, rounds[len(verdicts):]):
            failed: dict[str, str] = {}
            for place, cell in enumerate(answers, start):
                if place in found:
                    failed.setdefault(cell["exercise"], found[place])
            verdicts.append(failed)
            if culprit is not None and culprit < start + len(answers):
                break
    return verdicts
