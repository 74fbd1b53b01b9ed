# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 09-units | no padding
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
# %% 09-units | no ReLU
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
# %% 09-units | average pooling
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
# %% 09-units | softmax at the end
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
# %% 09-units | links outside init_scope
class SmallCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        self.conv1 = L.Convolution2D(1, 8, ksize=3, pad=1)
        self.conv2 = L.Convolution2D(8, 16, ksize=3, pad=1)
        self.dense = L.Linear(None, 10)

    def forward(self, x):
        h = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        return self.dense(F.max_pooling_2d(F.relu(self.conv2(h)), 2))
# %% 09-train | validated on images that it learns from
def train_into(model, x, t, out, epochs):
    return train(model, (x, t), (x, t), out, epochs=epochs, batch_size=16, lr=0.01)
# %% 09-train | the first images are held out, not the last
def train_into(model, x, t, out, epochs):
    kept = len(x) // 12
    return train(model, (x[kept:], t[kept:]), (x[:kept], t[:kept]), out,
                 epochs=epochs, batch_size=16, lr=0.01)
# %% 09-train | the learning rate is left as it is by default
def train_into(model, x, t, out, epochs):
    kept = len(x) // 12
    return train(model, (x[:-kept], t[:-kept]), (x[-kept:], t[-kept:]), out,
                 epochs=epochs, batch_size=16)
# %% 09-train | a twelfth is learned from, the rest held out
def train_into(model, x, t, out, epochs):
    kept = len(x) // 12
    return train(model, (x[-kept:], t[-kept:]), (x[:-kept], t[:-kept]), out,
                 epochs=epochs, batch_size=16, lr=0.01)
# %% 09-train | the log is not returned
def train_into(model, x, t, out, epochs):
    kept = len(x) // 12
    train(model, (x[:-kept], t[:-kept]), (x[-kept:], t[-kept:]), out,
          epochs=epochs, batch_size=16, lr=0.01)
# %% 09-measure | as in training
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            np.add.at(table, (t[start:start + 100], answers), 1)
    return np.trace(table) / len(x), table
# %% 09-measure | it takes notes for a way back
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.using_config("train", False):
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            np.add.at(table, (t[start:start + 100], answers), 1)
    return np.trace(table) / len(x), table
# %% 09-measure | truth and answer mixed up in the table
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            np.add.at(table, (answers, t[start:start + 100]), 1)
    return np.trace(table) / len(x), table
# %% 09-measure | the mean of the batches' accuracies
def measure(model, x, t):
    table, accuracies = np.zeros((10, 10), dtype=int), []
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            accuracies.append(np.mean(answers == t[start:start + 100]))
            np.add.at(table, (t[start:start + 100], answers), 1)
    return np.mean(accuracies), table
# %% 09-measure | the same pair in one batch counts once
def measure(model, x, t):
    table = np.zeros((10, 10), dtype=int)
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        for start in range(0, len(x), 100):
            answers = model(x[start:start + 100]).array.argmax(axis=1)
            table[t[start:start + 100], answers] += 1
    return np.trace(table) / len(x), table
# %% 09-normalise | over the images only
def normalise(x, gamma, beta):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / np.sqrt(variance + 2e-5) + move
# %% 09-normalise | each image on its own
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(2, 3), keepdims=True) for f in (x.mean, x.var))
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / np.sqrt(variance + 2e-5) + move
# %% 09-normalise | divided by the variance
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(0, 2, 3), keepdims=True) for f in (x.mean, x.var))
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / (variance + 2e-5) + move
# %% 09-normalise | epsilon outside of the root
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(0, 2, 3), keepdims=True) for f in (x.mean, x.var))
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / (np.sqrt(variance) + 2e-5) + move
# %% 09-normalise | gamma and beta meet the last axis
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(0, 2, 3), keepdims=True) for f in (x.mean, x.var))
    return gamma * (x - mean) / np.sqrt(variance + 2e-5) + beta
# %% 09-bug-hunt | conv2 still learns nothing
class MendedCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 4, ksize=5, pad=2)
            self.dense = L.Linear(7 * 7 * 6, 10)
        self.conv2 = L.Convolution2D(4, 6, ksize=5, pad=2)

    def forward(self, x):
        h1 = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        h2 = F.max_pooling_2d(F.relu(self.conv2(h1)), 2)
        return self.dense(h2)
# %% 09-bug-hunt | the second unit still has no ReLU
class MendedCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 4, ksize=5, pad=2)
            self.conv2 = L.Convolution2D(4, 6, ksize=5, pad=2)
            self.dense = L.Linear(7 * 7 * 6, 10)

    def forward(self, x):
        h1 = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        return self.dense(F.max_pooling_2d(self.conv2(h1), 2))
# %% 09-bug-hunt | the logits are still cut at 0
class MendedCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 4, ksize=5, pad=2)
            self.conv2 = L.Convolution2D(4, 6, ksize=5, pad=2)
            self.dense = L.Linear(7 * 7 * 6, 10)

    def forward(self, x):
        h1 = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        h2 = F.max_pooling_2d(F.relu(self.conv2(h1)), 2)
        return F.relu(self.dense(h2))
# %% 09-bug-hunt | softmax in the place of the last ReLU
class MendedCNN(chainer.Chain):
    def __init__(self):
        super().__init__()
        with self.init_scope():
            self.conv1 = L.Convolution2D(1, 4, ksize=5, pad=2)
            self.conv2 = L.Convolution2D(4, 6, ksize=5, pad=2)
            self.dense = L.Linear(7 * 7 * 6, 10)

    def forward(self, x):
        h1 = F.max_pooling_2d(F.relu(self.conv1(x)), 2)
        h2 = F.max_pooling_2d(F.relu(self.conv2(h1)), 2)
        return F.softmax(self.dense(h2))
# %% 09-bug-hunt | as it was
class MendedCNN(WrongCNN):
    pass
