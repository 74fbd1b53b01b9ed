"""Run Chainer's own tests (their CPU part) against the Chainer that is installed.

    python run_chainer_tests.py CHECKOUT [-n PROCESSES] [--part PART] [options of pytest]

CHECKOUT is a copy of Chainer's repository at the tag v7.8.1. The parts are `chainer`,
`chainermn` (with two processes that talk by MPI: needs mpi4py and mpiexec), and `onnx` (needs
onnx and onnxruntime). The tests are copied to a temporary folder, and the copy is mended where a
test itself uses what is gone; no expectation of a test is weakened. Needs pytest, mock, scipy,
h5py, matplotlib and Pillow.
"""

import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SELECTION = (
    "not cudnn and not gpu and not multi_gpu and not slow and not ideep and not chainerx"
)

# The settings of these tests make every warning an error. Some warnings are younger than the
# tests: about files left open, about errors in threads, about a test that returns a value.
NEWER_PYTEST = [
    "-p", "no:unraisableexception", "-p", "no:threadexception",
    "-W", "ignore:It is deprecated to return a value that is not None:DeprecationWarning",
]

OPTIONS = ["-q", "--tb=short", "-m", SELECTION, "-p", "no:cacheprovider", *NEWER_PYTEST]

LONGEST = 120  # seconds that a file of tests by MPI may take
NOTHING = 5    # pytest's exit code where the selection leaves no test

# Where the tests of a part are.
PARTS = {"chainer": "chainer_tests", "chainermn": "chainermn_tests", "onnx": "onnx_chainer_tests"}

# (test file, why, what it says, what it must say, how often it says so)
MENDS = [
    ("chainer_tests/test_function_node.py",
     "numpy.product is gone", "numpy.product(", "numpy.prod(", 1),
    ("chainer_tests/test_function.py",
     "numpy.product is gone", "numpy.product(", "numpy.prod(", 1),
    ("chainer_tests/test_backprop_utils.py",
     "numpy.product is gone", "numpy.product(", "numpy.prod(", 1),
    ("chainer_tests/test_variable.py",
     "numpy.int is gone; it was int", "np.int)", "int)", 2),
    ("chainer_tests/serializers_tests/test_npz.py",
     "numpy.object is gone; it was object",
     "numpy.object)", "object)", 1),
    ("chainer_tests/backends_tests/test_cuda.py",
     "numpy.complex_ is gone; it was complex128",
     "numpy.complex_]", "numpy.complex128]", 2),
    ("chainer_tests/backends_tests/test_cuda.py",
     "numpy.complex_ is gone; it was complex128",
     "numpy.complex_)", "numpy.complex128)", 2),
    ("chainer_tests/functions_tests/array_tests/test_get_item.py",
     "numpy.bool was deprecated from NumPy 1.20 to 1.26", "numpy.bool)", "bool)", 1),
    ("chainer_tests/functions_tests/array_tests/test_pad_sequence.py",
     "numpy.uint8(-1) is refused",
     "self.dtype(self.pad))", "numpy.array(self.pad).astype(self.dtype))", 1),
    ("chainer_tests/functions_tests/math_tests/test_fix.py",
     "numpy.fix is deprecated",
     "numpy.fix(", "numpy.trunc(", 1),
    ("chainer_tests/functions_tests/math_tests/test_det.py",
     "float() of an array with one axis is refused",
     "float(scaling ** self.x.shape[1])", "float(scaling[0] ** self.x.shape[1])", 1),
    ("chainer_tests/functions_tests/loss_tests/test_softmax_cross_entropy.py",
     "the expected value overflows where it is summed in float16",
     "loss_expect = 0.0\n        count", "loss_expect = numpy.float64(0)\n        count", 1),
    ("onnx_chainer_tests/functions_tests/test_arrays.py",
     "numpy.bool was deprecated from NumPy 1.20 to 1.26", "np.bool)", "bool)", 1),
    ("onnx_chainer_tests/functions_tests/test_connections.py",
     "numpy.int is gone; it was int", "np.int,", "int,", 1),
    ("onnx_chainer_tests/test_export_testcase.py",
     "pytest.warns(None) is gone; a warning is an error here anyway",
     "    with pytest.warns(None):\n", "    if True:\n", 2),
]


