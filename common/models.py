"""Models in Chainer."""
from itertools import pairwise

import chainer
import chainer.functions as F
import chainer.links as L


class MLP(chainer.Sequential):
    """A multilayer perceptron of any widths: dense layers, an activation between them, logits out.

    widths: nodes of each layer, the input first, such as MLP(784, 500, 300, 10).
    activation: a function of Chainer, applied after every dense layer but the last.
    It maps (images, inputs) to logits (images, outputs): softmax comes with the loss. Images of
    another shape, such as (images, 1, 28, 28), are laid flat.
    Initial weights come from NumPy's global generator. Raises ValueError for fewer than two widths.
    """

    def __init__(self, *widths, activation=F.relu):
        if len(widths) < 2:
            raise ValueError("MLP needs the widths of the input and of at least one layer, such as "
                             f"MLP(784, 100, 10), not {widths}.")
        layers = []
        for inputs, outputs in pairwise(widths):
            layers += [L.Linear(inputs, outputs), activation]
        super().__init__(*layers[:-1])


def three_layer_net():
    """The network of chapter 05 for training: 784-50-100-10, sigmoids between, logits out.

    Returns a chainer.Sequential that maps (images, 784) to logits (images, 10).
    """
    return chainer.Sequential(
        L.Linear(784, 50), F.sigmoid, L.Linear(50, 100), F.sigmoid, L.Linear(100, 10))


def export_params(model):
    """Return the weights of a Sequential of Linear links as W1, b1, W2, b2, ...

    Chainer keeps W as (outputs, inputs) and computes x Wᵀ + b; the course, like the book,
    computes x W + b, so each W is transposed. Returns a dict of NumPy arrays.
    """
    # Not model.children(): a Sequential yields its links in another order than it applies them.
    links = [layer for layer in model if isinstance(layer, L.Linear)]
    params = {}
    for number, link in enumerate(links, 1):
        params[f"W{number}"] = chainer.backends.cuda.to_cpu(link.W.array).T.copy()
        params[f"b{number}"] = chainer.backends.cuda.to_cpu(link.b.array)
    return params
