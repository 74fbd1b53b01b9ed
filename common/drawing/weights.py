"""How weights leave Chainer: as the whole numbers of their files, packed for a browser."""
import base64
import zlib
from pathlib import Path

import chainer
import numpy as np

from common.models import load_model
from dataset.weights import TRAINED


def stored_arrays(name, folder=TRAINED):
    """Return the arrays of a trained model as its file has them, by names that say the layer.

    name, folder: as for load_model, which also looks whether the file is sound.
    Returns a dict such as {"conv1/W": int8, "conv1/W.scale": float32, "conv1/b": float32}; the
    dense layers of an MLP are 1, 2, 3 in the order in which they are applied.
    Raises DataError as load_model does.
    """
    model = load_model(name, folder)
    layers = {}
    if isinstance(model, chainer.Sequential):  # its own names of links do not follow its order
        links = [layer for layer in model if isinstance(layer, chainer.Link)]
        layers = {link.name: str(number) for number, link in enumerate(links, 1)}
    with np.load(Path(folder) / f"{name}.npz", allow_pickle=False) as archive:
        return {f"{layers.get(layer, layer)}/{rest}": archive[key] for key in archive.files
                for layer, rest in [key.split("/")]}


def pack(arrays):
    """Pack arrays for a page: what was packed, and all of it as one text.

    arrays: dict of float32, int8 and uint8 arrays by name.
    Returns a list with name, kind, shape and first byte of each array, and the bytes of all,
    deflated, in base64 (str). The same arrays give the same text.
    """
    parts, chunks, at = [], [], 0
    # float32 first: a browser wants its arrays to begin at a multiple of their item's size.
    for name in sorted(arrays, key=lambda name: (arrays[name].itemsize == 1, name)):
        array = arrays[name]
        chunk = array.astype(array.dtype.newbyteorder("<")).tobytes()
        parts.append({"name": name, "kind": array.dtype.name, "at": at,
                      "shape": list(array.shape)})
        chunks.append(chunk)
        at += len(chunk)
    return parts, base64.b64encode(zlib.compress(b"".join(chunks), 9)).decode("ascii")
