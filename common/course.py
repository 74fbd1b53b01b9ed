"""The course itself: where it lies, its address, its error, and one way to write a file."""
import errno
import os
import re
import shutil
import uuid
from contextlib import contextmanager
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r'^Repository = "https://github\.com/([^"]+)"', re.MULTILINE)


class CourseError(Exception):
    """Something that a reader can mend; its message says what is wrong and what to do."""


def repository():
    """Return the course's address on GitHub, OWNER/NAME, as pyproject.toml has it."""
    return ADDRESS.search((COURSE / "pyproject.toml").read_text(encoding="utf-8")).group(1)


def _not_written(path: str | Path, error: OSError) -> CourseError:
    """Return the error that says why a file cannot be written."""
    return CourseError(f"{path} cannot be written ({error.strerror or error}).")


@contextmanager
def whole_file(path):
    """Open a file to write, such that nobody ever sees half of it and a failure leaves no trace.

    path: where to; its folder is made. An older file is replaced at the end: of a link what it
    leads to, with the rights that it had, and not where it is protected against writing.
    Yields the open binary file. Raises OSError as it comes.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    # In the same folder, since a rename is atomic only within one file system.
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with open(part, "xb") as stream:
            yield stream
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    except BaseException:  # Ctrl-C too
        part.unlink(missing_ok=True)
        raise


def write_file(path, content):
    """Write a file whole or not at all, with its folder; return its Path.

    content: str, written as UTF-8, or bytes.
    Raises CourseError where that cannot be done: no right to write, no room left.
    """
    path = Path(path)
    content = content.encode("utf-8") if isinstance(content, str) else content
    try:
        with whole_file(path) as stream:
            stream.write(content)
    except OSError as error:
        raise _not_written(path, error) from None
    return path


def leave_others(path, mark):
    """See before a file is written that none of a reader's is in its place.

    mark: bytes that stand in every such file of the course's; an empty file is nobody's.
    Raises CourseError where another is there, or cannot be read.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _not_written(path, error) from None
    if content and mark not in content:
        raise CourseError(f"{path} is there already, and is not of the course: it stays. Rename "
                          "it, or choose another place (--out).")


def update_file(path, content):
    """Write a file as write_file does, but only where it is not like this already.

    content: str or bytes. Returns whether it was written. Raises CourseError as write_file does.
    """
    path = Path(path)
    content = content.encode("utf-8") if isinstance(content, str) else content
    if path.exists() and path.read_bytes() == content:
        return False
    write_file(path, content)
    return True
