"""The repairs of chainer7 for speed: right as before, and without copies of all patches.

No test measures time. What made Chainer slow was memory: so the tests that fail without a repair
look at the memory that a function takes.
"""

import itertools
import tracemalloc

import chainer
import chainer.functions as F
import numpy as np
import pytest
from chainer import gradient_check

RTOL = {"float16": 4e-3, "float32": 1e-5, "float64": 1e-12}


def random(*shape, dtype="float32"):
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)


def naive_convolution(x, W, gy, stride, pad, dilate):
    """Return y, the gradient of x and that of W, patch by patch; gy gives the size of y."""
    x, W, gy = (array.astype("float64") for array in (x, W, gy))
    kh, kw = W.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0)] + [(p, p + s) for p, s in zip(pad, stride)])
    y, gx, gW = np.zeros_like(gy), np.zeros_like(padded), np.zeros_like(W)
    for i, j in np.ndindex(gy.shape[2:]):
        rows, columns = (np.arange(k) * d + at * s
                         for k, d, at, s in zip((kh, kw), dilate, (i, j), stride))
        patch = np.ix_(range(len(x)), range(x.shape[1]), rows, columns)
        y[:, :, i, j] = np.tensordot(padded[patch], W, ((1, 2, 3), (1, 2, 3)))
        gx[patch] += np.tensordot(gy[:, :, i, j], W, (1, 0))
        gW += np.tensordot(gy[:, :, i, j], padded[patch], (0, 0))
    top, left = pad
    return y, gx[:, :, top:top + x.shape[2], left:left + x.shape[3]], gW


@pytest.mark.parametrize("dtype", RTOL)
@pytest.mark.parametrize("shape, filters, stride, pad, dilate, cover_all", [
    ((3, 2, 7, 6), (4, 2, 3, 2), (1, 1), (0, 0), (1, 1), False),
    ((1, 2, 7, 6), (4, 2, 3, 2), (2, 3), (1, 2), (1, 1), False),
    ((3, 2, 7, 6), (4, 2, 3, 2), (2, 3), (1, 0), (1, 1), True),
    ((3, 2, 9, 8), (1, 2, 3, 3), (2, 1), (1, 2), (2, 3), False),
    ((5, 1, 1, 1), (4, 1, 1, 1), (1, 1), (0, 0), (1, 1), False),
    ((4, 12, 34, 30), (3, 12, 5, 5), (1, 1), (2, 2), (1, 1), False),  # an image at a time
    ((0, 2, 7, 6), (4, 2, 3, 2), (1, 1), (0, 0), (1, 1), False),
    # many channels: strips, of a few images with the columns or with the images last
    ((1, 12, 34, 30), (3, 12, 5, 5), (1, 1), (2, 2), (1, 1), False),
    ((6, 12, 34, 30), (3, 12, 5, 5), (2, 3), (2, 1), (1, 1), False),
    ((10, 12, 7, 6), (5, 12, 3, 3), (2, 3), (1, 2), (1, 1), False),
    ((10, 12, 9, 8), (5, 12, 3, 3), (2, 1), (1, 2), (2, 3), False),
    ((3, 12, 9, 8), (5, 12, 3, 3), (3, 2), (1, 2), (2, 2), True),
    ((10, 16, 7, 6), (6, 16, 2, 2), (3, 4), (1, 0), (1, 1), True),  # pixels without a patch
    ((3, 12, 3, 3), (40, 12, 3, 3), (1, 1), (3, 3), (1, 1), False),
    ((0, 12, 7, 6), (4, 12, 3, 3), (1, 1), (0, 0), (1, 1), False),
])
def test_convolution_is_what_it_was(dtype, shape, filters, stride, pad, dilate, cover_all):
    x = chainer.Variable(random(*shape, dtype=dtype))
    W = chainer.Variable(random(*filters, dtype=dtype) / np.prod(filters[1:], dtype=dtype))
    b = chainer.Variable(random(filters[0], dtype=dtype))
    y = F.convolution_2d(x, W, b, stride, pad, cover_all, dilate=dilate)
    gy = y.grad = random(*y.shape, dtype=dtype)
    y.backward()
    results = naive_convolution(x.array, W.array, gy, stride, pad, dilate)
    for ours, naive in zip((y.array - b.array[:, None, None], x.grad, W.grad), results):
        assert ours.dtype == dtype and ours.flags.c_contiguous
        size = abs(naive).max(initial=0)
        np.testing.assert_allclose(ours, naive, rtol=0, atol=RTOL[dtype] * max(size, 1))


