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
# %% 01-at-least | the sign of the weights
def at_least(k, n):
    return -np.ones(n), 0.5 - k
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
# %% 01-refute | the first input that is wrong, of all four
def refute(w, b):
    for x in all_inputs(2):
        if perceptron(x, w, b) != (x.sum() == 1):
            return w.sum() + 2 * b, x
# %% 01-refute | the bias only once
def refute(w, b):
    total = w.sum() + b
    target = 0 if total > 0 else 1
    for x in all_inputs(2):
        if (x.sum() == 1) == target and perceptron(x, w, b) != target:
            return total, x
    return total, x
# %% 01-refute | an input that is right
def refute(w, b):
    for x in all_inputs(2):
        if perceptron(x, w, b) == (x.sum() == 1):
            return w.sum() + 2 * b, x
    return w.sum() + 2 * b, x
# %% 01-refute | a pair that is always the same
def refute(w, b):
    for x in all_inputs(2)[[0, 3, 1, 2]]:
        if perceptron(x, w, b) != (x.sum() == 1):
            return w.sum() + 2 * b, x
# %% 01-refute | the last of the pair
def refute(w, b):
    total = w.sum() + 2 * b
    target = 0 if total > 0 else 1
    for x in all_inputs(2)[::-1]:
        if (x.sum() == 1) == target and perceptron(x, w, b) != target:
            return total, x
# %% 01-refute | the total alone
def refute(w, b):
    return [w.sum() + 2 * b]
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
