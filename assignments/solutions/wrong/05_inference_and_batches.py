# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 05-read-one | a sigmoid at the end
def read_one(params, x):
    z1 = sigmoid(x @ params["W1"] + params["b1"])
    z2 = sigmoid(z1 @ params["W2"] + params["b2"])
    y = sigmoid(z2 @ params["W3"] + params["b3"])
    return y.argmax(), y.max()
# %% 05-read-one | the largest sum as confidence
def read_one(params, x):
    z1 = sigmoid(x @ params["W1"] + params["b1"])
    z2 = sigmoid(z1 @ params["W2"] + params["b2"])
    a3 = z2 @ params["W3"] + params["b3"]
    return a3.argmax(), a3.max()
# %% 05-read-one | no sigmoids
def read_one(params, x):
    z1 = x @ params["W1"] + params["b1"]
    z2 = z1 @ params["W2"] + params["b2"]
    y = softmax(z2 @ params["W3"] + params["b3"])
    return y.argmax(), y.max()
# %% 05-read-one | softmax in every layer
def read_one(params, x):
    z1 = softmax(x @ params["W1"] + params["b1"])
    z2 = softmax(z1 @ params["W2"] + params["b2"])
    y = softmax(z2 @ params["W3"] + params["b3"])
    return y.argmax(), y.max()
# %% 05-read-one | without biases
def read_one(params, x):
    z1 = sigmoid(x @ params["W1"])
    z2 = sigmoid(z1 @ params["W2"])
    y = softmax(z2 @ params["W3"])
    return y.argmax(), y.max()
# %% 05-read-one | the two the other way round
def read_one(params, x):
    z1 = sigmoid(x @ params["W1"] + params["b1"])
    z2 = sigmoid(z1 @ params["W2"] + params["b2"])
    y = softmax(z2 @ params["W3"] + params["b3"])
    return y.max(), y.argmax()
