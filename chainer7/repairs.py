"""What makes Chainer 7.8.1 run on today's Python, NumPy and CuPy.

Chainer is frozen, so every repair is an exact substitution in one module. It must find its
text an exact number of times; else the build stops and names the repair. The tests named
test_chainer7_*.py hold one test for each repair.
"""

from typing import NamedTuple


class Repair(NamedTuple):
    """Write `put` wherever `module` says `find`, because of `reason`."""

    module: str
    reason: str
    find: str
    put: str
    times: int = 1
    to_end: bool = False  # also drop everything that follows `find`


class RepairFailed(Exception):
    """A repair did not find its text as often as it must."""


def apply(repairs, module, text):
    """Return `text`, the source of `module`, with the repairs for that module applied."""
    for number, repair in enumerate(repairs, 1):
        if repair.module != module:
            continue
        found = text.count(repair.find)
        if found != repair.times:
            raise RepairFailed(
                f"repair {number} of {module} ({repair.reason}) must find its text "
                f"{repair.times} time(s), and found it {found} time(s)"
            )
        if repair.to_end:
            text = text[: text.index(repair.find)] + repair.put
        else:
            text = text.replace(repair.find, repair.put)
    return text


# --- Python: modules and methods that are gone, and a new way to start processes ---

PYTHON = [
    Repair(
        "chainer._environment_check",
        "numpy.distutils and pkg_resources are gone; they only served to warn about versions",
        "import numpy.distutils.system_info\n",
        "def check():\n    pass\n",
        to_end=True,
    ),
    Repair(
        "chainer.testing.helper",
        "pkg_resources is gone from setuptools; importlib.metadata and packaging tell the same",
        "import pkg_resources\n",
        "from importlib import metadata\n\nfrom packaging.requirements import Requirement\n",
    ),
    Repair(
        "chainer.testing.helper",
        "the question that was put to pkg_resources, in one place",
        "def with_requires(*requirements):\n",
        '''\
def _is_satisfied(requirements):
    for requirement in map(Requirement, requirements):
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            return False
        if not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def with_requires(*requirements):
''',
    ),
    Repair(
        "chainer.testing.helper",
        "with_requires asked pkg_resources",
        """\
    ws = pkg_resources.WorkingSet()
    try:
        ws.require(*requirements)
        skip = False
    except pkg_resources.ResolutionError:
        skip = True
""",
        "    skip = not _is_satisfied(requirements)\n",
    ),
    Repair(
        "chainer.testing.helper",
        "without_requires asked pkg_resources",
        """\
    ws = pkg_resources.WorkingSet()
    try:
        ws.require(*requirements)
        skip = True
    except pkg_resources.ResolutionError:
        skip = False
""",
        "    skip = _is_satisfied(requirements)\n",
    ),
    Repair(
        "chainer.testing.doctest_helper",
        "pkg_resources is gone from setuptools",
        "import pkg_resources\n",
        "from chainer.testing import helper\n",
    ),
    Repair(
        "chainer.testing.doctest_helper",
        "skipif_requires_satisfied asked pkg_resources",
        """\
    ws = pkg_resources.WorkingSet()
    try:
        ws.require(*requirements)
    except pkg_resources.ResolutionError:
        return False
    return skipif(True)
""",
        "    return helper._is_satisfied(requirements) and skipif(True)\n",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "Thread.setDaemon is deprecated since Python 3.10",
        "thread.setDaemon(True)",
        "thread.daemon = True",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "with maxtasksperchild it hung since Python 3.8: while workers are replaced the pool's "
        "length is 0, and map_async divides by it; so take the number that was asked for",
        "            future = self._pool.map_async(_fetch_run, enumerate(indices))\n",
        """\
            chunksize = -(-len(indices) // (4 * self.n_processes))
            future = self._pool.map_async(
                _fetch_run, enumerate(indices), chunksize)
""",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "Python 3.14 on Linux starts processes with forkserver, which cannot take over a data "
        "set that is defined in a notebook: fork, as before",
        "_response_time = 0.1\n",
        """\
_response_time = 0.1


def _processes():
    if (sys.platform == 'linux' and sys.version_info >= (3, 14)
            and multiprocessing.get_start_method() == 'forkserver'):
        return multiprocessing.get_context('fork')
    return multiprocessing
""",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "the same: the pool of workers",
        "multiprocessing.Pool(",
        "_processes().Pool(",
    ),
    Repair(
        "chainer.training.extensions.snapshot_writers",
        "Python 3.14 on Linux starts processes with forkserver, which cannot take over a writer "
        "with clean-up hooks: fork, as before",
        "from chainer import utils\n",
        """\
from chainer import utils
from chainer.iterators.multiprocess_iterator import _processes


class _Process(multiprocessing.Process):
    @staticmethod
    def _Popen(process):
        return _processes().Process._Popen(process)
""",
    ),
    Repair(
        "chainer.training.extensions.snapshot_writers",
        "the same: the process that writes",
        "multiprocessing.Process(",
        "_Process(",
        times=2,
    ),
]

