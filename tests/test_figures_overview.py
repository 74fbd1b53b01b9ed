"""The picture of README.md says what the network says."""
from types import SimpleNamespace

import numpy as np
from contrary import Contrary

from common.figures.overview import overview
from common.networks import ThreeLayerNet
from dataset.mnist import load_mnist
from dataset.weights import load_weights

CONTRARY = {overview: Contrary(
    (np.zeros(784), SimpleNamespace(z1=np.zeros(5), z2=np.zeros(10), z3=np.full(10, 0.1))),
    says=("the 5 and the 10 nodes", "reads 0, with a probability of 0.100"),
    never=("handwritten", "50", "sets off"))}


def test_bars_are_the_probabilities_and_the_text_the_answer():
    _, (x_test, _) = load_mnist()
    net = ThreeLayerNet(load_weights("three-layer-net"))
    figure = overview(x_test[3], net.activations(x_test[3]))
    y = net.predict(x_test[3])
    bars = [bar.get_width() for bar in figure.axes[3].patches]
    np.testing.assert_allclose(bars, y, rtol=1e-6)
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), x_test[3].reshape(28, 28))
    assert f"reads {y.argmax()}" in figure.alternative_text
