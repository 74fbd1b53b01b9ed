"""The page's layers are what Chainer computes, and its address leads to what was seen."""
from statistics import median

import chainer
import chainer.functions as F
import numpy as np
import pytest
from test_digit_page import FOUR, SEVEN, answers, draw_with_mouse, file, ink, shown  # noqa: F401

from common.models import load_model
from dataset.mnist import load_mnist

pytestmark = pytest.mark.browser

WATCH = """() => {  // notes how long the browser took from the end of a stroke to its next picture
  window.waits = [];
  new PerformanceObserver(list => {
    for (const {name, duration} of list.getEntries())
      if (name === "pointerup") waits.push(duration);
  }).observe({type: "event", durationThreshold: 16});
}"""


def layers_of_chainer(image):
    """The maps of both units, (maps, rows, columns), and the nodes of both hidden layers."""
    mlp, cnn = load_model("mlp"), load_model("cnn")
    with chainer.no_backprop_mode(), chainer.using_config("train", False):
        first = cnn.unit(cnn.conv1, None, image.reshape(1, 1, 28, 28))
        second = cnn.unit(cnn.conv2, None, first)
        hidden1 = F.relu(mlp[0](image.reshape(1, 784)))
        hidden2 = F.relu(mlp[2](hidden1))
        logits = mlp[4](hidden2)
    return ([first.array[0], second.array[0]], [hidden1.array[0], hidden2.array[0]],
            logits.array[0], mlp[4].W.array)


def test_maps_and_nodes_are_those_of_chainer(browser, file):  # noqa: F811
    _, (x_test, _) = load_mnist()
    image = x_test[0]
    maps, hidden, logits, W = layers_of_chainer(image)
    with shown(browser, file) as tab:
        found = tab.evaluate("""image => {
          const {results} = through(Float32Array.from(image)), {cnn, mlp} = results;
          return {maps: cnn.maps.map(one => Array.from(one)),
                  hidden: mlp.hidden.map(one => Array.from(one)),
                  lead: Array.from(networks.mlp.lead(mlp.hidden[1], 7, 3))};
        }""", image.tolist())
    for ours, theirs in zip(found["maps"], maps):
        channels, rows, columns = theirs.shape
        ours = np.reshape(ours, (rows, columns, channels)).transpose(2, 0, 1)
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    for ours, theirs in zip(found["hidden"], hidden):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    np.testing.assert_allclose(found["lead"], hidden[1] * (W[7] - W[3]), atol=1e-4)


def test_the_product_of_a_value_is_where_it_comes_from(browser, file):  # noqa: F811
    with shown(browser, file) as tab:
        draw_with_mouse(tab, SEVEN)
        found = tab.evaluate("""() => {
          const cnn = last.prepared.results.cnn, rows = [];
          for (const [unit, size, maps] of [[0, 14, 32], [1, 7, 64]])
            for (let k = 0; k < 40; k++) {
              const filter = k * 5 % maps, row = k * 3 % size, column = k * 7 % size;
              const from = networks.cnn.units[unit].origin(cnn.inputs[unit], filter, row, column);
              rows.push([Math.max(0, from.sum + from.bias),
                         cnn.maps[unit][(row * size + column) * maps + filter],
                         from.products.reduce((a, b) => a + b) - from.ofChannel]);
            }
          return rows;
        }""")
        found = np.array(found)
        np.testing.assert_allclose(found[:, 0], found[:, 1], atol=1e-4)
        np.testing.assert_allclose(found[:, 2], 0, atol=1e-9)
        assert np.mean(found[:, 1] > 0) > 0.2

        box = tab.locator(".maps").nth(1).bounding_box()  # filter 17 of unit 2: second row, second
        step = box["width"] / (16 * 8 - 1)
        tab.locator(".maps").nth(1).scroll_into_view_if_needed()
        box = tab.locator(".maps").nth(1).bounding_box()
        tab.mouse.move(box["x"] + (8 + 3.5) * step, box["y"] + (8 + 2.5) * step)
        assert tab.evaluate("views.maps.at") == {"unit": 1, "filter": 17, "row": 2, "column": 3}
        assert "all 32 maps sum to" in tab.locator(".told").first.inner_text()
        tab.get_by_label("filter").fill("5")
        assert tab.evaluate("views.maps.at.filter") == 5


