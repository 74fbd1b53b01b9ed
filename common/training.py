"""Train a Chainer model so that it can be stopped at any moment, and measure it."""
import math
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import tqdm.auto
from chainer import training
from chainer.datasets import TupleDataset
from chainer.iterators import SerialIterator
from chainer.training import extensions

from common.backend import to_cpu
from common.errors import CourseError
from common.functions import label_indices

SNAPSHOT = "snapshot_epoch_{.updater.epoch}"
BEST, LOG = "best.npz", "log.json"
CURVES = {"loss.png": ["main/loss", "validation/main/loss"],
          "accuracy.png": ["main/accuracy", "validation/main/accuracy"]}


class Measured(NamedTuple):
    """What a model answers to images, and how good that is."""

    loss: float  # mean cross entropy
    accuracy: float  # share of right answers, from 0.0 to 1.0
    answers: np.ndarray  # the class with the largest logit of each image, int32 (images,)


def train(model, data, validation, out, epochs=10, batch_size=100, lr=0.001, decay=1.0, seed=0,
          device="@numpy", resume=False):
    """Train a model with Adam on mini-batches; keep a log, curves, snapshots and the best model.

    model: a Chainer link that maps a batch of images to logits. data, validation: (x, t), images
    and labels, as indices or one-hot. out: the folder for log.json, loss.png, accuracy.png, the
    last two snapshots, and best.npz: the model after the epoch with the best validation accuracy.
    lr: learning rate of Adam. decay: what it is multiplied with after each epoch; 1 leaves it.
    device: as chainer.get_device takes it.
    resume: go on from the last snapshot in `out`, and end with the numbers of a run that was never
    stopped (on the same machine). Without it, `out` must not hold a run already.
    Returns the log, a list with a dict for each epoch. Raises CourseError where an argument makes
    no sense, a loss is not a number, or the folder cannot be written to.
    """
    check_settings(epochs, batch_size, lr, decay)
    out = Path(out)
    snapshots = _prepare(out, resume)
    device = chainer.get_device(device)
    device.use()
    classifier = L.Classifier(model)
    classifier.to_device(device)
    optimizer = chainer.optimizers.Adam(alpha=lr).setup(classifier)
    _seed(seed, 0)
    examples = _examples(*data)
    updater = training.StandardUpdater(
        SerialIterator(examples, min(batch_size, len(examples))), optimizer, device=device)
    trainer = training.Trainer(updater, (epochs, "epoch"), out=str(out))
    bar = progress_bar(total=epochs * math.ceil(len(examples) / batch_size), unit="step")
    trainer.extend(extensions.Evaluator(
        SerialIterator(_examples(*validation), 1000, repeat=False, shuffle=False),
        classifier, device=device), name="validation")
    trainer.extend(extensions.LogReport(filename=LOG))
    for file, curves in CURVES.items():
        trainer.extend(extensions.PlotReport(curves, "epoch", filename=file), name=file)
    trainer.extend(extensions.ExponentialShift("alpha", decay), trigger=(1, "epoch"))
    trainer.extend(_stop_at_nan, trigger=(1, "iteration"))
    trainer.extend(lambda trainer: bar.update(trainer.updater.iteration - bar.n),
                   trigger=(1, "iteration"), name="bar")
    trainer.extend(_print_epoch, trigger=(1, "epoch"), priority=-10)
    best = training.triggers.MaxValueTrigger("validation/main/accuracy", trigger=(1, "epoch"))
    trainer.extend(extensions.snapshot_object(model, BEST), trigger=best)
    # Random numbers begin anew with every epoch: then the last snapshot is all that a run needs.
    trainer.extend(lambda trainer: _seed(seed, trainer.updater.epoch), trigger=(1, "epoch"),
                   name="seed")
    trainer.extend(extensions.snapshot(filename=SNAPSHOT, n_retains=2), trigger=(1, "epoch"))
    try:
        if _load_newest(snapshots, trainer):
            _seed(seed, updater.epoch)
            print(f"Going on after epoch {updater.epoch}.")
        if updater.epoch < epochs:
            trainer.run(show_loop_exception_msg=False)
    except OSError as error:
        raise CourseError(f"Nothing can be written to {out} ({error.strerror or error}); "
                          "make room, and resume the training.") from None
    finally:
        bar.close()
    return trainer.get_extension("LogReport").log


def check_settings(epochs, batch_size, lr, decay):
    """Raise CourseError where a training cannot be run with these numbers."""
    if epochs < 1 or batch_size < 1 or not lr > 0 or not 0 < decay <= 1:
        raise CourseError("epochs and batch size must be 1 or more, the learning rate above 0, "
                          "and its decay above 0 and at most 1.")


