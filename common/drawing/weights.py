"""How weights leave Chainer: as the whole numbers of their files, packed for a browser."""
import base64
import zlib

import chainer

from common.models import load_model
from dataset.weights import TRAINED, stored_weights


def stored_arrays(name, folder=TRAINED):
    """Return the arrays of a trained model as its file has them, by names that say the layer.

    name, folder: as for load_model, which also looks whether the file is sound.
    Returns a dict such as {"conv1/W": int8, "conv1/W.scale": float32, "conv1/b": float32}; the
    dense layers of an MLP are 1, 2, 3 in the order in which they are applied, those of the halves
    of an autoencoder encoder/1, encoder/2 and so on.
    Raises DataError as load_model does.
    """
    model = load_model(name, folder)
    halves = {"": model} if isinstance(model, chainer.Sequential) else {
        f"{child.name}/": child for child in model.children()
        if isinstance(child, chainer.Sequential)}
    layers = {}
    for before, half in halves.items():  # its own names of links do not follow its order
        links = [layer for layer in half if isinstance(layer, chainer.Link)]
        layers |= {f"{before}{link.name}": f"{before}{number}"
                   for number, link in enumerate(links, 1)}
    return {f"{layers.get(layer, layer)}/{rest}": array
            for key, array in stored_weights(name, folder).items()
            for layer, _, rest in [key.rpartition("/")]}


def pack(arrays):
    """Pack arrays for a page: what was packed, and all of it as one text.

    arrays: dict of float32, int8 and uint8 arrays by name.
    Returns a list with name, kind, shape and first byte of each array, and the
    bytes of all, deflated, in base64. The same arrays give the same text.
    """
    parts, chunks, at = [], [], 0
    # float32 first: a browser wants arrays at multiples of their item's size.
    for name in sorted(arrays, key=lambda k: (arrays[k].itemsize == 1, k)):
        array = arrays[name]
        chunk = array.astype(array.dtype.newbyteorder("<")).tobytes()
        parts.append({"name": name, "kind": array.dtype.name, "at": at,
                      "shape": list(array.shape)})
        chunks.append(chunk)
        at += len(chunk)
    packed = zlib.compress(b"".join(chunks), 9)
    return parts, base64.b64encode(packed).decode("ascii")
