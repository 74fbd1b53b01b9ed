# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 03-softmax-row | the maximum is not subtracted
def softmax_row(a):
    return np.exp(a) / np.sum(np.exp(a))
# %% 03-softmax-row | shares of the logits, without exp
def softmax_row(a):
    return a / a.sum()
# %% 03-softmax-row | the mean is subtracted, not the maximum
def softmax_row(a):
    exp_a = np.exp(a - a.mean())
    return exp_a / exp_a.sum()
# %% 03-softmax-row | not returned
def softmax_row(a):
    exp_a = np.exp(a - np.max(a))
    y = exp_a / np.sum(exp_a)
# %% 03-softmax-batch | one sum for the whole batch
def softmax_batch(a):
    exp_a = np.exp(a - np.max(a))
    return exp_a / np.sum(exp_a)
# %% 03-softmax-batch | the axis of the images
def softmax_batch(a):
    exp_a = np.exp(a - a.max(axis=0))
    return exp_a / exp_a.sum(axis=0)
# %% 03-softmax-batch | without keepdims
def softmax_batch(a):
    exp_a = np.exp(a - a.max(axis=-1))
    return exp_a / exp_a.sum(axis=-1)
# %% 03-softmax-batch | right for a batch, but not for one row
def softmax_batch(a):
    exp_a = np.exp(a - a.max(axis=1, keepdims=True))
    return exp_a / exp_a.sum(axis=1, keepdims=True)
# %% 03-softmax-batch | one maximum for the whole batch
def softmax_batch(a):
    exp_a = np.exp(a - a.max())
    return exp_a / exp_a.sum(axis=-1, keepdims=True)
# %% 03-names | the axis of the images
def name_answers(a, names):
    return [names[k] for k in a.argmax(axis=0)]
# %% 03-names | positions instead of names
def name_answers(a, names):
    return a.argmax(axis=1).tolist()
# %% 03-names | the position in the whole batch
def name_answers(a, names):
    return [names[a.argmax() % len(names)] for _ in a]
# %% 03-sure | logits compared with the limit
def answer_if_sure(a, limit):
    return np.where(a.max(axis=1) >= limit, a.argmax(axis=1), -1)
# %% 03-sure | below and above confused
def answer_if_sure(a, limit):
    y = softmax(a)
    return np.where(y.max(axis=1) >= limit, -1, y.argmax(axis=1))
# %% 03-sure | the probability instead of the class
def answer_if_sure(a, limit):
    y = softmax(a).max(axis=1)
    return np.where(y >= limit, y, -1)
# %% 03-bug-hunt | softmax still twice
def mean_confidence(a):
    return softmax(softmax(a)).max(axis=1).mean()
# %% 03-bug-hunt | the largest of each column still
def mean_confidence(a):
    return softmax(a).max(axis=0).mean()
# %% 03-bug-hunt | as it was
def mean_confidence(a):
    y = softmax(softmax(a))
    return y.max(axis=0).mean()
# %% 03-bug-hunt | the mean of all probabilities
def mean_confidence(a):
    return softmax(a).mean()
