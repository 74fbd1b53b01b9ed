"""common.optimizers against Chainer's, step by step, and on a narrow valley."""
import chainer
import numpy as np
import pytest

from common.optimizers import SGD, AdaGrad, Adam, Momentum

PAIRS = {
    "SGD": (lambda: SGD(0.1), lambda: chainer.optimizers.SGD(0.1)),
    "Momentum": (lambda: Momentum(0.1, 0.8), lambda: chainer.optimizers.MomentumSGD(0.1, 0.8)),
    "AdaGrad": (lambda: AdaGrad(0.5), lambda: chainer.optimizers.AdaGrad(0.5)),
    "Adam": (lambda: Adam(0.2, 0.8, 0.99), lambda: chainer.optimizers.Adam(0.2, 0.8, 0.99)),
}
DEFAULTS = [SGD, Momentum, AdaGrad, Adam]


class Model(chainer.Link):
    def __init__(self, W, b):
        super().__init__()
        with self.init_scope():
            self.W, self.b = chainer.Parameter(W), chainer.Parameter(b)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_agree_with_chainer(name, dtype):
    ours, theirs = (make() for make in PAIRS[name])
    rng = np.random.default_rng(0)
    params = {"W": rng.standard_normal((3, 4)).astype(dtype),
              "b": rng.standard_normal(4).astype(dtype)}
    model = Model(params["W"].copy(), params["b"].copy())
    theirs.setup(model)
    for _ in range(12):
        grads = {key: (param ** 3 + rng.standard_normal(param.shape)).astype(dtype)
                 for key, param in params.items()}
        model.W.grad, model.b.grad = grads["W"].copy(), grads["b"].copy()
        ours.update(params, grads)
        theirs.update()
        tolerance = 1e-4 if dtype == np.float32 else 1e-10
        np.testing.assert_allclose(params["W"], model.W.array, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(params["b"], model.b.array, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("optimizer", DEFAULTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_change_in_place_and_gradients_do_not(optimizer, dtype):
    W, dW = np.ones((2, 3), dtype), np.full((2, 3), 0.5, dtype)
    params = {"W": W}
    step = optimizer()
    for _ in range(3):
        step.update(params, {"W": dW})
    assert params["W"] is W and W.dtype == dtype
    assert (W < 1).all() and (dW == 0.5).all()
    for states in vars(step).values():
        if isinstance(states, dict):
            assert states["W"].dtype == dtype


@pytest.mark.parametrize("optimizer", [SGD(np.float64(0.1)), Adam(np.float64(0.1))])
def test_a_learning_rate_from_numpy_keeps_float32(optimizer):
    params = {"W": np.ones(3, np.float32)}
    optimizer.update(params, {"W": np.ones(3, np.float32)})
    assert params["W"].dtype == np.float32


@pytest.mark.parametrize("optimizer, steps", [
    (SGD(0.9), 60), (Momentum(0.1), 100), (AdaGrad(1.5), 60), (Adam(0.3), 200)])
def test_the_bottom_of_a_narrow_valley(optimizer, steps):
    """f = x²/20 + y² from (-7, 2): "Deep Learning from Scratch", section 6.1."""
    params = {"x": np.array(-7.0), "y": np.array(2.0)}
    for _ in range(steps):
        optimizer.update(params, {"x": params["x"] / 10, "y": 2 * params["y"]})
    assert abs(params["x"]) < 0.2 and abs(params["y"]) < 0.05


@pytest.mark.parametrize("optimizer", [SGD, AdaGrad, Adam, Momentum])
def test_no_slope_no_step(optimizer):
    params = {"W": np.ones(3, np.float32)}
    optimizer().update(params, {"W": np.zeros(3, np.float32)})
    np.testing.assert_array_equal(params["W"], 1)


@pytest.mark.parametrize("optimizer", DEFAULTS)
def test_missing_and_wrong_gradients_are_named(optimizer):
    params = {"W1": np.ones((2, 3)), "b1": np.ones(3)}
    with pytest.raises(KeyError, match="b1 has no gradient"):
        optimizer().update(params, {"W1": np.ones((2, 3))})
    with pytest.raises(ValueError, match=r"gradient of b1 must be \(3,\).*\(2,\)"):
        optimizer().update(params, {"W1": np.ones((2, 3)), "b1": np.ones(2)})
