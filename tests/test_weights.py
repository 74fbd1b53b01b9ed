"""Trained weights: they come back as they were saved, and nothing else comes back."""
import errno
import io
import json
import os

import numpy as np
import pytest

import common.course
from dataset import weights
from dataset.files import DataError
from dataset.weights import load_weights, save_weights, weights_info

PARAMS = {"W1": np.arange(6, dtype=np.float64).reshape(2, 3) / 7, "b1": np.zeros(3, np.float32)}
INFO = {"model": "2-3", "epochs": 5, "seed": 0, "command": "course train", "accuracy": 0.95}


@pytest.fixture
def saved(tmp_path):
    save_weights(tmp_path / "net", PARAMS, INFO)
    return tmp_path


def test_round_trip(saved):
    params = load_weights("net", saved)
    assert list(params) == ["W1", "b1"]
    for name, array in params.items():
        assert array.dtype == np.float32 and array.flags.writeable
        np.testing.assert_array_equal(array, PARAMS[name].astype(np.float32))
    info = weights_info("net", saved)
    assert {key: info[key] for key in INFO} == INFO
    assert info["arrays"] == {"W1": [2, 3], "b1": [3]}
    assert sorted(path.name for path in saved.iterdir()) == ["net.json", "net.npz"]


def test_same_bytes_every_time(saved):
    first = (saved / "net.npz").read_bytes()
    assert save_weights(saved / "net.npz", PARAMS, INFO) == saved / "net.npz"
    assert (saved / "net.npz").read_bytes() == first


def test_new_folder_and_dots(tmp_path):
    assert save_weights(tmp_path / "new" / "net.v2", PARAMS, INFO).name == "net.v2.npz"
    assert "W1" in load_weights("net.v2", tmp_path / "new")


def test_numpy_numbers_in_info(tmp_path):
    save_weights(tmp_path / "net", PARAMS, {"accuracy": np.float64(0.5), "sizes": np.arange(2)})
    info = json.loads((tmp_path / "net.json").read_text(encoding="utf-8"))
    assert info["accuracy"] == 0.5 and info["sizes"] == [0, 1]


def test_from_the_gpu(tmp_path):
    class OnGpu:  # as CuPy's arrays: NumPy is not allowed to copy them unasked
        def __array__(self, *args, **kwargs):
            raise TypeError("Implicit conversion to a NumPy array is not allowed.")

        def get(self):
            return PARAMS["W1"]
    save_weights(tmp_path / "net", {"W1": OnGpu()}, INFO)
    np.testing.assert_allclose(load_weights("net", tmp_path)["W1"], PARAMS["W1"], rtol=1e-6)


@pytest.mark.parametrize("name", ["nope", "", "../net", "net.npz", None, "NET2"])
def test_unknown_name(saved, name):
    save_weights(saved / "sub" / "other", PARAMS, INFO)
    with pytest.raises(DataError, match="There are no weights .* there are net[.]$"):
        load_weights(name, saved)
    with pytest.raises(DataError, match="it has none"):
        load_weights("net", saved / "no such folder")


def test_no_way_out_of_the_folder(saved):
    (saved / "sub").mkdir()
    with pytest.raises(DataError):
        load_weights("../net", saved / "sub")


class _Evil:
    def __reduce__(self):
        return os.mkdir, ("evil",)


def _with_hash(folder, data):
    """Put a file in place, with a description that fits it."""
    info = {**INFO, "arrays": {}, "sha256": weights.hashlib.sha256(data).hexdigest()}
    (folder / "net.npz").write_bytes(data)
    (folder / "net.json").write_text(json.dumps(info), encoding="utf-8")


def test_no_pickle(saved, monkeypatch):
    monkeypatch.chdir(saved)
    for write in (np.savez, np.save):
        buffer = io.BytesIO()
        write(buffer, np.array([_Evil()], dtype=object))
        _with_hash(saved, buffer.getvalue())
        with pytest.raises(DataError, match="cannot be used"):
            load_weights("net", saved)
        assert not (saved / "evil").exists()


