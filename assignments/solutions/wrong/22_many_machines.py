# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 22-shares | the rest is left out
def share_sizes(images, n):
    return np.full(n, images // n)


def batch_gradient(gradients, sizes):
    return sizes @ gradients / sizes.sum()
# %% 22-shares | rounded up everywhere
def share_sizes(images, n):
    return np.full(n, -(-images // n))


def batch_gradient(gradients, sizes):
    return sizes @ gradients / sizes.sum()
# %% 22-shares | the first machine takes the whole rest
def share_sizes(images, n):
    sizes = np.full(n, images // n)
    sizes[0] += images % n
    return sizes


def batch_gradient(gradients, sizes):
    return sizes @ gradients / sizes.sum()
# %% 22-shares | the last machines take more
def share_sizes(images, n):
    return (images // n + (np.arange(n) < images % n))[::-1]


def batch_gradient(gradients, sizes):
    return sizes @ gradients / sizes.sum()
# %% 22-shares | the plain mean
def share_sizes(images, n):
    return images // n + (np.arange(n) < images % n)


def batch_gradient(gradients, sizes):
    return gradients.mean(axis=0)
# %% 22-shares | a sum
def share_sizes(images, n):
    return images // n + (np.arange(n) < images % n)


def batch_gradient(gradients, sizes):
    return sizes @ gradients
# %% 22-ring | machine 0 adds up
def ring(arrays):
    n = len(arrays)
    total = np.repeat(arrays.sum(axis=0)[None], n, axis=0)
    return np.array([arrays, *[total] * (2 * (n - 1))])
# %% 22-ring | without the beginning
def ring(arrays):
    n, states = len(arrays), [arrays.copy()]
    for step in range(2 * (n - 1)):
        old, new = states[-1], states[-1].copy()
        for m in range(n):
            if step < n - 1:
                part = (m - step) % n
                new[(m + 1) % n, part] += old[m, part]
            else:
                part = (m + 1 - (step - (n - 1))) % n
                new[(m + 1) % n, part] = old[m, part]
        states.append(new)
    return np.array([*states[1:], states[-1]])
# %% 22-ring | adds in the second half too
def ring(arrays):
    n, states = len(arrays), [arrays.copy()]
    for step in range(2 * (n - 1)):
        old, new = states[-1], states[-1].copy()
        for m in range(n):
            if step < n - 1:
                part = (m - step) % n
            else:
                part = (m + 1 - (step - (n - 1))) % n
            new[(m + 1) % n, part] += old[m, part]
        states.append(new)
    return np.array(states)
# %% 22-ring | the whole array in every round
def ring(arrays):
    n, states = len(arrays), [arrays.copy()]
    for step in range(2 * (n - 1)):
        states.append(states[-1] + np.roll(arrays, step + 1, axis=0) if step < n - 1
                      else states[-1])
    return np.array(states)
# %% 22-ring | sends the same part in every round
def ring(arrays):
    n, states = len(arrays), [arrays.copy()]
    for step in range(2 * (n - 1)):
        old, new = states[-1], states[-1].copy()
        for m in range(n):
            if step < n - 1:
                new[(m + 1) % n, m] += old[m, m]
            else:
                part = (m + 1 - (step - (n - 1))) % n
                new[(m + 1) % n, part] = old[m, part]
        states.append(new)
    return np.array(states)
# %% 22-step-time | the update is shared too
def step_time(n, batch, update, image, size, bandwidth, latency):
    return (update + image * batch) / n + 2 * (n - 1) * (size / n / bandwidth + latency)
# %% 22-step-time | every machine computes all images
def step_time(n, batch, update, image, size, bandwidth, latency):
    return update + image * batch + 2 * (n - 1) * (size / n / bandwidth + latency)
# %% 22-step-time | the whole gradient in every round
def step_time(n, batch, update, image, size, bandwidth, latency):
    return update + image * batch / n + 2 * (n - 1) * (size / bandwidth + latency)
# %% 22-step-time | once round only
def step_time(n, batch, update, image, size, bandwidth, latency):
    return update + image * batch / n + (n - 1) * (size / n / bandwidth + latency)
# %% 22-step-time | 2 n rounds
def step_time(n, batch, update, image, size, bandwidth, latency):
    return update + image * batch / n + 2 * n * (size / n / bandwidth + latency)
# %% 22-amdahl | the time, not how many times as fast
def speed_up(serial, shared, n):
    return serial + shared / n
# %% 22-amdahl | turned round
def speed_up(serial, shared, n):
    return (serial + shared / n) / (serial + shared)
# %% 22-amdahl | everything is shared
def speed_up(serial, shared, n):
    return (serial + shared) / ((serial + shared) / n)
# %% 22-amdahl | the share that can be shared in place of the other
def speed_up(serial, shared, n):
    return (serial + shared) / (shared + serial / n)
# %% 22-agree | as it was
def train(x, t, starts, steps, lr=0.1):
    return train_wrong(x, t, starts, steps, lr)
# %% 22-agree | each machine learns alone
def train(x, t, starts, steps, lr=0.1):
    machines = len(starts)
    return np.array([train_wrong(x[m::machines], t[m::machines], starts[m:m + 1], steps, lr)[0]
                     for m in range(machines)])
# %% 22-agree | the mean of the weights at the end
def train(x, t, starts, steps, lr=0.1):
    return np.repeat(train_wrong(x, t, starts, steps, lr).mean(axis=0)[None], len(starts), axis=0)
# %% 22-agree | all begin with the mean of all weights
def train(x, t, starts, steps, lr=0.1):
    same = np.repeat(starts.mean(axis=0)[None], len(starts), axis=0)
    return train_wrong(x, t, same, steps, lr)
