"""`course lab`: JupyterLab on the chapters, for this machine only, with its token."""
import os
import secrets

from common.errors import CourseError
from common.notebook import COURSE


def start_lab(port=8888, open_browser=True):
    """Start JupyterLab and stay until it is stopped with Control-C.

    port: the first to try; JupyterLab takes the next free one.
    """
    if not (COURSE / "chapters").is_dir():
        raise CourseError(f"There is no folder chapters/ in {COURSE}; run this from a clone.")
    try:
        from jupyterlab.labapp import main
    except ImportError:
        raise CourseError("JupyterLab is not installed; run pip install -r requirements.txt.") from None
    print("Starting JupyterLab; its address follows. Stop it with Control-C.", flush=True)
    return main(lab_arguments(port, open_browser))


def lab_arguments(port, open_browser):
    """Return the arguments for JupyterLab.

    Given as arguments they win over a reader's own configuration. They go to JupyterLab inside
    this process, so the token does not show in the list of processes.
    """
    arguments = [
        f"--ServerApp.root_dir={COURSE}",
        "--LabApp.default_url=/lab/tree/chapters",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={secrets.token_hex(24)}",
        "--Application.log_level=WARN",  # the address is printed all the same
    ]
    if not open_browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # a container's only user is often root
    return arguments
