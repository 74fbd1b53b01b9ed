"""A model in a folder: train it there, measure it, and ship its weights with the course."""
import json
from pathlib import Path

import numpy as np

from common.errors import CourseError
from common.models import MODELS, export_params, get_arrays, load_model, set_arrays
from common.training import BEST, check_settings, evaluate, train
from dataset.files import DataError
from dataset.mnist import load_mnist, status
from dataset.weights import TRAINED, save_weights, weights_info

WEIGHTS, SETTINGS = "weights", "settings.json"  # weights.npz and weights.json in a run's folder
# The name of its chapter, and the levels that its weights are rounded to: few enough for a small
# file, and enough for the same accuracy. None: float32.
SHIPPED = {"three-layer-net": ("05_inference_and_batches", None), "mlp": ("07_chainer", 63),
           "cnn": ("09_cnn", 15)}


def train_into(name, out, epochs=None, batch_size=None, lr=0.001, decay=None, seed=0,
               device="@numpy", resume=False):
    """Train a model of MODELS on MNIST in the folder `out`, and save its best weights there.

    epochs, batch_size, decay: None for what suits the model. All as for common.training.train.
    One training image in twelve is kept out: its accuracy says which epoch was the best. The test
    images are not touched. Returns the path of the weights. Raises CourseError as train does, or
    where there is another run in the folder.
    """
    epochs = MODELS[name].epochs if epochs is None else epochs
    batch_size = MODELS[name].batch_size if batch_size is None else batch_size
    decay = MODELS[name].decay if decay is None else decay
    check_settings(epochs, batch_size, lr, decay)
    settings = {"model": name, "batch_size": batch_size, "lr": lr, "decay": decay, "seed": seed,
                "data": status().kind}
    out = Path(out)
    if resume:
        _compare(settings, out)
    (x, t), _ = load_mnist()
    held_out = len(x) // 12
    np.random.seed(seed)  # Chainer's initial weights come from NumPy's global generator
    model = MODELS[name].make()
    _remember(settings, out, resume)
    log = train(model, (x[:-held_out], t[:-held_out]), (x[-held_out:], t[-held_out:]), out,
                epochs, batch_size, lr, decay, seed, device, resume)
    model.to_device("@numpy")
    with np.load(out / BEST) as best:
        set_arrays(model, best)
    accuracies = [entry["validation/main/accuracy"] for entry in log]
    info = {
        "model": name,
        "layers": MODELS[name].layers,
        "command": f"course train {name} --epochs {epochs} --batch-size {batch_size} "
                   f"--lr {lr} --decay {decay} --seed {seed} --out FOLDER",
        "data": f"{settings['data']} MNIST: {len(x) - held_out} images to train, "
                f"{held_out} to validate",
        "optimizer": "Adam",
        "best_epoch": int(np.argmax(accuracies)) + 1,
        "validation_accuracy": round(float(max(accuracies)), 4),
    }
    path = save_weights(out / WEIGHTS, get_arrays(model), info)
    print(f"Best accuracy on the validation images: {info['validation_accuracy']:.4f}, "
          f"after epoch {info['best_epoch']}.")
    print(f"Its weights are in {path}, the log and the curves beside them.")
    print(f"What next: course test {out}")
    return path


def test_folder(folder, device="@numpy"):
    """Measure what train_into has left in a folder on the test images; return Measured.

    Prints a table and writes confusion_matrix.png into the folder. Raises CourseError or DataError
    where the folder holds no trained model.
    """
    from common.figures import confusion, use_style
    from common.figures.style import to_png

    folder = Path(folder)
    model = _trained(folder)
    _, (x, t) = load_mnist()
    measured = evaluate(model, x, t, device=device)
    counts = confusion.count(t, measured.answers)
    print("digit  images  right  share  most often taken for")
    for digit, row in enumerate(counts):
        wrong = np.where(np.arange(10) == digit, 0, row)
        taken_for = f"{wrong.argmax()} ({wrong.max()} times)" if wrong.any() else "nothing else"
        print(f"{digit:5}  {row.sum():6}  {row[digit]:5}  {row[digit] / row.sum():.3f}  "
              f"{taken_for}")
    use_style()
    picture = folder / "confusion_matrix.png"
    try:
        picture.write_bytes(to_png(confusion.matrix(counts))[0])
    except OSError as error:
        raise CourseError(f"{picture} cannot be written ({error.strerror or error}).") from None
    print(f"Accuracy on the {len(x)} test images: {measured.accuracy:.4f}, "
          f"loss: {measured.loss:.4f}")
    print(f"The confusion matrix is drawn in {picture}.")
    return measured


def ship(folder, trained=TRAINED):
    """Put the weights of a run where the course keeps those that ship with it, in a small file.

    What is stored is what is measured: the test accuracy in the .json is of the rounded weights.
    Returns the path. Raises CourseError or DataError where the folder holds no such model.
    """
    model, info = _trained(Path(folder)), weights_info(WEIGHTS, folder)
    if info["model"] not in SHIPPED:
        raise CourseError(f"{info['model']} does not ship with the course: "
                          f"{', '.join(SHIPPED)} do.")
    name, levels = SHIPPED[info["model"]]
    # The network of chapter 05 is read by the book's own code, with the book's names.
    arrays = export_params(model) if info["model"] == "three-layer-net" else get_arrays(model)
    path = save_weights(Path(trained) / name, arrays, info, levels)
    _, (x, t) = load_mnist()
    info["test_accuracy"] = round(evaluate(load_model(name, trained), x, t).accuracy, 4)
    save_weights(path, arrays, info, levels)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, accuracy on the {len(x)} test images "
          f"{info['test_accuracy']:.4f}")
    return path


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
    differing = [f"{key} was {old.get(key)}" for key in settings if old.get(key) != settings[key]]
    if differing:
        raise CourseError(f"{out} holds a training with other settings ({', '.join(differing)}): "
                          "use those, or another folder.")


def _remember(settings, out, resume):
    if resume:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        with open(out / SETTINGS, "x", encoding="utf-8") as file:
            json.dump(settings, file)
    except FileExistsError:
        raise CourseError(f"{out} holds a training already: go on with it (--resume), or choose "
                          "another folder.") from None
    except OSError as error:
        raise CourseError(f"{out} cannot be written to ({error.strerror or error}).") from None
