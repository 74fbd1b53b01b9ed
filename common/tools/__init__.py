"""The work of the command `course`: notebooks, training, JupyterLab, a look at the machine."""
