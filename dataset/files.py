"""The files that make MNIST: what each must hold, where they may lie, reading and writing them."""
import gzip
import hashlib
import os
import sys
import tempfile
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from common.course import CourseError
from common.language import _


class DataError(CourseError):
    """Data cannot be had; the message is one sentence that says what is wrong, for a reader."""


class Unfit(Exception):
    """A file is not what it should be; the message, such as "is cut off", follows its name."""


class File(NamedTuple):
    """What the unpacked content of a file must be."""

    size: int
    sha256: str


# How a file was packed does not matter, what it holds does: so the hashes are of the content.
FULL = {
    "train-images-idx3-ubyte": File(
        47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    "train-labels-idx1-ubyte": File(
        60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    "t10k-images-idx3-ubyte": File(
        7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    "t10k-labels-idx1-ubyte": File(
        10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
}
SAMPLE = {
    "train-images-idx3-ubyte": File(
        3_136_016, "ae62e89f9db7e57ecd24214988b77f52e246e9a5fc034700b33bef7782ec0b9a"),
    "train-labels-idx1-ubyte": File(
        4_008, "e853eb76e6c5b10ae211fc219dd383f5669842cda18aa3f2c23da796996c686f"),
    "t10k-images-idx3-ubyte": File(
        784_016, "4e8d1e4ac0e2c25bc13a95f530acde3e4bd4635e3d4d14fbe787d9888962261b"),
    "t10k-labels-idx1-ubyte": File(
        1_008, "38be63f9a98949bec2fd01903dbbb6375ec5b981357121e109f77633dcd1ec14"),
}
SAMPLE_FOLDER = Path(__file__).parent / "sample"


def settle_folders() -> None:
    """Make the folders that variables name absolute: they count from where the command was given.

    A kernel works in the folder of its notebook, and would look elsewhere.
    """
    for name in ("MNIST_DIR", "COURSE_CACHE", "CHAINER_DATASET_ROOT"):
        if os.environ.get(name):
            os.environ[name] = os.path.abspath(os.path.expanduser(os.environ[name]))


def cache_folder() -> Path:
    """The folder where fetched files are kept: COURSE_CACHE, else the system's place for caches.

    Returns a Path, which need not exist yet.
    """
    chosen = os.environ.get("COURSE_CACHE")
    if chosen:
        root = chosen
    elif os.name == "nt":
        root = os.path.join(os.environ.get("LOCALAPPDATA") or "~/AppData/Local", "chainer-circle")
    elif sys.platform == "darwin":
        root = "~/Library/Caches/chainer-circle"
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        # The specification of that variable says that a relative path does not count.
        root = os.path.join(base if os.path.isabs(base) else "~/.cache", "chainer-circle")
    root = os.path.expanduser(root)
    if root.startswith("~"):  # a user without a home
        root = os.path.join(tempfile.gettempdir(), "chainer-circle")
    return Path(root).absolute() / "mnist"


def unpack(stream: BinaryIO, file: File) -> bytes:
    """Unpack a stream and make sure that it holds what it should.

    stream: an open binary file, gzipped or plain. file: the File that it should be.
    Returns the content as bytes. Raises Unfit.
    """
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    try:
        # One byte more than is due shows a file that is too long, and stops a gzip bomb.
        content = (gzip.GzipFile(fileobj=stream) if packed else stream).read(file.size + 1)
    except EOFError:
        raise Unfit(_("is cut off")) from None
    except (gzip.BadGzipFile, zlib.error):
        raise Unfit(_("is damaged")) from None
    except OSError as error:
        raise Unfit(_("cannot be read ({why})").format(why=error.strerror or error)) from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        whole = len(content) >= file.size
        raise Unfit(_("is cut off") if content[:2] == b"\0\0" and not whole
                    else _("is not the original"))
    return content


def candidates(folder: str | Path, name: str) -> list[Path]:
    """The files in `folder` that may be MNIST's file `name`, under the names it goes by.

    Returns a list of Paths that exist, packed ones first.
    """
    dotted = name.replace("-idx", ".idx")  # as some unpackers write it
    paths = [Path(folder) / each for each in (f"{name}.gz", name, f"{dotted}.gz", dotted)]
    return [path for path in paths if path.is_file()]  # one archive has folders of these names


def read(folder: str | Path, name: str, file: File) -> tuple[bytes | None, str | None]:
    """Read one file of MNIST from a folder.

    folder: path. name: as in FULL. file: the File that it should be.
    Returns (content, problem): the content as bytes, or None where no good file is there; and one
    sentence about a file that is there and not good, or None.
    """
    problem = None
    for path in candidates(folder, name):
        try:
            with open(path, "rb") as stream:
                return unpack(stream, file), None
        except OSError as error:
            problem = _("{path} cannot be read ({why}).").format(
                path=path, why=error.strerror or error)
        except Unfit as error:
            problem = _("{path} {what}.").format(path=path, what=error)
    return None, problem
