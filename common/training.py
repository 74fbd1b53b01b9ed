"""Train a Chainer model so that it can be stopped at any moment, and measure it."""
import contextlib
import math
import os
import re
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

from common import models
from common.backend import to_cpu
from common.course import CourseError
from common.functions import label_indices
from common.gan import BETA1, GANUpdater
from common.language import _
from common.parallel import ALONE
from common.settings import Settings

DEFAULT = Settings()
SNAPSHOT = "snapshot_epoch_{.updater.epoch}"
BEST, LOG = "best.npz", "log.json"
UNFINISHED = re.compile(r"(tmp(?P<file>snapshot_epoch_\d+|best\.npz)|log\.json)[a-z0-9_]{8}")
CURVES = {"loss.png": ["main/loss", "validation/main/loss"],
          "accuracy.png": ["main/accuracy", "validation/main/accuracy"]}
GAN_LOSSES = ["generator/loss", "discriminator/loss"]


class Measured(NamedTuple):
    """What a model takes images for, and how good that is."""

    loss: float  # mean cross entropy
    accuracy: float  # share of right answers, from 0.0 to 1.0
    answers: np.ndarray  # the class with the largest logit of each image, int32 (images,)


def train(model, data, validation, out, settings=DEFAULT, *, device="@numpy", resume=False,
          team=ALONE):
    """Train a model with Adam on mini-batches; keep a log, curves, snapshots and the best model.

    model: a Chainer link that maps a batch of images to logits. data, validation: (x, t), images
    and labels, as indices or one-hot. out: the folder for log.json, loss.png, accuracy.png, the
    last two snapshots, and best.npz: the model after the epoch with the best validation accuracy.
    settings: such as Settings(epochs=3, lr=0.01). device: as chainer.get_device takes it.
    resume: go on from the last snapshot in `out`, and end with the numbers of a run that was never
    stopped (on the same machine). Without it, `out` must not hold a run already.
    team: in each of several processes its Team, from common.processes.joined; the first of them
    writes the files.
    Returns the log, a list with a dict for each epoch. Raises CourseError where the loss is not a
    number, the memory is not enough, or the folder cannot be written to.
    """
    out = Path(out)
    snapshots = team.first(lambda: _prepare(out, resume))
    device = chainer.get_device(device)
    device.use()
    examples, others = _examples(*data), _examples(*validation)
    batch, others_batch = min(settings.batch_size, len(examples)), min(1000, len(others))
    classifier = team.classifier(model, batch)
    classifier.to_device(device)
    optimizer = team.set_up(chainer.optimizers.Adam(alpha=settings.lr), classifier)
    _seed(settings.seed, 0, team)
    updater = training.StandardUpdater(
        team.iterator(examples, batch), optimizer, device=device)
    trainer = training.Trainer(updater, (settings.epochs, "epoch"), out=str(out))
    trainer.extend(team.evaluator(extensions.Evaluator(
        team.iterator(others, others_batch, repeat=False, shuffle=False),
        team.classifier(model, others_batch), device=device)), name="validation")
    trainer.extend(extensions.ExponentialShift("alpha", settings.decay), trigger=(1, "epoch"))
    if team.leads:
        best = training.triggers.MaxValueTrigger("validation/main/accuracy", trigger=(1, "epoch"))
        trainer.extend(extensions.snapshot_object(model, BEST), trigger=best)
    return _run(trainer, settings, snapshots, CURVES, _print_epoch, team)


def train_autoencoder(model, images, validation, out, settings=DEFAULT, *, device="@numpy",
                      resume=False):
    """Train a model to restore its input, with Adam and the mean squared error.

    model: a Chainer link that maps images (images, 784) to images. images, validation: float32
    (images, 784). out, settings, device, resume, the log, and errors: as for train; best.npz is
    the model after the epoch with the smallest error on the validation images.
    """
    out = Path(out)
    snapshots = _prepare(out, resume)
    device = chainer.get_device(device)
    device.use()
    restorer = L.Classifier(model, lossfun=F.mean_squared_error)
    restorer.compute_accuracy = False
    restorer.to_device(device)
    optimizer = chainer.optimizers.Adam(alpha=settings.lr).setup(restorer)
    _seed(settings.seed, 0, ALONE)
    updater = training.StandardUpdater(
        SerialIterator(TupleDataset(images, images), min(settings.batch_size, len(images))),
        optimizer, device=device)
    trainer = training.Trainer(updater, (settings.epochs, "epoch"), out=str(out))
    trainer.extend(extensions.Evaluator(
        SerialIterator(TupleDataset(validation, validation), 1000, repeat=False, shuffle=False),
        restorer, device=device), name="validation")
    trainer.extend(extensions.ExponentialShift("alpha", settings.decay), trigger=(1, "epoch"))
    best = training.triggers.MinValueTrigger("validation/main/loss", trigger=(1, "epoch"))
    trainer.extend(extensions.snapshot_object(model, BEST), trigger=best)
    return _run(trainer, settings, snapshots, {"loss.png": CURVES["loss.png"]},
                _print_autoencoder_epoch)


