# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 15-expected | the die has as many sides as there are labels
def expected(t, classes):
    most = np.bincount(t, minlength=classes).max() / len(t)
    return 1 / len(set(t.tolist())), float(most), float(np.log(classes))
# %% 15-expected | a count
def expected(t, classes):
    return 1 / classes, float(np.bincount(t).max()), float(np.log(classes))
# %% 15-expected | the most frequent label itself
def expected(t, classes):
    return 1 / classes, float(np.bincount(t).argmax()), float(np.log(classes))
# %% 15-expected | the logarithm of 10
def expected(t, classes):
    most = np.bincount(t, minlength=classes).max() / len(t)
    return 1 / classes, float(most), float(np.log10(classes))
# %% 15-expected | the sign
def expected(t, classes):
    most = np.bincount(t, minlength=classes).max() / len(t)
    return 1 / classes, float(most), float(np.log(1 / classes))
# %% 15-report | as it was
def report(net, x, t):
    return report_wrong(net, x, t)
# %% 15-report | the loss is mended, the doubt is not
def report(net, x, t):
    y = net.predict(x)
    doubtful = np.sum(softmax(y).max(axis=1) < 0.5)
    return cross_entropy_error(y, t), np.mean(y.argmax(axis=1) == t), doubtful
# %% 15-report | the doubt is mended, the loss is not
def report(net, x, t):
    y = net.predict(x)
    loss = SoftmaxWithLoss().forward(y, t)
    return loss, np.mean(y.argmax(axis=1) == t), np.sum(y.max(axis=1) < 0.5)
# %% 15-report | doubtful by the probability of the right class
def report(net, x, t):
    y = net.predict(x)
    doubtful = np.sum(y[np.arange(len(x)), t] < 0.5)
    return cross_entropy_error(y, t), np.mean(y.argmax(axis=1) == t), doubtful
# %% 15-report | a sum instead of a mean
def report(net, x, t):
    y = net.predict(x)
    loss = -np.log(y[np.arange(len(x)), t]).sum()
    return loss, np.mean(y.argmax(axis=1) == t), np.sum(y.max(axis=1) < 0.5)
# %% 15-surest-errors | still along the wrong axis
def surest_errors(y, t, count):
    answers, sure = y.argmax(axis=0), y.max(axis=1)
    errors = [k for k, (answer, label) in enumerate(zip(answers, t)) if answer != label]
    return sorted(errors, key=lambda k: -sure[k])[:count]
# %% 15-surest-errors | the least sure first
def surest_errors(y, t, count):
    answers, sure = y.argmax(axis=1), y.max(axis=1)
    errors = [k for k, (answer, label) in enumerate(zip(answers, t)) if answer != label]
    return sorted(errors, key=lambda k: sure[k])[:count]
# %% 15-surest-errors | the least sure first, then turned round
def surest_errors(y, t, count):
    answers, sure = y.argmax(axis=1), y.max(axis=1)
    errors = [k for k, (answer, label) in enumerate(zip(answers, t)) if answer != label]
    return sorted(errors, key=lambda k: sure[k])[:count][::-1]
# %% 15-surest-errors | numbers among the errors
def surest_errors(y, t, count):
    sure = y.max(axis=1)[y.argmax(axis=1) != t]
    return sure.argsort()[::-1][:count].tolist()
# %% 15-surest-errors | the right ones too
def surest_errors(y, t, count):
    return y.max(axis=1).argsort()[::-1][:count].tolist()
# %% 15-prepare | copies first, as it was, and the mean mended
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x, t = np.concatenate([x, np.roll(x, 1, axis=-1)]), np.concatenate([t, t])
    x = x - x[:-held_out].mean()
    return (x[:-held_out], t[:-held_out]), (x[-held_out:], t[-held_out:])
# %% 15-prepare | the mean of everything
def prepare(x, t, order, held_out):
    x, t = x[order] - x.mean(), t[order]
    x_fit, t_fit = x[:-held_out], t[:-held_out]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, 1, axis=-1)])
    return (x_fit, np.concatenate([t_fit, t_fit])), (x[-held_out:], t[-held_out:])
# %% 15-prepare | each part has its own mean
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x_fit, t_fit, x_valid = x[:-held_out], t[:-held_out], x[-held_out:]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, 1, axis=-1)])
    return ((x_fit - x_fit.mean(), np.concatenate([t_fit, t_fit])),
            (x_valid - x_valid.mean(), t[-held_out:]))
# %% 15-prepare | what is held out gets copies too
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    parts = []
    for part in (slice(None, -held_out), slice(-held_out, None)):
        parts.append((np.concatenate([x[part], np.roll(x[part], 1, axis=-1)]),
                      np.concatenate([t[part], t[part]])))
    mean = parts[0][0].mean()
    return tuple((images - mean, labels) for images, labels in parts)
# %% 15-prepare | a mean for each pixel
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x_fit, t_fit = x[:-held_out], t[:-held_out]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, 1, axis=-1)])
    mean = x_fit.mean(axis=0)
    return (x_fit - mean, np.concatenate([t_fit, t_fit])), (x[-held_out:] - mean, t[-held_out:])
# %% 15-prepare | moved to the left
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x_fit, t_fit = x[:-held_out], t[:-held_out]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, -1, axis=-1)])
    mean = x_fit.mean()
    return (x_fit - mean, np.concatenate([t_fit, t_fit])), (x[-held_out:] - mean, t[-held_out:])
# %% 15-check-split | as it was
def check_split(split):
    check_split_wrong(split)
# %% 15-check-split | it returns its verdict instead of raising
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    return (np.array_equal(np.sort([*x_fit, *x_valid]), x) and len(x_valid) == 3
            and np.array_equal(t_fit, 5 * x_fit) and np.array_equal(t_valid, 5 * x_valid))
# %% 15-check-split | all labels are still the same
def check_split(split):
    x, t = np.arange(12.0), np.zeros(12, dtype=int)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert len(x_fit) == 9 and len(x_valid) == 3
    assert np.array_equal(np.sort([*x_fit, *x_valid]), x)
    for number, label in [*zip(x_fit, t_fit), *zip(x_valid, t_valid)]:
        assert label == t[int(number)]
# %% 15-check-split | lost images are not missed
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert len(x_fit) == 9 and len(x_valid) == 3
    assert np.intersect1d(x_fit, x_valid).size == 0
    assert np.array_equal(t_fit, 5 * x_fit) and np.array_equal(t_valid, 5 * x_valid)
# %% 15-check-split | a split that shuffles is turned away
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert np.array_equal(x_fit, x[:9]) and np.array_equal(x_valid, x[9:])
    assert np.array_equal(t_fit, t[:9]) and np.array_equal(t_valid, t[9:])
# %% 15-check-split | only the labels of what is learned from
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert len(x_fit) == 9 and len(x_valid) == 3
    assert np.array_equal(np.sort([*x_fit, *x_valid]), x)
    assert np.array_equal(t_fit, 5 * x_fit)
