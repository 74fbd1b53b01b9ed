"""Neural networks in NumPy, made of the functions of this course."""
import copy
from collections import namedtuple

import numpy as np

from common.backend import get_array_module
from common.functions import label_indices, sigmoid, softmax
from common.gradient import numerical_gradient
from common.layers import (
    Affine,
    BatchNormalization,
    Convolution,
    Dropout,
    Pooling,
    Relu,
    Sigmoid,
    SoftmaxWithLoss,
)
from common.printing import parameters_of, table

Activations = namedtuple("Activations", "z1 z2 a3 z3")


class ThreeLayerNet:
    """Chapter 05's network: affine, sigmoid, affine, sigmoid, affine, softmax.

    params: dict of W1, b1, W2, b2, W3, b3, NumPy or CuPy. W1 is (inputs,
    nodes), b1 is (nodes,), and each W has as many rows as the W before it has
    columns.
    Raises KeyError for a missing parameter and ValueError for shapes that do
    not chain.
    It is the network of "Deep Learning from Scratch", section 3.6.
    """

    def __init__(self, params):
        names = ("W1", "b1", "W2", "b2", "W3", "b3")
        self.params = {name: _get(params, name) for name in names}
        _check_shapes(self.params)

    def predict(self, x):
        """Return the probability of each class.

        x: one image (inputs,) or a batch (images, inputs).
        Returns (classes,) or (images, classes). Raises ValueError for any
        other shape.
        """
        return self.activations(x).z3

    def activations(self, x):
        """Return what every layer gives on the way: z1, z2, a3 and z3.

        x as for predict. z1 and z2 come out of the sigmoids, a3 are the
        logits, z3 the probabilities; each is (nodes,) or (images, nodes).
        """
        W1, b1, W2, b2, W3, b3 = self.params.values()
        x = self._check_input(x)
        z1 = sigmoid(x @ W1 + b1)
        z2 = sigmoid(z1 @ W2 + b2)
        a3 = z2 @ W3 + b3
        return Activations(z1, z2, a3, softmax(a3))

    def __repr__(self):
        total = sum(p.size for p in self.params.values())
        return table(f"ThreeLayerNet: {total:,} parameters", [
            (f"{name}:", p.shape) for name, p in self.params.items()])

    def _check_input(self, x):
        W1 = self.params["W1"]
        x = get_array_module(W1).asarray(x)
        if x.ndim not in (1, 2) or x.shape[-1] != W1.shape[0]:
            raise ValueError(
                f"The network takes one image of shape ({W1.shape[0]},) or a "
                "batch of shape "
                f"(images, {W1.shape[0]}), but x has shape {x.shape}."
            )
        if x.dtype.kind not in "biuf":
            raise TypeError("The network takes images of real numbers, but x "
                            f"is {x.dtype}.")
        return x.astype(W1.dtype, copy=False)


def _get(params, name):
    if name not in params:
        raise KeyError(f"The network needs the parameter {name}; there are {sorted(params)}.")
    return params[name]


def _check_shapes(params):
    inputs = params["W1"].shape[0]
    for layer in "123":
        W, b = params["W" + layer], params["b" + layer]
        if W.ndim != 2 or W.shape[0] != inputs:
            raise ValueError(f"W{layer} must be ({inputs}, nodes), but its shape is {W.shape}.")
        if b.shape != W.shape[1:]:
            raise ValueError(f"b{layer} must be {W.shape[1:]}, but its shape is {b.shape}.")
        inputs = W.shape[1]


