"""What grading finds: the points of one submission, and the table that a reader sees."""
import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Any

from common.language import _, language


@dataclass
class Row:
    """One exercise. points: None where this machine, not the answer, was at fault."""
    exercise: str
    points: int | None
    of: int
    why: str = ""         # what fails, empty where nothing does
    read_again: str = ""  # the section of the chapter, where something fails
    code: str = ""        # the reader's own
    printed: str = ""     # by the answer and its visible checks


@dataclass
class Result:
    """One submission. Where it came from a learning platform, lms says which, "moodle" or
    "canvas", and reader is the number that its reader has there."""
    name: str
    assignment: str | None
    status: str
    exercises: list[Row] = field(default_factory=list)
    note: str = ""
    reader: str = ""
    lms: str = ""
    key: str = ""   # a hash of all that the grade depends on
    page: str = ""  # the file name of the reader's page
    lang: str = "en"  # of the reasons, and of the page

    @property
    def points(self) -> int | None:
        """The points of all exercises; None where they could not be judged."""
        points = [row.points for row in self.exercises if row.points is not None]
        return sum(points) if len(points) == len(self.exercises) else None

    @property
    def of(self) -> int:
        return sum(row.of for row in self.exercises)

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold, points and all."""
        whole = asdict(self)
        rows = whole.pop("exercises")
        return {**whole, "points": self.points, "of": self.of, "exercises": rows}

    @classmethod
    def from_dict(cls, whole: dict[str, Any]) -> "Result":
        """Return the result that `as_dict` wrote; raise TypeError or KeyError for others."""
        rows = [Row(**row) for row in whole["exercises"]]
        rest = {name: value for name, value in whole.items()
                if name not in ("points", "of", "exercises")}
        return cls(**rest, exercises=rows)

    def read_again(self) -> str:
        """The sections to read again, each once."""
        sections = dict.fromkeys(row.read_again for row in self.exercises if row.read_again)
        return (", " if language() == "en" else "、").join(sections)


def table(result: Result) -> str:
    """Return a result as text: a line for each exercise, the total, what to read again."""
    lines = [f"{result.assignment or _('No assignment')}: {result.name}"]
    if result.status != "graded":
        lines += ["", result.status]
    if result.note:
        lines += ["", result.note]
    lines += [""] * bool(result.exercises)
    width = max([len(row.exercise) for row in result.exercises], default=0)
    for row in result.exercises:
        lines.append(f"{row.exercise:{width}}  {shown(row.points):>2} / {row.of:<2}  "
                     + (row.why or _("passed")))
    lines.append(f"{_('Total'):{width}}  {shown(result.points):>2} / {result.of:<2}")
    if again := result.read_again():
        lines += ["", _("Read again, in {chapter}: {sections}").format(
            chapter=chapter(result), sections=again)]
    return "\n".join(lines)


def chapter(result: Result) -> str:
    """Return where the chapter of a result stands, in the language that is chosen."""
    folder = "chapters" if language() == "en" else f"chapters/{language()}"
    return f"{folder}/{result.assignment}.ipynb"


def shown(points: int | None) -> str:
    return "-" if points is None else str(points)


def on_one_line(text: str) -> str:
    """Return text in which nothing moves a cursor, ends a line or turns the reading direction."""
    return "".join(
        c if c.isprintable() and unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp")
        else " " if c.isspace() else c.encode("unicode_escape", "backslashreplace").decode()
        for c in text)


def in_a_sheet(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before text that
    begins with = + - @ after any blanks, half or full in width."""
    if not isinstance(value, str):
        return value
    text = on_one_line(value)
    begins = unicodedata.normalize("NFKC", text).lstrip(" '\u200b\ufeff")[:1]
    return "'" + text if begins and begins in "=+-@−|%" else text