# %% 05-batches | the rest is lost
def predict_in_batches(predict, x, batch_size):
    outputs = []
    for k in range(len(x) // batch_size):
        outputs.append(predict(x[k * batch_size:(k + 1) * batch_size]))
    return np.concatenate(outputs)
# %% 05-batches | an empty batch at the end
def predict_in_batches(predict, x, batch_size):
    outputs = []
    for k in range(len(x) // batch_size + 1):
        outputs.append(predict(x[k * batch_size:(k + 1) * batch_size]))
    return np.concatenate(outputs)
# %% 05-batches | one image at a time
def predict_in_batches(predict, x, batch_size):
    return np.concatenate([predict(x[k:k + 1]) for k in range(len(x))])
# %% 05-batches | all at once
def predict_in_batches(predict, x, batch_size):
    return predict(x)
# %% 05-batches | a list of batches
def predict_in_batches(predict, x, batch_size):
    return [predict(x[start:start + batch_size]) for start in range(0, len(x), batch_size)]
# %% 05-batches | batches that overlap
def predict_in_batches(predict, x, batch_size):
    outputs = [predict(x[start:start + batch_size + 1]) for start in range(0, len(x), batch_size)]
    return np.concatenate(outputs)
# %% 05-batches | so many batches, not batches of that size
def predict_in_batches(predict, x, batch_size):
    return np.concatenate([predict(part) for part in np.array_split(x, batch_size)])
# %% 05-flow | rows of the weights instead of columns
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    shapes = [(batch_size, W.shape[0]) for W in (weights[0], *weights)]
    return shapes, -(-images // batch_size), images * sum(W.size for W in weights)
# %% 05-flow | the input is left out
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    shapes = [(batch_size, W.shape[1]) for W in weights]
    return shapes, -(-images // batch_size), images * sum(W.size for W in weights)
# %% 05-flow | the shapes of the weights
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    shapes = [(batch_size, 784), *[W.shape for W in weights]]
    return shapes, -(-images // batch_size), images * sum(W.size for W in weights)
# %% 05-flow | the last batch is forgotten
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    widths = [weights[0].shape[0], *[W.shape[1] for W in weights]]
    shapes = [(batch_size, width) for width in widths]
    return shapes, images // batch_size, images * sum(W.size for W in weights)
# %% 05-flow | a call for each image
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    widths = [weights[0].shape[0], *[W.shape[1] for W in weights]]
    shapes = [(batch_size, width) for width in widths]
    return shapes, images, images * sum(W.size for W in weights)
# %% 05-flow | the products of one image
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    widths = [weights[0].shape[0], *[W.shape[1] for W in weights]]
    shapes = [(batch_size, width) for width in widths]
    return shapes, -(-images // batch_size), sum(W.size for W in weights)
# %% 05-flow | the products of one batch
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    widths = [weights[0].shape[0], *[W.shape[1] for W in weights]]
    shapes = [(batch_size, width) for width in widths]
    return shapes, -(-images // batch_size), batch_size * sum(W.size for W in weights)
# %% 05-flow | biases counted as products
def flow(params, images, batch_size):
    weights = [params[name] for name in ("W1", "W2", "W3")]
    widths = [weights[0].shape[0], *[W.shape[1] for W in weights]]
    shapes = [(batch_size, width) for width in widths]
    return shapes, -(-images // batch_size), images * sum(a.size for a in params.values())
# %% 05-threshold | above instead of at least
def find_threshold(confidence, right, wanted):
    for threshold in np.sort(confidence):
        answered = confidence > threshold
        if right[answered].mean() >= wanted:
            return threshold, answered.mean()
# %% 05-threshold | from the top, until it fails once
def find_threshold(confidence, right, wanted):
    found = confidence.max()
    for threshold in np.sort(confidence)[::-1]:
        answered = confidence >= threshold
        if right[answered].mean() < wanted and answered.sum() > 1:
            break
        found = threshold
    return found, (confidence >= found).mean()
# %% 05-threshold | right answers among all images
def find_threshold(confidence, right, wanted):
    for threshold in np.sort(confidence)[::-1]:
        answered = confidence >= threshold
        if (right & answered).mean() >= wanted:
            return threshold, answered.mean()
    return confidence.min(), 1.0
# %% 05-threshold | the largest threshold
def find_threshold(confidence, right, wanted):
    for threshold in np.sort(confidence)[::-1]:
        answered = confidence >= threshold
        if right[answered].mean() >= wanted:
            return threshold, answered.mean()
# %% 05-threshold | the share of right answers returned
def find_threshold(confidence, right, wanted):
    for threshold in np.sort(confidence):
        share = right[confidence >= threshold].mean()
        if share >= wanted:
            return threshold, share
# %% 05-threshold | the wanted share as the threshold
def find_threshold(confidence, right, wanted):
    return wanted, (confidence >= wanted).mean()
# %% 05-too-sure | the share alone
def too_sure(confidence, right, low, high):
    group = (low <= confidence) & (confidence < high)
    return right[group].mean() if group.any() else 0.0
# %% 05-too-sure | the other way round
def too_sure(confidence, right, low, high):
    group = (low <= confidence) & (confidence < high)
    return right[group].mean() - confidence[group].mean() if group.any() else 0.0
# %% 05-too-sure | the upper limit belongs to it
def too_sure(confidence, right, low, high):
    group = (low <= confidence) & (confidence <= high)
    return confidence[group].mean() - right[group].mean() if group.any() else 0.0
# %% 05-too-sure | the lower limit does not
def too_sure(confidence, right, low, high):
    group = (low < confidence) & (confidence < high)
    return confidence[group].mean() - right[group].mean() if group.any() else 0.0
# %% 05-too-sure | all images
def too_sure(confidence, right, low, high):
    return confidence.mean() - right.mean()
# %% 05-too-sure | nothing for an empty group
def too_sure(confidence, right, low, high):
    group = (low <= confidence) & (confidence < high)
    if group.any():
        return confidence[group].mean() - right[group].mean()
# %% 05-bug-hunt | not normalised
def accuracy(net, x, t, batch_size):
    right = 0
    for start in range(0, len(x), batch_size):
        y = net.predict(x[start:start + batch_size])
        right += np.sum(y.argmax(axis=1) == t[start:start + batch_size])
    return right / len(x)
# %% 05-bug-hunt | the mean of the batches
def accuracy(net, x, t, batch_size):
    shares = []
    for start in range(0, len(x), batch_size):
        y = net.predict(x[start:start + batch_size] / 255)
        shares.append(np.mean(y.argmax(axis=1) == t[start:start + batch_size]))
    return np.mean(shares)
# %% 05-bug-hunt | as it was
def accuracy(net, x, t, batch_size):
    shares = []
    for start in range(0, len(x), batch_size):
        y = net.predict(x[start:start + batch_size])
        shares.append(np.mean(y.argmax(axis=1) == t[start:start + batch_size]))
    return np.mean(shares)
# %% 05-bug-hunt | the last batch is left out
def accuracy(net, x, t, batch_size):
    right = count = 0
    for start in range(0, len(x) - batch_size + 1, batch_size):
        y = net.predict(x[start:start + batch_size] / 255)
        right += np.sum(y.argmax(axis=1) == t[start:start + batch_size])
        count += batch_size
    return right / count
# %% 05-bug-hunt | divided by the full batches
def accuracy(net, x, t, batch_size):
    right = batches = 0
    for start in range(0, len(x), batch_size):
        y = net.predict(x[start:start + batch_size] / 255)
        right += np.sum(y.argmax(axis=1) == t[start:start + batch_size])
        batches += 1
    return right / (batches * batch_size)
