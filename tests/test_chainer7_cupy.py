"""The repairs of chainer7 for CuPy, as far as a machine without a GPU can tell.

Functions for the GPU run here on NumPy or on stand-ins, and their kernels are caught. Where CuPy
and NVIDIA's compiler NVRTC are installed, the kernels are compiled too, which needs no GPU.
"""

import importlib.util
import re
import sys
import types
import warnings
from unittest import mock

import numpy as np
import pytest
from chainer.backends import cuda
from chainer.functions.array import pad_sequence
from chainer.functions.loss import negative_sampling
from chainer.functions.math import clip
from chainer.links.loss import hierarchical_softmax
from chainer.training.updaters import multiprocess_parallel_updater


class Kernels(list):
    """Stands in for chainer.backends.cuda: catches every kernel that is asked for."""

    cupy = np
    reduce = staticmethod(lambda *args, **options: lambda *values: np.int32(1))
    to_cpu = staticmethod(lambda array: array)

    def elementwise(self, *args, **options):
        self.append((args, options))
        return self._call

    def _call(self, *arguments, **options):
        self.arguments = arguments


def fresh_copy(module):
    """Run the source of a module anew, beside the one that is in use."""
    spec = importlib.util.spec_from_file_location(module.__name__ + "_copy", module.__file__)
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


# --- the kernels in question ---


def kernels_of_the_parallel_updater(monkeypatch, major=14):
    monkeypatch.setattr(cuda, "_cupy_major", major)  # which is 0 where there is no GPU
    kernels = Kernels()
    copy = fresh_copy(multiprocess_parallel_updater)
    monkeypatch.setattr(copy, "cuda", kernels)
    copy._memcpy_gather()
    copy._memcpy_scatter()
    return kernels


def kernels_of_hierarchical_softmax(monkeypatch, major=14):
    kernels = Kernels()
    monkeypatch.setattr(hierarchical_softmax, "cuda", kernels)
    array = np.zeros((1, 1), "f")
    function = mock.Mock(wxy=array, paths=array, codes=array, begins=array, max_length=1)
    hierarchical_softmax.BinaryHierarchicalSoftmaxFunction.backward_gpu(
        function, (array, array, array), (array,)
    )
    return kernels


def kernels_of_negative_sampling(monkeypatch, major=14):
    kernels = Kernels()
    monkeypatch.setattr(negative_sampling, "cuda", kernels)
    array = np.zeros((1, 1), "f")
    function = mock.Mock(ignore_mask=np.ones(1, bool), sample_size=1, samples=array, wx=array)
    negative_sampling.NegativeSamplingFunctionGrad.forward_gpu(function, (array, array, array))
    return kernels


SOURCES = [
    kernels_of_the_parallel_updater,
    kernels_of_hierarchical_softmax,
    kernels_of_negative_sampling,
]


@pytest.mark.parametrize("kernels_of", SOURCES[1:])
def test_what_is_added_atomically_has_the_type_of_the_sum(monkeypatch, kernels_of):
    code = " ".join(args[2] for args, _ in kernels_of(monkeypatch))
    operands = re.findall(r"atomicAdd\(&.*?\], (.*)\);", code)
    assert operands and all(operand.startswith("T(") for operand in operands)


def test_kernels_that_use_float16_include_it(monkeypatch):
    kernels = kernels_of_the_parallel_updater(monkeypatch)
    assert len(kernels) == 2
    for args, options in kernels:
        assert "float16" in args[2]
        assert options["preamble"] == "#include <cupy/float16.cuh>"


# --- compiling them ---


def compile_kernel(args, options, dtypes):
    """Compile an elementwise kernel as CuPy would, for a GPU that need not be there."""
    import cupy
    from cupy._core import _carray, _kernel, core
    from cupy.cuda import compiler

    kernel = cupy.ElementwiseKernel(*args, **options)
    information = []
    for parameter in kernel.params:
        if parameter.name == "_ind":
            kind, of, dtype, ndim = 2, _carray.Indexer, None, 1
        else:
            kind, of, ndim = 1, cupy.ndarray, 2 if parameter.raw else 1
            dtype = np.dtype(parameter.dtype or dtypes[parameter.ctype])
        information.append(_kernel._ArgInfo(kind, of, dtype, ndim, True, True))
    code = _kernel._get_elementwise_kernel_code(
        tuple(information),
        _kernel._TypeMap(tuple((name, np.dtype(dtype)) for name, dtype in dtypes.items())),
        kernel.params, kernel.operation, kernel.name, kernel.preamble, **dict(kernel.kwargs),
    )
    headers = ("complex.cuh", "carray.cuh", "atomics.cuh", "math_constants.h")
    source = "".join(f"#include <cupy/{name}>\n" for name in headers) + code
    program = compiler._NVRTCProgram(source, "kernel.cu", (), (), method="ptx")
    flags = ("-arch=compute_80", "--device-as-default-execution-space")
    program.compile((*core.assemble_cupy_compiler_options(()), *flags), None)