# --- NumPy 2, h5py 3, SciPy, protobuf 4: names that are gone, stricter types ---

NUMPY = [
    Repair(
        "chainer.functions.array.as_strided",
        "numpy.sctypes is gone in NumPy 2 (read at import)",
        "np.sctypes['int']",
        "(np.int8, np.int16, np.int32, np.int64)",
    ),
    Repair(
        "chainer.functions.array.as_strided",
        "numpy.sctypes is gone in NumPy 2 (read in backward)",
        "np.sctypes['float']",
        "(\n                np.float16, np.float32, np.float64, np.longdouble)",
    ),
    Repair(
        "chainer.functions.array.resize_images",
        "numpy.float is gone since NumPy 1.24; it was Python's float",
        "dtype=numpy.float)",
        "dtype=float)",
        times=6,
    ),
    Repair(
        "chainer.distributions.categorical",
        "numpy.meshgrid returns a tuple since NumPy 2",
        "self.log_p[mg + [",
        "self.log_p[list(mg) + [",
        times=2,
    ),
    Repair(
        "chainer.functions.array.pad_sequence",
        "NumPy 2 refuses -1 for an array of uint8, which was wrapped before",
        "y[i, l:] = self.padding",
        "y[i, l:] = numpy.asarray(self.padding).astype(y.dtype)",
    ),
    Repair(
        "chainer.functions.array.pad_sequence",
        "CuPy's kernel refuses such an argument too",
        "(ptrs, lengths, self.padding, base, length, y)",
        "(ptrs, lengths, numpy.asarray(self.padding).astype(y.dtype)[()],\n"
        "              base, length, y)",
    ),
    Repair(
        "chainer.functions.math.sparse_matmul",
        "scipy.sparse refuses float16 since SciPy 1.15: compute in float32",
        """\
    _m, _k = A_shape
    _n = B.shape[-1]
    if B.ndim == 2:
        sp_A = """,
        """\
    if A_data.dtype == numpy.float16:
        A_data = A_data.astype(numpy.float32)
    if B.dtype == numpy.float16:
        B = B.astype(numpy.float32)

    _m, _k = A_shape
    _n = B.shape[-1]
    if B.ndim == 2:
        sp_A = """,
    ),
    Repair(
        "chainer.serializers.hdf5",
        "h5py 3 reads bytes where h5py 2 read text",
        "        if value is None:\n            return numpy.asarray(dataset)\n",
        """\
        if (h5py.check_string_dtype(dataset.dtype) == ('utf-8', None)
                and not isinstance(value, numpy.ndarray)):
            dataset = numpy.asarray(dataset.asstr()[()], dtype=object)
        if value is None:
            return numpy.asarray(dataset)
""",
    ),
    Repair(
        "chainer.variable",
        "an array has a .device of its own since NumPy 2.1, which says 'cpu'",
        "device = getattr(array, 'device', 'CPU')",
        "device = ('CPU' if isinstance(array, numpy.ndarray)\n"
        "                          else getattr(array, 'device', 'CPU'))",
    ),
    Repair(
        "chainer.dataset.convert",
        "a third positional argument of numpy.maximum is deprecated",
        "numpy.maximum(shape, array.shape, shape)",
        "numpy.maximum(shape, array.shape, out=shape)",
    ),
    Repair(
        "chainer.functions.math.fix",
        "numpy.fix is deprecated since NumPy 2.5; trunc does the same",
        "xp.fix(x)",
        "xp.trunc(x)",
    ),
    Repair(
        "chainer.links.activation.maxout",
        "setting the shape of an array is deprecated since NumPy 2.5 (weights)",
        """\
                array.shape = (out_size, pool_size, in_size)
                initialW_orig(array)
                array.shape = (linear_out_size, in_size)
""",
        "                initialW_orig(array.reshape(out_size, pool_size, in_size))\n",
    ),
    Repair(
        "chainer.links.activation.maxout",
        "setting the shape of an array is deprecated since NumPy 2.5 (bias)",
        """\
                array.shape = (out_size, pool_size)
                initial_bias_orig(array)
                array.shape = linear_out_size,
""",
        "                initial_bias_orig(array.reshape(out_size, pool_size))\n",
    ),
    Repair(
        "chainer.links.caffe.protobuf3.caffe_pb2",
        "protobuf 4 refuses code that an old protoc generated (imports)",
        """\
from google.protobuf.internal import enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from google.protobuf import reflection as _reflection
from google.protobuf import symbol_database as _symbol_database
from google.protobuf import descriptor_pb2
# @@protoc_insertion_point(imports)

_sym_db = _symbol_database.Default()
""",
        """\
from google.protobuf import descriptor_pool as _descriptor_pool
from google.protobuf.internal import builder as _builder
""",
    ),
    Repair(
        "chainer.links.caffe.protobuf3.caffe_pb2",
        "protobuf 4 refuses code that an old protoc generated (descriptor)",
        """\
DESCRIPTOR = _descriptor.FileDescriptor(
  name='caffe.proto',
  package='caffe',
  syntax='proto2',
  serialized_pb=""",
        "DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(\n  ",
    ),
    Repair(
        "chainer.links.caffe.protobuf3.caffe_pb2",
        "protobuf 4 refuses code that an old protoc generated: build the messages from the "
        "descriptor, as today's protoc does",
        "_sym_db.RegisterFileDescriptor(DESCRIPTOR)\n",
        "_builder.BuildMessageAndEnumDescriptors(DESCRIPTOR, globals())\n"
        "_builder.BuildTopDescriptorsAndMessages(DESCRIPTOR, 'caffe_pb2', globals())\n",
        to_end=True,
    ),
]

