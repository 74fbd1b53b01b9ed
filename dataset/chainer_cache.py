"""MNIST for Chainer's own `chainer.datasets.get_mnist()`, whose address has been dead for years.

Chainer looks for two .npz files before it asks that address. `course data` puts them where it
looks; nothing else does.
"""
import os
import sys
import zipfile
from pathlib import Path

import numpy as np

from common.course import whole_file


def dataset_root() -> Path:
    """The folder where Chainer keeps data sets: CHAINER_DATASET_ROOT, or what was set in Chainer.

    Returns a Path. Does not import Chainer.
    """
    chainer_download = sys.modules.get("chainer.dataset.download")
    if chainer_download is not None:
        return Path(chainer_download.get_dataset_root())
    default = os.path.join(os.path.expanduser("~"), ".chainer", "dataset")
    return Path(os.environ.get("CHAINER_DATASET_ROOT", default))


def fill(x_train: np.ndarray, t_train: np.ndarray, x_test: np.ndarray, t_test: np.ndarray,
         root: str | Path | None = None) -> Path:
    """Write train.npz and test.npz for get_mnist() under `root`, unless they are there.

    x: uint8, (N, 784). t: uint8, (N,). root: a dataset root, else Chainer's own.
    Returns the folder (Path). Raises OSError where it cannot be written to.
    """
    folder = Path(root or dataset_root()) / "pfnet" / "chainer" / "mnist"
    for name, x, t in [("train.npz", x_train, t_train), ("test.npz", x_test, t_test)]:
        if not _intact(folder / name, x, t):
            # Not compressed: that would take seconds.
            with whole_file(folder / name) as file:
                np.savez(file, x=x, y=t)
    return folder


def _intact(path, x, t):
    """Whether an .npz is whole and of the right size: cheap, for it reads the directory alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except (OSError, zipfile.BadZipFile):
        return False
    return all(0 < sizes.get(name, 0) - array.nbytes < 1024  # a header and then the array
               for name, array in [("x.npy", x), ("y.npy", t)])
