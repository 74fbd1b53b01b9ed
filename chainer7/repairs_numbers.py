"""Numbers of NumPy 1: a scalar taken from an array is no longer float64 beside a Python number.

Since NumPy 2 (NEP 50) `0.0 + numpy.float32(0.1)` is float32, and `numpy.float64(0.5) * array` is
float64. So sums lost digits, steps of an optimizer changed, and numbers that wrapped are refused.
"""

from repair import Repair

NUMBERS = [
    Repair(
        "chainer.utils.array",
        "what the repairs below share: the types that NumPy 1 gave to scalars",
        "def sum_to(x, shape):\n",
        '''\
def wide_scalar(x):
    # A scalar as NumPy 1 made it where it met a Python number: float64 or
    # int64, if it is not wider. Whatever is no scalar or array is returned.
    if isinstance(x, chainer.get_array_types() + (numpy.generic,)):
        return x.astype(numpy.result_type(x.dtype, numpy.int64))
    return x


def scalar_beside(x, array):
    # A scalar of NumPy as NumPy 1 took it where it met an array: of the
    # array's type, unless it is of another kind or too large for it.
    if isinstance(x, (numpy.generic, numpy.ndarray)):
        return x.astype(numpy.result_type(array.dtype, numpy.min_scalar_type(x)))
    return x


def wrapped(x, dtype):
    # A number as an integer type holds it: -1 is 255 in uint8.
    return numpy.asarray(x).astype(dtype)[()]


def sum_to(x, shape):
''',
    ),
    Repair(
        "chainer.reporter",
        "sums of losses were float32, or float16 (imports of what follows)",
        "from chainer import serializer as serializer_module\n",
        "from chainer import serializer as serializer_module\n"
        "from chainer.utils.array import wide_scalar\n",
    ),
    Repair(
        "chainer.reporter",
        "sums of losses, of their squares and of their weights were float32, or float16",
        """\
            self._x += weight * value
            self._x2""",
        """\
            value, weight = wide_scalar(value), wide_scalar(weight)
            self._x += weight * value
            self._x2""",
    ),
    Repair(
        "chainer.training.extensions.micro_average",
        "sums were float32, or float16",
        """\
        self._numerator += observation[self._numerator_key]
        self._denominator += observation[self._denominator_key]
""",
        """\
        self._numerator += wide_scalar(observation[self._numerator_key])
        self._denominator += wide_scalar(observation[self._denominator_key])
""",
    ),
    Repair(
        "chainer.training.extensions.micro_average",
        "sums were float32, or float16 (imports)",
        "from chainer.training import util\n",
        "from chainer.training import util\nfrom chainer.utils.array import wide_scalar\n",
    ),
    Repair(
        "chainermn.extensions.observation_aggregator",
        "sums were float32, or float16",
        "    return sum(xs) / len(xs)\n",
        "    return sum(map(wide_scalar, xs)) / len(xs)\n",
    ),
    Repair(
        "chainermn.extensions.observation_aggregator",
        "sums were float32, or float16 (imports)",
        "from chainer.training import extension, util\n",
        "from chainer.training import extension, util\n"
        "from chainer.utils.array import wide_scalar\n",
    ),
    Repair(
        "chainer.optimizer_hooks.gradient_clipping",
        "squared norms were added in float16, and above 65504 the gradients became 0",
        "                dots.append(g.dot(g))\n",
        "                dots.append(array.wide_scalar(g.dot(g)))\n",
    ),
    Repair(
        "chainer.optimizer_hooks.gradient_clipping",
        "squared norms were added in float16 (imports)",
        "from chainer import backend\n",
        "from chainer import backend\nfrom chainer.utils import array\n",
    ),
    Repair(
        "chainer.optimizer_hooks.gradient_clipping",
        "gradients were multiplied in float64",
        "                if rate >= 1:\n                    return\n",
        "                if rate >= 1:\n                    return\n"
        "                rate = float(rate)\n",
    ),
    Repair(
        "chainer.optimizer_hooks.gradient_lars",
        "eps of 1e-9 is 0 in float16, and a gradient of 0 became nan",
        """\
                p_norm = xp.linalg.norm(p)
                # grad norm
                g_norm = xp.linalg.norm(g)
""",
        """\
                p_norm = array.wide_scalar(xp.linalg.norm(p))
                # grad norm
                g_norm = array.wide_scalar(xp.linalg.norm(g))
""",
    ),
    Repair(
        "chainer.optimizer_hooks.gradient_lars",
        "gradients were multiplied in another type than before",
        "                g *= rate\n",
        "                g *= array.scalar_beside(rate, g)\n",
    ),
    Repair(
        "chainer.optimizer_hooks.gradient_lars",
        "eps of 1e-9 is 0 in float16 (imports)",
        "from chainer import backend\n",
        "from chainer import backend\nfrom chainer.utils import array\n",
    ),
    Repair(
        "chainer.dataset.convert",
        "NumPy 2 refuses a padding of -1 for uint8, or of 300 for int8, which was wrapped before",
        "        result = device.xp.full(shape, padding, dtype=arrays[0].dtype)\n",
        """\
        if arrays[0].dtype.kind in 'iu' and numpy.isscalar(padding):
            padding = wrapped(padding, arrays[0].dtype)
        result = device.xp.full(shape, padding, dtype=arrays[0].dtype)
""",
    ),
    Repair(
        "chainer.dataset.convert",
        "NumPy 2 refuses a padding of -1 for uint8 (imports)",
        "from chainer.backends import cuda\n",
        "from chainer.backends import cuda\nfrom chainer.utils.array import wrapped\n",
    ),
    Repair(
        "chainer.functions.math.basic_math",
        "NumPy 2 refuses 300 beside a Variable of uint8, which was wrapped before",
        "    return x.dtype.type(value)\n",
        """\
    if x.dtype.kind in 'iu':
        return utils.array.wrapped(value, x.dtype)
    return x.dtype.type(value)
""",
    ),
    Repair(
        "chainer.functions.math.basic_math",
        "1 / a scalar was float16 or float32 before it met a Variable of a wider type",
        "MulConstant(1. / rhs).apply",
        "MulConstant(1. / utils.array.wide_scalar(rhs)).apply",
    ),
    Repair(
        "chainer.functions.loss.mean_squared_error",
        "in float16 the mean of more than 65504 numbers was 0",
        "numpy.array(diff.dot(diff) / diff.size, dtype=diff.dtype)",
        "numpy.array(wide_scalar(diff.dot(diff)) / diff.size, dtype=diff.dtype)",
    ),
    Repair(
        "chainer.functions.loss.mean_squared_error",
        "in float16 the mean of more than 65504 numbers was 0 (imports)",
        "from chainer import function_node\n",
        "from chainer import function_node\nfrom chainer.utils.array import wide_scalar\n",
    ),
    Repair(
        "chainer.functions.loss.hinge",
        "in float16 the mean of more than 65504 examples was 0",
        """\
            loss = loss.sum() / num

        return numpy.array""",
        """\
            loss = wide_scalar(loss.sum()) / num

        return numpy.array""",
    ),
    Repair(
        "chainer.functions.loss.hinge",
        "in float16 the gradient of more than 65504 examples was 0",
        """\
            gloss /= len(t)

        self.bottom_diff[numpy.arange""",
        """\
            gloss = scalar_beside(
                wide_scalar(gloss) / len(t), self.bottom_diff)

        self.bottom_diff[numpy.arange""",
    ),
    Repair(
        "chainer.functions.loss.hinge",
        "in float16 the mean of more than 65504 examples was 0 (imports)",
        "from chainer.utils import type_check\n",
        "from chainer.utils import type_check\n"
        "from chainer.utils.array import scalar_beside\n"
        "from chainer.utils.array import wide_scalar\n",
    ),
    Repair(
        "chainer.functions.loss.triplet",
        "in float16 the mean of more than 65504 examples was 0",
        "loss = xp.sum(self.dist_hinge) / N",
        "loss = wide_scalar(xp.sum(self.dist_hinge)) / N",
    ),
    Repair(
        "chainer.functions.loss.triplet",
        "in float16 the mean of more than 65504 examples was 0 (imports)",
        "from chainer.utils import type_check\n",
        "from chainer.utils import type_check\n"
        "from chainer.utils.array import wide_scalar\n",
    ),
    Repair(
        "chainer.functions.loss.softmax_cross_entropy",
        "losses and gradients went through float64, which is slower and rounds otherwise",
        "                count = t_valid.sum()\n            else:\n                count = len(x)\n"
        "            self._coeff = 1.0 / max(count, 1)\n",
        "                count = int(t_valid.sum())\n            else:\n"
        "                count = len(x)\n"
        "            self._coeff = 1.0 / max(count, 1)\n",
    ),
    Repair(
        "chainer.functions.loss.softmax_cross_entropy",
        "the same, in the gradient",
        """\
        if self.coeff is not None:
            gx *= gloss * self.coeff
        else:
            gx *= gloss[:, None]
        return gx,

    def forward_gpu(self, inputs_and_grad_outputs):
""",
        """\
        if self.coeff is not None:
            gx *= scalar_beside(wide_scalar(gloss) * self.coeff, gx)
        else:
            gx *= gloss[:, None]
        return gx,

    def forward_gpu(self, inputs_and_grad_outputs):
""",
    ),
    Repair(
        "chainer.functions.loss.softmax_cross_entropy",
        "the same (imports)",
        "from chainer.utils import type_check\n",
        "from chainer.utils import type_check\n"
        "from chainer.utils.array import scalar_beside\n"
        "from chainer.utils.array import wide_scalar\n",
    ),
    *[
        Repair(
            "chainer.functions.pooling." + module,
            "corners of regions were rounded to the type of the images, so in float16 (and at "
            "times in float32) other pixels belonged to a region",
            names + " = bottom_rois[i_roi]\n",
            names + " = bottom_rois[i_roi].astype(\n                numpy.float64)\n",
            times,
        )
        for module, names, times in [
            ("roi_pooling_2d", "idx, xmin, ymin, xmax, ymax", 2),
            ("roi_average_pooling_2d", "ymin, xmin, ymax, xmax", 2),
            ("roi_max_pooling_2d", "ymin, xmin, ymax, xmax", 1),
        ]
    ],
    *[
        Repair(
            "chainer.functions.pooling." + module,
            "regions and weights between pixels were computed in the type of the images, in "
            "float16 far off",
            """\
            roi_start_h = bottom_rois[n, 0] * spatial_scale
            roi_start_w = bottom_rois[n, 1] * spatial_scale
            roi_end_h = bottom_rois[n, 2] * spatial_scale
            roi_end_w = bottom_rois[n, 3] * spatial_scale
""",
            """\
            roi_start_h, roi_start_w, roi_end_h, roi_end_w = (
                bottom_rois[n].astype(numpy.float64) * spatial_scale)
""",
            2,
        )
        for module in ("roi_average_align_2d", "roi_max_align_2d")
    ],
]
