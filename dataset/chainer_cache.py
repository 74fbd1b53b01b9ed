"""MNIST for Chainer's own `chainer.datasets.get_mnist()`, whose address has been dead for years.

Chainer looks for two .npz files before it asks that address, so they are put where it looks.
"""
import contextlib
import os
import sys
import zipfile
from pathlib import Path

import numpy as np

from dataset import files

_before = None  # the dataset root from before the sample was offered: (CHAINER_DATASET_ROOT, root)


def dataset_root():
    """The folder where Chainer keeps data sets: CHAINER_DATASET_ROOT, or what was set in Chainer.

    Returns a Path. Does not import Chainer.
    """
    chainer_download = sys.modules.get("chainer.dataset.download")
    if chainer_download is not None:
        return Path(chainer_download.get_dataset_root())
    default = os.path.join(os.path.expanduser("~"), ".chainer", "dataset")
    return Path(os.environ.get("CHAINER_DATASET_ROOT", default))


def fill(x_train, t_train, x_test, t_test, root=None):
    """Write train.npz and test.npz for get_mnist() under `root`, unless they are there.

    x: uint8, (N, 784). t: uint8, (N,). root: a dataset root, else Chainer's own.
    Returns the folder (Path). Raises OSError where it cannot be written to.
    """
    folder = Path(root or dataset_root()) / "pfnet" / "chainer" / "mnist"
    for name, x, t in [("train.npz", x_train, t_train), ("test.npz", x_test, t_test)]:
        if not _intact(folder / name, x, t):
            # Not compressed: that would take seconds, at the first load of all.
            with files.atomic(folder / name) as file:
                np.savez(file, x=x, y=t)
    return folder


def offer(kind, *arrays):
    """Let get_mnist() return what load_mnist() returns; where that cannot be, do nothing.

    The full set goes into Chainer's own cache for good. The sample must not, since nothing there
    would tell it from the real one: it goes into a folder of the course, and Chainer is pointed
    at that until this process ends or loads the full set.
    kind: "full" or "sample". arrays: as for fill.
    """
    with contextlib.suppress(OSError):
        if kind == "full":
            _point_back()
            fill(*arrays)
        else:
            root = files.cache_folder().parent / "chainer-sample"
            fill(*arrays, root=root)
            _point_at(root)


def _intact(path, x, t):
    """Whether an .npz is whole and of the right size: cheap, for it reads the directory alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except (OSError, zipfile.BadZipFile):
        return False
    return all(0 < sizes.get(name, 0) - array.nbytes < 1024  # a header and then the array
               for name, array in [("x.npy", x), ("y.npy", t)])


def _point_at(root):
    global _before
    if _before is None:
        _before = os.environ.get("CHAINER_DATASET_ROOT"), str(dataset_root())
    os.environ["CHAINER_DATASET_ROOT"] = str(root)  # for a Chainer that is imported later
    if "chainer.dataset.download" in sys.modules:
        sys.modules["chainer.dataset.download"].set_dataset_root(str(root))


def _point_back():
    global _before
    if _before is None:
        return
    variable, root = _before
    _before = None
    if variable is None:
        os.environ.pop("CHAINER_DATASET_ROOT", None)
    else:
        os.environ["CHAINER_DATASET_ROOT"] = variable
    if "chainer.dataset.download" in sys.modules:
        sys.modules["chainer.dataset.download"].set_dataset_root(root)
