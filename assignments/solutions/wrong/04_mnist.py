# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 04-draw | always the first sixteen
def draw_sixteen(first):
    (x_train, t_train), _ = load_mnist(flatten=False)
    fig, grid = plt.subplots(4, 4)
    for axes, image, label in zip(grid.flat, x_train, t_train):
        axes.imshow(image[0])
        axes.set_title(label)
    return fig
# %% 04-draw | test images
def draw_sixteen(first):
    _, (x_test, t_test) = load_mnist(flatten=False)
    fig, grid = plt.subplots(4, 4)
    for k, axes in enumerate(grid.flat):
        axes.imshow(x_test[(first + k) % len(x_test), 0])
        axes.set_title(t_test[(first + k) % len(x_test)])
    return fig
# %% 04-draw | positions as titles
def draw_sixteen(first):
    (x_train, t_train), _ = load_mnist(flatten=False)
    fig, grid = plt.subplots(4, 4)
    for k, axes in enumerate(grid.flat, start=first):
        axes.imshow(x_train[k, 0])
        axes.set_title(k)
    return fig
# %% 04-draw | column by column
def draw_sixteen(first):
    (x_train, t_train), _ = load_mnist()
    fig, grid = plt.subplots(4, 4)
    for k, axes in enumerate(grid.T.flat, start=first):
        axes.imshow(x_train[k].reshape(28, 28))
        axes.set_title(t_train[k])
    return fig
# %% 04-draw | the labels are one ahead of the images
def draw_sixteen(first):
    (x_train, t_train), _ = load_mnist(flatten=False)
    fig, grid = plt.subplots(4, 4)
    for k, axes in enumerate(grid.flat, start=first):
        axes.imshow(x_train[k, 0])
        axes.set_title(t_train[k + 1])
    return fig
# %% 04-draw | images on their side
def draw_sixteen(first):
    (x_train, t_train), _ = load_mnist(flatten=False)
    fig, grid = plt.subplots(4, 4)
    for k, axes in enumerate(grid.flat, start=first):
        axes.imshow(x_train[k, 0].T)
        axes.set_title(t_train[k])
    return fig
# %% 04-draw | one row of sixteen
def draw_sixteen(first):
    (x_train, t_train), _ = load_mnist(flatten=False)
    fig, grid = plt.subplots(1, 16)
    for k, axes in enumerate(grid.flat, start=first):
        axes.imshow(x_train[k, 0])
        axes.set_title(t_train[k])
    return fig
# %% 04-prepare | float64
def prepare(images):
    return images.reshape(len(images), -1) / 255
# %% 04-prepare | divided by the brightest pixel
def prepare(images):
    return (images.reshape(len(images), -1) / images.max()).astype(np.float32)
# %% 04-prepare | all pixels in one row
def prepare(images):
    return images.flatten() / np.float32(255)
# %% 04-prepare | whole numbers
def prepare(images):
    return (images.reshape(len(images), -1) // 255).astype(np.float32)
# %% 04-prepare | 784 pixels, whatever the size
def prepare(images):
    return images.reshape(-1, 784) / np.float32(255)
# %% 04-prepare | not divided
def prepare(images):
    return images.reshape(len(images), -1).astype(np.float32)
# %% 04-split | without an order
def split(x, t, held_out, rng):
    cut = len(x) - held_out
    return x[:cut], t[:cut], x[cut:], t[cut:]
# %% 04-split | images and labels each in an order of their own
def split(x, t, held_out, rng):
    x, t = x[rng.permutation(len(x))], t[rng.permutation(len(t))]
    cut = len(x) - held_out
    return x[:cut], t[:cut], x[cut:], t[cut:]
# %% 04-split | the labels stay where they were
def split(x, t, held_out, rng):
    x = x[rng.permutation(len(x))]
    cut = len(x) - held_out
    return x[:cut], t[:cut], x[cut:], t[cut:]
# %% 04-split | minus zero
def split(x, t, held_out, rng):
    order = rng.permutation(len(x))
    fit, validation = order[:-held_out], order[-held_out:]
    return x[fit], t[fit], x[validation], t[validation]
# %% 04-split | the first of the order are held out
def split(x, t, held_out, rng):
    order = rng.permutation(len(x))
    fit, validation = order[held_out:], order[:held_out]
    return x[fit], t[fit], x[validation], t[validation]
# %% 04-standardise | each with its own mean and deviation
def standardise(x_train, x_test):
    parts = []
    for x in (x_train, x_test):
        deviation = x.std(axis=0)
        parts.append((x - x.mean(axis=0)) / np.where(deviation == 0, 1, deviation))
    return tuple(parts)
# %% 04-standardise | divided by a deviation of 0
def standardise(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / deviation, (x_test - mean) / deviation
# %% 04-standardise | a small number instead of 0
def standardise(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0) + 1e-8
    return (x_train - mean) / deviation, (x_test - mean) / deviation
# %% 04-standardise | one mean and one deviation for all pixels
def standardise(x_train, x_test):
    mean, deviation = x_train.mean(), x_train.std()
    return (x_train - mean) / deviation, (x_test - mean) / deviation
# %% 04-standardise | one deviation for all pixels
def standardise(x_train, x_test):
    mean, deviation = x_train.mean(axis=0), x_train.std()
    return (x_train - mean) / deviation, (x_test - mean) / deviation
# %% 04-standardise | mean and deviation of all images, the test images too
def standardise(x_train, x_test):
    x = np.concatenate([x_train, x_test])
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (x_train - mean) / deviation, (x_test - mean) / deviation
# %% 04-standardise | the axis of the pixels
def standardise(x_train, x_test):
    mean, deviation = x_train.mean(axis=1), x_train.std(axis=1)
    deviation = np.where(deviation == 0, 1, deviation)
    return (x_train.T - mean).T / deviation[:, None], x_test - x_test.mean(axis=1)[:, None]
# %% 04-bug-hunt | it still knows what it is asked about
def score(x, t, held_out):
    x = x.astype(np.float32)
    right = 0
    for image, label in zip(x[-held_out:], t[-held_out:]):
        distances = ((x - image) ** 2).sum(axis=1)
        right += int(t[distances.argmin()] == label)
    return right / held_out
# %% 04-bug-hunt | uint8 still
def score(x, t, held_out):
    known, labels = x[:-held_out], t[:-held_out]
    right = 0
    for image, label in zip(x[-held_out:], t[-held_out:]):
        distances = ((known - image) ** 2).sum(axis=1)
        right += int(labels[distances.argmin()] == label)
    return right / held_out
# %% 04-bug-hunt | a larger type only after the difference
def score(x, t, held_out):
    known, labels = x[:-held_out], t[:-held_out]
    right = 0
    for image, label in zip(x[-held_out:], t[-held_out:]):
        distances = ((known - image).astype(np.float64) ** 2).sum(axis=1)
        right += int(labels[distances.argmin()] == label)
    return right / held_out
# %% 04-bug-hunt | as it was
def score(x, t, held_out):
    known, labels = x, t
    right = 0
    for image, label in zip(x[-held_out:], t[-held_out:]):
        distances = ((known - image) ** 2).sum(axis=1)
        right += int(labels[distances.argmin()] == label)
    return right / held_out
# %% 04-bug-hunt | a share of all images
def score(x, t, held_out):
    x = x.astype(np.float32)
    known, labels = x[:-held_out], t[:-held_out]
    right = 0
    for image, label in zip(x[-held_out:], t[-held_out:]):
        distances = ((known - image) ** 2).sum(axis=1)
        right += int(labels[distances.argmin()] == label)
    return right / len(x)
