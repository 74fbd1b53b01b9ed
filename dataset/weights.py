"""Trained weights: arrays in an .npz, and beside it a .json that says how they were trained."""
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from common.course import whole_file
from common.language import _
from dataset.files import DataError

TRAINED = Path(__file__).parent / "trained"  # those that ship with the course
Arrays = dict[str, np.ndarray]
SCALE = ".scale"  # W.scale is what the whole numbers of W are multiplied with


def load_weights(name: str, folder: str | Path = TRAINED) -> Arrays:
    """Load the arrays of a trained model.

    name: such as "three-layer-net". folder: where it lies; by default the models that
    ship with the course.
    Returns a dict of float32 arrays by name, such as W1 and b1; they are the caller's own.
    Raises DataError where there is no such model, or its file is damaged.
    """
    return _unrounded(stored_weights(name, folder))


def stored_weights(name: str, folder: str | Path = TRAINED) -> Arrays:
    """Load the arrays of a trained model as its file has them: rounded ones as int8.

    name, folder, and errors: as for load_weights. Beside a rounded array W stands its scale,
    W.scale: float32, one number for each row.
    """
    path, info = _path(name, folder), weights_info(name, folder)
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != info["sha256"]:
            raise ValueError(f"it is not the file that {path.stem}.json describes")
        # No pickle: a file of arrays must not be able to run code.
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
            _unrounded(arrays)  # what does not fit together shows here
            return arrays
    except (OSError, ValueError, TypeError, AttributeError, KeyError, EOFError,
            zipfile.BadZipFile) as error:
        raise DataError(_("The weights {path} cannot be used ({error}): get both files anew, or "
                          "train the model again.").format(path=path, error=error)) from None


def weights_info(name: str, folder: str | Path = TRAINED) -> dict[str, Any]:
    """How a trained model was trained, and what it scored.

    name, folder: as for load_weights.
    Returns the dict that was given to save_weights, and what that added: "arrays", the shape of
    each array, and "sha256" of the .npz. Raises DataError as load_weights does.
    """
    path = _path(name, folder).with_suffix(".json")
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
        info["arrays"], info["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(_("{path} cannot be used ({error!r}): get both files anew, or train the "
                          "model again.").format(path=path, error=error)) from None
    return info


def save_weights(path: str | Path, params: Mapping[str, Any], info: dict[str, Any],
                 levels: int | None = None) -> Path:
    """Save the arrays of a trained model, and how it was trained, in two files.

    path: such as "results/my_net", for my_net.npz and my_net.json in the folder results, which
    load_weights("my_net", "results") reads. An older pair of that name is replaced.
    params: dict of arrays of numbers by name, NumPy or CuPy; stored as float32.
    info: dict that JSON can hold: the model, how it was trained, what it scored.
    levels: for a small file, from 1 to 127. Each row (first axis) of an array with two axes or
    more is then rounded to whole numbers from -levels to levels, times one scale for the row.
    Returns the Path of the .npz. Raises ValueError for what cannot be stored, before anything is
    written, and DataError where the folder cannot be written to.
    """
    arrays = _checked(params)
    if not isinstance(info, dict):
        raise ValueError(f"save_weights: info must be a dict, not {type(info).__name__}.")
    path = Path(path)
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    stored = arrays if levels is None else _rounded(arrays, levels)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **stored)
    npz = buffer.getvalue()
    info = {**info, "arrays": {name: list(array.shape) for name, array in arrays.items()},
            "sha256": hashlib.sha256(npz).hexdigest()}
    try:
        text = json.dumps(info, indent=2, ensure_ascii=False, allow_nan=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise ValueError(f"save_weights: JSON cannot hold info ({error}).") from None
    try:
        with whole_file(path) as first, whole_file(path.with_suffix(".json")) as second:
            first.write(npz)
            first.flush()  # a full disk shows here, while the older pair is still in place
            second.write((text + "\n").encode("utf-8"))
    except OSError as error:
        raise DataError(_("The weights cannot be stored in {folder} ({why}).").format(
                            folder=path.parent, why=error.strerror or error)) from None
    return path


def _rounded(arrays, levels):
    """The arrays with weights as int8, and beside each its scale, float32 (rows,)."""
    if not 1 <= levels <= 127:
        raise ValueError(f"save_weights: levels must be from 1 to 127, not {levels}.")
    stored = {}
    for name, array in arrays.items():
        if array.ndim < 2:
            stored[name] = array
            continue
        largest = np.abs(array).reshape(len(array), -1).max(axis=1)
        scale = np.where(largest > 0, largest / levels, 1).astype(np.float32)
        stored[name] = np.rint(array / _to_rows(scale, array)).astype(np.int8)
        stored[name + SCALE] = scale
    return stored


def _unrounded(stored):
    return {name: array * _to_rows(stored[name + SCALE], array) if name + SCALE in stored else array
            for name, array in stored.items() if not name.endswith(SCALE)}


def _to_rows(scale, array):
    return scale.reshape(-1, *[1] * (array.ndim - 1))


def _plain(value):
    """NumPy's own numbers as Python's, for JSON."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(f"{value!r} is of type {type(value).__name__}")


def _checked(params):
    """The arrays as float32 of NumPy, if all are finite numbers."""
    if not isinstance(params, dict) or not params:
        raise ValueError("save_weights: params must be a dict of arrays, such as W1 and b1.")
    arrays = {}
    for name, array in params.items():
        if not isinstance(name, str) or name == "file":  # np.savez keeps that name to itself
            raise ValueError(f"save_weights: an array cannot be called {name!r}.")
        array = np.asarray(array.get() if hasattr(array, "get") else array)  # get: from the GPU
        if array.dtype.kind not in "fiu":
            raise ValueError(f"save_weights: {name} holds {array.dtype}, not numbers.")
        with np.errstate(over="ignore"):  # too large for float32: infinite, and refused below
            arrays[name] = array.astype(np.float32)
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"save_weights: {name} holds numbers that are not finite.")
    return arrays


def _path(name, folder):
    """The .npz of a model, if `name` is one of those in the folder and nothing else."""
    names = sorted(path.stem for path in Path(folder).glob("*.npz"))
    if name not in names:
        raise DataError((_("There are no weights {name!r} in {folder}: there are {names}.")
                         if names else _("There are no weights {name!r} in {folder}: it has none.")
                         ).format(name=name, folder=folder, names=", ".join(names)))
    return Path(folder) / f"{name}.npz"