def train_gan(model, images, out, settings=DEFAULT, *, device="@numpy", resume=False):
    """Train both networks of a GAN, each with its own Adam; keep what train keeps.

    model: a GAN of common.gan. images: the real ones, float32 (images, 784). out, settings, device,
    resume, the log, and errors: as for train. No epoch is the best one where two losses pull
    against each other: best.npz is the model as it is after the last epoch.
    """
    out = Path(out)
    snapshots = _prepare(out, resume)
    device = chainer.get_device(device)
    device.use()
    model.to_device(device)
    optimizers = {name: chainer.optimizers.Adam(alpha=settings.lr, beta1=BETA1).setup(network)
                  for name, network in (("generator", model.generator),
                                        ("discriminator", model.discriminator))}
    _seed(settings.seed, 0, ALONE)
    updater = GANUpdater(SerialIterator(images, min(settings.batch_size, len(images))),
                         optimizers, device=device)
    trainer = training.Trainer(updater, (settings.epochs, "epoch"), out=str(out))
    for name, optimizer in optimizers.items():
        trainer.extend(extensions.ExponentialShift("alpha", settings.decay, optimizer=optimizer),
                       trigger=(1, "epoch"), name=f"decay of the {name}")
    trainer.extend(extensions.snapshot_object(model, BEST), trigger=(1, "epoch"))
    return _run(trainer, settings, snapshots, {"loss.png": GAN_LOSSES}, _print_gan_epoch)


def _run(trainer, settings, snapshots, curves, print_epoch, team=ALONE):
    """Give a trainer what every training has, go on from its newest snapshot, and run it.

    curves: for each file, what is drawn in it. print_epoch: an extension. Returns the log.
    """
    updater, out = trainer.updater, trainer.out
    iterator = updater.get_iterator("main")
    bar = progress_bar(unit="step", total=settings.epochs * math.ceil(
        len(iterator.dataset) / iterator.batch_size))
    team.extend(trainer)
    # Chainer takes "log" for a file name of None, unless log_name is None too.
    trainer.extend(extensions.LogReport(filename=LOG if team.leads else None, log_name=None))
    trainer.extend(_stop_at_nan, trigger=(1, "iteration"))
    trainer.extend(lambda trainer: bar.update(trainer.updater.iteration - bar.n),
                   trigger=(1, "iteration"), name="bar")
    # Reseed each epoch, so a resumed run draws the same numbers.
    trainer.extend(lambda trainer: _seed(settings.seed, trainer.updater.epoch, team),
                   trigger=(1, "epoch"), name="seed")
    if team.leads:
        for file, lines in curves.items():
            trainer.extend(extensions.PlotReport(lines, "epoch", filename=file), name=file)
        trainer.extend(print_epoch, trigger=(1, "epoch"), priority=-10)
        trainer.extend(extensions.snapshot(filename=SNAPSHOT), trigger=(1, "epoch"))
        trainer.extend(_remove_old_snapshot, trigger=(1, "epoch"), priority=-200)  # after the new
    try:
        if _load_newest(snapshots, trainer):
            _seed(settings.seed, updater.epoch, team)
            print(_("Going on after epoch {n}.").format(n=updater.epoch))
        if updater.epoch < settings.epochs:
            trainer.run(show_loop_exception_msg=False)
    except OSError as error:
        raise CourseError(_("Nothing can be written to {out} ({why}); make room, and resume the "
                            "training.").format(out=out, why=error.strerror or error)) from None
    except MemoryError:
        raise CourseError(_("There is not enough memory for batches of {n} images: choose a "
                            "smaller batch size.").format(n=settings.batch_size)) from None
    finally:
        bar.close()
    return trainer.get_extension("LogReport").log


def evaluate(model, x, t, batch_size=1000, device="@numpy"):
    """Measure a model on images x with the labels t; return Measured(loss, accuracy, answers).

    model: a Chainer link that maps images to logits. t: indices or one-hot. device: as
    chainer.get_device takes it; the model moves there. Raises as label_indices does.
    """
    model.to_device(chainer.get_device(device))
    logits = to_cpu(models.logits(model, x, batch_size))
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
        raise CourseError(_("There must be a label for each image: {images} images came with "
                            "{labels} labels.").format(images=len(x), labels=len(t)))
    t = np.asarray(t)
    classes = t.shape[1] if t.ndim == 2 else int(t.max()) + 1
    labels = label_indices(t, np.broadcast_to(np.float32(0), (len(t), classes)))
    return TupleDataset(x, labels.astype(np.int32))


