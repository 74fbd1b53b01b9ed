"""The GAN of the benchmarks, in Chainer and in PyTorch: a DCGAN for images of 28×28 pixels.

The generator goes from 100 random numbers by two deconvolutions to an image, the discriminator
back by two convolutions to one number, both with batch normalisation; the discriminator with leaky
ReLU. A step trains the discriminator on a batch of real and one of made images, then the generator.
make_chainer and make_torch return what those of models.py return.
"""
import models
import numpy as np

ADAM = 0.0002, 0.5  # learning rate and beta1


def make_chainer(device="cpu"):
    import chainer
    import chainer.functions as F
    import chainer.links as L
    np.random.seed(0)
    generator = chainer.Sequential(
        L.Linear(100, 6272, nobias=True), L.BatchNormalization(6272), F.relu,
        lambda x: x.reshape(-1, 128, 7, 7),
        L.Deconvolution2D(128, 64, 4, 2, 1, nobias=True), L.BatchNormalization(64), F.relu,
        L.Deconvolution2D(64, 1, 4, 2, 1), F.sigmoid)
    discriminator = chainer.Sequential(
        L.Convolution2D(1, 64, 4, 2, 1), F.leaky_relu,
        L.Convolution2D(64, 128, 4, 2, 1, nobias=True), L.BatchNormalization(128), F.leaky_relu,
        L.Linear(6272, 1))
    device = chainer.get_device({"cpu": "@numpy", "gpu": "@cupy:0"}[device])
    device.use()
    adams = []
    for model in (generator, discriminator):
        model.to_device(device)
        adams.append(chainer.optimizers.Adam(*ADAM).setup(model))
    x, z = map(device.send, batch())

    def losses(made):
        real = F.mean(F.softplus(-discriminator(x)))
        return real + F.mean(F.softplus(discriminator(made)))

    def step():
        made = generator(z)
        loss = losses(made.array)
        discriminator.cleargrads()
        loss.backward()
        adams[1].update()
        loss = F.mean(F.softplus(-discriminator(made)))
        generator.cleargrads()
        loss.backward()
        adams[0].update()

    return step, lambda: float(losses(generator(z).array).array), models.wait(device.xp)


def make_torch(device="cpu"):
    from torch import nn
    torch = models.prepare_torch()
    generator = nn.Sequential(
        nn.Linear(100, 6272, bias=False), nn.BatchNorm1d(6272), nn.ReLU(),
        nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Sigmoid())
    discriminator = nn.Sequential(
        nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(6272, 1))
    device = {"cpu": "cpu", "gpu": "cuda"}[device]
    adams = [torch.optim.Adam(model.to(device).parameters(), lr=ADAM[0], betas=(ADAM[1], 0.999))
             for model in (generator, discriminator)]
    x, z = (torch.from_numpy(array).to(device) for array in batch())
    softplus = nn.functional.softplus

    def losses(made):
        return softplus(-discriminator(x)).mean() + softplus(discriminator(made)).mean()

    def step():
        made = generator(z)
        loss = losses(made.detach())
        discriminator.zero_grad()
        loss.backward()
        adams[1].step()
        loss = softplus(-discriminator(made)).mean()
        generator.zero_grad()
        loss.backward()
        adams[0].step()

    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    return step, lambda: losses(generator(z).detach()).item(), wait


def batch():
    """Return real images and the random numbers that images are made of (float32)."""
    x, _ = models.data("gan")
    return x, np.random.default_rng(1).normal(size=(len(x), 100)).astype(np.float32)
