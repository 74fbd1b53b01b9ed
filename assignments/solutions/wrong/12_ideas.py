# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 12-updated | as if the pixel had been black
def updated(u, x, W, pixel, values):
    return u + values[:, np.newaxis] * W[pixel]
# %% 12-updated | old less new
def updated(u, x, W, pixel, values):
    return u + (x[:, pixel] - values)[:, np.newaxis] * W[pixel]
# %% 12-updated | computed anew
def updated(u, x, W, pixel, values):
    changed = x.copy()
    changed[:, pixel] = values
    return changed @ W
# %% 12-updated | the caller's sums are changed
def updated(u, x, W, pixel, values):
    u += (values - x[:, pixel])[:, np.newaxis] * W[pixel]
    return u
# %% 12-updated | the caller's image is changed
def updated(u, x, W, pixel, values):
    step = values - x[:, pixel]
    x[:, pixel] = values
    return u + step[:, np.newaxis] * W[pixel]
# %% 12-climb | what made it worse is not put back
def climb(score, image, sweeps):
    image = image.copy()
    scores = [score(image)]
    for _ in range(sweeps):
        best = scores[-1]
        for pixel in range(len(image)):
            image[pixel] = 1 - image[pixel]
            best = max(best, score(image))
        scores.append(best)
        if scores[-1] == scores[-2]:
            break
    return image, scores
# %% 12-climb | equal counts as larger
def climb(score, image, sweeps):
    image = image.copy()
    scores = [score(image)]
    for _ in range(sweeps):
        best, before = scores[-1], image.copy()
        for pixel in range(len(image)):
            image[pixel] = 1 - image[pixel]
            tried = score(image)
            if tried >= best:
                best = tried
            else:
                image[pixel] = 1 - image[pixel]
        scores.append(best)
        if (image == before).all():
            break
    return image, scores
# %% 12-climb | all pixels are tried on the image at the start of the sweep
def climb(score, image, sweeps):
    scores = [score(image)]
    for _ in range(sweeps):
        flipped = np.where(np.eye(len(image), dtype=bool), 1 - image, image)
        better = np.array([score(one) > scores[-1] for one in flipped])
        image = np.where(better, 1 - image, image)
        scores.append(score(image))
        if not better.any():
            break
    return image, scores
# %% 12-climb | 0 and 1 are both asked for
def climb(score, image, sweeps):
    image = image.copy()
    scores = [score(image)]
    for _ in range(sweeps):
        for pixel in range(len(image)):
            before, tried = image.copy(), image.copy()
            tried[pixel] = 1 - image[pixel]
            image = tried if score(tried) > score(before) else before
        scores.append(score(image))
        if scores[-1] == scores[-2]:
            break
    return image, scores
# %% 12-climb | the caller's image is changed
def climb(score, image, sweeps):
    scores = [score(image)]
    for _ in range(sweeps):
        best = scores[-1]
        for pixel in range(len(image)):
            image[pixel] = 1 - image[pixel]
            tried = score(image)
            if tried > best:
                best = tried
            else:
                image[pixel] = 1 - image[pixel]
        scores.append(best)
        if scores[-1] == scores[-2]:
            break
    return image, scores
# %% 12-climb | it never stops early
def climb(score, image, sweeps):
    image = image.copy()
    scores = [score(image)]
    for _ in range(sweeps):
        best = scores[-1]
        for pixel in range(len(image)):
            image[pixel] = 1 - image[pixel]
            tried = score(image)
            if tried > best:
                best = tried
            else:
                image[pixel] = 1 - image[pixel]
        scores.append(best)
    return image, scores
# %% 12-small-steps | within epsilon of the step before
def small_steps(slope, x, epsilon, step, count):
    moved = x
    for _ in range(count):
        changed = moved + step * np.sign(slope(moved))
        moved = changed.clip(moved - epsilon, moved + epsilon).clip(0, 1)
    return moved
# %% 12-small-steps | darker than black
def small_steps(slope, x, epsilon, step, count):
    moved = x
    for _ in range(count):
        moved = (moved + step * np.sign(slope(moved))).clip(x - epsilon, x + epsilon)
    return moved
# %% 12-small-steps | downhill
def small_steps(slope, x, epsilon, step, count):
    low, high = np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 1)
    moved = x
    for _ in range(count):
        moved = (moved - step * np.sign(slope(moved))).clip(low, high)
    return moved
