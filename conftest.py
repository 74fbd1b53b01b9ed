"""Settings of every test: the sample instead of the network, and notebooks that cannot hang.

It stands at the top since pytest reads it there for tests/ and for notebooks alike.
"""
import os
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty

import pytest


def pytest_configure(config):
    import matplotlib
    matplotlib.use("Agg")
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the environment comes from the process that started the worker
    scratch = tempfile.mkdtemp(prefix="course-tests-")
    config.add_cleanup(lambda: _remove(scratch))
    os.environ["COURSE_CACHE"] = scratch  # a reader's own cache is neither read nor written
    os.environ["CHAINER_DATASET_ROOT"] = os.path.join(scratch, "chainer")
    os.environ["IPYTHONDIR"] = os.path.join(scratch, "ipython")  # no start-up files of the reader's
    if sys.dont_write_bytecode:  # else each kernel compiles all that it imports, for two seconds
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = os.path.join(scratch, "bytecode")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests run side by side, one on each core
    from dataset.files import settle_folders
    settle_folders()
    if config.option.markexpr != "full":
        os.environ["MNIST_SAMPLE"] = "1"
        os.environ.pop("MNIST_DIR", None)


def pytest_xdist_auto_num_workers(config):
    """Three workers for two cores: a quarter of the time a test waits, for a kernel or a limit."""
    from xdist.plugin import pytest_xdist_auto_num_workers
    cores = pytest_xdist_auto_num_workers(config)
    return cores + cores // 2


# The files that take longest, so that no core waits at the end for one that began late.
LONGEST = ["tests/test_assignments.py", "tests/test_grader.py", "chapters/21_gan.ipynb"]


def pytest_collection_modifyitems(items):
    """Begin with the longest files; notebooks are shorter than they, and longer than the rest."""
    top = Path(__file__).parent
    place = {top / file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: (place.get(item.path, len(place)), item.path.suffix != ".ipynb"))


# Japanese notebooks have the code of the English ones, so a few of them stand for all.
RUN_IN_JAPANESE = {"chapters": ["03_output_layer", "10_convolution"],
                   "slides": ["02_neural_network"]}


def pytest_ignore_collect(collection_path, config):
    """Leave out the other Japanese notebooks, but for -m full."""
    if collection_path.suffix == ".ipynb" and collection_path.parent.name == "ja":
        few = RUN_IN_JAPANESE.get(collection_path.parent.parent.name, [])
        return config.option.markexpr != "full" and collection_path.stem not in few or None
    return None


def _remove(folder):
    import shutil
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def notebooks_notice_a_dead_kernel():
    """Let a cell whose kernel died fail at once: nbval would wait for its whole time-out."""
    from nbval.kernel import RunningKernel

    def await_reply(self, msg_id, timeout=None):
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                message = self.get_message(stream="shell", timeout=1)
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("The kernel died while it ran this cell.") from None
                if end is not None and time.monotonic() > end:
                    raise
                continue
            if message["parent_header"].get("msg_id") == msg_id:
                return

    original, RunningKernel.await_reply = RunningKernel.await_reply, await_reply
    yield
    RunningKernel.await_reply = original
