# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 09-labels | a function is listed once for each way to it
def labels(y):
    if y.creator is None:
        return []
    found = [y.creator.label]
    for variable in y.creator.inputs:
        found += labels(variable)
    return sorted(found)
# %% 09-labels | the first input only
def labels(y):
    found, function = [], y.creator
    while function is not None:
        found.append(function.label)
        function = function.inputs[0].creator
    return sorted(found)
# %% 09-labels | each label once
def labels(y):
    waiting, met = [y.creator], set()
    while waiting:
        function = waiting.pop()
        if function is not None:
            met.add(function.label)
            if len(met) < 100 and len(waiting) < 100:
                waiting += [variable.creator for variable in function.inputs]
    return sorted(met)
# %% 09-labels | without the function that made y
def labels(y):
    waiting, met = [v.creator for v in y.creator.inputs] if y.creator else [], []
    while waiting:
        function = waiting.pop()
        if function is not None and all(function is not other for other in met):
            met.append(function)
            waiting += [variable.creator for variable in function.inputs]
    return sorted(function.label for function in met)
# %% 09-labels | not sorted
def labels(y):
    waiting, met = [y.creator], []
    while waiting:
        function = waiting.pop()
        if function is not None and all(function is not other for other in met):
            met.append(function)
            waiting += [variable.creator for variable in function.inputs]
    return [function.label for function in met]
# %% 09-loop | the links are made outside init_scope
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
# %% 09-loop | x is added in each round, not h
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
# %% 09-loop | nothing is added
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
# %% 09-loop | ReLU of the sum
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
# %% 09-loop | the graph is cut in each round
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
# %% 09-loop | a link of its own for each round
class Loop(chainer.Chain):
    def __init__(self, nodes):
        super().__init__()
        with self.init_scope():
            self.hidden = L.Linear(nodes, nodes)
            self.second = L.Linear(nodes, nodes)
            self.out = L.Linear(nodes, 1)

    def forward(self, x, times):
        h = x
        for k in range(times):
            h = h + F.relu((self.hidden if k == 0 else self.second)(h))
        return self.out(h)
# %% 09-loop | at least one round
class Loop(chainer.Chain):
    def __init__(self, nodes):
        super().__init__()
        with self.init_scope():
            self.hidden = L.Linear(nodes, nodes)
            self.out = L.Linear(nodes, 1)

    def forward(self, x, times):
        h = x + F.relu(self.hidden(x))
        for _ in range(times - 1):
            h = h + F.relu(self.hidden(h))
        return self.out(h)
# %% 09-trainer | the iterator shuffles
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the log of each iteration
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport(trigger=(1, "iteration")))
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry.get("validation/main/accuracy", 0)) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the model ends in a softmax
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(chainer.Sequential(model, F.softmax))
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the learning rate is left as it is by default
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD().setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | validated on the training images
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*train), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the training accuracy is returned
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | epochs from 0
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies))
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the last epoch is taken for the best
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = len(log)
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the last of the best epochs
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = len(log) - accuracies[::-1].index(max(accuracies))
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the log goes to another file
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.SGD(lr=0.1).setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport(filename="training.json"))
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-trainer | the optimizer is Adam
def train_with_trainer(model, train, valid, epochs, batch_size, out):
    classifier = L.Classifier(model)
    optimizer = chainer.optimizers.Adam().setup(classifier)
    data = chainer.datasets.TupleDataset(*train)
    batches = chainer.iterators.SerialIterator(data, batch_size, shuffle=False)
    updater = chainer.training.StandardUpdater(batches, optimizer)
    trainer = chainer.training.Trainer(updater, (epochs, "epoch"), out=str(out))
    once = chainer.iterators.SerialIterator(
        chainer.datasets.TupleDataset(*valid), 100, repeat=False, shuffle=False)
    trainer.extend(extensions.Evaluator(once, classifier), name="validation")
    trainer.extend(extensions.LogReport())
    trainer.run()
    log = trainer.get_extension("LogReport").log
    accuracies = [float(entry["validation/main/accuracy"]) for entry in log]
    best = accuracies.index(max(accuracies)) + 1
    return [float(entry["main/loss"]) for entry in log], accuracies, best
# %% 09-resume | nothing is loaded
def with_a_break(stop, epochs, out):
    _, trainer = make_training(stop, out)
    trainer.extend(extensions.snapshot(filename="snapshot"), trigger=(1, "epoch"))
    trainer.run()
    model, resumed = make_training(epochs, out)
    resumed.run()
    return model, resumed
# %% 09-resume | the weights only
def with_a_break(stop, epochs, out):
    _, trainer = make_training(stop, out)
    trainer.extend(extensions.snapshot(filename="snapshot"), trigger=(1, "epoch"))
    trainer.run()
    model, resumed = make_training(epochs, out)
    chainer.serializers.load_npz(
        str(Path(out) / "snapshot"), model, path="updater/model:main/predictor/")
    resumed.run()
    return model, resumed
# %% 09-resume | Adam begins anew
def with_a_break(stop, epochs, out):
    _, trainer = make_training(stop, out)
    trainer.extend(extensions.snapshot(filename="snapshot"), trigger=(1, "epoch"))
    trainer.run()
    model, resumed = make_training(epochs, out)
    chainer.serializers.load_npz(str(Path(out) / "snapshot"), resumed)
    adam = resumed.updater.get_optimizer("main")
    adam.setup(adam.target)
    resumed.run()
    return model, resumed
# %% 09-resume | loaded and not run
def with_a_break(stop, epochs, out):
    _, trainer = make_training(stop, out)
    trainer.extend(extensions.snapshot(filename="snapshot"), trigger=(1, "epoch"))
    trainer.run()
    model, resumed = make_training(epochs, out)
    chainer.serializers.load_npz(str(Path(out) / "snapshot"), resumed)
    return model, resumed
# %% 09-resume | the second Trainer is made for the epochs that are left
def with_a_break(stop, epochs, out):
    _, trainer = make_training(stop, out)
    trainer.extend(extensions.snapshot(filename="snapshot"), trigger=(1, "epoch"))
    trainer.run()
    model, resumed = make_training(epochs - stop, out)
    chainer.serializers.load_npz(str(Path(out) / "snapshot"), resumed)
    resumed.run()
    return model, resumed
# %% 09-resume | the snapshot has another name
def with_a_break(stop, epochs, out):
    _, trainer = make_training(stop, out)
    trainer.extend(extensions.snapshot(filename="saved"), trigger=(1, "epoch"))
    trainer.run()
    model, resumed = make_training(epochs, out)
    chainer.serializers.load_npz(str(Path(out) / "saved"), resumed)
    resumed.run()
    return model, resumed
# %% 09-resume | no break at all
def with_a_break(stop, epochs, out):
    _, trainer = make_training(epochs, out)
    trainer.extend(extensions.snapshot(filename="snapshot"), trigger=(1, "epoch"))
    trainer.run()
    model, resumed = make_training(epochs, out)
    chainer.serializers.load_npz(str(Path(out) / "snapshot"), resumed)
    resumed.run()
    return model, resumed
# %% 09-bug-hunt | the labels are in the old order still
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
# %% 09-bug-hunt | cleared once only, still
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
# %% 09-bug-hunt | cleared after backward
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
# %% 09-bug-hunt | the order is not used at all
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
