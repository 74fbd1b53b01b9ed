"""Models in Chainer."""
import chainer
import chainer.functions as F
import chainer.links as L


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
