"""Starts a command with limits and, where Linux allows it, in namespaces of its own.

    SANDBOX_PLAN='["SCRATCH", ["HIDDEN", ...]]' python sandbox.py COMMAND...

The plan is a variable, since no process in there can read it; null for the list: no namespaces.
In namespaces the command sees the system, Python and what notebooks import of the course, all of
it read-only but SCRATCH and /tmp; nothing of a HIDDEN folder; no network and no other process. All
of its processes end with it. assignments/README.md says what holds where that is not allowed.
It uses the standard library only, and starts quickly.
"""
import contextlib
import ctypes
import json
import os
import signal
import site
import sys

MEMORY, DISK, PROCESSES = 4 << 30, 200 << 20, 200
LIMITS = {"RLIMIT_AS": MEMORY, "RLIMIT_FSIZE": DISK // 2, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 512}
NAMESPACES, NEWUSER = 0x6c020000, 0x10000000  # of mounts, names, IPC, processes, network; of users
READ_ONLY, NOSUID, NODEV, BIND, REC, PRIVATE = 1, 2, 4, 0x1000, 0x4000, 0x40000
MOUNT_SETATTR, AT_RECURSIVE = 442, 0x8000
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
NOBODY = 65534
ROOT = "/sys"  # a folder that is always there and not needed: the new root is mounted over it
COURSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
IMPORTED = ("common", "dataset", "assignments/__init__.py", "assignments/check.py")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix", "/etc/alternatives",
          "/etc/fonts", "/etc/group", "/etc/ld.so.cache", "/etc/localtime", "/etc/passwd",
          "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def call(function, *arguments):
    """Call a function of libc; raise OSError where it fails."""
    arguments = [os.fsencode(a) if isinstance(a, str) else a for a in arguments]
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{function}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind=None, flags=NOSUID | NODEV, options=None):
    call("mount", source, target, kind, ctypes.c_ulong(flags), options)


def show(path):
    """Make one file or folder visible below the new root."""
    target = ROOT + path
    if os.path.lexists(target) or not os.path.lexists(path):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        return os.symlink(os.readlink(path), target)
    os.makedirs(target) if os.path.isdir(path) else open(target, "x").close()
    mount(path, target, flags=BIND | REC)


def build(scratch, hidden):
    """Make the file system that the command sees, and go there."""
    python = [os.path.realpath(sys.base_prefix), sys.base_prefix, sys.prefix,
              site.getusersitepackages()]
    mount(None, "/", flags=REC | PRIVATE)
    mount("none", ROOT, "tmpfs", options="size=16m,mode=755")
    for path in (*SYSTEM, *python):
        show(path)
    for path in (COURSE, *hidden):
        if os.path.isdir(ROOT + path):
            mount("none", ROOT + path, "tmpfs", options="size=1m,mode=755")
    # Python may lie in a folder that was hidden.
    for path in (*(f"{COURSE}/{path}" for path in IMPORTED), *python):
        show(path)
    for path in ("/tmp", "/dev/shm", "/proc", scratch):
        os.makedirs(ROOT + path, exist_ok=True)
    mount("none", ROOT + "/proc", "proc")
    change = (ctypes.c_uint64 * 4)(READ_ONLY | NOSUID, 0, 0, 0)
    call("syscall", ctypes.c_long(MOUNT_SETATTR), -1, ROOT, AT_RECURSIVE, change,
         ctypes.c_size_t(32))
    for path in ("/tmp", "/dev/shm"):
        mount("none", ROOT + path, "tmpfs", options="size=64m,mode=1777")
    os.makedirs(ROOT + scratch, exist_ok=True)  # it may lie in /tmp
    mount(scratch, ROOT + scratch, flags=BIND)
    os.chroot(ROOT)  # safe: nobody in there has, or can get, the right to leave it
    os.chdir("/")


def isolate(scratch, hidden):
    """Return in the new world, as a child of its first process; the others only wait."""
    user, group = os.geteuid(), os.getegid()
    call("unshare", NAMESPACES | (NEWUSER if user else 0))
    if user:
        for name, text in [("setgroups", "deny"), ("uid_map", f"{user} {user} 1"),
                           ("gid_map", f"{group} {group} 1")]:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    else:
        for name in ("", *os.listdir(scratch)):
            os.chown(os.path.join(scratch, name), NOBODY, NOBODY)
    wait_unless_child(os.fork())
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # the first process in there
    build(scratch, hidden)
    wait_unless_child(os.fork())
    if not user:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def wait_unless_child(pid):
    """In the parent: wait for the child, with whatever else ends, and end as it did."""
    while pid:
        ended, status = os.wait()
        if ended == pid:
            os._exit(int(status != 0))


def main(scratch, hidden, command):
    if sys.platform == "linux":
        call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if hidden is not None:
        isolate(scratch, hidden)
        LIMITS["RLIMIT_NPROC"] = PROCESSES
        os.environ.pop("JPY_PARENT_PID", None)  # a number of another world
    import resource
    for name, most in LIMITS.items():
        with contextlib.suppress(OSError, ValueError):  # macOS has no limit on memory
            resource.setrlimit(getattr(resource, name), (most, most))
    os.chdir(scratch)
    os.environ["HOME"] = scratch
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*json.loads(os.environ.pop("SANDBOX_PLAN")), sys.argv[1:])
