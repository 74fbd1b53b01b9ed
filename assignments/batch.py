"""Grades what a circle handed in, each result saved as it comes."""
import hashlib
import json
import os
import re
import signal
import sys
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from assignments import sheets
from assignments.grade import (
    SECONDS,
    STOP,
    assignment_of,
    grade_submission,
    isolation,
    not_graded,
    say,
)
from assignments.handins import HandIn, choose, collect, shown
from assignments.masters import ASSIGNMENTS, find_masters
from assignments.pages import MARK, page
from assignments.results import Result, on_one_line
from assignments.results import shown as points
from assignments.similarity import similar_pairs
from assignments.submissions import language_of, read_submission
from common.course import COURSE, CourseError, leave_others, write_file
from common.language import speaking

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # no file names on Windows


def grade_folder(place: str | Path, number: str | None = None, out: str | Path | None = None,
                 jobs: int | None = None, seconds: float = SECONDS, as_json: bool = False,
                 similar: bool = False, again: bool = False, lang: str | None = None) -> int:
    """Grade every hand-in in a folder or zip; write grades.csv, grades.json and a page for each.

    number: the assignment, else the one that most hand-ins are of. out: where to write, else
    beside the folder. jobs: how many at once. similar: write similar.csv too. again: grade also
    what was graded before and is unchanged. lang: of pages and reasons, else that of each
    notebook. The same hand-ins give the same bytes. Returns 0, or
    3 where this machine failed to grade some.
    """
    place = Path(place).resolve()
    name = place.stem if place.is_file() else place.name
    out = Path(out).resolve() if out else place.with_name(f"{name}_grades")
    if out == place:
        raise CourseError(f"The grades cannot go into {place}, among what was handed in: choose "
                          "another folder (--out).")
    hand_ins, junk = collect(place, without=out)
    if not hand_ins:
        raise CourseError(f"There is no submission in {place}.")
    stem = next(iter(find_masters(number))) if number else most_common(hand_ins)
    batch = Batch(out, stem, hand_ins, seconds, hidden=(place, out), lang=lang)
    batch.begin(again)
    tell = _to_stderr if as_json else say
    if junk:
        tell("Passed over: " + ", ".join(map(shown, junk)))
    if reason := isolation():
        print(f"The answers run without isolation here: {reason} What that means stands in "
              "assignments/README.md.", file=sys.stderr)
    with stopping_at_once():
        try:
            batch.run(jobs or os.cpu_count() or 1, tell)
        except KeyboardInterrupt:
            print(f"Stopped. What was graded so far is in {out}; the same command goes on.",
                  file=sys.stderr)
            raise
    if similar:
        write_file(out / "similar.csv", sheets.similar(similar_pairs(batch.results())))
    results = batch.results()
    failed = [result for result in results if result.points is None]
    if as_json:
        say(json.dumps([result.as_dict() for result in results], indent=2, ensure_ascii=False))
    else:
        say(f"{len(results) - len(failed)} of {len(results)} graded. grades.csv, grades.json and a "
            f"page for each reader are in {out}.")
    if failed:
        _to_stderr(f"Not graded, since this machine failed: {', '.join(r.name for r in failed)}. "
                   "Their points are empty; run the command again.")
    return 3 if failed else 0


