# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 17-updated | as if the pixel had been black
def updated(u, x, W, pixel, values):
    return u + values[:, np.newaxis] * W[pixel]
# %% 17-updated | old less new
def updated(u, x, W, pixel, values):
    return u + (x[:, pixel] - values)[:, np.newaxis] * W[pixel]
# %% 17-updated | computed anew
def updated(u, x, W, pixel, values):
    changed = x.copy()
    changed[:, pixel] = values
    return changed @ W
# %% 17-updated | the caller's sums are changed
def updated(u, x, W, pixel, values):
    u += (values - x[:, pixel])[:, np.newaxis] * W[pixel]
    return u
# %% 17-updated | the caller's image is changed
def updated(u, x, W, pixel, values):
    step = values - x[:, pixel]
    x[:, pixel] = values
    return u + step[:, np.newaxis] * W[pixel]
# %% 17-climb | what made it worse is not put back
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
# %% 17-climb | equal counts as larger
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
# %% 17-climb | all pixels are tried on the image at the start of the sweep
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
# %% 17-climb | 0 and 1 are both asked for
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
# %% 17-climb | the caller's image is changed
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
# %% 17-climb | it never stops early
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
# %% 17-one-sweep | as it was
def one_sweep(image, W, b, rest, digit):
    return one_sweep_wrong(image, W, b, rest, digit)
# %% 17-one-sweep | the sums are mended, the probability stays
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
# %% 17-one-sweep | the logit climbs, the sums are not mended
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
# %% 17-one-sweep | the sums are computed anew at the end, and wrong in the search
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
# %% 17-one-sweep | equal is taken for larger, so that it moves
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
# %% 17-dot | the logit alone
def best_dot(model, image, idea, target):
    places = np.flatnonzero(image != idea)
    tried = np.repeat(image[None], len(places), axis=0)
    tried[np.arange(len(places)), places] = idea[places]
    return int(places[model(tried)[:, target].argmax()])
# %% 17-dot | any pixel is flipped
def best_dot(model, image, idea, target):
    tried = np.where(np.eye(len(image), dtype=bool), 1 - image, image)
    logits = model(tried)
    return int((logits[:, target] - np.delete(logits, target, axis=1).max(axis=1)).argmax())
# %% 17-dot | a place in the list of places
def best_dot(model, image, idea, target):
    places = np.flatnonzero(image != idea)
    tried = np.repeat(image[None], len(places), axis=0)
    tried[np.arange(len(places)), places] = idea[places]
    logits = model(tried)
    return int((logits[:, target] - np.delete(logits, target, axis=1).max(axis=1)).argmax())
# %% 17-dot | one question for each place
def best_dot(model, image, idea, target):
    places, leads = np.flatnonzero(image != idea), []
    for place in places:
        tried = image[None].copy()
        tried[0, place] = idea[place]
        logits = model(tried)[0]
        leads.append(logits[target] - np.delete(logits, target).max())
    return int(places[np.argmax(leads)])
# %% 17-refuters | nearer groups too
def refuters(distances, logits, name):
    return [group for group in distances if group != name
            and max(logits[group]) < min(logits[name])]
# %% 17-refuters | the means decide
def refuters(distances, logits, name):
    return [group for group in distances if group != name
            and np.mean(distances[group]) >= np.mean(distances[name])
            and np.mean(logits[group]) < np.mean(logits[name])]
# %% 17-refuters | the mean distance decides
def refuters(distances, logits, name):
    return [group for group in distances if group != name
            and np.mean(distances[group]) >= np.mean(distances[name])
            and max(logits[group]) < min(logits[name])]
