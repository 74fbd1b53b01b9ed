"""`course train --processes`: several processes, with MPI, and what may go wrong with them."""
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from common import processes
from common.cli import main
from common.course import CourseError
from common.parallel import Team
from common.processes import start
from common.tools.train import train_into
from dataset.weights import load_weights

# What these tests ask for: signals, and MPI. They say why where it is missing.
REASON = ("Windows has no such signals" if sys.platform == "win32" else processes.why_no_mpi())
needs_mpi = pytest.mark.skipif(REASON is not None, reason=str(REASON))
MLP = ["train", "mlp", "--batch-size", "100"]


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "alone"
    assert main([*MLP, "--epochs", "2", "--out", str(out)]) == 0
    return out


def log_of(folder):
    return json.loads((folder / "log.json").read_text())


@needs_mpi
def test_two_processes_learn_what_one_does(alone, tmp_path, capfd):
    out = tmp_path / "run"
    assert main([*MLP, "--epochs", "1", "--out", str(out), "--processes", "2"]) == 0
    said = capfd.readouterr().out
    assert said.count("epoch 1: loss 0.") == 1 and said.count("Its weights are in") == 1
    one, two = log_of(alone)[0], log_of(out)[0]
    for name in "main/loss", "main/accuracy", "validation/main/loss", "validation/main/accuracy":
        assert two[name] == pytest.approx(one[name], rel=1e-5), name
    with np.load(alone / "snapshot_epoch_1") as ours, np.load(out / "snapshot_epoch_1") as theirs:
        assert set(ours.files) == set(theirs.files)
        for name in ours.files:
            if "/model:main/" in name:
                np.testing.assert_allclose(ours[name], theirs[name], atol=1e-4)
    assert main([*MLP, "--epochs", "2", "--out", str(out), "--processes", "2", "--resume"]) == 0
    assert "Going on after epoch 1." in capfd.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == sorted(
        path.name for path in alone.iterdir())
    # Rounding grows from step to step, so no more than this.
    assert log_of(out)[1]["main/loss"] == pytest.approx(log_of(alone)[1]["main/loss"], rel=1e-2)
    assert set(load_weights("weights", out)) == set(load_weights("weights", alone))


@needs_mpi
def test_shares_of_different_size_learn_the_same(tmp_path):
    """100 images among 3 processes; and one process goes on where three left off."""
    small = ["train", "three-layer-net", "--batch-size", "100", "--lr", "0.01"]
    for folder, *first in (["alone"], ["shared", "--processes", "3"]):
        out = str(tmp_path / folder)
        assert main([*small, "--epochs", "1", "--out", out, *first]) == 0
        assert main([*small, "--epochs", "2", "--out", out, "--resume"]) == 0
    for one, three in zip(log_of(tmp_path / "alone"), log_of(tmp_path / "shared")):
        for name in "main/loss", "validation/main/loss", "validation/main/accuracy":
            assert three[name] == pytest.approx(one[name], rel=1e-4), name