class Batch:
    """The hand-ins of one assignment, their results so far, and the folder that keeps them."""

    def __init__(self, out: Path, stem: str, hand_ins: list[HandIn], seconds: float,
                 hidden: tuple[Path, ...], lang: str | None = None):
        self.out, self.stem, self.hand_ins = out, stem, hand_ins
        self.seconds, self.hidden, self.lang = seconds, hidden, lang
        self.done: dict[int, Result] = {}
        self.before: dict[str, Result] = {}  # of an earlier run, by key
        self.pages = file_names([each.name for each in hand_ins])
        self.lock = threading.Lock()

    def begin(self, again: bool = False) -> None:
        """Read what an earlier run left in the folder, remove its pages of readers who are no
        longer there, and see that the folder can be written to."""
        submissions, earlier = _submissions(self.out / "grades.json"), []
        for whole in submissions:
            with suppress(TypeError, KeyError, AttributeError):
                earlier.append(Result.from_dict(whole))
        self.leave_others(earlier)
        self.before = {result.key: result for result in earlier
                       if result.key and result.points is not None and not again}
        self.save()
        for whole in submissions:
            name = whole.get("page")
            if isinstance(name, str) and re.fullmatch(r"[\w.-]+\.html", name) and \
                    name not in self.pages and MARK in _content(self.out / name):
                (self.out / name).unlink(missing_ok=True)

    def leave_others(self, earlier: list[Result]) -> None:
        """Raise CourseError where a file of the organiser's is in the place of one of ours, or
        rows were added or changed by hand in a table of ours.

        earlier: the results that grades.json holds.
        """
        leave_others(self.out / "grades.json", b'"submissions": [')
        leave_others(self.out / "similar.csv", sheets.similar([]).strip("\ufeff\n").encode())
        for name in self.pages:
            leave_others(self.out / name, MARK)
        for name, table in sheets.TABLES.items():
            own = [row for row in sheets.rows_of(_content(self.out / f"{name}.csv"))
                   if not sheets.says_nothing(row)]
            known = sheets.rows_of(table(earlier).encode()) if earlier else []
            if any(row not in known for row in own):
                raise CourseError(
                    f"{self.out / name}.csv has rows that no grading wrote, and would be "
                    "overwritten: it stays. Rename it, or choose another folder (--out).")

    def run(self, jobs: int, tell: Callable[[str], None]) -> None:
        """Grade all, `jobs` at once; save each result and tell of it as it comes."""
        pool = ThreadPoolExecutor(jobs)
        try:
            waiting = {pool.submit(self.grade_one, place): place
                       for place in range(len(self.hand_ins))}
            for future in as_completed(waiting):
                place, result = waiting[future], future.result()
                with self.lock:
                    self.done[place] = result
                    with speaking(result.lang):
                        write_file(self.out / result.page, page(result))
                    self.save()
                note = "" if result.status == "graded" else f"  {result.status}"
                tell(f"[{len(self.done)}/{len(self.hand_ins)}] {points(result.points):>3} / "
                     f"{result.of:<3} {result.name}{note}")
        except BaseException:
            STOP.set()
            pool.shutdown(wait=False, cancel_futures=True)
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    child.terminate()  # a runner takes its kernel and its folder with it
            raise
        finally:
            pool.shutdown()
            STOP.clear()

    def grade_one(self, place: int) -> Result:
        """Return the result of one hand-in: of an earlier run where nothing has changed."""
        hand_in, note, key, lang = self.hand_ins[place], "", "", self.lang or "en"
        try:
            with speaking(lang):
                content, say_note = choose(hand_in, self.fits)
            lang = self.lang or language_of(content)
            key = self.key(content + lang.encode())
            with speaking(lang):
                note = say_note()
                result = self.before.get(key) or grade_submission(
                    hand_in.name, content, self.stem, self.seconds, self.hidden)
        except CourseError as error:
            with speaking(lang):
                result = not_graded(hand_in.name, self.stem, str(error))
        except Exception as error:  # a fault of ours with one hand-in never stops the others
            problem = on_one_line(f"Not graded: {type(error).__name__}: {error}")
            result = not_graded(hand_in.name, self.stem, problem, points=None)
        return Result(hand_in.name, result.assignment, result.status, result.exercises, note,
                      hand_in.reader, hand_in.lms, key, self.pages[place], lang)

    def fits(self, content: bytes) -> bool:
        """Whether a notebook is one of this assignment."""
        return assignment_of(read_submission(content)) == self.stem

    def key(self, content: bytes) -> str:
        """Return a hash of a submission and of all that its grade depends on."""
        whole = hashlib.sha256(content)
        for part in (find_masters()[self.stem].read_bytes(), self.stem.encode(),
                     str(self.seconds).encode(), code_of_the_course()):
            whole.update(hashlib.sha256(part).digest())
        return whole.hexdigest()

    def results(self) -> list[Result]:
        """The results so far, in the order of the names."""
        return [self.done[place] for place in sorted(self.done)]

    def save(self) -> None:
        """Write grades.json, grades.csv and the tables of the platforms, each whole."""
        whole = {"assignment": self.stem,
                 "submissions": [result.as_dict() for result in self.results() + self.kept()]}
        write_file(self.out / "grades.json",
                   json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
        rows = [self.done.get(place) or not_graded(each.name, self.stem, sheets.NOT_YET,
                                                    points=None)
                for place, each in enumerate(self.hand_ins)]
        for name, table in sheets.TABLES.items():
            if name == "grades" or any(each.lms == name for each in self.hand_ins):
                write_file(self.out / f"{name}.csv", table(rows))

    def kept(self) -> list[Result]:
        """Results of an earlier run that this one has not come to: an interruption loses none."""
        if len(self.done) == len(self.hand_ins):
            return []
        keys = {result.key for result in self.done.values()}
        # A hand-in that is graded anew, changed or with other --seconds, has another key.
        whose = {_whose(result) for result in self.done.values()}
        return [result for key, result in sorted(self.before.items())
                if key not in keys and _whose(result) not in whose]


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """Let a signal that ends programs stop a batch as Ctrl-C does."""
    def stop(*_):
        raise KeyboardInterrupt
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, stop) for number in numbers} if main else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def most_common(hand_ins: list[HandIn]) -> str:
    """Return the assignment that most of these hand-ins are of."""
    found: Counter = Counter()
    for hand_in in hand_ins:
        for file in hand_in.notebooks():
            with suppress(CourseError):
                found[assignment_of(read_submission(file.read()))] += 1
                break
    if not found:
        raise CourseError("None of these files is a submission; name the number of an assignment.")
    return min(found, key=lambda stem: (-found[stem], stem))


def file_names(names: list[str]) -> list[str]:
    """Return a file name for the page of each name, all different on any file system."""
    taken: set[str] = set()
    made = []
    for name in names:
        stem = re.sub(r"\.ipynb$", "", unicodedata.normalize("NFC", name), flags=re.IGNORECASE)
        stem = re.sub(r"[^\w-]+", "_", stem).strip("_")[:60]
        stem = stem.encode()[:180].decode(errors="ignore") or "reader"  # a name has 255 bytes
        stem += "_" if RESERVED.fullmatch(stem) else ""
        number, chosen = 1, stem
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{stem}_{number}"
        taken.add(chosen.casefold())
        made.append(f"{chosen}.html")
    return made


def code_of_the_course() -> bytes:
    """Return a hash of what grades and what answers import."""
    whole = hashlib.sha256()
    for folder in (ASSIGNMENTS, COURSE / "common", COURSE / "dataset"):
        for path in sorted(folder.glob("*.py")):
            whole.update(path.read_bytes())
    return whole.digest()


def _whose(result: Result) -> tuple[str, str, str]:
    return result.name, result.lms, result.reader


def _submissions(path: Path) -> list[dict]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["submissions"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [whole for whole in found if isinstance(whole, dict)] if isinstance(found, list) else []


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
