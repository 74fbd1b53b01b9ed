"""Peers of a benchmark: processes that run training steps in turns, and ratios between them.

A script names its peers, serves one of them when it is called as a worker, and compares them:
simple_conv_net.py is the shortest example.
"""
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time

LIBRARIES = ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")


class Peer:
    """A process that runs steps on demand.

    command: the script and its options that lead to serve(). threads: how many each library of
    the process may use. error: None, or one line that says why the peer cannot take part.
    seconds: for each turn the median of its steps. fastest: the fastest step of all turns.
    processor: for each turn the median of the seconds that its steps kept processors busy. With
    one thread, other work on the machine hardly touches it.
    """

    def __init__(self, command, threads):
        counts = {f"{library}_NUM_THREADS": str(threads) for library in LIBRARIES}
        self.process = subprocess.Popen(
            [sys.executable, *command], env={**os.environ, **counts}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.seconds, self.processor, self.fastest = [], [], float("inf")
        answer = json.loads(self.process.stdout.readline() or '{"error": "its process ended"}')
        self.error = answer.get("error")

    def run(self, steps):
        """Take a turn of so many steps."""
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.losses = answer["losses"]
        self.seconds.append(statistics.median(answer["seconds"]))
        self.processor.append(statistics.median(answer["processor"]))
        self.fastest = min(self.fastest, *answer["seconds"])

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def times(self):
        """Say how long a step took."""
        return (f"{1000 * statistics.median(self.seconds):.1f} ms a step, "
                f"the fastest {1000 * self.fastest:.1f} ms")


def serve(make):
    """Be a Peer's process: answer each number on the standard input with seconds of so many steps.

    make: returns two functions, step(), which trains on a batch, and loss(), a float.
    """
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        step, loss = make()
        before = loss()
        for _ in range(5):
            step()
    except Exception as error:
        line = " ".join(f"{type(error).__name__}: {error}".split())
        print(json.dumps({"error": line}), file=out)
        return
    print(json.dumps({}), file=out)
    for line in iter(sys.stdin.readline, ""):
        seconds, processor = [], []
        for _ in range(int(line)):
            start, start_busy = time.perf_counter(), time.process_time()
            step()
            seconds.append(time.perf_counter() - start)
            processor.append(time.process_time() - start_busy)
        print(json.dumps({"seconds": seconds, "processor": processor,
                          "losses": [before, loss()]}), file=out)


@contextlib.contextmanager
def peers(commands, threads):
    """Start a Peer for each command of a dict, and give those that can take part.

    The others are left out with a sentence. All have ended when the block ends.
    """
    started = {}
    try:
        for name, command in commands.items():
            started[name] = Peer(command, threads)
        for name, peer in started.items():
            if peer.error:
                print(f"  {name}: left out ({peer.error}).")
        yield {name: peer for name, peer in started.items() if not peer.error}
    finally:
        for peer in started.values():
            peer.close()


def take_turns(peers, rounds, steps):
    """Let the peers run some steps each, again and again."""
    for _ in range(rounds):
        for peer in peers:
            peer.run(steps)
    for peer in peers:
        assert peer.losses[1] < peer.losses[0], "a peer that does not learn is no peer"


def say_ratio(what, peer, other, target=None):
    """Print the ratio between two peers, and the target if there is one."""
    turns = [ours / theirs for ours, theirs in zip(peer.seconds, other.seconds)]
    busy = [ours / theirs for ours, theirs in zip(peer.processor, other.processor)]
    print(f"    {what}: median {statistics.median(turns):.2f} "
          f"(rounds from {min(turns):.2f} to {max(turns):.2f}), "
          f"of the fastest steps {peer.fastest / other.fastest:.2f}, "
          f"of the processors' time {statistics.median(busy):.2f}"
          + (f"; target at most {target}" if target else ""))


def say_machine(what):
    """Print what is measured, on what."""
    import numpy as np
    print(f"{what}: Python {platform.python_version()}, NumPy {np.__version__}, "
          f"{os.cpu_count()} cores")
    if hasattr(os, "getloadavg"):
        print(f"Load before: {os.getloadavg()[0]:.1f}")


def add_options(parser, rounds=15, steps=10):
    """Add the options that the benchmarks share to an argparse parser."""
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--worker", help="for the benchmark's own use")


def say_threads(threads, rounds, steps):
    print(f"\n{threads} thread{'s' if threads > 1 else ''}, {rounds} rounds of {steps} steps:")
