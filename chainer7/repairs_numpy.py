"""NumPy 2, h5py 3, SciPy, protobuf 4: names that are gone, stricter types."""

from repair import Repair

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
    Repair(
        "chainermn.iterators.multi_node_iterator",
        "int() of an array with one axis is refused since NumPy 2.4; so one process stopped, and "
        "the other waited for ever",
        "self.dataset_size = int(_size)",
        "self.dataset_size = int(_size[0])",
    ),
]
