"""`course train`, `course test` and `course ship`: a run in a folder, from the outside."""
import dataclasses
import json

import numpy as np
import pytest

from common.cli import main
from common.models import MODELS, load_model
from common.tools import train as runs
from common.training import evaluate
from dataset.mnist import load_mnist, split_validation
from dataset.weights import load_weights, weights_info


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short training of the network of chapter 05."""
    out = tmp_path_factory.mktemp("results") / "run"
    assert main(["train", "three-layer-net", "--out", str(out), "--epochs", "3", "--lr", "0.01",
                 "--device", "cpu"]) == 0
    return out


def test_train_and_test_say_what_they_did(tmp_path, capsys):
    out = str(tmp_path / "run")
    assert main(["train", "three-layer-net", "--out", out, "--epochs", "2", "--lr", "0.01"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-3].startswith("Best accuracy on the validation images: 0.")
    assert said[-1] == f"What next: course test {out}"
    assert main(["test", out]) == 0
    said = capsys.readouterr().out.splitlines()
    said = said[-13:]  # a line about the device is shown once only
    assert said[0].split() == "digit images right share most often taken for".split()
    assert [line.split()[0] for line in said[1:11]] == list("0123456789")
    assert sum(int(line.split()[1]) for line in said[1:11]) == len(load_mnist()[1][1])
    assert said[11].startswith("Accuracy on the 1000 test images: 0.")
    assert (tmp_path / "run" / "confusion_matrix.png").read_bytes().startswith(b"\x89PNG")


def test_the_weights_are_those_of_the_best_epoch(run):
    info = weights_info("weights", run)
    log = json.loads((run / "log.json").read_text())
    accuracies = [entry["validation/main/accuracy"] for entry in log]
    assert info["validation_accuracy"] == round(max(accuracies), 4)
    assert info["best_epoch"] == 1 + accuracies.index(max(accuracies))
    assert info["command"] == ("course train three-layer-net --epochs 3 --batch-size 100 --lr 0.01 "
                               "--decay 1.0 --seed 0 --out FOLDER")
    (x, t), _ = load_mnist()
    _, validation = split_validation(x, t)
    measured = evaluate(load_model("weights", run), *validation)
    assert round(measured.accuracy, 4) == info["validation_accuracy"]


def test_test_folder_measures_the_test_images(run):
    measured = runs.test_folder(run)
    _, (x, t) = load_mnist()
    assert measured.accuracy == pytest.approx((measured.answers == t).mean())
    assert measured.accuracy > 0.8


def test_resume_adds_epochs(run, tmp_path, capsys):
    first = ["train", "three-layer-net", "--out", str(tmp_path / "run"), "--lr", "0.01"]
    assert main([*first, "--epochs", "1"]) == 0
    assert main([*first, "--epochs", "3", "--resume"]) == 0
    assert "Going on after epoch 1." in capsys.readouterr().out
    ours, whole = load_weights("weights", tmp_path / "run"), load_weights("weights", run)
    for name in whole:
        np.testing.assert_array_equal(ours[name], whole[name])


@pytest.mark.parametrize("arguments, sentence", [
    ([], "holds a training already: go on with it \\(--resume\\), or choose another folder"),
    (["--resume", "--seed", "5"], "other settings \\(lr was 0.01, seed was 0\\)"),
])
def test_a_run_is_not_overwritten(run, capsys, arguments, sentence):
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    assert main(["train", "three-layer-net", "--out", str(run), *arguments]) == 1
    capsys.readouterr()
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
    with pytest.raises(runs.CourseError, match=sentence):
        runs.train_into("three-layer-net", run, resume="--resume" in arguments,
                        seed=5 if arguments else 0)


def test_mistakes_are_one_sentence(tmp_path, capsys):
    def says(*arguments):
        assert main(list(arguments)) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        return error

    assert "holds no training to resume" in says(
        "train", "mlp", "--out", str(tmp_path / "new"), "--resume")
    assert "epochs and batch size must be 1 or more" in says(
        "train", "mlp", "--out", str(tmp_path / "x"), "--epochs", "0")
    assert "There are no weights" in says("test", str(tmp_path / "nothing"))
    file = tmp_path / "file"
    file.write_text("")
    assert "cannot be written to" in says("train", "mlp", "--out", str(file / "run"))
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / "settings.json").write_text('{"model": "mlp"}')
    assert "did not end: go on with" in says("test", str(tmp_path / "begun"))


def test_the_seed_decides_the_weights(tmp_path):
    for folder, seed in [("a", "3"), ("b", "3"), ("c", "4")]:
        assert main(["train", "three-layer-net", "--epochs", "1", "--batch-size", "500", "--seed",
                     seed, "--out", str(tmp_path / folder)]) == 0
    a, b, c = (load_weights("weights", tmp_path / folder) for folder in "abc")
    assert all((a[name] == b[name]).all() for name in a)
    assert not (a["0/W"] == c["0/W"]).all()


def test_a_gpu_that_is_not_there_is_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("common.backend.why_no_gpu", lambda: "CuPy is not installed.")
    assert main(["train", "mlp", "--out", str(tmp_path / "run"), "--device", "gpu"]) == 1
    assert capsys.readouterr().err == (
        "course train: There is no GPU to use: CuPy is not installed.\n")
    assert not (tmp_path / "run").exists()


def test_ship_keeps_the_accuracy_in_a_small_file(run, tmp_path):
    path = runs.ship(run, tmp_path)
    assert path == tmp_path / "three-layer-net.npz"
    assert set(load_weights(path.stem, tmp_path)) == {"W1", "b1", "W2", "b2", "W3", "b3"}
    _, (x, t) = load_mnist()
    measured = evaluate(load_model(path.stem, tmp_path), x, t)
    assert measured.accuracy == pytest.approx(runs.test_folder(run).accuracy)
    assert weights_info(path.stem, tmp_path)["test_accuracy"] == round(measured.accuracy, 4)


def test_only_models_of_chapters_ship(run, tmp_path, monkeypatch):
    unshipped = dataclasses.replace(MODELS["three-layer-net"], weights=None)
    monkeypatch.setitem(MODELS, "three-layer-net", unshipped)
    with pytest.raises(runs.CourseError, match="three-layer-net does not ship"):
        runs.ship(run, tmp_path)


OWN = ("tmp_notes/plan.txt", "tmp-plan.txt", "snapshot_epoch_notes.txt", "my.json")


def test_what_a_reader_keeps_in_the_folder_stays(tmp_path):
    for name in OWN:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"my own {name}")
    first = ["train", "three-layer-net", "--out", str(tmp_path), "--batch-size", "500"]
    assert main([*first, "--epochs", "3"]) == 0
    assert main([*first, "--epochs", "4", "--resume"]) == 0
    assert main(["test", str(tmp_path)]) == 0
    assert {name: (tmp_path / name).read_text() for name in OWN} == {
        name: f"my own {name}" for name in OWN}


@pytest.mark.parametrize("name", ["settings.json", "weights.npz", "Weights.json", "loss.png",
                                  "confusion_matrix.png", "best.npz", "snapshot_epoch_1"])
def test_a_file_of_a_readers_is_not_overwritten(tmp_path, capsys, name):
    (tmp_path / name).write_text("[]")
    assert main(["train", "three-layer-net", "--out", str(tmp_path), "--epochs", "1"]) == 1
    assert f"has a file {name} that is not of a training" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "[]"


@pytest.mark.parametrize("error, code, sentence", [
    (MemoryError, 1, "not enough memory for batches of 700 images: choose a smaller batch size"),
    (KeyboardInterrupt, 130, "stopped")])
def test_a_run_that_did_not_begin_blocks_no_folder(
        tmp_path, monkeypatch, capsys, error, code, sentence):
    def fail(trainer):
        raise error

    first = ["train", "three-layer-net", "--out", str(tmp_path), "--epochs", "1"]
    with monkeypatch.context() as patch:
        patch.setattr("common.training._stop_at_nan", fail)
        assert main([*first, "--batch-size", "700"]) == code
    assert sentence in capsys.readouterr().err
    assert main([*first, "--batch-size", "500"]) == 0


def test_a_model_that_nobody_knows(tmp_path):
    with pytest.raises(runs.CourseError, match="no model transformer; there are three-layer-net"):
        runs.train_into("transformer", tmp_path)
