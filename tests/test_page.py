"""`course page`: what the file holds, as far as no browser is needed."""
import base64
import json
import re
import zlib

import chainer
import chainer.functions as F
import numpy as np
import pytest

from common.autoencoder import restore, squared_errors
from common.cli import main
from common.course import COURSE, CourseError, repository
from common.drawing import page, style
from common.drawing.weights import pack, stored_arrays
from common.models import load_model
from common.palette import COLORS, ON_BLACK
from dataset.files import DataError
from dataset.mnist import load_mnist

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


def test_a_page_may_be_written_over(html):
    assert page.MARK in html.encode()


def test_it_is_below_5_mb_and_the_same_every_time(html):
    assert len(html.encode()) < 5_000_000
    assert page.build_page(ideas=IDEAS) == html


def test_it_fetches_nothing(html):
    words = html.replace(content(html, "arrays"), "")
    words = re.sub(r'<a href="https://github\.com/[^"]+"', "<a", words)  # asked for when pressed
    assert not re.search(r"https?:|//[a-z]+\.|\bimport\b|\bfetch\(|XMLHttpRequest|WebSocket", words)
    assert not re.search(r"<(?:link|img|iframe|object|embed)\b|\b(?:src|href)=\"", words)
    assert "default-src 'none'" in words


def test_nothing_is_left_to_fill_in_and_no_script_ends_early(html):
    assert not re.search(r"/\*(?:style|words|parts|arrays|script|chapters[:0-9,]*)\*/", html)
    assert not re.search(r"^(?:import|export) ", html, re.MULTILINE)
    assert html.count("</script>") == html.count("<script") == 4


def test_every_module_is_in_it_once_and_their_names_differ(html):
    names = []
    for path in style.WEB.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        own = re.findall(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", source,
                         re.MULTILINE)
        if path.name != "pad.js":  # the notebook's
            assert all(len(re.findall(rf"^(?:async )?(?:const|let|function|class) {name}\b", html,
                                      re.MULTILINE)) == 1 for name in own), path.name
        names += own
    assert len(names) > 60
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, twice


def test_each_part_links_to_a_chapter_that_is_there(html):
    links = re.findall(r'href="https://github\.com/([^"]+?)/blob/main/(chapters/[^"]+)"', html)
    assert {path for _, path in links} == {f"chapters/{name}.ipynb"
                                           for name, _ in page.CHAPTERS.values()}
    assert {owner for owner, _ in links} == {repository()}
    for _, path in links:
        assert (COURSE / path).is_file(), path


def test_page_and_pad_have_the_colours_of_the_course():
    for dark, where in [(style.DARK_SYSTEM, "prefers-color-scheme: dark"),
                        (style.DARK_NOTEBOOK, 'data-jp-theme-light="false"')]:
        css = style.style(dark, "drawing.css", "page.css")
        light, darker = css.split(where)
        for name, color in COLORS.items():
            assert f"--{name}: {color};" in light and f"--{name}: {ON_BLACK[name]};" in darker
        known = set(re.findall(r"--([\w-]+): #", css))
        assert set(re.findall(r"var\(--([\w-]+)", css)) <= known


@pytest.mark.parametrize("name", COLORS)
def test_words_can_be_read_on_light_and_on_dark_ground(name):
    for color, ground in [(COLORS[name], 0), (ON_BLACK[name], 1)]:
        ratio = (luminance(style.SURFACES["ground"][ground]) + 0.05) / (luminance(color) + 0.05)
        assert max(ratio, 1 / ratio) >= 4.5


def luminance(color):
    """Relative luminance of WCAG 2.2, 0 to 1, of a colour such as #0072b2."""
    channels = np.array([int(color[k:k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_the_arrays_are_those_of_the_models(html):
    arrays = unpacked(html)
    mlp, cnn = load_model("mlp"), load_model("cnn")
    dense = [layer for layer in mlp if isinstance(layer, chainer.Link)]
    assert len(dense) == 3
    for number, link in enumerate(dense, 1):
        np.testing.assert_array_equal(weights(arrays, f"mlp/{number}/W"), link.W.array)
        np.testing.assert_array_equal(arrays[f"mlp/{number}/b"], link.b.array)
    for link in cnn.children():
        np.testing.assert_array_equal(weights(arrays, f"cnn/{link.name}/W"), link.W.array)
        np.testing.assert_array_equal(arrays[f"cnn/{link.name}/b"], link.b.array)
    np.testing.assert_array_equal(arrays["ideas"], 255 * IDEAS.reshape(10, 784))


def test_the_layers_of_the_autoencoder_come_in_their_order(html):
    arrays, model = unpacked(html), load_model("autoencoder")
    for half in ("encoder", "decoder"):
        links = [layer for layer in getattr(model, half) if isinstance(layer, chainer.Link)]
        assert len(links) == 5
        for number, link in enumerate(links, 1):
            name = f"autoencoder/{half}/{number}"
            np.testing.assert_array_equal(weights(arrays, f"{name}/W"), link.W.array)
            np.testing.assert_array_equal(arrays[f"{name}/b"], link.b.array)


def test_the_error_that_the_page_calls_usual_is_that_of_the_test_images(html):
    _, (x, _) = load_mnist()
    said = re.search(r"an error of about (0\.\d+)", html)[1]
    assert f"{squared_errors(x, restore(load_model('autoencoder'), x)).mean():.3f}" == said


def test_its_examples_are_digits_in_order(html):
    examples = unpacked(html)["examples"]
    with chainer.no_backprop_mode(), chainer.using_config("train", False):
        y = F.softmax(load_model("cnn")(examples.astype(np.float32) / 255)).array
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
    with pytest.raises(DataError, match="no weights 'mlp'"):
        stored_arrays("mlp", tmp_path)


def test_the_command_writes_it_and_says_what_next(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(page, "find_ideas", lambda model: (IDEAS, None))
    monkeypatch.setattr(page, "build_page", lambda ideas: f"<!DOCTYPE html>… {ideas.shape}")
    target = tmp_path / "new folder" / "page.html"
    assert main(["page", "--out", str(target)]) == 0
    out = capsys.readouterr().out
    assert str(target) in out and "Open it in a browser" in out
    assert [line[:6] for line in out.splitlines()[:3]] == ["1 of 3", "2 of 3", "3 of 3"]
    assert target.read_text(encoding="utf-8") == "<!DOCTYPE html>… (10, 28, 28)"


def test_the_command_says_where_it_cannot_write(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(page, "find_ideas", lambda model: (IDEAS, None))
    monkeypatch.setattr(page, "build_page", lambda ideas: "<!DOCTYPE html>")
    (tmp_path / "file").write_text("kept")
    assert main(["page", "--out", str(tmp_path / "file")]) == 1
    assert "is there already, and is not of the course" in capsys.readouterr().err
    assert main(["page", "--out", str(tmp_path / "file" / "page.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert main(["page", "--out", str(tmp_path)]) == 1
    assert "is a folder" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "kept"
