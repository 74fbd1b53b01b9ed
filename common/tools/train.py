"""A model in a folder: train it there, measure it, and ship its weights with the course."""
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from common.autoencoder import errors
from common.course import CourseError, write_file
from common.gan import GAN, Z, forge
from common.models import (
    MODELS,
    Autoencoder,
    Model,
    get_arrays,
    load_model,
    predict,
    set_arrays,
)
from common.parallel import ALONE, Alone
from common.training import (
    BEST,
    CURVES,
    GAN_LOSSES,
    LOG,
    SNAPSHOT,
    Measured,
    evaluate,
    train,
    train_autoencoder,
    train_gan,
)
from dataset.files import DataError
from dataset.mnist import load_mnist, split_validation, status
from dataset.weights import TRAINED, save_weights, weights_info

WEIGHTS, SETTINGS = "weights", "settings.json"  # weights.npz and weights.json in a run's folder
MATRIX = "confusion_matrix.png"


def train_into(name: str, out: str | Path, *, device: Any = "@numpy", resume: bool = False,
               team: Alone = ALONE, **settings: Any) -> Path:
    """Train a model of MODELS on MNIST in the folder `out`, and save its best weights there.

    settings: of Settings, by keyword; None, or what is left out, is what suits the model.
    device, resume, team: as for common.training.train.
    One training image in twelve, drawn at random, is kept out: the accuracy on those says which
    epoch was the best. The test images are not touched. Returns the path of the weights. Raises
    CourseError as train does, or where there is another run in the folder.
    """
    made = _model(name)
    chosen = replace(made.settings, **{
        key: value for key, value in settings.items() if value is not None})
    if team is not ALONE and isinstance(made.make(), (GAN, Autoencoder)):
        raise CourseError(f"{name} trains in one process: only classifiers share their batches.")
    out = Path(out)
    kind = status().kind
    remembered = {"model": name, **asdict(chosen), "data": kind}
    del remembered["epochs"]  # a run may be resumed with more of them
    team.first(lambda: _compare(remembered, out) if resume else _begin(remembered, out))
    (x, t), _ = load_mnist()
    data, validation = split_validation(x, t)
    np.random.seed(chosen.seed)  # Chainer's initial weights come from NumPy's global generator
    model = made.make()
    if isinstance(model, GAN):
        log = train_gan(model, data[0], out, chosen, device=device, resume=resume)
        score = {"last_epoch": log[-1]["epoch"], **{
            name: round(log[-1][name], 4) for name in GAN_LOSSES}}
        said = f"Losses after epoch {log[-1]['epoch']} say little: look at the images."
    elif isinstance(model, Autoencoder):
        log = train_autoencoder(model, data[0], validation[0], out, chosen, device=device,
                                resume=resume)
        losses = [entry["validation/main/loss"] for entry in log]
        score = {"best_epoch": int(np.argmin(losses)) + 1,
                 "validation_error": round(float(min(losses)), 5)}
        said = (f"Smallest mean squared error on the validation images: "
                f"{score['validation_error']:.5f}, after epoch {score['best_epoch']}.")
    else:
        log = train(model, data, validation, out, chosen, device=device, resume=resume,
                    team=team)
        if not team.leads:
            return out / f"{WEIGHTS}.npz"
        accuracies = [entry["validation/main/accuracy"] for entry in log]
        score = {"best_epoch": int(np.argmax(accuracies)) + 1,
                 "validation_accuracy": round(float(max(accuracies)), 4)}
        said = (f"Best accuracy on the validation images: {score['validation_accuracy']:.4f}, "
                f"after epoch {score['best_epoch']}.")
    model.to_device("@numpy")
    with np.load(out / BEST) as best:
        set_arrays(model, best)
    info = {
        "model": name,
        "layers": made.layers,
        "command": f"course train {name} --epochs {chosen.epochs} "
                   f"--batch-size {chosen.batch_size} --lr {chosen.lr} --decay {chosen.decay} "
                   f"--seed {chosen.seed} --out FOLDER",
        "data": f"{kind} MNIST: {len(data[0])} images to train, "
                f"{len(validation[0])} to validate, drawn at random",
        "optimizer": "Adam",
        **score,
    }
    path = save_weights(out / WEIGHTS, get_arrays(model), info)
    print(said)
    print(f"Its weights are in {path}, the log and the curves beside them.")
    print(f"What next: course test {out}")
    return path


class Judged(NamedTuple):
    """What the CNN that ships with the course says of 1,000 images of a generator."""

    sure: float  # mean of its largest probability
    counts: np.ndarray  # how many it takes for each digit, (10,)


def judge(gan: GAN, images: int = 1000, seed: int = 0) -> Judged:
    """Let the CNN look at images that a GAN makes; return Judged. The GAN is on the CPU."""
    z = np.random.RandomState(seed).uniform(-1, 1, (images, Z)).astype(np.float32)
    p = predict(load_model("cnn"), forge(gan.generator, z))
    return Judged(float(p.max(axis=1).mean()), np.bincount(p.argmax(axis=1), minlength=10))


