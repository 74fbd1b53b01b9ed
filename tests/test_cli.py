"""The command `course`, as a reader types it."""
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from common import cli, doctor, lab
from common.errors import CourseError

TOP = Path(__file__).parent.parent
COURSE = [sys.executable, "-m", "common.cli"]


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    out = capsys.readouterr().out
    for command in ("lab", "doctor", "data", "run", "train", "test", "ship", "badges"):
        assert re.search(rf"^    {command} ", out, re.MULTILINE)


def test_a_mistake_is_one_sentence_and_exit_code_1(capsys):
    assert cli.main(["run", "77"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("course run: There is no chapter 77") and error.count("\n") == 1


def test_control_c_is_no_traceback(monkeypatch, capsys):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_data", stop)
    assert cli.main(["data"]) == 130
    assert "course data: stopped." in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--epochs", "--batch-size", "--lr"])
def test_train_refuses_zero_before_it_starts(option, tmp_path, capsys):
    assert cli.main(["train", "three-layer-net", "--out", str(tmp_path), option, "0"]) == 1
    assert "must be" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_doctor_names_every_part(capsys):
    problems = doctor.examine()
    out = capsys.readouterr().out
    for part in ("Python 3.", "NumPy", "Chainer 7.8.1+", "runs on the CPU", "MNIST", "GiB of free"):
        assert part in out
    assert problems == out.count("!!") == out.count("What to do")


def test_doctor_tells_a_sample_from_the_full_set(capsys):
    doctor.examine()
    line = next(line for line in capsys.readouterr().out.splitlines() if "MNIST" in line)
    assert "sample" in line


def test_doctor_notices_a_full_disk(monkeypatch, capsys):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    assert doctor.examine() >= 1
    assert "free at least 1 GiB" in capsys.readouterr().out


def test_doctor_notices_a_wrong_gradient(monkeypatch, capsys):
    import chainer

    right = chainer.functions.sum
    monkeypatch.setattr(chainer.functions, "sum", lambda x: 2 * right(x))
    assert doctor.examine() >= 1
    assert "wrong gradient" in capsys.readouterr().out


def test_doctor_notices_a_chainer_that_was_not_repaired(monkeypatch, capsys):
    monkeypatch.setattr(doctor.importlib.metadata, "version", lambda _: "7.8.1")
    assert doctor.examine() >= 1
    assert "requirements.txt" in capsys.readouterr().out


def test_lab_arguments(monkeypatch):
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    arguments = lab.lab_arguments(8888, "secret", open_browser=True)
    assert "--allow-root" not in arguments and "--no-browser" not in arguments
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    arguments = lab.lab_arguments(8888, "secret", open_browser=False)
    assert "--allow-root" in arguments and "--no-browser" in arguments


def test_lab_takes_the_next_free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert lab.free_port(port) > port
    with pytest.raises(CourseError, match="--port"):
        lab.free_port(65536)


def test_lab_outside_a_clone_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "COURSE", tmp_path)
    with pytest.raises(CourseError, match="run this from a clone"):
        lab.start_lab()


def test_lab_answers_on_this_machine_only_and_with_its_token_only(tmp_path):
    # A reader's own settings that would open the door to everybody.
    (tmp_path / "jupyter_server_config.py").write_text(
        "c.IdentityProvider.token = ''\nc.ServerApp.ip = '0.0.0.0'\n")
    port = lab.free_port(18888)
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*COURSE, "lab", "--no-browser", "--port", str(port)], cwd=TOP,
                               env=environment, text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    watchdog = threading.Timer(120, process.kill)  # or a server that says nothing hangs the test
    watchdog.start()
    try:
        pattern = re.compile(rf"http://127\.0\.0\.1:{port}/lab/tree/chapters\?token=(\w{{32,}})")
        token = next(found[1] for line in process.stdout if (found := pattern.search(line)))
        url = f"http://127.0.0.1:{port}/api/contents/chapters"
        assert requests.get(url, timeout=30).status_code == 403
        answer = requests.get(url, params={"token": token}, timeout=30)
        assert answer.status_code == 200
        assert "01_perceptron.ipynb" in {entry["name"] for entry in answer.json()["content"]}
        if sys.platform == "linux":  # where a machine has a second address of its own
            with socket.socket() as other:
                other.bind(("127.0.0.2", port))  # nobody listens there
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait(timeout=30)
