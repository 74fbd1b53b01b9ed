"""`course lab`: JupyterLab on the chapters, for this machine only, with its token."""
import contextlib
import json
import os
import secrets
import socket
import subprocess
import tempfile
import threading
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from common.course import COURSE, CourseError

HOST = "127.0.0.1"


def start_lab(port: int = 8888, open_browser: bool = True, lang: str = "en") -> int | None:
    """Start JupyterLab, print its address, and stay until it is stopped with Control-C.

    port: the first to try; the next free one is taken. lang: "ja" opens the Japanese chapters, in
    a Japanese JupyterLab where its language pack (the extra ja) is installed.
    Raises CourseError where there is no course to show, or no JupyterLab to show it with.
    """
    if not (COURSE / "chapters").is_dir():
        raise CourseError(f"There is no folder chapters/ in {COURSE}; run this from a clone.")
    try:
        from jupyterlab.labapp import main
    except ImportError:
        raise CourseError(
            "JupyterLab is not installed; run pip install -r requirements.txt.") from None
    # Else a kernel "python3" in the reader's home, of another environment, would win over ours.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    port, token, page = free_port(port), secrets.token_hex(24), first_page(lang=lang)
    print("Starting JupyterLab ...", flush=True)
    threading.Thread(target=_announce, args=(port, token, page), daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="course-lab-") as folder:
        return main([*lab_arguments(port, token, open_browser, page),
                     *settings_of(lang, Path(folder))])


def settings_of(lang: str, folder: Path) -> list[str]:
    """Return the arguments that choose what JupyterLab does until a reader chooses otherwise.

    It does not ask whether it may fetch news. lang: it speaks "ja" where it has the pack for it.
    folder: where its settings may lie as long as it runs. A reader's own choice wins over them.
    """
    settings = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    if lang == "ja" and _is_installed("jupyterlab-language-pack-ja-JP"):
        settings["@jupyterlab/translation-extension:plugin"] = {"locale": "ja_JP"}
    (folder / "overrides.json").write_text(json.dumps(settings), encoding="utf-8")
    return [f"--LabApp.app_settings_dir={folder}"]


def _is_installed(distribution):
    with contextlib.suppress(PackageNotFoundError):
        return bool(version(distribution))
    return False


def first_page(course: Path = COURSE, lang: str = "en") -> str:
    """Return the page to open: the chapter that was last worked on, or else the first one.

    Worked on is what git sees as changed; without git nobody can tell. lang: of the chapters.
    """
    folder = "chapters" if lang == "en" else f"chapters/{lang}"
    chapters = sorted((course / folder).glob("[0-9][0-9]_*.ipynb"))
    if not chapters:
        return "/lab/tree/chapters"
    changed = []
    with contextlib.suppress(OSError):
        git = subprocess.run(["git", "-C", str(course), "diff", "--name-only", "--relative",
                              "HEAD", "--", folder], capture_output=True, text=True)
        names = git.stdout.splitlines() if git.returncode == 0 else []
        changed = [path for path in chapters if f"{folder}/{path.name}" in names]
    chapter = max(changed, key=lambda path: path.stat().st_mtime) if changed else chapters[0]
    return f"/lab/tree/{folder}/{chapter.name}"


def lab_arguments(port: int, token: str, open_browser: bool,
                  page: str = "/lab/tree/chapters") -> list[str]:
    """Return the arguments for JupyterLab, which opens `page`.

    As arguments they win over a reader's own configuration. JupyterLab runs in this process, so
    the token does not show in the machine's list of processes.
    """
    arguments = [
        f"--ServerApp.root_dir={COURSE}",
        f"--LabApp.default_url={page}",
        f"--ServerApp.preferred_dir={COURSE}",
        "--ServerApp.base_url=/",  # this and those below: the address that is printed is true
        "--ServerApp.custom_display_url=",
        "--ServerApp.certfile=",
        "--ServerApp.keyfile=",
        "--ServerApp.sock=",
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",  # the address is known before the server starts
        "--ServerApp.identity_provider_class=jupyter_server.auth.PasswordIdentityProvider",
        f"--IdentityProvider.token={token}",
        "--PasswordIdentityProvider.hashed_password=",
        "--PasswordIdentityProvider.password_required=False",
        "--LabApp.news_url=None",  # asks no server for news or updates
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--Application.log_level=WARN",
        "--FileContentsManager.pre_save_hook=common.tools.lab.leave_widgets_out",
    ]
    if not open_browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # a container's only user is often root
    return arguments


def leave_widgets_out(model: dict, **_) -> None:
    """Before a notebook is saved: its sliders become the text that says how to get them back.

    model: of the file, as Jupyter's contents manager has it.
    """
    from common.tools.notebooks import without_widgets

    if model["type"] == "notebook":
        without_widgets(model["content"])


def free_port(first: int, tries: int = 50) -> int:
    """Return the first port from `first` on that nobody listens to on this machine."""
    for port in range(first, min(first + tries, 65536)):
        with socket.socket() as probe:
            if os.name != "nt":  # on Windows this option would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError):
                continue
            return port
    raise CourseError(f"No port from {first} on is free; name another with --port.")


def _announce(port, token, page):
    while True:  # ends with the process
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                break
        time.sleep(0.2)
    print(f"The course is open at\n\n    http://{HOST}:{port}{page}?token={token}\n\n"
          "Stop it with Control-C.", flush=True)
