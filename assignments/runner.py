"""Runs the answers of one submission through nbval, in a process that grade.py starts.

In: one JSON object on standard input; out: one on standard output. The references are in the
memory of this process only, never in the reach of the kernel: the notebook's file is gone before
the kernel starts, and what the kernel sends is compared here.
"""
import io
import json
import os
import re
import shutil
import signal
import site
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import redirect_stdout, suppress
from itertools import zip_longest
from pathlib import Path
from queue import Empty

import nbformat
import nbval.plugin
import psutil
import pytest
import zmq
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from assignments import CHECK, sandbox
from assignments.masters import HIDDEN, read_master
from common.errors import CourseError

OUTPUT = 10 << 20
NOTEBOOK = "answers.ipynb"
PASSED_ON = ("PATH", "SYSTEMROOT", "WINDIR", "PATHEXT", "COMSPEC", "LD_LIBRARY_PATH")


class Kernel(nbval.plugin.RunningKernel):
    """nbval's kernel, started in the sandbox and kept within its limits."""

    job, seen, looked = None, set(), 0  # what main() was told; its processes, and when last seen

    def __init__(self, kernel_name, cwd, startup_timeout):
        self.scratch, self.kept = cwd, deque()
        os.remove(os.path.join(cwd, NOTEBOOK))
        for file in Path(self.job["fonts"]).glob("fontlist*.json"):  # to make it takes seconds
            shutil.copy(file, cwd)
        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, OUTPUT)
        self.km = KernelManager(
            kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager(),
            context=context, connection_file=os.path.join(cwd, "kernel.json"))
        if os.name == "posix":
            self.km.transport = "ipc"  # there may be no network
            self.km.kernel_spec.argv[:0] = [sys.executable, "-I", sandbox.__file__]
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= dict(
            LANG="C.UTF-8", PYTHONPATH=sandbox.COURSE, PYTHONHASHSEED="0", OMP_NUM_THREADS="1",
            PYTHONUSERBASE=site.getuserbase(), MALLOC_ARENA_MAX="2", MNIST_SAMPLE="1",
            MPLCONFIGDIR=cwd, IPYTHONDIR=os.path.join(cwd, "ipython"), TMPDIR=cwd,
            SANDBOX_PLAN=json.dumps([cwd, self.job["hidden"]]))
        self.km.start_kernel(cwd=cwd, env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=startup_timeout)

    def await_reply(self, msg_id, timeout):
        """Keep what a cell sends and nbval must see, until it ends; raise CourseError at a limit.

        That is states, errors, and what a check shows. The rest is noise.
        """
        end, size = time.monotonic() + timeout, 0
        while time.monotonic() < end:
            self.look_at_limits()
            try:
                message = self.kc.get_iopub_msg(timeout=0.5)
            except Empty:
                if self.is_alive():
                    continue
                raise CourseError("The kernel died.") from None
            kind, content = message["msg_type"], message["content"]
            size += len(str(content)) + 100
            if size > OUTPUT:
                raise CourseError("It printed more than 10 MB.")
            shown = kind == "display_data" and content.get("metadata", {}).get(CHECK) is True
            if kind in ("status", "error") or shown:
                self.kept.append(message)
            if (kind == "status" and content["execution_state"] == "idle"
                    and message["parent_header"].get("msg_id") == msg_id):
                return
        raise CourseError(f"It took longer than {timeout:g} seconds.")

    def get_message(self, stream, timeout=None):
        """Return the next message that was kept."""
        return self.kept.popleft()

    def look_at_limits(self):
        """Once a second: memory, processes and files of the kernel and all that it started."""
        if time.monotonic() < self.looked + 1:
            return
        self.looked, memory, disk, folders = time.monotonic(), 0, 0, [self.scratch]
        self.seen.update(psutil.Process().children(recursive=True))
        for process in list(self.seen):
            try:
                memory += process.memory_info().rss
            except psutil.Error:
                self.seen.discard(process)
        for folder in folders:  # which grow meanwhile
            with suppress(OSError):
                for entry in os.scandir(folder):
                    disk += entry.stat(follow_symlinks=False).st_size
                    folders += [entry.path] if entry.is_dir(follow_symlinks=False) else []
        if memory > sandbox.MEMORY:
            raise CourseError("It used more than 4 GB of memory.")
        if len(self.seen) > sandbox.PROCESSES:
            raise CourseError("It started too many processes.")
        if disk > sandbox.DISK:
            raise CourseError("It wrote more than 200 MB.")
        if len(folders[-1]) > 4000:  # where a path ends, and what is written cannot be counted
            raise CourseError("It made folders too deep.")


class Judge:
    """The plugin of pytest that notes what nbval finds: {exercise: reason} for those that fail."""

    def __init__(self, owners):
        self.owners = owners  # for each cell: its exercise, or None
        self.passed, self.failed, self.culprit = set(), {}, None

    def pytest_runtest_makereport(self, item, call):
        owner, kernel = self.owners[item.cell_num], item.parent.kernel
        if call.excinfo:
            self.failed.setdefault(owner, describe(item, call.excinfo.value))
            if isinstance(call.excinfo.value, CourseError):  # a limit
                kernel.stop()
            if self.culprit is None and kernel and not kernel.is_alive():
                self.culprit = owner
        elif call.when == "call":
            self.passed.add(item.cell_num)


