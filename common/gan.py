"""Two networks against each other: one forges digits, the other tells forged from real."""
import chainer
import chainer.functions as F
import chainer.links as L
from chainer import training

Z = 100  # numbers that an image is made from
BETA1 = 0.5  # of Adam, for both networks


class Generator(chainer.Chain):
    """The forger: from 100 numbers to an image of 28×28 pixels.

    A dense layer gives maps of 3×3, as many as `channels`; each of four
    deconvolutions then makes them larger and halves their number:
    3, 4, 7, 14, 28 pixels wide. Batch normalization and ReLU between, a
    sigmoid at the end, so that pixels lie from 0 to 1.
    Maps z, (images, 100), to images (images, 1, 28, 28).
    """

    def __init__(self, channels=64):
        super().__init__()
        self.channels = channels
        c = channels
        with self.init_scope():
            self.dense = L.Linear(Z, 9 * c, nobias=True)
            self.deconvolutions = chainer.ChainList(
                L.Deconvolution2D(c, c // 2, 2, 1, 0, nobias=True),
                L.Deconvolution2D(c // 2, c // 4, 3, 2, 1, nobias=True),
                L.Deconvolution2D(c // 4, c // 8, 4, 2, 1, nobias=True),
                L.Deconvolution2D(c // 8, 1, 4, 2, 1))
            self.norms = chainer.ChainList(
                *(L.BatchNormalization(c // k) for k in (1, 2, 4, 8)))

    def forward(self, z):
        """Return the images."""
        h = F.reshape(self.dense(z), (len(z), self.channels, 3, 3))
        for norm, deconvolution in zip(self.norms, self.deconvolutions):
            h = deconvolution(F.relu(norm(h)))
        return F.sigmoid(h)


class Discriminator(chainer.Chain):
    """The appraiser: from an image to one logit, above 0 for "real".

    The generator's mirror: four convolutions, 28, 14, 7, 4, 3 pixels wide,
    with leaky ReLU, then a dense layer with one output. Maps images,
    (images, 784) or (images, 1, 28, 28), to logits (images, 1).
    """

    def __init__(self, channels=64):
        super().__init__()
        c = channels
        with self.init_scope():
            self.convolutions = chainer.ChainList(
                L.Convolution2D(1, c // 8, 4, 2, 1),
                L.Convolution2D(c // 8, c // 4, 4, 2, 1, nobias=True),
                L.Convolution2D(c // 4, c // 2, 3, 2, 1, nobias=True),
                L.Convolution2D(c // 2, c, 2, 1, 0, nobias=True))
            self.norms = chainer.ChainList(
                *(L.BatchNormalization(c // k) for k in (4, 2, 1)))
            self.dense = L.Linear(9 * c, 1)

    def forward(self, x):
        """Return the logits."""
        first, *others = self.convolutions
        h = F.leaky_relu(first(F.reshape(x, (len(x), 1, 28, 28))))
        for convolution, norm in zip(others, self.norms):
            h = F.leaky_relu(norm(convolution(h)))
        return self.dense(h)


class GAN(chainer.Chain):
    """A generator and the discriminator that it is trained against.

    channels: of the generator's first maps, a multiple of 8. 64 is a size
    for two cores, 512 one for a GPU.
    """

    def __init__(self, channels=64):
        super().__init__()
        with self.init_scope():
            self.generator = Generator(channels)
            self.discriminator = Discriminator(channels)


def draw_z(images, xp):
    """Return z for some images, uniform from -1 to 1, float32 (images, 100).

    xp: NumPy or CuPy; its global generator is drawn from.
    """
    return xp.random.uniform(-1, 1, (images, Z)).astype(xp.float32)


def forge(generator, z):
    """Return what a generator makes of z, an array (images, 1, 28, 28).

    As in inference: batch normalization uses the averages of the training.
    """
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        return generator(generator.device.send(z)).array


def discriminator_loss(y_real, y_fake):
    """Cross entropy of the discriminator: real is 1, forged is 0."""
    return F.mean(F.softplus(-y_real)) + F.mean(F.softplus(y_fake))


def generator_loss(y_fake):
    """Small where the discriminator takes the forged images for real."""
    return F.mean(F.softplus(-y_fake))


class GANUpdater(training.updaters.StandardUpdater):
    """One step of both networks, with as many forged images as real ones.

    iterator: gives batches of real images. optimizers: a dict with those of
    "generator" and "discriminator", each set up with its network. loss: the
    generator's, of the logits of forged images.
    """

    def __init__(self, iterator, optimizers, device=None, loss=generator_loss):
        super().__init__(iterator, optimizers, device=device)
        self.generator_loss = loss
        self.forger = optimizers["generator"].target
        self.appraiser = optimizers["discriminator"].target
        self.losses = {}  # of the last step, by the network's name

    def update_core(self):
        """Train the generator, then the discriminator on the same images."""
        device = self.forger.device
        x_real = self.converter(self.get_iterator("main").next(), device)
        x_fake = self.forger(draw_z(len(x_real), device.xp))
        y_fake = self.appraiser(x_fake)
        y_real = self.appraiser(x_real)
        self.learn("generator", self.generator_loss(y_fake))
        x_fake.unchain_backward()  # the discriminator's loss ends here
        self.learn("discriminator", discriminator_loss(y_real, y_fake))

    def learn(self, name, loss):
        """Let the optimizer of one network make its step; note the loss."""
        optimizer = self.get_optimizer(name)
        self.losses[name] = loss.item()
        chainer.report({"loss": loss}, optimizer.target)
        optimizer.target.cleargrads()
        loss.backward()
        optimizer.update()