def copy_tests(checkout: Path, folder: Path, part: str = "chainer") -> None:
    """Copy the tests of a part and their settings, and mend the copy."""
    tests = folder / "tests"
    shutil.copytree(checkout / "tests" / PARTS[part], tests / PARTS[part])
    shutil.copy(checkout / "tests" / "conftest.py", tests)
    shutil.copy(checkout / "setup.cfg", folder)  # pytest's: every warning is an error
    for name, why, find, put, times in MENDS:
        path = tests / name
        if not name.startswith(PARTS[part]):
            continue
        text = path.read_text(encoding="utf-8")
        if text.count(find) != times:
            sys.exit(f"{name}: {find!r} ({why}) must be there {times} time(s): "
                     "is this the tag v7.8.1?")
        path.write_text(text.replace(find, put), encoding="utf-8")


def run_by_mpi(folder: Path, options: Sequence[str]) -> tuple[collections.Counter[str], int]:
    """Run each file of tests in two processes that talk by MPI; count those of the first.

    A file on its own, since a test that fails in one process alone leaves the other waiting.
    """
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
           "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
           **os.environ}
    env["PATH"] = os.path.dirname(sys.executable) + os.pathsep + env["PATH"]
    counts, worst = collections.Counter[str](), 0
    for file in test_files(folder):
        command = ["mpiexec", "-n", "2", sys.executable, os.path.abspath(__file__), "--rank",
                   *OPTIONS, *options, file]
        try:
            code = subprocess.run(command, cwd=folder, env=env, timeout=LONGEST).returncode
        except subprocess.TimeoutExpired:
            print(f"{file} stood still for {LONGEST} seconds.")
            counts["error"] += 1
            code = 1
        logs = [log.read_text(encoding="utf-8") for log in sorted(folder.glob("rank*.log"))]
        print(file, *(log for log in logs if code not in (0, NOTHING)), sep="\n")
        counts.update(count(logs[0].rstrip().rpartition("\n")[2]) if logs else {})
        worst = max(worst, 0 if code == NOTHING else code)
        for log in folder.glob("rank*.log"):
            log.unlink()
    return counts, worst


def run_a_rank(options: list[str]) -> int:
    """Be one of the processes of run_by_mpi: write to a file of its own."""
    from mpi4py import MPI

    with open(f"rank{MPI.COMM_WORLD.rank}.log", "w", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        import pytest
        code = pytest.main(options)
        sys.stdout.flush()
    return code


def test_files(folder: Path) -> list[str]:
    """The files of tests in a folder, as pytest is told them there."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("test_*.py"))


def count(line: str) -> collections.Counter[str]:
    """Return the numbers of pytest's last line."""
    return collections.Counter(
        {what: int(n) for n, what in re.findall(r"(\d+) ([a-z]+)", line)})


def run(folder: Path, processes: int,
        options: Sequence[str]) -> tuple[collections.Counter[str], int]:
    """Run the tests in some processes (pytest-xdist refuses names that hold an address)."""
    files = test_files(folder)
    # The cores are for the processes, not for threads within each.
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg", **os.environ}
    command = [sys.executable, "-m", "pytest", *OPTIONS, *options]
    logs = [tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(processes)]
    running = [
        subprocess.Popen([*command, *files[i::processes]], cwd=folder, env=env, stdout=log)
        for i, log in enumerate(logs)
    ]
    counts = collections.Counter[str]()
    for process, log in zip(running, logs):
        process.wait()
        log.seek(0)
        output = log.read()
        print(output)
        last = output.rstrip().rpartition("\n")[2]
        counts.update(count(last))
    return counts, max(process.returncode for process in running)


def main() -> int:
    """Run the tests of a part, and print how many did what."""
    if sys.argv[1:2] == ["--rank"]:
        return run_a_rank(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkout", type=Path, help="Chainer's repository at the tag v7.8.1")
    parser.add_argument("-n", type=int, default=1, help="processes (1)")
    parser.add_argument("--part", choices=PARTS, default="chainer")
    arguments, options = parser.parse_known_args()

    import chainer

    print("Chainer of", os.path.dirname(chainer.__file__), "on Python", sys.version)
    chainer.print_runtime_info()
    with tempfile.TemporaryDirectory() as folder:
        copy_tests(arguments.checkout, Path(folder), arguments.part)
        if arguments.part == "chainermn":
            counts, code = run_by_mpi(Path(folder), options)
        else:
            counts, code = run(Path(folder), arguments.n, options)
    for what in ("passed", "failed", "error", "errors", "skipped", "xfailed", "xpassed"):
        print(f"{what}: {counts[what]}")
    return code


if __name__ == "__main__":
    sys.exit(main())
