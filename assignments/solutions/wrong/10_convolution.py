# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 10-window | the kernel is turned
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return image[row:row + high, column:column + wide] * kernel[::-1, ::-1]
# %% 10-window | a matrix product
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return image[row:row + high, column:column + wide] @ kernel
# %% 10-window | row and column mixed up
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return image[column:column + high, row:row + wide] * kernel
# %% 10-window | always 3×3
def products_at(image, kernel, row, column):
    return image[row:row + 3, column:column + 3] * kernel
# %% 10-window | added up
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return np.sum(image[row:row + high, column:column + wide] * kernel)
# %% 10-convolve | the kernel is turned
def convolve(image, kernel, strides, pad):
    kernel = kernel[::-1, ::-1]
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[0] + 1
    columns = (image.shape[1] - wide) // strides[1] + 1
    return np.array([[np.sum(image[r * strides[0]:r * strides[0] + high,
                                   c * strides[1]:c * strides[1] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 10-convolve | the steps for rows and columns mixed up
def convolve(image, kernel, strides, pad):
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[1] + 1
    columns = (image.shape[1] - wide) // strides[0] + 1
    return np.array([[np.sum(image[r * strides[1]:r * strides[1] + high,
                                   c * strides[0]:c * strides[0] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 10-convolve | padding below and on the right only
def convolve(image, kernel, strides, pad):
    image = np.pad(image, ((0, pad), (0, pad)))
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[0] + 1
    columns = (image.shape[1] - wide) // strides[1] + 1
    return np.array([[np.sum(image[r * strides[0]:r * strides[0] + high,
                                   c * strides[1]:c * strides[1] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 10-convolve | whole numbers in the output, whatever comes in
def convolve(image, kernel, strides, pad):
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[0] + 1
    columns = (image.shape[1] - wide) // strides[1] + 1
    output = np.zeros((rows, columns), dtype=int)
    for r in range(rows):
        for c in range(columns):
            top, left = r * strides[0], c * strides[1]
            output[r, c] = np.sum(image[top:top + high, left:left + wide] * kernel)
    return output
# %% 10-convolve | the window moves one pixel, whatever the stride
def convolve(image, kernel, strides, pad):
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[0] + 1
    columns = (image.shape[1] - wide) // strides[1] + 1
    return np.array([[np.sum(image[r:r + high, c:c + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 10-convolve | the size is rounded up
def convolve(image, kernel, strides, pad):
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = -(-(image.shape[0] - high) // strides[0]) + 1
    columns = -(-(image.shape[1] - wide) // strides[1]) + 1
    image = np.pad(image, ((0, strides[0]), (0, strides[1])))
    return np.array([[np.sum(image[r * strides[0]:r * strides[0] + high,
                                   c * strides[1]:c * strides[1] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 10-channels | the channels are not added up
def convolve_channels(x, W, b):
    FN, C, FH, FW = W.shape
    out = np.zeros((FN, C, x.shape[1] - FH + 1, x.shape[2] - FW + 1))
    for f, k, r, c in np.ndindex(out.shape):
        out[f, k, r, c] = np.sum(x[k, r:r + FH, c:c + FW] * W[f, k]) + b[f]
    return out
# %% 10-channels | a bias for each channel
def convolve_channels(x, W, b):
    FN, C, FH, FW = W.shape
    out = np.zeros((FN, x.shape[1] - FH + 1, x.shape[2] - FW + 1))
    for f, r, c in np.ndindex(out.shape):
        for k in range(C):
            out[f, r, c] += np.sum(x[k, r:r + FH, c:c + FW] * W[f, k]) + b[f]
    return out
# %% 10-channels | the bias in each product
def convolve_channels(x, W, b):
    FN, _, FH, FW = W.shape
    out = np.zeros((FN, x.shape[1] - FH + 1, x.shape[2] - FW + 1))
    for f, r, c in np.ndindex(out.shape):
        out[f, r, c] = np.sum(x[:, r:r + FH, c:c + FW] * W[f] + b[f])
    return out
# %% 10-channels | the first slice for all channels
def convolve_channels(x, W, b):
    FN, _, FH, FW = W.shape
    out = np.zeros((FN, x.shape[1] - FH + 1, x.shape[2] - FW + 1))
    for f, r, c in np.ndindex(out.shape):
        out[f, r, c] = np.sum(x[:, r:r + FH, c:c + FW] * W[f, 0]) + b[f]
    return out
# %% 10-channels | whole numbers only
def convolve_channels(x, W, b):
    FN, _, FH, FW = W.shape
    out = np.zeros((FN, x.shape[1] - FH + 1, x.shape[2] - FW + 1), dtype=int)
    for f, r, c in np.ndindex(out.shape):
        out[f, r, c] = np.sum(x[:, r:r + FH, c:c + FW] * W[f]) + b[f]
    return out
# %% 10-stays | all blocks are counted
def stays(before, after, size):
    shape = len(before) // size, size, len(before[0]) // size, size
    before, after = (x.reshape(shape).max(axis=(1, 3)) for x in (before, after))
    return (before == after).mean()
# %% 10-stays | active in both
def stays(before, after, size):
    shape = len(before) // size, size, len(before[0]) // size, size
    before, after = (x.reshape(shape).max(axis=(1, 3)) for x in (before, after))
    active = (before > 0) & (after > 0)
    return (before == after)[active].mean() if active.any() else 1.0
# %% 10-stays | the maps are not pooled
def stays(before, after, size):
    active = (before > 0) | (after > 0)
    return (before == after)[active].mean() if active.any() else 1.0
# %% 10-stays | average pooling
def stays(before, after, size):
    shape = len(before) // size, size, len(before[0]) // size, size
    before, after = (x.reshape(shape).mean(axis=(1, 3)) for x in (before, after))
    active = (before > 0) | (after > 0)
    return (before == after)[active].mean() if active.any() else 1.0
# %% 10-stays | nothing active is nan
def stays(before, after, size):
    shape = len(before) // size, size, len(before[0]) // size, size
    before, after = (x.reshape(shape).max(axis=(1, 3)) for x in (before, after))
    return (before == after)[(before > 0) | (after > 0)].mean()
# %% 10-plan | no bias in the convolutions
def plan(shape, layers):
    shapes, parameters = [], 0
    for kind, number, *rest in layers:
        if kind == "conv":
            size, stride, pad = rest
            parameters += number * shape[0] * size * size
            shape = (number, *[(side + 2 * pad - size) // stride + 1 for side in shape[1:]])
        elif kind == "pool":
            shape = (shape[0], shape[1] // number, shape[2] // number)
        else:
            parameters += (int(np.prod(shape)) + 1) * number
            shape = (number,)
        shapes.append(shape)
    return shapes, parameters
# %% 10-plan | filters without a slice for each channel
def plan(shape, layers):
    shapes, parameters = [], 0
    for kind, number, *rest in layers:
        if kind == "conv":
            size, stride, pad = rest
            parameters += number * (size * size + 1)
            shape = (number, *[(side + 2 * pad - size) // stride + 1 for side in shape[1:]])
        elif kind == "pool":
            shape = (shape[0], shape[1] // number, shape[2] // number)
        else:
            parameters += (int(np.prod(shape)) + 1) * number
            shape = (number,)
        shapes.append(shape)
    return shapes, parameters
# %% 10-plan | padding on one side only
def plan(shape, layers):
    shapes, parameters = [], 0
    for kind, number, *rest in layers:
        if kind == "conv":
            size, stride, pad = rest
            parameters += number * (shape[0] * size * size + 1)
            shape = (number, *[(side + pad - size) // stride + 1 for side in shape[1:]])
        elif kind == "pool":
            shape = (shape[0], shape[1] // number, shape[2] // number)
        else:
            parameters += (int(np.prod(shape)) + 1) * number
            shape = (number,)
        shapes.append(shape)
    return shapes, parameters
# %% 10-plan | every image is taken for a square
def plan(shape, layers):
    shapes, parameters = [], 0
    for kind, number, *rest in layers:
        if kind == "conv":
            size, stride, pad = rest
            parameters += number * (shape[0] * size * size + 1)
            side = (shape[1] + 2 * pad - size) // stride + 1
            shape = (number, side, side)
        elif kind == "pool":
            shape = (shape[0], shape[1] // number, shape[1] // number)
        else:
            parameters += (int(np.prod(shape)) + 1) * number
            shape = (number,)
        shapes.append(shape)
    return shapes, parameters
