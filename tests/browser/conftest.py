"""A browser for the tests with the marker `browser`, and JupyterLab on a copy of the course.

    uv run pytest -m browser

Pictures of what was seen are kept in results/screenshots.
"""
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from common.course import CourseError
from common.tools.lab import free_port, lab_arguments, settings_of
from slides.pdf import chromium

TOP = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def browser():
    """Chromium; where there is none, its tests are skipped, and the reason says what to install."""
    opened = chromium()
    try:
        yield opened.__enter__()
    except CourseError as error:
        pytest.skip(str(error))
    opened.__exit__(None, None, None)


@pytest.fixture(scope="session")
def screenshots():
    """The folder where pictures of what was seen are kept."""
    folder = TOP / "results" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Lab:
    """A running JupyterLab: its address, its token, and what it knows of its kernels."""

    def __init__(self, port, token, folder):
        self.address, self.token, self.folder = f"http://127.0.0.1:{port}", token, folder

    def get(self, path):
        return requests.get(self.address + path, params={"token": self.token}, timeout=30).json()

    def url(self, notebook):
        return f"{self.address}/lab/tree/{notebook}?token={self.token}&reset"

    def wait_for_kernel(self, notebook, seconds=600):
        """Wait until the notebook's kernel is connected and idle: the page says so too early."""
        for _ in range(2 * seconds):
            for session in self.get("/api/sessions"):
                kernel = session["kernel"]
                if session["path"] == notebook and kernel["connections"] > 0 and \
                        kernel["execution_state"] == "idle":
                    return
            time.sleep(0.5)
        raise AssertionError(f"the kernel of {notebook} did not become idle")

    def stop_kernels(self):
        for session in self.get("/api/sessions"):
            requests.delete(f"{self.address}/api/sessions/{session['id']}",
                            params={"token": self.token}, timeout=30)


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """JupyterLab on a copy of the notebooks, with settings of its own."""
    home = tmp_path_factory.mktemp("lab")
    work = home / "course"
    for name in ("chapters", "slides", "assignments"):
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = home / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    # All cells are in the page at once, so that each can be found.
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    port, token = free_port(8890 + os.getpid() % 500), secrets.token_hex(16)
    arguments = [f"--ServerApp.root_dir={work}"] + [
        argument for argument in lab_arguments(port, token, open_browser=False)
        if not any(name in argument for name in ("root_dir", "preferred_dir", "default_url"))]
    (home / "defaults").mkdir()
    arguments += settings_of("en", home / "defaults")
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    with open(home / "log", "w") as log:
        process = subprocess.Popen([sys.executable, "-m", "jupyterlab", *arguments],
                                   env=environment, stdout=log, stderr=log)
    lab = Lab(port, token, work)
    try:
        for _ in range(240):
            try:
                lab.get("/api/status")
                break
            except requests.ConnectionError:
                assert process.poll() is None, (home / "log").read_text()
                time.sleep(0.5)
        yield lab
        lab.stop_kernels()
    finally:
        process.terminate()
        process.wait(timeout=30)
