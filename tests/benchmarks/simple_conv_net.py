"""Time a training step of SimpleConvNet against the same network elsewhere.

    uv run --with torch==2.13.0 python tests/benchmarks/simple_conv_net.py --book FOLDER

A step is forward, backward and Adam on a batch of 100 images: 30 filters of 5×5, ReLU, 2×2 max
pooling, 100 nodes, ReLU, 10 classes. Each peer runs in a process of its own, and the peers take
turns, a few steps at a time, so that a busy machine slows all of them alike. README.md says more.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

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


def work(name, book):
    """Answer each number on the standard input with the seconds of so many steps."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        step, loss = make_book(book) if name == "book" else globals()[f"make_{name}"]()
        before = loss()
        for _ in range(5):
            step()
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=out)
        return
    print(json.dumps({}), file=out)
    for line in iter(sys.stdin.readline, ""):
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - start)
        print(json.dumps({"seconds": seconds, "losses": [before, loss()]}), file=out)


class Peer:
    """A process that runs steps on demand."""

    def __init__(self, name, book, threads):
        counts = {f"{library}_NUM_THREADS": str(threads)
                  for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")}
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker", name, "--book", book or ""],
            env={**os.environ, **counts}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.seconds, self.fastest = [], float("inf")
        answer = json.loads(self.process.stdout.readline() or '{"error": "its process ended"}')
        self.error = answer.get("error")

    def run(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.losses = answer["losses"]
        self.seconds.append(statistics.median(answer["seconds"]))
        self.fastest = min(self.fastest, *answer["seconds"])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(threads, book, rounds, steps):
    """Let the peers take turns, and print the medians and the ratios."""
    print(f"\n{threads} thread{'s' if threads > 1 else ''}, {rounds} rounds of {steps} steps:")
    ours, peers = Peer("ours", None, threads), {}
    for name, (what, _) in PEERS.items():
        if name == "book" and not book:
            print(f"  {what}: left out, since --book names no folder.")
            continue
        peer = Peer(name, book, threads)
        if peer.error:
            print(f"  {what}: left out ({peer.error}).")
        else:
            peers[name] = peer
    for _ in range(rounds):
        for peer in (ours, *peers.values()):
            peer.run(steps)
    for peer in (ours, *peers.values()):
        peer.close()
        assert peer.losses[1] < peer.losses[0], "a peer that does not learn is no peer"
    print(f"  ours: {_times(ours)}")
    for name, peer in peers.items():
        ratios = [our / their for our, their in zip(ours.seconds, peer.seconds)]
        what, target = PEERS[name]
        print(f"  {what}: {_times(peer)}\n    ours / its: median {statistics.median(ratios):.2f} "
              f"(rounds from {min(ratios):.2f} to {max(ratios):.2f}), "
              f"of the fastest steps {ours.fastest / peer.fastest:.2f}; target at most {target}")


def _times(peer):
    return (f"{1000 * statistics.median(peer.seconds):.1f} ms a step, "
            f"the fastest {1000 * peer.fastest:.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--book", default=os.environ.get("BOOK_REPOSITORY"), metavar="FOLDER",
                        help="a clone of oreilly-japan/deep-learning-from-scratch; "
                             "else the environment variable BOOK_REPOSITORY")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    args = parser.parse_args()
    book = os.path.abspath(args.book) if args.book else None
    if args.worker:
        return work(args.worker, book)
    import numpy as np
    print(f"A training step of SimpleConvNet, batch {BATCH}: Python {platform.python_version()}, "
          f"NumPy {np.__version__}, {os.cpu_count()} cores")
    if hasattr(os, "getloadavg"):
        print(f"Load before: {os.getloadavg()[0]:.1f}")
    for threads in args.threads:
        measure(threads, book, args.rounds, args.steps)


if __name__ == "__main__":
    main()
