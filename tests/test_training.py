"""Training with Chainer's Trainer: it learns, stops, and goes on as if it had not stopped."""
import json
import subprocess
import sys
import textwrap

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest

from common import training
from common.course import CourseError
from common.training import Settings, evaluate, train
from dataset.mnist import load_mnist

# A network that draws random numbers in every step, and a short training of it.
PROGRAM = """
import os, shutil, signal, sys
import chainer, chainer.functions as F, chainer.links as L, numpy as np
from common.training import Settings, train
from dataset.mnist import load_mnist

def main(out, kill_at, resume):
    (x, t), _ = load_mnist()
    np.random.seed(1)
    model = chainer.Sequential(L.Linear(784, 20), F.relu, F.dropout, L.Linear(20, 10))
    move = shutil.move
    def move_or_die(source, target):
        if os.path.basename(target) == kill_at:
            with open(source, "r+b") as file:
                file.truncate(1000)
            os.kill(os.getpid(), signal.SIGKILL)
        return move(source, target)
    shutil.move = move_or_die
    train(model, (x[:500], t[:500]), (x[500:700], t[500:700]), out,
          Settings(epochs=4, batch_size=30), resume=resume)
    np.savez(out + "/end.npz", *[p.array for p in model.params()])

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "resume")
"""


@pytest.fixture(scope="module")
def data():
    (x, t), _ = load_mnist()
    return (x[:600], t[:600]), (x[600:800], t[600:800])


def small_net():
    np.random.seed(0)
    return chainer.Sequential(L.Linear(784, 20), F.relu, L.Linear(20, 10))


def run_program(tmp_path, out, kill_at="", resume=""):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    return subprocess.run([sys.executable, program, tmp_path / out, kill_at, resume],
                          capture_output=True, text=True)


def ends(folder):
    log = json.loads((folder / "log.json").read_text())
    for entry in log:
        del entry["elapsed_time"]
    with np.load(folder / "end.npz") as end, np.load(folder / "best.npz") as best:
        return log, [end[name] for name in end], {name: best[name] for name in best}


def test_it_learns_and_leaves_its_files(data, tmp_path, capsys):
    log = train(small_net(), *data, tmp_path / "run", Settings(epochs=6, lr=0.01))
    assert [entry["epoch"] for entry in log] == [1, 2, 3, 4, 5, 6]
    assert log[-1]["main/loss"] < 0.4 * log[0]["main/loss"]
    assert log[-1]["validation/main/accuracy"] > 0.75
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [
        "accuracy.png", "best.npz", "log.json", "loss.png", "snapshot_epoch_5", "snapshot_epoch_6"]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6 and lines[5].startswith("epoch 6: loss 0.")


def test_best_is_the_model_of_the_best_epoch(data, tmp_path):
    model = small_net()
    log = train(model, *data, tmp_path, Settings(epochs=5, lr=0.05))
    chainer.serializers.load_npz(tmp_path / "best.npz", model)
    best = max(entry["validation/main/accuracy"] for entry in log)
    assert evaluate(model, *data[1]).accuracy == pytest.approx(best)


def test_the_seed_decides(data, tmp_path):
    logs = [train(small_net(), *data, tmp_path / str(number), Settings(epochs=2, seed=seed))
            for number, seed in enumerate([3, 3, 4])]
    losses = [[entry["main/loss"] for entry in log] for log in logs]
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
@pytest.mark.parametrize("kill_at", ["snapshot_epoch_1", "snapshot_epoch_3", "best.npz"])
def test_killed_while_it_writes_it_ends_with_the_same_numbers(tmp_path, kill_at):
    assert run_program(tmp_path, "whole").returncode == 0
    assert run_program(tmp_path, "broken", kill_at).returncode == -9
    half_written = [path.name for path in (tmp_path / "broken").glob("tmp*")]
    assert half_written
    again = run_program(tmp_path, "broken", resume="resume")
    assert again.returncode == 0, again.stderr
    assert ("Going on after epoch 2." in again.stdout) == (kill_at == "snapshot_epoch_3")
    assert not list((tmp_path / "broken").glob("tmp*"))
    whole, broken = ends(tmp_path / "whole"), ends(tmp_path / "broken")
    assert whole[0] == broken[0]
    for one, other in zip(whole[1], broken[1]):
        np.testing.assert_array_equal(one, other)
    for name in whole[2]:
        np.testing.assert_array_equal(whole[2][name], broken[2][name])


