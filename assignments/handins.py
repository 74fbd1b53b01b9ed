"""What a circle hands in: a folder or a zip, of files or of a folder for each reader, as mail or a
learning platform (Moodle, Canvas) hands it out. One hand-in for each reader."""
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assignments.results import on_one_line
from assignments.submissions import LARGEST, content_of
from common.course import CourseError
from common.language import _, language

JUNK = re.compile(r"thumbs\.db|ehthumbs.*\.db|desktop\.ini|\.ds_store|icon\r|__macosx|\.localized|"
                  r"\.ipynb_checkpoints|__pycache__|\.git|\.gitignore|\.gitkeep|\.gitattributes|"
                  r"\.directory|\.spotlight-v100|\.trashes|\.fseventsd|\._.*|~\$.*|\.nfs\d.*",
                  re.IGNORECASE)
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<hand>\d+)_(?P<file>.+)")
MANY = 20_000  # files in a zip
NOTEBOOKS, ZIPS = 50, 20  # of one reader that are looked into: each may unpack to 100 MB


@dataclass
class File:
    """One file of a hand-in. when: what tells a newer one; read: gives its bytes."""
    name: str
    when: tuple
    read: Callable[[], bytes]
    late: bool = False


@dataclass
class HandIn:
    """What one reader handed in. lms: "moodle", "canvas" or ""; reader: the number there."""
    name: str
    lms: str = ""
    reader: str = ""
    files: list[File] = field(default_factory=list)
    is_folder: bool = False

    def notebooks(self) -> list[File]:
        """The files that may be the notebook, the newest first; zips are looked into."""
        files = [inner for each in self.files for inner in _unpacked(each)]
        if self.is_folder or len(files) > 1 or files != self.files:
            # Mail and browsers add to the ending: "03.ipynb.txt", "03.ipynb のコピー".
            ends = [each.name.lower().rpartition("/")[2].partition(".ipynb") for each in files]
            files = ([each for each, end in zip(files, ends) if end[1:] == (".ipynb", "")]
                     or [each for each, end in zip(files, ends) if end[1]])
        return sorted(files, key=lambda each: each.when, reverse=True)[:NOTEBOOKS]


def collect(place: Path, without: Path | None = None) -> tuple[list[HandIn], list[str]]:
    """Return the hand-ins of a folder or zip in the order of their names, and the names of files
    that are no hand-ins, such as Thumbs.db. without: a folder in there to pass over."""
    found: dict[tuple[str, str], HandIn] = {}
    junk: list[str] = []
    for parts, file in _walk(place, without):
        if any(JUNK.fullmatch(part) for part in parts):
            junk.append(parts[-1])
            continue
        top = parts[0]
        lms, known = _lms(top)
        key = (lms, known["id"]) if known else ("", top)
        name = known["name"] if known else top
        hand_in = found.setdefault(key, HandIn(shown(name), lms, known["id"] if known else ""))
        hand_in.is_folder |= len(parts) > 1 or file is None
        if file is not None:
            file.late = bool(known and known.groupdict().get("late"))
            hand_in.files.append(file)
    _tell_apart(list(found.values()))
    return sorted(found.values(), key=lambda each: (each.name, each.reader)), sorted(set(junk))


def choose(hand_in: HandIn, fits: Callable[[bytes], bool]) -> tuple[bytes, Callable[[], str]]:
    """Return the bytes of the notebook that counts, and what says in the language that is chosen
    then where there was a choice.

    The newest counts that fits, else the newest. Raises CourseError where there is none.
    """
    files = hand_in.notebooks()
    if not files:
        raise CourseError(_("This is a folder without a notebook.") if hand_in.is_folder else
                          _("This is a zip without a notebook.") if len(hand_in.files) == 1 else
                          _("These are several files without a notebook."))
    chosen = files[0]
    if len(files) > 1:
        for each in files:
            try:
                if fits(each.read()):
                    chosen = each
                    break
            except CourseError:
                continue
    return chosen.read(), lambda: _note(len(files), chosen)


def _note(number: int, chosen: File) -> str:
    notes = []
    if number > 1:
        notes.append(_("{n} notebooks were handed in; the newest that fits counts: {name}.").format(
            n=number, name=shown(chosen.name)))
    if chosen.late:
        notes.append(_("Handed in late."))
    return (" " if language() == "en" else "").join(notes)


