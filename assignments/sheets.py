"""Grades as tables for spreadsheets and learning platforms, which read CSV."""
import csv
import io
from collections.abc import Iterable
from typing import Any

from assignments.results import Result, in_a_sheet

NOT_YET = "not graded yet"  # the status of a hand-in that its turn has not come to
# The headings of the tables, without the names of exercises and assignments.
LAST = ["total", "status", "identifier", "note"]
MOODLE = ["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"]
CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
MOST = ["    Points Possible", "", "", "", ""]  # Canvas' second row


def grades(results: list[Result]) -> str:
    """The circle's own table: a row for each hand-in; what could not be judged stays empty."""
    titles = [f"{row.exercise} [{row.of}]" for row in results[0].exercises] if results else []
    return _csv([["name", *titles, *LAST], *(
        [result.name, *[row.points for row in result.exercises], result.points, result.status,
         result.reader, result.note] for result in results)])


def moodle(results: list[Result]) -> str:
    """Moodle's offline grading worksheet: Grades > Upload grading worksheet."""
    return _csv([MOODLE, *([f"Participant {result.reader}", result.name, result.points, result.of,
                            feedback(result)] for result in results if result.lms == "moodle")])


def canvas(results: list[Result]) -> str:
    """Canvas' gradebook: Grades > Import. The ID finds the student, whatever the name is."""
    chosen = [result for result in results if result.lms == "canvas"]
    title = chosen[0].assignment if chosen else ""
    head, most = [*CANVAS, title], [*MOST, chosen[0].of if chosen else ""]
    return _csv([head, most, *([result.name, result.reader, "", "", "", result.points]
                               for result in chosen)])


TABLES = {"grades": grades, "moodle": moodle, "canvas": canvas}


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a table in CSV, without those that are empty."""
    text = content.decode("utf-8-sig", "replace")
    return [row for row in csv.reader(io.StringIO(text)) if any(row)]


def says_nothing(row: list[str]) -> bool:
    """Whether a row is a heading, or that of a hand-in that was not graded yet."""
    return (row[-len(LAST):] == LAST or row == MOODLE or row[:len(CANVAS)] in (CANVAS, MOST)
            or any(cell.startswith(NOT_YET) for cell in row) or row[2:] == [""] * 4)


def feedback(result: Result) -> str:
    """Return in one line what failed."""
    lost = [f"{row.exercise}: {row.why}" for row in result.exercises if row.why]
    return " / ".join([*([result.status] if result.status != "graded" else []), *lost,
                       *([result.note] if result.note else [])])


def similar(rows: Iterable[tuple]) -> str:
    """The table of answers that are nearly the same (similarity.py)."""
    return _csv([("exercise", "name", "name", "same", "words"), *rows])


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(
        ["" if value is None else in_a_sheet(value) for value in row] for row in rows)
    return "\ufeff" + file.getvalue()  # by which spreadsheets know UTF-8
