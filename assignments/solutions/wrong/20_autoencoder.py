# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 20-line | the codes, not the points
def on_line(points, direction):
    return (points - points.mean(axis=0)) @ (direction / np.linalg.norm(direction))
# %% 20-line | through the origin
def on_line(points, direction):
    unit = direction / np.linalg.norm(direction)
    return (points @ unit)[:, None] * unit
# %% 20-line | the direction has its own length
def on_line(points, direction):
    mean = points.mean(axis=0)
    return mean + ((points - mean) @ direction)[:, None] * direction
# %% 20-parameters | no biases
def parameters(widths):
    return 2 * sum(a * b for a, b in zip(widths, widths[1:]))
# %% 20-parameters | the encoder alone
def parameters(widths):
    return sum(a * b + b for a, b in zip(widths, widths[1:]))
# %% 20-parameters | twice the encoder
def parameters(widths):
    return 2 * sum(a * b + b for a, b in zip(widths, widths[1:]))
# %% 20-parameters | a layer from the code to itself
def parameters(widths):
    whole = list(widths) + list(widths)[::-1]
    return sum(a * b + b for a, b in zip(whole, whole[1:]))
# %% 20-walk | never arrives
def walk(start, end, steps):
    share = np.arange(steps)[:, None] / steps
    return (1 - share) * start + share * end
# %% 20-walk | backwards
def walk(start, end, steps):
    share = np.linspace(1, 0, steps)[:, None]
    return (1 - share) * start + share * end
# %% 20-walk | a column for each step
def walk(start, end, steps):
    return np.linspace(start, end, steps, axis=1)
# %% 20-area | equal pairs count as nothing
def area(scores, strange):
    return np.mean(scores[strange][:, None] > scores[~strange])
# %% 20-area | equal pairs count as a whole
def area(scores, strange):
    return np.mean(scores[strange][:, None] >= scores[~strange])
# %% 20-area | the other way round
def area(scores, strange):
    difference = scores[~strange][:, None] - scores[strange]
    return np.mean((difference > 0) + 0.5 * (difference == 0))
# %% 20-area | a count
def area(scores, strange):
    difference = scores[strange][:, None] - scores[~strange]
    return np.sum((difference > 0) + 0.5 * (difference == 0))
# %% 20-alarm | unchanged
def alarm(known, kinds, new, new_kinds, held_out):
    return alarm_wrong(known, kinds, new, new_kinds, held_out)
# %% 20-alarm | PCA has seen the strange kind
def alarm(known, kinds, new, new_kinds, held_out):
    errors = squared_errors(new, PCA(known, 6).restore(new))
    return area_under(*roc(errors, new_kinds == held_out))
# %% 20-alarm | measured on what it was fitted to
def alarm(known, kinds, new, new_kinds, held_out):
    others = known[kinds != held_out]
    images = np.concatenate([new[new_kinds == held_out], others])
    errors = squared_errors(images, PCA(others, 6).restore(images))
    return area_under(*roc(errors, np.arange(len(images)) < (new_kinds == held_out).sum()))
# %% 20-alarm | the sign turned round
def alarm(known, kinds, new, new_kinds, held_out):
    errors = squared_errors(new, PCA(known[kinds != held_out], 6).restore(new))
    return area_under(*roc(-errors, new_kinds == held_out))
