# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 21-one-logit | forged minus real
def one_logit(two):
    return two[:, 0] - two[:, 1]
# %% 21-one-logit | the probability, not the logit
def one_logit(two):
    return 1 / (1 + np.exp(two[:, 0] - two[:, 1]))
# %% 21-one-logit | the second column alone
def one_logit(two):
    return two[:, 1]
# %% 21-losses | sums instead of means
def losses(y_real, y_fake):
    discriminator = np.logaddexp(0, -y_real).sum() + np.logaddexp(0, y_fake).sum()
    return np.array([discriminator, np.logaddexp(0, -y_fake).sum()])
# %% 21-losses | real and forged exchanged
def losses(y_real, y_fake):
    discriminator = np.logaddexp(0, y_real).mean() + np.logaddexp(0, -y_fake).mean()
    return np.array([discriminator, np.logaddexp(0, -y_fake).mean()])
# %% 21-losses | the generator wants to be found out
def losses(y_real, y_fake):
    discriminator = np.logaddexp(0, -y_real).mean() + np.logaddexp(0, y_fake).mean()
    return np.array([discriminator, np.logaddexp(0, y_fake).mean()])
# %% 21-losses | log(1 - D) for the generator
def losses(y_real, y_fake):
    discriminator = np.logaddexp(0, -y_real).mean() + np.logaddexp(0, y_fake).mean()
    return np.array([discriminator, -np.logaddexp(0, y_fake).mean()])
# %% 21-losses | the mean over all images together
def losses(y_real, y_fake):
    discriminator = np.logaddexp(0, np.append(-y_real, y_fake)).mean()
    return np.array([discriminator, np.logaddexp(0, -y_fake).mean()])
# %% 21-losses | overflows
def losses(y_real, y_fake):
    discriminator = np.log(1 + np.exp(-y_real)).mean() + np.log(1 + np.exp(y_fake)).mean()
    return np.array([discriminator, np.log(1 + np.exp(-y_fake)).mean()])
# %% 21-deconvolve | the last stamp wins
def deconvolve(x, kernel, stride, pad):
    size, (height, width) = len(kernel), x.shape
    y = np.zeros((stride * (height - 1) + size, stride * (width - 1) + size))
    for row in range(height):
        for column in range(width):
            top, left = stride * row, stride * column
            y[top:top + size, left:left + size] = x[row, column] * kernel
    return y[pad:len(y) - pad, pad:y.shape[1] - pad]
# %% 21-deconvolve | the kernel turned
def deconvolve(x, kernel, stride, pad):
    size, (height, width) = len(kernel), x.shape
    y = np.zeros((stride * (height - 1) + size, stride * (width - 1) + size))
    for row in range(height):
        for column in range(width):
            top, left = stride * row, stride * column
            y[top:top + size, left:left + size] += x[row, column] * kernel[::-1, ::-1]
    return y[pad:len(y) - pad, pad:y.shape[1] - pad]
# %% 21-deconvolve | always one pixel further
def deconvolve(x, kernel, stride, pad):
    size, (height, width) = len(kernel), x.shape
    y = np.zeros((height - 1 + size, width - 1 + size))
    for row in range(height):
        for column in range(width):
            y[row:row + size, column:column + size] += x[row, column] * kernel
    return y[pad:len(y) - pad, pad:y.shape[1] - pad]
# %% 21-deconvolve | zeros put around instead of rows cut off
def deconvolve(x, kernel, stride, pad):
    size, (height, width) = len(kernel), x.shape
    y = np.zeros((stride * (height - 1) + size, stride * (width - 1) + size))
    for row in range(height):
        for column in range(width):
            top, left = stride * row, stride * column
            y[top:top + size, left:left + size] += x[row, column] * kernel
    return np.pad(y, pad)
# %% 21-deconvolve | pad is forgotten
def deconvolve(x, kernel, stride, pad):
    size, (height, width) = len(kernel), x.shape
    y = np.zeros((stride * (height - 1) + size, stride * (width - 1) + size))
    for row in range(height):
        for column in range(width):
            top, left = stride * row, stride * column
            y[top:top + size, left:left + size] += x[row, column] * kernel
    return y
# %% 21-verdict | the mean of all probabilities
def verdict(p):
    shares = np.bincount(p.argmax(axis=1), minlength=10) / len(p)
    return np.array([p.mean(), (shares >= 0.01).sum(), shares.max()])
# %% 21-verdict | every digit that is there at all
def verdict(p):
    shares = np.bincount(p.argmax(axis=1), minlength=10) / len(p)
    return np.array([p.max(axis=1).mean(), (shares > 0).sum(), shares.max()])
# %% 21-verdict | more than one in a hundred
def verdict(p):
    shares = np.bincount(p.argmax(axis=1), minlength=10) / len(p)
    return np.array([p.max(axis=1).mean(), (shares > 0.01).sum(), shares.max()])
# %% 21-verdict | a count, not a share
def verdict(p):
    counts = np.bincount(p.argmax(axis=1), minlength=10)
    return np.array([p.max(axis=1).mean(), (counts >= 0.01 * len(p)).sum(), counts.max()])
# %% 21-step | as it was
def step(gan, optimizers, x_real, z):
    step_wrong(gan, optimizers, x_real, z)
# %% 21-step | gradients are cleared once a step, at its beginning
def step(gan, optimizers, x_real, z):
    gan.cleargrads()
    step_wrong(gan, optimizers, x_real, z)
# %% 21-step | only the appraiser's gradients are cleared
def step(gan, optimizers, x_real, z):
    x_fake = gan.generator(z)
    y_fake, y_real = gan.discriminator(x_fake), gan.discriminator(x_real)
    generator_loss(y_fake).backward()
    optimizers["generator"].update()
    gan.discriminator.cleargrads()
    discriminator_loss(y_real, y_fake).backward()
    optimizers["discriminator"].update()
# %% 21-step | the forger is cut off before it has learned
def step(gan, optimizers, x_real, z):
    x_fake = gan.generator(z)
    x_fake.unchain_backward()
    y_fake, y_real = gan.discriminator(x_fake), gan.discriminator(x_real)
    gan.cleargrads()
    generator_loss(y_fake).backward()
    optimizers["generator"].update()
    gan.cleargrads()
    discriminator_loss(y_real, y_fake).backward()
    optimizers["discriminator"].update()
