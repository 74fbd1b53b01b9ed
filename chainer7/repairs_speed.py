"""Speed on the CPU: the same numbers but for rounding, in less time and memory."""

from repair import Repair

SPEED = [
    Repair(
        "chainer.utils.conv",
        "an import of what follows",
        "import numpy\n",
        "import math\n\nimport numpy\n",
    ),
    Repair(
        "chainer.utils.conv",
        "what the repairs below share: patches as a view, not a copy, and images a few at a time",
        "def col2im_cpu(",
        """\
def _windows_of(img, spans, outs, stride, dilate):
    # A view (n, c, k_1, ..., k_N, out_1, ..., out_N) of padded images.
    steps = img.strides[2:]
    return numpy.lib.stride_tricks.as_strided(
        img,
        img.shape[:2] + tuple((span - 1) // d + 1 for span, d in zip(spans, dilate))
        + tuple(outs),
        img.strides[:2] + tuple(s * d for s, d in zip(steps, dilate))
        + tuple(s * t for s, t in zip(steps, stride)))


def windows_cpu(img, ksize, stride, pad, pval=0, cover_all=False, dilate=None,
                images=None):
    # Yields slices of images, and for each a view of its windows, which is
    # (n, c, k_1, ..., k_N, out_1, ..., out_N). As many images at a time as are
    # asked for; else a few, so that a copy of their windows stays in the
    # processor's cache: all at once are slow and take much memory.
    dilate = dilate or (1,) * len(ksize)
    dims = img.shape[2:]
    spans = [(k - 1) * d + 1 for k, d in zip(ksize, dilate)]
    outs = [get_conv_outsize(*each, cover_all=cover_all)
            for each in zip(dims, spans, stride, pad)]
    assert all(out > 0 for out in outs), 'Output sizes should be positive.'
    pads = [(p, max(0, s * (out - 1) + span - size - p))
            for size, span, s, p, out in zip(dims, spans, stride, pad, outs)]
    n, c = img.shape[:2]
    size = c * math.prod(ksize) * math.prod(outs)
    few = images or max(1, 2 ** 18 // max(1, size))
    padded = img
    if any(map(any, pads)):
        ends = [p + size + q for size, (p, q) in zip(dims, pads)]
        padded = numpy.full((min(n, few), c, *ends), pval, img.dtype)
        inner = tuple(slice(p, p + size) for size, (p, _) in zip(dims, pads))
    view = _windows_of(padded, spans, outs, stride, dilate)
    for i in range(0, n, few):
        part = img[i:i + few]
        if padded is img:
            yield slice(i, i + few), view[i:i + few]
        else:
            padded[(slice(len(part)), slice(None)) + inner] = part
            yield slice(i, i + few), view[:len(part)]


def _reach(size, start, step, count):
    # Which of `count` places start, start + step, ... lie on an axis: a slice
    # of the places, and the slice of the axis.
    first = min(count, max(0, -(start // step)))
    end = max(first, min(count, -((start - size) // step)))
    return (slice(first, end),
            slice(start + first * step, start + end * step, step))


def strips_cpu(x, rows, height, sy, columns, width, sx, dtype):
    # Yields slices of images, the order of axes in what follows, and a matrix
    # for each of `rows`. It has a row for each (column, channel) and a column
    # for each (y, image, x) or, of small images, (y, x, image). It holds the
    # pixel of the channel at row + y * sy, column + x * sx, or 0 outside of the
    # image. A few images at a time, so that all this stays in the processor's
    # cache. The columns of a matrix from some y to another are one piece: what
    # a row of filters meets is a view of it, and no product needs a copy of all
    # patches.
    n, c, h, w = x.shape
    few = max(1, 2 ** 17 // max(1, len(rows) * len(columns) * c * height * width))
    small = few >= 8  # then pieces of a line are short, and images come last
    at_y = [_reach(h, row, sy, height) for row in rows]
    at_x = [_reach(w, column, sx, width) for column in columns]
    z = None
    for i in range(0, n, few):
        part = x[i:i + few].transpose(1, 2, 0, 3)
        m = part.shape[2]
        if z is None or pixels.shape[4] != m:
            z = numpy.zeros(
                (len(rows), len(columns) * c, height * m * width), dtype)
            shape = (len(rows), len(columns), c, height)
            if small:
                pixels = z.reshape(*shape, width, m).swapaxes(4, 5)
                # Every sx-th column of the images, side by side.
                turned = numpy.empty((sx, c, h, -(-w // sx), m), dtype)
                turned = turned.swapaxes(3, 4)
            else:
                pixels = z.reshape(*shape, m, width)
        if small:
            for s in range(min(sx, w)):
                every = part[..., s::sx]
                turned[s, ..., :every.shape[3]] = every
        for r, (to_y, y) in enumerate(at_y):
            for k, (to_x, x_) in enumerate(at_x):
                if x_.start == x_.stop:
                    continue
                if small:
                    source = turned[x_.start % sx][
                        :, y, :, x_.start // sx:x_.stop // sx]
                else:
                    source = part[:, y, :, x_]
                pixels[r, k][:, to_y, :, to_x] = source
        yield slice(i, i + m), (2, 3, 0) if small else (2, 0, 3), z


def _filter_strips(x, ksize, outs, stride, pad, dilate, dtype):
    # Yields slices of images, the order of axes, and for each row of the
    # filters a matrix with what it meets: (columns of the filters, c) by places.
    (kh, kw), (oh, ow), (sy, sx), (ph, pw), (dy, dx) = (
        ksize, outs, stride, pad, dilate)
    rows = sorted({k * dy % sy for k in range(kh)})
    places = [(rows.index(k * dy % sy), k * dy // sy) for k in range(kh)]
    for few, axes, z in strips_cpu(
            x, [row - ph for row in rows], oh + places[-1][1], sy,
            [k * dx - pw for k in range(kw)], ow, sx, dtype):
        line = (few.stop - few.start) * ow
        yield few, axes, [z[r, :, y * line:(y + oh) * line] for r, y in places]


def _sum_of_products(pairs, y, axes, b):
    # Writes into y, (n, c, out_1, out_2) or a view of such images, the sum of
    # products of matrices, whose result is c by places in that order, and of b.
    n, c = y.shape[:2]
    at_once = n == 1 and y.flags.c_contiguous and y.dtype == pairs[0][0].dtype
    (W, z), *others = pairs
    total = numpy.matmul(W, z, out=y.reshape(c, -1) if at_once else None)
    if others:
        more = numpy.empty_like(total)
    for W, z in others:
        total += numpy.matmul(W, z, out=more)
    if b is not None:
        total += b[:, None]
    if not at_once:
        turned = y.transpose(1, *axes)
        turned[...] = total.reshape(turned.shape)


def convolve_cpu(x, W, b, stride, pad, cover_all, dilate):
    ksize = W.shape[2:]
    outs = [get_conv_outsize(size, k, s, p, cover_all, d) for size, k, s, p, d
            in zip(x.shape[2:], ksize, stride, pad, dilate)]
    assert all(out > 0 for out in outs), 'Output sizes should be positive.'
    y = numpy.empty((len(x), len(W), *outs), x.dtype)
    dtype = numpy.result_type(x, W, numpy.float32)
    if W.shape[1] * ksize[1] < 32:  # few channels: no patches to speak of
        W_mat = W.reshape(len(W), -1).astype(dtype, copy=False)
        for few, windows in windows_cpu(
                x, ksize, stride, pad, cover_all=cover_all, dilate=dilate):
            col = windows.reshape(len(windows), W_mat.shape[1], -1)
            y_few = numpy.matmul(W_mat, col.astype(dtype, copy=False))
            if b is not None:
                y_few += b[:, None]
            y[few] = y_few.reshape(-1, len(W), *outs)
        return y
    W_mats = W.transpose(2, 0, 3, 1).reshape(ksize[0], len(W), -1)
    W_mats = W_mats.astype(dtype, copy=False)
    for few, axes, strips in _filter_strips(
            x, ksize, outs, stride, pad, dilate, dtype):
        _sum_of_products(list(zip(W_mats, strips)), y[few], axes, b)
    return y


def convolution_gW_cpu(x, gy, W_shape, stride, pad, cover_all, dilate):
    out_c, c, kh, kw = W_shape
    dtype = numpy.result_type(x, gy, numpy.float32)
    if c * kw < 32:
        gW = numpy.zeros((c * kh * kw, out_c), dtype)
        for few, windows in windows_cpu(
                x, (kh, kw), stride, pad, cover_all=cover_all, dilate=dilate):
            col = windows.reshape(len(windows), len(gW), -1)
            gy_few = gy[few].reshape(len(windows), out_c, -1).swapaxes(1, 2)
            gW += numpy.matmul(
                col.astype(dtype, copy=False),
                gy_few.astype(dtype, copy=False)).sum(axis=0)
        return gW.T.reshape(W_shape)
    gW = numpy.zeros((kh, kw * c, out_c), dtype)
    more = numpy.empty_like(gW[0])
    for few, axes, strips in _filter_strips(
            x, (kh, kw), gy.shape[2:], stride, pad, dilate, dtype):
        gy_few = gy[few].transpose(*axes, 1).reshape(-1, out_c)
        gy_few = gy_few.astype(dtype, copy=False)
        for gW_row, strip in zip(gW, strips):
            gW_row += numpy.matmul(strip, gy_few, out=more)
    return gW.reshape(kh, kw, c, out_c).transpose(3, 2, 0, 1)


def _phases(k, stride, pad, dilate):
    # A deconvolution with a stride is, for each of the first `stride` places of
    # its output, and every stride-th from there on, a convolution with some of
    # the filter's taps. Yields those of each phase, and where in the input the
    # first of their windows begin, in ascending order.
    for first in range(stride):
        taps = [(first + pad - i * dilate, i) for i in range(k)]
        yield sorted((at // stride, i) for at, i in taps if at % stride == 0)


def deconvolve_cpu(x, W, b, stride, pad, outs, dilate):
    c, out_c, kh, kw = W.shape
    (sy, sx), (oh, ow) = stride, outs
    dtype = numpy.result_type(x, W, numpy.float32)
    phases_y, phases_x = (
        list(_phases(*each)) for each in zip((kh, kw), stride, pad, dilate))
    y = numpy.empty((len(x), out_c, oh, ow), x.dtype)
    if not all(phases_y + phases_x):  # some places that no tap reaches
        y[...] = 0 if b is None else b[:, None, None]
    top = min(at for phase in phases_y for at, _ in phase)
    height = max(at + len(range(first, oh, sy)) for first, phase
                 in enumerate(phases_y) for at, _ in phase) - top
    for px, phase_x in enumerate(phases_x[:ow]):
        if not phase_x:
            continue
        starts, taps_x = zip(*phase_x)
        W_mats = W[:, :, :, taps_x].transpose(2, 1, 3, 0).reshape(kh, out_c, -1)
        W_mats = W_mats.astype(dtype, copy=False)
        width = len(range(px, ow, sx))
        for few, axes, (z,) in strips_cpu(
                x, [top], height, 1, starts, width, 1, dtype):
            line = (few.stop - few.start) * width
            for py, phase_y in enumerate(phases_y[:oh]):
                if not phase_y:
                    continue
                lines = len(range(py, oh, sy))
                _sum_of_products(
                    [(W_mats[i], z[:, (at - top) * line:(at - top + lines) * line])
                     for at, i in phase_y],
                    y[few][:, :, py::sy, px::sx], axes, b)
    return y


def deconvolve_by_columns_cpu(x, W, b, stride, pad, outs, dilate):
    (n, _, h, w), dtype = x.shape, numpy.result_type(x, W, numpy.float32)
    y = numpy.empty((n, W.shape[1], *outs), x.dtype)
    W_T = W.reshape(len(W), -1).T.astype(dtype, copy=False)
    step = max(1, 2 ** 18 // max(1, len(W_T) * h * w))
    for few in [slice(i, i + step) for i in range(0, n, step)]:
        x_few = x[few].swapaxes(0, 1).reshape(len(W), -1)
        gcol = W_T.dot(x_few.astype(dtype, copy=False)).astype(
            x.dtype, copy=False)
        y[few] = col2im_cpu(
            gcol.reshape(W.shape[1:] + (-1, h, w)).transpose(3, 0, 1, 2, 4, 5),
            *stride, *pad, *outs, *dilate)
        if b is not None:
            y[few] += b[:, None, None]
    return y


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
        return conv.convolve_cpu(
            x, W, b, (self.sy, self.sx), (self.ph, self.pw),
            self.cover_all, (self.dy, self.dx)),
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
        gW = conv.convolution_gW_cpu(
            x, gy, self.W_shape, (self.sy, self.sx), (self.ph, self.pw),
            self.cover_all, (self.dy, self.dx))
        return numpy.ascontiguousarray(gW, self.W_dtype),

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
        # b, k, h, w
        if b is not None:
            y += b.reshape((1, b.size, 1, 1))
        return y,
""",
        """\
        deconvolve = (
            conv.deconvolve_cpu if len(W) <= 3 * W.shape[1]
            else conv.deconvolve_by_columns_cpu)
        return deconvolve(
            x, W, b, (self.sy, self.sx), (self.ph, self.pw),
            (self.outh, self.outw), (self.dy, self.dx)),
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

        outs = tuple(
            conv_nd.get_conv_outsize(d, k, s, p, cover_all)
            for (d, k, s, p) in zip(in_shape[2:], ksize, stride, pad))
        y = numpy.empty(in_shape[:2] + outs, in_dtype)
        indexes = numpy.empty(y.shape, numpy.intp)
        small = numpy.min_scalar_type(functools.reduce(mul, ksize))
        for few, windows in conv.windows_cpu(
                x[0], ksize, stride, pad, pval=-float('inf'), cover_all=cover_all):
            largest = y[few]
            first = numpy.zeros(largest.shape, small)
            for i, place in enumerate(itertools.product(*map(range, ksize))):
                window = windows[(slice(None),) * 2 + place]
                if i == 0:
                    largest[...] = window
                else:
                    larger = numpy.multiply(window > largest, i, dtype=small)
                    numpy.maximum(first, larger, out=first)
                    numpy.maximum(largest, window, out=largest)
            if numpy.isnan(largest.max()):
                break
            indexes[few] = first
        else:
            self._in_shape = in_shape
            self._in_dtype = in_dtype
            self.indexes = indexes
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
            small = numpy.min_scalar_type(prod_ksize)
            step = max(1, 2 ** 18 // max(1, c * prod_outs * prod_ksize))
            for few in [slice(i, i + step) for i in range(0, n, step)]:
                first = indexes[few].astype(small)
                for i, place in enumerate(
                        itertools.product(*map(range, ksize))):
                    places = tuple(map(slice, place, ends, stride))
                    numpy.multiply(gy[0][few], first == i,
                                   out=gx[(few, slice(None)) + places])
            return gx[(slice(None),) * 2 + tuple(map(slice, dims))],

        gcol = """,
    ),
    Repair(
        "chainer.functions.activation.leaky_relu",
        "a mask as an index picks the negative places out of the array and puts them back",
        """\
        y = x.copy()
        y[x <= 0] *= self.slope
""",
        """\
        if 0 < self.slope <= 1:
            y = numpy.multiply(x, self.slope, out=numpy.empty_like(x))
            numpy.maximum(x, y, out=y)
        else:
            y = _times_slope(x, x <= 0, self.slope)
""",
    ),
    Repair(
        "chainer.functions.activation.leaky_relu",
        "the same in the gradient",
        """\
        gy = gy.copy()
        gy[self.cond <= 0] *= self.slope
        return gy,
""",
        """\
        return _times_slope(gy, self.cond <= 0, self.slope),
""",
    ),
    Repair(
        "chainer.functions.activation.leaky_relu",
        "what both share",
        """\
from chainer.backends import cuda
from chainer.backends import intel64
from chainer import function_node
from chainer.utils import type_check


_kern = None
""",
        """\
import numpy

from chainer.backends import cuda
from chainer.backends import intel64
from chainer import function_node
from chainer.utils import type_check


_kern = None


def _times_slope(x, negative, slope):
    # x times slope where negative, else x times 1.
    y = numpy.multiply(
        negative, slope, out=numpy.empty_like(x), casting='unsafe')
    y += numpy.logical_not(negative)
    y *= x
    return y
""",
    ),
    Repair(
        "chainer.functions.normalization.batch_normalization",
        "NumPy's mean over the axes around a middle one is slow, and its var computes the mean "
        "once more",
        """\
        mean = x.mean(axis=axis, dtype=interm_dtype)
        var = x.var(axis=axis, dtype=interm_dtype)
        return mean, var
""",
        """\
        if xp is numpy and x.dtype == interm_dtype and x.dtype.char in 'fd':
            count = x.dtype.type(x.size // gamma.size)  # NumPy 1 widens by an int
            mean = _sum(axis, x) / count
            x_mu = x - numpy.expand_dims(mean, axis)
            return mean, _sum(axis, x_mu, x_mu) / count
        mean = x.mean(axis=axis, dtype=interm_dtype)
        var = x.var(axis=axis, dtype=interm_dtype)
        return mean, var
""",
    ),
    Repair(
        "chainer.functions.normalization.batch_normalization",
        "the same for the gradients of gamma and beta, without an array for the product",
        """\
        gbeta = gy.sum(axis=axis, dtype=gamma.dtype)
        ggamma = (gy * x_hat).sum(axis=axis, dtype=gamma.dtype)

        return gbeta, ggamma
""",
        """\
        if (xp is numpy and gy.dtype == x_hat.dtype == gamma.dtype
                and gy.dtype.char in 'fd'):
            return _sum(axis, gy), _sum(axis, gy, x_hat)
        gbeta = gy.sum(axis=axis, dtype=gamma.dtype)
        ggamma = (gy * x_hat).sum(axis=axis, dtype=gamma.dtype)

        return gbeta, ggamma
""",
    ),
    Repair(
        "chainer.functions.normalization.batch_normalization",
        "the helper of both",
        """\
class _BatchNormalizationImpl:
""",
        """\
def _sum(axis, *arrays):
    # The sum of an array, or of the products of two, over some axes.
    axes = list(range(arrays[0].ndim))
    operands = [each for array in arrays for each in (array, axes)]
    return numpy.einsum(*operands, [i for i in axes if i not in axis])


class _BatchNormalizationImpl:
""",
    ),
    Repair(
        "chainer.functions.normalization.batch_normalization",
        "five arrays of the images' size for one gradient; they take turns in one",
        """\
            gx = (gamma * inv_std)[expander] * (
                gy - (x_hat * ggamma[expander] + gbeta[expander]) * inv_m)
            gx = gx.astype(dtype=x.dtype, copy=False)
""",
        """\
            gx = x_hat
            gx *= (ggamma * inv_m)[expander]
            gx += (gbeta * inv_m)[expander]
            numpy.subtract(gy, gx, out=gx)
            gx *= (gamma * inv_std)[expander]
            gx = gx.astype(dtype=x.dtype, copy=False)
""",
    ),
    Repair(
        "chainer.functions.normalization.batch_normalization",
        "the result was made in a third array, and copied into a fourth",
        """\
        y = x_hat * gamma
        y += beta
        y = y.astype(x.dtype)
""",
        """\
        y = numpy.multiply(
            x_hat, gamma, out=x_hat if x_hat.dtype == gamma.dtype else None)
        y += beta
        y = y.astype(x.dtype, copy=False)
""",
    ),
    Repair(
        "chainer.__init__",
        "every function asks six times or more whether its arrays are of one kind; NumPy's are",
        """\
    if not arrays:
        return True

    # If there's""",
        """\
    if all([type(a) is numpy.ndarray for a in arrays]):
        return True  # also if there are none

    # If there's""",
    ),
    Repair(
        "chainer.backend",
        "the same for the device where they are",
        """\
    for array in arrays:
        device = GpuDevice.from_array(array)
""",
        """\
    if all([type(array) is numpy.ndarray for array in arrays]):
        return CpuDevice()
    for array in arrays:
        device = GpuDevice.from_array(array)
""",
    ),
]
