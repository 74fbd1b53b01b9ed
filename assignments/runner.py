"""Runs the answers of one submission through nbval: `python -m assignments.runner`, by grade.py.

In: one JSON object on standard input; out: one on standard output. The references are in the
memory of this process only, never in the reach of the kernel: the notebook's file is gone before
the kernel starts, and what the kernel sends is compared here.
"""
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import redirect_stdout
from itertools import zip_longest
from pathlib import Path
from queue import Empty

import nbformat
import nbval.plugin
import psutil
import pytest
import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from assignments import CHECK
from assignments.masters import HIDDEN

MEMORY, DISK, OUTPUT, PROCESSES = 4 << 30, 200 << 20, 10 << 20, 200
LIMITS = {"RLIMIT_AS": MEMORY, "RLIMIT_FSIZE": DISK // 2, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 512}


class Trouble(Exception):
    """A limit that an answer broke, in words for its reader."""


class Kernel(nbval.plugin.RunningKernel):
    """nbval's kernel, started in the sandbox and kept within its limits."""

    job = None  # what main() was told

    def __init__(self, kernel_name, cwd=None, startup_timeout=60):
        self.scratch = Path(tempfile.mkdtemp(prefix="s", dir=self.job["folder"]))
        self.kept, self.seen, self.size, self.end, self.looked = deque(), set(), 0, None, 0
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        if os.name == "posix":
            root = tempfile.mkdtemp(prefix="r", dir=self.job["folder"])
            limits = {**LIMITS, **({"RLIMIT_NPROC": PROCESSES} if self.job["isolate"] else {})}
            plan = {"isolate": self.job["isolate"], "scratch": str(self.scratch), "root": root,
                    "steps": self.job["steps"], "limits": limits}
            sandbox = str(Path(__file__).with_name("sandbox.py"))
            Path(root + ".json").write_text(json.dumps(plan), encoding="utf-8")
            command = [sys.executable, "-I", sandbox, root + ".json", *command]

        class Specs(KernelSpecManager):
            def get_kernel_spec(self, kernel_name):
                return KernelSpec(argv=command, language="python", display_name="")

        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, OUTPUT)
        ipc = {"transport": "ipc", "ip": str(self.scratch / "k")} if os.name == "posix" else {}
        self.km = KernelManager(kernel_spec_manager=Specs(), context=context,
                                connection_file=str(self.scratch / "kernel.json"), **ipc)
        for file in Path(self.job["fonts"]).glob("fontlist*.json"):  # to make it takes seconds
            (self.scratch / file.name).write_bytes(file.read_bytes())
        environment = {**self.job["environment"], "MPLCONFIGDIR": str(self.scratch),
                       "IPYTHONDIR": str(self.scratch / "ipython"), "TMPDIR": str(self.scratch)}
        self.km.start_kernel(cwd=str(self.scratch), env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=startup_timeout)
        self._ensure_iopub_up()

    def await_reply(self, msg_id, timeout=None):
        """Wait for the end of a cell; raise Empty after `timeout` seconds, Trouble at a limit."""
        end = time.monotonic() + (timeout or 60)
        self.end, self.size = end + 20, 0
        while True:
            while self.kc.iopub_channel.msg_ready():
                self._keep(self.kc.get_iopub_msg())
            try:
                if self.kc.get_shell_msg(timeout=0.1)["parent_header"].get("msg_id") == msg_id:
                    return
            except Empty:
                if not self.is_alive():
                    raise Trouble("The kernel died.") from None
            self._look_at_limits()
            if time.monotonic() > end:
                raise Empty

    def get_message(self, stream, timeout=None):
        """Return the next message that counts; raise Empty where none comes in time."""
        if stream != "iopub":
            return self.kc.get_shell_msg(timeout=timeout)
        end = time.monotonic() + timeout
        while not self.kept:
            left = end - time.monotonic()
            if left <= 0:
                raise Empty
            self._keep(self.kc.get_iopub_msg(timeout=left))
        return self.kept.popleft()

    def _keep(self, message):
        """Keep what nbval must see: states, errors, and what a check shows. The rest is noise."""
        kind, content = message["msg_type"], message["content"]
        self.size += len(str(content)) + 100
        if self.size > OUTPUT:
            self._stop_for("It printed more than 10 MB.")
        if self.end and time.monotonic() > self.end:
            self._stop_for("It did not end.")
        if kind == "error":
            message["content"] = {"ename": str(content.get("ename"))[:100],
                                  "evalue": str(content.get("evalue"))[:300], "traceback": []}
        shown = kind == "display_data" and content.get("metadata", {}).get(CHECK) is True
        if kind in ("status", "error") or shown:
            self.kept.append(message)

    def _look_at_limits(self):
        """Once a second: memory, processes and files of the kernel and all that it started."""
        if time.monotonic() < self.looked + 1:
            return
        self.looked, memory = time.monotonic(), 0
        self.seen |= set(psutil.Process().children(recursive=True))
        for process in list(self.seen):
            try:
                memory += process.memory_info().rss
            except psutil.Error:
                self.seen.discard(process)
        if memory > MEMORY:
            self._stop_for("It used more than 4 GB of memory.")
        if len(self.seen) > PROCESSES:
            self._stop_for("It started too many processes.")
        files = (os.path.join(folder, name) for folder, _, names in os.walk(self.scratch)
                 for name in names)
        if sum(os.lstat(file).st_size for file in files if os.path.lexists(file)) > DISK:
            self._stop_for("It wrote more than 200 MB.")

    def _stop_for(self, reason):
        self.stop()
        raise Trouble(reason)

    def stop(self):
        """End the kernel and whatever it left behind."""
        if hasattr(self, "km"):
            self.seen |= set(psutil.Process().children(recursive=True))
            self.kc.stop_channels()
            self.km.shutdown_kernel(now=True)
            del self.km
        for process in self.seen | set(psutil.Process().children(recursive=True)):
            try:
                process.kill()
            except psutil.Error:
                pass


