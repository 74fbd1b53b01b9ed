"""Models in Chainer, from MNIST images to ten logits."""
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import chainer
import chainer.functions as F
import chainer.links as L

from common.backend import to_cpu
from dataset.files import DataError
from dataset.weights import TRAINED, load_weights, weights_info


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
    params = {}
    for number, link in enumerate(_dense_layers(model), 1):
        params[f"W{number}"] = to_cpu(link.W.array).T.copy()
        params[f"b{number}"] = to_cpu(link.b.array)
    return params


def import_params(model, params):
    """Put W1, b1, W2, b2, ... of the book's networks into a Sequential of Linear links."""
    for number, link in enumerate(_dense_layers(model), 1):
        link.W.array[...] = params[f"W{number}"].T
        link.b.array[...] = params[f"b{number}"]


def _dense_layers(model):
    # Not model.children(): a Sequential yields its links in another order than it applies them.
    return [layer for layer in model if isinstance(layer, L.Linear)]


class CNN(chainer.Chain):
    """Two units of convolution, ReLU and pooling, then two dense layers: chapter 09's network.

    5×5 filters, padded so that the size stays ("same"), max pooling of 2×2.
    filters: how many in each convolution. hidden: nodes of the first dense layer. dropout: the
    share of its outputs that is dropped in training. normalize: batch normalization after each
    convolution. Maps images, (images, 784) or (images, 1, 28, 28), to logits (images, 10).
    """

    def __init__(self, filters=(32, 64), hidden=1024, dropout=0.4, normalize=False):
        super().__init__()
        self.dropout = dropout
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, filters[0], ksize=5, pad=2)
            self.conv2 = L.Convolution2D(filters[0], filters[1], ksize=5, pad=2)
            self.norm1 = L.BatchNormalization(filters[0]) if normalize else None
            self.norm2 = L.BatchNormalization(filters[1]) if normalize else None
            self.dense1 = L.Linear(7 * 7 * filters[1], hidden)
            self.dense2 = L.Linear(hidden, 10)

    def forward(self, x):
        """Return the logits; dropout works only while chainer.config.train is True."""
        h = self.unit(self.conv1, self.norm1, as_images(x))
        h = self.unit(self.conv2, self.norm2, h)
        return self.dense2(F.dropout(F.relu(self.dense1(h)), self.dropout))

    @staticmethod
    def unit(convolution, norm, x):
        """Convolution, ReLU, pooling: halves the height and the width of the images."""
        h = convolution(x)
        return F.max_pooling_2d(F.relu(h if norm is None else norm(h)), 2)


class DeepCNN(chainer.Chain):
    """Four convolutions of 32 filters of 3×3, one max pooling, one dense layer.

    Maps images, (images, 784) or (images, 1, 28, 28), to logits (images, 10).
    """

    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.convolutions = chainer.ChainList(
                *(L.Convolution2D(channels, 32, ksize=3) for channels in (1, 32, 32, 32)))
            self.dense = L.Linear(10 * 10 * 32, 10)

    def forward(self, x):
        """Return the logits."""
        h = as_images(x)
        for convolution in self.convolutions:
            h = F.relu(convolution(h))
        return self.dense(F.max_pooling_2d(h, 2))


def as_images(x):
    """Return a batch of MNIST images as (images, 1, 28, 28), whether they were flat or not."""
    return F.reshape(x, (len(x), 1, 28, 28))


class Model(NamedTuple):
    """What `course train` can train, with settings that suit it."""

    make: Callable[[], chainer.Link]
    layers: str
    epochs: int
    batch_size: int
    decay: float = 1.0  # of the learning rate, after each epoch


MODELS = {
    "three-layer-net": Model(three_layer_net, "784-50-100-10, sigmoid", 15, 100),
    "mlp": Model(lambda: MLP(784, 784, 784, 10), "784-784-784-10, ReLU", 20, 1000),
    "cnn": Model(CNN, "5×5×32, pool, 5×5×64, pool, 1024, dropout 0.4, 10, ReLU", 10, 256, 0.8),
    "cnn-deep": Model(DeepCNN, "3×3×32 four times, pool, 10, ReLU", 6, 256, 0.8),
}


def get_arrays(model):
    """Return all that a model has learned as a dict of NumPy arrays by name.

    Parameters and also persistent values, such as the means of a batch normalization.
    """
    serializer = chainer.serializers.DictionarySerializer()
    serializer.save(model)
    return serializer.target


def set_arrays(model, arrays):
    """Put the arrays of get_arrays into a model of the same kind.

    Raises KeyError for an array that is missing, and ValueError for one of another shape.
    """
    chainer.serializers.NpzDeserializer(arrays).load(model)


def load_model(name, folder=TRAINED):
    """Return a Chainer model with the weights that it has learned.

    name: such as "09_cnn". folder: where its weights lie; by default those that ship with the
    course. Raises DataError as load_weights does.
    """
    info = weights_info(name, folder)
    if info["model"] not in MODELS:
        raise DataError(f"The model {info['model']!r} of {name}.json is none of "
                        f"{', '.join(MODELS)}.")
    model = MODELS[info["model"]].make()
    arrays = load_weights(name, folder)
    if "W1" in arrays:
        import_params(model, arrays)
    else:
        set_arrays(model, arrays)
    return model
