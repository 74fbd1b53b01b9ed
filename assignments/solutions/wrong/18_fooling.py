# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 18-one-step | downhill
def one_step(x, t, W, b, epsilon):
    slope = softmax(x @ W + b)
    slope[np.arange(len(t)), t] -= 1
    return (x - epsilon * np.sign(slope @ W.T)).clip(0, 1)
# %% 18-one-step | no limits
def one_step(x, t, W, b, epsilon):
    slope = softmax(x @ W + b)
    slope[np.arange(len(t)), t] -= 1
    return x + epsilon * np.sign(slope @ W.T)
# %% 18-one-step | the slope itself
def one_step(x, t, W, b, epsilon):
    slope = softmax(x @ W + b)
    slope[np.arange(len(t)), t] -= 1
    return (x + epsilon * slope @ W.T).clip(0, 1)
# %% 18-one-step | the caller's images
def one_step(x, t, W, b, epsilon):
    slope = softmax(x @ W + b)
    slope[np.arange(len(t)), t] -= 1
    x += epsilon * np.sign(slope @ W.T)
    return x.clip(0, 1, out=x)
# %% 18-border | the smaller end
def border(predict, start, end, target, rounds):
    low, high = 0.0, 1.0
    for _ in range(rounds):
        middle = (low + high) / 2
        if predict(start + middle * (end - start)) == target:
            high = middle
        else:
            low = middle
    return low
# %% 18-border | the wrong half
def border(predict, start, end, target, rounds):
    low, high = 0.0, 1.0
    for _ in range(rounds):
        middle = (low + high) / 2
        if predict(start + middle * (end - start)) != target:
            high = middle
        else:
            low = middle
    return high
# %% 18-border | asks twice a round
def border(predict, start, end, target, rounds):
    low, high = 0.0, 1.0
    for _ in range(rounds):
        middle = (low + high) / 2
        if predict(start + middle * (end - start)) == target:
            high = middle
        if predict(start + middle * (end - start)) != target:
            low = middle
    return high
# %% 18-border | always from 0
def border(predict, start, end, target, rounds):
    low, high = 0.0, 1.0
    for _ in range(rounds):
        middle = (low + high) / 2
        if predict(middle * end) == target:
            high = middle
        else:
            low = middle
    return high
# %% 18-withstands | the mean over attacks
def withstands(predictions, t):
    return float((predictions == t).mean())
# %% 18-withstands | the worst attack
def withstands(predictions, t):
    return float((predictions == t).mean(axis=1).min())
# %% 18-withstands | after one of them
def withstands(predictions, t):
    return float((predictions == t).any(axis=0).mean())
# %% 18-small-steps | within epsilon of the step before
def small_steps(slope, x, epsilon, step, count):
    moved = x
    for _ in range(count):
        changed = moved + step * np.sign(slope(moved))
        moved = changed.clip(moved - epsilon, moved + epsilon).clip(0, 1)
    return moved
# %% 18-small-steps | darker than black
def small_steps(slope, x, epsilon, step, count):
    moved = x
    for _ in range(count):
        moved = (moved + step * np.sign(slope(moved))).clip(x - epsilon, x + epsilon)
    return moved
# %% 18-small-steps | downhill
def small_steps(slope, x, epsilon, step, count):
    low, high = np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 1)
    moved = x
    for _ in range(count):
        moved = (moved - step * np.sign(slope(moved))).clip(low, high)
    return moved
# %% 18-small-steps | the slope itself, not its sign
def small_steps(slope, x, epsilon, step, count):
    low, high = np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 1)
    moved = x
    for _ in range(count):
        moved = (moved + step * slope(moved)).clip(low, high)
    return moved
# %% 18-small-steps | always the slope at the start
def small_steps(slope, x, epsilon, step, count):
    low, high = np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 1)
    moved, direction = x, np.sign(slope(x))
    for _ in range(count):
        moved = (moved + step * direction).clip(low, high)
    return moved
# %% 18-small-steps | clipped at the end only
def small_steps(slope, x, epsilon, step, count):
    moved = x
    for _ in range(count):
        moved = moved + step * np.sign(slope(moved))
    return moved.clip(x - epsilon, x + epsilon).clip(0, 1)
# %% 18-fooled | in parts of all images
def fooled(before, after, t):
    wrong = (before.argmax(axis=1) == t) & (after.argmax(axis=1) != t)
    return wrong.mean(), after[wrong].max(axis=1).mean() if wrong.any() else 0.0
# %% 18-fooled | those that were wrong before count too
def fooled(before, after, t):
    wrong = after.argmax(axis=1) != t
    if not wrong.any():
        return 0.0, 0.0
    return wrong.mean(), after[wrong].max(axis=1).mean()
# %% 18-fooled | how sure of the right answer
def fooled(before, after, t):
    right = before.argmax(axis=1) == t
    wrong = right & (after.argmax(axis=1) != t)
    if not wrong.any():
        return 0.0, 0.0
    return wrong.sum() / right.sum(), after[wrong, t[wrong]].mean()
# %% 18-fooled | how sure of all answers
def fooled(before, after, t):
    right = before.argmax(axis=1) == t
    wrong = right & (after.argmax(axis=1) != t)
    return wrong.sum() / right.sum(), after[right].max(axis=1).mean() if wrong.any() else 0.0
# %% 18-fooled | a mean of nothing
def fooled(before, after, t):
    right = before.argmax(axis=1) == t
    wrong = right & (after.argmax(axis=1) != t)
    return wrong.sum() / right.sum(), after[wrong].max(axis=1).mean()
