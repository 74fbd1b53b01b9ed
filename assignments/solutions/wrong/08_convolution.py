# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 08-window | the kernel is turned
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return image[row:row + high, column:column + wide] * kernel[::-1, ::-1]
# %% 08-window | a matrix product
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return image[row:row + high, column:column + wide] @ kernel
# %% 08-window | row and column mixed up
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return image[column:column + high, row:row + wide] * kernel
# %% 08-window | always 3×3
def products_at(image, kernel, row, column):
    return image[row:row + 3, column:column + 3] * kernel
# %% 08-window | added up
def products_at(image, kernel, row, column):
    high, wide = kernel.shape
    return np.sum(image[row:row + high, column:column + wide] * kernel)
# %% 08-convolve | the kernel is turned
def convolve(image, kernel, strides, pad):
    kernel = kernel[::-1, ::-1]
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[0] + 1
    columns = (image.shape[1] - wide) // strides[1] + 1
    return np.array([[np.sum(image[r * strides[0]:r * strides[0] + high,
                                   c * strides[1]:c * strides[1] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 08-convolve | the steps for rows and columns mixed up
def convolve(image, kernel, strides, pad):
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[1] + 1
    columns = (image.shape[1] - wide) // strides[0] + 1
    return np.array([[np.sum(image[r * strides[1]:r * strides[1] + high,
                                   c * strides[0]:c * strides[0] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 08-convolve | padding below and on the right only
def convolve(image, kernel, strides, pad):
    image = np.pad(image, ((0, pad), (0, pad)))
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[0] + 1
    columns = (image.shape[1] - wide) // strides[1] + 1
    return np.array([[np.sum(image[r * strides[0]:r * strides[0] + high,
                                   c * strides[1]:c * strides[1] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 08-convolve | whole numbers in the output, whatever comes in
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
# %% 08-convolve | the window moves one pixel, whatever the stride
def convolve(image, kernel, strides, pad):
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // strides[0] + 1
    columns = (image.shape[1] - wide) // strides[1] + 1
    return np.array([[np.sum(image[r:r + high, c:c + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 08-convolve | the size is rounded up
def convolve(image, kernel, strides, pad):
    image = np.pad(image, pad)
    high, wide = kernel.shape
    rows = -(-(image.shape[0] - high) // strides[0]) + 1
    columns = -(-(image.shape[1] - wide) // strides[1]) + 1
    image = np.pad(image, ((0, strides[0]), (0, strides[1])))
    return np.array([[np.sum(image[r * strides[0]:r * strides[0] + high,
                                   c * strides[1]:c * strides[1] + wide] * kernel)
                      for c in range(columns)] for r in range(rows)])
# %% 08-plan | no bias in the convolutions
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
# %% 08-plan | filters without a slice for each channel
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
# %% 08-plan | padding on one side only
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
# %% 08-plan | every image is taken for a square
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
# %% 08-product | reshaped at once, without a transpose
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = im2col(x, FH, FW, stride, pad) @ W.reshape(FN, -1).T + b
    return out.reshape(len(x), FN, out_h, out_w)
# %% 08-product | W reshaped to columns, not transposed
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = im2col(x, FH, FW, stride, pad) @ W.reshape(-1, FN) + b
    return out.reshape(len(x), out_h, out_w, FN).transpose(0, 3, 1, 2)
# %% 08-product | no bias
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = im2col(x, FH, FW, stride, pad) @ W.reshape(FN, -1).T
    return out.reshape(len(x), out_h, out_w, FN).transpose(0, 3, 1, 2)
# %% 08-product | images and rows in the wrong order
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = im2col(x, FH, FW, stride, pad) @ W.reshape(FN, -1).T + b
    return out.reshape(out_h, out_w, len(x), FN).transpose(2, 3, 0, 1)
# %% 08-product | height and width mixed up
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = im2col(x, FH, FW, stride, pad) @ W.reshape(FN, -1).T + b
    return out.reshape(len(x), out_w, out_h, FN).transpose(0, 3, 2, 1)
# %% 08-bug-hunt | the means are still of the wrong pixels
class AveragePooling(AveragePoolingWrong):
    def backward(self, dout):
        return dout.repeat(self.size, axis=2).repeat(self.size, axis=3) / self.size ** 2
# %% 08-bug-hunt | the slopes are still too large
class AveragePooling(AveragePoolingWrong):
    def forward(self, x):
        N, C, H, W = x.shape
        blocks = x.reshape(N, C, H // self.size, self.size, W // self.size, self.size)
        return blocks.mean(axis=(3, 5))
# %% 08-bug-hunt | divided by the side, not by the number of pixels
class AveragePooling(AveragePoolingWrong):
    def forward(self, x):
        N, C, H, W = x.shape
        blocks = x.reshape(N, C, H // self.size, self.size, W // self.size, self.size)
        return blocks.mean(axis=(3, 5))

    def backward(self, dout):
        return dout.repeat(self.size, axis=2).repeat(self.size, axis=3) / self.size
# %% 08-bug-hunt | divided by four, whatever the size
class AveragePooling(AveragePoolingWrong):
    def forward(self, x):
        N, C, H, W = x.shape
        blocks = x.reshape(N, C, H // self.size, self.size, W // self.size, self.size)
        return blocks.mean(axis=(3, 5))

    def backward(self, dout):
        return dout.repeat(self.size, axis=2).repeat(self.size, axis=3) / 4
# %% 08-bug-hunt | as it was
class AveragePooling(AveragePoolingWrong):
    pass