class Judge:
    """The plugin of pytest that notes what nbval finds: {exercise: reason} for those that fail."""

    def __init__(self, owners):
        self.owners = owners  # for each code cell: its exercise, or None
        self.passed, self.failed, self.culprit = set(), {}, None

    def pytest_collection_finish(self, session):
        for path in {item.path for item in session.items}:
            path.unlink()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        item.parent.timed_out = False  # nbval expects the cells after a time-out to fail
        if self.owners[item.cell_num] in self.failed:
            pytest.skip("an earlier cell of this exercise failed")

    def pytest_runtest_makereport(self, item, call):
        if call.excinfo is None:
            self.passed |= {item.cell_num} if call.when == "call" else set()
            return
        if call.excinfo.errisinstance(pytest.skip.Exception):
            return
        owner = self.owners[item.cell_num]
        self.failed[owner] = describe(item, call.excinfo.value)
        kernel = item.parent.kernel
        if self.culprit is None and (kernel is None or not kernel.is_alive()):
            self.culprit = owner


def describe(item, error):
    """Say in a sentence or two why a cell failed, with nothing of a hidden reference."""
    hidden, outputs = HIDDEN in item.cell.source, item.test_outputs or []
    raised = [output for output in outputs if output.output_type == "error"]
    if isinstance(error, Trouble):
        why = str(error)
    elif "Timeout" in str(error):
        why = f"It took longer than {item.config.option.nbval_cell_timeout:g} seconds."
    elif raised:
        why = f"{raised[-1].ename}: {raised[-1].evalue}"
    elif not isinstance(error, nbval.plugin.NbCellError):
        why = f"The kernel did not answer ({type(error).__name__})."
    else:
        why = "It gives something else." if hidden else difference(item.cell.outputs, outputs)
    why = re.sub(r"0x[0-9a-f]+", "0x...", why.replace(str(item.parent.kernel.scratch), "."))
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


def run(job, names):
    """Run the given cells and those of the named exercises in a fresh kernel.

    Returns {exercise: reason} for those that fail, and the one at which the kernel ended or None.
    """
    notebook = nbformat.from_dict(job["notebook"])
    notebook.cells = [cell for cell, owner in zip(notebook.cells, job["owners"])
                      if owner is None or owner in names]
    judge = Judge([owner for owner in job["owners"] if owner is None or owner in names])
    folder = Path(tempfile.mkdtemp(prefix="n", dir=job["folder"]))
    nbformat.write(notebook, folder / "answers.ipynb")
    with redirect_stdout(io.StringIO()):
        pytest.main(["--nbval-lax", f"--nbval-cell-timeout={job['seconds']}", "--color=no", "-q",
                     "-p", "no:cacheprovider", "-p", "no:xdist", "--noconftest",
                     "-c", os.devnull, "--rootdir", str(folder), str(folder)], plugins=[judge])
    for number, owner in enumerate(judge.owners):
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
    names, failed = list(job["names"]), {}
    while True:
        found, culprit = run(job, names)
        if culprit is None:
            break
        failed[culprit] = found[culprit]
        names.remove(culprit)
    for name in found:
        again, _ = run(job, [name]) if job["alone"] and len(names) > 1 else (found, None)
        failed.update({name: again[name]} if name in again else {})
    return failed


def main():
    if sys.platform == "linux":
        from assignments.sandbox import PR_SET_PDEATHSIG, call
        call("prctl", PR_SET_PDEATHSIG, 9, 0, 0, 0)
        call("prctl", 36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans come to this process
        call("prctl", 4, 0, 0, 0, 0)   # PR_SET_DUMPABLE: no other process may look into this one
    job = Kernel.job = json.load(sys.stdin)
    nbval.plugin.RunningKernel = Kernel
    print(json.dumps(judge_all(job)))


if __name__ == "__main__":
    main()