class Network:
    """What the networks below share: layers in a row, and a loss at the end.

    params: dict of arrays. layers: dict of layers in their order; each uses arrays of params as
    they are, so an optimizer that changes params in place changes the layers.
    A network says which shape an image has (input_shape), and makes its layers (make_layers).
    """

    input_shape: tuple[int, ...]
    weight_decay_lambda = 0.0

    def make_layers(self):
        """Return the layers by name, in their order, on the arrays of params."""
        raise NotImplementedError

    def __init__(self, params, xp, dtype):
        self.params = {name: xp.array(param, dtype) for name, param in params.items()}
        self.layers = self.make_layers()
        self.last_layer = SoftmaxWithLoss()

    def astype(self, dtype):
        """Return a network like this one with its parameters in another dtype."""
        other = copy.copy(self)
        Network.__init__(other, self.params, get_array_module(*self.params.values()), dtype)
        return other

    def __repr__(self):
        x = get_array_module(self.params["W1"]).zeros((1, *self.input_shape), np.float32)
        rows = [("layer", "", "output", "parameters")]
        for name, layer in self._copied_layers().items():
            x = _forward(layer, x)
            count = parameters_of(layer)
            rows.append((name, type(layer).__name__, x.shape[1:], f"{count:,}" if count else ""))
        count = sum(param.size for param in self.params.values())
        return table(f"{type(self).__name__}: {self.input_shape} in, {count:,} parameters", rows)

    def predict(self, x):
        """Return the probability of each class.

        x: one image, or a batch of them. Returns (classes,) or (images, classes).
        """
        return softmax(self.logits(x))

    def logits(self, x, train_flg=False):
        """Return what the last layer gives: softmax of it gives the probabilities.

        x: as for predict. train_flg: True lets dropout and batch normalisation train.
        """
        x, one = self._check_input(x)
        for layer in self.layers.values():
            x = _forward(layer, x, train_flg)
        return x[0] if one else x

    def input_gradient(self, x, node):
        """Return the gradient of one logit for each number of the input, shaped as x.

        x: images, in input_shape or flat. node: which logit. Dropout is off. The network's own
        layers do not notice.
        """
        layers = list(self._copied_layers().values())
        layers[0].input_gradient = True
        h = self._check_input(x.reshape(-1, *self.input_shape))[0]
        for layer in layers:
            h = _forward(layer, h)
        gradient = get_array_module(h).zeros_like(h)
        gradient[:, node] = 1
        for layer in reversed(layers):
            gradient = layer.backward(gradient)
        return gradient.reshape(x.shape)

    def _copied_layers(self):
        """Copies, since a layer keeps what it has seen for backward."""
        return {name: copy.copy(layer) for name, layer in self.layers.items()}

    def loss(self, x, t, train_flg=False):
        """Return the mean cross entropy of a batch, and the weight decay if there is one.

        t: the right classes, as indices (images,) or one-hot (images, classes).
        """
        loss = self.last_layer.forward(self.logits(x, train_flg), t)
        for name, W in self.params.items():
            if self.weight_decay_lambda and name[0] == "W":
                loss = loss + (0.5 * self.weight_decay_lambda * W ** 2).sum()
        return loss

    def accuracy(self, x, t, batch_size=100):
        """Return the share of images that the network answers right, from 0.0 to 1.0."""
        if len(x) != len(t) or len(x) == 0:
            raise ValueError(f"Accuracy needs a label for each image, but there are "
                             f"{len(x) or 'no'} images and {len(t)} labels.")
        right = 0
        for start in range(0, len(x), batch_size):
            y = self.logits(x[start:start + batch_size])
            right += int((y.argmax(axis=1) == label_indices(t[start:start + batch_size], y)).sum())
        return right / len(x)

    def gradient(self, x, t):
        """Return the loss's gradient for each parameter: backpropagation."""
        self.loss(x, t, train_flg=True)
        dout = self.last_layer.backward(1)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        grads = self._collect()
        if self.weight_decay_lambda:
            for name in grads:
                if name[0] == "W":
                    decay = self.weight_decay_lambda * self.params[name]
                    grads[name] = grads[name] + decay
        return grads

    def _collect(self):
        """Return the gradients that the layers keep, under the names of the parameters."""
        grads, affine, norm = {}, 0, 0
        for layer in self.layers.values():
            if isinstance(layer, (Affine, Convolution)):
                affine += 1
                grads[f"W{affine}"], grads[f"b{affine}"] = layer.dW, layer.db
            elif isinstance(layer, BatchNormalization):
                norm += 1
                grads[f"gamma{norm}"], grads[f"beta{norm}"] = layer.dgamma, layer.dbeta
        return grads

    def _check_input(self, x):
        """Return x as a batch in the network's dtype, and whether it was one image."""
        W1 = self.params["W1"]
        x = get_array_module(W1).asarray(x)
        shape = self.input_shape
        if x.shape[-len(shape):] != shape or x.ndim > len(shape) + 1:
            batch = "(images, " + ", ".join(map(str, shape)) + ")"
            raise ValueError(f"The network takes one image of shape {shape} or a batch of shape "
                             f"{batch}, but x has shape {x.shape}.")
        if x.dtype.kind not in "biuf":
            raise TypeError("The network takes images of real numbers, but x "
                            f"is {x.dtype}.")
        one = x.ndim == len(shape)
        return (x[None] if one else x).astype(W1.dtype, copy=False), one


