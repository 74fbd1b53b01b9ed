# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 16-influence | what it is worth, not what it changes
def influence(f, image):
    return f(np.diag(image))
# %% 16-influence | every pixel is lit in full
def influence(f, image):
    return f(np.eye(len(image))) - f(np.zeros((1, len(image))))
# %% 16-influence | the pixel is taken away, not put in
def influence(f, image):
    return f(image[None]) - f(image * (1 - np.eye(len(image))))
# %% 16-influence | right, but a call for each pixel
def influence(f, image):
    black = np.zeros((1, len(image)))
    rows = []
    for pixel in range(len(image)):
        alone = black.copy()
        alone[0, pixel] = image[pixel]
        rows.append((f(alone) - f(black))[0])
    return np.array(rows)
# %% 16-influence | pixels in the columns
def influence(f, image):
    return (f(np.diag(image)) - f(np.zeros((1, len(image))))).T
# %% 16-miss | the outputs, not what has changed
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images)
    return np.abs(sums - changes).sum() / np.abs(changes).sum()
# %% 16-miss | misses cancel each other
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images) - f(np.zeros_like(images))
    return abs((sums - changes).sum()) / abs(changes.sum())
# %% 16-miss | the mean of many ratios
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images) - f(np.zeros_like(images))
    return np.mean(np.abs(sums - changes) / np.abs(changes))
# %% 16-miss | in parts of the sums
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images) - f(np.zeros_like(images))
    return np.abs(sums - changes).sum() / np.abs(sums).sum()
# %% 16-taken-away | black pixels are counted
def taken_away(f, image, values, counts):
    order = np.argsort(-values)
    pictures = np.stack([image] * len(counts))
    for picture, count in zip(pictures, counts):
        picture[order[:count]] = 0
    return f(pictures)
# %% 16-taken-away | the smallest value first
def taken_away(f, image, values, counts):
    lit = np.flatnonzero(image)
    order = lit[np.argsort(values[lit])]
    pictures = np.stack([image] * len(counts))
    for picture, count in zip(pictures, counts):
        picture[order[:count]] = 0
    return f(pictures)
# %% 16-taken-away | the largest size first
def taken_away(f, image, values, counts):
    lit = np.flatnonzero(image)
    order = lit[np.argsort(-abs(values[lit]))]
    pictures = np.stack([image] * len(counts))
    for picture, count in zip(pictures, counts):
        picture[order[:count]] = 0
    return f(pictures)
# %% 16-taken-away | the brightest first
def taken_away(f, image, values, counts):
    lit = np.flatnonzero(image)
    order = lit[np.argsort(-image[lit], kind="stable")]
    pictures = np.stack([image] * len(counts))
    for picture, count in zip(pictures, counts):
        picture[order[:count]] = 0
    return f(pictures)
# %% 16-taken-away | what is lost
def taken_away(f, image, values, counts):
    lit = np.flatnonzero(image)
    order = lit[np.argsort(-values[lit])]
    pictures = np.stack([image] * len(counts))
    for picture, count in zip(pictures, counts):
        picture[order[:count]] = 0
    return f(image[None])[0] - f(pictures)
# %% 16-taken-away | one pixel at a time
def taken_away(f, image, values, counts):
    lit = np.flatnonzero(image)
    order = lit[np.argsort(-values[lit])]
    pictures = np.stack([image] * len(counts))
    for picture, count in zip(pictures, counts):
        picture[order[count - 1:count]] = 0
    return f(pictures)
# %% 16-taken-away | the caller's image is changed
def taken_away(f, image, values, counts):
    lit = np.flatnonzero(image)
    order = lit[np.argsort(-values[lit])]
    outputs = []
    for count in counts:
        image[order[:count]] = 0
        outputs.append(f(image[None])[0])
    return np.array(outputs)
# %% 16-straight-way | the gradients where the pieces begin
def straight_way(gradient, image, baseline, steps):
    share = np.arange(steps)[:, np.newaxis] / steps
    return (image - baseline) * gradient(baseline + share * (image - baseline)).mean(axis=0)
# %% 16-straight-way | both ends of the way
def straight_way(gradient, image, baseline, steps):
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    return (image - baseline) * gradient(baseline + share * (image - baseline)).mean(axis=0)
# %% 16-straight-way | always from black
def straight_way(gradient, image, baseline, steps):
    share = (np.arange(steps)[:, np.newaxis] + 0.5) / steps
    return image * gradient(share * image).mean(axis=0)
# %% 16-straight-way | times the pixel, not times its change
def straight_way(gradient, image, baseline, steps):
    share = (np.arange(steps)[:, np.newaxis] + 0.5) / steps
    return image * gradient(baseline + share * (image - baseline)).mean(axis=0)
# %% 16-straight-way | the gradient at the image alone
def straight_way(gradient, image, baseline, steps):
    return (image - baseline) * gradient(image[np.newaxis])[0]
# %% 16-straight-way | gradients only
def straight_way(gradient, image, baseline, steps):
    share = (np.arange(steps)[:, np.newaxis] + 0.5) / steps
    return gradient(baseline + share * (image - baseline)).mean(axis=0)
# %% 16-shapley | as it was
def shapley(f, image, orders):
    return shapley_wrong(f, image, orders)
# %% 16-shapley | the values are mended, the standard error is not
def shapley(f, image, orders):
    gains = np.zeros(orders.shape)
    for row, order in zip(gains, orders):
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        row[order] = np.diff(f(images))
    return gains.mean(axis=0), gains.std(axis=0, ddof=1) / len(orders)
# %% 16-shapley | the standard error is mended, the values are not
def shapley(f, image, orders):
    gains = []
    for order in orders:
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        gains.append(np.diff(f(images)))
    return np.mean(gains, axis=0), np.std(gains, axis=0, ddof=1) / np.sqrt(len(orders))
# %% 16-shapley | put back with the order the wrong way round
def shapley(f, image, orders):
    gains = []
    for order in orders:
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        gains.append(np.diff(f(images))[order])
    return np.mean(gains, axis=0), np.std(gains, axis=0, ddof=1) / np.sqrt(len(orders))
# %% 16-shapley | the standard deviation, not the standard error
def shapley(f, image, orders):
    gains = np.zeros(orders.shape)
    for row, order in zip(gains, orders):
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        row[order] = np.diff(f(images))
    return gains.mean(axis=0), gains.std(axis=0, ddof=1)
