"""Neural networks in NumPy, made of the functions of this course."""
from collections import namedtuple

from common.backend import get_array_module
from common.functions import sigmoid, softmax

Activations = namedtuple("Activations", "z1 z2 a3 z3")


class ThreeLayerNet:
    """The network of chapter 05: affine, sigmoid, affine, sigmoid, affine, softmax.

    params: dict of W1, b1, W2, b2, W3, b3, NumPy or CuPy. W1 is (inputs, nodes), b1 is (nodes,),
    and each W has as many rows as the W before it has columns.
    Raises KeyError for a missing parameter and ValueError for shapes that do not chain.
    It is the network of "Deep Learning from Scratch", section 3.6.
    """

    def __init__(self, params):
        self.params = {name: _get(params, name) for name in ("W1", "b1", "W2", "b2", "W3", "b3")}
        _check_shapes(self.params)

    def predict(self, x):
        """Return the probability of each class.

        x: one image (inputs,) or a batch (images, inputs).
        Returns (classes,) or (images, classes). Raises ValueError for any other shape.
        """
        return self.activations(x).z3

    def activations(self, x):
        """Return what every layer gives on the way: z1, z2, a3 and z3.

        x as for predict. z1 and z2 come out of the sigmoids, a3 are the logits,
        z3 the probabilities; each is (nodes,) or (images, nodes).
        """
        W1, b1, W2, b2, W3, b3 = self.params.values()
        x = self._check_input(x)
        z1 = sigmoid(x @ W1 + b1)
        z2 = sigmoid(z1 @ W2 + b2)
        a3 = z2 @ W3 + b3
        return Activations(z1, z2, a3, softmax(a3))

    def _check_input(self, x):
        W1 = self.params["W1"]
        x = get_array_module(W1).asarray(x)
        if x.ndim not in (1, 2) or x.shape[-1] != W1.shape[0]:
            raise ValueError(
                f"The network takes one image of shape ({W1.shape[0]},) or a batch of shape "
                f"(images, {W1.shape[0]}), but x has shape {x.shape}."
            )
        if x.dtype.kind not in "biuf":
            raise TypeError(f"The network takes images of real numbers, but x is {x.dtype}.")
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
