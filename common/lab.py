"""`course lab`: JupyterLab on the chapters, for this machine only, with its token."""
import os
import secrets
import socket
import threading
import time

from common.errors import CourseError
from common.notebook import COURSE

HOST = "127.0.0.1"


def start_lab(port=8888, open_browser=True):
    """Start JupyterLab, print its address, and stay until it is stopped with Control-C.

    port: the first to try; the next free one is taken.
    Raises CourseError where there is no course to show, or no JupyterLab to show it with.
    """
    if not (COURSE / "chapters").is_dir():
        raise CourseError(f"There is no folder chapters/ in {COURSE}; run this from a clone.")
    try:
        from jupyterlab.labapp import main
    except ImportError:
        raise CourseError(
            "JupyterLab is not installed; run pip install -r requirements.txt.") from None
    port, token = free_port(port), secrets.token_hex(24)
    print("Starting JupyterLab ...", flush=True)
    threading.Thread(target=_announce, args=(port, token), daemon=True).start()
    return main(lab_arguments(port, token, open_browser))


def lab_arguments(port, token, open_browser):
    """Return the arguments for JupyterLab.

    As arguments they win over a reader's own configuration. JupyterLab runs in this process, so
    the token does not show in the machine's list of processes.
    """
    arguments = [
        f"--ServerApp.root_dir={COURSE}",
        "--LabApp.default_url=/lab/tree/chapters",
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",  # the address is known before the server starts
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=None",  # asks no server for news or updates
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--Application.log_level=WARN",
    ]
    if not open_browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # a container's only user is often root
    return arguments


def free_port(first, tries=50):
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


def _announce(port, token):
    while True:  # ends with the process
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                break
        time.sleep(0.2)
    print(f"The course is open at\n\n    http://{HOST}:{port}/lab/tree/chapters?token={token}\n\n"
          "Stop it with Control-C.", flush=True)
