"""chainer.datasets.get_mnist() works from the same files, and nothing is unpickled on the way."""
import ast
import os
import subprocess
import sys
from pathlib import Path

import mnist_world
import numpy as np
import pytest
from mnist_world import CONTENTS, NAMES, TEST, TRAIN, fill

import dataset
from dataset import chainer_cache, idx, mnist, source
from dataset.mnist import load_mnist

world = pytest.fixture(mnist_world.world)

SIZES = "print(*[len(part) for part in chainer.datasets.get_mnist()])\n"


@pytest.mark.parametrize("sample", ["", "1"])
@pytest.mark.parametrize("first, second", [("import chainer", "load_mnist()"),
                                           ("load_mnist()", "import chainer")])
def test_a_load_leaves_chainer_alone(world, sample, first, second):
    """Neither its cache nor its settings change: 55 MB that nobody asked for."""
    fill(world.cache)
    out = world.run(
        f"import os; from dataset.mnist import load_mnist; {first}; {second}; import chainer\n"
        "print(os.environ['CHAINER_DATASET_ROOT'], chainer.dataset.get_dataset_root())",
        MNIST_SAMPLE=sample)
    assert out.splitlines()[-1] == f"{world.chainer} {world.chainer}"
    assert not world.chainer.exists()


def test_after_course_data(world):
    """Once fetched, Chainer alone finds it, in a process that never loads ours."""
    assert mnist.fetch() == world.cache
    out = world.run("import chainer\n" + SIZES + "train, _ = chainer.datasets.get_mnist()\n"
                    "from dataset.mnist import load_mnist; (x, t), _ = load_mnist()\n"
                    "image, label = train[3]\n"
                    "print(abs(image - x[3]).max() < 1e-6, image.dtype, label == t[3])")
    assert out == f"{TRAIN} {TEST}\nTrue float32 True\n"


def test_root_set_in_chainer(world):
    out = world.run("import chainer, sys; from dataset.mnist import fetch\n"
                    f"chainer.dataset.set_dataset_root({str(world.folder / 'set')!r})\n"
                    "fetch()\n" + SIZES)
    assert out == f"{TRAIN} {TEST}\n"
    assert (world.folder / "set").is_dir() and not world.chainer.exists()


def test_fetch_after_the_sample(world, monkeypatch):
    """`course data` fetches the full set, whatever MNIST_SAMPLE says, for Chainer too."""
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    load_mnist()
    mnist.fetch()
    assert len(np.load(world.chainer / "pfnet/chainer/mnist/train.npz")["y"]) == TRAIN


def test_files_are_verified_once_in_a_process(world, monkeypatch):
    """As long as they stay what they were: a command asks for the status, and loads."""
    fill(world.cache)
    read, times = source.files.read, []
    monkeypatch.setattr(source.files, "read", lambda *args: times.append(args) or read(*args))
    assert mnist.status().kind == "full"
    load_mnist()
    assert mnist.status().kind == "full" and mnist.fetch() == world.cache
    assert len(times) == 4
    (world.cache / f"{NAMES[1]}.gz").write_bytes(b"no longer")
    assert mnist.status().kind == "damaged"


def test_what_is_there_stays(world):
    mnist.fetch()
    path = world.chainer / "pfnet" / "chainer" / "mnist" / "train.npz"
    before = path.stat().st_mtime_ns
    mnist.fetch()
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [lambda data: data[:1000], lambda data: b"<html>",
                                    lambda data: b""])
def test_damaged_cache_of_chainer(world, damage):
    arrays = [idx.parse(CONTENTS[name]) for name in NAMES]
    folder = chainer_cache.fill(*arrays)
    (folder / "train.npz").write_bytes(damage((folder / "train.npz").read_bytes()))
    chainer_cache.fill(*arrays)
    with np.load(folder / "train.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["x"], arrays[0])
        np.testing.assert_array_equal(archive["y"], arrays[1])


def test_unwritable_cache_of_chainer(world, monkeypatch, capsys):
    """It costs get_mnist(), not load_mnist()."""
    (world.folder / "a file").write_text("")
    monkeypatch.setenv("CHAINER_DATASET_ROOT", str(world.folder / "a file"))
    fill(world.cache)
    assert len(load_mnist()[0][0]) == TRAIN
    assert mnist.fetch() == world.cache
    assert capsys.readouterr().out == ""


def test_a_load_imports_only_what_it_needs(world):
    """Neither Chainer, which takes a second, nor what only a fetch needs."""
    code = ("import sys; from dataset.mnist import load_mnist; load_mnist()\n"
            "print({'chainer', 'requests', 'tqdm', 'filelock'} & set(sys.modules))")
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent.parent, text=True, check=True,
        capture_output=True, env={**os.environ, "MNIST_SAMPLE": "1"}).stdout
    assert out.splitlines()[-1] == "set()"


def test_no_pickle():
    """No module of ours imports pickle, and each np.load says that it allows none."""
    loads = 0
    for path in Path(dataset.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [alias.name for alias in node.names] + [getattr(node, "module", "")]
                assert not {"pickle", "shelve", "joblib", "dill"} & set(names), path
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load"):
                loads += 1
                assert "allow_pickle=False" in ast.unparse(node), path
    assert loads
