"""MNIST and the trained weights that ship with the course."""
