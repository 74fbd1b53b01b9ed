"""Numbers that remember where they came from, so that a gradient finds its way back."""
import math


class Value:
    """A number, what it was made from, and how much it grows with each.

    +, - and * make new values of values and plain numbers. After E.backward(),
    every value that E was made from holds in `grad` the gradient of E for it.
    """

    def __init__(self, data, parents=(), factors=()):
        self.data, self.grad = data, 0.0
        self.parents, self.factors = parents, factors
        self.rank = 1 + max((parent.rank for parent in parents), default=-1)

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __sub__(self, other):
        other = as_value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __mul__(self, other):
        other = as_value(other)
        product = self.data * other.data
        return Value(product, (self, other), (other.data, self.data))

    def sigmoid(self):
        # 1 / (1 + exp(-x)), written so that it never overflows
        y = 0.5 * (1 + math.tanh(0.5 * self.data))
        return Value(y, (self,), (y * (1 - y),))

    def backward(self):
        values = sorted(self.history(), key=lambda value: -value.rank)
        for value in values:
            value.grad = 0.0
        self.grad = 1.0
        for value in values:  # each after everything that was made from it
            for parent, factor in zip(value.parents, value.factors):
                parent.grad += factor * value.grad

    def history(self):
        """Return the set of all values this one was made from, and itself."""
        found, waiting = set(), [self]
        while waiting:
            value = waiting.pop()
            if value not in found:
                found.add(value)
                waiting.extend(value.parents)
        return found

    def __repr__(self):
        return f"Value({self.data:g}, grad {self.grad:g})"


def as_value(number):
    """Return a plain number as a Value that came from nowhere, and a Value as it is."""
    return number if isinstance(number, Value) else Value(number)
