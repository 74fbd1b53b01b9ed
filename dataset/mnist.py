"""MNIST as arrays: `load_mnist`, with the arguments and results of the book."""
import contextlib
import threading
from pathlib import Path

import numpy as np

from common.language import _
from dataset import chainer_cache, files, idx, source

Pair = tuple[np.ndarray, np.ndarray]
# ("full" or "sample", whether normalized) -> the four arrays; shared, so read-only
_arrays: dict[tuple[str, bool], tuple[np.ndarray, ...]] = {}
_guard = threading.RLock()


def load_mnist(normalize: bool = True, flatten: bool = True,
               one_hot_label: bool = False) -> tuple[Pair, Pair]:
    """Load MNIST: 60,000 training and 10,000 test images with their labels.

    normalize: True for images of float32 from 0.0 to 1.0, False for uint8 from 0 to 255.
    flatten: True for images of shape (784,), False for (1, 28, 28).
    one_hot_label: False for labels of int32 from 0 to 9, True for rows of float32 such as
    [0, 0, 1, 0, 0, 0, 0, 0, 0, 0].
    Returns (x_train, t_train), (x_test, t_test). The arrays are read-only, since every load in a
    process shares them: write to a copy, as in x_train[:100].copy().

    The files are looked for in the folder that MNIST_DIR names, then in the course's cache, then
    fetched. With MNIST_SAMPLE=1, or where there is no network, a sample of 4,000 + 1,000 images
    is returned, and a printed line says so. Raises TypeError if an argument is not True or False.
    """
    for name, flag in [("normalize", normalize), ("flatten", flatten),
                       ("one_hot_label", one_hot_label)]:
        if not isinstance(flag, (bool, np.bool_, int)):
            raise TypeError(f"load_mnist: {name} must be True or False, not {flag!r}.")
    with _guard:
        x_train, t_train, x_test, t_test = _load(bool(normalize))
    shape = (-1, 784) if flatten else (-1, 1, 28, 28)
    x_train, x_test = x_train.reshape(shape), x_test.reshape(shape)
    if one_hot_label:
        t_train, t_test = _one_hot(t_train), _one_hot(t_test)
    # Views, so even a change in place that writes nothing, as `t_train.shape = ...`, stays here.
    return (x_train, t_train.view()), (x_test, t_test.view())


def split_validation(x: np.ndarray, t: np.ndarray, seed: int = 0) -> tuple[Pair, Pair]:
    """Draw one training image in twelve at random, to validate on: of 60,000, 5,000.

    x, t: training images and their labels, as load_mnist gives them, NumPy arrays.
    seed: the same seed draws the same images. Returns (x_train, t_train), (x_val, t_val), each in
    the order of the file. Not the last 5,000: people with a clearer hand wrote those (chapter 04).
    Raises ValueError where there is no label for each image.
    """
    if len(x) != len(t):
        raise ValueError(f"split_validation: {len(x)} images came with {len(t)} labels.")
    held_out = np.zeros(len(x), dtype=bool)
    held_out[np.random.default_rng(seed).permutation(len(x))[:len(x) // 12]] = True
    return (x[~held_out], t[~held_out]), (x[held_out], t[held_out])


def status() -> source.Status:
    """Say what load_mnist() would find now, without asking the network.

    Returns a source.Status: kind ("full", "sample", "damaged" or "absent"), folder (Path) and
    sentence, for the reader.
    """
    return source.status()


def fetch() -> Path:
    """Make sure that all of MNIST is on this machine and whole, for the course and for
    chainer.datasets.get_mnist(), whatever MNIST_SAMPLE says.

    Returns the folder (Path) of the four files. Raises files.DataError, in one sentence, where
    they cannot be fetched or stored; Chainer's cache need not be writable.
    """
    folder, contents = source.fetch()
    with contextlib.suppress(OSError):
        x_train, t_train, x_test, t_test = [idx.parse(contents[name]) for name in files.FULL]
        chainer_cache.fill(x_train, t_train, x_test, t_test)
    return folder


def _load(normalize):
    """The four arrays of the full set, or of the sample where that is all there is."""
    kind, raw = _load_bytes()
    if not normalize:
        return raw
    if (kind, True) not in _arrays:
        x_train, t_train, x_test, t_test = raw
        _arrays[kind, True] = _scaled(x_train), t_train, _scaled(x_test), t_test
    return _arrays[kind, True]


def _load_bytes():
    """("full" or "sample", the four arrays with images of uint8)."""
    if not source.sample_wanted():
        if ("full", False) in _arrays:
            return "full", _arrays["full", False]
        try:
            contents = source.find_or_fetch()
        except files.DataError as error:
            why = _("since all 70,000 could not be had: {error} `course data` tries again").format(
                error=error)
        else:
            return "full", _keep("full", contents)
    else:
        why = _("as MNIST_SAMPLE asks; unset it for all 70,000 (`course data` fetches them)")
    source.tell_once(_("MNIST: these are 4,000 + 1,000 sample images, {why}.").format(why=why))
    if ("sample", False) not in _arrays:
        contents = {}
        for name, file in files.SAMPLE.items():
            contents[name], problem = files.read(files.SAMPLE_FOLDER, name, file)
            if contents[name] is None:
                raise files.DataError(problem or f"The course's sample lacks {name}.gz: "
                                                 "install the course again.")
        _keep("sample", contents)
    return "sample", _arrays["sample", False]


def _keep(kind, contents):
    """Turn contents into arrays, and remember them."""
    x_train, t_train, x_test, t_test = [idx.parse(contents[name]) for name in files.FULL]
    _arrays[kind, False] = x_train, _read_only(t_train.astype(np.int32)), \
        x_test, _read_only(t_test.astype(np.int32))
    return _arrays[kind, False]


def _scaled(x):
    """0..255 as float32 from 0.0 to 1.0."""
    return _read_only(np.divide(x, np.float32(255), dtype=np.float32))


def _one_hot(t):
    return _read_only(np.eye(10, dtype=np.float32)[t])


def _read_only(array):
    array.flags.writeable = False
    return array
