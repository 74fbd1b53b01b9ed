"""NumPy's products take one thread, in notebooks and in commands, unless the reader says more."""
import chainer  # noqa: F401  it brings SciPy along, which has threads of its own and no products
import pytest
from test_notebook_helpers import run
from threadpoolctl import threadpool_info, threadpool_limits

from common import threads
from common.cli import main
from common.threads import limit_threads


def counts():
    return [library["num_threads"] for library in threadpool_info()
            if library["user_api"] == "blas"]


pytestmark = pytest.mark.skipif(not counts(), reason="this NumPy's threads cannot be counted")


@pytest.fixture
def two_threads(monkeypatch):
    """NumPy with two threads, as if it had been started so, and a reader who says nothing."""
    for name in threads.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with threadpool_limits(2, user_api="blas"):
        yield


def test_one_thread_is_left(two_threads):
    assert set(counts()) == {2}
    assert limit_threads() == 1 and limit_threads() == 1
    assert set(counts()) == {1}


@pytest.mark.parametrize("name", threads.VARIABLES)
def test_what_the_reader_says_stays(name, two_threads, monkeypatch):
    monkeypatch.setenv(name, "2")
    assert limit_threads() == 2
    assert set(counts()) == {2}


def test_setup_leaves_one_thread_in_a_notebook(two_threads):
    book = run("import numpy, threadpoolctl\n"
               "print({part['num_threads'] for part in threadpoolctl.threadpool_info()})")
    assert book.cells[1].outputs[0].text == "{1}\n"


@pytest.mark.parametrize("command", [
    ["doctor"], ["test", "nothing"], ["ship", "nothing"], ["page", "--out", "."],
    ["train", "mlp", "--out", "nothing", "--epochs", "0"]], ids=lambda command: command[0])
def test_a_command_that_computes_takes_one_thread(command, two_threads, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(command)
    assert set(counts()) == {1}
