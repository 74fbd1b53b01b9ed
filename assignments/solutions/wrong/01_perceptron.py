# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 01-at-least | the sum is 0 when exactly k are 1
def at_least(k, n):
    return np.ones(n), -float(k)
# %% 01-at-least | the sign of the bias
def at_least(k, n):
    return np.ones(n), k - 0.5
# %% 01-at-least | OR for every k
def at_least(k, n):
    return np.ones(n), -0.5
# %% 01-at-least | AND for every k
def at_least(k, n):
    return np.ones(n), 0.5 - n
# %% 01-at-least | two inputs only
def at_least(k, n):
    return np.array([1.0, 1.0]), 0.5 - k
# %% 01-learn-step | the sign of the error
def learn_step(x, t, w, b, eta):
    error = perceptron(x, w, b) - t
    return w + eta * error * x, b + eta * error
# %% 01-learn-step | the array is changed in place
def learn_step(x, t, w, b, eta):
    error = t - perceptron(x, w, b)
    w += eta * error * x
    b += eta * error
    return w, b
# %% 01-learn-step | the bias does not learn
def learn_step(x, t, w, b, eta):
    error = t - perceptron(x, w, b)
    return w + eta * error * x, b
# %% 01-learn-step | the bias without the learning rate
def learn_step(x, t, w, b, eta):
    error = t - perceptron(x, w, b)
    return w + eta * error * x, b + error
# %% 01-learn-step | the sum instead of the answer
def learn_step(x, t, w, b, eta):
    error = t - (x @ w + b)
    return w + eta * error * x, b + eta * error
# %% 01-learn-step | it fires at 0
def learn_step(x, t, w, b, eta):
    error = t - (1 if x @ w + b >= 0 else 0)
    return w + eta * error * x, b + eta * error
# %% 01-count-right | t along the perceptrons
def count_right(X, t, W, b):
    return (perceptron(X, W, b) == t).sum(axis=0)
# %% 01-count-right | right along the rows
def count_right(X, t, W, b):
    return (perceptron(X, W, b) == t[:, None]).sum(axis=1)
# %% 01-count-right | shares instead of counts
def count_right(X, t, W, b):
    return (perceptron(X, W, b) == t[:, None]).mean(axis=0)
# %% 01-count-right | it fires at 0
def count_right(X, t, W, b):
    return ((X @ W + b >= 0) == t[:, None]).sum(axis=0)
# %% 01-count-right | counts where it fires
def count_right(X, t, W, b):
    return perceptron(X, W, b).sum(axis=0)
# %% 01-exactly | XOR for every k and n
def exactly(k, n):
    return np.array([[-1.0, 1.0]] * n), np.array([1.5, -0.5]), np.array([1.0, 1.0]), -1.5
# %% 01-exactly | the second layer is OR
def exactly(k, n):
    W1 = np.column_stack([np.ones(n), -np.ones(n)])
    return W1, np.array([0.5 - k, k + 0.5]), np.array([1.0, 1.0]), -0.5
# %% 01-exactly | the second unit says no one too early
def exactly(k, n):
    W1 = np.column_stack([np.ones(n), -np.ones(n)])
    return W1, np.array([0.5 - k, k - 0.5]), np.array([1.0, 1.0]), -1.5
# %% 01-exactly | at least k
def exactly(k, n):
    return np.ones((n, 2)), np.array([0.5 - k, 0.5 - k]), np.array([1.0, 1.0]), -1.5
# %% 01-bug-hunt | the bias does not learn
def learn(X, t, w, b, eta=0.5, sweeps=6):
    mistakes = []
    for _ in range(sweeps):
        mistakes.append(0)
        for x_i, t_i in zip(X, t):
            error = t_i - perceptron(x_i, w, b)
            w = w + eta * error * x_i
            mistakes[-1] += int(error != 0)
    return w, b, mistakes
# %% 01-bug-hunt | errors cancel
def learn(X, t, w, b, eta=0.5, sweeps=6):
    mistakes = []
    for _ in range(sweeps):
        mistakes.append(0)
        for x_i, t_i in zip(X, t):
            error = t_i - perceptron(x_i, w, b)
            w, b = w + eta * error * x_i, b + eta * error
            mistakes[-1] += int(error)
    return w, b, mistakes
# %% 01-bug-hunt | the bias without the learning rate
def learn(X, t, w, b, eta=0.5, sweeps=6):
    mistakes = []
    for _ in range(sweeps):
        mistakes.append(0)
        for x_i, t_i in zip(X, t):
            error = t_i - perceptron(x_i, w, b)
            w, b = w + eta * error * x_i, b + error
            mistakes[-1] += int(error != 0)
    return w, b, mistakes
# %% 01-bug-hunt | one count for all sweeps
def learn(X, t, w, b, eta=0.5, sweeps=6):
    mistakes, count = [], 0
    for _ in range(sweeps):
        for x_i, t_i in zip(X, t):
            error = t_i - perceptron(x_i, w, b)
            w, b = w + eta * error * x_i, b + eta * error
            count += int(error != 0)
        mistakes.append(count)
    return w, b, mistakes
# %% 01-bug-hunt | it stops after the first sweep without a mistake
def learn(X, t, w, b, eta=0.5, sweeps=6):
    mistakes = []
    for _ in range(sweeps):
        mistakes.append(0)
        for x_i, t_i in zip(X, t):
            error = t_i - perceptron(x_i, w, b)
            w, b = w + eta * error * x_i, b + eta * error
            mistakes[-1] += int(error != 0)
        if mistakes[-1] == 0:
            break
    return w, b, mistakes