def test_folder(folder: str | Path, device: Any = "@numpy") -> Measured | Judged | float:
    """Measure what train_into has left in a folder on the test images; return Measured.

    Prints a table and writes confusion_matrix.png into the folder. A GAN is judged by the CNN. Of
    an autoencoder it prints the error for each digit, and returns the mean squared error.
    Raises CourseError or DataError where the folder holds no trained model.
    """
    from common.figures import confusion, use_style
    from common.figures.style import to_png

    folder = Path(folder)
    model = _trained(folder)
    if isinstance(model, GAN):
        judged = judge(model)
        print(f"Of {judged.counts.sum():,} forged images the CNN is sure with a mean probability "
              f"of {judged.sure:.4f}.")
        print("It takes for each digit:", *(f"{digit}: {count}" for digit, count
                                             in enumerate(judged.counts)), sep="  ")
        return judged
    _, (x, t) = load_mnist()
    if isinstance(model, Autoencoder):
        found = errors(model, x)
        print("digit  images  mean squared error")
        for digit in range(10):
            print(f"{digit:5}  {(t == digit).sum():6}  {found[t == digit].mean():.5f}")
        print(f"On the {len(x)} test images: {found.mean():.5f}")
        return float(found.mean())
    measured = evaluate(model, x, t, device=device)
    counts = confusion.count(t, measured.answers)
    print("digit  images  right  share  most often taken for")
    for digit, row in enumerate(counts):
        wrong = np.where(np.arange(10) == digit, 0, row)
        taken_for = f"{wrong.argmax()} ({wrong.max()} times)" if wrong.any() else "nothing else"
        print(f"{digit:5}  {row.sum():6}  {row[digit]:5}  {row[digit] / row.sum():.3f}  "
              f"{taken_for}")
    use_style()
    picture = write_file(folder / MATRIX, to_png(confusion.matrix(counts))[0])
    print(f"Accuracy on the {len(x)} test images: {measured.accuracy:.4f}, "
          f"loss: {measured.loss:.4f}")
    print(f"The confusion matrix is drawn in {picture}.")
    return measured


def ship(folder: str | Path, trained: str | Path = TRAINED) -> Path:
    """Put the weights of a run where the course keeps those that ship with it, in a small file.

    What is stored is what is measured: the test accuracy in the .json is of the rounded weights.
    Returns the path. Raises CourseError or DataError where the folder holds no such model.
    """
    model, info = _trained(Path(folder)), weights_info(WEIGHTS, folder)
    made = _model(info["model"])
    if made.weights is None:
        shipped = [name for name in MODELS if MODELS[name].weights]
        raise CourseError(f"{info['model']} does not ship with the course: "
                          f"{', '.join(shipped)} do.")
    arrays = made.export(model)
    path = save_weights(Path(trained) / made.weights, arrays, info, made.levels)
    stored = load_model(made.weights, trained)
    if isinstance(stored, GAN):
        info["judged_sure"] = round(judge(stored).sure, 4)
        said = f"the CNN is sure of its images with {info['judged_sure']:.4f}"
    elif isinstance(stored, Autoencoder):
        _, (x, _) = load_mnist()
        info["test_error"] = round(float(errors(stored, x).mean()), 5)
        said = f"mean squared error on the {len(x)} test images {info['test_error']:.5f}"
    else:
        _, (x, t) = load_mnist()
        info["test_accuracy"] = round(evaluate(stored, x, t).accuracy, 4)
        said = f"accuracy on the {len(x)} test images {info['test_accuracy']:.4f}"
    save_weights(path, arrays, info, made.levels)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {said}")
    return path


def _model(name: str) -> Model:
    if name not in MODELS:
        raise CourseError(f"There is no model {name}; there are {', '.join(MODELS)}.")
    return MODELS[name]


def _trained(folder):
    try:
        return load_model(WEIGHTS, folder)
    except DataError:
        if (folder / SETTINGS).exists() and not (folder / f"{WEIGHTS}.npz").exists():
            raise CourseError(f"The training in {folder} did not end: go on with "
                              "course train ... --resume.") from None
        raise


def _compare(settings, out):
    """See that a folder holds a run with these settings, to go on with."""
    try:
        old = json.loads((out / SETTINGS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{out} holds no training to resume; leave --resume out.") from None
    except (OSError, ValueError) as error:
        raise CourseError(f"{out / SETTINGS} cannot be read ({error}).") from None
    if not isinstance(old, dict):
        raise CourseError(f"{out / SETTINGS} is not of a training; choose another folder.")
    differing = [f"{key} was {old.get(key)}" for key in settings if old.get(key) != settings[key]]
    if differing:
        raise CourseError(f"{out} holds a training with other settings ({', '.join(differing)}): "
                          "use those, or another folder.")


def _begin(settings, out):
    """Claim a folder for a new run, unless a run, or a file of a reader's, is in the way.

    A run that ended before its first epoch did, for want of memory or by Control-C, has left
    nothing but its settings, and those of the new run take their place.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in out.iterdir())
    except OSError as error:
        raise CourseError(f"{out} cannot be written to ({error.strerror or error}).") from None
    ours = {SETTINGS, LOG, BEST, MATRIX, *CURVES, f"{WEIGHTS}.npz", f"{WEIGHTS}.json"}
    snapshot = SNAPSHOT.split("{")[0]
    # Small letters, since some systems take Loss.png and loss.png for the same file.
    taken = [name for name in names if name.lower() in ours
             or name.startswith(snapshot) and name.removeprefix(snapshot).isdigit()]
    if SETTINGS in taken and _is_of_a_run(out / SETTINGS):
        if taken != [SETTINGS]:
            raise CourseError(f"{out} holds a training already: go on with it (--resume), or "
                              "choose another folder.")
    elif taken:
        raise CourseError(f"{out} has a file {taken[0]} that is not of a training, and would be "
                          "overwritten: choose another folder.")
    write_file(out / SETTINGS, json.dumps(settings))


def _is_of_a_run(path):
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("model") in MODELS
