"""How long a circle's submissions of one assignment take to grade.

    python tests/benchmarks/grading.py 03 --submissions 30
"""
import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import nbformat

from assignments.batch import grade_folder
from assignments.masters import find_masters, read_master, release


def main():
    """Two thirds are right, a third has one exercise unanswered or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", help="of the assignment")
    parser.add_argument("--submissions", type=int, default=30, help="(%(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="at once (%(default)s)")
    arguments = parser.parse_args()
    (stem, path), = find_masters(arguments.number).items()
    exercises = read_master(path)[1]
    answers = {name: each.solution for name, each in exercises.items()}
    names = list(exercises)
    with tempfile.TemporaryDirectory() as folder:
        handed_in = Path(folder) / "in"
        handed_in.mkdir()
        for number in range(arguments.submissions):
            filled = dict(answers)
            if number % 3 == 2:
                name = names[number // 3 % len(names)]
                filled[name] = exercises[name].blank + ("\n# later" if number % 2 else "")
            notebook = nbformat.reads(release(path), as_version=4)
            for cell in notebook.cells:
                cell.source = filled.get(cell.id, cell.source)
            nbformat.write(notebook, handed_in / f"reader{number:02}.ipynb")
        start = time.perf_counter()
        grade_folder(handed_in, arguments.number, Path(folder) / "out", arguments.jobs)
        seconds = time.perf_counter() - start
        grades = json.loads((Path(folder) / "out" / "grades.json").read_text(encoding="utf-8"))
    full = sum(result["points"] == result["of"] for result in grades["submissions"])
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{stem}: {arguments.submissions} submissions, {full} with full marks, "
          f"{arguments.jobs} at once: {seconds:.0f} s{load}")


if __name__ == "__main__":
    main()
