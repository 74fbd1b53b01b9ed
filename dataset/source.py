"""Where the files of MNIST come from: a folder of the reader's, the cache, or the network."""
import contextlib
import itertools
import os
import re
import threading
from pathlib import Path
from typing import NamedTuple

from common.course import whole_file
from common.language import _
from dataset import files
from dataset.files import DataError

# What whole_file calls a file of MNIST that it has begun.
PART = re.compile(f"({'|'.join(files.FULL)})(\\.gz)?\\.[0-9a-f]{{8}}\\.part")
LOCK = "course-data.lock"  # no name of a reader's: some versions of filelock empty it
LOCK_PATIENCE = 900  # seconds to wait for another process that is fetching

_verified: tuple[tuple, "Found"] | None = None  # the look of the files, and what was found
# The error of this process's last try: the network is not asked again.
_network_problem: DataError | None = None
_told: set[str] = set()
_guard = threading.Lock()


class Status(NamedTuple):
    """What load_mnist() would find now."""

    kind: str  # "full", "sample", "damaged" or "absent"
    folder: Path
    sentence: str


class Found(NamedTuple):
    """What a look into the folders found."""

    folder: Path | None     # the first folder that holds all of MNIST
    contents: dict[str, bytes] | None   # its files: bytes by name
    damaged: list           # sentences about files that are there, and not used
    missing: list           # sentences about files that MNIST_DIR should hold


def tell_once(sentence: str) -> None:
    """Print a sentence to the reader, once a process. Printed, since a notebook shows warnings
    in red and with a line of code that is not the reader's."""
    with _guard:
        new = sentence not in _told
        _told.add(sentence)
    if new:
        print(sentence)


def sample_wanted() -> bool:
    """Whether MNIST_SAMPLE asks for the sample: it is set, and not to 0, no, false or off."""
    return os.environ.get("MNIST_SAMPLE", "").strip().lower() not in ("", "0", "no", "false", "off")


def folders() -> list[Path]:
    """The folders to look in, in this order: MNIST_DIR where it is set, then the cache."""
    chosen = os.environ.get("MNIST_DIR")
    own = [Path(os.path.expanduser(chosen)).absolute()] if chosen else []
    return own + [files.cache_folder()]


def find() -> Found:
    """Look for a folder that holds all of MNIST, undamaged.

    Returns a Found. Files that were verified in this process are not read again, unless they have
    changed since.
    """
    global _verified
    seen = _look_of_the_files()
    if _verified is None or _verified[0] != seen:
        _verified = seen, _find()
    return _verified[1]


def _look_of_the_files():
    """What changes when a file does: names, sizes and times of all candidates."""
    look = []
    for folder in folders():
        for name in files.FULL:
            for path in files.candidates(folder, name):
                with contextlib.suppress(OSError):
                    stat = path.stat()
                    look.append((path, stat.st_size, stat.st_mtime_ns, stat.st_ino))
    return tuple(folders()), tuple(look)


def _find():
    damaged, missing = [], []
    for folder in folders():
        contents = {}
        for name, file in files.FULL.items():
            content, problem = files.read(folder, name, file)
            if content is None:
                if problem:
                    damaged.append(problem)
                elif folder != files.cache_folder():
                    missing.append(_("{folder}, which MNIST_DIR names, has no {name}.gz.").format(
                        folder=folder, name=name))
                break
            contents[name] = content
        else:
            return Found(folder, contents, damaged, missing)
    return Found(None, None, damaged, missing)


def find_or_fetch() -> dict[str, bytes]:
    """MNIST from a folder, else from the network, which is asked once a process.

    Returns a dict of bytes by name. Raises DataError where it cannot be had.
    """
    global _network_problem
    found = find()
    for problem in found.damaged + found.missing:
        tell_once(f"MNIST: {problem}")
    if found.contents is not None:
        return found.contents
    if _network_problem is not None:
        raise _network_problem
    try:
        contents, unsaved = _download()
    except DataError as error:
        _network_problem = error
        raise
    if unsaved:
        tell_once(_("{unsaved} It is used from memory this time.").format(unsaved=unsaved))
    return contents


