"""The models of the benchmarks, each in Chainer, in PyTorch and in the course's own layers.

MODELS names them and their batch sizes. Each make_… takes such a name and a device, "cpu" or
"gpu", and returns step(), which trains on one batch, loss(), a float, and wait(), which returns
when the device has done all that it was told to do.
"""
import os

import gan
import numpy as np

MODELS = {  # name: (shape of an image, images in a batch, what it is)
    "mlp": ((784,), 1000, "784-784-784-10, ReLU, Adam"),
    "cnn": ((1, 28, 28), 256, "5×5×32, pool, 5×5×64, pool, 1024, dropout, 10, Adam"),
    "cnn-deep": ((1, 28, 28), 256, "3×3×32 four times, pool, 10, Adam"),
    "gan": ((1, 28, 28), 50, "chapter 21's: four deconvolutions against four convolutions"),
    "dcgan": ((1, 28, 28), 64, "two deconvolutions against two convolutions, larger ones"),
}


def data(name):
    """Return a batch of images, most of whose pixels are 0, and labels (int32)."""
    shape, batch, _ = MODELS[name]
    rng = np.random.default_rng(0)
    x = np.maximum(rng.normal(-0.5, 0.5, (batch, *shape)), 0)
    return x.astype(np.float32), rng.integers(0, 10, batch).astype(np.int32)


def make_chainer(name, device="cpu"):
    if "gan" in name:
        return gan.make_chainer(name, device)
    import chainer
    import chainer.functions as F
    import chainer.links as L
    np.random.seed(0)
    layers = {
        "mlp": lambda: [L.Linear(784, 784), F.relu, L.Linear(784, 784), F.relu, L.Linear(784, 10)],
        "cnn": lambda: [
            L.Convolution2D(1, 32, 5, pad=2), F.relu, lambda x: F.max_pooling_2d(x, 2),
            L.Convolution2D(32, 64, 5, pad=2), F.relu, lambda x: F.max_pooling_2d(x, 2),
            L.Linear(3136, 1024), F.relu, lambda x: F.dropout(x, 0.4), L.Linear(1024, 10)],
        "cnn-deep": lambda: [
            L.Convolution2D(1, 32, 3), F.relu, L.Convolution2D(32, 32, 3), F.relu,
            L.Convolution2D(32, 32, 3), F.relu, L.Convolution2D(32, 32, 3), F.relu,
            lambda x: F.max_pooling_2d(x, 2), L.Linear(3200, 10)],
    }
    model = chainer.Sequential(*layers[name]())
    device = chainer.get_device({"cpu": "@numpy", "gpu": "@cupy:0"}[device])
    device.use()
    model.to_device(device)
    optimizer = chainer.optimizers.Adam().setup(model)
    x, t = map(device.send, data(name))

    def step():
        loss = F.softmax_cross_entropy(model(x), t)
        model.cleargrads()
        loss.backward()
        optimizer.update()

    return step, lambda: float(F.softmax_cross_entropy(model(x), t).array), wait(device.xp)


def make_torch(name, device="cpu"):
    if "gan" in name:
        return gan.make_torch(name, device)
    from torch import nn
    torch = prepare_torch()
    layers = {
        "mlp": lambda: [nn.Linear(784, 784), nn.ReLU(), nn.Linear(784, 784), nn.ReLU(),
                        nn.Linear(784, 10)],
        "cnn": lambda: [
            nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(3136, 1024), nn.ReLU(), nn.Dropout(0.4), nn.Linear(1024, 10)],
        "cnn-deep": lambda: [
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(),
            nn.Conv2d(32, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3200, 10)],
    }
    device = {"cpu": "cpu", "gpu": "cuda"}[device]
    model = nn.Sequential(*layers[name]()).to(device)
    optimizer = torch.optim.Adam(model.parameters())
    x, t = (torch.from_numpy(array).to(device) for array in data(name))
    t = t.long()

    def step():
        loss = nn.functional.cross_entropy(model(x), t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    done = torch.cuda.synchronize if device == "cuda" else lambda: None
    return step, lambda: nn.functional.cross_entropy(model(x), t).item(), done


def prepare_torch():
    """Return PyTorch, with the threads that a Peer was given, and seeded."""
    import torch
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads())))
    torch.manual_seed(0)
    return torch


def make_ours(name, device="cpu"):
    if "gan" in name:
        raise NotImplementedError("the course has no deconvolution")
    from common.layers import Affine, Convolution, Dropout, Pooling, Relu, SoftmaxWithLoss
    from common.optimizers import Adam
    if device == "gpu":
        import cupy as xp
    else:
        xp = np
    rng = np.random.default_rng(0)
    params = {}

    def add(layer, *shape, **options):
        fan_in = shape[0] if layer is Affine else np.prod(shape[1:])
        W = rng.standard_normal(shape) / np.sqrt(fan_in)  # as Chainer's links start
        b = np.zeros(shape[1] if layer is Affine else shape[0])
        number = len(params) // 2 + 1
        names = f"W{number}", f"b{number}"
        params.update(zip(names, (xp.asarray(W, np.float32), xp.asarray(b, np.float32))))
        made = layer(*map(params.get, names), **options, input_gradient=number > 1)
        slopes.append((made, names))
        return made

    slopes = []
    layers = {
        "mlp": lambda: [add(Affine, 784, 784), Relu(), add(Affine, 784, 784), Relu(),
                        add(Affine, 784, 10)],
        "cnn": lambda: [
            add(Convolution, 32, 1, 5, 5, pad=2), Relu(), Pooling(2, 2, stride=2),
            add(Convolution, 64, 32, 5, 5, pad=2), Relu(), Pooling(2, 2, stride=2),
            add(Affine, 3136, 1024), Relu(), Dropout(0.4), add(Affine, 1024, 10)],
        "cnn-deep": lambda: [
            add(Convolution, 32, 1, 3, 3), Relu(), add(Convolution, 32, 32, 3, 3), Relu(),
            add(Convolution, 32, 32, 3, 3), Relu(), add(Convolution, 32, 32, 3, 3), Relu(),
            Pooling(2, 2, stride=2), add(Affine, 3200, 10)],
    }[name]()
    last = SoftmaxWithLoss()
    optimizer = Adam()
    x, t = map(xp.asarray, data(name))

    def loss():
        h = x
        for layer in layers:
            h = layer.forward(h)
        return last.forward(h, t)

    def step():
        loss()
        dout = last.backward(1)
        for layer in reversed(layers):
            dout = layer.backward(dout)
        optimizer.update(params, {name: slope for layer, names in slopes
                                  for name, slope in zip(names, (layer.dW, layer.db))})

    return step, lambda: float(loss()), wait(xp)


def wait(xp):
    """Return a function that waits for a GPU of CuPy, and does nothing for NumPy."""
    return (lambda: None) if xp is np else xp.cuda.Device().synchronize
