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
# %% 06-choose | the accuracy to learn from
def choose():
    return ["squared error", "accuracy", "squared error", "cross entropy", "accuracy"]


def first_loss(classes):
    return np.log(classes)
# %% 06-choose | a class learned with squared errors
def choose():
    return ["squared error", "squared error", "squared error", "cross entropy", "accuracy"]


def first_loss(classes):
    return np.log(classes)
# %% 06-choose | a name of its own
def choose():
    return ["MSE", "cross entropy", "squared error", "cross entropy", "accuracy"]


def first_loss(classes):
    return np.log(classes)
# %% 06-choose | the first loss of ten classes
def choose():
    return ["squared error", "cross entropy", "squared error", "cross entropy", "accuracy"]


def first_loss(classes):
    return np.log(10)
# %% 06-choose | the logarithm to base ten
def choose():
    return ["squared error", "cross entropy", "squared error", "cross entropy", "accuracy"]


def first_loss(classes):
    return np.log10(classes)
# %% 06-choose | the probability, not its loss
def choose():
    return ["squared error", "cross entropy", "squared error", "cross entropy", "accuracy"]


def first_loss(classes):
    return 1 / classes
# %% 06-gradient | one-sided
def gradient_by_trying(f, x, h):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        here, before = f(x), x[index]
        x[index] = before + h
        gradient[index] = (f(x) - here) / h
        x[index] = before
    return gradient
# %% 06-gradient | divided by h, not by 2h
def gradient_by_trying(f, x, h):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        before = x[index]
        x[index] = before + h
        above = f(x)
        x[index] = before - h
        gradient[index] = (above - f(x)) / h
        x[index] = before
    return gradient
# %% 06-gradient | all numbers moved at once
def gradient_by_trying(f, x, h):
    return np.full_like(x, (f(x + h) - f(x - h)) / (2 * h))
# %% 06-gradient | x is not put back
def gradient_by_trying(f, x, h):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        gradient[index] = (above - f(x)) / (2 * h)
    return gradient
# %% 06-gradient | f is called more often than needed
def gradient_by_trying(f, x, h):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        f(x)
        before = x[index]
        x[index] = before + h
        above = f(x)
        x[index] = before - h
        gradient[index] = (above - f(x)) / (2 * h)
        x[index] = before
    return gradient
# %% 06-gradient | rows only
def gradient_by_trying(f, x, h):
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        before = x[i].copy()
        x[i] = before + h
        above = f(x)
        x[i] = before - h
        gradient[i] = (above - f(x)) / (2 * h)
        x[i] = before
    return gradient
# %% 06-best-rate | nan wins
def best_rate(f, start, rates, steps):
    heights = []
    for lr in rates:
        x = np.array(start, dtype=float)
        for _ in range(steps):
            x -= lr * numerical_gradient(f, x)
        heights.append(f(x))
    return rates[int(np.argmin(heights))]
# %% 06-best-rate | the largest
def best_rate(f, start, rates, steps):
    return max(rates)
# %% 06-best-rate | the smallest
def best_rate(f, start, rates, steps):
    return min(rates)
# %% 06-best-rate | the height, not the rate
def best_rate(f, start, rates, steps):
    heights = []
    for lr in rates:
        x = np.array(start, dtype=float)
        for _ in range(steps):
            x -= lr * numerical_gradient(f, x)
        heights.append(f(x))
    return np.nanmin(heights)
# %% 06-best-rate | each walk goes on where the last one ended
def best_rate(f, start, rates, steps):
    best, lowest = None, np.inf
    for lr in rates:
        for _ in range(steps):
            start -= lr * numerical_gradient(f, start)
        if f(start) < lowest:
            best, lowest = lr, f(start)
    return best
# %% 06-cross-entropy | one loss for each image
def cross_entropy(y, t):
    return -np.log(np.maximum(y[np.arange(len(y)), t], 1e-7))
