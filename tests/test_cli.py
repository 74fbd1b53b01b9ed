"""The command `course`, as a reader types it."""
import argparse
import json
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

from common import cli
from common.course import CourseError
from common.models import MODELS
from common.tools import doctor, lab

TOP = Path(__file__).parent.parent
COURSE = [sys.executable, "-m", "common.cli"]


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    out = capsys.readouterr().out
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    [commands] = [action.choices for action in cli._parser()._actions
                  if isinstance(action, argparse._SubParsersAction)]
    assert len(commands) >= 13
    for command in commands:
        assert re.search(rf"^    {command}\s", out, re.MULTILINE)
        assert f"`course {command}" in readme


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


@pytest.mark.parametrize("error, sentence", [
    (MemoryError("Unable to allocate 4.4 GiB"), "not enough memory. Unable to allocate 4.4 GiB"),
    (MemoryError(), "not enough memory."),
    (OSError(28, "No space left on device", "/x/y"), "course data: /x/y: No space left on device."),
    (OSError("odd"), "course data: odd."),
    (UnicodeEncodeError("cp932", "a³b", 1, 2, "no"), "'\\xb3' cannot be written in cp932")])
def test_what_the_machine_lacks_is_one_sentence(monkeypatch, capsys, error, sentence):
    def fail(_):
        raise error

    monkeypatch.setattr(cli, "_data", fail)
    assert cli.main(["data"]) == 1
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1


def test_a_bug_shows_its_traceback(monkeypatch):
    monkeypatch.setattr(cli, "_data", lambda _: {}["missing"])
    with pytest.raises(KeyError):
        cli.main(["data"])


SAYS = """
import sys
from common import cli
cli._data = lambda _: print("x³ 山田😀 \\udcff")
sys.exit(cli.main(["data"]))
"""


@pytest.mark.parametrize("encoding", ["cp932", "cp1252", "ascii", "utf-8"])
def test_what_a_terminal_lacks_is_replaced(encoding):
    ran = subprocess.run([sys.executable, "-c", SAYS], cwd=TOP, capture_output=True,
                         env={**os.environ, "PYTHONIOENCODING": encoding})
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.decode(encoding)
    assert said.startswith("x") and "\\udcff" in said
    assert ("山田" in said) == (encoding in ("cp932", "utf-8"))
    assert ("😀" if encoding == "utf-8" else "\\U0001f600") in said


def test_a_slow_command_says_at_a_terminal_what_it_does(monkeypatch, capsys):
    for command in cli.BEGINS:
        monkeypatch.setattr(cli, f"_{command}", lambda _: None)
    monkeypatch.setattr(cli, "_data", lambda _: None)
    more = {"slides": ["03"], "train": ["mlp", "--out", "x"], "test": ["x"], "ship": ["x"],
            "grade": ["03"]}
    for terminal in (True, False):
        monkeypatch.setattr(sys.stderr, "isatty", lambda shown=terminal: shown)
        for command, words in cli.BEGINS.items():
            assert cli.main([command, *more.get(command, [])]) == 0
            said = f"course {command}: {words} ...\n"
            assert capsys.readouterr() == ("", said if terminal else "")
        assert cli.main(["data"]) == 0 and capsys.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other pipes")
def test_a_pipe_that_nobody_reads_any_more():
    code = "import sys; from common import cli\n" \
           "cli._data = lambda _: [print('line') for _ in range(100000)] and None\n" \
           "sys.exit(cli.main(['data']))"
    ran = subprocess.run(f"{sys.executable} -c \"{code}\" | head -1", shell=True, cwd=TOP,
                         capture_output=True, text=True)
    assert ran.stdout == "line\n" and ran.stderr == ""


def test_streams_that_are_closed(monkeypatch):
    monkeypatch.setattr(cli, "_data", lambda _: print("line"))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["data"]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows numbers no streams")
