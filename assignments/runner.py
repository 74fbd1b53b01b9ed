"""Judges one submission in a process of its own: python -m assignments.runner.

In: one JSON object on standard input; out: one on the last line of standard output, after the
word that the job names, so that nothing else which is written there is taken for it.
"""
import contextlib
import json
import os
import shutil
import signal
import sys
import time

from assignments import namespaces, sandbox
from common.language import use_language

MEMORY = 8 << 30  # bytes of data, for this process
PR_SET_CHILD_SUBREAPER, DETACH = 36, 2


def main() -> None:
    """Read a job, judge it, print the findings."""
    job = json.load(sys.stdin)
    use_language(job["language"])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: leave(job["folder"]))
    if sys.platform == "linux":  # it ends with its parent, and orphans come to it
        namespaces.end_with_parent(signal.SIGTERM)
        namespaces.call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if job["hidden"] is not None:
        namespaces.own_mounts(job["folder"], sandbox.DISK, sandbox.FILES)
    # Without these packages, which nobody here needs, jsonschema is there a second sooner.
    sys.modules |= {"rfc3987_syntax": None, "isoduration": None}  # type: ignore[dict-item]
    from assignments import judge
    from assignments.kernel import Kernel
    judge.nbval.plugin.RunningKernel = Kernel
    if os.name == "posix":
        import resource
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    Kernel.job, Kernel.end = job, time.monotonic() + job["total"]
    found = judge.judge_rounds(job) if "rounds" in job else judge.judge_submission(job)
    print(job["word"] + json.dumps(found), flush=True)


def leave(folder: str) -> None:
    """End at once, with the kernels, and leave no scratch folder behind."""
    import psutil
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()
    with contextlib.suppress(Exception):
        namespaces.call("umount2", folder, DETACH)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # the last line on stderr is what the grader says
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)  # at once: a kernel that did not start may leave a socket that never ends
