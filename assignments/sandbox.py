"""Starts a kernel with limits and, where Linux allows it, in namespaces of its own.

    python sandbox.py PLAN COMMAND...   PLAN: a file, JSON: isolate, scratch, root, steps, limits

Isolated, it sees only what `steps` show, all of it read-only but `scratch` and /tmp; it has no
network, sees no other process, and all of its processes end with it. assignments/README.md says
what holds where that is not allowed. It uses the standard library only, and starts quickly.
"""
import ctypes
import json
import os
import signal
import sys

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
NOSUID, NODEV, BIND, REC, PRIVATE, DETACH = 2, 4, 0x1000, 0x4000, 0x40000, 2
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
NOBODY = 65534
WRITABLE = ("/tmp", "/dev/shm")
PIVOT_ROOT = {"x86_64": 155}.get(os.uname().machine, 41)  # 41 on arm64 and RISC-V
MOUNT_SETATTR = 442                                       # on every machine


def call(function, *arguments):
    """Call a function of libc (a number: a system call); raise OSError where it fails."""
    libc = ctypes.CDLL(None, use_errno=True)
    if isinstance(function, int):
        function, arguments = "syscall", (ctypes.c_long(function), *arguments)
    arguments = [os.fsencode(a) if isinstance(a, str) else a for a in arguments]
    if getattr(libc, function)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{function}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind=None, flags=0, options=None):
    call("mount", source, target, kind, ctypes.c_ulong(flags), options)


def set_read_only(path, wanted):
    """Make a mount and all below it read-only, or that mount alone writable again."""
    change = (ctypes.c_uint64 * 4)(int(wanted) | NOSUID, int(not wanted), 0, 0)
    recursive = 0x8000 if wanted else 0
    call(MOUNT_SETATTR, -100, path, recursive, ctypes.byref(change), ctypes.c_size_t(32))


def show(path, root):
    """Make one file or folder visible below the new root."""
    target = root + path
    if os.path.lexists(target) or not os.path.lexists(path):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        return os.symlink(os.readlink(path), target)
    os.makedirs(target) if os.path.isdir(path) else open(target, "x").close()
    mount(path, target, flags=BIND | REC)


def build(root, scratch, steps):
    """Make the file system that the kernel sees, and go there."""
    mount(None, "/", flags=REC | PRIVATE)
    mount("none", root, "tmpfs", NOSUID | NODEV, "size=16m,mode=755")
    for folder in WRITABLE:
        os.makedirs(root + folder)
        mount("none", root + folder, "tmpfs", NOSUID | NODEV, "size=64m,mode=1777")
    for step, path in steps:
        if step == "show":
            show(path, root)
        elif os.path.isdir(root + path):
            mount("none", root + path, "tmpfs", NOSUID | NODEV, "size=1m,mode=755")
    os.makedirs(root + "/proc")
    os.makedirs(root + scratch, exist_ok=True)
    set_read_only(root, True)
    for folder in WRITABLE:
        set_read_only(root + folder, False)
    mount(scratch, root + scratch, flags=BIND)
    mount("none", root + "/proc", "proc", NOSUID | NODEV)
    os.chdir(root)
    call(PIVOT_ROOT, ".", ".")
    call("umount2", ".", DETACH)


def isolate(plan):
    """Return in the new world, as a child of its first process; the others only wait."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    user, group, is_root = os.geteuid(), os.getegid(), os.geteuid() == 0
    call("unshare", NEWNS | NEWUTS | NEWIPC | NEWPID | NEWNET | (0 if is_root else NEWUSER))
    if not is_root:
        for name, text in [("setgroups", "deny"), ("uid_map", f"{user} {user} 1"),
                           ("gid_map", f"{group} {group} 1")]:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    wait_unless_child(os.fork())
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # the first process in there
    if is_root:
        for folder, _, files in os.walk(plan["scratch"]):
            for path in (folder, *(os.path.join(folder, name) for name in files)):
                os.chown(path, NOBODY, NOBODY)
    build(plan["root"], plan["scratch"], plan["steps"])
    wait_unless_child(os.fork())
    if is_root:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_unless_child(pid):
    """In the parent: wait for the child, with whatever else ends, and end as it did."""
    while pid:
        ended, status = os.wait()
        if ended == pid:
            os._exit(min(255, abs(os.waitstatus_to_exitcode(status))))


def main(plan, command):
    if sys.platform == "linux":
        call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if plan["isolate"]:
        isolate(plan)
        call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    import resource
    for name, most in plan["limits"].items():
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (OSError, ValueError):
            pass  # macOS has no limit on memory; whoever started this watches that too
    os.chdir(plan["scratch"])
    os.environ["HOME"] = plan["scratch"]
    if plan["isolate"]:
        os.environ.pop("JPY_PARENT_PID", None)  # a number of another world
    os.execv(command[0], command)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    main(plan, sys.argv[2:])