def evaluate(model, x, t, batch_size=1000, device="@numpy"):
    """Measure a model on images x with the labels t; return Measured(loss, accuracy, answers).

    model: a Chainer link that maps images to logits. t: indices or one-hot. device: as
    chainer.get_device takes it; the model moves there. Raises as label_indices does.
    """
    device = chainer.get_device(device)
    model.to_device(device)
    logits = []
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        for start in range(0, len(x), batch_size):
            logits.append(to_cpu(model(device.send(x[start:start + batch_size])).array))
    logits = np.concatenate(logits)
    labels = label_indices(t, logits).astype(np.int32)
    answers = logits.argmax(axis=1).astype(np.int32)
    loss = F.softmax_cross_entropy(logits, labels).item()
    return Measured(loss, float((answers == labels).mean()), answers)


def progress_bar(**options):
    """A bar of tqdm for a terminal or a notebook, gone when it is closed.

    There is none where the output goes into a file, or the environment has TQDM_DISABLE.
    """
    hidden = bool(os.environ.get("TQDM_DISABLE"))
    if "ipykernel" not in sys.modules:
        hidden = hidden or None  # tqdm then looks whether a terminal is there
    return tqdm.auto.tqdm(leave=False, disable=hidden, **options)


def _examples(x, t):
    """Pairs of image and label for Chainer's iterators, the labels as int32."""
    if len(x) != len(t) or len(x) == 0:
        raise CourseError(f"There must be a label for each image: {len(x)} images came with "
                          f"{len(t)} labels.")
    t = np.asarray(t)
    classes = t.shape[1] if t.ndim == 2 else int(t.max()) + 1
    labels = label_indices(t, np.broadcast_to(np.float32(0), (len(t), classes)))
    return TupleDataset(x, labels.astype(np.int32))


def _prepare(out, resume):
    """Make the folder of a run ready; return the snapshots in it, the newest first."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for unfinished in out.glob("tmp*"):  # what a killed run was writing
            shutil.rmtree(unfinished) if unfinished.is_dir() else unfinished.unlink()
    except OSError as error:
        raise CourseError(
            f"{out} cannot be written to ({error.strerror or error}).") from None
    prefix = SNAPSHOT.split("{")[0]
    snapshots = sorted(
        (path for path in out.glob(prefix + "*") if path.name.removeprefix(prefix).isdigit()),
        key=lambda path: int(path.name.removeprefix(prefix)), reverse=True)
    if not resume and (snapshots or (out / BEST).exists()):
        raise CourseError(f"{out} holds a training already: resume it, or choose another folder.")
    return snapshots


def _load_newest(snapshots, trainer):
    """Put the newest snapshot that can be read into the trainer; return whether there was one."""
    for snapshot in snapshots:
        try:
            with np.load(snapshot, allow_pickle=False) as arrays:
                for name in arrays.files:  # a damaged file shows before it has changed anything
                    arrays[name]
        except Exception as error:  # zipfile, zlib and NumPy each have their own
            print(f"{snapshot} is damaged ({error}); going back to the one before.")
            continue
        try:
            with warnings.catch_warnings():
                # Of triggers that had not been asked yet when the snapshot was written.
                warnings.filterwarnings("ignore", message="The previous value of")
                chainer.serializers.load_npz(str(snapshot), trainer)
        except (KeyError, ValueError, TypeError) as error:
            raise CourseError(f"{snapshot} is of another model, or of other settings "
                              f"({error}).") from None
        return True
    if snapshots:
        raise CourseError(f"No snapshot in {snapshots[0].parent} can be read; start again in "
                          "another folder.")
    return False


def _stop_at_nan(trainer):
    if not math.isfinite(trainer.observation["main/loss"].item()):
        raise CourseError(f"The loss is no longer a number in step {trainer.updater.iteration}: "
                          "start again with a smaller learning rate.")


def _print_epoch(trainer):
    entry = trainer.get_extension("LogReport").log[-1]
    tqdm.auto.tqdm.write(f"epoch {entry['epoch']}: loss {entry['main/loss']:.4f}, "
                         f"accuracy {entry['main/accuracy']:.4f}, "
                         f"validation accuracy {entry['validation/main/accuracy']:.4f}")


def _seed(seed, epoch):
    """Seed the global generators of NumPy and CuPy, which Chainer draws from."""
    number = (seed * 1_000_003 + epoch) % 2 ** 32
    np.random.seed(number)
    if chainer.backends.cuda.available:
        chainer.backends.cuda.cupy.random.seed(number)
