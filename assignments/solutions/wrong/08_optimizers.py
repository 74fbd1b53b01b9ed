# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 08-count | the smaller batch does not count
def count(images, batch_size, updates):
    per_epoch = images // batch_size
    return [per_epoch, updates // per_epoch, updates * batch_size]
# %% 08-count | every batch is full
def count(images, batch_size, updates):
    per_epoch = -(-images // batch_size)
    return [per_epoch, updates // per_epoch, updates * batch_size]
# %% 08-count | an epoch that has begun is finished
def count(images, batch_size, updates):
    per_epoch = -(-images // batch_size)
    epochs, rest = divmod(updates, per_epoch)
    return [per_epoch, epochs + (rest > 0), epochs * images + rest * batch_size]
# %% 08-count | numbers with a point
def count(images, batch_size, updates):
    per_epoch = np.ceil(images / batch_size)
    epochs = updates // per_epoch
    return [float(per_epoch), float(epochs), epochs * images + updates % per_epoch * batch_size]
# %% 08-rmsprop | new arrays, not in place
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho
        self.h = {}

    def update(self, params, grads):
        for name in params:
            h = self.rho * self.h.get(name, 0) + (1 - self.rho) * grads[name] ** 2
            self.h[name] = h
            params[name] = params[name] - self.lr * grads[name] / (np.sqrt(h) + 1e-8)
# %% 08-rmsprop | nothing is written back
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho
        self.h = {}

    def update(self, params, grads):
        for name, param in params.items():
            h = self.rho * self.h.get(name, 0) + (1 - self.rho) * grads[name] ** 2
            self.h[name] = h
            param = param - self.lr * grads[name] / (np.sqrt(h) + 1e-8)
# %% 08-rmsprop | uphill
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho
        self.h = {}

    def update(self, params, grads):
        for name, param in params.items():
            h = self.rho * self.h.get(name, 0) + (1 - self.rho) * grads[name] ** 2
            self.h[name] = h
            param += self.lr * grads[name] / (np.sqrt(h) + 1e-8)
# %% 08-rmsprop | without the root
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho
        self.h = {}

    def update(self, params, grads):
        for name, param in params.items():
            h = self.rho * self.h.get(name, 0) + (1 - self.rho) * grads[name] ** 2
            self.h[name] = h
            param -= self.lr * grads[name] / (h + 1e-8)
# %% 08-rmsprop | AdaGrad: it never forgets
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho
        self.h = {}

    def update(self, params, grads):
        for name, param in params.items():
            self.h[name] = self.h.get(name, 0) + grads[name] ** 2
            param -= self.lr * grads[name] / (np.sqrt(self.h[name]) + 1e-8)
# %% 08-rmsprop | rho and 1 - rho the wrong way round
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho
        self.h = {}

    def update(self, params, grads):
        for name, param in params.items():
            h = (1 - self.rho) * self.h.get(name, 0) + self.rho * grads[name] ** 2
            self.h[name] = h
            param -= self.lr * grads[name] / (np.sqrt(h) + 1e-8)
# %% 08-rmsprop | h is new at each update
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho

    def update(self, params, grads):
        for name, param in params.items():
            h = (1 - self.rho) * grads[name] ** 2
            param -= self.lr * grads[name] / (np.sqrt(h) + 1e-8)
# %% 08-rmsprop | one h for all parameters
class RMSProp:
    def __init__(self, lr=0.01, rho=0.9):
        self.lr, self.rho = lr, rho
        self.h = 0.0

    def update(self, params, grads):
        for name, param in params.items():
            h = self.rho * np.mean(self.h) + (1 - self.rho) * grads[name] ** 2
            param -= self.lr * grads[name] / (np.sqrt(h) + 1e-8)
            self.h = h
# %% 08-compare | the best single run
def compare(race, kinds, rates, seeds):
    best = {}
    for kind in kinds:
        runs = {lr: [race(kind, lr, seed) for seed in seeds] for lr in rates}
        lr = max(rates, key=lambda lr: max(runs[lr]))
        best[kind] = [lr, min(runs[lr]), max(runs[lr])]
    return best
# %% 08-compare | the scatter over all rates
def compare(race, kinds, rates, seeds):
    best = {}
    for kind in kinds:
        runs = {lr: [race(kind, lr, seed) for seed in seeds] for lr in rates}
        lr = max(rates, key=lambda lr: np.mean(runs[lr]))
        every = sum(runs.values(), [])
        best[kind] = [lr, min(every), max(every)]
    return best
# %% 08-compare | least and highest the wrong way round
def compare(race, kinds, rates, seeds):
    best = {}
    for kind in kinds:
        runs = {lr: [race(kind, lr, seed) for seed in seeds] for lr in rates}
        lr = max(rates, key=lambda lr: np.mean(runs[lr]))
        best[kind] = [lr, max(runs[lr]), min(runs[lr])]
    return best
# %% 08-compare | the largest rate for all
def compare(race, kinds, rates, seeds):
    lr = max(rates)
    best = {}
    for kind in kinds:
        runs = [race(kind, lr, seed) for seed in seeds]
        best[kind] = [lr, min(runs), max(runs)]
    return best
# %% 08-compare | each kind with the best rate of the last
def compare(race, kinds, rates, seeds):
    lr = max(rates, key=lambda lr: np.mean([race(kinds[-1], lr, seed) for seed in seeds]))
    return {kind: [lr, *sorted(race(kind, lr, seed) for seed in seeds)[:2]] for kind in kinds}
# %% 08-learn | nothing is learned
def learn(x, t, classes):
    return TwoLayerNet(784, 50, classes)
# %% 08-learn | one epoch is not enough
def learn(x, t, classes):
    net, optimizer = TwoLayerNet(784, 50, classes), Adam(lr=0.001)
    for start in range(0, len(x), 50):
        batch = slice(start, start + 50)
        optimizer.update(net.params, net.gradient(x[batch], t[batch]))
    return net
# %% 08-learn | ten outputs, whatever is asked
def learn(x, t, classes):
    net, optimizer = TwoLayerNet(784, 50, 10), Adam(lr=0.01)
    rng = np.random.default_rng(0)
    for _ in range(12):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 50):
            chosen = order[start:start + 50]
            optimizer.update(net.params, net.gradient(x[chosen], t[chosen]))
    return net
# %% 08-one-epoch | one loss for all batches
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        losses.append(net.loss(x[batch], t[batch]))
        optimizer.update(net.params, net.gradient(x[batch], t[batch]))
    return [np.mean(losses)]
# %% 08-one-epoch | the last, smaller batch is left out
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for k in range(len(x) // batch_size):
        batch = slice(k * batch_size, (k + 1) * batch_size)
        losses.append(net.loss(x[batch], t[batch]))
        optimizer.update(net.params, net.gradient(x[batch], t[batch]))
    return losses
# %% 08-one-epoch | the loss after the update
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        optimizer.update(net.params, net.gradient(x[batch], t[batch]))
        losses.append(net.loss(x[batch], t[batch]))
    return losses
# %% 08-one-epoch | the gradient of all images for each batch
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for start in range(0, len(x), batch_size):
        losses.append(net.loss(x[start:start + batch_size], t[start:start + batch_size]))
        optimizer.update(net.params, net.gradient(x, t))
    return losses
# %% 08-one-epoch | the same batch again and again
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for _ in range(0, len(x), batch_size):
        losses.append(net.loss(x[:batch_size], t[:batch_size]))
        optimizer.update(net.params, net.gradient(x[:batch_size], t[:batch_size]))
    return losses
# %% 08-one-epoch | nothing is updated
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        losses.append(net.loss(x[batch], t[batch]))
        net.gradient(x[batch], t[batch])
    return losses
