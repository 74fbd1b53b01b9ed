"""Builds Chainer 7.8.1, repaired, as a pure-Python wheel: a build backend (PEP 517).

The source comes from the reader's own package index by pip, or from the file that the
environment variable CHAINER_SDIST names. Nothing of it is run: its setup.py needs modules
that are gone. Whatever can go wrong ends the build with one sentence.
"""

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import repairs

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).resolve().parent
SDIST = "chainer-7.8.1.tar.gz"
SDIST_SHA256 = "179f06176f8d7a42385bc7811956db04e68213cfe30f5081491b9e2b6ff70de8"
PACKAGES = ("chainer", "chainerx", "chainermn", "onnx_chainer")
Settings = dict[str, Any] | None  # of a front end; none of them is used
WHEEL = "Wheel-Version: 1.0\nGenerator: chainer7\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


# --- the hooks that pip and uv call ---


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Ask for pip only where there is none, as in the environment that uv builds in."""
    return [] if environment_of_pip() else ["pip>=24.1"]


def build_wheel(wheel_directory: str, config_settings: Settings = None,
                metadata_directory: str | None = None) -> str:
    """Fetch Chainer, repair it and write the wheel; return its file name."""
    files = repaired(fetch())
    licence = files.pop("LICENSE")
    project = read_project()
    info = dist_info(project)
    files[f"{info}/METADATA"] = metadata(project).encode()
    files[f"{info}/WHEEL"] = WHEEL.encode()
    files[f"{info}/licenses/LICENSE"] = licence
    name = f"{project['name']}-{project['version']}-py3-none-any.whl"
    write_wheel(Path(wheel_directory, name), files, f"{info}/RECORD")
    return name


def prepare_metadata_for_build_wheel(metadata_directory: str,
                                     config_settings: Settings = None) -> str:
    """Write the metadata alone, so that a resolver need not fetch Chainer."""
    project = read_project()
    folder = Path(metadata_directory, dist_info(project))
    folder.mkdir()
    (folder / "METADATA").write_text(metadata(project), encoding="utf-8", newline="\n")
    (folder / "WHEEL").write_text(WHEEL, encoding="utf-8", newline="\n")
    return folder.name


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Pack this folder, which holds nothing of Chainer's source."""
    project = read_project()
    stem = f"{project['name']}-{project['version']}"
    files = {path.name: path.read_bytes() for path in HERE.glob("*.py")}
    for name in ("pyproject.toml", "README.md"):
        files[name] = (HERE / name).read_bytes()
    files["PKG-INFO"] = metadata(project).encode()
    with tarfile.open(Path(sdist_directory, f"{stem}.tar.gz"), "w:gz") as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(f"{stem}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return f"{stem}.tar.gz"


def build_editable(wheel_directory: str, config_settings: Settings = None,
                   metadata_directory: str | None = None) -> NoReturn:
    """There is no source to edit, so say what to do instead."""
    stop("an editable install is not possible, since Chainer's source is made during the "
         "build: leave -e (--editable) away")


# --- the steps ---


def stop(sentence: str) -> NoReturn:
    """End the build with one sentence and no traceback."""
    raise SystemExit(f"chainer7: {sentence}.")


def fetch() -> bytes:
    """Return the bytes of Chainer's source distribution, verified."""
    named = os.environ.get("CHAINER_SDIST")
    if named:
        # A build works in a folder of its own; PWD still names the one where it was asked for.
        path = Path(os.environ.get("PWD", ""), named)
        try:
            content = path.read_bytes()
        except OSError as error:
            stop(f"the file that CHAINER_SDIST names cannot be read: {error}")
        source = f"the file {path}"
    else:
        content = download()
        source = f"the file {SDIST} of the package index"
    found = hashlib.sha256(content).hexdigest()
    if found != SDIST_SHA256:
        stop(f"{source} is not the Chainer that was published: "
             f"its SHA-256 is {found} and must be {SDIST_SHA256}")
    return content


# pip reads the metadata of a source distribution by calling setuptools, which would run
# Chainer's setup.py. So for this one call, "setuptools" is a module that writes the little
# that pip wants to know.
STAND_IN = """\
import os

class __legacy__:
    def prepare_metadata_for_build_wheel(folder, config_settings=None):
        info = os.path.join(folder, "chainer-7.8.1.dist-info")
        os.mkdir(info)
        with open(os.path.join(info, "METADATA"), "w") as file:
            file.write("Metadata-Version: 2.1\\nName: chainer\\nVersion: 7.8.1\\n")
        return os.path.basename(info)
"""


def download() -> bytes:
    """Let pip fetch the source distribution; the reader's settings of pip hold."""
    env = environment_of_pip()
    if env is None:
        stop("there is no pip to fetch Chainer with: install pip, or leave "
             "--no-build-isolation away")
    with tempfile.TemporaryDirectory() as folder:
        stand_in = Path(folder, "stand_in", "setuptools")
        stand_in.mkdir(parents=True)
        (stand_in / "__init__.py").touch()
        (stand_in / "build_meta.py").write_text(STAND_IN)
        paths = [str(stand_in.parent), env.get("PYTHONPATH")]
        env["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        # With the hash beside it pip takes the right file, whichever index offers another.
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(f"chainer==7.8.1 --hash=sha256:{SDIST_SHA256}\n")
        result = run_pip(
            ["download", "-vv", "--no-deps", "--no-binary", "chainer", "--no-build-isolation",
             "--use-pep517", "--disable-pip-version-check", "--dest", folder,
             "--requirement", str(wanted)], env
        )
        if result.returncode:
            stop(explain(result.stdout))
        return Path(folder, SDIST).read_bytes()


def environment_of_pip() -> dict[str, str] | None:
    """The environment variables with which `python -m pip` runs, or None."""
    # What a front end notes in variables is not for the pip inside: who builds, and what already.
    notes = ("_PYPROJECT_HOOKS", "PEP517_", "PIP_BUILD_TRACKER")
    env = {key: value for key, value in os.environ.items() if not key.startswith(notes)}
    env["PYTHONIOENCODING"] = "utf-8"
    index = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL")
    if index:  # whoever told only uv which index to use means pip too
        env.setdefault("PIP_INDEX_URL", index)
    # While pip builds, it hides the reader's packages by these two, and itself with them.
    bare = {k: v for k, v in env.items() if k not in ("PYTHONPATH", "PYTHONNOUSERSITE")}
    for candidate in (bare, env):
        if not run_pip(["--version"], candidate).returncode:
            return candidate
    return None


def run_pip(arguments: Sequence[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run pip; what it says of errors is in its output too."""
    return subprocess.run(
        [sys.executable, "-m", "pip", *arguments], env=env, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )


def explain(output: str) -> str:
    """Say in one sentence why pip could not fetch Chainer."""
    if "DO NOT MATCH THE HASHES" in output:
        return (f"the file {SDIST} of the package index is not the Chainer that was published: "
                f"its SHA-256 is not {SDIST_SHA256}")
    if re.search("connection error|connection broken|Max retries", output):
        return (f"no network: the package index cannot be reached to fetch {SDIST}; connect, "
                "or name a copy of the file in the environment variable CHAINER_SDIST")
    said = re.findall("^(?:Could not fetch URL|ERROR:(?! Exception)) .*", output, re.MULTILINE)
    last = re.findall("^(?!Removed ).+", output, re.MULTILINE)[-1:]  # -vv ends with tidying up
    line = (said or last or ["nothing"])[0].removeprefix("ERROR: ")
    return (f"pip could not fetch {SDIST} from the package index and said: {line}; "
            "a copy of the file can be named in the environment variable CHAINER_SDIST")


def repaired(sdist: bytes) -> dict[str, bytes]:
    """Return {path in the wheel: content} with all repairs applied, and the licence."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(sdist)) as archive:
        for member in archive:
            path = member.name.partition("/")[2]  # without the folder chainer-7.8.1/
            if member.isfile() and (path.split("/")[0] in PACKAGES or path == "LICENSE"):
                content = archive.extractfile(member)
                assert content is not None  # it is a file
                files[path] = content.read()
    for module in dict.fromkeys(repair.module for repair in repairs.REPAIRS):
        path = module.replace(".", "/") + ".py"
        if path not in files:
            stop(f"the module {module}, which a repair must change, is missing")
        try:
            text = repairs.apply(repairs.REPAIRS, module, files[path].decode())
        except repairs.RepairFailed as error:
            stop(str(error))
        files[path] = text.encode()
    return files


def read_project() -> dict[str, Any]:
    """The table [project] of pyproject.toml, which is the one place for names and versions."""
    return tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def dist_info(project: dict[str, Any]) -> str:
    """The name of the folder of metadata."""
    return f"{project['name']}-{project['version']}.dist-info"


def metadata(project: dict[str, Any]) -> str:
    """The file METADATA."""
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"Author: {project['authors'][0]['name']}",
        f"License-Expression: {project['license']}",
        "License-File: LICENSE",
        f"Requires-Python: {project['requires-python']}",
    ]
    lines += [f"Project-URL: {label}, {url}" for label, url in project["urls"].items()]
    lines += [f"Requires-Dist: {requirement}" for requirement in project["dependencies"]]
    for extra, requirements in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {each}; extra == "{extra}"' for each in requirements]
    lines += ["Description-Content-Type: text/markdown", ""]
    readme = (HERE / project["readme"]).read_text(encoding="utf-8")
    return "\n".join(lines) + "\n" + readme


def write_wheel(path: Path, files: dict[str, bytes], record: str) -> None:
    """Write the wheel: same files, same bytes, on every machine (so it is not compressed)."""
    rows = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wheel:
        for name, content in sorted(files.items()):
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            rows.append(f"{name},sha256={digest.decode()},{len(content)}\n")
            write_member(wheel, name, content)
        write_member(wheel, record, "".join([*rows, f"{record},,\n"]).encode())


def write_member(wheel: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Write a file into the wheel, without the time and the rights of this machine."""
    member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.create_system = 3  # the same on Windows
    member.external_attr = 0o100644 << 16
    wheel.writestr(member, content)
