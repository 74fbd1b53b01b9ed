"""Steps a second on a GPU: Chainer on CuPy, PyTorch, and the course's own layers on CuPy.

    uv run --extra cuda12 --with torch==2.13.0 python tests/benchmarks/gpu.py

It prints a table in Markdown: steps a second, and where the time goes.
--device cpu runs the same code on NumPy, to see that the benchmark works. README.md says more.
"""
import argparse
import statistics
import subprocess
import sys
import time

import models
from peers import peers, serve, take_turns

LIBRARIES = {"PyTorch": "torch", "Chainer": "chainer", "our layers": "ours"}


def many(library, name, device, steps):
    """Return a function that trains so many steps and waits for the device once, and the loss."""
    step, loss, wait = getattr(models, f"make_{library}")(name, device)

    def run():
        for _ in range(steps):
            step()
        wait()

    return run, loss


def python_share(library, name, device, steps):
    """Return how much of a step's time passes before Python has told the device all of it.

    Near 1, the device waits for Python; near 0, Python waits for the device.
    """
    step, _, wait = getattr(models, f"make_{library}")(name, device)
    shares = []
    for _ in range(6):
        start = time.perf_counter()
        for _ in range(steps):
            step()
        told = time.perf_counter()
        wait()
        shares.append((told - start) / (time.perf_counter() - start))
    return statistics.median(shares[1:])


def functions(name, device, steps):
    """Return the milliseconds of a step in each function of Chainer, and of a whole step.

    The device is waited for after every function, so these steps are slower than others.
    """
    from chainer.function_hooks import TimerHook

    class Timer(TimerHook):  # a gradient runs as functions too, which would be counted twice
        def backward_preprocess(self, function, in_data, out_grad):
            pass

        backward_postprocess = backward_preprocess

    step, _, wait = models.make_chainer(name, device)
    for _ in range(3):
        step()
    wait()
    with Timer() as timer:
        start = time.perf_counter()
        for _ in range(steps):
            step()
        wait()
        total = time.perf_counter() - start
    parts = {function: 1000 * record["elapsed_time"] / steps
             for function, record in timer.summary().items()}
    parts["Adam and the rest"] = 1000 * total / steps - sum(parts.values())
    return parts, 1000 * total / steps


def device_name(device):
    """Return the name of the GPU, or of the CPU's stand-in."""
    if device == "cpu":
        return "CPU (a trial of this benchmark, no result)"
    import cupy
    return cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()


def say_where(library, name, device, steps):
    """Print what the last two columns hold; a process of its own calls this."""
    try:
        share = python_share(library, name, device, steps)
        parts, total = functions(name, device, steps) if library == "chainer" else ({}, 0)
    except Exception as error:
        return print(f"{type(error).__name__}: {str(error).splitlines()[0]}")
    largest = sorted(parts, key=parts.get, reverse=True)[:5]
    print(f"{share:.2f} | " + ", ".join(f"{each} {parts[each] / total:.0%}" for each in largest))


def measure(name, options):
    """Print the steps a second of each library on a model, and what Python has to do with it."""
    command = [__file__, "--device", options.device, "--models", name, "--steps",
               str(options.steps)]
    commands = {what: [*command, "--worker", library] for what, library in LIBRARIES.items()}
    rates = {}
    with peers(commands, options.threads) as running:
        take_turns(running.values(), options.rounds, 1)
        for what, peer in running.items():
            rates[what] = options.steps / statistics.median(peer.seconds)
    for what, rate in rates.items():
        done = subprocess.run(
            [sys.executable, *command, "--where", LIBRARIES[what]], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        where = (done.stdout.strip().splitlines() or ["its process ended"])[-1]
        against = f"{rate / rates['PyTorch']:.2f}" if "PyTorch" in rates else ""
        print(f"| {name}, batch {models.MODELS[name][1]} | {what} | {rate:.1f} | {against} | "
              f"{where} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", nargs="+", choices=models.MODELS, default=list(models.MODELS))
    parser.add_argument("--device", choices=["gpu", "cpu"], default="gpu")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=20, help="of a round (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="on the CPU (%(default)s)")
    parser.add_argument("--worker", help="for the benchmark's own use")
    parser.add_argument("--where", help="for the benchmark's own use")
    options = parser.parse_args()
    if options.worker:
        return serve(lambda: many(options.worker, options.models[0], options.device,
                                  options.steps))
    if options.where:
        return say_where(options.where, options.models[0], options.device, options.steps)
    if options.device == "gpu":
        from common.backend import why_no_gpu
        if why_no_gpu():
            return print(f"No GPU to measure on: {why_no_gpu()} (--device cpu tries the code.)")
    print(f"{device_name(options.device)}\n")
    print("| model | library | steps a second | PyTorch = 1 | Python's share | where it goes |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in options.models:
        measure(name, options)


if __name__ == "__main__":
    main()
