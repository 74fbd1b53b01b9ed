"""NumPy or CuPy: the same source runs on the CPU and on the GPU."""
import functools
import sys

import numpy as np


def get_array_module(*arrays):
    """Return `cupy` if one of the arrays lives on the GPU, else `numpy`.

    Functions of the course call it first, as Chainer's own functions do
    (`chainer.backend.get_array_module`), and then write `xp` where they would write `np`.
    """
    cupy = sys.modules.get("cupy")  # an array of CuPy exists only where CuPy was imported
    if cupy is not None and any(isinstance(array, cupy.ndarray) for array in arrays):
        return cupy
    return np


def to_cpu(array):
    """Return the array as a NumPy array: a copy from the GPU, or the array itself."""
    return array.get() if get_array_module(array) is not np else np.asarray(array)


@functools.cache
def why_no_gpu():
    """Return None where CuPy can use a GPU, else one sentence that says what is missing."""
    try:
        import cupy
    except ImportError:
        return "CuPy is not installed."
    except Exception as error:  # a CuPy without its CUDA libraries fails in many ways
        return f"CuPy cannot be imported: {error}"
    try:
        if cupy.cuda.is_available():
            cupy.zeros(1) + 1  # a driver that is too old fails only when something runs
            return None
        return "CuPy is installed but finds no NVIDIA GPU."
    except Exception as error:
        return f"CuPy is installed but cannot use a GPU: {str(error).splitlines()[0]}"


@functools.cache
def choose_array_module():
    """Return `cupy` where there is a usable GPU, else `numpy`; say once which, and why."""
    problem = why_no_gpu()
    if problem is not None:
        print(f"Device: CPU with NumPy. {problem}")
        return np
    import cupy
    name = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)["name"].decode()
    print(f"Device: GPU with CuPy ({name}).")
    return cupy


def choose_device():
    """Return Chainer's name for the GPU if one is usable, else for the CPU.

    Says once which, and why, as choose_array_module does. Returns a
    chainer.backend.Device, for model.to_device(device), device.send(array) and
    the `device` of Chainer's updater and evaluator.
    """
    import chainer  # here, since NumPy's chapters do without it
    on_gpu = choose_array_module() is not np
    if on_gpu and not chainer.backends.cuda.available:
        print("Chainer cannot use this GPU, so its models stay on the CPU: "
              "CuPy lacks a library "
              "of CUDA, such as cuBLAS.")
        on_gpu = False
    return chainer.get_device("@cupy:0" if on_gpu else "@numpy")
