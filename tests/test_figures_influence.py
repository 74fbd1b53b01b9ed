"""What the pictures of pixels, nodes and explanations show."""
import numpy as np
import pytest
from contrary import Contrary
from matplotlib.backends.backend_agg import FigureCanvasAgg

from common.figures import explanations, use_style
from common.figures import influence as draw
from common.figures.style import to_png
from common.networks import Activations

RNG = np.random.default_rng(0)
IMAGE = RNG.random(784, dtype=np.float32)
INFLUENCE = Activations(*(RNG.normal(size=(784, nodes)) for nodes in (50, 100, 10, 10)))
PROBABILITIES = np.linspace(0, 0.2, 10)

CONTRARY = {
    draw.two_pixels: Contrary(
        ({"never": (0, 0, 0, 0)},),
        says=("never: black 0, first pixel alone 0, second alone 0, both 0",)),
    draw.every_node: Contrary(
        (IMAGE, Activations(*(np.zeros((784, nodes)) for nodes in (50, 100, 10, 10))),
         np.full(10, 0.1)),
        says=("An image: the image", "z1: from 0 to 0", "answers 0 with probability 0.100")),
    draw.one_layer: Contrary(
        (np.full((1, 784, 1), -2.0), "a1"),
        says=("each of 1 image,", "the 1 node of a1", "on one scale from −2 to 2."),
        never=("probability",)),
    draw.one_node: Contrary(
        (IMAGE, np.zeros(784), 1.0, -3.0, "a node"),
        says=("from 0 to 0", "1 for the black image and −3 for this one", "influences make 1.")),
}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def picture(axes):
    """The image in the axes and the ends of its scale."""
    return np.ma.filled(axes.images[0].get_array(), np.nan), axes.images[0].get_clim()


def overlapping(fig):
    """Pairs of texts, of all axes and of the figure, that lie over each other, or are cut."""
    renderer = FigureCanvasAgg(fig).get_renderer()
    fig.draw(renderer)
    shown = [*fig.texts]
    for axes in fig.axes:
        shown += [*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label]
        for axis, limits in (axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim()):
            if axes.axison:
                shown += [tick.label1 for tick in axis.get_major_ticks()
                          if min(limits) <= tick.get_loc() <= max(limits)]
    shown = [text for text in shown if text.get_text() and text.get_visible()]
    boxes = [text.get_window_extent(renderer).shrunk(0.98, 0.9) for text in shown]
    found = [(shown[k].get_text(), shown[n].get_text()) for k, box in enumerate(boxes)
             for n in range(k) if box.overlaps(boxes[n])]
    return found + [text.get_text() for text, box in zip(shown, boxes)
                    if box.x0 < 0 or box.x1 > fig.bbox.x1 + 1 or box.y1 > fig.bbox.y1 + 1]


def test_two_pixels_write_outputs_and_their_changes():
    fig = draw.two_pixels({"a gate": [0, 1, 0.5, -1]})
    axes, = fig.axes
    assert axes.get_title() == "a gate"
    numbers = [text for text in texts(axes) if text and not text.startswith("(")]
    assert numbers == ["+1", "+0.5", "−2", "−1.5", "0", "1", "0.5", "-1"]
    assert "black 0, first pixel alone 1, second alone 0.5, both −1" in fig.alternative_text


