"""Time a training step of Chainer on the CPU against the same model in PyTorch.

    uv run --with torch==2.13.0 python tests/benchmarks/chainer_models.py

The models are those of chapters 09, 12 and 21, and a larger GAN. Each peer runs in a process of its
own, and the peers take turns, a few steps at a time. With --ours, our own layers run beside them.
README.md says more.
"""
import argparse

import models
from peers import add_options, peers, say_machine, say_ratio, say_threads, serve, take_turns

# The most that Chainer's time may be.
TARGETS = {"mlp": 1.3, "cnn": 1.2, "cnn-deep": 1.2, "gan": 1.2, "dcgan": 1.2}
LIBRARIES = {"Chainer": "chainer", "PyTorch": "torch"}


def measure(name, threads, rounds, steps, libraries):
    """Let the libraries take turns on a model, and print the medians and the ratios."""
    print(f"  {name}, batch {models.MODELS[name][1]}:")
    commands = {what: [__file__, "--worker", library, "--models", name]
                for what, library in libraries.items()}
    with peers(commands, threads) as running:
        take_turns(running.values(), rounds, steps)
        for what, peer in running.items():
            print(f"    {what}: {peer.times()}")
        if {"Chainer", "PyTorch"} <= set(running):
            say_ratio("Chainer / PyTorch", running["Chainer"], running["PyTorch"],
                      TARGETS.get(name))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", nargs="+", choices=models.MODELS, default=list(models.MODELS))
    parser.add_argument("--ours", action="store_true", help="also time the course's own layers")
    add_options(parser, rounds=10, steps=3)
    args = parser.parse_args()
    if args.worker:
        make = getattr(models, f"make_{args.worker}")
        return serve(lambda: make(args.models[0])[:2])
    libraries = {**LIBRARIES, "our layers": "ours"} if args.ours else LIBRARIES
    say_machine("A training step of Chainer's models")
    for threads in args.threads:
        say_threads(threads, args.rounds, args.steps)
        for name in args.models:
            measure(name, threads, args.rounds, args.steps, libraries)


if __name__ == "__main__":
    main()