def test_convolution_mixes_types_as_before():
    x, W = random(2, 3, 5, 5, dtype="float16"), random(4, 3, 3, 3) / 10
    y = F.convolution_2d(x, W)
    expected, _, _ = naive_convolution(x, W, y.array, (1, 1), (0, 0), (1, 1))
    assert y.dtype == "float16"
    np.testing.assert_allclose(y.array, expected, atol=4e-3)


def test_an_image_that_is_too_small_is_refused():
    with pytest.raises(AssertionError, match="should be positive"):
        F.convolution_2d(random(1, 1, 2, 2), random(1, 1, 3, 3))


@pytest.fixture
def peak():
    """A function that returns the most memory that a call took, as a share of some array's."""
    def measure(call, array):
        tracemalloc.start()
        try:
            call()
            return tracemalloc.get_traced_memory()[1] / array.nbytes
        finally:
            tracemalloc.stop()
    return measure


def test_convolution_does_not_copy_all_patches(peak):
    x, W, b = random(64, 16, 28, 28), random(16, 16, 5, 5), random(16)
    assert peak(lambda: F.convolution_2d(x, W, b, pad=2), x) < 6  # all columns are 25 times x


def test_the_gradient_of_the_filters_does_not_copy_all_patches(peak):
    x, W = random(64, 16, 28, 28), chainer.Variable(random(16, 16, 5, 5))
    y = F.convolution_2d(x, W, pad=2)
    y.grad = y.array
    assert peak(y.backward, x) < 6


def test_the_gradient_of_the_images_does_not_hold_all_patches(peak):
    x, W = chainer.Variable(random(64, 16, 28, 28)), random(16, 16, 5, 5)
    y = F.convolution_2d(x, W, pad=2)
    y.grad = y.array
    assert peak(y.backward, x.array) < 6


@pytest.mark.parametrize("pad, dilate", [(0, 1), (1, 1), (2, 2)])
def test_the_gradient_of_the_images_adds_no_patches_where_the_stride_is_1(
        monkeypatch, pad, dilate):
    monkeypatch.setattr(chainer.utils.conv, "col2im_cpu", forbidden)
    x, W = chainer.Variable(random(3, 4, 9, 8)), random(6, 4, 3, 2)
    y = F.convolution_2d(x, W, pad=pad, dilate=dilate)
    gy = y.grad = random(*y.shape)
    y.backward()
    _, expected, _ = naive_convolution(
        x.array, W, gy, (1, 1), (pad, pad), (dilate, dilate))
    np.testing.assert_allclose(x.grad, expected, atol=1e-4)


def forbidden(*args, **options):
    raise AssertionError("this should not be called")


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("patches", ["windows_cpu", "im2col_cpu", "col2im_cpu"])
def test_many_channels_need_no_patches(monkeypatch, stride, patches):
    monkeypatch.setattr(chainer.utils.conv, patches, forbidden)
    x, W = chainer.Variable(random(9, 8, 9, 8)), chainer.Variable(random(6, 8, 4, 4) / 10)
    y = F.convolution_2d(x, W, stride=stride, pad=1)
    gy = y.grad = random(*y.shape)
    y.backward()
    results = naive_convolution(x.array, W.array, gy, (stride, stride), (1, 1), (1, 1))
    for ours, naive in zip((y.array, x.grad, W.grad), results):
        np.testing.assert_allclose(ours, naive, atol=1e-3)


@pytest.mark.parametrize("channels", [1, 40])  # by columns, or by phases
@pytest.mark.parametrize("k, stride, pad, outsize", [
    (4, 2, 1, None), (3, 2, 1, (10, 14)), (2, 3, 0, (14, 20)), (1, 2, 0, (10, 14))])
def test_deconvolution_is_the_gradient_of_convolution(channels, k, stride, pad, outsize):
    x, W, b = random(9, 4, 5, 7), random(4, channels, k, k), random(channels)
    y = F.deconvolution_2d(x, W, b, stride, pad, outsize).array
    _, expected, _ = naive_convolution(
        np.zeros_like(y), W, x, (stride, stride), (pad, pad), (1, 1))
    assert y.dtype == "float32" and y.flags.c_contiguous
    np.testing.assert_allclose(y, expected + b[:, None, None], atol=1e-4)


# --- max pooling ---


def naive_max_pooling(x, gy, size, stride):
    """Return y, the first places of the largest and the gradient of x, window by window."""
    y, places, gx = np.zeros_like(gy), np.zeros(gy.shape, int), np.zeros_like(x)
    for n, c, *at in np.ndindex(gy.shape):
        corner = tuple(slice(a * s, a * s + k) for a, s, k in zip(at, stride, size))
        window = np.full(size, -np.inf)
        there = x[n, c][corner]
        window[tuple(map(slice, there.shape))] = there
        place = window.argmax()
        y[n, c][tuple(at)], places[n, c][tuple(at)] = window.flat[place], place
        gx[n, c][corner][np.unravel_index(place, size)] += gy[n, c][tuple(at)]
    return y, places, gx


