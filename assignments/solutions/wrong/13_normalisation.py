# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 13-normalise | over the images only
def normalise(x, gamma, beta):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / np.sqrt(variance + 2e-5) + move
# %% 13-normalise | each image on its own
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(2, 3), keepdims=True) for f in (x.mean, x.var))
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / np.sqrt(variance + 2e-5) + move
# %% 13-normalise | divided by the variance
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(0, 2, 3), keepdims=True) for f in (x.mean, x.var))
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / (variance + 2e-5) + move
# %% 13-normalise | epsilon outside of the root
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(0, 2, 3), keepdims=True) for f in (x.mean, x.var))
    scale, move = gamma[:, None, None], beta[:, None, None]
    return scale * (x - mean) / (np.sqrt(variance) + 2e-5) + move
# %% 13-normalise | gamma and beta meet the last axis
def normalise(x, gamma, beta):
    mean, variance = (f(axis=(0, 2, 3), keepdims=True) for f in (x.mean, x.var))
    return gamma * (x - mean) / np.sqrt(variance + 2e-5) + beta
# %% 13-running | begins with zeros
class Running:
    def __init__(self, channels, decay):
        self.decay, self.mean, self.variance = decay, np.zeros(channels), np.zeros(channels)

    def train(self, x):
        mean, variance = x.mean(axis=0), x.var(axis=0)
        self.mean = self.decay * self.mean + (1 - self.decay) * mean
        self.variance = self.decay * self.variance + (1 - self.decay) * variance
        return (x - mean) / np.sqrt(variance + 2e-5)

    def infer(self, x):
        return (x - self.mean) / np.sqrt(self.variance + 2e-5)
# %% 13-running | the running ones in training too
class Running:
    def __init__(self, channels, decay):
        self.decay, self.mean, self.variance = decay, np.zeros(channels), np.ones(channels)

    def train(self, x):
        self.mean = self.decay * self.mean + (1 - self.decay) * x.mean(axis=0)
        self.variance = self.decay * self.variance + (1 - self.decay) * x.var(axis=0)
        return self.infer(x)

    def infer(self, x):
        return (x - self.mean) / np.sqrt(self.variance + 2e-5)
# %% 13-running | old and new mixed up
class Running:
    def __init__(self, channels, decay):
        self.decay, self.mean, self.variance = decay, np.zeros(channels), np.ones(channels)

    def train(self, x):
        mean, variance = x.mean(axis=0), x.var(axis=0)
        self.mean = (1 - self.decay) * self.mean + self.decay * mean
        self.variance = (1 - self.decay) * self.variance + self.decay * variance
        return (x - mean) / np.sqrt(variance + 2e-5)

    def infer(self, x):
        return (x - self.mean) / np.sqrt(self.variance + 2e-5)
# %% 13-running | the mean does not move
class Running:
    def __init__(self, channels, decay):
        self.decay, self.mean, self.variance = decay, np.zeros(channels), np.ones(channels)

    def train(self, x):
        mean, variance = x.mean(axis=0), x.var(axis=0)
        self.variance = self.decay * self.variance + (1 - self.decay) * variance
        return (x - mean) / np.sqrt(variance + 2e-5)

    def infer(self, x):
        return (x - self.mean) / np.sqrt(self.variance + 2e-5)
# %% 13-running | inference learns too
class Running:
    def __init__(self, channels, decay):
        self.decay, self.mean, self.variance = decay, np.zeros(channels), np.ones(channels)

    def train(self, x):
        mean, variance = x.mean(axis=0), x.var(axis=0)
        self.mean = self.decay * self.mean + (1 - self.decay) * mean
        self.variance = self.decay * self.variance + (1 - self.decay) * variance
        return (x - mean) / np.sqrt(variance + 2e-5)

    def infer(self, x):
        y = (x - self.mean) / np.sqrt(self.variance + 2e-5)
        self.train(x)
        return y
# %% 13-verdicts | the means decide
def verdicts(scores):
    return {rate: max(both, key=lambda name: np.mean(both[name]))
            for rate, both in scores.items()}
# %% 13-verdicts | the best seed decides
def verdicts(scores):
    return {rate: max(both, key=lambda name: max(both[name])) for rate, both in scores.items()}
# %% 13-verdicts | only the second can be ahead
def verdicts(scores):
    found = {}
    for rate, both in scores.items():
        (_, ours), (name, theirs) = both.items()
        found[rate] = name if min(theirs) > max(ours) else "unclear"
    return found
# %% 13-verdicts | a tie is a lead
def verdicts(scores):
    found = {}
    for rate, both in scores.items():
        (one, ours), (other, theirs) = both.items()
        found[rate] = (one if min(ours) >= max(theirs) else
                       other if min(theirs) >= max(ours) else "unclear")
    return found
# %% 13-stack | the sizes are added up
def stack(sizes, channels):
    parameters = sum(before * after * size * size + after
                     for size, before, after in zip(sizes, channels, channels[1:]))
    return sum(sizes), parameters
# %% 13-stack | the sizes are multiplied
def stack(sizes, channels):
    parameters = sum(before * after * size * size + after
                     for size, before, after in zip(sizes, channels, channels[1:]))
    return int(np.prod(sizes)), parameters
# %% 13-stack | no biases
def stack(sizes, channels):
    parameters = sum(before * after * size * size
                     for size, before, after in zip(sizes, channels, channels[1:]))
    return 1 + sum(size - 1 for size in sizes), parameters
# %% 13-typical | a mean
def typical(step, clock, repeats, warm_up):
    times = []
    for _ in range(warm_up + repeats):
        start = clock()
        step()
        times.append(clock() - start)
    return float(np.mean(times[warm_up:]))
# %% 13-typical | nothing is warmed up
def typical(step, clock, repeats, warm_up):
    times = []
    for _ in range(repeats):
        start = clock()
        step()
        times.append(clock() - start)
    return float(np.median(times))
# %% 13-typical | the fastest
def typical(step, clock, repeats, warm_up):
    times = []
    for _ in range(warm_up + repeats):
        start = clock()
        step()
        times.append(clock() - start)
    return float(min(times[warm_up:]))
