"""One test for each repair of chainer7 that shows on the CPU; each fails without its repair."""

import subprocess
import sys
import unittest
import warnings

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest
from chainer import iterators


def run_script(script, *options):
    """Run a script as a notebook's kernel would hold it: with no file behind __main__."""
    return subprocess.run(
        [sys.executable, *options, "-"], input=script, capture_output=True, text=True, timeout=60
    )


# --- Python ---


def test_importing_chainer_warns_of_nothing():
    done = run_script("import chainer.gradient_check, chainermn, onnx_chainer", "-W", "error")
    # ONNX is not a part of this: where it is missing, onnx_chainer says so.
    assert done.returncode == 0 or "No module named 'onnx'" in done.stderr, done.stderr


def test_the_environment_check_does_nothing():
    from chainer import _environment_check

    assert _environment_check.check() is None


@pytest.mark.parametrize(
    "requirements, met",
    [
        (["numpy>=1.9"], True),
        (["numpy>=1.9", "numpy<1"], False),
        (["no-such-package"], False),
    ],
)
def test_requirements_of_tests_are_looked_up(requirements, met):
    from chainer import testing
    from chainer.testing import doctest_helper

    def decorated(decorator):
        case = decorator(*requirements)(type("Case", (unittest.TestCase,), {}))
        return getattr(case, "__unittest_skip__", False)

    assert decorated(testing.with_requires) is not met
    assert decorated(testing.without_requires) is met
    assert doctest_helper.skipif_requires_satisfied(*requirements) is met


def test_multiprocess_iterator_does_not_use_setdaemon():
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="setDaemon")
        iterator = iterators.MultiprocessIterator(
            list(range(4)), 2, repeat=False, shuffle=False, n_processes=1
        )
        assert list(iterator) == [[0, 1], [2, 3]]
        iterator.finalize()


def test_multiprocess_iterator_does_not_ask_the_pool_for_its_length():
    # While the pool replaces a worker its length can be 0 (with maxtasksperchild), and a
    # map_async that is left to choose the size of a chunk divides by it.
    class Pool:
        def map_async(self, function, tasks, chunksize=None):
            assert chunksize, "the pool would have to choose"
            self.chunks = -(-len(list(tasks)) // chunksize)
            raise StopIteration  # the rest of the loop is not under test

    iterator = iterators.MultiprocessIterator(list(range(40)), 20, n_processes=2)
    loop = iterator._prefetch_loop
    loop._pool = Pool()
    with pytest.raises(StopIteration):
        loop._task()
    assert loop._pool.chunks == 7  # at most four for each process: twenty tasks by threes
    loop._pool = None
    iterator.finalize()


def test_multiprocess_iterator_replaces_its_workers():
    iterator = iterators.MultiprocessIterator(
        list(range(12)), 3, repeat=False, shuffle=False, n_processes=2, maxtasksperchild=1
    )
    assert [x for batch in iterator for x in batch] == list(range(12))
    iterator.finalize()


needs_forkserver = pytest.mark.skipif(
    sys.platform != "linux" or sys.version_info < (3, 14),
    reason="processes are started by forkserver on Linux from Python 3.14 on",
)


@needs_forkserver
def test_multiprocess_iterator_takes_a_data_set_of_a_notebook():
    done = run_script("""
import chainer

class Squares(chainer.dataset.DatasetMixin):
    def __len__(self):
        return 4
    def get_example(self, i):
        return int(i) ** 2

iterator = chainer.iterators.MultiprocessIterator(
    Squares(), 2, repeat=False, shuffle=False, n_processes=1)
print(list(iterator))
iterator.finalize()
""")
    assert done.stdout == "[[0, 1], [4, 9]]\n", done.stderr


@needs_forkserver
@pytest.mark.parametrize("name", ["ProcessWriter", "ProcessQueueWriter"])
def test_snapshot_writers_start_a_process(tmp_path, name):
    done = run_script(f"""
from chainer.training.extensions import snapshot_writers

def save(path, target):  # in a notebook, a function of its own
    open(path, "w").write(target)

writer = snapshot_writers.{name}(savefun=save)
writer._add_cleanup_hook(lambda: None)
writer("a", {str(tmp_path)!r}, "first")
writer("b", {str(tmp_path)!r}, "second")
writer.finalize()
""")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "a": "first",
        "b": "second",
    }, done.stderr


@needs_forkserver
def test_a_start_method_that_was_asked_for_is_kept():
    done = run_script("""
import multiprocessing
from chainer.iterators import multiprocess_iterator
print(multiprocess_iterator._processes().get_start_method())
multiprocessing.set_start_method("spawn", force=True)
print(multiprocess_iterator._processes().get_start_method())
""")
    assert done.stdout == "fork\nspawn\n", done.stderr


# --- NumPy and other libraries ---


