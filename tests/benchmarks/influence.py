"""Time pixel_influence, 784 images as one batch, against the loop that asks for one at a time.

    python tests/benchmarks/influence.py

Both do the same in the network of chapter 05, with one thread, and take turns. README.md says more.
"""
import argparse
import os
import statistics
import time

for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):  # before NumPy comes
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
from peers import say_machine  # noqa: E402

from common.influence import pixel_influence  # noqa: E402
from common.networks import Activations, ThreeLayerNet  # noqa: E402
from dataset.mnist import load_mnist  # noqa: E402
from dataset.weights import load_weights  # noqa: E402

TARGET = 5  # times the speed of the loop, at least


def in_a_loop(net, image):
    """What pixel_influence returns, with a call of the network for each pixel."""
    black = net.activations(np.zeros_like(image))
    rows = []
    for pixel, brightness in enumerate(image):
        alone = np.zeros_like(image)
        alone[pixel] = brightness
        rows.append([values - at_black for values, at_black in zip(net.activations(alone), black)])
    return Activations(*map(np.array, zip(*rows)))


def seconds(function, *args):
    """The time of one call, and the time that it kept the processor busy."""
    start, start_busy = time.perf_counter(), time.process_time()
    function(*args)
    return time.perf_counter() - start, time.process_time() - start_busy


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, help="(%(default)s)")
    options = parser.parse_args()
    net = ThreeLayerNet(load_weights("three-layer-net"))
    image = load_mnist()[1][0][0]
    say_machine("The influence of 784 pixels on 260 numbers of a network")
    pairs = zip(pixel_influence(net, image), in_a_loop(net, image))
    print(f"Largest difference: {max(abs(batch - loop).max() for batch, loop in pairs):.0e}")
    batch, loop = [], []
    for _ in range(options.rounds):
        batch.append(seconds(pixel_influence, net, image))
        loop.append(seconds(in_a_loop, net, image))
    for k, clock in enumerate(("time", "processor's time")):
        ratios = [slow[k] / fast[k] for fast, slow in zip(batch, loop)]
        print(f"loop / batch, {clock}: median {statistics.median(ratios):.1f}, rounds from "
              f"{min(ratios):.1f} to {max(ratios):.1f}; target at least {TARGET}. Batch "
              f"{1000 * statistics.median(fast[k] for fast in batch):.1f} ms, loop "
              f"{1000 * statistics.median(slow[k] for slow in loop):.1f} ms")


if __name__ == "__main__":
    main()
