"""`course doctor`: what a helper would ask for, each line with OK or what to do."""
import importlib.metadata
import platform
import shutil
import sys

import numpy as np

from common.course import COURSE
from common.threads import limit_threads


def examine() -> int:
    """Print one line for each part; return the number of parts that need something."""
    looks = (_python, _numpy, _chainer, _gpu, _mnist, _disk)
    problems = 0
    for look in looks:
        found, advice = look()
        problems += advice is not None
        print(f"{'OK' if advice is None else '!!'}  {found}")
        if advice is not None:
            print(f"    What to do: {advice}")
    if problems:
        print(f"{problems} of {len(looks)} parts need something.")
    else:
        print("Everything is in order.")
    return problems


def _python():
    found = f"Python {platform.python_version()} on {platform.platform()}, {sys.executable}"
    return found, None if sys.version_info >= (3, 10) else "install Python 3.10 to 3.14."


def _numpy():
    threads = limit_threads()
    return (f"NumPy {np.__version__}, its products with {threads} "
            f"thread{'s' if threads > 1 else ''} (OMP_NUM_THREADS sets how many)", None)


def _chainer():
    try:
        import chainer
    except Exception as error:  # an unrepaired Chainer fails in many ways
        return (f"Chainer cannot be imported: {error}",
                "run pip install -r requirements.txt in a clone.")
    x = chainer.Variable(np.array([0.5, 1.0, 2.0], dtype=np.float32))
    y = chainer.functions.sum(x * x * x)
    y.backward()
    if not np.allclose(x.grad, 3 * x.array ** 2):
        return (f"Chainer {chainer.__version__} computes a wrong gradient: {x.grad}",
                "install the course again, in a fresh virtual environment.")
    version = importlib.metadata.version("chainer")
    advice = None
    if "+repaired" not in version:
        advice = "this is not the Chainer of chainer7/: run pip install -r requirements.txt."
    return f"Chainer {version}, and a gradient that it computes is right", advice


def _gpu():
    from common.backend import why_no_gpu

    problem = why_no_gpu()
    if problem is None:
        import cupy
        return f"CuPy {cupy.__version__} with a GPU", None
    advice = None  # a machine without a GPU lacks nothing: every chapter runs on the CPU
    if "cannot" in problem:
        advice = "look at the section GPU of README.md; until then the course runs on the CPU."
    return f"The course runs on the CPU. {problem}", advice


def _mnist():
    from dataset.mnist import status

    mnist = status()
    advice = None
    if mnist.kind in ("damaged", "absent"):
        advice = "run `course data` where there is a network."
    return f"MNIST: {mnist.sentence}", advice


def _disk():
    free = shutil.disk_usage(COURSE).free / 2 ** 30
    return (f"{free:.1f} GiB of free disk",
            None if free >= 1 else "free at least 1 GiB.")
