# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 19-ink-box | rows and columns mixed up
def ink_box(image):
    rows, columns = np.flatnonzero(image.any(axis=0)), np.flatnonzero(image.any(axis=1))
    if len(rows) == 0:
        return 0, 0, 0, 0
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
# %% 19-ink-box | the last row and column are left out
def ink_box(image):
    rows, columns = np.nonzero(image)
    if len(rows) == 0:
        return 0, 0, 0, 0
    return rows.min(), rows.max(), columns.min(), columns.max()
# %% 19-ink-box | faint ink is no ink
def ink_box(image):
    rows, columns = np.nonzero(image > 0.5)
    if len(rows) == 0:
        return 0, 0, 0, 0
    return rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
# %% 19-ink-box | an empty sheet raises
def ink_box(image):
    rows, columns = np.nonzero(image)
    return rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
# %% 19-ink-box | the order of a corner and its opposite
def ink_box(image):
    rows, columns = np.nonzero(image)
    if len(rows) == 0:
        return 0, 0, 0, 0
    return rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
# %% 19-fit | squeezed into a square
def fit(image, side):
    return area_average(image, side, side)
# %% 19-fit | halves go to the even number
def fit(image, side):
    longest = max(image.shape)
    return area_average(image, *(max(1, round(side * length / longest)) for length in image.shape))
