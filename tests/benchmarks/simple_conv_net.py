"""Time a training step of SimpleConvNet against the same network elsewhere.

    uv run --with torch==2.13.0 python tests/benchmarks/simple_conv_net.py --book FOLDER

A step is forward, backward and Adam on a batch of 100 images: 30 filters of 5×5, ReLU, 2×2 max
pooling, 100 nodes, ReLU, 10 classes. Each peer runs in a process of its own, and the peers take
turns, a few steps at a time, so that a busy machine slows all of them alike. README.md says more.
"""
import argparse
import os
import sys

from peers import add_options, peers, say_machine, say_ratio, say_threads, serve, take_turns

BATCH = 100
PEERS = {  # name: (what it is, the most that our time may be, as a share of its time)
    "book": ("repository of the book, NumPy", 0.2),
    "chainer": ("Chainer, NumPy", 0.5),
    "torch": ("PyTorch", 2.2),
}


def data():
    import numpy as np
    rng = np.random.default_rng(0)
    x = np.maximum(rng.normal(-0.5, 0.5, (BATCH, 1, 28, 28)), 0)  # most of an image is 0
    return x.astype(np.float32), rng.integers(0, 10, BATCH)


def make_ours():
    from common.networks import SimpleConvNet
    from common.optimizers import Adam
    return _numpy_step(SimpleConvNet(), Adam())


def make_book(folder):
    sys.path.insert(0, folder)  # its package common, not ours
    sys.path.insert(0, os.path.join(folder, "ch07"))
    os.chdir(os.path.join(folder, "ch07"))
    from common.optimizer import Adam
    from simple_convnet import SimpleConvNet
    return _numpy_step(SimpleConvNet(), Adam())


def _numpy_step(net, optimizer):
    x, t = data()

    def step():
        optimizer.update(net.params, net.gradient(x, t))

    return step, lambda: float(net.loss(x, t))


def make_chainer():
    import chainer
    import chainer.functions as F
    import chainer.links as L
    import numpy as np
    np.random.seed(0)
    model = chainer.Sequential(
        L.Convolution2D(1, 30, 5), F.relu, lambda x: F.max_pooling_2d(x, 2, 2),
        L.Linear(4320, 100), F.relu, L.Linear(100, 10))
    optimizer = chainer.optimizers.Adam().setup(model)
    x, t = data()
    t = t.astype(np.int32)

    def step():
        loss = F.softmax_cross_entropy(model(x), t)
        model.cleargrads()
        loss.backward()
        optimizer.update()

    return step, lambda: F.softmax_cross_entropy(model(x), t).item()


def make_torch():
    import torch
    from torch import nn
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 30, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(4320, 100), nn.ReLU(), nn.Linear(100, 10))
    optimizer = torch.optim.Adam(model.parameters())
    x, t = map(torch.from_numpy, data())

    def step():
        loss = nn.functional.cross_entropy(model(x), t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step, lambda: nn.functional.cross_entropy(model(x), t).item()


def measure(threads, book, rounds, steps):
    """Let the peers take turns, and print the medians and the ratios."""
    say_threads(threads, rounds, steps)
    names = {"ours": "ours", **{what: name for name, (what, _) in PEERS.items()}}
    if not book:
        print(f"  {PEERS['book'][0]}: left out, since --book names no folder.")
        del names[PEERS["book"][0]]
    commands = {what: [__file__, "--worker", name, "--book", book or ""]
                for what, name in names.items()}
    with peers(commands, threads) as running:
        if "ours" not in running:
            return
        take_turns(running.values(), rounds, steps)
        ours = running.pop("ours")
        print(f"  ours: {ours.times()}")
        for what, peer in running.items():
            print(f"  {what}: {peer.times()}")
            say_ratio("ours / its", ours, peer, PEERS[names[what]][1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--book", default=os.environ.get("BOOK_REPOSITORY"), metavar="FOLDER",
                        help="a clone of oreilly-japan/deep-learning-from-scratch; "
                             "else the environment variable BOOK_REPOSITORY")
    add_options(parser)
    args = parser.parse_args()
    book = os.path.abspath(args.book) if args.book else None
    if args.worker:
        return serve(lambda: make_book(book) if args.worker == "book"
                     else globals()[f"make_{args.worker}"]())
    say_machine(f"A training step of SimpleConvNet, batch {BATCH}")
    for threads in args.threads:
        measure(threads, book, args.rounds, args.steps)


if __name__ == "__main__":
    main()
