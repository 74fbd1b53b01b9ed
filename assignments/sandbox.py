"""Starts a command with limits and, where Linux allows it, in namespaces of its own.

    SANDBOX_PLAN='{"scratch": FOLDER, "hidden": []}' python -m assignments.sandbox COMMAND...

The plan is an environment variable: answers could read a command line; a null list means no
namespaces. It uses the standard library only, and starts quickly. What holds where is told in
assignments/README.md.
"""
import contextlib
import ctypes
import json
import os
import signal
import sys
from typing import Any

from assignments import namespaces
from assignments.refused import refuse_calls

MEMORY, DISK, FILES, PROCESSES = 4 << 30, 200 << 20, 20_000, 200
LIMITS = {"RLIMIT_AS": MEMORY, "RLIMIT_FSIZE": DISK // 2, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 512}
PR_SET_NO_NEW_PRIVS = 38


def main(plan: dict[str, Any], command: list[str]) -> None:
    """Become the command, within the limits of a plan.

    plan: scratch, the one folder that it may write to; hidden, the folders that it must not see,
    or None; cgroups, the groups that it joins; own, False where the scratch folder is not to be
    given away.
    """
    scratch, hidden = plan["scratch"], plan["hidden"]
    for group in plan.get("cgroups", []):
        with contextlib.suppress(OSError), open(os.path.join(group, "cgroup.procs"), "w") as file:
            file.write("0")
    if sys.platform == "linux":
        namespaces.end_with_parent(signal.SIGKILL)
        namespaces.call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        new_keyring()
    if hidden is not None:
        namespaces.isolate(scratch, hidden, plan.get("own", True))
        LIMITS["RLIMIT_NPROC"] = PROCESSES
        os.environ.pop("JPY_PARENT_PID", None)  # a number of another world
    if os.name == "posix":
        import resource
        for name, most in LIMITS.items():
            with contextlib.suppress(OSError, ValueError):  # macOS has no limit on memory
                resource.setrlimit(getattr(resource, name), (most, most))
    os.chdir(scratch)
    os.environ["HOME"] = scratch
    if sys.platform == "linux":
        refuse_calls()
    os.execv(command[0], command)


def remove(folder: str) -> None:
    """Remove a scratch folder, with folders in it that are too deep or closed for Python."""
    import subprocess
    if os.name == "posix":
        subprocess.run(["chmod", "-R", "u+rwx", folder], capture_output=True)
        subprocess.run(["rm", "-rf", folder], capture_output=True)
    else:
        import shutil
        shutil.rmtree(folder, ignore_errors=True)


def new_keyring() -> None:
    """Leave the keyring that the session shares for an empty one, on the machines known here."""
    number = {"x86_64": 250, "aarch64": 219}.get(os.uname().machine)
    if number:  # keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)
        ctypes.CDLL(None).syscall(ctypes.c_long(number), ctypes.c_long(1), None)


if __name__ == "__main__":
    main(json.loads(os.environ.pop("SANDBOX_PLAN")), sys.argv[1:])
