"""Models in Chainer, from MNIST images to ten logits."""
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
from chainer.utils.type_check import InvalidType

from common.backend import to_cpu
from common.course import CourseError
from common.functions import label_indices, softmax
from common.gan import GAN
from common.language import _
from common.settings import Settings
from dataset.files import DataError
from dataset.weights import TRAINED, load_weights, weights_info


class MLP(chainer.Sequential):
    """A multilayer perceptron: dense layers, an activation between them.

    widths: nodes of each layer, the input first, such as
    MLP(784, 500, 300, 10). activation: a function of Chainer, applied after
    every dense layer but the last.
    It maps (images, inputs) to logits (images, outputs): softmax comes with
    the loss. Images of another shape, such as (images, 1, 28, 28), are laid
    flat.
    Initial weights come from NumPy's global generator. Raises ValueError for
    fewer than two widths.
    """

    def __init__(self, *widths, activation=F.relu):
        if len(widths) < 2:
            raise ValueError("MLP needs the widths of the input and of at "
                             "least one layer, such as "
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
    """Chapter 12's network: two units of convolution, then two dense layers.

    5×5 filters, padded so that the size stays ("same"), max pooling of 2×2.
    filters: how many in each convolution. hidden: nodes of the first dense
    layer. dropout: the share of its outputs that is dropped in training.
    normalize: batch normalization after every layer but the last. Maps
    images, (images, 784) or (images, 1, 28, 28), to logits (images, 10).
    """

    def __init__(self, filters=(32, 64), hidden=1024, dropout=0.4,
                 normalize=False):
        super().__init__()
        self.dropout = dropout
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, filters[0], ksize=5, pad=2)
            self.conv2 = L.Convolution2D(*filters, ksize=5, pad=2)
            self.norm1, self.norm2, self.norm3 = (
                L.BatchNormalization(channels) if normalize else None
                for channels in (*filters, hidden))
            self.dense1 = L.Linear(7 * 7 * filters[1], hidden)
            self.dense2 = L.Linear(hidden, 10)

    def forward(self, x):
        """Return the logits; dropout acts only while chainer.config.train."""
        h = self.unit(self.conv1, self.norm1, as_images(x))
        h = self.dense1(self.unit(self.conv2, self.norm2, h))
        h = F.relu(h if self.norm3 is None else self.norm3(h))
        return self.dense2(F.dropout(h, self.dropout))

    @staticmethod
    def unit(convolution, norm, x):
        """Convolution, ReLU, pooling: halves the images' height and width."""
        h = convolution(x)
        return F.max_pooling_2d(F.relu(h if norm is None else norm(h)), 2)


class DeepCNN(chainer.Chain):
    """Four convolutions of 32 filters of 3×3, a max pooling, a dense layer.

    Maps images, (images, 784) or (images, 1, 28, 28), to logits (images, 10).
    """

    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.convolutions = chainer.ChainList(
                *(L.Convolution2D(channels, 32, ksize=3)
                  for channels in (1, 32, 32, 32)))
            self.dense = L.Linear(10 * 10 * 32, 10)

    def forward(self, x):
        """Return the logits."""
        h = as_images(x)
        for convolution in self.convolutions:
            h = F.relu(convolution(h))
        return self.dense(F.max_pooling_2d(h, 2))


class Autoencoder(chainer.Chain):
    """Chapter 20's network: an image into a few numbers, and back.

    code: how many numbers. widths: nodes of the layers before the code, the
    input first; behind it the same come backwards. ReLU between the layers,
    nothing after the code and after the output. Maps images, (images, 784)
    or (images, 1, 28, 28), to images (images, 784).
    """

    def __init__(self, code=50, widths=(784, 500, 300, 200, 100)):
        super().__init__()
        with self.init_scope():
            self.encoder = MLP(*widths, code)
            self.decoder = MLP(code, *reversed(widths))

    def forward(self, x):
        """Return the restored images."""
        return self.decoder(self.encoder(x))


