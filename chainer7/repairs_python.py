"""Python: modules and methods that are gone, and a new way to start processes."""

from repair import Repair

PYTHON = [
    Repair(
        "chainer._version",
        "chainer.__version__ and print_runtime_info() say which repairs are in; with no dot more "
        "than before, since programs take it apart into three",
        "__version__ = '7.8.1'\n",
        "__version__ = '7.8.1+repaired5'\n",
    ),
    Repair(
        "chainer._environment_check",
        "numpy.distutils and pkg_resources are gone; they only served to warn about versions",
        "import numpy.distutils.system_info\n",
        "def check():\n    pass\n",
        to_end=True,
    ),
    Repair(
        "chainer.testing.helper",
        "pkg_resources is gone from setuptools; importlib.metadata and packaging tell the same",
        "import pkg_resources\n",
        "from importlib import metadata\n\nfrom packaging.requirements import Requirement\n",
    ),
    Repair(
        "chainer.testing.helper",
        "the question that was put to pkg_resources, in one place",
        "def with_requires(*requirements):\n",
        '''\
def _is_satisfied(requirements):
    for requirement in map(Requirement, requirements):
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            return False
        if not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def with_requires(*requirements):
''',
    ),
    Repair(
        "chainer.testing.helper",
        "with_requires asked pkg_resources",
        """\
    ws = pkg_resources.WorkingSet()
    try:
        ws.require(*requirements)
        skip = False
    except pkg_resources.ResolutionError:
        skip = True
""",
        "    skip = not _is_satisfied(requirements)\n",
    ),
    Repair(
        "chainer.testing.helper",
        "without_requires asked pkg_resources",
        """\
    ws = pkg_resources.WorkingSet()
    try:
        ws.require(*requirements)
        skip = True
    except pkg_resources.ResolutionError:
        skip = False
""",
        "    skip = _is_satisfied(requirements)\n",
    ),
    Repair(
        "chainer.testing.doctest_helper",
        "pkg_resources is gone from setuptools",
        "import pkg_resources\n",
        "from chainer.testing import helper\n",
    ),
    Repair(
        "chainer.testing.doctest_helper",
        "skipif_requires_satisfied asked pkg_resources",
        """\
    ws = pkg_resources.WorkingSet()
    try:
        ws.require(*requirements)
    except pkg_resources.ResolutionError:
        return False
    return skipif(True)
""",
        "    return helper._is_satisfied(requirements) and skipif(True)\n",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "Thread.setDaemon is deprecated since Python 3.10",
        "thread.setDaemon(True)",
        "thread.daemon = True",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "with maxtasksperchild it hung since Python 3.8: while workers are replaced the pool's "
        "length is 0, and map_async divides by it; so take the number that was asked for",
        "            future = self._pool.map_async(_fetch_run, enumerate(indices))\n",
        """\
            chunksize = -(-len(indices) // (4 * self.n_processes))
            future = self._pool.map_async(
                _fetch_run, enumerate(indices), chunksize)
""",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "Python 3.14 on Linux starts processes with forkserver, which cannot take over a data "
        "set that is defined in a notebook: fork, as before",
        "_response_time = 0.1\n",
        """\
_response_time = 0.1


def _processes():
    if (sys.platform == 'linux' and sys.version_info >= (3, 14)
            and multiprocessing.get_start_method() == 'forkserver'):
        return multiprocessing.get_context('fork')
    return multiprocessing
""",
    ),
    Repair(
        "chainer.iterators.multiprocess_iterator",
        "the same: the pool of workers",
        "multiprocessing.Pool(",
        "_processes().Pool(",
    ),
    Repair(
        "chainer.training.extensions.snapshot_writers",
        "Python 3.14 on Linux starts processes with forkserver, which cannot take over a writer "
        "with clean-up hooks: fork, as before",
        "from chainer import utils\n",
        """\
from chainer import utils
from chainer.iterators.multiprocess_iterator import _processes


class _Process(multiprocessing.Process):
    @staticmethod
    def _Popen(process):
        return _processes().Process._Popen(process)
""",
    ),
    Repair(
        "chainer.training.extensions.snapshot_writers",
        "the same: the process that writes",
        "multiprocessing.Process(",
        "_Process(",
        times=2,
    ),
    Repair(
        "chainermn.links.batch_normalization",
        "Python 3.14 copies a super object itself, so that the copy of a link called itself "
        "without end",
        "        ret = copy.deepcopy(super(MultiNodeBatchNormalization, self))\n",
        """\
        ret = object.__new__(type(self))
        ret.__dict__.update(copy.deepcopy(self.__dict__))
""",
    ),
]
