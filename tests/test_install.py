"""The ways to install the course, each in a fresh environment; they ask the package index.

    uv run pytest -m install

`uv run` itself is one of the ways: it has installed what runs these tests.
"""
import json
import os
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PYTHON = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")

pytestmark = pytest.mark.install


@pytest.fixture
def clone(tmp_path):
    """A clone of what is committed, in a folder of its own."""
    folder = tmp_path / "a clone"  # a path with a space, as readers have them
    subprocess.run(["git", "clone", "--quiet", str(TOP), str(folder)], check=True)
    return folder


def environment(folder, pip, *packages):
    """Make a virtual environment with this pip and these packages; return its Python."""
    venv.create(folder, with_pip=True)
    python = Path(folder, *PYTHON)
    run(python, "-m", "pip", "install", "--quiet", "--upgrade", pip, *packages)
    return python


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True,
                          **options)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("pip", ["pip==24.1", "pip"])
def test_pip_install_requirements(pip, clone, tmp_path):
    python = environment(tmp_path / "venv", pip)
    run(python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt", cwd=clone)
    doctor = [python.parent / "course", "doctor"]
    out = subprocess.run([str(word) for word in doctor], text=True, capture_output=True,
                         cwd=tmp_path).stdout
    assert "OK  Chainer 7.8.1+repaired" in out
    run(python, "-m", "pytest", "-q", "tests/test_functions.py", cwd=clone)


def test_the_setup_cell_on_colab(clone, tmp_path):
    """Colab as far as it can be had elsewhere: its pip, its NumPy, its module google.colab."""
    python = environment(
        tmp_path / "colab", "pip==24.1.2", "setuptools==75.2.0", "wheel", "numpy==2.0.2",
        "matplotlib", "ipykernel", "protobuf<6", "six", "filelock", "typing_extensions")
    packages = Path(run(python, "-c", "import site; print(site.getsitepackages()[-1])").strip())
    (packages / "google/colab").mkdir(parents=True, exist_ok=True)
    (packages / "google/colab/__init__.py").touch()

    # The cell as it stands, but for the folder that only Colab has and the address of the course.
    notebook = json.loads((clone / "chapters/03_output_layer.ipynb").read_text(encoding="utf-8"))
    cell = "".join(notebook["cells"][1]["source"])
    fetched = tmp_path / "content" / "course"
    repository = cell.split('REPOSITORY = "')[1].split('"')[0]
    cell = cell.replace("/content/course", fetched.as_posix()).replace(
        repository, clone.as_uri().replace("%20", " "))
    script = tmp_path / "session.py"
    script.write_text(SESSION.format(cell=cell), encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environ = {**os.environ, "MNIST_SAMPLE": "1", "MPLBACKEND": "agg"}
    environ.pop("VIRTUAL_ENV", None)  # IPython would look into that environment too
    out = run(python, script, cwd=elsewhere, env=environ)
    assert out.splitlines()[-1] == "2.0.2 2.0.2 7.8.1+repaired (4000, 784) 1"
    assert out.count("Installed. Nothing needs a restart.") == 1
    shutil.rmtree(fetched)


SESSION = '''
import importlib.metadata
import numpy  # as Colab's kernel has it loaded before the cell runs
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
cell = """{cell}"""
for time in range(2):  # twice without harm
    result = shell.run_cell(cell)
    result.raise_error()
import chainer
import chainer.functions as F
from common.functions import softmax
from dataset.mnist import load_mnist
x = chainer.Variable(numpy.ones(2, "f"))
F.sum(x * x).backward()
assert (x.grad == 2).all()
(x_train, _), _ = load_mnist()
one = round(float(softmax(x_train[0]).sum()))
on_disk = importlib.metadata.version("numpy")
repaired = chainer.__version__.rstrip("0123456789")  # the number of the repair may rise
print(numpy.__version__, on_disk, repaired, x_train.shape, one)
'''
