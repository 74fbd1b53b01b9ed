"""onnx_chainer: tables that are gone from ONNX, and a message that named the wrong cure."""

from repair import Repair

GONE = "onnx.mapping is gone; onnx.helper tells the same"

ONNX = [
    Repair(
        "onnx_chainer.onnx_helper",
        GONE + " (what the repairs below share)",
        "import onnx\n\n\n",
        '''\
import numpy
import onnx


class _TensorTypes(object):
    # The table of the types of ONNX that onnx.mapping held.

    def __getitem__(self, dtype):
        return onnx.helper.np_dtype_to_tensor_dtype(numpy.dtype(dtype))


NP_TYPE_TO_TENSOR_TYPE = _TensorTypes()

# In which field a constant of a type is written out.
STORAGE_TENSOR_TYPE_TO_FIELD = {
    onnx.TensorProto.FLOAT: 'float_data',
    onnx.TensorProto.INT32: 'int32_data',
    onnx.TensorProto.INT64: 'int64_data',
    onnx.TensorProto.UINT16: 'int32_data',
    onnx.TensorProto.DOUBLE: 'double_data',
    onnx.TensorProto.UINT32: 'uint64_data',
    onnx.TensorProto.UINT64: 'uint64_data',
}


''',
    ),
    Repair(
        "onnx_chainer.export",
        GONE,
        "    from onnx.mapping import NP_TYPE_TO_TENSOR_TYPE\n",
        "",
    ),
    Repair(
        "onnx_chainer.export",
        GONE + " (import of what stands for it)",
        "    from onnx_chainer.onnx_helper import is_support_non_standard_domain\n",
        """\
    from onnx_chainer.onnx_helper import is_support_non_standard_domain
    from onnx_chainer.onnx_helper import NP_TYPE_TO_TENSOR_TYPE
""",
    ),
    Repair(
        "onnx_chainer.export",
        "it said that ONNX is not installed whatever could not be imported (the reason is kept)",
        "except ImportError:\n    _available = False\n",
        "except ImportError as e:\n    _available = False\n    _resolution_error = e\n",
    ),
    Repair(
        "onnx_chainer.export",
        "it said that ONNX is not installed whatever could not be imported, and named a version "
        "that cannot be built any more",
        """\
            'ONNX is not installed on your environment. Exporting your model '
            'in ONNX format needs the onnx package.\\n\\n'
            '\\t$ pip install \\'onnx<1.7.0\\'\\n\\n')
""",
        """\
            'Exporting your model in ONNX format needs the onnx package, '
            'which cannot be imported ({}).\\n\\n'
            '\\t$ pip install \\'onnx>=1.13\\'\\n\\n'.format(_resolution_error))
""",
    ),
    Repair(
        "onnx_chainer.context",
        GONE,
        "onnx.mapping.STORAGE_TENSOR_TYPE_TO_FIELD.get(",
        "onnx_helper.STORAGE_TENSOR_TYPE_TO_FIELD.get(",
    ),
    Repair(
        "onnx_chainer.context",
        GONE + " (an import that is no longer used)",
        "import onnx\nfrom onnx import",
        "from onnx import",
    ),
    Repair(
        "onnx_chainer.functions.array",
        GONE,
        "from onnx.mapping import NP_TYPE_TO_TENSOR_TYPE\n",
        "",
    ),
    Repair(
        "onnx_chainer.functions.array",
        GONE + " (import of what stands for it)",
        "from onnx_chainer import onnx_helper\n",
        "from onnx_chainer import onnx_helper\n"
        "from onnx_chainer.onnx_helper import NP_TYPE_TO_TENSOR_TYPE\n",
    ),
    Repair(
        "onnx_chainer.functions.math",
        GONE,
        "from onnx.mapping import NP_TYPE_TO_TENSOR_TYPE\n",
        "",
    ),
    Repair(
        "onnx_chainer.functions.math",
        GONE + " (import of what stands for it)",
        "from onnx_chainer import onnx_helper\n",
        "from onnx_chainer import onnx_helper\n"
        "from onnx_chainer.onnx_helper import NP_TYPE_TO_TENSOR_TYPE\n",
    ),
]