def describe(item, error):
    """Say in a sentence or two why a cell failed, with nothing of a hidden reference."""
    hidden, outputs = HIDDEN in item.cell.source, item.test_outputs or []
    raised = [output for output in outputs if output.output_type == "error"]
    if isinstance(error, CourseError):
        why = str(error)
    elif raised:
        why = f"{raised[-1].ename}: {raised[-1].evalue}"
    elif not isinstance(error, nbval.plugin.NbCellError):
        why = f"It could not be judged ({type(error).__name__})."
    else:
        why = "It gives something else." if hidden else difference(item.cell.outputs, outputs)
    why = re.sub(r"0x[0-9a-f]+", "0x...", why.replace(str(item.path.parent), "."))
    why = "".join(c if c.isprintable() else " " for c in why)[:400].strip()
    return f"With other inputs: {why}" if hidden else why


def difference(reference, outputs):
    """Name the first line that differs between what was to be shown and what was, and the hint."""
    due, got = ("\n".join(str(output.get("data", {}).get("text/plain")) for output in part)
                .splitlines() for part in (reference, outputs))
    hints = [" " + line for line in got if line.startswith("Hint: ")]
    got = [line for line in got if not line.startswith("Hint: ")]
    label = ""
    for line, is_now in zip_longest(due, got, fillvalue="nothing"):
        label = line.partition(":")[0] if not line.startswith(" ") else label
        if line != is_now:
            break
    due, got = (text.strip()[:100].removeprefix(f"{label}: ") for text in (line, is_now))
    return f"{label} should be {due}, but is {got}.{hints[0] if hints else ''}"


def assemble(job, names):
    """Return the master with the answers to the named exercises, and the exercise of each cell."""
    notebook, exercises = read_master(job["master"])
    owner_of = {part: name for name in names for part in (name, *exercises[name].checks)}
    # IPython's own exit ends the kernel a moment later; Python's raises SystemExit at once.
    cells = [(None, new_code_cell("del exit, quit"))]
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        owner = owner_of.get(name)
        if (cell.cell_type != "code" or "skip-execution" in cell.metadata.get("tags", [])
                or name and not owner):
            continue
        if name in names or not name:
            cell = new_code_cell(job["answers"].get(name, cell.source))
        elif not cell.outputs:
            raise CourseError(f"The check {name} has no output: run course release --run.")
        cells.append((owner, cell))
    # What is given comes first, so that no answer can spoil it.
    cells.sort(key=lambda pair: pair[0] is not None)
    notebook.cells = [cell for _, cell in cells]
    return notebook, [owner for owner, _ in cells]


def run(job, names):
    """Run the given cells and those of the named exercises in a fresh kernel.

    Returns {exercise: reason} for those that fail, and the one at which the kernel ended or None.
    """
    notebook, owners = assemble(job, names)
    judge, folder = Judge(owners), tempfile.mkdtemp(dir=job["folder"])
    nbformat.write(notebook, os.path.join(folder, NOTEBOOK))
    with redirect_stdout(io.StringIO()):
        pytest.main(["--nbval-lax", f"--nbval-cell-timeout={job['seconds']}", "--color=no", "-q",
                     "-p", "no:cacheprovider", "--noconftest", "-c", os.devnull, folder],
                    plugins=[judge])
    left = Kernel.seen.union(psutil.Process().children(recursive=True))
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=5)
    Kernel.seen.clear()
    for number, owner in enumerate(owners):
        if number not in judge.passed:
            judge.failed.setdefault(owner, "It was not run.")
    if None in judge.failed:  # a cell that is no answer: this machine's fault
        raise RuntimeError(judge.failed[None])
    return judge.failed, judge.culprit


def judge_all(job):
    """Return {exercise: reason} for the exercises that fail.

    All run together first, as in the reader's own notebook. One that ends the kernel is left out,
    and the others run again. Those that fail run once more alone, in a fresh kernel, since another
    answer may have spoiled theirs.
    """
    names, failed = list(job["answers"]), {}
    found, culprit = run(job, names)
    while culprit:
        failed[culprit] = found[culprit]
        names.remove(culprit)
        found, culprit = run(job, names)
    failed |= found
    if job["alone"] and len(job["answers"]) > 1:
        failed = {name: why for name in failed for why in run(job, [name])[0].values()}
    return failed


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Control-C ends it at once
    if sys.platform == "linux":  # it ends with its parent, and orphans come to it
        sandbox.call("prctl", sandbox.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        sandbox.call("prctl", sandbox.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    job = Kernel.job = json.load(sys.stdin)
    nbval.plugin.RunningKernel = Kernel
    print(json.dumps(judge_all(job)))
