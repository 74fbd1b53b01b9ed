"""Numbers of scalars: what Chainer reports and does is what it was under NumPy 1.

The expected values are those of Chainer 7.8.1 as it was published, on Python 3.7 and NumPy 1.18.
"""

import types

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest
from chainer import optimizer_hooks, optimizers, reporter
from chainer.dataset import concat_examples
from chainer.training import extensions
from chainer.utils import array

# --- the helpers ---


@pytest.mark.parametrize("dtype, wide", [
    ("float16", "float64"), ("float32", "float64"), ("float64", "float64"),
    ("int8", "int64"), ("int32", "int64"), ("uint64", "float64"), ("bool", "int64"),
])
def test_a_scalar_beside_a_python_number(dtype, wide):
    for value in (np.ones((), dtype), np.ones((), dtype)[()]):
        assert array.wide_scalar(value).dtype == wide
    assert array.wide_scalar(3) == 3 and type(array.wide_scalar(3)) is int


@pytest.mark.parametrize("scalar, dtype, expected", [
    (np.float64(0.1), "float16", "float16"),
    (np.float64(0.1), "float32", "float32"),
    (np.float64(1e9), "float16", "float32"),  # too large for the array
    (np.float32(0.1), "float64", "float64"),
])
def test_a_scalar_beside_an_array(scalar, dtype, expected):
    assert array.scalar_beside(scalar, np.ones(2, dtype)).dtype == expected
    assert array.scalar_beside(0.5, np.ones(2, dtype)) == 0.5


# --- what a training reports ---


def test_a_summary_adds_up_in_float64():
    summary = reporter.Summary()
    for _ in range(100_000):
        summary.add(np.array(0.1, np.float32))
    assert summary.compute_mean() == pytest.approx(0.10000000149011612, abs=1e-12)
    summary = reporter.Summary()
    for k in range(1000):
        summary.add(np.array(1000 + (-1) ** k * 0.1, np.float32))
    assert summary.make_statistics() == pytest.approx((1000, 0.0999755213111976), abs=1e-9)


@pytest.mark.parametrize("kind", [np.array, np.float16, np.float32])
def test_a_summary_of_narrow_scalars(kind):
    summary = reporter.DictSummary()
    value = kind(2.3).astype(np.float16)
    for _ in range(5000):
        summary.add({"loss": value, "variable": chainer.Variable(np.array(2.3, np.float16))})
    assert summary.compute_mean() == {"loss": 2.30078125, "variable": 2.30078125}


def test_weights_of_a_summary():
    summary = reporter.Summary()
    for _ in range(200):
        summary.add(np.float16(1), weight=np.float16(100))  # 20,000 in all, by even steps
        summary.add(np.float16(3), weight=np.float16(300))
    assert summary.compute_mean() == 2.5
    summary = reporter.Summary()
    for _ in range(200):
        summary.add(np.int8(100), weight=np.int8(100))  # no int8 holds the sums
    assert summary.make_statistics() == (100, 0)


def test_a_log_of_a_long_training(tmp_path):
    log = extensions.LogReport(trigger=(20_000, "iteration"), filename=None)
    updater = types.SimpleNamespace(iteration=0, epoch=0)
    trainer = types.SimpleNamespace(
        is_before_training=False,
        observation={"main/loss": chainer.Variable(np.array(0.1, np.float32))},
        updater=updater, elapsed_time=0, out=str(tmp_path))
    log.initialize(trainer)
    for updater.iteration in range(1, 20_001):
        log(trainer)
    assert log.log[0]["main/loss"] == pytest.approx(0.10000000149011612, abs=1e-12)


def test_an_evaluator_of_narrow_losses():
    class Model(chainer.Link):
        def forward(self, x):
            chainer.report({"loss": F.sum(x)}, self)

    data = np.full((5000, 1), 2.3, np.float16)
    iterator = chainer.iterators.SerialIterator(data, 1, repeat=False, shuffle=False)
    with chainer.reporter.Reporter():
        result = extensions.Evaluator(iterator, Model())()
    assert result == {"main/loss": 2.30078125}


def test_a_micro_average():
    average = extensions.MicroAverage("n", "d", "result", trigger=(100_000, "iteration"))
    updater = types.SimpleNamespace(iteration=0)
    trainer = types.SimpleNamespace(
        observation={"n": np.float32(0.1), "d": np.float32(1)}, updater=updater)
    current = reporter.Reporter()
    with current.scope(current.observation):
        for updater.iteration in range(1, 100_001):
            average(trainer)
    assert current.observation["result"] == pytest.approx(0.10000000149011612, abs=1e-12)


