# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 02-curves | lines without a name
def draw_curves(functions, u, h=0.01):
    fig = Figure()
    upper, lower = fig.subplots(2)
    for function in functions.values():
        upper.plot(u, function(u))
        lower.plot(u, (function(u + h) - function(u - h)) / (2 * h))
    return fig
# %% 02-curves | not over u
def draw_curves(functions, u, h=0.01):
    fig = Figure()
    upper, lower = fig.subplots(2)
    for name, function in functions.items():
        upper.plot(function(u), label=name)
        lower.plot((function(u + h) - function(u - h)) / (2 * h), label=name)
    return fig
# %% 02-curves | divided by h
def draw_curves(functions, u, h=0.01):
    fig = Figure()
    upper, lower = fig.subplots(2)
    for name, function in functions.items():
        upper.plot(u, function(u), label=name)
        lower.plot(u, (function(u + h) - function(u - h)) / h, label=name)
    return fig
# %% 02-curves | the change, not the slope
def draw_curves(functions, u, h=0.01):
    fig = Figure()
    upper, lower = fig.subplots(2)
    for name, function in functions.items():
        upper.plot(u, function(u), label=name)
        lower.plot(u, function(u + h) - function(u - h), label=name)
    return fig
# %% 02-curves | to one side only, over the way to both
def draw_curves(functions, u, h=0.01):
    fig = Figure()
    upper, lower = fig.subplots(2)
    for name, function in functions.items():
        upper.plot(u, function(u), label=name)
        lower.plot(u, (function(u) - function(u - h)) / (2 * h), label=name)
    return fig
# %% 02-curves | h is always 0.01
def draw_curves(functions, u, h=0.01):
    fig, (upper, lower) = plt.subplots(2)
    for name, function in functions.items():
        upper.plot(u, function(u), label=name)
        lower.plot(u, (function(u + 0.01) - function(u - 0.01)) / 0.02, label=name)
    return fig
# %% 02-units | no biases
def hidden_units(inputs, outputs, budget):
    return budget // (inputs + outputs)
# %% 02-units | the biases of the outputs forgotten
def hidden_units(inputs, outputs, budget):
    return budget // (inputs + 1 + outputs)
# %% 02-units | the biases of the hidden units forgotten
def hidden_units(inputs, outputs, budget):
    return (budget - outputs) // (inputs + outputs)
# %% 02-units | rounded to the nearest
def hidden_units(inputs, outputs, budget):
    return round((budget - outputs) / (inputs + 1 + outputs))
# %% 02-units | a part of a unit
def hidden_units(inputs, outputs, budget):
    return (budget - outputs) / (inputs + 1 + outputs)
# %% 02-units | below the budget, never equal to it
def hidden_units(inputs, outputs, budget):
    return (budget - outputs - 1) // (inputs + 1 + outputs)
# %% 02-collapse | the biases are added up
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W @ W_next, b + b_next
    return W, b
# %% 02-collapse | the order of the layers
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W, b = W_next @ W, b @ W_next + b_next
    return W, b
# %% 02-collapse | the second bias is lost
def collapse(layers):
    W, b = layers[0]
    for W_next, _ in layers[1:]:
        W, b = W @ W_next, b @ W_next
    return W, b
# %% 02-collapse | two layers only
def collapse(layers):
    (W1, b1), (W2, b2) = layers[:2]
    return W1 @ W2, b1 @ W2 + b2
# %% 02-collapse | the new weights are used for the bias
def collapse(layers):
    W, b = layers[0]
    for W_next, b_next in layers[1:]:
        W = W @ W_next
        b = b @ W + b_next
    return W, b
# %% 02-exactly | XOR for every k and n
def exactly(k, n):
    return np.ones((n, 3)), np.array([0.0, -1.0, -2.0]), np.array([1.0, -2.0, 1.0]), 0.0
# %% 02-exactly | it does not come down
def exactly(k, n):
    return np.ones((n, 2)), np.array([1.0 - k, -k]), np.array([1.0, -1.0]), 0.0
# %% 02-exactly | it comes down and goes on below 0
def exactly(k, n):
    return np.ones((n, 2)), np.array([1.0 - k, -k]), np.array([1.0, -2.0]), 0.0
# %% 02-exactly | it begins to rise at k
def exactly(k, n):
    return np.ones((n, 3)), np.array([-k, -k, -k], float), np.array([1.0, -2.0, 1.0]), 0.0
# %% 02-exactly | the signs of the biases
def exactly(k, n):
    return np.ones((n, 3)), np.array([k - 1.0, k, k + 1.0]), np.array([1.0, -2.0, 1.0]), 1.0
# %% 02-exactly | the two units of the chapter, for two inputs
def exactly(k, n):
    W1 = np.zeros((n, 2))
    W1[0], W1[1] = [2.0, -1.0], [-1.0, 2.0]
    return W1, np.array([-1.0, -1.0]), np.array([1.0, 1.0]), 0.0
# %% 02-bug-hunt | a sigmoid at the end still
def forecast(x, params):
    z = x
    for layer in (1, 2, 3):
        W, b = params[f"W{layer}"], params[f"b{layer}"]
        z = sigmoid(z @ W + b)
    return z
# %% 02-bug-hunt | the product still the wrong way round
def forecast(x, params):
    z = x
    for layer in (1, 2, 3):
        W, b = params[f"W{layer}"], params[f"b{layer}"]
        a = W @ z + b
        z = sigmoid(a) if layer < 3 else a
    return z
# %% 02-bug-hunt | as it was
def forecast(x, params):
    z = x
    for layer in (1, 2, 3):
        W, b = params[f"W{layer}"], params[f"b{layer}"]
        z = sigmoid(W @ z + b)
    return z
# %% 02-bug-hunt | no sigmoids at all
def forecast(x, params):
    z = x
    for layer in (1, 2, 3):
        W, b = params[f"W{layer}"], params[f"b{layer}"]
        z = z @ W + b
    return z
# %% 02-bug-hunt | the product turned round by transposing
def forecast(x, params):
    z = x
    for layer in (1, 2, 3):
        W, b = params[f"W{layer}"], params[f"b{layer}"]
        a = z @ W.T + b
        z = sigmoid(a) if layer < 3 else a
    return z