def fetch() -> tuple[Path, dict[str, bytes]]:
    """Make sure that all of MNIST is on this machine, whatever MNIST_SAMPLE says.

    Returns (folder, contents): the Path where the four files are, verified, and a dict of their
    contents by name. Raises DataError, in one sentence, where they cannot be fetched or stored.
    """
    found = find()
    if found.folder is not None and found.contents is not None:
        return found.folder, found.contents
    contents, unsaved = _download()
    if unsaved:
        raise DataError(unsaved)
    return files.cache_folder(), contents


def status() -> Status:
    """Say what load_mnist() would find now, without asking the network.

    Returns a Status: kind, folder and a sentence or two.
    """
    if sample_wanted():
        return Status("sample", files.SAMPLE_FOLDER,
                      "MNIST_SAMPLE is set, so load_mnist() gives the sample of 5,000 images; "
                      "unset it for all 70,000.")
    found = find()
    notes = " ".join(found.damaged + found.missing)
    if found.folder is not None:
        return Status("full", found.folder,
                      f"All 70,000 images are in {found.folder}. {notes}".rstrip())
    if found.damaged:
        return Status("damaged", files.cache_folder(), f"{notes} `course data` fetches it anew.")
    return Status("absent", files.cache_folder(),
                  f"{notes} MNIST is not on this machine yet: `course data` fetches it (12 MB); "
                  "without a network load_mnist() gives a sample of 5,000 images.".lstrip())


def _download():
    """Fetch what the cache lacks. Returns (contents, sentence about what could not be stored)."""
    from dataset import download  # here, since it loads requests and only a fetch needs it

    folder, contents, unsaved = files.cache_folder(), {}, None
    with _alone(folder) as alone:
        if alone:
            for part in folder.glob("*.part"):
                if PART.fullmatch(part.name):  # of a process of the course that was killed
                    with contextlib.suppress(OSError):
                        part.unlink()
        for name, file in files.FULL.items():
            contents[name], _path = files.read(folder, name, file)  # another process was faster
            if contents[name] is not None:
                continue
            packed, contents[name] = download.get(name, file)
            target = folder / (name + ".gz" * (packed[:2] == b"\x1f\x8b"))
            try:
                _keep_aside(target)
                with whole_file(target) as stream:
                    stream.write(packed)
            except OSError as error:
                unsaved = _("MNIST was fetched but cannot be stored in {folder} ({why}).").format(
                    folder=folder, why=error.strerror or error)
    return contents, unsaved


def _keep_aside(path):
    """Rename a file that is in the way: what it is nobody knows (Fashion-MNIST has these names)."""
    if path.is_file():
        free = next(name for number in itertools.count(1)
                    if not os.path.lexists(name := path.with_name(f"{path.name}.before{number}")))
        path.rename(free)
        tell_once(_("MNIST: {path} is not the original; it is kept as {name}.").format(
            path=path, name=free.name))


@contextlib.contextmanager
def _alone(folder):
    """Hold the lock of a folder, so that of two processes that start at once only one fetches.

    Yields whether the lock is held: a folder that cannot be written to has none, and then every
    process fetches for itself, which is harmless since nothing can be stored.
    """
    import filelock  # here for the same reason

    lock = filelock.FileLock(str(folder / LOCK))
    held = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=1)
        except filelock.Timeout:
            tell_once("MNIST: another notebook is fetching it, so this one waits.")
            lock.acquire(timeout=LOCK_PATIENCE)
        held = True
    except filelock.Timeout:
        raise DataError(_("Another process has been fetching MNIST into {folder} for too long: "
                          "end it, and try again.").format(folder=folder)) from None
    except (OSError, NotImplementedError):
        pass
    try:
        yield held
    finally:
        if held:
            lock.release()
