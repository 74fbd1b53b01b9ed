"""`course page`: what the file holds, as far as no browser is needed."""
import base64
import json
import re
import zlib

import chainer
import chainer.functions as F
import numpy as np
import pytest

from common.cli import main
from common.drawing import page
from common.drawing.weights import pack, stored_arrays
from common.errors import CourseError
from common.models import load_model
from dataset.files import DataError

RNG = np.random.default_rng(0)
IDEAS = RNG.integers(0, 2, (10, 28, 28))


@pytest.fixture(scope="module")
def html():
    return page.build_page(ideas=IDEAS)


def content(html, name):
    return re.search(f'<script type="[a-z/]+" id="{name}">(.*?)</script>', html, re.DOTALL)[1]


def unpacked(html):
    """The arrays inside a page, read as a browser would."""
    data = zlib.decompress(base64.b64decode(content(html, "arrays")))
    parts = json.loads(content(html, "parts"))
    return {part["name"]: np.frombuffer(data, part["kind"], int(np.prod(part["shape"])),
                                        part["at"]).reshape(part["shape"]) for part in parts}


def weights(arrays, name):
    scale = arrays[name + ".scale"]
    return arrays[name] * scale.reshape(-1, *[1] * (arrays[name].ndim - 1))


def test_it_is_below_4_mb_and_the_same_every_time(html):
    assert len(html.encode()) < 4_000_000
    assert page.build_page(ideas=IDEAS) == html


def test_it_fetches_nothing(html):
    words = html.replace(content(html, "arrays"), "")
    assert not re.search(r"https?:|//[a-z]+\.|\bimport\b|\bfetch\(|XMLHttpRequest|WebSocket", words)
    assert not re.search(r"<(?:link|img|iframe|object|embed)\b|\b(?:src|href)=\"", words)
    assert "default-src 'none'" in words


def test_nothing_is_left_to_fill_in_and_no_script_ends_early(html):
    assert not re.search(r"/\*(?:style|parts|arrays|script)\*/", html)
    assert html.count("</script>") == html.count("<script") == 3


def test_the_arrays_are_those_of_the_models(html):
    arrays = unpacked(html)
    mlp, cnn = load_model("07_chainer"), load_model("09_cnn")
    dense = [layer for layer in mlp if isinstance(layer, chainer.Link)]
    assert len(dense) == 3
    for number, link in enumerate(dense, 1):
        np.testing.assert_array_equal(weights(arrays, f"mlp/{number}/W"), link.W.array)
        np.testing.assert_array_equal(arrays[f"mlp/{number}/b"], link.b.array)
    for link in cnn.children():
        np.testing.assert_array_equal(weights(arrays, f"cnn/{link.name}/W"), link.W.array)
        np.testing.assert_array_equal(arrays[f"cnn/{link.name}/b"], link.b.array)
    np.testing.assert_array_equal(arrays["ideas"], 255 * IDEAS.reshape(10, 784))


def test_its_examples_are_digits_in_order(html):
    examples = unpacked(html)["examples"]
    with chainer.no_backprop_mode(), chainer.using_config("train", False):
        y = F.softmax(load_model("09_cnn")(examples.astype(np.float32) / 255)).array
    np.testing.assert_array_equal(y.argmax(axis=1), np.arange(10))


def test_without_ideas_it_is_a_page_all_the_same():
    assert "ideas" not in unpacked(page.build_page())


@pytest.mark.parametrize("ideas", [
    np.zeros((9, 28, 28)), np.zeros((10, 28)), np.full((10, 784), 2), np.full((10, 784), -1), 0])
def test_what_are_no_ideas_gets_a_sentence(ideas):
    with pytest.raises(CourseError, match="ten images of 28×28"):
        page.build_page(ideas=ideas)


def test_packing_keeps_every_kind_of_array():
    arrays = {"b": RNG.random((3, 2)).astype(np.float32), "a": np.arange(-5, 2, dtype=np.int8),
              "c": np.arange(250, 256, dtype=np.uint8), "d": np.float32([1e-30])}
    parts, text = pack(arrays)
    found = unpacked(f'<script type="a" id="parts">{json.dumps(parts)}</script>'
                     f'<script type="a" id="arrays">{text}</script>')
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
    assert all(part["at"] % 4 == 0 for part in parts if part["kind"] == "float32")


def test_weights_that_are_not_there_get_a_sentence(tmp_path):
    with pytest.raises(DataError, match="no weights '07_chainer'"):
        stored_arrays("07_chainer", tmp_path)


def test_the_command_writes_it_and_says_what_next(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(page, "find_ideas", lambda model: (IDEAS, None))
    monkeypatch.setattr(page, "build_page", lambda ideas: f"<!DOCTYPE html>… {ideas.shape}")
    target = tmp_path / "new folder" / "page.html"
    assert main(["page", "--out", str(target)]) == 0
    out = capsys.readouterr().out
    assert str(target) in out and "Open it in a browser" in out
    assert target.read_text(encoding="utf-8") == "<!DOCTYPE html>… (10, 28, 28)"


def test_the_command_says_where_it_cannot_write(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(page, "find_ideas", lambda model: (IDEAS, None))
    monkeypatch.setattr(page, "build_page", lambda ideas: "<!DOCTYPE html>")
    (tmp_path / "file").write_text("kept")
    assert main(["page", "--out", str(tmp_path / "file" / "page.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert main(["page", "--out", str(tmp_path)]) == 1
    assert "is a folder" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "kept"
