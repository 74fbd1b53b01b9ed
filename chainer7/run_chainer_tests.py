"""Run Chainer's own tests (their CPU part) against the Chainer that is installed.

    python run_chainer_tests.py CHECKOUT [-n PROCESSES] [options of pytest]

CHECKOUT is a copy of Chainer's repository at the tag v7.8.1. The tests are copied to a
temporary folder, and the copy is mended where a test itself uses what is gone; no expectation
of a test is weakened. Needs pytest, mock, scipy, h5py, matplotlib and Pillow.
"""

import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile
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

# (test file, why, what it says, what it must say, how often it says so)
MENDS = [
    ("test_function_node.py", "numpy.product is gone", "numpy.product(", "numpy.prod(", 1),
    ("test_function.py", "numpy.product is gone", "numpy.product(", "numpy.prod(", 1),
    ("test_backprop_utils.py", "numpy.product is gone", "numpy.product(", "numpy.prod(", 1),
    ("test_variable.py", "numpy.int is gone; it was int", "np.int)", "int)", 2),
    ("serializers_tests/test_npz.py", "numpy.object is gone; it was object",
     "numpy.object)", "object)", 1),
    ("backends_tests/test_cuda.py", "numpy.complex_ is gone; it was complex128",
     "numpy.complex_]", "numpy.complex128]", 2),
    ("backends_tests/test_cuda.py", "numpy.complex_ is gone; it was complex128",
     "numpy.complex_)", "numpy.complex128)", 2),
    ("functions_tests/array_tests/test_pad_sequence.py", "numpy.uint8(-1) is refused",
     "self.dtype(self.pad))", "numpy.array(self.pad).astype(self.dtype))", 1),
    ("functions_tests/math_tests/test_fix.py", "numpy.fix is deprecated",
     "numpy.fix(", "numpy.trunc(", 1),
    ("functions_tests/math_tests/test_det.py", "float() of an array with one axis is refused",
     "float(scaling ** self.x.shape[1])", "float(scaling[0] ** self.x.shape[1])", 1),
    ("functions_tests/loss_tests/test_softmax_cross_entropy.py",
     "the expected value overflows where it is summed in float16",
     "loss_expect = 0.0\n        count", "loss_expect = numpy.float64(0)\n        count", 1),
]


def copy_tests(checkout, folder):
    """Copy the tests and their settings, and mend the copy."""
    tests = folder / "tests"
    shutil.copytree(checkout / "tests" / "chainer_tests", tests / "chainer_tests")
    shutil.copy(checkout / "tests" / "conftest.py", tests)
    shutil.copy(checkout / "setup.cfg", folder)  # pytest's: every warning is an error
    for name, why, find, put, times in MENDS:
        path = tests / "chainer_tests" / name
        text = path.read_text(encoding="utf-8")
        if text.count(find) != times:
            sys.exit(f"{name}: {find!r} ({why}) must be there {times} time(s): "
                     "is this the tag v7.8.1?")
        path.write_text(text.replace(find, put), encoding="utf-8")


def run(folder, processes, options):
    """Run the tests in some processes (pytest-xdist refuses names that hold an address)."""
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("test_*.py"))
    # The cores are for the processes, not for threads within each.
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg", **os.environ}
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-m", SELECTION,
               "-p", "no:cacheprovider", *NEWER_PYTEST, *options]
    logs = [tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(processes)]
    running = [
        subprocess.Popen([*command, *files[i::processes]], cwd=folder, env=env, stdout=log)
        for i, log in enumerate(logs)
    ]
    counts = collections.Counter()
    for process, log in zip(running, logs):
        process.wait()
        log.seek(0)
        output = log.read()
        print(output)
        last = output.rstrip().rpartition("\n")[2]
        counts.update({what: int(n) for n, what in re.findall(r"(\d+) ([a-z]+)", last)})
    return counts, max(process.returncode for process in running)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkout", type=Path, help="Chainer's repository at the tag v7.8.1")
    parser.add_argument("-n", type=int, default=1, help="processes (1)")
    arguments, options = parser.parse_known_args()

    import chainer

    print("Chainer of", os.path.dirname(chainer.__file__), "on Python", sys.version)
    chainer.print_runtime_info()
    with tempfile.TemporaryDirectory() as folder:
        copy_tests(arguments.checkout, Path(folder))
        counts, code = run(Path(folder), arguments.n, options)
    for what in ("passed", "failed", "error", "errors", "skipped", "xfailed", "xpassed"):
        print(f"{what}: {counts[what]}")
    return code


if __name__ == "__main__":
    sys.exit(main())