def test_every_node_has_its_picture_and_a_layer_one_scale():
    fig = draw.every_node(IMAGE, INFLUENCE, PROBABILITIES, "Noise")
    pictures = [axes for axes in fig.axes if axes.images and axes.get_title()]
    np.testing.assert_array_equal(picture(pictures[0])[0], IMAGE.reshape(28, 28))
    for axes, (layer, values) in zip(pictures[1:], INFLUENCE._asdict().items(), strict=True):
        assert axes.get_title().startswith(f"{layer}: {values.shape[1]} ")
        shown, limits = picture(axes)
        for node in 0, 7, values.shape[1] - 1:
            top, left = 29 * (node // 10), 29 * (node % 10)
            np.testing.assert_allclose(shown[top:top + 28, left:left + 28],
                                       values[:, node].reshape(28, 28), rtol=1e-6)
        assert np.isnan(shown).sum() == shown.size - values.size  # only lines between
        assert limits == (-abs(values).max(), abs(values).max())
    assert texts(pictures[4]) == [f"{k}: {p:.3f}" for k, p in enumerate(PROBABILITIES)]
    assert "answers 9 with probability 0.200" in fig.alternative_text


def test_nothing_is_grey_in_the_middle_of_the_scale():
    level = draw.greys()(0.5)
    assert level[0] == level[1] == level[2] == pytest.approx(0.5, abs=0.01)
    assert draw.greys()(0.0)[0] == 0 and draw.greys()(1.0)[0] == 1


def test_a_notebook_keeps_the_pixels_of_every_node():
    """The crop must leave each pixel of an influence on two by two of the picture, unmixed."""
    import io

    from PIL import Image
    use_style()
    fig = draw.every_node(IMAGE, INFLUENCE, PROBABILITIES)
    png = np.asarray(Image.open(io.BytesIO(to_png(fig)[0])).convert("L")).astype(int)
    values = INFLUENCE.z2[:, 0].reshape(28, 28)
    level = draw.greys()((values / abs(INFLUENCE.z2).max() + 1) / 2)[..., 0] * 255
    left, top = 20 + 820, png.shape[0] - 20 - 486 - 578  # 0.1 inches of rim, in pixels
    found = png[top:top + 56, left:left + 56]
    np.testing.assert_allclose(found, np.kron(level, np.ones((2, 2))), atol=6)


@pytest.mark.parametrize("name, nodes", [("z1", 50), ("z2", 100), ("a3", 10)])
def test_one_layer_has_a_block_for_each_image_on_one_scale(name, nodes):
    influences = RNG.normal(size=(3, 784, nodes)) * np.array([1, 2, 3])[:, None, None]
    fig = draw.one_layer(influences, name)
    blocks = [axes for axes in fig.axes if axes.images]
    assert len(blocks) == 3
    for axes, values in zip(blocks, influences):
        shown, limits = picture(axes)
        assert limits == (-abs(influences).max(), abs(influences).max())
        node = nodes - 1
        np.testing.assert_allclose(shown[-28:, -28:], values[:, node].reshape(28, 28), rtol=1e-6)
    titles = [axes.get_title() for axes in blocks] if nodes > 10 else [
        axes.texts[0].get_text() for axes in blocks]
    assert titles == ["0", "1", "2"]
    assert f"{nodes} nodes of {name}" in fig.alternative_text


def test_one_layer_names_its_images_and_its_bar_is_no_longer_than_they_are():
    fig = draw.one_layer(RNG.normal(size=(2, 784, 50)), "z1", titles=["a white image", "an 8"])
    *blocks, bar = fig.axes
    assert [axes.get_title() for axes in blocks] == ["a white image", "an 8"]
    assert "2 images (a white image, an 8)" in fig.alternative_text
    block, bar = blocks[0].get_position(), bar.get_position()
    assert bar.height <= block.height + 0.01 and abs(bar.y1 - block.y1) < 0.01


def test_one_layer_writes_the_probabilities_of_each_image():
    influences, probabilities = RNG.normal(size=(10, 784, 10)), RNG.dirichlet(np.ones(10), 10)
    fig = draw.one_layer(influences, "z3", probabilities)
    blocks = [axes for axes in fig.axes if axes.images]
    for axes, row in zip(blocks, probabilities, strict=True):
        assert texts(axes)[1:11] == [f"{p:.3f}" for p in row]
    assert texts(blocks[0])[11:] == [str(node) for node in range(10)]
    assert f"image 3 node {probabilities[3].argmax()}" in fig.alternative_text


def test_one_node_compares_the_sum_with_the_value():
    values = INFLUENCE.a3[:, 2]
    fig = draw.one_node(IMAGE, values, -1.5, 2.25, "a3, node 2")
    left, middle, bar, right = fig.axes
    np.testing.assert_array_equal(picture(left)[0], IMAGE.reshape(28, 28))
    np.testing.assert_array_equal(picture(middle)[0], values.reshape(28, 28))
    np.testing.assert_allclose([patch.get_width() for patch in right.patches],
                               [-1.5, 2.25, -1.5 + values.sum()])
    assert [text.replace("−", "-") for text in texts(right)] == [
        "-1.5", "2.25", f"{values.sum() - 1.5:.3g}"]
    assert "−1.5 for the black image and 2.25 for this one" in fig.alternative_text


def test_miss_is_the_sum_of_misses_in_parts_of_the_changes():
    changes = np.array([[1.0, -2.0], [0.0, 1.0]])
    assert explanations.miss(changes, changes) == 0
    assert explanations.miss(changes + [[1, -1], [0, 0]], changes) == 0.5
    assert explanations.miss(0 * changes, changes) == 1


def test_sum_against_truth_draws_dots_of_every_node():
    changes = RNG.normal(size=(50, 10)) * np.arange(1, 11)
    layers = {"a1": (changes, changes), "z1": (2 * changes, changes)}
    fig = explanations.sum_against_truth(layers, dots=400)
    first, second, bars = fig.axes[:3]
    for axes, factor in (first, 1), (second, 2):
        dots, diagonal = axes.lines
        assert len(dots.get_xdata()) == 400
        np.testing.assert_allclose(dots.get_ydata(), factor * dots.get_xdata())
        assert set(dots.get_xdata()) <= set(changes.ravel())
        np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
        drawn = [np.isin(changes[:, node], dots.get_xdata()).mean() for node in range(10)]
        assert min(drawn) > 0.5  # no node is left out
    assert [patch.get_width() for patch in bars.patches] == [0, pytest.approx(1)]
    assert "a1: 0%; z1: 100%" in fig.alternative_text


def test_way_from_black_draws_every_logit_of_each_network():
    brightness = np.linspace(0, 1, 5)
    networks = {name: RNG.normal(size=(5, 10)) for name in ("one", "two")}
    fig = explanations.way_from_black(IMAGE, brightness, networks, 4)
    for axes, light in zip(fig.axes[:6], np.linspace(0, 1, 6), strict=True):
        np.testing.assert_allclose(picture(axes)[0], light * IMAGE.reshape(28, 28))
    for axes, (name, logits) in zip(fig.axes[6:], networks.items(), strict=True):
        assert axes.get_title() == name and len(axes.lines) == 10
        np.testing.assert_array_equal(axes.lines[-1].get_ydata(), logits[:, 4])  # on top
    last = 4 * (logits[4, 4] - logits[3, 4])
    assert f"at the end {last:.1f}.".replace("-", "−") in fig.alternative_text


def test_taking_away_draws_the_mean_of_each_method():
    logits = {name: RNG.normal(size=(3, 5)) for name in ("covered", "random")}
    fig = explanations.taking_away(np.linspace(0, 1, 5), {"net": logits, "other": logits})
    for axes in fig.axes:
        for line, values in zip(axes.lines, logits.values()):
            np.testing.assert_allclose(line.get_ydata(), values.mean(axis=0))
        assert axes.lines[1].get_linestyle() == "--"
    assert f"covered {logits['covered'].mean():.2f}".replace("-", "−") in fig.alternative_text


def test_completeness_draws_each_network_and_the_target():
    steps = {"one": [8, 16], "two": [8, 16, 32]}
    fig = explanations.completeness(steps, {"one": [0.1, 0.01], "two": [0.2, 0.1, 0.0]})
    axes, = fig.axes
    one, two, target = axes.lines
    np.testing.assert_array_equal(one.get_xydata(), [[8, 0.1], [16, 0.01]])
    assert two.get_ydata()[2] == 1e-7  # 0 has no logarithm
    assert list(target.get_ydata()) == [1e-3, 1e-3]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["8", "16", "32"]
    assert "one: 1.0e−01 with 8 steps, 1.0e−02 with 16" in fig.alternative_text


def test_sampling_draws_two_standard_errors():
    fig = explanations.sampling([4, 16], [0.5, 0.75], [0.2, 0.1], "pixel (1, 2)")
    dots, _, [bars] = fig.axes[0].containers[0]
    np.testing.assert_array_equal(dots.get_xydata(), [[4, 0.5], [16, 0.75]])
    np.testing.assert_allclose([segment[:, 1] for segment in bars.get_segments()],
                               [[0.1, 0.9], [0.55, 0.95]])
    assert "4: 0.500 ± 0.400; 16: 0.750 ± 0.200" in fig.alternative_text


def test_side_by_side_gives_each_picture_its_scale():
    images = RNG.random((3, 784))
    methods = {"one": RNG.normal(size=(3, 784)), "another long one": RNG.normal(size=(3, 784))}
    fig = explanations.side_by_side(images, methods, ["a", "b", "c"])
    panels = np.reshape(fig.axes, (3, 3))
    assert [axes.get_title() for axes in panels[0]] == ["a", "b", "c"]
    assert [axes.get_ylabel() for axes in panels[:, 0]] == ["image", "one", "another\nlong\none"]
    for line, maps in zip(panels[1:], methods.values()):
        for axes, values in zip(line, maps):
            limit = abs(values).max()
            shown, limits = picture(axes)
            np.testing.assert_array_equal(shown, values.reshape(28, 28))
            assert limits == (-limit, limit) and axes.get_xlabel() == f"±{limit:.2g}"
    assert "3 images in the first row (a, b, c)" in fig.alternative_text


@pytest.mark.parametrize("make", [
    lambda: draw.two_pixels({"OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}),
    lambda: draw.every_node(IMAGE, INFLUENCE, PROBABILITIES, "Noise"),
    lambda: draw.one_layer(RNG.normal(size=(10, 784, 50)), "z1"),
    lambda: draw.one_layer(RNG.normal(size=(10, 784, 10)), "z3", RNG.random((10, 10))),
    lambda: draw.one_node(IMAGE, INFLUENCE.z2[:, 0], -0.123, 0.987, "z2, node 99"),
    lambda: explanations.completeness({"NumPy, sigmoid": [8, 1024]}, {"NumPy, sigmoid": [1, 1e-4]}),
    lambda: explanations.way_from_black(IMAGE, np.linspace(0, 1, 5), {
        name: 10 * RNG.normal(size=(5, 10)) for name in ("NumPy", "MLP", "CNN")}, 4),
    lambda: explanations.taking_away(np.linspace(0, 1, 5), {
        name: {method: RNG.normal(size=(3, 5)) for method in (
            "alone", "covered", "gradient × pixel", "integrated gradients", "Shapley", "random")}
        for name in ("NumPy", "MLP")}),
    lambda: explanations.side_by_side(RNG.random((10, 784)), {
        "integrated gradients": RNG.normal(size=(10, 784))}, range(10)),
], ids=["two_pixels", "every_node", "z1", "z3", "one_node", "completeness", "way_from_black",
        "taking_away", "side_by_side"])
def test_no_text_lies_over_another_and_none_is_cut(make):
    use_style()
    fig = make()
    assert fig.get_size_inches()[0] <= 8.1
    assert not overlapping(fig)
