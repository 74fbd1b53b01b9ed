"""Grades as tables: for one reader, and for a folder of submissions."""
import csv
import json
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from assignments.grade import SECONDS, WORKERS, assignment_of, grade_submission, isolation
from assignments.masters import find_masters
from assignments.submissions import read_submission
from common.errors import CourseError


def table(result):
    """Return a result as text: a line for each exercise, the total, what to read again."""
    lines = [f"{result['assignment'] or 'No assignment'}: {result['name']}"]
    if result["status"] != "graded":
        lines += ["", result["status"]]
    lines += [""] * bool(result["exercises"])
    width = max([len(row["exercise"]) for row in result["exercises"]], default=0)
    for row in result["exercises"]:
        lines.append(f"{row['exercise']:{width}}  {row['points']:2} / {row['of']:<2}  "
                     + (row["why"] or "passed"))
    lines.append(f"{'Total':{width}}  {result['points']:2} / {result['of']:<2}")
    if again := read_again(result):
        lines += ["", f"Read again, in chapters/{result['assignment']}.ipynb: {again}"]
    return "\n".join(lines)


def read_again(result):
    """Return the sections to read again, each once."""
    return ", ".join(dict.fromkeys(row["read_again"] for row in result["exercises"]
                                   if row["read_again"]))


def report(result):
    """Return a result as a page of Markdown."""
    lines = [f"# {plain(result['name'])}: {result['points']} of {result['of']} points", "",
             f"Assignment {result['assignment']}. {plain(result['status'])}", "",
             "| Exercise | Points | |", "|---|---|---|"]
    lines += [f"| {plain(row['exercise'])} | {row['points']} / {row['of']} | "
              f"{plain(row['why'] or 'passed')} |" for row in result["exercises"]]
    if again := read_again(result):
        lines += ["", f"Read again in chapter {result['assignment'][:2]}: {plain(again)}"]
    return "\n".join(lines) + "\n"


def plain(text):
    """Return text that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>|#!~$])", r"\\\1", " ".join(text.split()))


def cell(text):
    """Return text that a spreadsheet does not take for a formula."""
    return "'" + text if str(text)[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def grade_folder(folder, number=None, out=None, jobs=None, seconds=SECONDS, as_json=False):
    """Grade every submission in a folder; write grades.csv, grades.json and a page for each.

    number: the assignment, else the one that most submissions are of. out: where to write, else
    beside the folder. jobs: how many at once. The same submissions give the same bytes.
    """
    folder = Path(folder).resolve()
    out = Path(out).resolve() if out else folder.with_name(folder.name + "_grades")
    paths = sorted(path for path in folder.iterdir()
                   if not path.name.startswith((".", "__")) and path != out)
    if not paths:
        raise CourseError(f"There is no submission in {folder}.")
    stem = next(iter(find_masters(number))) if number else most_common(paths)
    results, jobs = {}, jobs or os.cpu_count() or 1
    if not isolation():
        print("The answers run without isolation here; assignments/README.md says what that means.")
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(grade_submission, name_of(path), path, stem, seconds, [folder, out]):
                   path for path in paths}
        try:
            for done in tqdm(as_completed(waiting), total=len(paths), desc=stem, disable=None):
                results[waiting[done]] = done.result()
        except BaseException:  # Control-C above all: do not wait for those that run
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in list(WORKERS):
                worker.kill()
            raise
    results = [results[path] for path in paths]
    write(out, stem, results)
    if as_json:
        print(json.dumps(results, indent=2, ensure_ascii=False))
    else:
        for result in results:
            note = "" if result["status"] == "graded" else "  " + result["status"]
            print(f"{result['points']:3} / {result['of']:<3} {result['name']}{note}")
        print(f"grades.csv, grades.json and a page for each reader are in {out}.")


def name_of(path):
    """Return a file's name as text that can be written, whatever bytes it is made of."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def most_common(paths):
    """Return the assignment that most of these files are submissions of."""
    found = Counter()
    for path in paths:
        try:
            found[assignment_of(read_submission(path))] += 1
        except CourseError:
            continue
    if not found:
        raise CourseError("None of these files is a submission; name the number of an assignment.")
    return min(found, key=lambda stem: (-found[stem], stem))


def write(out, stem, results):
    """Write the grades of one assignment into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    titles = [f"{row['exercise']} [{row['of']}]" for row in results[0]["exercises"]]
    with open(out / "grades.csv", "w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["name", *titles, "total", "status"])
        for result in results:
            points = [row["points"] for row in result["exercises"]]
            lines.writerow([cell(result["name"]), *points, result["points"],
                            cell(result["status"])])
    grades = {"assignment": stem, "submissions": results}
    (out / "grades.json").write_text(json.dumps(grades, indent=2, ensure_ascii=False) + "\n",
                                     encoding="utf-8", newline="\n")
    for number, result in enumerate(results, 1):
        name = re.sub(r"[^\w.-]+", "_", Path(result["name"]).stem)[:60]
        (out / f"{number:03}_{name}.md").write_text(report(result), encoding="utf-8", newline="\n")
