"""Time chapters on a quiet machine, and with four busy processes beside them.

    uv run python tests/benchmarks/threads.py

Each chapter runs from top to bottom, on the sample of MNIST, first alone and then with company.
README.md says more.
"""
import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial

os.environ["MNIST_SAMPLE"] = "1"  # before the course comes: a chapter must end in a minute or two

from peers import say_machine  # noqa: E402

from common.threads import VARIABLES  # noqa: E402
from common.tools.notebooks import execute, find_chapters  # noqa: E402

TARGET = 3  # times the quiet time, at most
BUSY = 4
# One thread that computes and never waits: what the machine itself makes of company.
CONTROL = """
import numpy as np
x = np.ones((500, 500), np.float32)
for _ in range(1500):
    x = np.tanh(x @ x)
"""


@contextlib.contextmanager
def company(processes):
    """Keep so many processes busy, and end them."""
    # Linux may share the processors among sessions. With one of its own each of them counts, as
    # the kernel of a notebook does.
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
            for _ in range(processes)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def seconds(work, processes):
    """How long some work takes, with so many busy processes beside it."""
    with company(processes):
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def alone_and_busy(work, processes, rounds):
    """The fastest of so many rounds, in seconds: alone, and with company."""
    return [min(column) for column in zip(*(
        (seconds(work, 0), seconds(work, processes)) for _ in range(rounds)))]


def control():
    """Compute in one thread of a process of its own."""
    subprocess.run([sys.executable, "-c", CONTROL], check=True, start_new_session=True,
                   env={**os.environ, **{name: "1" for name in VARIABLES}})


def run_chapter(path):
    """Run a chapter from top to bottom; end the benchmark where it fails."""
    problem = execute(path)[1]
    if problem:
        raise SystemExit(f"{path.stem} failed: {problem}")


def row(name, alone, busy):
    print(f"| {name} | {alone:.1f} | {busy:.1f} | {busy / alone:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", metavar="NN", help="numbers (default: all)")
    parser.add_argument("--busy", type=int, default=BUSY, metavar="N",
                        help="processes beside a chapter (%(default)s)")
    parser.add_argument("--rounds", type=int, default=1, help="alone and with company, so many "
                        "times; the fastest of each counts (%(default)s)")
    parser.add_argument("--threads", type=int, metavar="N",
                        help="for NumPy's products (default: as the course chooses, which is one)")
    options = parser.parse_args()
    for name in VARIABLES:
        os.environ.pop(name, None)
    if options.threads:
        os.environ["OMP_NUM_THREADS"] = str(options.threads)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    say_machine(f"Chapters with {options.busy} busy processes beside them")
    print(f"A fair share would take {max(1, (options.busy + 1) / cores):.1f} times as long.\n")
    print("| chapter | alone, s | with company, s | ratio |\n| --- | --- | --- | --- |")
    # A scratch folder, so that what chapters leave beside them is no part of the course.
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["TMPDIR"] = scratch
        row("one thread", *alone_and_busy(control, options.busy, options.rounds))
        ratios = {}
        for path in find_chapters(options.chapters):
            alone, busy = alone_and_busy(partial(run_chapter, path), options.busy, options.rounds)
            ratios[path.stem[:2]] = busy / alone
            row(path.stem[:2], alone, busy)
    above = [f"{name} ({ratio:.2f})" for name, ratio in ratios.items() if ratio > TARGET]
    print(f"\nMedian {statistics.median(ratios.values()):.2f}, largest "
          f"{max(ratios.values()):.2f}; target at most {TARGET}. Above it: "
          f"{', '.join(above) or 'none'}.")


if __name__ == "__main__":
    main()