def start_training(out):
    """Start a long training in a group of its own, and wait until it runs."""
    running = subprocess.Popen(
        [sys.executable, "-m", "common.cli", "train", "three-layer-net", "--epochs", "999", "--out",
         str(out), "--processes", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    for line in running.stdout:
        if line.startswith("epoch 1:"):
            return running
    raise AssertionError(running.stderr.read())


def trainings(out):
    """The process ids of trainings into a folder that mpiexec has started."""
    found = subprocess.run(["ps", "-A", "-ww", "-o", "pid=", "-o", "args="],
                           capture_output=True, text=True)
    return [int(line.split()[0]) for line in found.stdout.splitlines()
            if str(out) in line and "common.cli" in line and "mpiexec" not in line
            and "prterun" not in line]


@needs_mpi
@pytest.mark.parametrize("what", ["a process is killed", "Control-C", "SIGTERM"])
def test_when_one_ends_all_end(tmp_path, what):
    running = start_training(tmp_path / "run")
    began = time.monotonic()
    if what == "a process is killed":
        os.kill(max(trainings(tmp_path / "run")), signal.SIGKILL)
    elif what == "Control-C":
        os.killpg(running.pid, signal.SIGINT)
    else:
        running.terminate()
    _, error = running.communicate(timeout=60)
    assert time.monotonic() - began < 30
    assert trainings(tmp_path / "run") == []
    if what == "a process is killed":
        assert running.returncode == 1
        assert error == ("course train: one of the 2 processes died (SIGKILL), and the others were "
                         "stopped: go on with --resume.\n")
    else:
        assert running.returncode == 130 and error == "\ncourse train: stopped.\n"


@needs_mpi
def test_a_mistake_in_all_processes_is_one_sentence(tmp_path, capfd):
    assert main([*MLP, "--lr", "1e30", "--out", str(tmp_path / "run"), "--processes", "2"]) == 1
    assert capfd.readouterr().err == ("course train: The loss is no longer a number in step 2: "
                                      "start again with a smaller learning rate.\n")


@needs_mpi
def test_a_bug_shows_its_traceback():
    with pytest.raises(CourseError, match="(?s)a process failed.*ZeroDivisionError"):
        start(2, [sys.executable, "-c", "1 / 0"])


@needs_mpi
def test_started_by_mpiexec_itself(tmp_path):
    environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1",
                   "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run(
        [processes._mpiexec(), "-n", "2", sys.executable, "-m", "common.cli", "train",
         "three-layer-net", "--epochs", "1", "--out", str(tmp_path / "run")],
        capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("What next: course test") == 1


def test_what_is_missing_is_one_sentence(tmp_path, capsys, monkeypatch):
    for find, missing in [(lambda name: None, "mpi4py"), (lambda name: "here", "mpiexec")]:
        monkeypatch.setattr("importlib.util.find_spec", find)
        monkeypatch.setattr(processes, "_mpiexec", lambda: None)
        assert main([*MLP, "--out", str(tmp_path / "run"), "--processes", "2"]) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"course train: {missing} is missing") and error.count("\n") == 1
        assert "extra mpi" in error
    assert not (tmp_path / "run").exists()


def test_no_mpi4py_is_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(processes.STARTED, "2")
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    assert main([*MLP, "--out", str(tmp_path / "run")]) == 1
    assert "MPI cannot be used" in capsys.readouterr().err


def test_one_process_needs_no_mpi(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_mpiexec", lambda: None)
    assert main(["train", "three-layer-net", "--epochs", "1", "--out", str(tmp_path / "run"),
                 "--processes", "1"]) == 0


def test_no_processes_is_a_mistake(tmp_path, capsys):
    assert main([*MLP, "--out", str(tmp_path / "run"), "--processes", "0"]) == 1
    assert "1 process or more" in capsys.readouterr().err


class Comm:
    """Rank and size, which is all that shares need."""

    def __init__(self, rank, size):
        self.rank, self.size = rank, size


def test_shares_are_the_batches_of_one_process():
    teams = [Team(Comm(rank, 3)) for rank in range(3)]
    for team in teams:
        team.seed(5)
    drawn = [np.random.RandomState(5).permutation(20)[:7]]
    iterators = [team.iterator(list(range(20)), 7) for team in teams]
    for _ in range(4):  # into the second epoch
        shares = [iterator.next() for iterator in iterators]
        assert [len(share) for share in shares] == [3, 2, 2]
        batch = np.empty(7, int)
        for rank, share in enumerate(shares):
            batch[rank::3] = share
        drawn.append(batch)
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert sorted(np.concatenate(drawn[1:])[:20]) == list(range(20))


def test_dropout_draws_other_numbers_in_each_process():
    drawn = []
    for rank in range(2):
        Team(Comm(rank, 2)).seed(5)
        drawn.append(np.random.rand(4))
    assert (drawn[0] != drawn[1]).all()
    np.testing.assert_array_equal(drawn[0], np.random.RandomState(5).rand(4))


def test_what_cannot_be_shared_is_refused(tmp_path):
    team = Team(Comm(0, 3))
    with pytest.raises(CourseError, match="of 2 images cannot be shared among 3 processes"):
        team.iterator(list(range(20)), 2)
    with pytest.raises(CourseError, match="gan trains in one process"):
        train_into("gan", tmp_path / "run", team=team)
    assert not (tmp_path / "run").exists()
