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

os.environ["MNIST_SAMPLE"] = "1"  # before the course comes: a chapter must end in a minute or two

from peers import say_machine  # noqa: E402

from common.threads import VARIABLES  # noqa: E402
from common.tools.notebooks import execute, find_chapters  # noqa: E402

TARGET = 3  # times the quiet time, at most
BUSY = 4


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


def seconds(path, processes):
    """How long a chapter takes, with so many busy processes beside it."""
    with company(processes):
        start = time.perf_counter()
        problem = execute(path)[1]
        took = time.perf_counter() - start
    if problem:
        raise SystemExit(f"{path.stem} failed: {problem}")
    return took


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
        ratios = {}
        for path in find_chapters(options.chapters):
            alone, busy = (min(column) for column in zip(*(
                (seconds(path, 0), seconds(path, options.busy)) for _ in range(options.rounds))))
            ratios[path.stem[:2]] = busy / alone
            print(f"| {path.stem[:2]} | {alone:.1f} | {busy:.1f} | {busy / alone:.2f} |",
                  flush=True)
    above = [f"{name} ({ratio:.2f})" for name, ratio in ratios.items() if ratio > TARGET]
    print(f"\nMedian {statistics.median(ratios.values()):.2f}, largest "
          f"{max(ratios.values()):.2f}; target at most {TARGET}. Above it: "
          f"{', '.join(above) or 'none'}.")


if __name__ == "__main__":
    main()