def test_a_kernel_has_streams_where_those_of_the_command_are_closed():
    code = "import os, sys; from common import cli\n" \
           "cli._data = lambda _: not (os.get_inheritable(1) and os.get_inheritable(2))\n" \
           "sys.exit(cli.main(['data']))"
    ran = subprocess.run(f"{sys.executable} -c \"{code}\" >&- 2>&-", shell=True, cwd=TOP)
    assert ran.returncode == 0


@pytest.mark.parametrize("name", ["MNIST_DIR", "COURSE_CACHE", "CHAINER_DATASET_ROOT"])
def test_a_relative_folder_counts_from_where_the_command_is_given(monkeypatch, tmp_path, name):
    """For the kernels that a command starts too, which work in chapters/."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, "mine")
    monkeypatch.setattr(cli, "_data", lambda _: None)
    assert cli.main(["data"]) == 0
    assert os.environ[name] == str(tmp_path / "mine")


def test_the_models_are_those_of_the_list(capsys):
    with pytest.raises(SystemExit):
        cli.main(["train", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert ", ".join(MODELS) in said and "passes over the training images (default:" in said
    with pytest.raises(SystemExit):
        cli.main(["train", "transformer", "--out", "x"])
    assert "invalid choice: 'transformer'" in capsys.readouterr().err


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


def test_lab_asks_for_no_news_and_speaks_japanese_where_it_can(monkeypatch, tmp_path):
    def settings(lang, has_pack):
        monkeypatch.setattr(lab, "_is_installed", lambda name: has_pack)
        assert lab.settings_of(lang, tmp_path) == [f"--LabApp.app_settings_dir={tmp_path}"]
        return json.loads((tmp_path / "overrides.json").read_text())
    news = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    assert settings("en", True) == settings("ja", False) == news
    assert settings("ja", True) == news | {
        "@jupyterlab/translation-extension:plugin": {"locale": "ja_JP"}}


def test_lab_opens_the_first_chapter_or_the_one_last_worked_on(tmp_path):
    assert lab.first_page(tmp_path) == "/lab/tree/chapters"
    (tmp_path / "chapters").mkdir()
    chapters = [tmp_path / "chapters" / f"{name}.ipynb" for name in ("00_a", "01_b", "02_c")]
    for path in chapters:
        path.write_text("{}")
    assert lab.first_page(tmp_path) == "/lab/tree/chapters/00_a.ipynb"  # without git

    def git(*arguments):
        subprocess.run(["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=b",
                        *arguments], check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "clone")
    os.utime(chapters[2])  # newer, but not changed
    assert lab.first_page(tmp_path) == "/lab/tree/chapters/00_a.ipynb"
    for path in chapters[:2]:
        path.write_text("{ }")
    os.utime(chapters[0], (1, 1))
    assert lab.first_page(tmp_path) == "/lab/tree/chapters/01_b.ipynb"


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
        "c.IdentityProvider.token = ''\nc.ServerApp.ip = '0.0.0.0'\n"
        # And those that would lead elsewhere than to the address that is printed.
        "c.ServerApp.base_url = '/user/hanako/'\nc.ServerApp.default_url = '/tree'\n"
        "c.ServerApp.certfile = '/no/such.pem'\nc.ServerApp.sock = '/tmp/no-such-sock'\n"
        "c.ServerApp.preferred_dir = '/tmp'\nc.ServerApp.custom_display_url = 'http://other'\n"
        "c.PasswordIdentityProvider.hashed_password = 'argon2:x'\n"
        "c.PasswordIdentityProvider.password_required = True\n")
    port = lab.free_port(18888)
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*COURSE, "lab", "--no-browser", "--port", str(port)], cwd=TOP,
                               env=environment, text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    watchdog = threading.Timer(120, process.kill)  # or a server that says nothing hangs the test
    watchdog.start()
    try:
        pattern = re.compile(rf"http://127\.0\.0\.1:{port}/lab/tree/chapters/\w+\.ipynb\?token=(\w{{32,}})")
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