def test_as_strided():
    x = chainer.Variable(np.arange(4, dtype="f"))
    y = F.as_strided(x, (3, 2), (1, 1), 0)
    np.testing.assert_array_equal(y.array, [[0, 1], [1, 2], [2, 3]])
    F.sum(y).backward()
    np.testing.assert_array_equal(x.grad, [1, 2, 2, 1])


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, [0, 1, 2]),
        ({"align_corners": False}, [0, 1, 2]),
        ({"mode": "nearest"}, [0, 0, 2]),
    ],
)
def test_resize_images(options, expected):
    x = chainer.Variable(np.array([[[[0, 2], [0, 2]]]], "f"))
    y = F.resize_images(x, (3, 3), **options)
    np.testing.assert_allclose(y.array[0, 0], [expected] * 3)
    F.sum(y).backward()
    assert x.grad.sum() == pytest.approx(9)


@pytest.mark.parametrize("kind", [np.asarray, chainer.Variable])
def test_categorical_log_probability(kind):
    p = np.array([[0.2, 0.8], [0.5, 0.5]], "f")
    log_p = chainer.distributions.Categorical(p=p).log_prob(kind(np.array([[1, 0], [0, 1]])))
    np.testing.assert_allclose(log_p.array, np.log([[0.8, 0.5], [0.2, 0.5]]), rtol=1e-6)


def test_pad_sequence_wraps_the_padding():
    xs = [np.array([1, 2, 3], np.uint8), np.array([4], np.uint8)]
    y = F.pad_sequence(xs, padding=-1)
    np.testing.assert_array_equal(y.array, [[1, 2, 3], [4, 255, 255]])


@pytest.mark.parametrize("batch", [(), (2,)])
def test_sparse_matmul_of_float16(batch):
    pytest.importorskip("scipy", reason="SciPy is not installed: sparse_matmul needs it")
    a = np.random.RandomState(0).uniform(-1, 1, (*batch, 3, 4)).astype(np.float16)
    a[np.abs(a) < 0.5] = 0
    b = np.random.RandomState(1).uniform(-1, 1, (*batch, 4, 2)).astype(np.float16)
    y = F.sparse_matmul(chainer.utils.to_coo(a), b)
    assert y.dtype == np.float16
    np.testing.assert_allclose(y.array, a.astype("f") @ b.astype("f"), atol=1e-3)


def test_hdf5_reads_text(tmp_path):
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    path = tmp_path / "text.h5"
    with h5py.File(path, "w") as file:
        file["text"] = "あ, b"
        file["texts"] = ["a", "b"]
        file["number"] = 3.5
    with h5py.File(path) as file:
        read = chainer.serializers.HDF5Deserializer(file)
        assert read("text", "") == "あ, b"
        assert read("text", None) == np.array("あ, b", dtype=object)
        assert list(read("texts", None)) == ["a", "b"]
        assert read("number", 0.0) == 3.5


def test_the_device_of_a_variable_is_printed():
    assert "- device: CPU\n" in chainer.Variable(np.ones(2, "f")).debug_print()


def test_padding_a_batch_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        batch = chainer.dataset.concat_examples([np.ones(2), np.ones(3)], padding=0)
    np.testing.assert_array_equal(batch, [[1, 1, 0], [1, 1, 1]])


def test_fix_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = F.fix(np.array([-1.5, 1.5], "f"))
    np.testing.assert_array_equal(y.array, [-1, 1])


def test_maxout_warns_of_nothing():
    def numbers(array):
        array[...] = np.arange(array.size).reshape(array.shape)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        link = L.Maxout(2, 3, 2, initialW=numbers, initial_bias=numbers)
    np.testing.assert_array_equal(link.linear.W.array, np.arange(12).reshape(6, 2))
    np.testing.assert_array_equal(link.linear.b.array, np.arange(6))


def test_caffe_models_are_read():
    from chainer.links.caffe.protobuf3 import caffe_pb2

    net = caffe_pb2.NetParameter()
    layer = net.layer.add(name="fc", type="InnerProduct", bottom=["x"], top=["y"])
    layer.inner_product_param.num_output = 2
    layer.blobs.add(data=[1, 2, 3, 4, 5, 6]).shape.dim.extend([2, 3])
    layer.blobs.add(data=[0, 1]).shape.dim.extend([2])
    copy = caffe_pb2.NetParameter.FromString(net.SerializeToString())
    assert copy.layer[0].blobs[0].data[5] == 6
    assert caffe_pb2.V1LayerParameter.CONVOLUTION == 4 and caffe_pb2.TEST == 1


def test_a_caffe_model_computes(tmp_path):
    from chainer.links.caffe import CaffeFunction
    from chainer.links.caffe.protobuf3 import caffe_pb2

    net = caffe_pb2.NetParameter()
    layer = net.layer.add(name="fc", type="InnerProduct", bottom=["x"], top=["y"])
    layer.inner_product_param.num_output = 2
    layer.blobs.add(data=[1, 2, 3, 4, 5, 6]).shape.dim.extend([2, 3])
    layer.blobs.add(data=[0, 1]).shape.dim.extend([2])
    path = tmp_path / "net.caffemodel"
    path.write_bytes(net.SerializeToString())
    (y,) = CaffeFunction(str(path))({"x": np.ones((1, 3), "f")}, ["y"])
    np.testing.assert_allclose(y.array, [[6, 16]])