def _forward(layer, x, train_flg=False):
    trains = isinstance(layer, (Dropout, BatchNormalization))
    return layer.forward(x, train_flg) if trains else layer.forward(x)


class TwoLayerNet(Network):
    """Affine, sigmoid, affine ("Deep Learning from Scratch", section 4.5).

    Takes (images, input_size). seed: of the initial weights, which are normal
    with weight_init_std. xp: numpy or cupy, where the parameters live.
    """

    def __init__(self, input_size, hidden_size, output_size,
                 weight_init_std=0.01, seed=0,
                 xp=np, dtype=np.float32):
        rng = np.random.default_rng(seed)
        self.input_shape = (input_size,)
        super().__init__({
            "W1": weight_init_std * rng.standard_normal(
                (input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": weight_init_std * rng.standard_normal(
                (hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }, xp, dtype)

    def make_layers(self):
        W1, b1, W2, b2 = self.params.values()
        return {"Affine1": Affine(W1, b1, input_gradient=False),
                "Sigmoid1": Sigmoid(),
                "Affine2": Affine(W2, b2)}

    def numerical_gradient(self, x, t):
        """Return what gradient does, by central differences: slow, float64."""
        net = self.astype(np.float64)
        grads = {name: numerical_gradient(lambda _: net.loss(x, t), param)
                 for name, param in net.params.items()}
        return {name: grads[name].astype(param.dtype)
                for name, param in self.params.items()}


class MultiLayerNet(Network):
    """Affine layers of any widths, with ReLU or sigmoid between.

    Takes (images, input_size). hidden_size_list: nodes of each hidden layer.
    activation: "relu" or "sigmoid". weight_init_std: a number, or "relu" or "he" for √(2/inputs),
    or "sigmoid" or "xavier" for √(1/inputs). weight_decay_lambda: adds half of it times W² to the
    loss. use_dropout, dropout_ratio, use_batchnorm: of each hidden layer.
    seed: of the initial weights and of dropout. xp: numpy or cupy, where the parameters live.
    ("Deep Learning from Scratch", sections 6.2 to 6.4)
    """

    def __init__(self, input_size, hidden_size_list, output_size, activation="relu",
                 weight_init_std="relu", weight_decay_lambda=0, use_dropout=False,
                 dropout_ratio=0.5, use_batchnorm=False, seed=0, xp=np, dtype=np.float32):
        if activation not in ("relu", "sigmoid"):
            raise ValueError(f'The activation must be "relu" or "sigmoid", not {activation!r}.')
        self.activation = activation
        self.weight_decay_lambda = weight_decay_lambda
        self.dropout_ratio = dropout_ratio if use_dropout else None
        self.use_batchnorm = use_batchnorm
        self.rng = np.random.default_rng(seed)
        self.input_shape = (input_size,)
        sizes = [input_size, *hidden_size_list, output_size]
        params = {}
        for number, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), 1):
            scale = _init_scale(weight_init_std, inputs)
            params[f"W{number}"] = scale * self.rng.standard_normal((inputs, outputs))
            params[f"b{number}"] = np.zeros(outputs)
            if use_batchnorm and number <= len(hidden_size_list):
                params[f"gamma{number}"] = np.ones(outputs)
                params[f"beta{number}"] = np.zeros(outputs)
        super().__init__(params, xp, dtype)

    def make_layers(self):
        params, layers = self.params, {}
        last = sum(name[0] == "W" for name in params)
        for number in range(1, last + 1):
            layers[f"Affine{number}"] = Affine(
                params[f"W{number}"], params[f"b{number}"], input_gradient=number > 1)
            if number == last:
                break
            if self.use_batchnorm:
                layers[f"BatchNorm{number}"] = BatchNormalization(
                    params[f"gamma{number}"], params[f"beta{number}"])
            layers[f"Activation{number}"] = Relu() if self.activation == "relu" else Sigmoid()
            if self.dropout_ratio is not None:
                layers[f"Dropout{number}"] = Dropout(self.dropout_ratio, self.rng)
        return layers


class SimpleConvNet(Network):
    """Convolution, ReLU, 2×2 max pooling, affine, ReLU, affine.

    Takes (images, *input_dim). conv_param: number and size of the filters,
    padding and stride.
    seed: of the initial weights, which are normal with weight_init_std.
    xp: numpy or cupy, where the parameters live. ("Deep Learning from
    Scratch", section 7.5)
    """

    def __init__(self, input_dim=(1, 28, 28), conv_param=None,
                 hidden_size=100, output_size=10,
                 weight_init_std=0.01, seed=0, xp=np, dtype=np.float32):
        default = {"filter_num": 30, "filter_size": 5, "pad": 0, "stride": 1}
        for name in set(conv_param or {}) - set(default):
            raise ValueError(f"conv_param takes {', '.join(default)}, but not "
                             f"{name!r}.")
        self.conv_param = conv_param = {**default, **(conv_param or {})}
        self.input_shape = tuple(input_dim)
        channels, height, width = input_dim
        filters, size = conv_param["filter_num"], conv_param["filter_size"]
        pad, stride = conv_param["pad"], conv_param["stride"]
        conv_h = (height + 2 * pad - size) // stride + 1
        conv_w = (width + 2 * pad - size) // stride + 1
        pooled = filters * (conv_h // 2) * (conv_w // 2)
        if pooled <= 0 or conv_h < 2 or conv_w < 2:
            raise ValueError(f"Filters of size {size} leave nothing to pool "
                             f"of images {input_dim}.")
        rng = np.random.default_rng(seed)
        super().__init__({
            "W1": weight_init_std * rng.standard_normal(
                (filters, channels, size, size)),
            "b1": np.zeros(filters),
            "W2": weight_init_std * rng.standard_normal((pooled, hidden_size)),
            "b2": np.zeros(hidden_size),
            "W3": weight_init_std * rng.standard_normal(
                (hidden_size, output_size)),
            "b3": np.zeros(output_size),
        }, xp, dtype)

    def make_layers(self):
        W1, b1, W2, b2, W3, b3 = self.params.values()
        return {
            "Conv1": Convolution(W1, b1, self.conv_param["stride"],
                                 self.conv_param["pad"],
                                 input_gradient=False),
            "Relu1": Relu(), "Pool1": Pooling(2, 2, stride=2),
            "Affine1": Affine(W2, b2), "Relu2": Relu(),
            "Affine2": Affine(W3, b3),
        }


def _init_scale(weight_init_std, inputs):
    if weight_init_std in ("relu", "he"):
        return np.sqrt(2 / inputs)
    if weight_init_std in ("sigmoid", "xavier"):
        return np.sqrt(1 / inputs)
    if isinstance(weight_init_std, str):
        raise ValueError('weight_init_std must be a number, "relu", "he", "sigmoid" or "xavier", '
                         f"not {weight_init_std!r}.")
    return weight_init_std
