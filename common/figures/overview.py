"""The course in one picture: an image goes in, ten probabilities come out.

    uv run python -m common.figures.overview

draws it anew for README.md.
"""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import ConnectionPatch

from common.backend import to_cpu
from common.figures.kit import number, show_image
from common.figures.style import COLORS, describe, to_png, use_style


def overview(image, activations):
    """Draw an image, the nodes of both hidden layers, and the probability of each digit.

    image: (784,), 0.0 to 1.0. activations: what ThreeLayerNet.activations gives for it.
    Returns a figure.
    """
    z1, z2, y = (to_cpu(z) for z in (activations.z1, activations.z2, activations.z3))
    fig, axes = plt.subplots(1, 4, figsize=(9, 2.5), width_ratios=[2.2, 1, 1, 2.4],
                             layout="constrained")
    fig.get_layout_engine().set(wspace=0.14)  # room for the arrows
    show_image(axes[0], to_cpu(image).reshape(28, 28))
    axes[0].set_title("784 pixels", color=COLORS["input"])
    for axis, z, columns in [(axes[1], z1, 5), (axes[2], z2, 5)]:
        show_image(axis, z.reshape(-1, columns), cmap="cividis", aspect="auto")
        axis.set_title(f"{z.size} nodes", color=COLORS["activation"])
    axes[3].barh(np.arange(10), y, color=COLORS["output"])
    axes[3].set(yticks=range(10), xlim=(0, 1), ylim=(9.6, -0.6), xticks=[0, 0.5, 1])
    axes[3].set_title("probability of each digit", color=COLORS["output"])
    axes[3].grid(axis="y", visible=False)
    for left, right, end in zip(axes[:3], axes[1:], (0, 0, -0.03)):
        fig.add_artist(ConnectionPatch(
            (1.06, 0.5), (end - 0.06, 0.5), "axes fraction", "axes fraction", axesA=left,
            axesB=right, arrowstyle="-|>", mutation_scale=16, color=COLORS["neutral"]))
    answer = int(y.argmax())
    return describe(fig, f"An image of 784 pixels, the {z1.size} and the {z2.size} nodes of two "
                         f"hidden layers, and ten bars: the network reads {answer}, with a "
                         f"probability of {number(y[answer], '.3f')}.")


def main():
    """Draw the picture of README.md from the first test image."""
    from common.course import COURSE
    from common.networks import ThreeLayerNet
    from dataset.mnist import load_mnist
    from dataset.weights import load_weights

    use_style()
    _, (x_test, _) = load_mnist()
    net = ThreeLayerNet(load_weights("three-layer-net"))
    figure = overview(x_test[0], net.activations(x_test[0]))
    path = COURSE / ".github" / "overview.png"
    path.write_bytes(to_png(figure)[0])
    print(f"{path}: {figure.alternative_text}")


if __name__ == "__main__":
    main()
