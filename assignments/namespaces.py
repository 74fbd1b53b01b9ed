"""A world of its own for one command, made of Linux's namespaces.

The command sees the system, Python and what notebooks import of the course, all of it read-only
but its scratch folder and /tmp; nothing of a hidden folder; no network and no other process. All
of its processes end with it. The standard library only.
"""
import ctypes
import os
import signal
import site
import sys
from collections.abc import Sequence
from typing import Any

MOUNTS, NEWUSER = 0x20000, 0x10000000
NAMESPACES = 0x6c020000  # of mounts, names, IPC, processes, network
READ_ONLY, NOSUID, NODEV, BIND, REC, PRIVATE = 1, 2, 4, 0x1000, 0x4000, 0x40000
MOUNT_SETATTR, AT_RECURSIVE = 442, 0x8000
PR_SET_PDEATHSIG = 1
ROOT = "/sys"  # a folder that is always there and not needed: the new root is mounted over it
COURSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
IMPORTED = ("common", "dataset", "assignments/__init__.py", "assignments/check.py",
            "assignments/prints.py")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix", "/etc/alternatives",
          "/etc/fonts", "/etc/group", "/etc/ld.so.cache", "/etc/localtime", "/etc/passwd",
          "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
USERS = 100_000  # from there on, as root: a user for each kernel, so that none shares a limit


def call(function: str, *arguments: Any) -> None:
    """Call a function of libc; raise OSError where it fails."""
    plain = [os.fsencode(each) if isinstance(each, str) else each for each in arguments]
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*plain) != 0:
        raise OSError(ctypes.get_errno(), f"{function}: {os.strerror(ctypes.get_errno())}")


def mount(source: str | None, target: str, kind: str | None = None, flags: int = NOSUID | NODEV,
          options: str | None = None) -> None:
    """mount(2)."""
    call("mount", source, target, kind, ctypes.c_ulong(flags), options)


def set_flags(path: str, on: int, off: int = 0, depth: int = AT_RECURSIVE) -> None:
    """Set and clear flags of a mount, and of those below it."""
    change = (ctypes.c_uint64 * 4)(on, off, 0, 0)
    call("syscall", ctypes.c_long(MOUNT_SETATTR), -1, path, depth, change, ctypes.c_size_t(32))


def end_with_parent(number: int) -> None:
    """Let this process get a signal when its parent ends, at once if it has ended already."""
    parent = os.getppid()
    call("prctl", PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def own_mounts(folder: str, size: int, files: int) -> None:
    """Give this process mounts of its own, and a folder of fixed size that nobody else sees."""
    user, group = os.geteuid(), os.getegid()
    call("unshare", MOUNTS | (NEWUSER if user else 0))
    if user:
        keep_ids(user, group)
    mount(None, "/", flags=REC | PRIVATE)
    mount("none", folder, "tmpfs", options=f"size={size},nr_inodes={files},mode=755")


def keep_ids(user: int, group: int) -> None:
    """In a new namespace of users: be the same user as before."""
    for name, text in [("setgroups", "deny"), ("uid_map", f"{user} {user} 1"),
                       ("gid_map", f"{group} {group} 1")]:
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def show(path: str) -> None:
    """Make one file or folder visible below the new root."""
    target = ROOT + path
    if os.path.lexists(target) or not os.path.lexists(path):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        return os.symlink(os.readlink(path), target)
    os.makedirs(target) if os.path.isdir(path) else open(target, "x").close()
    mount(path, target, flags=BIND | REC)


def build(scratch: str, hidden: Sequence[str]) -> None:
    """Make the file system that the command sees, and go there."""
    python = [os.path.realpath(sys.base_prefix), sys.base_prefix, sys.prefix,
              site.getusersitepackages()]
    if sys.pycache_prefix:  # compiled modules that do not lie beside their sources
        python.append(sys.pycache_prefix)
    os.umask(0o022)
    mount(None, "/", flags=REC | PRIVATE)
    mount("none", ROOT, "tmpfs", options="size=16m,mode=755")
    writable = [ROOT + path for path in ("/tmp", "/dev/shm")]
    for path in writable:
        os.makedirs(path)
        mount("none", path, "tmpfs", options="size=64m,nr_inodes=10000,mode=1777")
    os.makedirs(ROOT + "/dev/pts")  # IPython gives !command a terminal
    mount("none", ROOT + "/dev/pts", "devpts", NOSUID, "newinstance,ptmxmode=0666,mode=620")
    os.symlink("pts/ptmx", ROOT + "/dev/ptmx")
    for path in (*SYSTEM, *python):
        show(path)
    for path in (COURSE, *hidden):
        if os.path.isdir(ROOT + path):
            mount("none", ROOT + path, "tmpfs", options="size=1m,mode=755")
    # Python may lie in a folder that was hidden, and so may the course, below /tmp or not.
    for path in (*(f"{COURSE}/{path}" for path in IMPORTED), *python):
        show(path)
    for path in ("/proc", scratch):
        os.makedirs(ROOT + path, exist_ok=True)
    mount("none", ROOT + "/proc", "proc")
    set_flags(ROOT, READ_ONLY | NOSUID)
    for path in writable:
        set_flags(path, 0, READ_ONLY, depth=0)
    mount(scratch, ROOT + scratch, flags=BIND)
    os.chroot(ROOT)  # safe: nobody in there has, or can get, the right to leave it
    os.chdir("/")


def isolate(scratch: str, hidden: Sequence[str], own: bool = True) -> None:
    """Fork into new namespaces; only the grandchild returns, its ancestors wait.

    own: whether the scratch folder is made the command's own, where root gives it away.
    """
    user, group = os.geteuid(), os.getegid()
    call("unshare", NAMESPACES | (NEWUSER if user else 0))
    if user:
        keep_ids(user, group)
    else:
        user = free_user()
        for name in ("", *os.listdir(scratch)) if own else ():
            os.chown(os.path.join(scratch, name), user, user)
    wait_unless_child(os.fork())
    end_with_parent(signal.SIGKILL)  # the first process in there
    build(scratch, hidden)
    wait_unless_child(os.fork())
    if os.geteuid() == 0 and user:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def free_user() -> int:
    """Return a number that no user and no other kernel has, as root."""
    with open("/proc/self/uid_map") as file:
        ends = [int(first) + int(count) for first, _, count in map(str.split, file)]
    process = os.getpid()
    return USERS + process if max(ends) > USERS + process else 30_000 + process % 30_000


def wait_unless_child(pid: int) -> None:
    """In the parent: wait for the child, with whatever else ends, and end as it did."""
    while pid:
        ended, status = os.wait()
        if ended == pid:
            os._exit(int(status != 0))
