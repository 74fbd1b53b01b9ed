# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 14-stop-early | it knows the future
def stop_early(losses, patience):
    losses = list(losses)
    best = int(np.argmin(losses)) + 1
    return min(best + patience, len(losses)), best
# %% 14-stop-early | counted from 0
def stop_early(losses, patience):
    least = np.inf
    for epoch, loss in enumerate(losses):
        if loss < least:
            least, best = loss, epoch
        elif epoch == best + patience:
            break
    return epoch, best
# %% 14-stop-early | equal counts as better
def stop_early(losses, patience):
    least = np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss <= least:
            least, best = loss, epoch
        elif epoch == best + patience:
            break
    return epoch, best
# %% 14-stop-early | the waiting does not begin anew
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
# %% 14-stop-early | an epoch too many
def stop_early(losses, patience):
    least = np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < least:
            least, best = loss, epoch
        elif epoch > best + patience:
            break
    return epoch, best
# %% 14-stop-early | compared with the loss before
def stop_early(losses, patience):
    last = np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < last:
            best = epoch
        elif epoch == best + patience:
            break
        last = loss
    return epoch, best
# %% 14-shares | all images count
def shares(predictions, truth, labels):
    return np.mean(predictions == truth), np.mean(predictions == labels)
# %% 14-shares | the two mixed up
def shares(predictions, truth, labels):
    wrong = labels != truth
    return (np.mean(predictions[wrong] == labels[wrong]),
            np.mean(predictions[wrong] == truth[wrong]))
# %% 14-shares | a share of all images
def shares(predictions, truth, labels):
    wrong = labels != truth
    return (np.sum(predictions[wrong] == truth[wrong]) / len(truth),
            np.sum(predictions[wrong] == labels[wrong]) / len(truth))
# %% 14-decay | the decay is not scaled by the rate
def sgd_step(W, gradient, lr, decay):
    return W - lr * gradient - decay * W


def adam_step(params, grads, adam, decay):
    adam.update(params, grads)
    for name in params:
        if name.startswith("W"):
            params[name] *= 1 - decay
    return params
# %% 14-decay | it grows
def sgd_step(W, gradient, lr, decay):
    return W - lr * (gradient - decay * W)


def adam_step(params, grads, adam, decay):
    adam.update(params, grads)
    for name in params:
        if name.startswith("W"):
            params[name] *= 1 - adam.lr * decay
    return params
# %% 14-decay | through Adam
def sgd_step(W, gradient, lr, decay):
    return W - lr * (gradient + decay * W)


def adam_step(params, grads, adam, decay):
    grads = {name: grads[name] + decay * params[name] * name.startswith("W") for name in grads}
    adam.update(params, grads)
    return params
# %% 14-decay | the biases too
def sgd_step(W, gradient, lr, decay):
    return W - lr * (gradient + decay * W)


def adam_step(params, grads, adam, decay):
    adam.update(params, grads)
    for name in params:
        params[name] *= 1 - adam.lr * decay
    return params
# %% 14-compare | dropped in inference too
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio)


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | scaled in inference, as in the book
def dropout(x, ratio, train, random):
    if not train:
        return x * (1 - ratio)
    return x * (random.random(x.shape) >= ratio)


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | nothing is scaled
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | the share that stays
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) < ratio) / ratio if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | the same nodes for the whole batch
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape[-1]) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | x is changed
def dropout(x, ratio, train, random):
    if train:
        x[random.random(x.shape) < ratio] = 0
        x /= 1 - ratio
    return x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | at the end
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[:, -1]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | the best accuracy
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies.max(axis=1)


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | one epoch for all
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[:, losses.mean(axis=0).argmin()]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | compared at the end
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = ours[1][:, -1], theirs[1][:, -1]
    if ours.min() > theirs.max():
        return "ours"
    return "theirs" if theirs.min() > ours.max() else "scatter"
# %% 14-compare | the means decide
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours).mean(), stopped(*theirs).mean()
    return "ours" if ours > theirs else "theirs" if theirs > ours else "scatter"
# %% 14-compare | seed against the same seed only
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ahead = stopped(*ours) - stopped(*theirs)
    return "ours" if ahead.min() > 0 else "theirs" if ahead.max() < 0 else "scatter"
# %% 14-compare | only ours can be ahead
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    return "ours" if stopped(*ours).min() > stopped(*theirs).max() else "scatter"
# %% 14-compare | a tie is a lead
def dropout(x, ratio, train, random):
    return x * (random.random(x.shape) >= ratio) / (1 - ratio) if train else x


def stopped(losses, accuracies):
    return accuracies[np.arange(len(losses)), losses.argmin(axis=1)]


def compare(ours, theirs):
    ours, theirs = stopped(*ours), stopped(*theirs)
    if ours.min() >= theirs.max():
        return "ours"
    return "theirs" if theirs.min() >= ours.max() else "scatter"
# %% 14-choose | chosen by the test images
def choose(validation, test):
    best = int(np.argmax(test))
    return best, float(test[best]), float(validation[best] - test[best])
# %% 14-choose | reports what it was chosen by
def choose(validation, test):
    best = int(np.argmax(validation))
    return best, float(validation[best]), float(validation[best] - test[best])
# %% 14-choose | reports the best of the test
def choose(validation, test):
    best = int(np.argmax(validation))
    return best, float(test.max()), float(validation[best] - test[best])
# %% 14-choose | the difference turned round
def choose(validation, test):
    best = int(np.argmax(validation))
    return best, float(test[best]), float(test[best] - validation[best])
# %% 14-confused | truth and prediction mixed up
def count(t, predictions, classes):
    table = np.zeros((classes, classes), dtype=int)
    for truth, prediction in zip(t, predictions):
        table[prediction, truth] += 1
    return table


def most_confused(counts):
    errors = counts.copy()
    np.fill_diagonal(errors, 0)
    return tuple(int(k) for k in np.unravel_index(errors.argmax(), errors.shape))
# %% 14-confused | each pair once
def count(t, predictions, classes):
    table = np.zeros((classes, classes), dtype=int)
    table[t, predictions] = 1
    return table


def most_confused(counts):
    errors = counts.copy()
    np.fill_diagonal(errors, 0)
    return tuple(int(k) for k in np.unravel_index(errors.argmax(), errors.shape))
# %% 14-confused | only the classes that came
def count(t, predictions, classes):
    classes = max(*t, *predictions) + 1
    table = np.zeros((classes, classes), dtype=int)
    np.add.at(table, (t, predictions), 1)
    return table


def most_confused(counts):
    errors = counts.copy()
    np.fill_diagonal(errors, 0)
    return tuple(int(k) for k in np.unravel_index(errors.argmax(), errors.shape))
# %% 14-confused | the diagonal too
def count(t, predictions, classes):
    table = np.zeros((classes, classes), dtype=int)
    np.add.at(table, (t, predictions), 1)
    return table


def most_confused(counts):
    return tuple(int(k) for k in np.unravel_index(counts.argmax(), counts.shape))
# %% 14-confused | the table is changed
def count(t, predictions, classes):
    table = np.zeros((classes, classes), dtype=int)
    np.add.at(table, (t, predictions), 1)
    return table


def most_confused(counts):
    np.fill_diagonal(counts, 0)
    return tuple(int(k) for k in np.unravel_index(counts.argmax(), counts.shape))
