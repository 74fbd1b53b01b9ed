"""The GANs of the benchmarks, in Chainer and in PyTorch, for images of 28×28 pixels.

"gan" is that of chapter 21, in the size that the course trains: four deconvolutions against four
convolutions. Its step trains the generator, then the discriminator on the same images. "dcgan" has
fewer and larger layers: the generator goes from 100 random numbers by two deconvolutions to an
image, the discriminator back by two convolutions to one number. Its step trains the discriminator
on a batch of real and one of made images, then the generator. Both have batch normalisation, and
leaky ReLU in the discriminator. The functions return what those of models.py return.
"""
import models
import numpy as np

ADAM = 0.0002, 0.5  # learning rate and beta1
CHANNELS = 128  # of the first maps in "gan"


def make_chainer(name, device="cpu"):
    return {"gan": make_course_chainer, "dcgan": make_dcgan_chainer}[name](device)


def make_torch(name, device="cpu"):
    return {"gan": make_course_torch, "dcgan": make_dcgan_torch}[name](device)


def make_course_chainer(device):
    import chainer

    from common.gan import GAN, discriminator_loss, generator_loss
    np.random.seed(0)
    gan = GAN(CHANNELS)
    device = chainer.get_device({"cpu": "@numpy", "gpu": "@cupy:0"}[device])
    device.use()
    gan.to_device(device)
    generator, discriminator = gan.generator, gan.discriminator
    adams = [chainer.optimizers.Adam(*ADAM).setup(model) for model in (generator, discriminator)]
    x, z = map(device.send, batch("gan"))

    def learn(model, adam, loss):
        model.cleargrads()
        loss.backward()
        adam.update()

    def step():  # that of common.gan.GANUpdater
        made = generator(z)
        y_made, y_real = discriminator(made), discriminator(x)
        learn(generator, adams[0], generator_loss(y_made))
        made.unchain_backward()
        learn(discriminator, adams[1], discriminator_loss(y_real, y_made))

    def loss():
        return float(discriminator_loss(discriminator(x), discriminator(generator(z))).array)

    return step, loss, models.wait(device.xp)


def make_course_torch(device):
    from torch import nn
    torch = models.prepare_torch()
    c = CHANNELS

    def deconvolution(inputs, outputs, *shape):
        return nn.BatchNorm2d(inputs), nn.ReLU(), nn.ConvTranspose2d(
            inputs, outputs, *shape, bias=outputs == 1)

    def convolution(inputs, outputs, *shape):
        return (nn.Conv2d(inputs, outputs, *shape, bias=False), nn.BatchNorm2d(outputs),
                nn.LeakyReLU(0.2))

    generator = nn.Sequential(
        nn.Linear(100, 9 * c, bias=False), nn.Unflatten(1, (c, 3, 3)),
        *deconvolution(c, c // 2, 2, 1, 0), *deconvolution(c // 2, c // 4, 3, 2, 1),
        *deconvolution(c // 4, c // 8, 4, 2, 1), *deconvolution(c // 8, 1, 4, 2, 1), nn.Sigmoid())
    discriminator = nn.Sequential(
        nn.Conv2d(1, c // 8, 4, 2, 1), nn.LeakyReLU(0.2),
        *convolution(c // 8, c // 4, 4, 2, 1), *convolution(c // 4, c // 2, 3, 2, 1),
        *convolution(c // 2, c, 2, 1, 0), nn.Flatten(), nn.Linear(9 * c, 1))
    device = {"cpu": "cpu", "gpu": "cuda"}[device]
    adams = [torch.optim.Adam(model.to(device).parameters(), lr=ADAM[0], betas=(ADAM[1], 0.999))
             for model in (generator, discriminator)]
    x, z = (torch.from_numpy(array).to(device) for array in batch("gan"))
    softplus = nn.functional.softplus

    def discriminator_loss(y_real, y_made):
        return softplus(-y_real).mean() + softplus(y_made).mean()

    def step():
        made = generator(z)
        y_made, y_real = discriminator(made), discriminator(x)
        generator.zero_grad()
        softplus(-y_made).mean().backward(retain_graph=True)
        adams[0].step()
        discriminator.zero_grad()
        discriminator_loss(y_real, y_made).backward(inputs=list(discriminator.parameters()))
        adams[1].step()

    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    return step, lambda: discriminator_loss(
        discriminator(x), discriminator(generator(z))).item(), wait


def make_dcgan_chainer(device):
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
    x, z = map(device.send, batch("dcgan"))

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


def make_dcgan_torch(device):
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
    x, z = (torch.from_numpy(array).to(device) for array in batch("dcgan"))
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


def batch(name):
    """Return real images and the random numbers that images are made of (float32)."""
    x, _ = models.data(name)
    return x, np.random.default_rng(1).normal(size=(len(x), 100)).astype(np.float32)
