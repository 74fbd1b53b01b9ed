"""MNIST's own file format, IDX: four numbers of header for images, two for labels, then bytes."""
import struct

import numpy as np

IMAGES, LABELS = 0x0803, 0x0801  # the third byte says uint8, the last the number of axes


def parse(content: bytes) -> np.ndarray:
    """Read the content of one IDX file of bytes.

    content: bytes of an image or a label file, already unpacked.
    Returns uint8, (N, 784) for images or (N,) for labels; a read-only view, nothing is copied.
    Raises ValueError, in one sentence, where the header and the length do not agree.
    """
    if len(content) < 8:
        raise ValueError("This is no IDX file: it is too short for a header.")
    magic, count = struct.unpack(">II", content[:8])
    if magic == LABELS:
        header, width = 8, 1
    elif magic == IMAGES and len(content) >= 16:
        header, width = 16, 28 * 28
        if struct.unpack(">II", content[8:16]) != (28, 28):
            raise ValueError("This IDX file does not hold images of 28×28.")
    else:
        raise ValueError("This is no IDX file of images or labels.")
    if len(content) != header + count * width:
        raise ValueError(f"This IDX file promises {count} entries, and holds another number.")
    array = np.frombuffer(content, np.uint8, offset=header)
    array = array.reshape(count, width) if magic == IMAGES else array
    array.flags.writeable = False
    return array


def build(array: np.ndarray) -> bytes:
    """Write an array as the content of an IDX file.

    array: uint8, (N, 784) for images or (N,) for labels.
    Returns bytes, not packed.
    """
    array = np.ascontiguousarray(array, np.uint8)
    if array.ndim == 1:
        return struct.pack(">II", LABELS, len(array)) + array.tobytes()
    return struct.pack(">IIII", IMAGES, len(array), 28, 28) + array.tobytes()