# %% 12-small-steps | the slope itself, not its sign
def small_steps(slope, x, epsilon, step, count):
    low, high = np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 1)
    moved = x
    for _ in range(count):
        moved = (moved + step * slope(moved)).clip(low, high)
    return moved
# %% 12-small-steps | always the slope at the start
def small_steps(slope, x, epsilon, step, count):
    low, high = np.maximum(x - epsilon, 0), np.minimum(x + epsilon, 1)
    moved, direction = x, np.sign(slope(x))
    for _ in range(count):
        moved = (moved + step * direction).clip(low, high)
    return moved
# %% 12-small-steps | clipped at the end only
def small_steps(slope, x, epsilon, step, count):
    moved = x
    for _ in range(count):
        moved = moved + step * np.sign(slope(moved))
    return moved.clip(x - epsilon, x + epsilon).clip(0, 1)
# %% 12-fooled | in parts of all images
def fooled(before, after, t):
    wrong = (before.argmax(axis=1) == t) & (after.argmax(axis=1) != t)
    return wrong.mean(), after[wrong].max(axis=1).mean() if wrong.any() else 0.0
# %% 12-fooled | those that were wrong before count too
def fooled(before, after, t):
    wrong = after.argmax(axis=1) != t
    if not wrong.any():
        return 0.0, 0.0
    return wrong.mean(), after[wrong].max(axis=1).mean()
# %% 12-fooled | how sure of the right answer
def fooled(before, after, t):
    right = before.argmax(axis=1) == t
    wrong = right & (after.argmax(axis=1) != t)
    if not wrong.any():
        return 0.0, 0.0
    return wrong.sum() / right.sum(), after[wrong, t[wrong]].mean()
# %% 12-fooled | how sure of all answers
def fooled(before, after, t):
    right = before.argmax(axis=1) == t
    wrong = right & (after.argmax(axis=1) != t)
    return wrong.sum() / right.sum(), after[right].max(axis=1).mean() if wrong.any() else 0.0
# %% 12-fooled | a mean of nothing
def fooled(before, after, t):
    right = before.argmax(axis=1) == t
    wrong = right & (after.argmax(axis=1) != t)
    return wrong.sum() / right.sum(), after[wrong].max(axis=1).mean()
# %% 12-one-sweep | as it was
def one_sweep(image, W, b, rest, digit):
    return one_sweep_wrong(image, W, b, rest, digit)
# %% 12-one-sweep | the sums are mended, the probability stays
def one_sweep(image, W, b, rest, digit):
    image, sums = image.copy(), image @ W + b
    best = softmax(rest(relu(sums)))[digit]
    for pixel in range(len(image)):
        step = (1 - 2 * image[pixel]) * W[pixel]
        output = softmax(rest(relu(sums + step)))[digit]
        if output > best:
            image[pixel] = 1 - image[pixel]
            sums = sums + step
            best = output
    return image, sums
# %% 12-one-sweep | the logit climbs, the sums are not mended
def one_sweep(image, W, b, rest, digit):
    image, sums = image.copy(), image @ W + b
    best = rest(relu(sums))[digit]
    for pixel in range(len(image)):
        step = (1 - 2 * image[pixel]) * W[pixel]
        output = rest(relu(sums + step))[digit]
        if output > best:
            image[pixel] = 1 - image[pixel]
            sums = sums + (1 - 2 * image[pixel]) * W[pixel]
            best = output
    return image, sums
# %% 12-one-sweep | the sums are computed anew at the end, and wrong in the search
def one_sweep(image, W, b, rest, digit):
    image, sums = image.copy(), image @ W + b
    best = rest(relu(sums))[digit]
    for pixel in range(len(image)):
        step = (1 - 2 * image[pixel]) * W[pixel]
        output = rest(relu(sums + step))[digit]
        if output > best:
            image[pixel] = 1 - image[pixel]
            best = output
    return image, image @ W + b
# %% 12-one-sweep | equal is taken for larger, so that it moves
def one_sweep(image, W, b, rest, digit):
    image, sums = image.copy(), image @ W + b
    best = softmax(rest(relu(sums)))[digit]
    for pixel in range(len(image)):
        step = (1 - 2 * image[pixel]) * W[pixel]
        output = softmax(rest(relu(sums + step)))[digit]
        if output >= best:
            image[pixel] = 1 - image[pixel]
            sums = sums + step
            best = output
    return image, sums
