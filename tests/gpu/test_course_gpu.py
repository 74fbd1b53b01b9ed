"""The course's own code on CuPy arrays against NumPy arrays, and a training on both devices.

Run with `pytest -m gpu tests/gpu`, on a machine with CuPy and an NVIDIA GPU.
"""
import numpy as np
import pytest

from common.backend import to_cpu, why_no_gpu
from common.functions import cross_entropy_error, relu, sigmoid, softmax
from common.models import CNN, MLP
from common.networks import MultiLayerNet, SimpleConvNet, TwoLayerNet
from common.optimizers import SGD, AdaGrad, Adam, Momentum
from common.training import Settings, evaluate, train

REASON = why_no_gpu()
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(REASON is not None, reason=str(REASON))]

RNG = np.random.default_rng(0)
X = RNG.random((60, 784), np.float32)
T = (X[:, :10].argmax(axis=1)).astype(np.int32)


@pytest.mark.parametrize("function", [relu, sigmoid, softmax])
def test_functions(function):
    import cupy
    y = function(cupy.asarray(X))
    assert isinstance(y, cupy.ndarray) and y.dtype == np.float32
    np.testing.assert_allclose(to_cpu(y), function(X), rtol=1e-5, atol=1e-7)
    loss = cross_entropy_error(softmax(cupy.asarray(X[:, :10])), cupy.asarray(T))
    assert float(loss) == pytest.approx(float(cross_entropy_error(softmax(X[:, :10]), T)), rel=1e-5)


@pytest.mark.parametrize("optimizer", [SGD, Momentum, AdaGrad, Adam])
@pytest.mark.parametrize("make, shape", [
    (lambda xp: TwoLayerNet(784, 30, 10, xp=xp), (784,)),
    (lambda xp: MultiLayerNet(784, [30, 20], 10, use_batchnorm=True, xp=xp), (784,)),
    (lambda xp: SimpleConvNet(conv_param={"filter_num": 6, "pad": 1}, xp=xp), (1, 28, 28)),
])
def test_networks_learn_the_same(make, shape, optimizer):
    import cupy
    x, ends = X.reshape(-1, *shape), []
    for xp in (np, cupy):
        net, steps = make(xp), optimizer(lr=0.01)
        for _ in range(5):
            steps.update(net.params, net.gradient(xp.asarray(x), xp.asarray(T)))
        assert all(isinstance(param, xp.ndarray) for param in net.params.values())
        ends.append({name: to_cpu(param) for name, param in net.params.items()})
    for name in ends[0]:
        np.testing.assert_allclose(ends[1][name], ends[0][name], rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize("make", [
    lambda: MLP(784, 30, 10), lambda: CNN((4, 6), 20, dropout=0.0),
    lambda: CNN((4, 6), 20, dropout=0.0, normalize=True)])
def test_training_gives_the_same_numbers(make, tmp_path):
    logs, scores = [], []
    for device in ("@numpy", "@cupy:0"):
        np.random.seed(0)
        model = make()
        logs.append(train(model, (X, T), (X[:20], T[:20]), tmp_path / device[1:5],
                          Settings(epochs=3, batch_size=20), device=device))
        scores.append(evaluate(model, X, T, device=device).loss)
    for cpu, gpu in zip(*logs):
        assert gpu["main/loss"] == pytest.approx(cpu["main/loss"], rel=1e-2)
    assert scores[1] == pytest.approx(scores[0], rel=1e-2)


def test_a_run_with_dropout_goes_on_with_the_same_numbers(tmp_path):
    logs = []
    for folder, stops in (("whole", [4]), ("broken", [2, 4])):
        for epochs in stops:
            np.random.seed(0)
            log = train(CNN((4, 6), 20), (X, T), (X, T), tmp_path / folder,
                        Settings(epochs=epochs, batch_size=20), device="@cupy:0",
                        resume=epochs > stops[0])
        logs.append([entry["main/loss"] for entry in log])
    assert logs[1] == pytest.approx(logs[0], rel=1e-3)