DAMAGE = {
    "cut off": lambda data: data[:len(data) // 2],
    "empty": lambda data: b"",
    "an error page": lambda data: b"<html>403</html>",
    "one byte changed": lambda data: data[:200] + b"\xff" + data[201:],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged(saved, damage):
    path = saved / "net.npz"
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    with pytest.raises(DataError, match="net.npz cannot be used .*get both files anew"):
        load_weights("net", saved)


@pytest.mark.parametrize("damage", ["cut off", "empty", "an error page"])
def test_damaged_before_it_was_described(saved, damage):
    """The hash fits, so it is np.load that must refuse, and in a sentence too."""
    _with_hash(saved, DAMAGE[damage]((saved / "net.npz").read_bytes()))
    with pytest.raises(DataError, match="net.npz cannot be used"):
        load_weights("net", saved)


def test_weights_of_another_model(saved):
    """A whole .npz with the description of another: nobody could say what it scored."""
    save_weights(saved / "other", {"W1": np.ones((2, 3))}, INFO)
    (saved / "other.npz").replace(saved / "net.npz")
    with pytest.raises(DataError, match="it is not the file that net.json describes"):
        load_weights("net", saved)


@pytest.mark.parametrize("text", [None, "", "[]", "3", '{"sha256": "x"}', "{", "\udcff"])
def test_damaged_description(saved, text):
    path = saved / "net.json"
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    for ask in (load_weights, weights_info):
        with pytest.raises(DataError, match="net.json cannot be used"):
            ask("net", saved)


@pytest.mark.parametrize("params, info, words", [
    ({}, INFO, "dict of arrays"),
    ([PARAMS["W1"]], INFO, "dict of arrays"),
    ({"W1": np.array([np.nan])}, INFO, "W1 holds numbers that are not finite"),
    ({"W1": np.array([1e39])}, INFO, "W1 holds numbers that are not finite"),
    ({"W1": np.array(["a"])}, INFO, "W1 holds .*, not numbers"),
    ({"W1": np.array([_Evil()])}, INFO, "W1 holds object, not numbers"),
    ({1: PARAMS["W1"]}, INFO, "cannot be called 1"),
    ({"file": PARAMS["W1"]}, INFO, "cannot be called 'file'"),
    (PARAMS, None, "info must be a dict"),
    (PARAMS, {"accuracy": float("nan")}, "JSON cannot hold info"),
    (PARAMS, {"model": object()}, "JSON cannot hold info"),
])
@pytest.mark.filterwarnings("error")
def test_nothing_is_lost_by_wrong_arguments(saved, params, info, words):
    before = {path: path.read_bytes() for path in saved.iterdir()}
    with pytest.raises(ValueError, match=words):
        save_weights(saved / "net", params, info)
    assert {path: path.read_bytes() for path in saved.iterdir()} == before


@pytest.mark.parametrize("room, notes", [(0, ""), (100, ""), (1000, ""), (5000, "x" * 9000)])
def test_disk_full(saved, monkeypatch, room, notes):
    """Whichever of the two files it hits, the older pair stays, and nothing else."""
    # 2 kB, and a description of less than 1 kB without notes
    large = {"W1": np.random.default_rng(0).random((20, 20))}
    before = {path: path.read_bytes() for path in saved.iterdir()}
    left = [room]

    class FullDisk(io.FileIO):
        def write(self, data):
            left[0] -= len(data)
            if left[0] < 0:
                left[0] = 0 if len(data) < 1000 else room  # what is smaller may still fit
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)
    monkeypatch.setattr(common.course, "open",
                        lambda path, mode: io.BufferedWriter(FullDisk(path, mode)), raising=False)
    with pytest.raises(DataError, match="No space left on device"):
        save_weights(saved / "net", large, {**INFO, "notes": notes})
    assert {path: path.read_bytes() for path in saved.iterdir()} == before


def test_no_folder(tmp_path):
    (tmp_path / "a file").write_text("")
    with pytest.raises(DataError, match="cannot be stored in"):
        save_weights(tmp_path / "a file" / "net", PARAMS, INFO)


@pytest.mark.parametrize("levels, shape", [(127, (40, 30)), (31, (8, 3, 5, 5)), (1, (40, 60))])
def test_rounded_weights_are_close_and_small(tmp_path, levels, shape):
    W = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    W[2] = 0  # a dead node: no scale of its own
    path = save_weights(tmp_path / "small", {"W": W, "b": W[0].ravel()}, INFO, levels)
    back = load_weights("small", tmp_path)
    assert list(back) == ["W", "b"] and back["W"].dtype == back["b"].dtype == np.float32
    np.testing.assert_array_equal(back["b"], W[0].ravel())
    step = np.abs(W).reshape(len(W), -1).max(axis=1) / levels
    error = np.abs(back["W"] - W).reshape(len(W), -1).max(axis=1)
    assert (error <= 0.5001 * step).all() and not back["W"][2].any()
    large = save_weights(tmp_path / "large", {"W": W, "b": W[0].ravel()}, INFO)
    assert path.stat().st_size < large.stat().st_size
    again = save_weights(tmp_path / "again", back, INFO, levels)
    np.testing.assert_allclose(load_weights(again.stem, tmp_path)["W"], back["W"], rtol=1e-6)


@pytest.mark.parametrize("levels", [0, 128, -3])
def test_levels_that_int8_cannot_hold(tmp_path, levels):
    with pytest.raises(ValueError, match="levels must be from 1 to 127"):
        save_weights(tmp_path / "x", PARAMS, INFO, levels)
    assert not list(tmp_path.iterdir())


def test_those_that_ship():
    """Every model that comes with the course can be loaded, and says how it was made."""
    for path in weights.TRAINED.glob("*.npz"):
        params, info = load_weights(path.stem), weights_info(path.stem)
        assert {name: list(array.shape) for name, array in params.items()} == info["arrays"]
        assert all(array.dtype == np.float32 for array in params.values())
