# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 10-stop-early | it knows the future
def stop_early(losses, patience):
    losses = list(losses)
    best = int(np.argmin(losses)) + 1
    return min(best + patience, len(losses)), best
# %% 10-stop-early | counted from 0
def stop_early(losses, patience):
    least = np.inf
    for epoch, loss in enumerate(losses):
        if loss < least:
            least, best = loss, epoch
        elif epoch == best + patience:
            break
    return epoch, best
# %% 10-stop-early | equal counts as better
def stop_early(losses, patience):
    least = np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss <= least:
            least, best = loss, epoch
        elif epoch == best + patience:
            break
    return epoch, best
# %% 10-stop-early | the waiting does not begin anew
def stop_early(losses, patience):
    least, waited = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < least:
            least, best = loss, epoch
        else:
            waited += 1
            if waited == patience:
                break
    return epoch, best
# %% 10-stop-early | an epoch too many
def stop_early(losses, patience):
    least = np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < least:
            least, best = loss, epoch
        elif epoch > best + patience:
            break
    return epoch, best
# %% 10-stop-early | compared with the loss before
def stop_early(losses, patience):
    last = np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < last:
            best = epoch
        elif epoch == best + patience:
            break
        last = loss
    return epoch, best
# %% 10-report | as it was
def report(net, x, t):
    return report_wrong(net, x, t)
# %% 10-report | the loss is mended, the doubt is not
def report(net, x, t):
    y = net.predict(x)
    doubtful = np.sum(softmax(y).max(axis=1) < 0.5)
    return cross_entropy_error(y, t), np.mean(y.argmax(axis=1) == t), doubtful
# %% 10-report | the doubt is mended, the loss is not
def report(net, x, t):
    y = net.predict(x)
    loss = SoftmaxWithLoss().forward(y, t)
    return loss, np.mean(y.argmax(axis=1) == t), np.sum(y.max(axis=1) < 0.5)
# %% 10-report | doubtful by the probability of the right class
def report(net, x, t):
    y = net.predict(x)
    doubtful = np.sum(y[np.arange(len(x)), t] < 0.5)
    return cross_entropy_error(y, t), np.mean(y.argmax(axis=1) == t), doubtful
# %% 10-report | a sum instead of a mean
def report(net, x, t):
    y = net.predict(x)
    loss = -np.log(y[np.arange(len(x)), t]).sum()
    return loss, np.mean(y.argmax(axis=1) == t), np.sum(y.max(axis=1) < 0.5)
# %% 10-surest-errors | still along the wrong axis
def surest_errors(y, t, count):
    answers, sure = y.argmax(axis=0), y.max(axis=1)
    errors = [k for k, (answer, label) in enumerate(zip(answers, t)) if answer != label]
    return sorted(errors, key=lambda k: -sure[k])[:count]
# %% 10-surest-errors | the least sure first
def surest_errors(y, t, count):
    answers, sure = y.argmax(axis=1), y.max(axis=1)
    errors = [k for k, (answer, label) in enumerate(zip(answers, t)) if answer != label]
    return sorted(errors, key=lambda k: sure[k])[:count]
# %% 10-surest-errors | the least sure first, then turned round
def surest_errors(y, t, count):
    answers, sure = y.argmax(axis=1), y.max(axis=1)
    errors = [k for k, (answer, label) in enumerate(zip(answers, t)) if answer != label]
    return sorted(errors, key=lambda k: sure[k])[:count][::-1]
# %% 10-surest-errors | numbers among the errors
def surest_errors(y, t, count):
    sure = y.max(axis=1)[y.argmax(axis=1) != t]
    return sure.argsort()[::-1][:count].tolist()
# %% 10-surest-errors | the right ones too
def surest_errors(y, t, count):
    return y.max(axis=1).argsort()[::-1][:count].tolist()
# %% 10-prepare | copies first, as it was, and the mean mended
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x, t = np.concatenate([x, np.roll(x, 1, axis=-1)]), np.concatenate([t, t])
    x = x - x[:-held_out].mean()
    return (x[:-held_out], t[:-held_out]), (x[-held_out:], t[-held_out:])
# %% 10-prepare | the mean of everything
def prepare(x, t, order, held_out):
    x, t = x[order] - x.mean(), t[order]
    x_fit, t_fit = x[:-held_out], t[:-held_out]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, 1, axis=-1)])
    return (x_fit, np.concatenate([t_fit, t_fit])), (x[-held_out:], t[-held_out:])
# %% 10-prepare | each part has its own mean
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x_fit, t_fit, x_valid = x[:-held_out], t[:-held_out], x[-held_out:]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, 1, axis=-1)])
    return ((x_fit - x_fit.mean(), np.concatenate([t_fit, t_fit])),
            (x_valid - x_valid.mean(), t[-held_out:]))
# %% 10-prepare | what is held out gets copies too
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    parts = []
    for part in (slice(None, -held_out), slice(-held_out, None)):
        parts.append((np.concatenate([x[part], np.roll(x[part], 1, axis=-1)]),
                      np.concatenate([t[part], t[part]])))
    mean = parts[0][0].mean()
    return tuple((images - mean, labels) for images, labels in parts)
# %% 10-prepare | a mean for each pixel
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x_fit, t_fit = x[:-held_out], t[:-held_out]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, 1, axis=-1)])
    mean = x_fit.mean(axis=0)
    return (x_fit - mean, np.concatenate([t_fit, t_fit])), (x[-held_out:] - mean, t[-held_out:])
# %% 10-prepare | moved to the left
def prepare(x, t, order, held_out):
    x, t = x[order], t[order]
    x_fit, t_fit = x[:-held_out], t[:-held_out]
    x_fit = np.concatenate([x_fit, np.roll(x_fit, -1, axis=-1)])
    mean = x_fit.mean()
    return (x_fit - mean, np.concatenate([t_fit, t_fit])), (x[-held_out:] - mean, t[-held_out:])
# %% 10-check-split | as it was
def check_split(split):
    check_split_wrong(split)
# %% 10-check-split | it returns its verdict instead of raising
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    return (np.array_equal(np.sort([*x_fit, *x_valid]), x) and len(x_valid) == 3
            and np.array_equal(t_fit, 5 * x_fit) and np.array_equal(t_valid, 5 * x_valid))
# %% 10-check-split | all labels are still the same
def check_split(split):
    x, t = np.arange(12.0), np.zeros(12, dtype=int)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert len(x_fit) == 9 and len(x_valid) == 3
    assert np.array_equal(np.sort([*x_fit, *x_valid]), x)
    for number, label in [*zip(x_fit, t_fit), *zip(x_valid, t_valid)]:
        assert label == t[int(number)]
# %% 10-check-split | lost images are not missed
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert len(x_fit) == 9 and len(x_valid) == 3
    assert np.intersect1d(x_fit, x_valid).size == 0
    assert np.array_equal(t_fit, 5 * x_fit) and np.array_equal(t_valid, 5 * x_valid)
# %% 10-check-split | a split that shuffles is turned away
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert np.array_equal(x_fit, x[:9]) and np.array_equal(x_valid, x[9:])
    assert np.array_equal(t_fit, t[:9]) and np.array_equal(t_valid, t[9:])
# %% 10-check-split | only the labels of what is learned from
def check_split(split):
    x, t = np.arange(12.0), 5 * np.arange(12)
    (x_fit, t_fit), (x_valid, t_valid) = split(x, t, 3)
    assert len(x_fit) == 9 and len(x_valid) == 3
    assert np.array_equal(np.sort([*x_fit, *x_valid]), x)
    assert np.array_equal(t_fit, 5 * x_fit)