def test_an_observation_of_many_processes():
    aggregator = pytest.importorskip("chainermn.extensions.observation_aggregator")
    mean = aggregator._average_2d([[np.float16(2.3)] * 2500] * 2)
    assert mean == 2.30078125


# --- what a training does ---


def linear(*shapes, dtype, gradient):
    """Links without a bias, with gradients that are all the same."""
    with chainer.using_config("dtype", np.dtype(dtype)):
        model = chainer.Sequential(*[L.Linear(*shape, nobias=True) for shape in shapes])
    for parameter in model.params():
        parameter.grad = np.full_like(parameter.array, gradient)
    return model


@pytest.mark.parametrize("dtype, norm", [
    ("float16", 0.9995447012673178), ("float32", 1), ("float64", 1)])
def test_gradient_clipping_adds_norms_in_float64(dtype, norm):
    model = linear((40, 10), (40, 10), (40, 10), dtype=dtype, gradient=10)  # 40,000 each
    optimizer_hooks.GradientClipping(1)(optimizers.SGD().setup(model))
    found = np.sqrt(sum((p.grad.astype(float) ** 2).sum() for p in model.params()))
    assert found == pytest.approx(norm, abs=1e-6)
    assert all(p.grad.dtype == dtype for p in model.params())


def test_gradient_clipping_multiplies_in_the_type_of_the_gradient():
    model = linear((3, 1), dtype="float32", gradient=0)
    (parameter,) = model.params()
    parameter.grad[...] = [[0.7, 0.11, 1.3]]
    norm = np.sqrt(np.float64(parameter.grad.ravel().dot(parameter.grad.ravel())))
    expected = parameter.grad * np.float32(0.3 / norm)
    optimizer_hooks.GradientClipping(0.3)(optimizers.SGD().setup(model))
    np.testing.assert_array_equal(parameter.grad, expected)


def test_lars_leaves_gradients_of_zero_alone():
    model = linear((4, 4), dtype="float16", gradient=0)
    optimizer = optimizers.SGD(1).setup(model)
    optimizer.add_hook(optimizer_hooks.GradientLARS())
    (parameter,) = model.params()
    before = parameter.array.copy()
    optimizer.update()
    np.testing.assert_array_equal(parameter.array, before)


# --- numbers that wrap ---


@pytest.mark.parametrize("dtype, padding, expected", [
    ("uint8", -1, 255), ("uint16", -1, 65535), ("uint64", -1, 2 ** 64 - 1), ("int8", 300, 44),
    ("int32", -1, -1), ("float32", -1.5, -1.5),
])
def test_padding_a_batch_wraps(dtype, padding, expected):
    xs = [np.array([0, 1], dtype), np.array([0], dtype)]
    y = concat_examples(xs, padding=padding)
    np.testing.assert_array_equal(y, np.array([[0, 1], [0, expected]], dtype))
    assert y.dtype == dtype
    y, _ = concat_examples([(x, 0) for x in xs], padding=(padding, 0))
    assert y[1, 1] == np.array(expected, dtype)


@pytest.mark.parametrize("calculate, expected", [
    (lambda x: x * 300, [44, 88]),
    (lambda x: x + -1, [0, 1]),
    (lambda x: 256 - x, [255, 254]),
])
def test_a_number_beside_a_variable_of_integers_wraps(calculate, expected):
    y = calculate(chainer.Variable(np.array([1, 2], np.uint8)))
    np.testing.assert_array_equal(y.array, expected)
    assert y.dtype == "uint8"


# --- losses and regions in float16 ---


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_a_mean_of_many_squares(dtype):
    x = chainer.Variable(np.zeros(100_000, dtype))
    t = np.zeros(100_000, dtype)
    t[:500] = 2
    loss = F.mean_squared_error(x, t)
    assert loss.array == np.array(0.02, dtype) and loss.dtype == dtype
    loss.backward()
    np.testing.assert_allclose(x.grad[0], -4e-5, rtol=2e-2)


