"""Speed on the CPU: the same numbers but for rounding, in less time and memory."""

from repair import Repair

SPEED = [
    Repair(
        "chainer.utils.conv",
        "what the repairs below share: patches as a view, not a copy, and images a few at a time",
        "def col2im_cpu(",
        """\
def _windows_of(img, spans, outs, stride, dilate):
    # A view (n, c, k_1, ..., k_N, out_1, ..., out_N) of padded images.
    ndim = len(spans)
    view = numpy.lib.stride_tricks.sliding_window_view(
        img, spans, tuple(range(2, ndim + 2)))
    steps = [slice(0, s * out, s) for s, out in zip(stride, outs)]
    steps += [slice(None, None, d) for d in dilate]
    view = view[(slice(None), slice(None), *steps)]
    return numpy.moveaxis(view, range(2, ndim + 2), range(-ndim, 0))


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
    size = c * numpy.prod(ksize, dtype=int) * numpy.prod(outs, dtype=int)
    few = images or max(1, 2 ** 18 // max(1, size))
    padded = img
    if numpy.any(pads):
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


def convolve_cpu(x, W, stride, pad, cover_all=False, dilate=None):
    outs = [get_conv_outsize(size, k, s, p, cover_all, d) for size, k, s, p, d
            in zip(x.shape[2:], W.shape[2:], stride, pad, dilate)]
    y = numpy.empty((len(x), len(W), *outs), x.dtype)
    dtype = numpy.result_type(x, W, numpy.float32)
    W_mat = W.reshape(len(W), -1).astype(dtype, copy=False)
    for few, windows in windows_cpu(
            x, W.shape[2:], stride, pad, cover_all=cover_all, dilate=dilate):
        col = windows.transpose(1, 2, 3, 0, 4, 5).reshape(W_mat.shape[1], -1)
        y_few = W_mat.dot(col.astype(dtype, copy=False))
        y[few] = y_few.reshape(len(W), -1, *outs).swapaxes(0, 1)
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
        y = conv.convolve_cpu(
            x, W, (self.sy, self.sx), (self.ph, self.pw),
            self.cover_all, (self.dy, self.dx))
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
        dtype = numpy.result_type(x, gy, numpy.float32)
        gW = numpy.zeros(
            (self.W_shape[0], numpy.prod(self.W_shape[1:], dtype=int)), dtype)
        for few, windows in conv.windows_cpu(
                x, (self.kh, self.kw), (self.sy, self.sx), (self.ph, self.pw),
                cover_all=self.cover_all, dilate=(self.dy, self.dx)):
            col = windows.transpose(1, 2, 3, 0, 4, 5).reshape(gW.shape[1], -1)
            gy_few = gy[few].swapaxes(0, 1).reshape(len(gW), -1)
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
        reach = [d * (k - 1) for d, k in zip((self.dy, self.dx), W.shape[2:])]
        pads = [r - p for r, p in zip(reach, (self.ph, self.pw))]
        if (self.sy == self.sx == 1 and min(pads) >= 0
                and self.outh == h + 2 * pads[0] - reach[0]
                and self.outw == w + 2 * pads[1] - reach[1]
                and len(W) <= 3 * W.shape[1]):
            # The same as a convolution with the filters turned round.
            y = conv.convolve_cpu(
                x, W[:, :, ::-1, ::-1].swapaxes(0, 1), (1, 1), pads,
                dilate=(self.dy, self.dx))
            if b is not None:
                y += b.reshape((1, b.size, 1, 1))
            return y,
        dtype = numpy.result_type(x, W, numpy.float32)
        y = numpy.empty((n, W.shape[1], self.outh, self.outw), x.dtype)
        W_T = W.reshape(len(W), -1).T.astype(dtype, copy=False)
        step = max(1, 2 ** 18 // max(1, len(W_T) * h * w))
        for few in [slice(i, i + step) for i in range(0, n, step)]:
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

        (_, windows), = conv.windows_cpu(
            x[0], ksize, stride, pad, pval=-float('inf'), cover_all=cover_all,
            images=max(1, len(x[0])))
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