def as_images(x):
    """Return a batch of MNIST images as (images, 1, 28, 28), whether they were flat or not."""
    return F.reshape(x, (len(x), 1, 28, 28))


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
    # Files of the course hold float32; the N of a batch normalization is a count.
    arrays = {name: np.int64(array) if name.endswith("/N") else array
              for name, array in arrays.items()}
    chainer.serializers.NpzDeserializer(arrays).load(model)


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model of the course: what `course train` makes, and how `course ship` stores it.

    make: gives a new one. layers: in words. settings: that suit it. target: the accuracy that it
    must reach on the 10,000 test images; of a GAN, how sure the CNN must be of its images; of an
    autoencoder, the mean squared error that it must stay below. levels: what its weights are
    rounded to when they ship, as for save_weights. weights: the name of its file in
    dataset/trained, or None where it does not ship. export: gives its arrays by name.
    """

    make: Callable[[], chainer.Link]
    layers: str
    settings: Settings
    target: float
    levels: int | None = None
    weights: str | None = None
    export: Callable[[chainer.Link], dict] = get_arrays


# The one list of models: the command, the shipping, the page and the tests read it.
MODELS = {
    "three-layer-net": Model(
        make=three_layer_net, layers="784-50-100-10, sigmoid", target=0.95,
        settings=Settings(epochs=15, batch_size=100),
        weights="three-layer-net", export=export_params),  # with the book's names, for its code
    "mlp": Model(
        make=lambda: MLP(784, 784, 784, 10), layers="784-784-784-10, ReLU", target=0.98,
        settings=Settings(epochs=20, batch_size=1000), weights="mlp", levels=63),
    "cnn": Model(
        make=CNN, layers="5×5×32, pool, 5×5×64, pool, 1024, dropout 0.4, 10, ReLU", target=0.99,
        settings=Settings(epochs=10, batch_size=256, decay=0.8), weights="cnn", levels=15),
    "cnn-deep": Model(
        make=DeepCNN, layers="3×3×32 four times, pool, 10, ReLU", target=0.98,
        settings=Settings(epochs=6, batch_size=256, decay=0.8), weights="cnn-deep", levels=127),
    "autoencoder": Model(
        make=Autoencoder, layers="784-500-300-200-100-50 and back, ReLU", target=0.01,
        settings=Settings(epochs=10, batch_size=50), weights="autoencoder", levels=31),
    "autoencoder-2": Model(
        make=lambda: Autoencoder(2), layers="784-500-300-200-100-2 and back, ReLU", target=0.04,
        settings=Settings(epochs=10, batch_size=50, seed=2), weights="autoencoder-2", levels=63),
    "gan": Model(
        make=lambda: GAN(128), layers="100, 3×3×128, deconvolutions to 64, 32, 16, 1, and a mirror",
        target=0.85, settings=Settings(epochs=20, batch_size=50, decay=0.9),
        weights="gan", levels=127),
    "gan-full": Model(
        make=lambda: GAN(512), layers="100, 3×3×512, deconvolutions to 256, 128, 64, 1, "
        "and a mirror", target=0.85, settings=Settings(epochs=20, batch_size=50, lr=0.0002)),
}


def logits(model, x, batch_size=1000):
    """Ask a Chainer model in batches, as in inference: dropout is off, no graph is kept.

    x: images in the shape that the model takes, NumPy or CuPy; they go to where the model is.
    Returns its outputs (images, classes), an array on that device. Raises CourseError for what the
    model cannot take.
    """
    _check_batch(x)
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        try:
            parts = [model(model.device.send(x[start:start + batch_size])).array
                     for start in range(0, len(x), batch_size)]
        except InvalidType:
            raise CourseError(_(
                "The model takes float32 rows of another length, or other images, than {dtype} of "
                "shape {shape}; load_mnist() gives images that it takes.").format(
                    dtype=x.dtype, shape=x.shape)) from None
    return parts[0] if len(parts) == 1 else model.device.xp.concatenate(parts)


def _check_batch(x):
    """Raise CourseError for what is no array of one image at least."""
    if getattr(x, "ndim", 0) < 2 or not len(x):
        found = type(x).__name__ if not hasattr(x, "shape") else f"{x.dtype} of shape {x.shape}"
        raise CourseError(_("A model takes an array of images, (images, 784) or so, not {found}; "
                            "one image is a batch as x[None].").format(found=found))


def predict(model, x, batch_size=1000):
    """Return the probability of each class (images, classes), as NumPy: softmax of the logits."""
    return softmax(to_cpu(logits(model, x, batch_size)))


def fit_images(model, images, labels):
    """Return images and labels fit for a Chainer model, on its device, or say what is wrong.

    images: in the shape that the model takes, pixels from 0 to 1. labels: indices or one-hot.
    Returns float32 images and int32 labels. Raises CourseError for other images, and for labels
    as label_indices does.
    """
    _check_batch(images)
    x = model.device.send(images)
    if x.dtype != np.float32 or not (float(x.min()) >= 0 and float(x.max()) <= 1):
        raise CourseError(_("Images must be float32 with pixels from 0 to 1, not {dtype} from "
                            "{low} to {high}.").format(dtype=x.dtype, low=x.min(), high=x.max()))
    rows = np.broadcast_to(np.float32(0), (len(x), logits(model, x[:1]).shape[1]))
    return x, model.device.send(label_indices(to_cpu(labels), rows).astype(np.int32))


def load_model(name, folder=TRAINED):
    """Return a Chainer model with the weights that it has learned.

    name: such as "cnn". folder: where its weights lie; by default those that ship with the
    course. Raises DataError as load_weights does.
    """
    info = weights_info(name, folder)
    if info["model"] not in MODELS:
        raise DataError(_("The model {model!r} of {name}.json is none of {models}.").format(
                            model=info['model'], name=name, models=', '.join(MODELS)))
    model = MODELS[info["model"]].make()
    arrays = load_weights(name, folder)
    if "W1" in arrays:
        import_params(model, arrays)
    else:
        set_arrays(model, arrays)
    return model
