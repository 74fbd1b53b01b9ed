# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 11-columns | windows as rows
def columns(x, high, wide):
    rows, across = x.shape[1] - high + 1, x.shape[2] - wide + 1
    return np.array([x[:, r:r + high, c:c + wide].ravel()
                     for r in range(rows) for c in range(across)])
# %% 11-columns | rows reshaped, not turned
def columns(x, high, wide):
    rows, across = x.shape[1] - high + 1, x.shape[2] - wide + 1
    windows = np.array([x[:, r:r + high, c:c + wide].ravel()
                        for r in range(rows) for c in range(across)])
    return windows.reshape(-1, rows * across)
# %% 11-columns | the places go downwards first
def columns(x, high, wide):
    rows, across = x.shape[1] - high + 1, x.shape[2] - wide + 1
    windows = [x[:, r:r + high, c:c + wide].ravel()
               for c in range(across) for r in range(rows)]
    return np.stack(windows, axis=1)
# %% 11-columns | the channels alternate
def columns(x, high, wide):
    rows, across = x.shape[1] - high + 1, x.shape[2] - wide + 1
    windows = [x[:, r:r + high, c:c + wide].transpose(1, 2, 0).ravel()
               for r in range(rows) for c in range(across)]
    return np.stack(windows, axis=1)
# %% 11-product | places and filters mixed up
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = W.reshape(FN, -1) @ im2col(x, FH, FW, stride, pad) + b[:, None]
    return out.transpose(0, 2, 1).reshape(len(x), FN, out_h, out_w)
# %% 11-product | W reshaped to rows of the wrong numbers
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = W.reshape(-1, FN).T @ im2col(x, FH, FW, stride, pad) + b[:, None]
    return out.reshape(len(x), FN, out_h, out_w)
# %% 11-product | no bias
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = W.reshape(FN, -1) @ im2col(x, FH, FW, stride, pad)
    return out.reshape(len(x), FN, out_h, out_w)
# %% 11-product | height and width mixed up
def convolve_batch(x, W, b, stride, pad):
    FN, _, FH, FW = W.shape
    out_h = (x.shape[2] + 2 * pad - FH) // stride + 1
    out_w = (x.shape[3] + 2 * pad - FW) // stride + 1
    out = W.reshape(FN, -1) @ im2col(x, FH, FW, stride, pad) + b[:, None]
    return out.reshape(len(x), FN, out_w, out_h).transpose(0, 1, 3, 2)
# %% 11-put-back | the last window still wins
def put_back(col, shape, high, wide):
    out = np.zeros(shape)
    columns = shape[1] - wide + 1
    for place in range(col.shape[1]):
        r, c = divmod(place, columns)
        out[r:r + high, c:c + wide] = col[:, place].reshape(high, wide)
    return out
# %% 11-put-back | the places are still counted by rows
def put_back(col, shape, high, wide):
    out = np.zeros(shape)
    rows = shape[0] - high + 1
    for place in range(col.shape[1]):
        c, r = divmod(place, rows)
        out[r:r + high, c:c + wide] += col[:, place].reshape(high, wide)
    return out
# %% 11-put-back | the mean of what overlaps
def put_back(col, shape, high, wide):
    out, times = np.zeros(shape), np.zeros(shape)
    columns = shape[1] - wide + 1
    for place in range(col.shape[1]):
        r, c = divmod(place, columns)
        out[r:r + high, c:c + wide] += col[:, place].reshape(high, wide)
        times[r:r + high, c:c + wide] += 1
    return out / times
# %% 11-gradients | a mean over the images
def gradients(col, dout):
    dW = (dout @ col.transpose(0, 2, 1)).mean(axis=0)
    return dW, dout.sum(axis=(0, 2))
# %% 11-gradients | the last image alone
def gradients(col, dout):
    return dout[-1] @ col[-1].T, dout.sum(axis=(0, 2))
# %% 11-gradients | a bias for each place
def gradients(col, dout):
    return (dout @ col.transpose(0, 2, 1)).sum(axis=0), dout.sum(axis=0)
# %% 11-gradients | the bias is a mean over the places
def gradients(col, dout):
    return (dout @ col.transpose(0, 2, 1)).sum(axis=0), dout.sum(axis=0).mean(axis=1)
# %% 11-step | nothing is frozen
def step(net, optimizer, x, t, frozen):
    loss = net.loss(x, t)
    optimizer.update(net.params, net.gradient(x, t))
    return loss
# %% 11-step | all is frozen
def step(net, optimizer, x, t, frozen):
    loss = net.loss(x, t)
    grads = {name: np.zeros_like(grad) for name, grad in net.gradient(x, t).items()}
    optimizer.update(net.params, grads)
    return loss
# %% 11-step | the loss after the update
def step(net, optimizer, x, t, frozen):
    grads = net.gradient(x, t)
    for name in frozen:
        grads[name] = np.zeros_like(grads[name])
    optimizer.update(net.params, grads)
    return net.loss(x, t)
# %% 11-step | only the filters are ever frozen
def step(net, optimizer, x, t, frozen):
    loss = net.loss(x, t)
    grads = net.gradient(x, t)
    for name in frozen and ["W1", "b1"]:
        grads[name] = np.zeros_like(grads[name])
    optimizer.update(net.params, grads)
    return loss
