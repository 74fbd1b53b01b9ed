"""Train the models that ship with the course."""
from pathlib import Path

import chainer
import chainer.functions as F
import numpy as np
from tqdm import trange

from common.errors import CourseError
from common.models import export_params, three_layer_net
from common.networks import ThreeLayerNet
from dataset.mnist import load_mnist, status
from dataset.weights import save_weights

NAME = "05_inference_and_batches"  # the chapter that shows the network


def train_three_layer_net(out, epochs=15, batch_size=100, lr=0.001, seed=0):
    """Train the network of chapter 05 and save it in the folder `out`.

    epochs: passes over the training images. batch_size: images a step. lr: learning rate of Adam.
    One training image in twelve is kept out and measures every epoch; the test images are
    measured once, at the end, with the NumPy network that chapter 05 uses.
    Returns the path of the saved weights.
    """
    if epochs < 1 or batch_size < 1 or lr <= 0:
        raise CourseError("epochs and batch size must be 1 or more, and the learning rate above 0.")
    (x_train, t_train), (x_test, t_test) = load_mnist()
    held_out = len(x_train) // 12
    x, t = x_train[:-held_out], t_train[:-held_out]
    x_validation, t_validation = x_train[-held_out:], t_train[-held_out:]

    np.random.seed(seed)  # Chainer's initial weights come from NumPy's global generator
    model = three_layer_net()
    optimizer = chainer.optimizers.Adam(alpha=lr).setup(model)
    for epoch in range(1, epochs + 1):
        order = np.random.permutation(len(x))
        for start in trange(0, len(x), batch_size, desc=f"epoch {epoch}", leave=False,
                            disable=None):  # no bar where the output goes into a file
            batch = order[start:start + batch_size]
            loss = F.softmax_cross_entropy(model(x[batch]), t[batch])
            model.cleargrads()
            loss.backward()
            optimizer.update()
        validation = accuracy(model, x_validation, t_validation)
        print(f"epoch {epoch}: loss {loss.item():.4f}, validation accuracy {validation:.4f}")

    params = export_params(model)
    test = float((ThreeLayerNet(params).predict(x_test).argmax(axis=1) == t_test).mean())
    info = {
        "model": "three-layer-net 784-50-100-10, sigmoid, sigmoid, softmax",
        "command": f"course train three-layer-net --epochs {epochs} --batch-size {batch_size} "
                   f"--lr {lr} --seed {seed} --out FOLDER",
        "data": f"{status().kind} MNIST: {len(x)} images to train, {held_out} to validate",
        "optimizer": "Adam",
        "validation_accuracy": round(validation, 4),
        "test_accuracy": round(test, 4),
    }
    path = save_weights(Path(out) / NAME, params, info)
    print(f"Accuracy on the {len(x_test)} test images: {test:.4f}")
    print(f"The weights are in {path}, and how they were trained in {path.with_suffix('.json')}.")
    return path


def accuracy(model, x, t):
    """Return the share of images that a Chainer model answers right, from 0.0 to 1.0."""
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        return float(F.accuracy(model(x), t).item())
