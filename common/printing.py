"""How layers, optimizers and networks show themselves: print(net)."""
import inspect

import numpy as np


class Printable:
    """Prints its name, what it was made with, arrays as shapes, and how many parameters it has."""

    def __repr__(self):
        made_with = []
        for name in inspect.signature(type(self)).parameters:
            if name.startswith("running"):
                continue  # what BatchNormalization follows is not what it was made with
            value = getattr(self, name, None)
            if hasattr(value, "shape"):
                made_with.append(f"{name}: {value.shape}")
            elif isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
                made_with.append(f"{name}={value:g}")
        count = parameters_of(self)
        return (f"{type(self).__name__}({', '.join(made_with)})"
                + (f", {count:,} parameters" if count else ""))


def parameters_of(layer):
    """Return how many numbers a layer learns: W has its gradient in dW, b in db."""
    arrays = vars(layer)
    return sum(value.size for name, value in arrays.items()
               if hasattr(value, "size") and f"d{name}" in arrays)


def table(title, rows):
    """Return a title and rows of texts, in columns, as one text."""
    rows = [[str(text) for text in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["    " + "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
             for row in rows]
    return "\n".join([title, *lines])