# --- CuPy 14: NumPy 2's types, no cuDNN, float16 only where a kernel has it ---

CUPY = [
    Repair(
        "chainer.functions.math.clip",
        "under NumPy 2's rules a wider bound widens the result",
        "return cuda.cupy.clip(x[0], self.x_min, self.x_max),",
        "return cuda.cupy.clip(x[0], self.x_min, self.x_max).astype(\n"
        "            x[0].dtype, copy=False),",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy 14 defines float16 only in kernels with a float16 argument: include it",
        "class _Worker(multiprocessing.Process):\n",
        """\
_preamble = '#include <cupy/float16.cuh>' if 14 <= cuda._cupy_major else ''


class _Worker(multiprocessing.Process):
""",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy 14 defines float16 only in kernels with a float16 argument: gather uses it",
        "        '_memcpy_gather',\n",
        "        '_memcpy_gather',\n        preamble=_preamble,\n",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy 14 defines float16 only in kernels with a float16 argument: scatter uses it",
        "        '_memcpy_scatter',\n",
        "        '_memcpy_scatter',\n        preamble=_preamble,\n",
    ),
    Repair(
        "chainer.links.loss.hierarchical_softmax",
        "atomicAdd(float16*, float) no longer converts (gradient of x)",
        "atomicAdd(&gx[x_ind], g * w[w_ind]);",
        "atomicAdd(&gx[x_ind], T(g * w[w_ind]));",
    ),
    Repair(
        "chainer.links.loss.hierarchical_softmax",
        "atomicAdd(float16*, float) no longer converts (gradient of w)",
        "atomicAdd(&gw[w_ind], g * x[x_ind]);",
        "atomicAdd(&gw[w_ind], T(g * x[x_ind]));",
    ),
    Repair(
        "chainer.functions.loss.negative_sampling",
        "atomicAdd(float16*, float) no longer converts",
        "atomicAdd(&gW[k * c + j], gi * x[(i / m) * c + j]);",
        "atomicAdd(&gW[k * c + j], T(gi * x[(i / m) * c + j]));",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy warns at every import where NCCL is missing; only this updater needs it, and it "
        "says so itself when it is made",
        "    from cupy.cuda import nccl\n",
        """\
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        from cupy.cuda import nccl
""",
    ),
    Repair(
        "chainer.backends.cuda",
        "CuPy can be imported today where there is no NVIDIA driver, and Chainer took the import "
        "for a GPU",
        "    from cupy import cuda  # NOQA\n",
        """\
    from cupy import cuda  # NOQA
    if cuda.runtime.driverGetVersion() == 0:
        raise RuntimeError(
            'CuPy is installed, but there is no driver of an NVIDIA GPU.')
""",
    ),
    Repair(
        "chainer.backends.cuda",
        "cuDNN is gone from CuPy 14, so the old warning names a cure that no longer exists",
        """\
        warnings.warn(
            'cuDNN is not enabled.\\n'
""",
        """\
        warnings.warn(
            'CuPy 14 and later come without cuDNN: Chainer runs on CuPy\\'s own '
            'kernels. Set CHAINER_CUDNN=0 to hide this message.'
            if 14 <= _cupy_major else
            'cuDNN is not enabled.\\n'
""",
    ),
]

