"""Time the search for the ten ideas of the 784-784-784-10 MLP against the published C++ program.

    uv run python tests/benchmarks/ideas.py --program FOLDER

FOLDER is a clone of kaityo256/mnist_check, which you fetch yourself; its folder idea/ holds the
program. It is compiled with its own makefile's options in a temporary folder, and gets the weights
that ship with the course. README.md says more.
"""
import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET = 0.05
OPTIONS = ["-std=c++11", "-fopenmp", "-O3"]  # as in idea/makefile


def export(model, path):
    """Write the weights as the program reads them: W and b of each layer, float32."""
    with open(path, "wb") as file:
        for layer in (model[0], model[2], model[4]):
            layer.W.array.astype("<f4").tofile(file)
            layer.b.array.astype("<f4").tofile(file)


def busy():
    """Seconds that processors have worked for the programs that this process has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_program(program, model, folder):
    """Compile and run the C++ program; return seconds, processors' seconds, and its ten images."""
    import numpy as np
    shutil.copytree(program / "idea", folder / "idea")
    export(model, folder / "test.dat")
    subprocess.run(["g++", *OPTIONS, "model.cpp", "-o", "ideas"], cwd=folder / "idea", check=True)
    start, start_busy = time.perf_counter(), busy()
    subprocess.run([folder / "idea" / "ideas"], cwd=folder / "idea", check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, processor = time.perf_counter() - start, busy() - start_busy
    files = [folder / "idea" / f"idea_{digit}.vf" for digit in range(10)]
    return seconds, processor, np.array([np.fromfile(file, "<f4") for file in files])


def say(name, seconds, processor, images, model):
    from common.ideas import read
    answers, probabilities = read(model, images)
    logits = model(images).array.diagonal()
    print(f"{name}: {seconds:.1f} s, {processor:.1f} s of processors' time; logits from "
          f"{logits.min():.1f} to {logits.max():.1f}, on average {logits.mean():.2f}; read as "
          f"{' '.join(map(str, answers))}, the least sure {probabilities.max(axis=1).min():.4f}")
    assert answers.tolist() == list(range(10)), "an idea that is not read as its digit is none"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=os.environ.get("IDEA_PROGRAM"),
                        help="a clone of kaityo256/mnist_check")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if "OMP_NUM_THREADS" not in os.environ:  # libraries read it when they are loaded
        count = str(options.threads)
        os.environ.update({f"{name}_NUM_THREADS": count for name in ("OMP", "OPENBLAS", "MKL")})
        os.execv(sys.executable, [sys.executable, *sys.argv])
    from common.ideas import find_ideas
    from common.models import load_model
    model = load_model("mlp")
    print(f"Ten ideas, five sweeps: Python {platform.python_version()}, {os.cpu_count()} cores, "
          f"OMP_NUM_THREADS={os.environ['OMP_NUM_THREADS']}, load {os.getloadavg()[0]:.1f}")
    ours = []
    for _ in range(options.rounds):
        start, start_busy = time.perf_counter(), time.process_time()
        images, _ = find_ideas(model, sweeps=5)
        ours.append((time.perf_counter() - start, time.process_time() - start_busy))
        say("ours", *ours[-1], images, model)
    if options.program is None or not (options.program / "idea" / "model.cpp").exists():
        print("C++: left out (name a clone of kaityo256/mnist_check with --program).")
        return
    with tempfile.TemporaryDirectory() as folder:
        *theirs, images = run_program(options.program, model, Path(folder))
    say("C++ ", *theirs, images, model)
    for name, mine, peer in zip(("time", "processors' time"), zip(*ours), theirs):
        print(f"ours / C++, {name}: median {sorted(mine)[len(mine) // 2] / peer:.3f}, fastest "
              f"{min(mine) / peer:.3f}; target at most {TARGET}")


if __name__ == "__main__":
    main()
