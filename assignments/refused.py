"""The calls of Linux that no answer needs, refused by a filter (seccomp).

Memory that counts for nobody, namespaces of one's own with mounts that have no limit, keyrings
that outlive a kernel, and doors into the system that had holes before. The standard library only.
"""
import ctypes
import errno
import platform

# Each with its number on x86_64 and on aarch64, of <asm/unistd.h>.
CALLS = {
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "msgget": (68, 186), "semget": (64, 190),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425)}
CLONE, CLONE3, NEWUSER = (56, 220), (435, 435), 0x10000000
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
LOAD, EQUAL, AT_LEAST, HAS_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # where they stand in what a filter sees
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
PR_SET_SECCOMP, FILTER = 22, 2
OTHER_TABLE = 0x40000000  # the second table of x86_64 begins there


class Step(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("if_true", ctypes.c_uint8),
                ("if_false", ctypes.c_uint8), ("value", ctypes.c_uint32)]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("steps", ctypes.POINTER(Step))]


def program(which: int, machine: int) -> list[tuple[int, int, int, int]]:
    """Return the filter's steps: (code, steps to jump if true, if false, value)."""
    steps = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, machine), (RETURN, 0, 0, KILL),
             (LOAD, 0, 0, NUMBER)]
    if which == 0:
        steps += [(AT_LEAST, 0, 1, OTHER_TABLE), (RETURN, 0, 0, ERROR | errno.ENOSYS)]
    for numbers in CALLS.values():
        steps += [(EQUAL, 0, 1, numbers[which]), (RETURN, 0, 0, ERROR | errno.EPERM)]
    # clone3 hides its flags from a filter; libc then takes clone.
    steps += [(EQUAL, 0, 1, CLONE3[which]), (RETURN, 0, 0, ERROR | errno.ENOSYS),
              (EQUAL, 0, 3, CLONE[which]), (LOAD, 0, 0, FIRST_ARGUMENT),
              (HAS_BIT, 0, 1, NEWUSER), (RETURN, 0, 0, ERROR | errno.EPERM)]
    return [*steps, (RETURN, 0, 0, ALLOW)]


def refuse_calls() -> bool:
    """Set the filter for this process and all that it starts; False where it cannot be set.

    The process must have given up gaining rights (PR_SET_NO_NEW_PRIVS).
    """
    if platform.machine() not in MACHINES:
        return False
    steps = program(*MACHINES[platform.machine()])
    array = (Step * len(steps))(*(Step(*step) for step in steps))
    whole = Program(len(steps), array)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return prctl(PR_SET_SECCOMP, ctypes.c_ulong(FILTER), ctypes.byref(whole), 0, 0) == 0
