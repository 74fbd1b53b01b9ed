# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 06-cross-entropy | the sum over the images
def cross_entropy(y, t):
    return -sum(np.log(max(row[label], 1e-7)) for row, label in zip(y, t))
# %% 06-cross-entropy | infinite for a probability of 0
def cross_entropy(y, t):
    return -np.log(y[np.arange(len(y)), t]).mean()
# %% 06-cross-entropy | every label meets every row
def cross_entropy(y, t):
    return -np.log(np.maximum(y[:, t], 1e-7)).mean()
# %% 06-cross-entropy | the largest probability, whatever the label
def cross_entropy(y, t):
    return -np.log(np.maximum(y.max(axis=1), 1e-7)).mean()
# %% 06-cross-entropy | without the minus
def cross_entropy(y, t):
    return np.log(np.maximum(y[np.arange(len(y)), t], 1e-7)).mean()
# %% 06-fit-line | the slope of the sum, not of the mean
def fit_line(x, t, lr, steps):
    w, b = 0.0, 0.0
    for _ in range(steps):
        error = w * x + b - t
        dw, db = (error * x).sum(), error.sum()
        w, b = w - lr * dw, b - lr * db
    return w, b
# %% 06-fit-line | the new w is used for the slope of b
def fit_line(x, t, lr, steps):
    w, b = 0.0, 0.0
    for _ in range(steps):
        w -= lr * ((w * x + b - t) * x).mean()
        b -= lr * (w * x + b - t).mean()
    return w, b
# %% 06-fit-line | a factor of 2 left in the slope
def fit_line(x, t, lr, steps):
    w, b = 0.0, 0.0
    for _ in range(steps):
        error = w * x + b - t
        w, b = w - 2 * lr * (error * x).mean(), b - 2 * lr * error.mean()
    return w, b
# %% 06-fit-line | uphill
def fit_line(x, t, lr, steps):
    w, b = 0.0, 0.0
    for _ in range(steps):
        error = t - (w * x + b)
        w, b = w - lr * (error * x).mean(), b - lr * error.mean()
    return w, b
# %% 06-fit-line | the best line at once, without a walk
def fit_line(x, t, lr, steps):
    return np.polyfit(x, t, 1)
# %% 06-softsign | what comes back is left out
class Softsign:
    def forward(self, x):
        self.x = x
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return 1 / (1 + np.abs(self.x)) ** 2
# %% 06-softsign | the slope at dout
class Softsign:
    def forward(self, x):
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return dout / (1 + np.abs(dout)) ** 2
# %% 06-softsign | the slope at the output, not at the input
class Softsign:
    def forward(self, x):
        self.y = x / (1 + np.abs(x))
        return self.y

    def backward(self, dout):
        return dout / (1 + np.abs(self.y)) ** 2
# %% 06-softsign | without the absolute value
class Softsign:
    def forward(self, x):
        self.x = x
        return x / (1 + x)

    def backward(self, dout):
        return dout / (1 + self.x) ** 2
# %% 06-softsign | all layers remember in one place
class Softsign:
    def forward(self, x):
        Softsign.x = x
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return dout / (1 + np.abs(Softsign.x)) ** 2
# %% 06-one-epoch | the last, smaller batch is left out
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for k in range(len(x) // batch_size):
        batch = slice(k * batch_size, (k + 1) * batch_size)
        losses.append(net.loss(x[batch], t[batch]))
        optimizer.update(net.params, net.gradient(x[batch], t[batch]))
    return losses
# %% 06-one-epoch | the loss after the update
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        optimizer.update(net.params, net.gradient(x[batch], t[batch]))
        losses.append(net.loss(x[batch], t[batch]))
    return losses
# %% 06-one-epoch | the gradient of all images for each batch
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for start in range(0, len(x), batch_size):
        losses.append(net.loss(x[start:start + batch_size], t[start:start + batch_size]))
        optimizer.update(net.params, net.gradient(x, t))
    return losses
# %% 06-one-epoch | the same batch again and again
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for _ in range(0, len(x), batch_size):
        losses.append(net.loss(x[:batch_size], t[:batch_size]))
        optimizer.update(net.params, net.gradient(x[:batch_size], t[:batch_size]))
    return losses
# %% 06-one-epoch | nothing is updated
def one_epoch(net, optimizer, x, t, batch_size):
    losses = []
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        losses.append(net.loss(x[batch], t[batch]))
        net.gradient(x[batch], t[batch])
    return losses
# %% 06-bug-hunt | db is still a mean
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.mean(axis=0)
        return dout @ self.W.T
# %% 06-bug-hunt | W is still not transposed
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W
# %% 06-bug-hunt | as it was
class AffineMended(AffineWrong):
    pass
# %% 06-bug-hunt | dW became a mean too
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout / len(dout)
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
# %% 06-bug-hunt | db over the wrong axis
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=1)
        return dout @ self.W.T
