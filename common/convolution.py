"""Convolution and max pooling as layers, and the columns that make a convolution one product.

Images are (batch, channels, height, width). ("Deep Learning from Scratch", sections 7.2 to 7.4)
"""
import functools

from common.backend import get_array_module
from common.printing import Printable


def im2col(input_data, filter_h, filter_w, stride=1, pad=0):
    """Lay each window that a filter sees as a column; a matrix for each image.

    input_data: images (N, C, H, W). Returns (N, C * filter_h * filter_w,
    out_h * out_w). A column holds a window, channel after channel; the columns
    go from left to right, then from top to bottom. (The book lays windows as
    rows, those of all images in one matrix.)
    """
    if input_data.ndim != 4:
        raise ValueError("Images must be (N, C, H, W), but their shape is "
                         f"{input_data.shape}.")
    windows = _windows(_pad(input_data, pad), filter_h, filter_w, stride)
    N, C, _, _, out_h, out_w = windows.shape
    return windows.reshape(N, C * filter_h * filter_w, out_h * out_w)


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    """Put the columns of im2col back, and add where windows overlap.

    col: (N, C * filter_h * filter_w, out_h * out_w).
    input_shape: (N, C, H, W) of the images. Returns images of that shape.
    """
    N, C, H, W = input_shape
    out_h, out_w = _out_size(H, W, filter_h, filter_w, stride, pad)
    if col.shape != (N, C * filter_h * filter_w, out_h * out_w):
        raise ValueError("col must be "
                         f"{(N, C * filter_h * filter_w, out_h * out_w)}, "
                         f"but its shape is {col.shape}.")
    images = get_array_module(col).zeros(
        (N, C, H + 2 * pad, W + 2 * pad), col.dtype)
    places = _windows(images, filter_h, filter_w, stride)
    col = col.reshape(N, C, filter_h, filter_w, out_h, out_w)
    # Windows overlap, but the same corner of all windows does not.
    for i in range(filter_h):
        for j in range(filter_w):
            places[:, :, i, j] += col[:, :, i, j]
    return _unpad(images, pad)


class Convolution(Printable):
    """Convolution: each filter slides over the images and gives one channel.

    W: filters (FN, C, FH, FW). b: (FN,). After backward, dW and db hold the
    gradients of both. input_gradient=False is for the first layer, whose
    images need no gradient: backward gives None.
    """

    def __init__(self, W, b, stride=1, pad=0, input_gradient=True):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.input_gradient = input_gradient
        self.dW = self.db = None
        self.x_shape = self.col = None  # what forward saw, for backward

    def forward(self, x):
        """x: (N, C, H, W). Returns (N, FN, out_h, out_w)."""
        FN, C, FH, FW = self.W.shape
        if x.ndim != 4 or x.shape[1] != C:
            raise ValueError("The convolution takes images of shape "
                             f"(N, {C}, H, W), but x has shape {x.shape}.")
        self.x_shape = x.shape
        out_h, out_w = _out_size(*x.shape[2:], FH, FW, self.stride, self.pad)
        # (FN, C*FH*FW) @ (N, C*FH*FW, out_h*out_w) -> (N, FN, out_h*out_w)
        self.col = im2col(x, FH, FW, self.stride, self.pad)
        out = self.W.reshape(FN, -1) @ self.col
        out += self.b[:, None]  # in place: a new array costs more than the sum
        return out.reshape(len(x), FN, out_h, out_w)

    def backward(self, dout):
        """dout: (N, FN, out_h, out_w). Returns (N, C, H, W)."""
        FN, C, FH, FW = self.W.shape
        N, _, out_h, out_w = dout.shape
        dout = dout.reshape(N, FN, out_h * out_w)
        self.db = dout.sum(axis=(0, 2))
        dW = (dout @ self.col.transpose(0, 2, 1)).sum(axis=0)
        self.dW = dW.reshape(self.W.shape)
        if not self.input_gradient:
            return None
        dcol = self.W.reshape(FN, -1).T @ dout
        return col2im(dcol, self.x_shape, FH, FW, self.stride, self.pad)


class Pooling(Printable):
    """Max pooling: the largest number of each window.

    stride: from one window to the next, pool_h and pool_w being its size. Padding never wins.
    """

    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w = pool_h, pool_w
        self.stride, self.pad = stride, pad
        self.x = self.out = None  # what forward saw and gave, for backward

    def forward(self, x):
        """x: (N, C, H, W). Returns (N, C, out_h, out_w)."""
        if x.ndim != 4:
            raise ValueError(f"Pooling takes images of shape (N, C, H, W), not {x.shape}.")
        xp = get_array_module(x)
        if x.dtype.kind != "f" and self.pad:
            x = x.astype(float)  # integers have no -inf
        self.x = _pad(x, self.pad, value=-xp.inf)
        # windows[:, :, i, j] is a picture of the numbers in row i and column j of all windows.
        windows = _windows(self.x, self.pool_h, self.pool_w, self.stride)
        self.out = functools.reduce(xp.maximum, [windows[:, :, i, j] for i, j in self._places()])
        return self.out

    def backward(self, dout):
        """dout: (N, C, out_h, out_w). Returns (N, C, H, W).

        The gradient goes to the first of the largest numbers of a window.
        """
        xp = get_array_module(dout)
        windows = _windows(self.x, self.pool_h, self.pool_w, self.stride)
        dx = xp.zeros(self.x.shape, dout.dtype)
        dx_windows = _windows(dx, self.pool_h, self.pool_w, self.stride)
        overlap = self.stride < max(self.pool_h, self.pool_w)
        free = xp.ones(dout.shape, bool)  # windows whose largest number was not met yet
        for i, j in self._places():
            won = (windows[:, :, i, j] == self.out) & free
            free ^= won
            if overlap:
                dx_windows[:, :, i, j] += dout * won
            else:  # each number lies in one window: write, which is faster than to add
                xp.multiply(dout, won, out=dx_windows[:, :, i, j])
        return _unpad(dx, self.pad)

    def _places(self):
        return [(i, j) for i in range(self.pool_h) for j in range(self.pool_w)]


def _out_size(H, W, filter_h, filter_w, stride, pad=0):
    """Return how often a filter fits in, downwards and across."""
    if stride < 1 or pad < 0:
        raise ValueError(f"stride must be 1 or more and pad 0 or more, not {stride} and {pad}.")
    if H + 2 * pad < filter_h or W + 2 * pad < filter_w:
        raise ValueError(f"The filter of {filter_h}×{filter_w} does not fit into an image of "
                         f"{H}×{W} with a padding of {pad}.")
    return (H + 2 * pad - filter_h) // stride + 1, (W + 2 * pad - filter_w) // stride + 1


def _windows(x, filter_h, filter_w, stride):
    """Return a view (N, C, filter_h, filter_w, out_h, out_w): no number is copied."""
    N, C, H, W = x.shape
    out_h, out_w = _out_size(H, W, filter_h, filter_w, stride)
    n, c, h, w = x.strides
    return get_array_module(x).lib.stride_tricks.as_strided(
        x, (N, C, filter_h, filter_w, out_h, out_w), (n, c, h, w, h * stride, w * stride))


def _pad(x, pad, value=0):
    if pad == 0:
        return x
    return get_array_module(x).pad(
        x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], constant_values=value)


def _unpad(x, pad):
    return x if pad == 0 else x[:, :, pad:-pad, pad:-pad]