def test_stopped_by_hand_in_an_epoch_it_goes_on(data, tmp_path, monkeypatch):
    whole = train(small_net(), *data, tmp_path / "whole", Settings(epochs=3))

    def stop(trainer):
        if trainer.updater.iteration == 15:  # in the middle of the third epoch
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(training, "_stop_at_nan", stop)
        with pytest.raises(KeyboardInterrupt):
            train(small_net(), *data, tmp_path / "run", Settings(epochs=3))
    log = train(small_net(), *data, tmp_path / "run", Settings(epochs=3), resume=True)
    assert [entry["main/loss"] for entry in log] == [entry["main/loss"] for entry in whole]


def test_more_epochs_are_added_to_a_run_that_ended(data, tmp_path):
    whole = train(small_net(), *data, tmp_path / "whole", Settings(epochs=4))
    train(small_net(), *data, tmp_path / "run", Settings(epochs=2))
    log = train(small_net(), *data, tmp_path / "run", Settings(epochs=4), resume=True)
    assert [entry["main/loss"] for entry in log] == [entry["main/loss"] for entry in whole]
    fewer = train(small_net(), *data, tmp_path / "run", Settings(epochs=2), resume=True)
    assert len(fewer) == 4  # nothing is left to do, and nothing is undone


def test_the_learning_rate_decays_and_goes_on_decaying(data, tmp_path):
    whole = train(small_net(), *data, tmp_path / "whole", Settings(epochs=4, decay=0.5))
    train(small_net(), *data, tmp_path / "run", Settings(epochs=2, decay=0.5))
    log = train(small_net(), *data, tmp_path / "run", Settings(epochs=4, decay=0.5), resume=True)
    losses = [entry["main/loss"] for entry in log]
    assert losses == [entry["main/loss"] for entry in whole]
    constant = train(small_net(), *data, tmp_path / "constant", Settings(epochs=4))
    assert losses[0] == constant[0]["main/loss"] and losses[3] != constant[3]["main/loss"]
    with np.load(tmp_path / "run" / "snapshot_epoch_4") as snapshot:
        [rate] = [snapshot[name] for name in snapshot.files if name.endswith("last_value")]
    assert rate == pytest.approx(0.001 * 0.5 ** 4)


def test_a_damaged_snapshot_costs_one_epoch(data, tmp_path, capsys):
    whole = train(small_net(), *data, tmp_path / "run", Settings(epochs=3))
    newest = tmp_path / "run" / "snapshot_epoch_3"
    newest.write_bytes(newest.read_bytes()[:2000])
    capsys.readouterr()
    log = train(small_net(), *data, tmp_path / "run", Settings(epochs=3), resume=True)
    assert [entry["main/loss"] for entry in log] == [entry["main/loss"] for entry in whole]
    out = capsys.readouterr().out
    assert "snapshot_epoch_3 is damaged" in out and "Going on after epoch 2." in out


def test_no_readable_snapshot_is_one_sentence(data, tmp_path):
    train(small_net(), *data, tmp_path, Settings(epochs=1))
    (tmp_path / "snapshot_epoch_1").write_bytes(b"")
    with pytest.raises(CourseError, match="No snapshot in .* can be read"):
        train(small_net(), *data, tmp_path, Settings(epochs=1), resume=True)


def test_a_snapshot_of_another_model_is_refused(data, tmp_path):
    train(small_net(), *data, tmp_path, Settings(epochs=1))
    other = chainer.Sequential(L.Linear(784, 21), F.relu, L.Linear(21, 10))
    with pytest.raises(CourseError, match="is of another model"):
        train(other, *data, tmp_path, Settings(epochs=2), resume=True)


def test_an_older_training_is_not_overwritten(data, tmp_path):
    train(small_net(), *data, tmp_path, Settings(epochs=1))
    before = (tmp_path / "best.npz").read_bytes()
    with pytest.raises(CourseError, match="a training was here"):
        train(small_net(), *data, tmp_path, Settings(epochs=1))
    assert (tmp_path / "best.npz").read_bytes() == before


OWN = ("tmp_notes/plan.txt", "tmp-plan.txt", "tmpbest.npz.txt", "snapshot_epoch_notes.txt",
       "snapshot_epoch_", "tmpsnapshot_epoch_1abcdefgh/my.txt", "log.json_backup", "weights.txt")


