"""nbval's kernel, started in the sandbox, watched and kept within its limits."""
import json
import os
import shutil
import site
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import psutil
import zmq
from jupyter_client.manager import KernelManager
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager, RunningKernel

from assignments import CHECK, cgroup, namespaces, sandbox
from common.course import CourseError
from common.language import _

OUTPUT = 10 << 20  # bytes that a cell may send
GROWTH = 300 << 20  # bytes by which this process may grow while a cell sends
PRINTED = 4000     # characters that are kept for the reader's page
NOTEBOOK = "answers.ipynb"
PASSED_ON = ("PATH", "SYSTEMROOT", "WINDIR", "PATHEXT", "COMSPEC", "LD_LIBRARY_PATH",
             "PYTHONPYCACHEPREFIX")


class Kernel(RunningKernel):
    """A kernel for answers. job: what the runner was told; end: when all must be over."""

    job: dict[str, Any] = {}
    end = 0.0
    seen: set[psutil.Process] = set()  # the processes of all kernels so far, to be ended at last

    def __init__(self, kernel_name, cwd, startup_timeout):
        self.scratch, self.kept, self.printed, self.broken = cwd, deque(), "", ""
        os.remove(os.path.join(cwd, NOTEBOOK))
        # To make it takes seconds.
        for file in Path(self.job["fonts"] or cwd).glob("fontlist*.json"):
            shutil.copy(file, cwd)
        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, OUTPUT)
        self.km = KernelManager(
            kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager(),
            context=context, connection_file=os.path.join(cwd, "kernel.json"))
        if os.name == "posix":
            self.km.transport = "ipc"  # there may be no network
            self.km.kernel_spec.argv[:0] = [sys.executable, "-m", "assignments.sandbox"]
        self.cgroups = cgroup.make(sandbox.MEMORY, sandbox.PROCESSES)
        plan = {"scratch": cwd, "hidden": self.job["hidden"], "cgroups": self.cgroups}
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= dict(
            LANG="C.UTF-8", PYTHONPATH=namespaces.COURSE, PYTHONHASHSEED="0", OMP_NUM_THREADS="1",
            PYTHONUSERBASE=site.getuserbase(), MALLOC_ARENA_MAX="2", MNIST_SAMPLE="1",
            MPLCONFIGDIR=cwd, IPYTHONDIR=os.path.join(cwd, "ipython"), TMPDIR=cwd,
            SANDBOX_PLAN=json.dumps(plan))
        self.km.start_kernel(cwd=cwd, env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.watched = True
        threading.Thread(target=self.watch, daemon=True).start()
        try:
            self.kc = self.km.client()
            self.kc.start_channels()
            self.kc.wait_for_ready(timeout=startup_timeout)
        except BaseException:
            self.stop()
            context.destroy(linger=0)  # else its end waits for messages that nobody takes
            raise

    def await_reply(self, msg_id: str, timeout: float) -> None:
        """Keep what a cell sends and nbval must see, until it ends; raise CourseError at a limit.

        That is states, errors, and what a check shows. The rest is noise. It has ended when the
        kernel is idle and has replied: since ipykernel 7 it may miss what comes while it replies.
        """
        start, size, awaited = time.monotonic(), 0, {"idle", "reply"}
        self.printed = ""
        while True:
            if self.broken:
                raise CourseError(self.broken)
            if time.monotonic() > self.end:
                raise CourseError(_("The whole took longer than {n} seconds.").format(
                    n=f"{self.job['total']:g}"))
            if time.monotonic() > start + timeout:
                raise CourseError(_("It took longer than {n} seconds.").format(n=f"{timeout:g}"))
            try:
                message, weight = self.next_message()
            except Empty:
                if self.is_alive():
                    continue
                if cgroup.out_of_memory(self.cgroups):
                    self.broken = _("It used more than 4 GB of memory.")
                raise CourseError(self.broken or _("The kernel died.")) from None
            size += weight
            if size > OUTPUT:
                raise CourseError(_("It sent more than 10 MB."))
            kind, content = message["msg_type"], message["content"]
            mine = message["parent_header"].get("msg_id") == msg_id
            shown = kind == "display_data" and content.get("metadata", {}).get(CHECK) is True
            if kind == "stream" and mine and len(self.printed) < PRINTED:
                self.printed = (self.printed + content["text"])[:PRINTED]
            if kind in ("status", "error") or shown:
                self.kept.append(message)
            if mine and kind.endswith("_reply"):
                awaited.discard("reply")
            if mine and kind == "status":
                awaited.discard(content["execution_state"])
            if not awaited:
                return

    def next_message(self) -> tuple[dict[str, Any], int]:
        """Return a message and its bytes, all of its frames counted; raise Empty after a while."""
        channels, session = (self.kc.iopub_channel, self.kc.shell_channel), self.kc.session
        ready = zmq.select([channel.socket for channel in channels], [], [], 0.2)[0]
        if not ready:
            raise Empty
        _identities, frames = session.feed_identities(ready[0].recv_multipart())
        return session.deserialize(frames), sum(map(len, frames)) + 100

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message that was kept."""
        return self.kept.popleft()

    def watch(self) -> None:
        """Ten times a second look at this process, once at the kernel and all that it started."""
        me, round_ = psutil.Process(), 0
        usual = me.memory_info().rss
        while self.watched and not self.broken:
            time.sleep(0.1)
            round_ += 1
            if me.memory_info().rss > usual + GROWTH:
                self.broken = _("It sent more than 10 MB.")
            elif round_ % 10 == 0:
                self.broken = self.over_a_limit(me)
        if self.broken:
            self.end_processes()

    def over_a_limit(self, me: psutil.Process) -> str:
        """Return a sentence where a limit of memory, processes or files is passed, or ""."""
        memory, nameless = 0, 0
        self.seen.update(me.children(recursive=True))
        for process in list(self.seen):
            try:
                memory += process.memory_info().rss
                nameless += nameless_files(process.pid)
            except psutil.Error:
                self.seen.discard(process)
        if memory > sandbox.MEMORY:
            return _("It used more than 4 GB of memory.")
        if len(self.seen) > sandbox.PROCESSES:
            return _("It started too many processes.")
        return too_many_files(self.scratch, nameless)

    def end_processes(self) -> None:
        """End the kernel and all that it started."""
        for process in self.seen.union(psutil.Process().children(recursive=True)):
            with suppress(psutil.Error):
                process.kill()

    def stop(self) -> None:
        """End the kernel, at once."""
        self.watched = False
        self.end_processes()
        with suppress(Exception):  # it may be dead already
            self.kc.stop_channels()
        with suppress(Exception):
            self.km.shutdown_kernel(now=True)
        psutil.wait_procs(self.seen, timeout=5)
        cgroup.remove(self.cgroups)


def too_many_files(scratch: str, disk: int = 0) -> str:
    """Return a sentence where the files in a folder are too many or too large, or "".

    disk: the bytes that are known already.
    """
    count, folders = 0, [scratch]
    for folder in folders:  # which grow meanwhile
        with suppress(OSError):
            for entry in os.scandir(folder):
                count += 1
                disk += entry.stat(follow_symlinks=False).st_size
                folders += [entry.path] if entry.is_dir(follow_symlinks=False) else []
    if disk > sandbox.DISK:
        return _("It wrote more than 200 MB.")
    if count > sandbox.FILES:
        return _("It made too many files.")
    if len(folders[-1]) > 4000:  # where a path ends, and what is written cannot be counted
        return _("It made folders too deep.")
    return ""


def nameless_files(pid: int) -> int:
    """Return the bytes of the files that a process holds open and that have no name (Linux)."""
    size, seen = 0, set[tuple[int, int]]()
    with suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                facts = os.stat(entry.path)
                if facts.st_nlink == 0 and (facts.st_dev, facts.st_ino) not in seen:
                    seen.add((facts.st_dev, facts.st_ino))
                    size += facts.st_blocks * 512
    return size
