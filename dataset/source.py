"""Where the files of MNIST come from: a folder of the reader's, the cache, or the network."""
import contextlib
import os
import threading
from pathlib import Path
from typing import NamedTuple

import filelock

from dataset import files
from dataset.files import DataError

LOCK_PATIENCE = 900  # seconds to wait for another process that is fetching

_network_problem = None  # the DataError of this process's last try: the network is not asked again
_told = set()
_guard = threading.Lock()


class Status(NamedTuple):
    """What load_mnist() would find now."""

    kind: str  # "full", "sample", "damaged" or "absent"
    folder: Path
    sentence: str


def tell_once(sentence):
    """Print a sentence to the reader, once a process. Printed, since a notebook shows warnings
    in red and with a line of code that is not the reader's."""
    with _guard:
        new = sentence not in _told
        _told.add(sentence)
    if new:
        print(sentence)


def sample_wanted():
    """Whether MNIST_SAMPLE asks for the sample: it is set, and not to 0, no, false or off."""
    return os.environ.get("MNIST_SAMPLE", "").strip().lower() not in ("", "0", "no", "false", "off")


def folders():
    """The folders to look in, in this order: MNIST_DIR where it is set, then the cache."""
    chosen = os.environ.get("MNIST_DIR")
    own = [Path(os.path.expanduser(chosen)).absolute()] if chosen else []
    return own + [files.cache_folder()]


def find(table=None):
    """Look for a folder that holds all of MNIST, undamaged.

    table: what to look for, as files.FULL.
    Returns (folder, contents, problems): contents is a dict of bytes by name, or None where no
    folder will do; problems is a list of sentences about what will not do.
    """
    problems = []
    for folder in folders():
        contents = {}
        for name, file in (table or files.FULL).items():
            content, problem = files.read(folder, name, file)
            if problem:
                problems.append(problem)
            if content is None:
                break
            contents[name] = content
        else:
            return folder, contents, problems
    return None, None, problems


def find_or_fetch():
    """MNIST from a folder, else from the network, which is asked once a process.

    Returns a dict of bytes by name. Raises DataError where it cannot be had.
    """
    global _network_problem
    _, contents, problems = find()
    for problem in problems:
        tell_once(f"MNIST: {problem} It is not used.")
    if contents is None:
        if _network_problem is not None:
            raise _network_problem
        try:
            contents, unsaved = _download()
        except DataError as error:
            _network_problem = error
            raise
        if unsaved:
            tell_once(f"MNIST: {unsaved} It is used from memory, and will be fetched again.")
    return contents


def fetch():
    """Make sure that all of MNIST is on this machine, whatever MNIST_SAMPLE says.

    Returns (folder, contents): the Path where the four files are, verified, and a dict of their
    contents by name. Raises DataError, in one sentence, where they cannot be fetched or stored.
    """
    folder, contents, _ = find()
    if contents is None:
        folder = files.cache_folder()
        contents, unsaved = _download()
        if unsaved:
            raise DataError(unsaved)
    return folder, contents


def status():
    """Say what load_mnist() would find now, without asking the network.

    Returns a Status: kind, folder and one sentence.
    """
    if sample_wanted():
        return Status("sample", files.SAMPLE_FOLDER,
                      "MNIST_SAMPLE is set, so load_mnist() gives the sample of 5,000 images; "
                      "unset it for all 70,000.")
    folder, contents, problems = find()
    if contents is not None:
        rest = f" (Not used: {' '.join(problems)})" if problems else ""
        return Status("full", folder, f"All 70,000 images are in {folder}.{rest}")
    if problems:
        return Status("damaged", files.cache_folder(),
                      f"{' '.join(problems)} `course data` fetches MNIST anew.")
    return Status("absent", files.cache_folder(),
                  "MNIST is not on this machine yet: `course data` fetches it (12 MB); where there "
                  "is no network, load_mnist() gives the sample of 5,000 images.")


def _download():
    """Fetch what the cache lacks. Returns (contents, sentence about what could not be stored)."""
    from dataset import download  # here, since it loads requests and only a fetch needs it

    folder, contents, unsaved = files.cache_folder(), {}, None
    with _alone(folder) as alone:
        if alone:
            for part in folder.glob("*.part"):  # of a process that was killed
                with contextlib.suppress(OSError):
                    part.unlink()
        for name, file in files.FULL.items():
            contents[name], _ = files.read(folder, name, file)  # another process was faster
            if contents[name] is not None:
                continue
            packed, contents[name] = download.get(name, file)
            suffix = ".gz" if packed[:2] == b"\x1f\x8b" else ""
            try:
                with files.atomic(folder / (name + suffix)) as stream:
                    stream.write(packed)
            except OSError as error:
                unsaved = (f"MNIST was fetched but cannot be stored in {folder} "
                           f"({error.strerror or error}).")
    return contents, unsaved


@contextlib.contextmanager
def _alone(folder):
    """Hold the lock of a folder, so that of two processes that start at once only one fetches.

    Yields whether the lock is held: a folder that cannot be written to has none, and then every
    process fetches for itself, which is harmless since nothing can be stored.
    """
    lock = filelock.FileLock(str(folder / "lock"))
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
        raise DataError(f"Another process has been fetching MNIST into {folder} for too long: "
                        f"end it, and try again.") from None
    except (OSError, NotImplementedError):
        pass
    try:
        yield held
    finally:
        if held:
            lock.release()
