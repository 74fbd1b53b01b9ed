# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 07-slopes | the values, not the slopes
def slopes(f, places):
    return f(chainer.Variable(places)).array
# %% 07-slopes | backward from the mean
def slopes(f, places):
    x = chainer.Variable(places)
    F.mean(f(x)).backward()
    return x.grad
# %% 07-slopes | backward from an array of several numbers
def slopes(f, places):
    x = chainer.Variable(places)
    f(x).backward()
    return x.grad
# %% 07-slopes | numerical slopes in float32
def slopes(f, places):
    above, below = (f(chainer.Variable(places + h)).array for h in (1e-4, -1e-4))
    return (above - below) / 2e-4
# %% 07-slopes | one Variable for all places, its gradient never cleared
def slopes(f, places):
    x, found = chainer.Variable(places[:1]), []
    for place in places:
        x.array[...] = place
        f(x).backward()
        found.append(x.grad[0])
    return np.array(found)
# %% 07-to-linear | not transposed
def to_linear(W, b):
    link = L.Linear(*W.shape)
    link.W.array[...] = W
    link.b.array[...] = b
    return link
# %% 07-to-linear | reshaped, not transposed
def to_linear(W, b):
    link = L.Linear(*W.shape)
    link.W.array[...] = W.reshape(W.shape[::-1])
    link.b.array[...] = b
    return link
# %% 07-to-linear | the bias is forgotten
def to_linear(W, b):
    link = L.Linear(*W.shape)
    link.W.array[...] = W.T
    return link
# %% 07-to-linear | a new link with weights of its own
def to_linear(W, b):
    return L.Linear(W.shape[0], W.shape[1])
# %% 07-loop | the links are made outside init_scope
class Loop(chainer.Chain):
    def __init__(self, nodes):
        super().__init__()
        self.hidden = L.Linear(nodes, nodes)
        self.out = L.Linear(nodes, 1)

    def forward(self, x, times):
        h = x
        for _ in range(times):
            h = h + F.relu(self.hidden(h))
        return self.out(h)
# %% 07-loop | x is added in each round, not h
class Loop(chainer.Chain):
    def __init__(self, nodes):
        super().__init__()
        with self.init_scope():
            self.hidden = L.Linear(nodes, nodes)
            self.out = L.Linear(nodes, 1)

    def forward(self, x, times):
        h = x
        for _ in range(times):
            h = x + F.relu(self.hidden(h))
        return self.out(h)
# %% 07-loop | nothing is added
class Loop(chainer.Chain):
    def __init__(self, nodes):
        super().__init__()
        with self.init_scope():
            self.hidden = L.Linear(nodes, nodes)
            self.out = L.Linear(nodes, 1)

    def forward(self, x, times):
        h = x
        for _ in range(times):
            h = F.relu(self.hidden(h))
        return self.out(h)
# %% 07-loop | ReLU of the sum
class Loop(chainer.Chain):
    def __init__(self, nodes):
        super().__init__()
        with self.init_scope():
            self.hidden = L.Linear(nodes, nodes)
            self.out = L.Linear(nodes, 1)

    def forward(self, x, times):
        h = x
        for _ in range(times):
            h = F.relu(h + self.hidden(h))
        return self.out(h)
# %% 07-loop | the graph is cut in each round
class Loop(chainer.Chain):
    def __init__(self, nodes):
        super().__init__()
        with self.init_scope():
            self.hidden = L.Linear(nodes, nodes)
            self.out = L.Linear(nodes, 1)

    def forward(self, x, times):
        h = x
        for _ in range(times):
            h = (h + F.relu(self.hidden(h))).array if times > 1 else h + F.relu(self.hidden(h))
        return self.out(h)
# %% 07-trainer | the iterator shuffles
def train_with_trainer(model, x, t, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(x, t)
    batches = chainer.iterators.SerialIterator(data, batch_size)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    trainer.extend(extensions.LogReport())
    trainer.run()
    return [entry["main/loss"] for entry in trainer.get_extension("LogReport").log]
# %% 07-trainer | iterations instead of epochs
def train_with_trainer(model, x, t, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(x, t)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "iteration"), out=str(out))
    trainer.extend(extensions.LogReport(trigger=(1, "iteration")))
    trainer.run()
    return [entry["main/loss"] for entry in trainer.get_extension("LogReport").log]
# %% 07-trainer | the model ends in a softmax
def train_with_trainer(model, x, t, epochs, batch_size, out):
    classifier = L.Classifier(chainer.Sequential(model, F.softmax))
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(x, t)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    trainer.extend(extensions.LogReport())
    trainer.run()
    return [entry["main/loss"] for entry in trainer.get_extension("LogReport").log]
# %% 07-trainer | the learning rate is left as it is by default
def train_with_trainer(model, x, t, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD().setup(classifier)
    data = chainer.datasets.TupleDataset(x, t)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    trainer.extend(extensions.LogReport())
    trainer.run()
    return [entry["main/loss"] for entry in trainer.get_extension("LogReport").log]
# %% 07-trainer | a loop, and no log
def train_with_trainer(model, x, t, epochs, batch_size, out):
    optimizer, losses = chainer.optimizers.SGD(lr=0.1).setup(model), []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, len(x), batch_size):
            batch = slice(start, start + batch_size)
            loss = F.softmax_cross_entropy(model(x[batch]), t[batch])
            model.cleargrads()
            loss.backward()
            optimizer.update()
            total += loss.item()
        losses.append(total / (len(x) // batch_size))
    return losses
# %% 07-bug-hunt | the labels are in the old order still
def train_epoch(model, optimizer, x, t, order, batch_size):
    total = 0.0
    for start in range(0, len(x), batch_size):
        batch = order[start:start + batch_size]
        loss = F.softmax_cross_entropy(model(x[batch]), t[start:start + batch_size])
        model.cleargrads()
        loss.backward()
        optimizer.update()
        total += loss.item() * len(batch)
    return total / len(x)
# %% 07-bug-hunt | cleared once only, still
def train_epoch(model, optimizer, x, t, order, batch_size):
    total = 0.0
    model.cleargrads()
    for start in range(0, len(x), batch_size):
        batch = order[start:start + batch_size]
        loss = F.softmax_cross_entropy(model(x[batch]), t[batch])
        loss.backward()
        optimizer.update()
        total += loss.item() * len(batch)
    return total / len(x)
# %% 07-bug-hunt | cleared after backward
def train_epoch(model, optimizer, x, t, order, batch_size):
    total = 0.0
    for start in range(0, len(x), batch_size):
        batch = order[start:start + batch_size]
        loss = F.softmax_cross_entropy(model(x[batch]), t[batch])
        loss.backward()
        model.cleargrads()
        optimizer.update()
        total += loss.item() * len(batch)
    return total / len(x)
# %% 07-bug-hunt | the order is not used at all
def train_epoch(model, optimizer, x, t, order, batch_size):
    total = 0.0
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        loss = F.softmax_cross_entropy(model(x[batch]), t[batch])
        model.cleargrads()
        loss.backward()
        optimizer.update()
        total += loss.item() * len(x[batch])
    return total / len(x)
