# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 12-units | no padding
class SmallCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 8, ksize=3)
            self.conv2 = L.Convolution2D(8, 16, ksize=3)
            self.dense = L.Linear(None, 10)

    def forward(self, x):
        h = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        return self.dense(F.max_pooling_2d(F.relu(self.conv2(h)), 2))
# %% 12-units | no ReLU
class SmallCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 8, ksize=3, pad=1)
            self.conv2 = L.Convolution2D(8, 16, ksize=3, pad=1)
            self.dense = L.Linear(None, 10)

    def forward(self, x):
        h = F.max_pooling_2d(self.conv1(x), 2)
        return self.dense(F.max_pooling_2d(self.conv2(h), 2))
# %% 12-units | average pooling
class SmallCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 8, ksize=3, pad=1)
            self.conv2 = L.Convolution2D(8, 16, ksize=3, pad=1)
            self.dense = L.Linear(None, 10)

    def forward(self, x):
        h = F.average_pooling_2d(F.relu(self.conv1(x)), 2)
        return self.dense(F.average_pooling_2d(F.relu(self.conv2(h)), 2))
# %% 12-units | softmax at the end
class SmallCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 8, ksize=3, pad=1)
            self.conv2 = L.Convolution2D(8, 16, ksize=3, pad=1)
            self.dense = L.Linear(None, 10)

    def forward(self, x):
        h = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        return F.softmax(self.dense(F.max_pooling_2d(F.relu(self.conv2(h)), 2)))
# %% 12-units | links outside init_scope
class SmallCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        self.conv1 = L.Convolution2D(1, 8, ksize=3, pad=1)
        self.conv2 = L.Convolution2D(8, 16, ksize=3, pad=1)
        self.dense = L.Linear(None, 10)

    def forward(self, x):
        h = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        return self.dense(F.max_pooling_2d(F.relu(self.conv2(h)), 2))
# %% 12-train | validated on images that it learns from
def train_into(model, x, t, out, epochs):
    return train(model, (x, t), (x, t), out, Settings(epochs=epochs, batch_size=16, lr=0.01))
# %% 12-train | the last images are held out
def train_into(model, x, t, out, epochs):
    kept = len(x) // 12
    return train(model, (x[:-kept], t[:-kept]), (x[-kept:], t[-kept:]), out,
                 Settings(epochs=epochs, batch_size=16, lr=0.01))
# %% 12-train | the learning rate is left as it is by default
def train_into(model, x, t, out, epochs):
    return train(model, *split_validation(x, t), out, Settings(epochs=epochs, batch_size=16))
# %% 12-train | a twelfth is learned from, the rest held out
def train_into(model, x, t, out, epochs):
    large, small = split_validation(x, t)
    return train(model, small, large, out, Settings(epochs=epochs, batch_size=16, lr=0.01))
# %% 12-train | the log is not returned
def train_into(model, x, t, out, epochs):
    train(model, *split_validation(x, t), out,
          Settings(epochs=epochs, batch_size=16, lr=0.01))
# %% 12-measure | as in training
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            np.add.at(table, (t[start:start + 100], answers), 1)
    return np.trace(table) / len(x), table
# %% 12-measure | it takes notes for a way back
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.using_config("train", False):
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            np.add.at(table, (t[start:start + 100], answers), 1)
    return np.trace(table) / len(x), table
# %% 12-measure | truth and answer mixed up in the table
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            np.add.at(table, (answers, t[start:start + 100]), 1)
    return np.trace(table) / len(x), table
# %% 12-measure | the mean of the batches' accuracies
def measure(model, x, t):
    table, accuracies = np.zeros((10, 10), dtype=int), []
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            accuracies.append(np.mean(answers == t[start:start + 100]))
            np.add.at(table, (t[start:start + 100], answers), 1)
    return np.mean(accuracies), table
# %% 12-measure | the same pair in one batch counts once
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            table[t[start:start + 100], answers] += 1
    return np.trace(table) / len(x), table
# %% 12-back | always the first filter
def products_behind(x, W, b, channel, row, column):
    high, wide = W.shape[2:]
    products = x[:, row:row + high, column:column + wide] * W[0]
    return products, products.sum() + b[channel]
# %% 12-back | row and column mixed up
def products_behind(x, W, b, channel, row, column):
    high, wide = W.shape[2:]
    row, column = min(column, x.shape[1] - high), min(row, x.shape[2] - wide)
    products = x[:, row:row + high, column:column + wide] * W[channel]
    return products, products.sum() + b[channel]
# %% 12-back | one channel only
def products_behind(x, W, b, channel, row, column):
    high, wide = W.shape[2:]
    products = x[0, row:row + high, column:column + wide] * W[channel, 0]
    return products, products.sum() + b[channel]
# %% 12-back | no bias
def products_behind(x, W, b, channel, row, column):
    high, wide = W.shape[2:]
    products = x[:, row:row + high, column:column + wide] * W[channel]
    return products, products.sum()
# %% 12-back | the first bias
def products_behind(x, W, b, channel, row, column):
    high, wide = W.shape[2:]
    products = x[:, row:row + high, column:column + wide] * W[channel]
    return products, products.sum() + b[0]
# %% 12-weigh | no biases
def weigh(layers):
    parameters = multiplications = 0
    for kind, *numbers in layers:
        if kind == "conv":
            channels, filters, size, side = numbers
            weights, biases, uses = channels * filters * size * size, filters, side * side
        else:
            (inputs, nodes), uses = numbers, 1
            weights, biases = inputs * nodes, nodes
        parameters += weights
        multiplications += weights * uses
    return parameters, multiplications
# %% 12-weigh | every weight once
def weigh(layers):
    parameters = multiplications = 0
    for kind, *numbers in layers:
        if kind == "conv":
            channels, filters, size, side = numbers
            weights, biases, uses = channels * filters * size * size, filters, side * side
        else:
            (inputs, nodes), uses = numbers, 1
            weights, biases = inputs * nodes, nodes
        parameters += weights + biases
        multiplications += weights
    return parameters, multiplications
# %% 12-weigh | the biases multiplied too
def weigh(layers):
    parameters = multiplications = 0
    for kind, *numbers in layers:
        if kind == "conv":
            channels, filters, size, side = numbers
            weights, biases, uses = channels * filters * size * size, filters, side * side
        else:
            (inputs, nodes), uses = numbers, 1
            weights, biases = inputs * nodes, nodes
        parameters += weights + biases
        multiplications += (weights + biases) * uses
    return parameters, multiplications
# %% 12-weigh | the side in place of the places
def weigh(layers):
    parameters = multiplications = 0
    for kind, *numbers in layers:
        if kind == "conv":
            channels, filters, size, side = numbers
            weights, biases, uses = channels * filters * size * size, filters, side * side
        else:
            (inputs, nodes), uses = numbers, 1
            weights, biases = inputs * nodes, nodes
        parameters += weights + biases
        multiplications += weights * int(uses ** 0.5)
    return parameters, multiplications