def shown(name: str) -> str:
    """Return a name that can be written and printed, whatever bytes it is made of."""
    return on_one_line(os.fsencode(name).decode("utf-8", "backslashreplace"))


def _lms(top: str) -> tuple[str, re.Match | None]:
    for lms, pattern in (("moodle", MOODLE), ("canvas", CANVAS)):
        if known := pattern.fullmatch(top):
            return lms, known
    return "", None


def _tell_apart(hand_ins: list[HandIn]) -> None:
    """Add the number of the platform to a name that two readers have."""
    names = [each.name for each in hand_ins]
    for each in hand_ins:
        if names.count(each.name) > 1 and each.reader:
            each.name += f" ({each.reader})"


def _walk(place: Path, without: Path | None) -> Iterator[tuple[tuple[str, ...], File | None]]:
    """The files below a folder or in a zip, with the names that lead to them; None for a folder."""
    if place.is_dir():
        for path in sorted(place.iterdir()):
            if path != without:
                yield from _walk_path(path, (path.name,))
        return
    members = [(tuple(part for part in file.name.split("/") if part), file)
               for file in _members(content_of_zip(place))]
    tops = {parts[0] for parts, _file in members if not JUNK.fullmatch(parts[0])}
    if len(tops) == 1 and all(len(parts) > 1 for parts, _file in members if parts[0] in tops) and \
            not _lms(next(iter(tops)))[1]:  # the folder itself was zipped
        members = [(parts[1:] if parts[0] in tops else parts, file) for parts, file in members]
    yield from members


def _walk_path(path: Path, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], File | None]]:
    facts = path.lstat()
    if stat.S_ISDIR(facts.st_mode) and not JUNK.fullmatch(path.name):
        yield parts, None
        try:
            inside = sorted(path.iterdir()) if len(parts) < 8 else []
        except OSError:
            inside = []
        for each in inside:
            yield from _walk_path(each, (*parts, each.name))
    else:
        yield parts, File(path.name, (facts.st_mtime, _natural(path.name)),
                          lambda: content_of(path))


def content_of_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip; raise CourseError where it is none."""
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise CourseError(_("{name} is not a zip, or it is damaged ({error}).").format(
                              name=path.name, error=error)) from None


def _unpacked(file: File, deep: int = 2) -> list[File]:
    """The file itself, or the files in it where it is a zip, with those of a zip in it."""
    try:
        content = file.read()
        if not content.startswith(b"PK\x03\x04"):
            return [file]
        inside = _members(zipfile.ZipFile(io.BytesIO(content)))
    except (CourseError, zipfile.BadZipFile, OSError, ValueError):
        return [file]
    for each in inside:
        each.late = file.late
        each.when = (*file.when, *each.when)
    inside = [each for each in inside
              if not any(JUNK.fullmatch(part) for part in each.name.split("/"))]
    zips = [each for each in inside if deep > 1 and each.name.lower().endswith(".zip")][:ZIPS]
    return [inner for each in inside for inner in (
        _unpacked(each, deep - 1) if any(each is one for one in zips) else [each])]


def _members(packed: zipfile.ZipFile) -> list[File]:
    files = []
    for info in packed.infolist()[:MANY]:
        name = _name_in_zip(info).replace("\\", "/")  # as some programs of Windows write it
        if name.endswith("/") or not name.strip("/"):
            continue

        def read(info=info):
            if info.flag_bits & 1:
                raise CourseError(_("The zip has a password: hand it in without one."))
            try:
                with packed.open(info) as stream:
                    return stream.read(LARGEST + 1)
            except (RuntimeError, NotImplementedError, OSError, EOFError, ValueError,
                    zipfile.BadZipFile) as error:
                raise CourseError(_("The zip cannot be read: {error}.").format(
                                      error=error)) from None
        files.append(File(name, (*info.date_time, _natural(name)), read))
    return files


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """The name of a member: UTF-8 where the zip says so, else what its bytes seem to be."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _natural(name: str) -> tuple:
    """A key that puts answers-2 after answers, and answers-10 after answers-2."""
    stem = re.sub(r"\.ipynb$", "", name, flags=re.IGNORECASE)
    return tuple((0, len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal()
                 else (-1, 0, part) for part in re.split(r"(\d+)", stem) if part)
