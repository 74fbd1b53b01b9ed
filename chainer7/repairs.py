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

REPAIRS = PYTHON + NUMPY + CUPY