@pytest.mark.parametrize("dtype", RTOL)
@pytest.mark.parametrize("size, stride, cover_all", [
    ((2, 2), (2, 2), True),
    ((2, 2), (2, 2), False),
    ((2, 3), (3, 4), True),
    ((3, 2), (2, 1), True),
    ((17, 17), (17, 17), True),  # more places than a byte counts
    ((2, 2, 1), (2, 2, 2), True),
    ((3,), (3,), False),
])
def test_max_pooling_is_what_it_was(dtype, size, stride, cover_all):
    shape = [max(7, k) for k in size]
    array = np.round(random(3, 2, *shape, dtype=dtype))  # many are equal: the first one wins
    x = chainer.Variable(array)
    y, places = F.max_pooling_nd(x, size, stride, 0, cover_all, return_indices=True)
    gy = y.grad = random(*y.shape, dtype=dtype)
    y.backward()
    results = naive_max_pooling(array, gy, size, stride)
    for ours, naive in zip((y.array, places, x.grad), results):
        np.testing.assert_allclose(ours, naive, rtol=1e-2 if dtype == "float16" else 1e-6)
    assert (y.dtype, x.grad.dtype, places.dtype) == (dtype, dtype, np.intp)


def test_padding_never_wins():
    x = -1 - abs(random(2, 3, 4, 4))
    y, places = F.max_pooling_2d(x, 3, 2, 1, return_indices=True)
    assert y.array.max() <= -1 and np.isfinite(y.array).all()
    assert set(places[:, :, 0, 0].flat) <= {4, 5, 7, 8}


@pytest.mark.parametrize("first", range(4))
def test_nan_wins_as_in_argmax(first):
    x = np.array([3, 1, 2, 5], "f").reshape(1, 1, 2, 2)
    x[0, 0].flat[first:] = [np.nan, 7, np.nan, 1][: 4 - first]
    y, places = F.max_pooling_2d(x, 2, return_indices=True)
    assert np.isnan(y.array).all() and places.item() == first


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_gradient_that_is_not_finite_stays_where_it_is(value):
    x = chainer.Variable(np.arange(4, dtype="f").reshape(1, 1, 2, 2))
    y = F.max_pooling_2d(x, 2)
    y.grad = np.full((1, 1, 1, 1), value, "f")
    y.backward()
    np.testing.assert_array_equal(x.grad, [[[[0, 0], [0, value]]]])


def test_max_pooling_does_not_copy_all_windows(peak):
    x = random(256, 16, 28, 28)
    assert peak(lambda: F.max_pooling_2d(x, 2), x) < 0.8  # the result and where it is from: 0.75


def test_the_gradient_of_max_pooling_does_not_copy_all_windows(peak):
    x = chainer.Variable(random(64, 16, 28, 28))
    y = F.max_pooling_2d(x, 2)
    y.grad = y.array
    assert peak(y.backward, x.array) < 1.1


def test_nan_among_many_images():
    x = random(64, 16, 28, 28)
    x[40, 3, 5, 6] = np.nan
    y = F.max_pooling_2d(x, 2).array
    assert np.argwhere(np.isnan(y)).tolist() == [[40, 3, 2, 3]]
    np.testing.assert_array_equal(y[:40], F.max_pooling_2d(x[:40], 2).array)


@pytest.mark.parametrize("size, pad", list(itertools.product([2, 3], [0, 1])))
def test_gradients_are_the_numerical_ones(size, pad):
    def pool(x):
        return F.max_pooling_2d(x, size, 2, pad, cover_all=False)

    x = np.random.default_rng(0).permutation(50).reshape(1, 2, 5, 5) / 10.0
    gy = random(*pool(x).shape, dtype="float64")
    gradient_check.check_backward(pool, x, gy, dtype=np.float64)


# --- leaky ReLU ---


@pytest.mark.parametrize("dtype", RTOL)
@pytest.mark.parametrize("slope", [0.2, 0, 1, 3, -0.5])
def test_leaky_relu_is_what_it_was(dtype, slope):
    array = np.array([-np.inf, -2, -0.0, 0, 1.5, np.inf, np.nan, -3e-5, 3e-5], dtype)
    gy = np.array([1, -2, 3, -np.inf, np.nan, 6, np.inf, 2, 5], dtype)
    x = chainer.Variable(array)
    with np.errstate(invalid="ignore"):
        y = F.leaky_relu(x, slope)
        y.grad = gy
        y.backward()
        expected, expected_grad = array.copy(), gy.copy()
        expected[array <= 0] *= slope
        expected_grad[(y.array if slope >= 0 else array) <= 0] *= slope
    for ours, old in ((y.array, expected), (x.grad, expected_grad)):
        assert ours.dtype == dtype
        np.testing.assert_array_equal(ours, old)
        np.testing.assert_array_equal(np.signbit(ours), np.signbit(old))


