"""Start several processes with MPI, find each other, and end together."""
import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import traceback

from common.course import CourseError
from common.parallel import ALONE, Team

STARTED = "COURSE_PROCESSES"  # how many processes start() asked for
SIZES = "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", STARTED  # what Open MPI and MPICH tell each process
INSTALL = 'install the extra mpi: uv run --extra mpi course ..., or pip install -e ".[mpi]"'


def started():
    """Return whether mpiexec started this process, beside others."""
    return max(int(os.environ.get(name, 1)) for name in SIZES) > 1


@contextlib.contextmanager
def joined(choose_device):
    """Give (Team, device) to each process that mpiexec started, (ALONE, device) to a single one.

    All but the first are silent. What is wrong in one process is told in a sentence, a bug with
    its traceback, and ends them all. choose_device: returns Chainer's device; on GPUs each process
    of a machine takes another one. Raises CourseError where MPI cannot be used.
    """
    if not started():
        yield ALONE, choose_device()
        return
    try:
        import chainermn
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:  # RuntimeError: mpi4py finds no MPI
        raise CourseError(f"MPI cannot be used ({error}): {INSTALL}.") from None
    with contextlib.ExitStack() as stack:
        try:
            if MPI.COMM_WORLD.size == 1:
                raise CourseError("mpiexec and mpi4py are not of the same MPI, so the processes "
                                  f"do not find each other: {INSTALL}.")
            if MPI.COMM_WORLD.rank > 0:
                nothing = stack.enter_context(open(os.devnull, "w"))
                stack.enter_context(contextlib.redirect_stdout(nothing))
            device = choose_device()
            on_gpu = str(device) != "@numpy"
            if on_gpu and not chainermn.nccl._available:
                raise CourseError("CuPy has no NCCL, which processes on GPUs need: choose "
                                  "--device cpu.")
            comm = chainermn.create_communicator("pure_nccl" if on_gpu else "naive")
            yield Team(comm), f"@cupy:{comm.intra_rank}" if on_gpu else device
        except BaseException as error:
            if isinstance(error, CourseError):
                # In one piece, unlike print: other processes write into the same stream.
                sys.stderr.write(f"course train: {error}\n")
            elif not isinstance(error, KeyboardInterrupt):
                traceback.print_exc()
            sys.stderr.flush()
            MPI.COMM_WORLD.Abort(1)  # the others wait for this one, and would wait for ever


def why_no_mpi():
    """Return None where several processes can be started, else one sentence that says why not."""
    if importlib.util.find_spec("mpi4py") is None:
        return f"mpi4py is missing, through which processes talk: {INSTALL}."
    if _mpiexec() is None:
        return f"mpiexec is missing, which starts the processes: {INSTALL}."
    return None


def start(processes, command):
    """Start processes with mpiexec and print what they print, as it comes.

    command: a list, the program and its arguments; sys.executable for the same Python.
    Raises CourseError as why_no_mpi says, or when a process failed: then all have ended.
    """
    if processes < 1:
        raise CourseError("There must be 1 process or more.")
    problem = why_no_mpi()
    if problem:
        raise CourseError(problem)
    cores = os.cpu_count() or 1
    environment = {
        **os.environ, STARTED: str(processes), "PYTHONUNBUFFERED": "1",
        # Open MPI refuses root, who is the only user in a container and on Colab.
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    if processes > cores:  # Open MPI 5, then 4
        environment |= {"PRTE_MCA_rmaps_default_mapping_policy": ":OVERSUBSCRIBE",
                        "OMPI_MCA_rmaps_base_oversubscribe": "1"}
    running = subprocess.Popen([_mpiexec(), "-n", str(processes), *command], env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, errors="replace")
    errors = []
    reader = threading.Thread(target=lambda: errors.extend(running.stderr), daemon=True)
    reader.start()
    try:
        with _terminated_as_interrupted():
            for line in running.stdout:
                print(line, end="", flush=True)
            code = running.wait()
    finally:
        _end(running)
    reader.join(5)
    if code:
        raise CourseError(_why("".join(errors), code, processes))


def _mpiexec():
    """Return the path of mpiexec: that of this environment, else the system's, else None."""
    return shutil.which("mpiexec", path=sysconfig.get_path("scripts")) or shutil.which("mpiexec")


@contextlib.contextmanager
def _terminated_as_interrupted():
    """Let SIGTERM do what Control-C does: else the processes would go on alone."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set a handler
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(running):
    """End what may still run: ask first, since mpiexec ends its processes when it is asked."""
    for ask, seconds in ((lambda: None, 2), (running.terminate, 5), (running.kill, None)):
        ask()
        try:
            running.wait(seconds)
            return
        except subprocess.TimeoutExpired:
            pass


def _why(errors, code, processes):
    """Return in a sentence why the processes ended; the traceback of a bug whole."""
    told = re.search(r"^course train: (.*)$", errors, re.MULTILINE)
    if told:
        return told[1]
    if "Traceback" in errors:
        return f"a process failed, and the others were stopped.\n{errors.rstrip()}"
    named = re.search(r"signal (\d+)", errors)
    number = code - 128 if code > 128 else int(named[1]) if named else 0
    if number:
        died = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        return (f"one of the {processes} processes died ({died}), and the others were stopped: go "
                "on with --resume.")
    return f"the processes could not run. mpiexec ended with {code}, and says:\n{errors.rstrip()}"