# %% 19-fit | always down
def fit(image, side):
    longest = max(image.shape)
    return area_average(image, *(max(1, side * length // longest) for length in image.shape))
# %% 19-fit | always up
def fit(image, side):
    longest = max(image.shape)
    return area_average(image, *(int(np.ceil(side * length / longest)) for length in image.shape))
# %% 19-fit | the shorter side
def fit(image, side):
    shortest = min(image.shape)
    height, width = (max(1, int(side * length / shortest + 0.5)) for length in image.shape)
    return area_average(image, height, width)
# %% 19-fit | a thin line disappears
def fit(image, side):
    longest = max(image.shape)
    return area_average(image, *(int(side * length / longest + 0.5) for length in image.shape))
# %% 19-fit | the height only
def fit(image, side):
    height, width = image.shape
    return area_average(image, side, max(1, int(side * width / height + 0.5)))
# %% 19-balance | the middle of the box
def balance(small, size):
    balanced = np.zeros((size, size))
    top, left = ((size - length) // 2 for length in small.shape)
    balanced[top:top + small.shape[0], left:left + small.shape[1]] = small
    return balanced
# %% 19-balance | all ink weighs the same
def balance(small, size):
    balanced = np.zeros((size, size))
    if small.any():
        start = []
        for places, length in zip(np.nonzero(small), small.shape):
            start.append(int(np.clip(round(size // 2 - places.mean()), 0, size - length)))
        top, left = start
        balanced[top:top + small.shape[0], left:left + small.shape[1]] = small
    return balanced
# %% 19-balance | always down
def balance(small, size):
    balanced = np.zeros((size, size))
    if small.any():
        start = []
        for places, length in zip(np.indices(small.shape), small.shape):
            mass = (places * small).sum() / small.sum()
            start.append(min(max(int(size // 2 - mass), 0), size - length))
        top, left = start
        balanced[top:top + small.shape[0], left:left + small.shape[1]] = small
    return balanced
# %% 19-balance | rows and columns mixed up
def balance(small, size):
    balanced = np.zeros((size, size))
    if small.any():
        start = []
        for places, length in zip(np.indices(small.shape)[::-1], small.shape):
            mass = (places * small).sum() / small.sum()
            start.append(int(np.clip(round(size // 2 - mass), 0, size - length)))
        top, left = start
        balanced[top:top + small.shape[0], left:left + small.shape[1]] = small
    return balanced
# %% 19-balance | what goes over the edge is cut off
def balance(small, size):
    balanced = np.zeros((size, size))
    if small.any():
        rows, columns = np.nonzero(small)
        values = small[rows, columns]
        rows = rows + round(size // 2 - (rows * values).sum() / values.sum())
        columns = columns + round(size // 2 - (columns * values).sum() / values.sum())
        inside = (rows >= 0) & (rows < size) & (columns >= 0) & (columns < size)
        balanced[rows[inside], columns[inside]] = values[inside]
    return balanced
# %% 19-balance | what goes over the edge comes back on the other side
def balance(small, size):
    balanced = np.zeros((size, size))
    if small.any():
        balanced[:small.shape[0], :small.shape[1]] = small
        for axis, places in enumerate(np.indices(small.shape)):
            mass = (places * small).sum() / small.sum()
            balanced = np.roll(balanced, round(size // 2 - mass), axis=axis)
    return balanced
# %% 19-balance | no ink
def balance(small, size):
    balanced = np.zeros((size, size))
    start = []
    for places, length in zip(np.indices(small.shape), small.shape):
        mass = (places * small).sum() / small.sum()
        start.append(int(np.clip(round(size // 2 - mass), 0, size - length)))
    top, left = start
    balanced[top:top + small.shape[0], left:left + small.shape[1]] = small
    return balanced
# %% 19-as-whole-numbers | one scale for all
def as_whole_numbers(W, levels):
    scale = np.abs(W).max() / levels
    return np.rint(W / scale).astype(np.int8), np.full(len(W), scale)
# %% 19-as-whole-numbers | the largest weight, not the largest size
def as_whole_numbers(W, levels):
    rows = W.reshape(len(W), -1)
    scales = rows.max(axis=1) / levels
    scales[scales == 0] = 1
    return np.rint(rows / scales[:, np.newaxis]).astype(np.int8).reshape(W.shape), scales
# %% 19-as-whole-numbers | cut, not rounded
def as_whole_numbers(W, levels):
    rows = W.reshape(len(W), -1)
    scales = np.abs(rows).max(axis=1) / levels
    scales[scales == 0] = 1
    return (rows / scales[:, np.newaxis]).astype(np.int8).reshape(W.shape), scales
# %% 19-as-whole-numbers | a row of zeros
def as_whole_numbers(W, levels):
    rows = W.reshape(len(W), -1)
    scales = np.abs(rows).max(axis=1) / levels
    return np.rint(rows / scales[:, np.newaxis]).astype(np.int8).reshape(W.shape), scales
# %% 19-as-whole-numbers | rounded, and still floats
def as_whole_numbers(W, levels):
    rows = W.reshape(len(W), -1)
    scales = np.abs(rows).max(axis=1) / levels
    scales[scales == 0] = 1
    return np.rint(rows / scales[:, np.newaxis]).reshape(W.shape), scales
# %% 19-as-whole-numbers | a scale for each row of each filter
def as_whole_numbers(W, levels):
    scales = np.abs(W).max(axis=-1) / levels
    scales[scales == 0] = 1
    return np.rint(W / scales[..., np.newaxis]).astype(np.int8), scales
# %% 19-prepare | as it was
def prepare(image):
    return prepare_wrong(image)
# %% 19-prepare | the axes are mended, no more
def prepare(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    box = image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    small = area_average(box, *fitted(box.shape))
    row, column = centre_of_mass(small)
    top, left = int(14 - row), int(14 - column)
    prepared = np.zeros((28, 28))
    prepared[top:top + small.shape[0], left:left + small.shape[1]] = small
    return prepared
# %% 19-prepare | an empty sheet still raises
def prepare(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    box = image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    small = area_average(box, *fitted(box.shape))
    row, column = centre_of_mass(small)
    top, left = round(14 - row), round(14 - column)
    prepared = np.zeros((28, 28))
    prepared[top:top + small.shape[0], left:left + small.shape[1]] = small
    return prepared
# %% 19-prepare | always up
def prepare(image):
    prepared = np.zeros((28, 28))
    if not image.any():
        return prepared
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    box = image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    small = area_average(box, *fitted(box.shape))
    row, column = centre_of_mass(small)
    top, left = int(15 - row), int(15 - column)
    prepared[top:top + small.shape[0], left:left + small.shape[1]] = small
    return prepared
# %% 19-prepare | the axes stay mixed up
def prepare(image):
    prepared = np.zeros((28, 28))
    if not image.any():
        return prepared
    rows, columns = np.flatnonzero(image.any(axis=0)), np.flatnonzero(image.any(axis=1))
    box = image[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    small = area_average(box, *fitted(box.shape))
    row, column = centre_of_mass(small)
    top, left = round(14 - row), round(14 - column)
    prepared[top:top + small.shape[0], left:left + small.shape[1]] = small
    return prepared
# %% 19-prepare | the whole picture is moved, and nothing is scaled
def prepare(image):
    prepared = np.zeros((28, 28))
    if not image.any():
        return prepared
    small = area_average(image, 28, 28)
    for axis, mass in enumerate(centre_of_mass(small)):
        small = np.roll(small, round(14 - mass), axis=axis)
    return small
