"""The work of the command `course`: notebooks, training, JupyterLab, a look at the machine."""

STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")  # of an answer cell, as nbgrader has it