def test_leaky_relu_of_a_number():
    x = chainer.Variable(np.array(-2, "f"))
    y = F.leaky_relu(x, 0.5)
    y.backward()
    assert (y.array, x.grad) == (-1, 0.5) and isinstance(x.grad, np.ndarray)


def test_leaky_relu_picks_nothing_out(peak):
    x = chainer.Variable(-abs(random(64, 16, 28, 28)))
    y = F.leaky_relu(x)
    y.grad = y.array
    assert peak(lambda: F.leaky_relu(x), x.array) < 1.2
    assert peak(y.backward, x.array) < 1.8


# --- batch normalization ---


@pytest.mark.parametrize("dtype", RTOL)
@pytest.mark.parametrize("shape, axis", [
    ((9, 5), (0,)), ((9, 5, 4, 3), (0, 2, 3)), ((9, 4, 3, 5), (0, 1, 2)), ((9, 5, 3), (0,))])
def test_batch_normalization_is_what_it_was(dtype, shape, axis):
    rest = tuple(size for i, size in enumerate(shape) if i not in axis)
    x, gy = random(*shape, 2, dtype=dtype).T.reshape(2, *shape)
    gamma, beta = random(2, *rest, dtype=dtype)
    variables = [chainer.Variable(array) for array in (x * 2 + 1, gamma, beta)]
    y = F.batch_normalization(*variables, axis=axis)
    y.grad = gy
    y.backward()
    x, gamma, beta, gy = (array.astype("d") for array in (x * 2 + 1, gamma, beta, gy))
    gamma, beta = (np.expand_dims(array, axis) for array in (gamma, beta))
    size = np.prod([shape[i] for i in axis])
    std = np.sqrt(x.var(axis, keepdims=True) + 2e-5)
    x_hat = (x - x.mean(axis, keepdims=True)) / std
    ggamma, gbeta = (each.sum(axis, keepdims=True) for each in (gy * x_hat, gy))
    gx = gamma / std * (gy - (x_hat * ggamma + gbeta) / size)
    tolerance = {"float16": 2e-2, "float32": 1e-5, "float64": 1e-13}[dtype]
    for ours, expected in [(y.array, x_hat * gamma + beta), (variables[0].grad, gx),
                           (variables[1].grad, ggamma), (variables[2].grad, gbeta)]:
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, expected.reshape(ours.shape), rtol=0,
                                   atol=tolerance * abs(expected).max())


def test_batch_normalization_keeps_no_intermediate_images(peak):
    x, gamma = chainer.Variable(random(64, 16, 28, 28)), random(16)
    y = F.batch_normalization(x, gamma, gamma)
    y.grad = random(*y.shape)
    assert peak(lambda: F.batch_normalization(x, gamma, gamma), x.array) < 1.5
    assert peak(y.backward, x.array) < 1.5


def test_batch_normalization_of_many_values_stays_in_their_type():
    x = chainer.Variable(np.ones((70_000, 2), np.float32))  # NumPy 1 counted them in float64
    y = F.batch_normalization(x, np.ones(2, "f"), np.zeros(2, "f"))
    y.grad = np.ones_like(y.array)
    y.backward()
    assert y.dtype == x.grad.dtype == np.float32


def test_batch_normalization_sums_in_one_pass(monkeypatch):
    from chainer.functions.normalization import batch_normalization as module

    sums = []
    monkeypatch.setattr(module, "_sum", lambda axis, *arrays: sums.append(
        len(arrays)) or np.einsum("ij,ij->j", arrays[0], arrays[-1]))
    x, gamma = chainer.Variable(random(9, 5)), random(5)
    F.sum(F.batch_normalization(x, gamma, gamma)).backward()
    assert sums == [1, 2, 1, 2]  # mean and variance, the gradients of beta and gamma


# --- what every function asks ---


def test_numpy_arrays_are_known_at_once(monkeypatch):
    array = np.zeros(2)
    monkeypatch.setattr(chainer.chainerx, "is_available", forbidden)
    monkeypatch.setattr(chainer.backend.GpuDevice, "from_array", forbidden)
    assert chainer.is_arrays_compatible((array, None)) and chainer.is_arrays_compatible(())
    device = chainer.backend.get_device_from_array(array, array)
    assert isinstance(device, chainer.backend.CpuDevice)


def test_what_is_no_array_is_refused():
    assert not chainer.is_arrays_compatible((np.zeros(2), 1.0))
