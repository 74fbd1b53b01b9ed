"""common.backend where CuPy is missing, has no GPU, or is there (a stand-in for it)."""
import sys
import types

import numpy as np
import pytest

from common import backend
from common.functions import relu, sigmoid, softmax, step
from common.networks import ThreeLayerNet


class FakeArray(np.ndarray):
    """An array that says it lives on a GPU."""

    def get(self):
        return np.array(self)


class FakeCupy(types.ModuleType):
    """NumPy under CuPy's name: whatever it makes is a FakeArray."""

    ndarray = FakeArray

    def __getattr__(self, name):
        function = getattr(np, name)
        return lambda *args, **kwargs: function(*args, **kwargs).view(FakeArray)


@pytest.fixture
def cupy(monkeypatch):
    module = FakeCupy("cupy")
    module.cuda = types.SimpleNamespace(is_available=lambda: False)
    monkeypatch.setitem(sys.modules, "cupy", module)
    _forget()
    yield module
    _forget()


def _forget():
    backend.why_no_gpu.cache_clear()
    backend.choose_array_module.cache_clear()


def test_numpy_where_there_is_no_gpu_array():
    assert backend.get_array_module(np.zeros(2), [1, 2]) is np


def test_cupy_where_one_array_is_on_the_gpu(cupy):
    assert backend.get_array_module(np.zeros(2), np.zeros(2).view(FakeArray)) is cupy


def test_to_cpu(cupy):
    array = np.arange(3)
    assert backend.to_cpu(array) is array
    copy = backend.to_cpu(array.view(FakeArray))
    assert type(copy) is np.ndarray
    np.testing.assert_array_equal(copy, array)


@pytest.mark.parametrize("function", [step, sigmoid, relu, softmax])
def test_functions_return_the_kind_they_took(cupy, function):
    x = np.array([[-1.0, 0.5], [2.0, 3.0]], np.float32)
    on_gpu = function(x.view(FakeArray))
    assert type(on_gpu) is FakeArray
    np.testing.assert_array_equal(np.array(on_gpu), function(x))


def test_network_takes_images_to_where_its_weights_are(cupy):
    shapes = {"W1": (4, 3), "b1": (3,), "W2": (3, 2), "b2": (2,), "W3": (2, 2), "b3": (2,)}
    params = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    on_gpu = ThreeLayerNet({name: array.view(FakeArray) for name, array in params.items()})
    x = np.ones((5, 4), np.float32)
    assert type(on_gpu.predict(x)) is FakeArray
    np.testing.assert_array_equal(np.array(on_gpu.predict(x)), ThreeLayerNet(params).predict(x))


def test_cpu_is_announced_once(cupy, capsys):
    assert backend.choose_array_module() is np
    assert backend.choose_array_module() is np
    assert capsys.readouterr().out == (
        "Device: CPU with NumPy. CuPy is installed but finds no NVIDIA GPU.\n")


def test_without_cupy(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)  # as Python marks a module that is not there
    _forget()
    assert backend.why_no_gpu() == "CuPy is not installed."
    _forget()


def test_a_broken_cupy_is_one_sentence(cupy):
    def is_available():
        raise RuntimeError("CUDA driver version is insufficient\nmore lines")

    cupy.cuda.is_available = is_available
    assert backend.why_no_gpu() == (
        "CuPy is installed but cannot use a GPU: CUDA driver version is insufficient")


@pytest.fixture
def fake_chainer(monkeypatch):
    """A Chainer that would find the GPU, so that no real one is imported beside the stand-in."""
    module = types.SimpleNamespace(
        get_device=lambda name: f"device {name}",
        backends=types.SimpleNamespace(cuda=types.SimpleNamespace(available=True)))
    monkeypatch.setitem(sys.modules, "chainer", module)
    return module


def test_device_of_chainer_on_the_cpu_is_announced_once(cupy, fake_chainer, capsys):
    assert backend.choose_device() == backend.choose_device() == "device @numpy"
    assert backend.choose_array_module() is np
    assert capsys.readouterr().out == (
        "Device: CPU with NumPy. CuPy is installed but finds no NVIDIA GPU.\n")


def with_gpu(cupy):
    cupy.cuda.is_available = lambda: True
    cupy.cuda.Device = lambda: types.SimpleNamespace(id=0)
    cupy.cuda.runtime = types.SimpleNamespace(getDeviceProperties=lambda id: {"name": b"Test GPU"})


def test_device_of_chainer_on_the_gpu(cupy, fake_chainer, capsys):
    with_gpu(cupy)
    assert backend.choose_device() == "device @cupy:0"
    assert capsys.readouterr().out == "Device: GPU with CuPy (Test GPU).\n"


def test_device_where_chainer_cannot_use_the_gpu(cupy, fake_chainer, capsys):
    with_gpu(cupy)
    fake_chainer.backends.cuda.available = False
    assert backend.choose_device() == "device @numpy"
    assert "Chainer cannot use this GPU" in capsys.readouterr().out


def test_device_is_one_of_chainer():
    chainer = pytest.importorskip("chainer")
    _forget()
    assert isinstance(backend.choose_device(), chainer.backend.Device)
    _forget()