# --- Speed on the CPU: the same numbers but for rounding, in less time and memory ---

SPEED = [
    Repair(
        "chainer.utils.conv",
        "what the repairs below share: patches as a view, not a copy, and images a few at a time",
        "def col2im_cpu(",
        """\
def windows_cpu(img, ksize, stride, pad, pval=0, cover_all=False, dilate=None):
    # Returns a view (n, c, k_1, ..., k_N, out_1, ..., out_N) of the padded images.
    ndim = len(ksize)
    dilate = dilate or (1,) * ndim
    dims = img.shape[2:]
    spans = [(k - 1) * d + 1 for k, d in zip(ksize, dilate)]
    outs = [get_conv_outsize(*each, cover_all=cover_all)
            for each in zip(dims, spans, stride, pad)]
    assert all(out > 0 for out in outs), 'Output sizes should be positive.'
    pads = [(p, max(0, s * (out - 1) + span - size - p))
            for size, span, s, p, out in zip(dims, spans, stride, pad, outs)]
    if numpy.any(pads):
        img = numpy.pad(
            img, [(0, 0), (0, 0)] + pads, mode='constant', constant_values=pval)
    view = numpy.lib.stride_tricks.sliding_window_view(
        img, spans, tuple(range(2, ndim + 2)))
    steps = [slice(0, s * out, s) for s, out in zip(stride, outs)]
    steps += [slice(None, None, d) for d in dilate]
    view = view[(slice(None), slice(None), *steps)]
    return numpy.moveaxis(view, range(2, ndim + 2), range(-ndim, 0))


def few_images(n, size):
    # Yields slices of n images, so that their columns, of a size each, stay in
    # the processor's cache: all columns at once are slow and take much memory.
    step = max(1, 2 ** 18 // max(1, size))
    for i in range(0, n, step):
        yield slice(i, i + step)


def col2im_cpu(""",
    ),
    Repair(
        "chainer.functions.connection.convolution_2d",
        "tensordot copies all columns once more, and its result has the channels last, which "
        "slows whatever comes next; float16 had no fast product",
        """\
        kh, kw = W.shape[2:]
        col = conv.im2col_cpu(
            x, kh, kw, self.sy, self.sx, self.ph, self.pw,
            cover_all=self.cover_all, dy=self.dy, dx=self.dx)
        y = numpy.tensordot(
            col, W, ((1, 2, 3), (1, 2, 3))).astype(x.dtype, copy=False)
        if b is not None:
            y += b
        y = numpy.rollaxis(y, 3, 1)
        return y,
""",
        """\
        # (c, kh, kw, n, out_h, out_w)
        windows = conv.windows_cpu(
            x, W.shape[2:], (self.sy, self.sx), (self.ph, self.pw),
            cover_all=self.cover_all, dilate=(self.dy, self.dx)
        ).transpose(1, 2, 3, 0, 4, 5)
        n, out_h, out_w = windows.shape[3:]
        dtype = numpy.result_type(x, W, numpy.float32)
        W = W.reshape(len(W), -1).astype(dtype, copy=False)
        y = numpy.empty((n, len(W), out_h, out_w), x.dtype)
        for few in conv.few_images(n, W.shape[1] * out_h * out_w):
            col = windows[:, :, :, few].reshape(W.shape[1], -1)
            y_few = W.dot(col.astype(dtype, copy=False))
            y[few] = y_few.reshape(len(W), -1, out_h, out_w).swapaxes(0, 1)
        if b is not None:
            y += b[:, None, None]
        return y,
""",
    ),
    Repair(
        "chainer.functions.connection.convolution_2d",
        "the same in the gradient of the weights",
        """\
        # NumPy raises an error when the array is not contiguous.
        # See: https://github.com/chainer/chainer/issues/2744
        # TODO(niboshi): Remove this code when NumPy is fixed.
        if (not (gy.flags.c_contiguous or gy.flags.f_contiguous) and
                1 in gy.shape):
            gy = numpy.ascontiguousarray(gy)

        col = conv.im2col_cpu(
            x, self.kh, self.kw, self.sy, self.sx, self.ph, self.pw,
            cover_all=self.cover_all, dy=self.dy, dx=self.dx)
        gW = numpy.tensordot(gy, col, ((0, 2, 3), (0, 4, 5))
                             ).astype(self.W_dtype, copy=False)
        return gW,

    def _forward_ideep(self, x, gy):
""",
        """\
        # (c, kh, kw, n, out_h, out_w)
        windows = conv.windows_cpu(
            x, (self.kh, self.kw), (self.sy, self.sx), (self.ph, self.pw),
            cover_all=self.cover_all, dilate=(self.dy, self.dx)
        ).transpose(1, 2, 3, 0, 4, 5)
        n, out_h, out_w = windows.shape[3:]
        dtype = numpy.result_type(x, gy, numpy.float32)
        gy = gy.swapaxes(0, 1)
        gW = numpy.zeros((len(gy), numpy.prod(self.W_shape[1:])), dtype)
        for few in conv.few_images(n, gW.shape[1] * out_h * out_w):
            col = windows[:, :, :, few].reshape(gW.shape[1], -1)
            gy_few = gy[:, few].reshape(len(gy), -1)
            gW += gy_few.astype(dtype, copy=False).dot(
                col.astype(dtype, copy=False).T)
        return gW.reshape(self.W_shape).astype(self.W_dtype, copy=False),

    def _forward_ideep(self, x, gy):
""",
    ),
    Repair(
        "chainer.functions.connection.deconvolution_2d",
        "the same in the gradient of the images, which is a deconvolution",
        """\
        gcol = numpy.tensordot(W, x, (0, 1)).astype(x.dtype, copy=False)
        gcol = numpy.rollaxis(gcol, 3)
        y = conv.col2im_cpu(
            gcol, self.sy, self.sx, self.ph, self.pw, self.outh, self.outw,
            dy=self.dy, dx=self.dx)
""",
        """\
        n, _, h, w = x.shape
        dtype = numpy.result_type(x, W, numpy.float32)
        y = numpy.empty((n, W.shape[1], self.outh, self.outw), x.dtype)
        W_T = W.reshape(len(W), -1).T.astype(dtype, copy=False)
        for few in conv.few_images(n, len(W_T) * h * w):
            x_few = x[few].swapaxes(0, 1).reshape(len(W), -1)
            gcol = W_T.dot(x_few.astype(dtype, copy=False)).astype(
                x.dtype, copy=False)
            y[few] = conv.col2im_cpu(
                gcol.reshape(W.shape[1:] + (-1, h, w)).transpose(3, 0, 1, 2, 4, 5),
                self.sy, self.sx, self.ph, self.pw, self.outh, self.outw,
                dy=self.dy, dx=self.dx)
""",
    ),
    Repair(
        "chainer.functions.pooling.max_pooling_nd",
        "argmax along a middle axis copies all columns (imports of what follows)",
        "import functools\nfrom operator import mul\n",
        "import functools\nimport itertools\nfrom operator import mul\n",
    ),
    Repair(
        "chainer.functions.pooling.max_pooling_nd",
        "argmax along a middle axis copies all columns; compare a place of all windows at a time "
        "instead (nan, which argmax treats apart, goes the old way)",
        """\
        in_dtype = x[0].dtype

        col = conv_nd.im2col_nd_cpu(
""",
        """\
        in_dtype = x[0].dtype

        windows = conv.windows_cpu(
            x[0], ksize, stride, pad, pval=-float('inf'), cover_all=cover_all)
        small = numpy.min_scalar_type(functools.reduce(mul, ksize))
        for i, place in enumerate(itertools.product(*map(range, ksize))):
            window = windows[(slice(None),) * 2 + place]
            if i == 0:
                y = window.copy()
                indexes = numpy.zeros(y.shape, small)
            else:
                larger = numpy.multiply(window > y, i, dtype=small)
                numpy.maximum(indexes, larger, out=indexes)
                numpy.maximum(y, window, out=y)
        if not numpy.isnan(y.max()):
            self._in_shape = in_shape
            self._in_dtype = in_dtype
            self.indexes = indexes.astype(numpy.intp)
            return y,

        col = conv_nd.im2col_nd_cpu(
""",
    ),
    Repair(
        "chainer.functions.pooling.max_pooling_nd",
        "the helper is in chainer.utils.conv",
        "from chainer.utils import conv_nd\n",
        "from chainer.utils import conv\nfrom chainer.utils import conv_nd\n",
    ),
    Repair(
        "chainer.functions.pooling.max_pooling_nd",
        "the same in the gradient, where no windows overlap (0 times inf is nan: the old way)",
        """\
        prod_ksize = functools.reduce(mul, ksize)

        gcol = """,
        """\
        prod_ksize = functools.reduce(mul, ksize)

        if (not any(pad) and all(k <= s for k, s in zip(ksize, stride))
                and numpy.isfinite(gy[0]).all()):
            ends = [s * out for s, out in zip(stride, outs)]
            gx = numpy.zeros((n, c) + tuple(map(max, dims, ends)), in_dtype)
            indexes = indexes.astype(numpy.min_scalar_type(prod_ksize))
            for i, place in enumerate(itertools.product(*map(range, ksize))):
                places = tuple(map(slice, place, ends, stride))
                numpy.multiply(gy[0], indexes == i,
                               out=gx[(slice(None),) * 2 + places])
            return gx[(slice(None),) * 2 + tuple(map(slice, dims))],

        gcol = """,
    ),
]

REPAIRS = PYTHON + NUMPY + CUPY + SPEED
