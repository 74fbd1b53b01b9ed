# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 11-influence | what it is worth, not what it changes
def influence(f, image):
    return f(np.diag(image))
# %% 11-influence | every pixel is lit in full
def influence(f, image):
    return f(np.eye(len(image))) - f(np.zeros((1, len(image))))
# %% 11-influence | the pixel is taken away, not put in
def influence(f, image):
    return f(image[None]) - f(image * (1 - np.eye(len(image))))
# %% 11-influence | right, but a call for each pixel
def influence(f, image):
    black = np.zeros((1, len(image)))
    rows = []
    for pixel in range(len(image)):
        alone = black.copy()
        alone[0, pixel] = image[pixel]
        rows.append((f(alone) - f(black))[0])
    return np.array(rows)
# %% 11-influence | pixels in the columns
def influence(f, image):
    return (f(np.diag(image)) - f(np.zeros((1, len(image))))).T
# %% 11-miss | the outputs, not what has changed
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images)
    return np.abs(sums - changes).sum() / np.abs(changes).sum()
# %% 11-miss | misses cancel each other
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images) - f(np.zeros_like(images))
    return abs((sums - changes).sum()) / abs(changes.sum())
# %% 11-miss | the mean of many ratios
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images) - f(np.zeros_like(images))
    return np.mean(np.abs(sums - changes) / np.abs(changes))
# %% 11-miss | in parts of the sums
def miss(f, images):
    sums = np.array([single_pixels(f, image).sum(axis=0) for image in images])
    changes = f(images) - f(np.zeros_like(images))
    return np.abs(sums - changes).sum() / np.abs(sums).sum()
# %% 11-covered | the wrong sign
def covered(f, image, row, column, size):
    half, picture = size // 2, image.copy()
    picture[max(row - half, 0):row + half + 1, max(column - half, 0):column + half + 1] = 0
    return f(picture.reshape(1, -1))[0] - f(image.reshape(1, -1))[0]
# %% 11-covered | the caller's image is changed
def covered(f, image, row, column, size):
    half, before = size // 2, f(image.reshape(1, -1))[0]
    image[max(row - half, 0):row + half + 1, max(column - half, 0):column + half + 1] = 0
    return before - f(image.reshape(1, -1))[0]
# %% 11-covered | slices that begin below 0
def covered(f, image, row, column, size):
    half, picture = size // 2, image.copy()
    picture[row - half:row + half + 1, column - half:column + half + 1] = 0
    return f(image.reshape(1, -1))[0] - f(picture.reshape(1, -1))[0]
# %% 11-covered | the pixel is the corner of the square
def covered(f, image, row, column, size):
    picture = image.copy()
    picture[row:row + size, column:column + size] = 0
    return f(image.reshape(1, -1))[0] - f(picture.reshape(1, -1))[0]
# %% 11-covered | a row and a column too few
def covered(f, image, row, column, size):
    half, picture = size // 2, image.copy()
    picture[max(row - half, 0):row + half, max(column - half, 0):column + half] = 0
    return f(image.reshape(1, -1))[0] - f(picture.reshape(1, -1))[0]
# %% 11-covered | row and column mixed up
def covered(f, image, row, column, size):
    half, picture = size // 2, image.copy()
    picture[max(column - half, 0):column + half + 1, max(row - half, 0):row + half + 1] = 0
    return f(image.reshape(1, -1))[0] - f(picture.reshape(1, -1))[0]
# %% 11-straight-way | the slopes where the pieces begin
def straight_way(slope, image, baseline, steps):
    share = np.arange(steps)[:, np.newaxis] / steps
    return (image - baseline) * slope(baseline + share * (image - baseline)).mean(axis=0)
# %% 11-straight-way | both ends of the way
def straight_way(slope, image, baseline, steps):
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    return (image - baseline) * slope(baseline + share * (image - baseline)).mean(axis=0)
# %% 11-straight-way | always from black
def straight_way(slope, image, baseline, steps):
    share = (np.arange(steps)[:, np.newaxis] + 0.5) / steps
    return image * slope(share * image).mean(axis=0)
# %% 11-straight-way | times the pixel, not times its change
def straight_way(slope, image, baseline, steps):
    share = (np.arange(steps)[:, np.newaxis] + 0.5) / steps
    return image * slope(baseline + share * (image - baseline)).mean(axis=0)
# %% 11-straight-way | the slope at the image alone
def straight_way(slope, image, baseline, steps):
    return (image - baseline) * slope(image[np.newaxis])[0]
# %% 11-straight-way | slopes only
def straight_way(slope, image, baseline, steps):
    share = (np.arange(steps)[:, np.newaxis] + 0.5) / steps
    return slope(baseline + share * (image - baseline)).mean(axis=0)
# %% 11-shapley | as it was
def shapley(f, image, orders):
    return shapley_wrong(f, image, orders)
# %% 11-shapley | the values are mended, the standard error is not
def shapley(f, image, orders):
    gains = np.zeros(orders.shape)
    for row, order in zip(gains, orders):
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        row[order] = np.diff(f(images))
    return gains.mean(axis=0), gains.std(axis=0, ddof=1) / len(orders)
# %% 11-shapley | the standard error is mended, the values are not
def shapley(f, image, orders):
    gains = []
    for order in orders:
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        gains.append(np.diff(f(images)))
    return np.mean(gains, axis=0), np.std(gains, axis=0, ddof=1) / np.sqrt(len(orders))
# %% 11-shapley | put back with the order the wrong way round
def shapley(f, image, orders):
    gains = []
    for order in orders:
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        gains.append(np.diff(f(images))[order])
    return np.mean(gains, axis=0), np.std(gains, axis=0, ddof=1) / np.sqrt(len(orders))
# %% 11-shapley | the standard deviation, not the standard error
def shapley(f, image, orders):
    gains = np.zeros(orders.shape)
    for row, order in zip(gains, orders):
        images = np.zeros((len(image) + 1, len(image)))
        for k, pixel in enumerate(order):
            images[k + 1:, pixel] = image[pixel]
        row[order] = np.diff(f(images))
    return gains.mean(axis=0), gains.std(axis=0, ddof=1)
