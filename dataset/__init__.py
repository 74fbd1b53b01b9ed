"""MNIST and the trained weights that ship with the course.

    from dataset.mnist import load_mnist
    from dataset.weights import load_weights
"""
