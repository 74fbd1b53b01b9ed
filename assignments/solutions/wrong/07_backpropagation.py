# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 07-by-hand | minus as if it were plus
def gradients(a, b, c, d):
    left, right = a * b - c, d - a
    return [b * right + left, a * right, right, left]
# %% 07-by-hand | only the first use of a
def gradients(a, b, c, d):
    left, right = a * b - c, d - a
    return [b * right, a * right, -right, left]
# %% 07-by-hand | only the second use of a
def gradients(a, b, c, d):
    left, right = a * b - c, d - a
    return [-left, a * right, -right, left]
# %% 07-by-hand | times does not swap
def gradients(a, b, c, d):
    left, right = a * b - c, d - a
    return [a * right - left, b * right, -right, right]
# %% 07-by-hand | d is left out
def gradients(a, b, c, d):
    left, right = a * b - c, d - a
    return [b * right - left, a * right, -right]
# %% 07-value | no parents
def divide(a, b):
    return Value(a.data / b.data)


def exp(a):
    return Value(math.exp(a.data))
# %% 07-value | b as if it made the quotient grow
def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, a.data / b.data ** 2))


def exp(a):
    return Value(math.exp(a.data), (a,), (math.exp(a.data),))
# %% 07-value | the factors of a product
def divide(a, b):
    return Value(a.data / b.data, (a, b), (a.data, -b.data))


def exp(a):
    return Value(math.exp(a.data), (a,), (math.exp(a.data),))
# %% 07-value | the factor of exp is 1
def divide(a, b):
    return Value(a.data / b.data, (a, b), (1 / b.data, -a.data / b.data ** 2))


def exp(a):
    return Value(math.exp(a.data), (a,), (1.0,))
# %% 07-logits | not divided by the number of images
def logit_gradient(y, t):
    return y - np.eye(y.shape[1])[t]
# %% 07-logits | divided by the number of classes
def logit_gradient(y, t):
    return (y - np.eye(y.shape[1])[t]) / y.shape[1]
# %% 07-logits | the other sign
def logit_gradient(y, t):
    return (np.eye(y.shape[1])[t] - y) / len(y)
# %% 07-logits | 1 is taken from every class
def logit_gradient(y, t):
    return (y - 1) / len(y)
# %% 07-logits | y is changed
def logit_gradient(y, t):
    y[np.arange(len(y)), t] -= 1
    return y / len(y)
# %% 07-softsign | what comes back is left out
class Softsign:
    def forward(self, x):
        self.x = x
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return 1 / (1 + np.abs(self.x)) ** 2
# %% 07-softsign | the factor at dout
class Softsign:
    def forward(self, x):
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return dout / (1 + np.abs(dout)) ** 2
# %% 07-softsign | the factor at the output, not at the input
class Softsign:
    def forward(self, x):
        self.y = x / (1 + np.abs(x))
        return self.y

    def backward(self, dout):
        return dout / (1 + np.abs(self.y)) ** 2
# %% 07-softsign | without the absolute value
class Softsign:
    def forward(self, x):
        self.x = x
        return x / (1 + x)

    def backward(self, dout):
        return dout / (1 + self.x) ** 2
# %% 07-softsign | all layers remember in one place
class Softsign:
    def forward(self, x):
        Softsign.x = x
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return dout / (1 + np.abs(Softsign.x)) ** 2
# %% 07-bug-hunt | db is still a mean
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.mean(axis=0)
        return dout @ self.W.T
# %% 07-bug-hunt | W is still not transposed
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W
# %% 07-bug-hunt | as it was
class AffineMended(AffineWrong):
    pass
# %% 07-bug-hunt | dW became a mean too
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout / len(dout)
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
# %% 07-bug-hunt | db over the wrong axis
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=1)
        return dout @ self.W.T
# %% 07-bug-hunt | a db for each image
class AffineMended(AffineWrong):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout
        return dout @ self.W.T
