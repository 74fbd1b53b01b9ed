# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 02-leaky-relu | a ReLU without the leak
def leaky_relu(u, slope):
    return np.maximum(u, 0)
# %% 02-leaky-relu | the slope for all numbers
def leaky_relu(u, slope):
    return slope * u
# %% 02-leaky-relu | the slope itself instead of slope times u
def leaky_relu(u, slope):
    return np.where(u > 0, u, slope)
# %% 02-leaky-relu | the array is changed in place
def leaky_relu(u, slope):
    u[u <= 0] *= slope
    return u
# %% 02-leaky-relu | the slope without its sign
def leaky_relu(u, slope):
    return np.where(u > 0, u, slope * np.abs(u))
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
# %% 02-forward | sums without the function
def forward_all(x, layers):
    outputs = []
    for W, b, _ in layers:
        x = x @ W + b
        outputs.append(x)
    return outputs
# %% 02-forward | the sums are noted, not the outputs
def forward_all(x, layers):
    outputs = []
    for W, b, function in layers:
        a = x @ W + b
        outputs.append(a)
        x = function(a)
    return outputs
# %% 02-forward | the outputs are noted, the sums go on
def forward_all(x, layers):
    outputs = []
    for W, b, function in layers:
        x = x @ W + b
        outputs.append(function(x))
    return outputs
# %% 02-forward | the input is noted too
def forward_all(x, layers):
    outputs = [x]
    for W, b, function in layers:
        x = function(x @ W + b)
        outputs.append(x)
    return outputs
# %% 02-forward | the same input for each layer
def forward_all(x, layers):
    return [function(x @ W + b) for W, b, function in layers]
# %% 02-forward | the last layer only
def forward_all(x, layers):
    for W, b, function in layers:
        x = function(x @ W + b)
    return x
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
