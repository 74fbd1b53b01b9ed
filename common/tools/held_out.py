"""Hold out each digit, with three seeds: `python -m common.tools.held_out FOLDER`.

It takes about an hour on one core. The scores of each run stay in the folder, so that a run that
was stopped goes on where it was; the areas under the ROC curves go into dataset/trained.
"""
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chainer
import chainer.functions as F
import numpy as np

from common import autoencoder as tools
from common.course import write_file
from common.models import Autoencoder
from dataset.held_out import FILE
from dataset.mnist import load_mnist, split_validation, status

WIDTH, EPOCHS, BATCH, SEEDS = 10, 3, 100, 3
FAMILIES = [9], [9, 4, 7], [9, 0, 6]  # the 9 with what resembles it, and with as many others


def train_without(held_out: Sequence[int], x: np.ndarray, t: np.ndarray, seed: int,
                  epochs: int = EPOCHS) -> Autoencoder:
    """Train an autoencoder on the images of all digits but those in held_out; return it.

    x, t: images (n, 784) and their digits (n,). Adam, batches of 100 images.
    """
    images = x[~np.isin(t, held_out)]
    np.random.seed(seed)
    model = Autoencoder(WIDTH)
    adam = chainer.optimizers.Adam().setup(model)
    for _ in range(epochs):
        order = np.random.permutation(len(images))
        for start in range(0, len(images), BATCH):
            batch = images[order[start:start + BATCH]]
            loss = F.mean_squared_error(model(batch), batch)
            model.cleargrads()
            loss.backward()
            adam.update()
    return model


def _scores(folder, name, make):
    """The scores of a run, from its file if it is there already."""
    path = folder / f"{name}.npy"
    if not path.exists():
        np.save(path, np.asarray(make(), np.float32))
        print(name, flush=True)
    return np.load(path)


def measure(folder: str | Path, file: str | Path = FILE) -> None:
    """Run what is missing in the folder, and write all areas into the file."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (x, t), (x_test, t_test) = load_mnist()
    (x, t), (x_valid, t_valid) = split_validation(x, t)
    asked, digits = np.concatenate([x_valid, x_test]), np.concatenate([t_valid, t_test])
    ink = np.mean(asked ** 2, axis=1)

    def restored(held_out, seed):
        name = "".join(map(str, held_out))
        return _scores(folder, f"autoencoder-{name}-{seed}",
                       lambda: tools.errors(train_without(held_out, x, t, seed), asked))

    scores = {"autoencoder": [[restored([digit], seed) for seed in range(SEEDS)]
                              for digit in range(10)]}
    scores["PCA"] = [_scores(folder, f"pca-{digit}", lambda digit=digit: tools.squared_errors(
        asked, tools.PCA(x[t != digit], WIDTH).restore(asked))) for digit in range(10)]
    scores["nearest image"] = [_scores(
        folder, f"nearest-{digit}", lambda digit=digit: tools.nearest_distance(
            asked, x[t != digit])) for digit in range(10)]
    scores["ink"] = [ink] * 10
    scores["autoencoder, divided by ink"] = [[one / ink for one in row]
                                             for row in scores["autoencoder"]]
    valid = np.arange(len(asked)) < len(x_valid)
    found: dict[str, Any] = {
        "command": "python -m common.tools.held_out FOLDER",
        "data": f"{status().kind} MNIST: {len(x)} images without those of the digit to train",
        "training": f"code of {WIDTH}, Adam, {EPOCHS} epochs, batches of {BATCH}, seeds 0 to "
                    f"{SEEDS - 1}"}
    for kind, chosen in [("validation", valid), ("test", ~valid)]:
        found[kind] = {name: [_areas(row, chosen, digits == digit)
                              for digit, row in enumerate(rows)] for name, rows in scores.items()}
        found[kind]["autoencoder, equal ink"] = [
            [round(tools.area_at_equal_ink(one[chosen], (digits == digit)[chosen], ink[chosen]), 4)
             for one in row] for digit, row in enumerate(scores["autoencoder"])]
    others = valid & ~np.isin(digits, [0, 4, 6, 7])  # known to all of them
    found["nine"] = {" ".join(map(str, held_out)): [
        _areas(restored(held_out, seed), others, digits == 9) for seed in range(SEEDS)]
        for held_out in FAMILIES}
    write_file(file, json.dumps(found, indent=1) + "\n")


def _areas(scores, chosen, strange):
    """The area of one score, or of each seed, rounded to what a file needs."""
    if isinstance(scores, list):
        return [_areas(one, chosen, strange) for one in scores]
    return round(tools.area_under(*tools.roc(scores[chosen], strange[chosen])), 4)


if __name__ == "__main__":
    measure(sys.argv[1])
