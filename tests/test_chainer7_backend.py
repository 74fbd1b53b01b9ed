"""The build of chainer7: what it makes, and the one sentence with which it stops."""

import base64
import hashlib
import importlib.metadata
import importlib.util
import io
import sys
import tarfile
import zipfile
from email.parser import BytesParser
from pathlib import Path
from types import SimpleNamespace

import pytest

CHAINER7 = Path(__file__).resolve().parents[1] / "chainer7"
MODULE = b"import gone\n\n\ndef f():\n    return gone.g() + gone.g()\n"


@pytest.fixture
def backend(monkeypatch):
    """The build backend, which may not fetch anything unless a test allows it."""
    monkeypatch.syspath_prepend(str(CHAINER7))
    for name in ("backend", "repairs"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import backend

    def forbidden():
        raise AssertionError("this must not fetch Chainer")

    backend.real_download = backend.download
    monkeypatch.setattr(backend, "download", forbidden)
    monkeypatch.delenv("CHAINER_SDIST", raising=False)
    yield backend
    for name in ("backend", "repairs"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.fixture
def small_chainer(backend, monkeypatch, tmp_path):
    """A source distribution with one module in place of Chainer's, and a repair for it."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in {
            "chainer/__init__.py": b"",
            "chainer/module.py": MODULE,
            "chainer/py.typed": b"",
            "setup.py": b"raise SystemExit('setup.py was run')",
            "LICENSE": b"The licence\n",
        }.items():
            member = tarfile.TarInfo(f"chainer-7.8.1/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    path = tmp_path / "chainer-7.8.1.tar.gz"
    path.write_bytes(content.getvalue())
    monkeypatch.setenv("CHAINER_SDIST", str(path))
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    monkeypatch.setattr(backend, "SDIST_SHA256", digest)
    repair = backend.repairs.Repair("chainer.module", "gone is gone", "gone.g()", "1", times=2)
    monkeypatch.setattr(backend.repairs, "REPAIRS", [repair])
    return path


def sentence(stopped):
    """What a build said when it stopped: one sentence on one line."""
    text = str(stopped.value)
    assert text.startswith("chainer7: ") and text.endswith(".") and "\n" not in text
    return text


# --- what it makes ---


def test_the_wheel_is_complete(backend, small_chainer, tmp_path):
    name = backend.build_wheel(str(tmp_path))
    version = backend.read_project()["version"]
    assert name == f"chainer-{version}-py3-none-any.whl"
    with zipfile.ZipFile(tmp_path / name) as wheel:
        files = {path: wheel.read(path) for path in wheel.namelist()}
    info = f"chainer-{version}.dist-info"
    assert files["chainer/module.py"] == b"import gone\n\n\ndef f():\n    return 1 + 1\n"
    assert files[f"{info}/licenses/LICENSE"] == b"The licence\n"
    assert "setup.py" not in files and "LICENSE" not in files

    rows = files[f"{info}/RECORD"].decode().splitlines()
    assert {row.split(",")[0] for row in rows} == set(files)
    for row in rows:
        path, digest, size = row.split(",")
        if path != f"{info}/RECORD":
            expected = base64.urlsafe_b64encode(hashlib.sha256(files[path]).digest())
            assert digest == "sha256=" + expected.decode().rstrip("=")
            assert int(size) == len(files[path])

    metadata = BytesParser().parsebytes(files[f"{info}/METADATA"])
    assert (metadata["Name"], metadata["Version"]) == ("chainer", version)
    assert metadata["License-Expression"] == "MIT"
    assert 'cupy-cuda12x>=13.6; extra == "cuda12"' in metadata.get_all("Requires-Dist")


def test_the_same_source_gives_the_same_bytes(backend, small_chainer, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    a = tmp_path / "a" / backend.build_wheel(str(tmp_path / "a"))
    b = tmp_path / "b" / backend.build_wheel(str(tmp_path / "b"))
    assert a.read_bytes() == b.read_bytes()


def test_metadata_alone_fetches_nothing(backend, small_chainer, tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / backend.build_wheel(str(tmp_path))) as wheel:
        (path,) = [name for name in wheel.namelist() if name.endswith("METADATA")]
        built = wheel.read(path)
    monkeypatch.delenv("CHAINER_SDIST")
    folder = backend.prepare_metadata_for_build_wheel(str(tmp_path))
    assert (tmp_path / folder / "METADATA").read_bytes() == built


def test_the_source_distribution_holds_nothing_of_chainer(backend, tmp_path):
    with tarfile.open(tmp_path / backend.build_sdist(str(tmp_path))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    ours = {path.name for path in CHAINER7.glob("*.py")}
    assert names == {"PKG-INFO", "README.md", "pyproject.toml"} | ours
    assert {"backend.py", "repair.py", "repairs.py", "run_chainer_tests.py"} <= ours


def test_the_installed_chainer_is_this_one(backend):
    assert importlib.metadata.version("chainer") == backend.read_project()["version"]


def test_every_repair_is_in_the_installed_chainer(backend):
    for repair in backend.repairs.REPAIRS:
        package, *parts = repair.module.split(".")
        path = importlib.util.find_spec(package).submodule_search_locations[0]
        text = Path(path, *parts).with_suffix(".py").read_text(encoding="utf-8")
        assert repair.put in text, repair.reason


# --- how it stops ---


def test_another_hash_stops_the_build(backend, small_chainer):
    with small_chainer.open("ab") as file:
        file.write(b"!")
    with pytest.raises(SystemExit) as stopped:
        backend.fetch()
    found = hashlib.sha256(small_chainer.read_bytes()).hexdigest()
    assert str(small_chainer) in sentence(stopped)
    assert f"its SHA-256 is {found} and must be" in sentence(stopped)


def test_another_hash_from_the_index_stops_the_build(backend, monkeypatch):
    monkeypatch.setattr(backend, "download", lambda: b"something else")
    with pytest.raises(SystemExit) as stopped:
        backend.fetch()
    assert "of the package index is not the Chainer that was published" in sentence(stopped)


def test_a_relative_file_counts_from_where_the_build_was_asked_for(
        backend, small_chainer, tmp_path, monkeypatch):
    monkeypatch.setenv("CHAINER_SDIST", "chainer-7.8.1.tar.gz")
    monkeypatch.setenv("PWD", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")  # as pip and uv do
    assert backend.fetch() == (tmp_path / "chainer-7.8.1.tar.gz").read_bytes()


def test_a_file_that_is_not_there_stops_the_build(backend, monkeypatch, tmp_path):
    monkeypatch.setenv("CHAINER_SDIST", str(tmp_path / "missing.tar.gz"))
    with pytest.raises(SystemExit) as stopped:
        backend.fetch()
    assert "CHAINER_SDIST" in sentence(stopped) and "missing.tar.gz" in sentence(stopped)


@pytest.mark.parametrize("times, found", [(1, 2), (3, 2)])
def test_text_found_too_seldom_or_too_often_stops_the_build(
    backend, small_chainer, tmp_path, monkeypatch, times, found
):
    (repair,) = backend.repairs.REPAIRS
    monkeypatch.setattr(backend.repairs, "REPAIRS", [repair._replace(times=times)])
    with pytest.raises(SystemExit) as stopped:
        backend.build_wheel(str(tmp_path))
    assert "chainer.module (gone is gone)" in sentence(stopped)
    assert f"must find its text {times} time(s), and found it {found}" in sentence(stopped)
    assert not list(tmp_path.glob("*.whl"))


def test_text_that_is_gone_stops_the_build(backend, small_chainer, tmp_path, monkeypatch):
    (repair,) = backend.repairs.REPAIRS
    monkeypatch.setattr(backend.repairs, "REPAIRS", [repair._replace(find="gone.h()")])
    with pytest.raises(SystemExit) as stopped:
        backend.build_wheel(str(tmp_path))
    assert "chainer.module" in sentence(stopped) and "found it 0 time(s)" in sentence(stopped)


def test_a_module_that_is_gone_stops_the_build(backend, small_chainer, tmp_path, monkeypatch):
    (repair,) = backend.repairs.REPAIRS
    monkeypatch.setattr(backend.repairs, "REPAIRS", [repair._replace(module="chainer.other")])
    with pytest.raises(SystemExit) as stopped:
        backend.build_wheel(str(tmp_path))
    assert "chainer.other" in sentence(stopped)


def test_a_repair_can_replace_the_rest_of_a_module(backend):
    repair = backend.repairs.Repair("m", "", "def f", "pass\n", to_end=True)
    assert backend.repairs.apply([repair], "m", MODULE.decode()) == "import gone\n\n\npass\n"


def test_an_editable_install_is_declined(backend, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        backend.build_editable(str(tmp_path))
    assert "leave -e" in sentence(stopped)


# --- pip inside ---


@pytest.fixture
def pip(backend, monkeypatch, tmp_path):
    """Let the backend call the real pip, with no index but what a test sets up."""
    pytest.importorskip("pip", reason="pip is not installed in this environment")
    real = importlib.util.spec_from_file_location("real_backend", CHAINER7 / "backend.py")
    module = importlib.util.module_from_spec(real)
    real.loader.exec_module(module)
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return module


def test_no_network_stops_the_build(pip, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # where nobody listens
    with pytest.raises(SystemExit) as stopped:
        pip.fetch()
    assert "no network: the package index cannot be reached" in sentence(stopped)


def test_pip_fetches_without_running_anything(pip, small_chainer, monkeypatch):
    monkeypatch.delenv("CHAINER_SDIST")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(small_chainer.parent))
    digest = hashlib.sha256(small_chainer.read_bytes()).hexdigest()
    monkeypatch.setattr(pip, "SDIST_SHA256", digest)
    # As it is when a front end calls the backend: its variables must not reach the inner pip.
    for name in ("_PYPROJECT_HOOKS_BACKEND_PATH", "PEP517_BACKEND_PATH"):
        monkeypatch.setenv(name, str(CHAINER7))
    monkeypatch.setenv("PIP_BUILD_TRACKER", str(CHAINER7 / "no such folder"))
    assert pip.fetch() == small_chainer.read_bytes()


def test_pip_finding_another_file_stops_the_build(pip, small_chainer, monkeypatch):
    monkeypatch.delenv("CHAINER_SDIST")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(small_chainer.parent))
    with pytest.raises(SystemExit) as stopped:
        pip.fetch()
    assert "is not the Chainer that was published" in sentence(stopped)


@pytest.mark.parametrize(
    "output, expected",
    [
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
            "ERROR: Could not find a version that satisfies the requirement chainer==7.8.1\n",
            "no network",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n", "SHA-256"),
        ("Looking in indexes\nERROR: No matching distribution found for chainer==7.8.1\n",
         "said: No matching distribution found for chainer==7.8.1"),
        ("Could not fetch URL https://***@mine/simple/chainer/: 403 Client Error - skipping\n"
         "ERROR: No matching distribution found for chainer==7.8.1\n", "403 Client Error"),
        ("ERROR: Exception:\nTraceback\nLookupError: built\nRemoved x\n", "said: LookupError: bui"),
        ("", "said: nothing"),
    ],
)
def test_what_pip_says_becomes_one_sentence(pip_output, output, expected):
    assert expected in pip_output(output)


@pytest.fixture
def pip_output(monkeypatch):
    """The sentence for what a pip that failed has printed."""
    monkeypatch.syspath_prepend(str(CHAINER7))
    spec = importlib.util.spec_from_file_location("backend_with_pip", CHAINER7 / "backend.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(output):
        failed = SimpleNamespace(returncode=1, stdout=output)
        monkeypatch.setattr(module, "environment_of_pip", dict)
        monkeypatch.setattr(module, "run_pip", lambda *args: failed)
        with pytest.raises(SystemExit) as stopped:
            module.download()
        return sentence(stopped)

    return run


@pytest.fixture
def pip_runs(backend, monkeypatch):
    """A pip that runs where the function that is set here says so."""

    def set_up(runs_with):
        def run_pip(arguments, env):
            return SimpleNamespace(returncode=0 if runs_with(env) else 1)

        monkeypatch.setattr(backend, "run_pip", run_pip)

    return set_up


def test_pip_is_asked_for_only_where_there_is_none(backend, pip_runs, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "overlay")  # so pip hides the packages of the reader
    pip_runs(lambda env: "PYTHONPATH" not in env)
    assert backend.get_requires_for_build_wheel() == []
    pip_runs(lambda env: env.get("PYTHONPATH") == "overlay")
    assert backend.get_requires_for_build_wheel() == []
    pip_runs(lambda env: False)
    assert backend.get_requires_for_build_wheel() == ["pip>=24.1"]


def test_a_missing_pip_stops_the_build(backend, pip_runs):
    pip_runs(lambda env: False)
    with pytest.raises(SystemExit) as stopped:
        backend.real_download()
    assert "no pip" in sentence(stopped)


def test_the_index_of_uv_holds_for_pip(backend, pip_runs, monkeypatch):
    pip_runs(lambda env: True)
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_INDEX_URL", "http://127.0.0.1:9/mine")
    assert backend.environment_of_pip()["PIP_INDEX_URL"] == "http://127.0.0.1:9/mine"
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/pip")
    assert backend.environment_of_pip()["PIP_INDEX_URL"] == "http://127.0.0.1:9/pip"
