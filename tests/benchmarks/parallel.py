"""A training step in 1, 2, ... processes: what the shares save, and what the exchange costs.

    uv run --extra mpi python tests/benchmarks/parallel.py

For each model and batch size, the processes take 30 steps with the parts of common.parallel (Adam
included), and the fastest counts, since other work on a machine only makes steps slower. The table
has milliseconds, the share of the exchange, and the ratio to one process. Then the exchange alone,
for arrays of several sizes: latency and bandwidth are the line through them.
"""
import argparse
import json
import os
import subprocess
import sys
import time

import numpy as np

BATCHES = {"mlp": [50, 200, 1000], "cnn": [16, 64, 256]}
SIZES = [4, 40_000, 400_000, 4_000_000, 16_000_000]  # bytes


def steps(name, batch, number=30):
    """Return (seconds a step, seconds of its exchange) in this process, beside the others."""
    import chainer
    import chainermn
    from mpi4py import MPI

    from common.models import MODELS
    from common.parallel import ALONE, Team
    comm = chainermn.create_communicator("naive")
    team = Team(comm) if comm.size > 1 else ALONE
    np.random.seed(0)
    x = np.random.rand(batch, 784).astype(np.float32)[comm.rank::comm.size]
    t = np.random.randint(0, 10, batch).astype(np.int32)[comm.rank::comm.size]
    classifier = team.classifier(MODELS[name].make(), batch)
    optimizer = team.set_up(chainer.optimizers.Adam(), classifier)
    exchange, whole, within = comm.multi_node_mean_grad, [], []

    def timed(*arguments):
        # Who waits for a slower one is not exchanging yet.
        MPI.COMM_WORLD.Barrier()
        start = time.perf_counter()
        exchange(*arguments)
        within.append(time.perf_counter() - start)

    comm.multi_node_mean_grad = timed
    for _ in range(number):
        MPI.COMM_WORLD.Barrier()
        start = time.perf_counter()
        optimizer.update(classifier, x, t)
        MPI.COMM_WORLD.Barrier()
        whole.append(time.perf_counter() - start)
    return min(whole[3:]), min(within[3:], default=0.0)


def exchanges():
    """Return the seconds that a sum over all processes takes, for each of SIZES."""
    from mpi4py import MPI
    found = []
    for size in SIZES:
        ours = np.ones(size // 4, dtype=np.float32)
        total, seconds = np.empty_like(ours), []
        for _ in range(50):
            MPI.COMM_WORLD.Barrier()
            start = time.perf_counter()
            MPI.COMM_WORLD.Allreduce(ours, total)
            seconds.append(time.perf_counter() - start)
        found.append(min(seconds))
    return found


def work(what):
    """Measure in this process, and print JSON in the first."""
    from mpi4py import MPI
    found = exchanges() if what == ["exchange"] else steps(what[0], int(what[1]))
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(found))


def measure(processes, *what):
    """Return what `processes` workers measured."""
    from common.processes import _mpiexec
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
                   "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run([_mpiexec(), "-n", str(processes), sys.executable, __file__, "--work",
                           *map(str, what)], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3, help="the fastest round counts")
    arguments = parser.parse_args()
    if arguments.work:
        return work(arguments.work)
    print("model  batch  processes     ms  exchange  ratio to one process")
    for name, batches in BATCHES.items():
        for batch in batches:
            one = None
            for processes in arguments.processes:
                step, exchange = min(measure(processes, name, batch)
                                     for _ in range(arguments.rounds))
                one = one or step
                print(f"{name:5}  {batch:5}  {processes:9}  {1000 * step:5.1f}  "
                      f"{exchange / step:8.0%}  {step / one:.2f}", flush=True)
    for processes in arguments.processes[1:]:
        found = np.min([measure(processes, "exchange") for _ in range(arguments.rounds)], axis=0)
        slope, start = np.polyfit(SIZES, found, 1, w=1 / found)  # relative errors count
        print(f"sum over {processes} processes:", *(
            f"{size:,} bytes {1000 * seconds:.4f} ms;" for size, seconds in zip(SIZES, found)),
            f"a line has {1e6 * start:.0f} microseconds and {1e-9 / slope:.2f} GB/s")


if __name__ == "__main__":
    main()