def _prepare(out, resume):
    """Make the folder of a run ready; return the snapshots in it, the newest first."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if resume:
            _remove_unfinished(out)
        names = sorted(path.name for path in out.iterdir())
    except OSError as error:
        raise CourseError(_("{out} cannot be written to ({why}).").format(
            out=out, why=error.strerror or error)) from None
    prefix = SNAPSHOT.split("{")[0]
    snapshots = [name for name in names
                 if name.startswith(prefix) and name.removeprefix(prefix).isdigit()]
    # Small letters, since some systems take Best.npz and best.npz for the same file.
    taken = [name for name in names if name.lower() in (BEST, LOG, *CURVES) or name in snapshots]
    if taken and not resume:
        raise CourseError(_("{out} holds {name} already, so a training was here, or something "
                            "else: resume that training, or choose another folder.").format(
                              out=out, name=taken[0]))
    snapshots.sort(key=lambda name: int(name.removeprefix(prefix)), reverse=True)
    return [out / name for name in snapshots]


def _remove_unfinished(out):
    """Remove what Chainer was writing into this run's folder when the run was killed.

    It writes FILE in a folder "tmpFILE" plus eight letters, the log in one called "log.json" plus
    eight letters. A folder that holds anything else is a reader's own, and stays.
    """
    for folder in out.iterdir():
        found = UNFINISHED.fullmatch(folder.name)
        if found and folder.is_dir() and not folder.is_symlink():
            file = found["file"] or LOG
            if {path.name for path in folder.iterdir()} <= {file}:
                with contextlib.suppress(OSError):
                    (folder / file).unlink(missing_ok=True)
                    folder.rmdir()


def _load_newest(snapshots, trainer):
    """Put the newest snapshot that can be read into the trainer; return whether there was one."""
    for snapshot in snapshots:
        try:
            with np.load(snapshot, allow_pickle=False) as arrays:
                for name in arrays.files:  # a damaged file shows before it has changed anything
                    arrays[name]
        except Exception as error:  # zipfile, zlib and NumPy each have their own
            print(_("{snapshot} is damaged ({error}); going back to the one before.").format(
                snapshot=snapshot, error=error))
            continue
        try:
            with warnings.catch_warnings():
                # Of triggers that had not been asked yet when the snapshot was written.
                warnings.filterwarnings("ignore", message="The previous value of")
                chainer.serializers.load_npz(str(snapshot), trainer)
        except (KeyError, ValueError, TypeError) as error:
            raise CourseError(_("{snapshot} is of another model, or of other settings ({error})."
                                ).format(snapshot=snapshot, error=error)) from None
        return True
    if snapshots:
        raise CourseError(_("No snapshot in {folder} can be read; start again in another folder."
                            ).format(folder=snapshots[0].parent))
    return False


def _remove_old_snapshot(trainer):
    """Keep two snapshots. Chainer's n_retains would count a reader's snapshot_epoch_notes.txt."""
    old = SNAPSHOT.split("{")[0] + str(trainer.updater.epoch - 2)
    Path(trainer.out, old).unlink(missing_ok=True)


def _stop_at_nan(trainer):
    losses = [value for name, value in trainer.observation.items() if name.endswith("/loss")]
    if not all(math.isfinite(loss.item()) for loss in losses):
        raise CourseError(_("The loss is no longer a number in step {step}: start again with a "
                            "smaller learning rate.").format(step=trainer.updater.iteration))


def _print_epoch(trainer):
    entry = trainer.get_extension("LogReport").log[-1]
    tqdm.auto.tqdm.write(f"epoch {entry['epoch']}: loss {entry['main/loss']:.4f}, "
                         f"accuracy {entry['main/accuracy']:.4f}, "
                         f"validation accuracy {entry['validation/main/accuracy']:.4f}")


def _print_autoencoder_epoch(trainer):
    entry = trainer.get_extension("LogReport").log[-1]
    tqdm.auto.tqdm.write(f"epoch {entry['epoch']}: error {entry['main/loss']:.5f}, on the "
                         f"validation images {entry['validation/main/loss']:.5f}")


def _print_gan_epoch(trainer):
    entry = trainer.get_extension("LogReport").log[-1]
    generator, discriminator = (entry[name] for name in GAN_LOSSES)
    tqdm.auto.tqdm.write(f"epoch {entry['epoch']}: loss of the generator {generator:.4f}, "
                         f"of the discriminator {discriminator:.4f}")


def _seed(seed, epoch, team):
    team.seed((seed * 1_000_003 + epoch) % 2 ** 32)