@pytest.mark.parametrize("norm, expected", [("L1", 0.02), ("L2", 0.02)])
def test_a_hinge_loss_of_many_examples(norm, expected):
    x = np.full((70_000, 2), [1, -1], np.float16)  # right by the margin
    x[:1400, 0] = 0
    x = chainer.Variable(x)
    loss = F.hinge(x, np.zeros(70_000, "i"), norm)
    assert loss.array == np.float16(expected)
    loss.backward()
    np.testing.assert_allclose(x.grad[0, 0], -1 / 70_000 * int(norm[1]), rtol=2e-2)
    assert x.grad.dtype == "float16"


def test_a_triplet_loss_of_many_examples():
    anchor = np.zeros((70_000, 1), np.float16)
    positive, negative = anchor.copy(), anchor + np.float16(1)
    positive[:700] = 1
    loss = F.triplet(anchor, positive, negative, margin=1)
    assert loss.array == np.float16(0.01)


@pytest.mark.parametrize("normalize", [True, False])
def test_softmax_cross_entropy_stays_in_its_type(normalize):
    x = np.random.default_rng(0).standard_normal((7, 3)).astype("f")
    t = np.array([0, 1, 2, -1, 0, 1, 2], "i")
    variable = chainer.Variable(x)
    loss = F.softmax_cross_entropy(variable, t, normalize=normalize)
    count = 6 if normalize else 7
    log_p = F.log_softmax(x).array
    assert loss.array == (log_p[np.arange(7), t] * (t >= 0)).sum() * np.float32(-1 / count)
    loss.backward()
    y = np.exp(log_p)
    y[np.arange(7), np.maximum(t, 0)] -= 1
    y[t < 0] = 0
    np.testing.assert_array_equal(variable.grad, y * np.float32(1 / count))


@pytest.mark.parametrize("scalar", [np.float16(3), np.float32(3)])
def test_a_variable_divided_by_a_narrow_scalar(scalar):
    y = chainer.Variable(np.ones(1)) / scalar
    assert y.array == 1 / 3 and y.dtype == "float64"


def regions(function, *options):
    """Pool regions of the same pixels in float16 and float64; return both, and both gradients."""
    rng = np.random.default_rng(0)
    x = rng.permutation(64 * 64).reshape(1, 1, 64, 64) % 1024 / 4
    rois = np.array([[3, 45, 45, 85], [45, 3, 85, 45], [10, 15, 85, 85]], float)
    results = []
    for dtype in (np.float16, np.float64):
        pixels = chainer.Variable(x.astype(dtype))
        if function is F.roi_pooling_2d:
            corners = [np.insert(rois, 0, 0, axis=1).astype(dtype)]
        else:
            corners = [rois.astype(dtype), np.zeros(3, "i")]
        y = function(pixels, *corners, *options)
        y.grad = np.ones_like(y.array)
        y.backward()
        results.append((y.array.astype(float), pixels.grad.astype(float)))
    return zip(*results)


@pytest.mark.parametrize("function, options", [
    (F.roi_pooling_2d, (2, 3, 0.7)),
    (F.roi_average_pooling_2d, ((2, 3), 0.7)),
    (F.roi_max_pooling_2d, ((2, 3), 0.7)),
])
def test_regions_in_float16_are_those_of_float64(function, options):
    for narrow, wide in regions(function, *options):
        np.testing.assert_allclose(narrow, wide, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("function, pooled, sum_of_gradients", [
    (F.roi_average_align_2d,
     [3.818648099899292, 4.857588291168213, 5.9952921867370605, 11.486987113952637,
      13.03531265258789, 14.646926879882812, 21.958532333374023, 23.87131690979004,
      25.835559844970703], 125.50616474449635),
    (F.roi_max_align_2d,
     [5.614222049713135, 6.836944103240967, 8.13890552520752, 14.238739967346191,
      15.903051376342773, 17.62580108642578, 25.31155014038086, 27.320274353027344,
      29.377532958984375], 150.3670210838318),
])
def test_regions_between_pixels(function, pooled, sum_of_gradients):
    x = (np.arange(49.0) ** 1.5).astype("f").reshape(1, 1, 7, 7) / np.float32(7)  # on any CPU
    pixels = chainer.Variable(x)
    corners = np.array([[0.3, 0.7, 5.1, 6.2]], "f"), np.zeros(1, "i")
    y = function(pixels, *corners, 3, 0.9, sampling_ratio=2)
    np.testing.assert_allclose(y.array.ravel(), pooled, rtol=2e-8)
    y.grad = np.ones_like(y.array)
    y.backward()
    assert (pixels.grad * x).sum(dtype="d") == pytest.approx(sum_of_gradients, rel=1e-8)