def test_maps_and_nodes_move_while_one_draws(browser, file):  # noqa: F811
    seen = "[...document.querySelectorAll('.maps, .nodes')].map(one => one.toDataURL())"
    with shown(browser, file) as tab:
        draw_with_mouse(tab, FOUR[:1])
        box = tab.locator(".paper").bounding_box()
        before = tab.evaluate(seen)
        tab.mouse.move(box["x"] + 250, box["y"] + 140)
        tab.mouse.down()
        tab.mouse.move(box["x"] + 240, box["y"] + 340, steps=5)
        tab.wait_for_function(f"before => {seen}.every((one, k) => one !== before[k])", arg=before)
        tab.mouse.up()
        assert tab.locator("#nodes tbody tr").count() == 10
        numbers = tab.locator(".list tbody th").all_inner_texts()
        expected = tab.evaluate("""() => {
          const {mlp} = last.prepared.results, p = mlp.logits;
          const order = [...p.keys()].sort((a, b) => p[b] - p[a]);
          const lead = networks.mlp.lead(mlp.hidden[1], order[0], order[1]);
          const most = by => [...by.keys()].sort((a, b) => by[b] - by[a]).slice(0, 5).map(String);
          return [...most(mlp.hidden[1]), ...most(lead)];
        }""")
        tab.wait_for_function("() => document.querySelectorAll('.list tbody th').length === 10")
        assert numbers == expected
        tab.get_by_role("button", name="Clear").click()
        tab.get_by_text("The sheet is empty").wait_for()
        assert tab.locator("#nodes").is_hidden()


def test_the_address_leads_back_to_what_was_seen(browser, file):  # noqa: F811
    with shown(browser, file) as tab:
        tab.get_by_role("button", name="An image of MNIST: 3").click()
        tab.locator("input[type=range]").first.fill("12")
        draw_with_mouse(tab, FOUR[1:])
        tab.locator("#cover").select_option("cnn")
        tab.locator("#way").select_option("raw")
        tab.evaluate("views.maps.choose({unit: 1, filter: 17, row: 3, column: 4})")
        tab.wait_for_function("() => location.hash.includes('at=2.17.3.4')")
        state, drawn = tab.evaluate("location.hash.slice(1)"), ink(tab)
        read = answers(tab)
    assert {part.split("=")[0] for part in state.split("&")} == {
        "show", "ink", "line", "cover", "way", "at"}
    with shown(browser, file, state=state) as tab:
        np.testing.assert_array_equal(ink(tab), drawn)
        assert answers(tab) == read
        assert tab.input_value("#cover") == "cnn" and tab.input_value("#way") == "raw"
        assert tab.evaluate("views.maps.at") == {"unit": 1, "filter": 17, "row": 3, "column": 4}
        tab.evaluate("location.hash = 'show=idea-4&layers=no'")
        tab.wait_for_function("() => !document.querySelector('#layers').open")
        assert tab.input_value("#cover") == "" and tab.evaluate("sheet.hand.width") == 22


@pytest.mark.parametrize("state", [
    "show=idea-99&ink=zz&line=-5&cover=x&way=y&at=9.9.9.9", "show=&ink=..!!&at=1.2", "%", "ink=0m",
    "at=2.-1.700.3&line=9999"])
def test_an_address_with_nonsense_is_a_page_all_the_same(state, browser, file):  # noqa: F811
    with shown(browser, file, state=state) as tab:
        draw_with_mouse(tab, FOUR)
        assert answers(tab)[2:] == [4, 4]


def test_all_of_it_costs_an_answer_less_than_a_frame(browser, file):  # noqa: F811
    """From the end of a stroke to the painted answer, with everything shown and with nothing.

    By the browser's own Event Timing, in steps of 8 ms; it leaves out what takes less than 16.
    """
    waits = {"layers=no": [], "cover=cnn&restored=yes": []}
    with shown(browser, file) as tab:
        tab.evaluate(WATCH)
        for _ in range(8):
            for state, times in waits.items():
                tab.evaluate("state => { location.hash = state; }", state)
                tab.wait_for_function(
                    "state => document.querySelector('#layers').open === (state !== 'layers=no')",
                    arg=state)
                draw_with_mouse(tab, FOUR)
                assert answers(tab)[2:] == [4, 4]
                tab.wait_for_timeout(500)  # the browser tells a little later
                found = tab.evaluate("waits.splice(0)")
                assert len(found) <= 2, "told too late: of the strokes before"
                times += found + [16] * (2 - len(found))
    without, with_all = (median(times) for times in waits.values())
    print(f"stroke end to answer: {without:.0f} ms without the layers, {with_all:.0f} ms with all")
    # Where other programs keep the machine busy, both take longer.
    assert with_all - without < max(16, without / 2)