@pytest.fixture
def cupy():
    """CuPy, where it can compile."""
    cupy = pytest.importorskip("cupy", reason="CuPy is not installed")
    try:
        cupy.cuda.nvrtc.getVersion()
    except RuntimeError as error:
        pytest.skip(f"NVRTC is not installed: {error}")
    return cupy


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("kernels_of", SOURCES)
def test_kernels_compile(monkeypatch, cupy, kernels_of, dtype):
    major = int(cupy.__version__.partition(".")[0])
    for args, options in kernels_of(monkeypatch, major):
        dtypes = {"T": dtype, "S": "int32", "X": "int8", "Y": "int32"}
        if kernels_of is kernels_of_the_parallel_updater:
            dtypes["T"] = "uint64"  # addresses
        letters = set(re.findall(r"\b([TSXY])\b", args[0] + args[1]))
        compile_kernel(args, options, {x: d for x, d in dtypes.items() if x in letters})


# --- functions for the GPU, on NumPy ---


@pytest.mark.skipif(
    int(np.__version__.split(".")[0]) < 2, reason="before NumPy 2 a bound did not widen the result"
)
def test_clip_keeps_the_type_of_its_input(monkeypatch):
    monkeypatch.setattr(clip.cuda, "cupy", np)
    x = np.array([-1, 2], np.float16)
    (y,) = clip.Clip(np.float64(0), np.float64(1)).forward_gpu((x,))
    assert y.dtype == np.float16
    np.testing.assert_array_equal(y, [0, 1])


def test_pad_sequence_hands_its_kernel_a_padding_of_the_right_type(monkeypatch):
    kernels = Kernels()
    monkeypatch.setattr(pad_sequence, "cuda", kernels)
    fake = types.SimpleNamespace(empty=np.empty)  # anything but NumPy itself
    monkeypatch.setattr(pad_sequence.backend, "get_array_module", lambda *xs: fake)
    x = mock.Mock(_c_contiguous=True, data=0, shape=(1,), ndim=1, dtype=np.dtype("uint8"))
    x.__len__ = lambda self: 1
    pad_sequence.PadSequence(2, -1).forward([x])
    padding = kernels.arguments[2]
    assert padding.dtype == np.uint8 and padding == 255


# --- what Chainer says ---


def message_without_cudnn(monkeypatch, major):
    monkeypatch.setattr(cuda, "available", True)
    monkeypatch.setattr(cuda, "cudnn_enabled", False)
    monkeypatch.setattr(cuda, "_cudnn_disabled_by_user", False, raising=False)
    monkeypatch.setattr(cuda, "_cupy_major", major)
    monkeypatch.setattr(cuda.check_cuda_available, "_already_warned", False, raising=False)
    with pytest.warns(UserWarning) as caught:
        cuda.check_cuda_available()
        cuda.check_cuda_available()
    (warning,) = caught  # once
    return str(warning.message)


def test_without_cudnn_the_cure_is_one_that_exists(monkeypatch):
    assert "reinstall CuPy" in message_without_cudnn(monkeypatch, 13)
    message = message_without_cudnn(monkeypatch, 14)
    assert "reinstall" not in message
    assert "CuPy's own kernels" in message


@pytest.fixture
def fake_cupy(monkeypatch):
    """A CuPy that can be imported; fake_cupy.runtime.driverGetVersion tells of the driver."""
    for name in list(sys.modules):
        if name.partition(".")[0] in ("cupy", "cupyx"):
            monkeypatch.delitem(sys.modules, name)
    names = ["cupy", "cupy._util", "cupy.cuda", "cupy.cuda.cudnn", "cupy.cudnn",
             "cupyx", "cupyx.scipy", "cupyx.scipy.linalg", "cupyx.scipy.special"]
    modules = {name: mock.MagicMock(__path__=[], __spec__=None) for name in names}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    modules["cupy"].__version__ = "14.2.0"
    modules["cupy"].cuda = modules["cupy.cuda"]
    modules["cupy"].ndarray = type("ndarray", (), {})
    return modules["cupy.cuda"]


@pytest.mark.parametrize("version, available", [(0, False), (12090, True)])
def test_cupy_without_a_driver_is_no_gpu(fake_cupy, version, available):
    fake_cupy.runtime.driverGetVersion.return_value = version
    copy = fresh_copy(cuda)
    assert copy.available is available
    if not available:
        with pytest.raises(RuntimeError, match="no driver of an NVIDIA GPU"):
            copy.check_cuda_available()


def test_a_missing_nccl_is_not_reported_at_every_import(monkeypatch):
    class CuPyCuda(types.ModuleType):
        def __getattr__(self, name):
            if name == "nccl":
                warnings.warn("nccl library could not be loaded", stacklevel=2)
            raise AttributeError(name)

    monkeypatch.delitem(sys.modules, "cupy.cuda.nccl", raising=False)
    monkeypatch.setitem(sys.modules, "cupy", types.ModuleType("cupy"))
    monkeypatch.setitem(sys.modules, "cupy.cuda", CuPyCuda("cupy.cuda"))
    with warnings.catch_warnings(record=True) as caught:  # an error would be swallowed there
        warnings.simplefilter("always")
        copy = fresh_copy(multiprocess_parallel_updater)
    assert not caught
    assert copy.MultiprocessParallelUpdater.available() is False
