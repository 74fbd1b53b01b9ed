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
# %% 03-softmax-row | not divided by the sum
def softmax_row(a):
    return np.exp(a - np.max(a))
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
# %% 03-last-layer | a postcode as a number
def last_layers():
    return {"letter": (softmax, 26), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (identity, 1), "digit or none": (softmax, 11),
            "forecast": (identity, 24), "month": (softmax, 12)}
# %% 03-last-layer | a month as a number
def last_layers():
    return {"letter": (softmax, 26), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "forecast": (identity, 24), "month": (identity, 1)}
# %% 03-last-layer | millimetres as classes
def last_layers():
    return {"letter": (softmax, 26), "rain": (softmax, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "forecast": (identity, 24), "month": (softmax, 12)}
# %% 03-last-layer | a position as classes
def last_layers():
    return {"letter": (softmax, 26), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (softmax, 2), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "forecast": (identity, 24), "month": (softmax, 12)}
# %% 03-last-layer | a forecast as classes
def last_layers():
    return {"letter": (softmax, 26), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "forecast": (softmax, 24), "month": (softmax, 12)}
# %% 03-last-layer | none of them is no class
def last_layers():
    return {"letter": (softmax, 26), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (softmax, 10), "digit or none": (softmax, 10),
            "forecast": (identity, 24), "month": (softmax, 12)}
# %% 03-last-layer | one neuron for a row and a column
def last_layers():
    return {"letter": (softmax, 26), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 1), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "forecast": (identity, 24), "month": (softmax, 12)}
# %% 03-last-layer | one neuron for all letters
def last_layers():
    return {"letter": (softmax, 1), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "forecast": (identity, 24), "month": (softmax, 12)}
# %% 03-last-layer | one question left out
def last_layers():
    return {"letter": (softmax, 26), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "month": (softmax, 12)}
# %% 03-last-layer | two numbers exchanged
def last_layers():
    return {"letter": (softmax, 12), "rain": (identity, 1), "weather": (softmax, 4),
            "position": (identity, 2), "postcode": (softmax, 10), "digit or none": (softmax, 11),
            "forecast": (identity, 24), "month": (softmax, 26)}
# %% 03-sure | logits compared with the limit
def name_if_sure(a, names, limit):
    return [names[row.argmax()] if row.max() >= limit else "not sure" for row in a]
# %% 03-sure | below and above confused
def name_if_sure(a, names, limit):
    y = softmax(a)
    return [names[row.argmax()] if row.max() < limit else "not sure" for row in y]
# %% 03-sure | positions instead of names
def name_if_sure(a, names, limit):
    return [row.argmax() if row.max() >= limit else -1 for row in softmax(a)]
# %% 03-sure | the axis of the images
def name_if_sure(a, names, limit):
    return [names[k % len(names)] for k in softmax(a).argmax(axis=0)]
# %% 03-sure | softmax over the whole batch
def name_if_sure(a, names, limit):
    y = np.exp(a - a.max()) / np.exp(a - a.max()).sum()
    return [names[row.argmax()] if row.max() >= limit else "not sure" for row in y]
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
