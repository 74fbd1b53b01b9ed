"""Chainer on the GPU against Chainer on the CPU: the same models, the same batches.

Run with `pytest -m gpu tests/gpu`, on a machine with CuPy and an NVIDIA GPU.
"""

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest
from chainer.backends import cuda
from chainer.training.updaters import multiprocess_parallel_updater as parallel


def why_no_gpu():
    """A sentence, or None where there is a GPU to test on."""
    if not cuda.available:
        return f"Chainer sees no GPU: {cuda._resolution_error}"
    try:
        count = cuda.cupy.cuda.runtime.getDeviceCount()
    except cuda.cupy.cuda.runtime.CUDARuntimeError as error:
        return f"CuPy sees no GPU: {error}"
    return None if count else "CuPy sees no GPU"


REASON = why_no_gpu()
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(REASON is not None, reason=str(REASON))]


def mlp():
    return (6,), chainer.Sequential(L.Linear(6, 8), F.sigmoid, L.Linear(8, 3))


def cnn():
    return (2, 8, 8), chainer.Sequential(
        L.Convolution2D(2, 4, 3, pad=1), L.BatchNormalization(4), F.relu,
        lambda x: F.max_pooling_2d(x, 2), L.Linear(64, 16), F.relu, L.Linear(16, 3),
    )


def deconvolution():
    return (4,), chainer.Sequential(
        L.Linear(4, 12), F.tanh, lambda x: x.reshape(-1, 3, 2, 2),
        L.Deconvolution2D(3, 2, 4, stride=2, pad=1), F.tanh, L.Linear(32, 3),
    )


def train(make, device, steps=30):
    """Train a model; return its losses and its parameters as NumPy arrays."""
    np.random.seed(0)
    shape, body = make()
    model = L.Classifier(body)
    x = np.random.normal(size=(16, *shape)).astype("f")
    t = np.random.randint(0, 3, 16).astype("i")
    optimizer = chainer.optimizers.MomentumSGD(lr=0.05).setup(model)
    device = chainer.get_device(device)
    model.to_device(device)
    device.use()
    x, t = device.send(x), device.send(t)
    losses = []
    for _ in range(steps):
        optimizer.update(model, x, t)
        losses.append(float(model.loss.array))
    model.to_cpu()
    chainer.get_device("@numpy").use()
    return losses, {name: parameter.array for name, parameter in model.namedparams()}


@pytest.mark.parametrize("make", [mlp, cnn, deconvolution])
def test_training_agrees_with_the_cpu(make):
    losses, parameters = train(make, "@numpy")
    gpu_losses, gpu_parameters = train(make, "@cupy:0")
    np.testing.assert_allclose(gpu_losses, losses, rtol=1e-3, atol=1e-4)
    assert gpu_losses[-1] < 0.8 * gpu_losses[0]
    for name, array in parameters.items():
        np.testing.assert_allclose(gpu_parameters[name], array, rtol=1e-2, atol=1e-3, err_msg=name)


def test_dropout_drops_half_and_keeps_the_mean():
    x = cuda.cupy.ones((200, 500), "f")
    y = F.dropout(x, 0.5).array
    assert set(cuda.cupy.unique(y).get()) == {0, 2}
    assert float(y.mean()) == pytest.approx(1, abs=0.02)


def test_a_gradient_on_the_gpu_is_the_numerical_one():
    from chainer import gradient_check

    xp = cuda.cupy
    x, w = xp.random.randn(2, 2, 5, 5), xp.random.randn(3, 2, 3, 3)
    gradient_check.check_backward(
        lambda x, w: F.convolution_2d(x, w, pad=1), (x, w), xp.ones((2, 3, 5, 5)), atol=1e-4,
        dtype=np.float64,
    )


# --- repairs ---


def test_clip_keeps_float16():
    x = cuda.cupy.array([-1, 2], np.float16)
    y = F.clip(x, np.float64(0), np.float64(1))
    assert y.dtype == np.float16
    np.testing.assert_array_equal(y.array.get(), [0, 1])


def test_pad_sequence_wraps_the_padding():
    xs = [cuda.cupy.array([1, 2], np.uint8), cuda.cupy.array([3], np.uint8)]
    np.testing.assert_array_equal(F.pad_sequence(xs, padding=-1).array.get(), [[1, 2], [3, 255]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_negative_sampling_trains(dtype):
    with chainer.using_config("dtype", dtype):
        link = L.NegativeSampling(4, [3, 2, 1], 2)
    link.to_gpu()
    x = chainer.Variable(cuda.cupy.ones((2, 4), dtype))
    link.cleargrads()
    link(x, cuda.cupy.array([0, 2], "i")).backward()
    assert x.grad.dtype == dtype and link.W.grad.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_hierarchical_softmax_trains(dtype):
    with chainer.using_config("dtype", dtype):
        link = L.BinaryHierarchicalSoftmax(4, ((0, 1), ((2, 3), 4)))
    link.W.array[...] = 0.1
    x = np.full((2, 4), 0.5, dtype)
    t = np.array([0, 3], "i")
    gradients = []
    for device in ("@numpy", "@cupy:0"):
        link.to_device(device)
        link.cleargrads()
        variable = chainer.Variable(chainer.get_device(device).send(x))
        link(variable, chainer.get_device(device).send(t)).backward()
        gradients.append(cuda.to_cpu(variable.grad))
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_gradients_are_gathered_and_scattered(dtype):
    with chainer.using_config("dtype", dtype):
        link = L.Linear(3, 2)
    link.to_gpu()
    link.W.grad = cuda.cupy.arange(6, dtype=dtype).reshape(2, 3)
    link.b.grad = cuda.cupy.array([6, 7], dtype)
    together = parallel.gather_grads(link)
    assert sorted(together.get()) == list(range(8))
    parallel.scatter_grads(link, together * 2)
    np.testing.assert_array_equal(link.b.grad.get(), [12, 14])


def test_a_snapshot_travels_between_devices(tmp_path):
    link = L.Linear(3, 2)
    link.to_gpu()
    chainer.serializers.save_npz(tmp_path / "model.npz", link)
    copy = L.Linear(3, 2)
    chainer.serializers.load_npz(tmp_path / "model.npz", copy)
    np.testing.assert_array_equal(copy.W.array, link.W.array.get())
