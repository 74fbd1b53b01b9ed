"""What comes along with Chainer: chainermn and onnx_chainer; and what Chainer says of itself."""

import sys
from pathlib import Path

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
import pytest
from chainer.backends import cuda


def test_chainer_says_which_repairs_are_in(capsys):
    chainer.print_runtime_info()
    assert f"Chainer: {chainer.__version__}\n" in capsys.readouterr().out
    project = (Path(__file__).parents[1] / "chainer7" / "pyproject.toml").read_text("utf-8")
    assert f'version = "{chainer.__version__.replace("repaired", "repaired.")}"' in project
    major, minor, patch = chainer.__version__.split(".")  # as programs do
    assert (major, minor) == ("7", "8") and patch.startswith("1+repaired")


@pytest.mark.skipif(cuda.available, reason="there is a GPU")
def test_a_missing_gpu_names_the_cure():
    with pytest.raises(RuntimeError) as raised:
        chainer.Variable(np.ones(1)).to_gpu()
    first, *_, last = str(raised.value).splitlines()
    assert first == f"CUDA environment is not correctly set up ({cuda._resolution_error})."
    assert last.strip() == 'pip install "cupy-cuda13x[ctk]"'


@pytest.mark.filterwarnings("ignore:.*experimental:FutureWarning")
def test_a_process_that_receives_batches():
    iterators = pytest.importorskip("chainermn.iterators")

    class Communicator:
        """What the second of two processes gets: the size, the order, a word, and a batch."""

        rank = 1

        def bcast(self, _, root):
            return next(self.messages)

    communicator = Communicator()
    communicator.messages = iter([
        np.array([8], "f"), np.array([-1], "f"), np.array([0, 1, 0, 0, 2], "f"), np.ones(2, "f")])
    iterator = iterators.create_multi_node_iterator(None, communicator)
    assert iterator.dataset_size == 8 and type(iterator.dataset_size) is int
    assert iterator.next() == [1, 1] and iterator.epoch_detail == 0.25


@pytest.mark.filterwarnings("ignore:.*experimental:FutureWarning")
def test_a_copy_of_a_batch_normalization_over_processes_has_the_same_communicator():
    pytest.importorskip("mpi4py")
    from chainermn import links
    communicator = object()
    link = links.MultiNodeBatchNormalization(3, communicator, communication_backend="mpi")
    other = link.copy("copy")
    assert other.comm is link.comm is communicator
    assert other.gamma is not link.gamma and other.avg_mean is not link.avg_mean
    assert np.array_equal(other.gamma.array, link.gamma.array)


@pytest.fixture
def model():
    np.random.seed(0)
    return chainer.Sequential(
        L.Convolution2D(1, 2, 3), F.relu, lambda x: F.cast(x, np.float64), F.argmax)


def test_a_model_becomes_onnx(model, tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    import onnx_chainer
    path = tmp_path / "model.onnx"
    x = np.ones((1, 1, 4, 4), "f")
    onnx_chainer.export(model, x, filename=str(path), opset_version=9)
    written = onnx.load(str(path))
    onnx.checker.check_model(written)
    assert [node.op_type for node in written.graph.node][:3] == ["Conv", "Relu", "Cast"]
    (cast,) = [node for node in written.graph.node if node.op_type == "Cast"][:1]
    assert cast.attribute[0].i == onnx.TensorProto.DOUBLE
    weights = {each.name: onnx.numpy_helper.to_array(each) for each in written.graph.initializer}
    assert any(np.array_equal(model[0].W.array, each) for each in weights.values())


@pytest.mark.parametrize("dtype, field", [
    ("float32", "float_data"), ("int64", "int64_data"), ("int32", "int32_data"),
    ("bool", "raw_data"), ("float16", "raw_data")])
def test_constants_are_written_out(dtype, field):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    from onnx_chainer import context
    tensor = context._tensor_from_array_for_constant(np.array([1, 0], dtype), "c")
    assert getattr(tensor, field)
    np.testing.assert_array_equal(onnx.numpy_helper.to_array(tensor), np.array([1, 0], dtype))


def test_a_missing_onnx_is_named(monkeypatch, model):
    onnx_chainer = pytest.importorskip("onnx_chainer", reason="onnx is not installed")
    export = sys.modules["onnx_chainer.export"]
    monkeypatch.setattr(export, "_available", False)
    error = ImportError("No module named 'x'")
    monkeypatch.setattr(export, "_resolution_error", error, raising=False)
    with pytest.raises(ImportError, match="cannot be imported .No module named 'x'.") as raised:
        onnx_chainer.export(model, np.ones((1, 1, 4, 4), "f"))
    assert "<1.7" not in str(raised.value)
