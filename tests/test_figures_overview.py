"""The picture of README.md says what the network says."""
import numpy as np

from common.figures.overview import overview
from common.networks import ThreeLayerNet
from dataset.mnist import load_mnist
from dataset.weights import load_weights


def test_bars_are_the_probabilities_and_the_text_the_answer():
    _, (x_test, _) = load_mnist()
    net = ThreeLayerNet(load_weights("05_inference_and_batches"))
    figure = overview(x_test[3], net.activations(x_test[3]))
    y = net.predict(x_test[3])
    bars = [bar.get_width() for bar in figure.axes[3].patches]
    np.testing.assert_allclose(bars, y, rtol=1e-6)
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), x_test[3].reshape(28, 28))
    assert f"reads {y.argmax()}" in figure.alternative_text