def test_what_a_reader_keeps_in_the_folder_stays(data, tmp_path):
    for name in OWN:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"my own {name}")
    train(small_net(), *data, tmp_path, Settings(epochs=4))
    train(small_net(), *data, tmp_path, Settings(epochs=6), resume=True)
    assert {name: (tmp_path / name).read_text() for name in OWN} == {
        name: f"my own {name}" for name in OWN}
    assert sorted(path.name for path in tmp_path.glob("snapshot_epoch_[0-9]*")) == [
        "snapshot_epoch_5", "snapshot_epoch_6"]


@pytest.mark.parametrize("name", ["loss.png", "accuracy.png", "log.json", "best.npz", "Best.npz",
                                  "snapshot_epoch_7"])
def test_a_file_of_a_readers_is_not_overwritten(data, tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(CourseError, match=f"{name} already"):
        train(small_net(), *data, tmp_path, Settings(epochs=1))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_loss_that_is_no_number_stops_it(data, tmp_path):
    (x, t), validation = data
    x = x.copy()
    x[5, 5] = np.nan
    with pytest.raises(CourseError, match=r"no longer a number in step [1-6]:"):
        train(small_net(), (x, t), validation, tmp_path, Settings(epochs=2))
    assert not (tmp_path / "best.npz").exists()


def test_a_full_disk_is_one_sentence(data, tmp_path, monkeypatch):
    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.move", full)
    with pytest.raises(CourseError, match="No space left on device.*resume"):
        train(small_net(), *data, tmp_path, Settings(epochs=1))


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch_size": 0}, {"lr": 0.0},
                                   {"lr": float("nan")}, {"decay": 0.0}, {"decay": 1.1}])
def test_settings_that_make_no_sense_are_refused(data, tmp_path, wrong):
    with pytest.raises(CourseError, match="must be 1 or more"):
        train(small_net(), *data, tmp_path / "run", Settings(**wrong))
    assert not (tmp_path / "run").exists()


def test_a_label_is_missing(data, tmp_path):
    (x, t), validation = data
    with pytest.raises(CourseError, match="600 images came with 599 labels"):
        train(small_net(), (x, t[:-1]), validation, tmp_path)


def test_one_hot_labels_train_the_same(data, tmp_path):
    one_hot = [(x, np.eye(10, dtype=np.float32)[t]) for x, t in data]
    logs = [train(small_net(), *pairs, tmp_path / str(number), Settings(epochs=2))
            for number, pairs in enumerate([data, one_hot])]
    assert [e["main/loss"] for e in logs[0]] == [e["main/loss"] for e in logs[1]]


def test_evaluate_is_what_the_model_says(data):
    model, (x, t) = small_net(), data[0]
    loss, accuracy, answers = evaluate(model, x, t, batch_size=77)
    logits = model(x).array
    assert answers.dtype == np.int32
    np.testing.assert_array_equal(answers, logits.argmax(axis=1))
    assert accuracy == pytest.approx((answers == t).mean())
    assert loss == pytest.approx(F.softmax_cross_entropy(logits, t.astype(np.int32)).item())
    assert evaluate(model, x, np.eye(10)[t]).loss == pytest.approx(loss)


def test_evaluate_switches_dropout_off(data):
    model = chainer.Sequential(F.dropout, L.Linear(784, 10))
    x, t = data[0]
    assert evaluate(model, x, t).loss == evaluate(model, x, t).loss
    assert evaluate(model, x, t).answers.tolist() == model[1](x).array.argmax(axis=1).tolist()


def test_the_bar_counts_steps_where_it_is_seen(monkeypatch):
    source = textwrap.dedent("""
        import sys, types
        if sys.argv[1] == "notebook":
            sys.modules["ipykernel"] = types.ModuleType("ipykernel")
        import tqdm.auto, tqdm
        tqdm.auto.tqdm = tqdm.tqdm  # the one of a terminal, which writes text
        from common.training import progress_bar
        bar = progress_bar(total=3, mininterval=0)
        bar.update(2)
        bar.close()
    """)
    def shown(where, **environment):
        import os
        return subprocess.run([sys.executable, "-c", source, where], capture_output=True, text=True,
                              env={**os.environ, **environment}).stderr

    assert "2/3" in shown("notebook")
    assert shown("notebook", TQDM_DISABLE="1") == ""
    assert shown("file") == ""
