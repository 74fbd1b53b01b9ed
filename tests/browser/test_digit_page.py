"""The page in Chromium: it computes what Chainer computes, and hands draw on it."""
import base64
import itertools
import re
from contextlib import contextmanager
from pathlib import Path

import chainer
import numpy as np
import pytest
from PIL import Image

from common.drawing import preprocess
from common.drawing.page import build_page
from common.influence import logits_of, occlusion
from common.models import load_model
from common.training import evaluate
from dataset.mnist import load_mnist

pytestmark = pytest.mark.browser

MODELS = {"mlp": "mlp", "cnn": "cnn"}
IDEAS = np.random.default_rng(0).integers(0, 2, (10, 28, 28))
SIZES = {"desktop": (1280, 860), "phone": (390, 844), "sideways": (844, 390), "zoomed": (640, 430)}
PATIENCE = 180_000  # ms: ends a test that hangs; a busy machine may take its time
# A 4 and a 7, in shares of the sheet.
FOUR = [[(.4, .15), (.28, .55), (.72, .55)], [(.6, .35), (.58, .88)]]
PHOTO = Path(__file__).parents[1] / "photos" / "photo_ok.jpg"
SEVEN = [[(.3, .2), (.7, .2), (.45, .85)]]
LOGITS = """([name, text]) => {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const images = new Float32Array(bytes.buffer), found = [];
  for (let k = 0; k < images.length; k += 784)
    found.push(Array.from(networks[name].forward(images.subarray(k, k + 784)).logits));
  return found;
}"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    target = tmp_path_factory.mktemp("page") / "page.html"
    target.write_text(build_page(IDEAS), encoding="utf-8")
    return target


@contextmanager
def shown(browser, file, size="desktop", touch=False, state="", **settings):
    """Open the page with no network; nothing may be asked for, nothing may fail.

    state: of the address, after the #. settings: for Playwright's new_context.
    """
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True,
                                  has_touch=touch, is_mobile=touch, **settings)
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    asked, errors = [], []
    tab.on("request", lambda request: asked.append(request.url)
           if not request.url.startswith(("data:", "blob:", file.as_uri())) else None)
    tab.on("console", lambda message: errors.append(message.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(f"{file.as_uri()}#{state}")
    tab.evaluate("ready")
    yield tab
    assert not asked and not errors
    context.close()


def packed(images):
    return base64.b64encode(np.ascontiguousarray(images, dtype="<f4").tobytes()).decode()


def logits_of_page(tab, name, images):
    """What the page computes, a thousand images at a time."""
    return np.concatenate([tab.evaluate(LOGITS, [name, packed(images[start:start + 1000])])
                           for start in range(0, len(images), 1000)])


def logits_of_chainer(name, images):
    with chainer.no_backprop_mode(), chainer.using_config("train", False):
        return load_model(MODELS[name])(images).array


def draw_with_mouse(tab, strokes):
    tab.locator(".paper").scroll_into_view_if_needed()
    box = tab.locator(".paper").bounding_box()
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        tab.mouse.move(*points[0])
        tab.mouse.down()
        for point in points[1:]:
            tab.mouse.move(*point, steps=10)
        tab.mouse.up()


def draw_with_finger(tab, strokes):
    tab.locator(".paper").scroll_into_view_if_needed()
    box, touch = tab.locator(".paper").bounding_box(), tab.context.new_cdp_session(tab)
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        kind = "touchStart"
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            for step in np.linspace(0, 1, 10):
                point = {"x": x0 + step * (x1 - x0), "y": y0 + step * (y1 - y0)}
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
                kind = "touchMove"
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def answers(tab):
    """The answers above the bars: raw MLP and CNN, prepared MLP and CNN; None without an answer."""
    captions = tab.locator(".bars caption").all_inner_texts()
    return [digit and int(digit[1]) for digit in (re.search(r": (\d)", text) for text in captions)]


def ink(tab):
    return np.array(tab.evaluate("Array.from(sheet.ink.numbers())")).reshape(280, 280)


@pytest.mark.parametrize("name", MODELS)
def test_its_logits_are_those_of_chainer(name, browser, file):
    _, (x_test, _) = load_mnist()
    images = x_test[:1000]
    with shown(browser, file) as tab:
        ours = logits_of_page(tab, name, images)
    difference = np.abs(ours - logits_of_chainer(name, images)).max()
    print(f"{name}: largest difference of a logit in {len(images)} images: {difference:.1e}")
    assert difference < 1e-4


@pytest.mark.parametrize("name", MODELS)
def test_images_of_any_kind_give_chainers_logits(name, browser, file):
    rng = np.random.default_rng(1)
    images = np.concatenate([
        np.zeros((1, 784)), np.ones((1, 784)), rng.random((5, 784)), np.eye(784)[[0, 27, 400, 783]],
        IDEAS.reshape(10, 784)]).astype(np.float32)
    with shown(browser, file) as tab:
        ours = logits_of_page(tab, name, images)
    np.testing.assert_allclose(ours, logits_of_chainer(name, images), atol=1e-4, rtol=1e-5)


@pytest.mark.full
@pytest.mark.parametrize("name", MODELS)
def test_its_accuracy_is_that_of_the_model(name, browser, file):
    _, (x_test, t_test) = load_mnist()
    measured = evaluate(load_model(MODELS[name]), x_test, t_test)
    with shown(browser, file) as tab:
        ours = logits_of_page(tab, name, x_test).argmax(axis=1)
    print(f"{name}: {np.mean(ours == t_test):.4f} of {len(t_test)} in the page, "
          f"{measured.accuracy:.4f} in Chainer")
    assert np.mean(ours == t_test) == pytest.approx(measured.accuracy, abs=1e-9)


def test_it_prepares_as_python_does(browser, file):
    _, (x_test, _) = load_mnist(flatten=False)
    rng, images = np.random.default_rng(2), []
    for image in x_test[:40, 0]:
        canvas = np.zeros(rng.integers(40, 300, 2))
        top, left = rng.integers(0, np.array(canvas.shape) - 28 + 1)
        canvas[top:top + 28, left:left + 28] = image
        images.append(canvas)
    ring = np.add(*np.square(np.indices((280, 280)) - 139.5)) < 90 ** 2
    dot, line = np.zeros((2, 280, 280))
    dot[279, 0] = line[3, 10:200] = 1
    images += [np.kron(x_test[0, 0], np.ones((10, 10))), ring, dot, line, np.zeros((50, 20))]
    with shown(browser, file) as tab:
        for image in images:
            found = tab.evaluate(
                "([image, height, width]) => Array.from(preprocess(image, height, width))",
                [np.asarray(image, float).ravel().tolist(), *image.shape])
            np.testing.assert_allclose(np.reshape(found, (28, 28)), preprocess(image), atol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_what_a_pixel_does_is_found_by_covering_it_as_in_chapter_16(name, browser, file):
    _, (x_test, _) = load_mnist()
    image, digit = x_test[3], 5
    expected = occlusion(logits_of(load_model(MODELS[name])), image)[:, digit]
    with shown(browser, file) as tab:
        found = tab.evaluate(
            "async ([name, image, digit]) => Array.from(await cover("
            "networks[name], Float32Array.from(image), digit, () => true))",
            [name, image.tolist(), digit])
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.abs(found).max() > 0.05


@pytest.mark.parametrize("hand, size", [("mouse", "desktop"), ("mouse", "zoomed"),
                                        ("finger", "phone"), ("finger", "sideways")])
def test_a_drawn_four_is_read(hand, size, browser, file, screenshots):
    with shown(browser, file, size, touch=hand == "finger") as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        tab.locator(".paper").scroll_into_view_if_needed()
        before = tab.evaluate("scrollY")
        (draw_with_mouse if hand == "mouse" else draw_with_finger)(tab, FOUR)
        assert tab.evaluate("scrollY") == before  # a finger on the sheet draws, it does not scroll
        assert answers(tab)[2:] == [4, 4]
        assert "Prepared: MLP 4" in tab.inner_text(".voice .answer")
        assert ink(tab).max() == 1 and 0.03 < np.mean(ink(tab) > 0) < 0.3
        tab.locator("#cover").select_option("mlp")
        tab.locator("#legend").wait_for()
        tab.screenshot(path=screenshots / f"page-{size}-{hand}.png", full_page=True)


def test_what_is_seen_and_said_follows_from_the_ink(browser, file):
    with shown(browser, file) as tab:
        draw_with_mouse(tab, SEVEN)
        drawn = ink(tab)
        raw = drawn.reshape(28, 10, 28, 10).mean(axis=(1, 3)).astype(np.float32)
        shares = tab.locator(".share").all_inner_texts()
    for k, image in enumerate([raw, preprocess(drawn)]):
        for j, name in enumerate(MODELS):
            logits = logits_of_chainer(name, image.reshape(1, 784))[0].astype(float)
            p = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
            for digit in range(10):
                text = shares[20 * k + 10 * j + digit]
                value = 100.0 if text == ">99 %" else float(text[:-2])
                assert value == pytest.approx(100 * p[digit], abs=0.51)


def test_undo_and_clear_and_undo_of_clear(browser, file):
    with shown(browser, file) as tab:
        draw_with_mouse(tab, FOUR[:1])
        one = ink(tab)
        draw_with_mouse(tab, FOUR[1:])
        two = ink(tab)
        assert not np.array_equal(one, two)
        tab.get_by_role("button", name="Undo").click()
        np.testing.assert_array_equal(ink(tab), one)
        draw_with_mouse(tab, FOUR[1:])
        tab.get_by_role("button", name="Clear").click()
        assert not ink(tab).any() and answers(tab) == [None] * 4
        tab.get_by_role("button", name="Undo").click()
        np.testing.assert_array_equal(ink(tab), two)
        for _ in range(3):
            tab.keyboard.press("Control+z")
        assert not ink(tab).any()
        assert tab.inner_text(".note") == "There is nothing to take back."


def test_a_wider_line_has_more_ink(browser, file):
    with shown(browser, file) as tab:
        amounts = []
        for width in ("8", "22", "44"):
            tab.get_by_label("Line").fill(width)
            draw_with_mouse(tab, SEVEN)
            amounts.append(ink(tab).sum())
            tab.keyboard.press("c")
        assert amounts[0] < 0.5 * amounts[1] < 0.3 * amounts[2]


def test_keys_draw_take_back_and_clear(browser, file):
    with shown(browser, file) as tab:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "paper"
        for key, times in [("ArrowUp", 9), ("Space", 1), ("ArrowDown", 18), ("Space", 1)]:
            for _ in range(times):
                tab.keyboard.press(key)
        assert answers(tab)[2:] == [1, 1]
        rows, columns = np.nonzero(ink(tab) > 0.5)
        assert np.ptp(rows) == pytest.approx(200, abs=4)
        assert np.ptp(columns) == pytest.approx(21, abs=3)
        tab.keyboard.press("ArrowLeft")  # with the pen up nothing is drawn
        assert len(np.nonzero(ink(tab) > 0.5)[0]) == len(rows)
        tab.keyboard.press("z")
        assert not ink(tab).any()
        tab.keyboard.press("z")
        for _ in range(40):
            tab.keyboard.press("Tab")
            if tab.evaluate("document.activeElement.getAttribute('aria-label')") == \
                    "An image of MNIST: 6":
                break
        tab.keyboard.press("Enter")
        assert answers(tab) == [6] * 4


def test_everything_has_a_name(browser, file):
    with shown(browser, file) as tab:
        draw_with_mouse(tab, FOUR)
        tab.wait_for_function("() => document.querySelectorAll('.list tbody tr').length === 10")
        tree = tab.locator("body").aria_snapshot()
        for words in ('button "Undo"', 'button "Clear"', 'slider "Line"', "application \"Drawing",
                      'combobox "Cover one pixel', "status", "button \"The MLP's idea of 9\"",
                      'heading "Read my digit"',
                      'slider "filter', 'combobox "maps of', 'table "window"'):
            assert words in tree, words
        for way in ("raw", "prepared"):  # with the answer, where it is there already
            assert re.search(rf'table "MLP(?:: \d ?)?, {way}"', tree), way
        names = re.findall(r'table "([^"]+)"', tree)
        assert len(names) == 9 and len(set(names)) == 9


def test_ideas_and_examples_come_to_the_sheet_as_they_are(browser, file):
    _, (x_test, t_test) = load_mnist()
    with shown(browser, file) as tab:
        tab.get_by_role("button", name="The MLP's idea of 3").click()
        np.testing.assert_array_equal(ink(tab), np.kron(IDEAS[3], np.ones((10, 10))))
        tab.get_by_role("button", name="An image of MNIST: 7").click()
        seven = x_test[np.argmax(t_test == 7)].reshape(28, 28)
        np.testing.assert_allclose(ink(tab), np.kron(seven, np.ones((10, 10))), atol=1e-6)
        tab.get_by_role("button", name="Undo").click()
        np.testing.assert_array_equal(ink(tab), np.kron(IDEAS[3], np.ones((10, 10))))


def test_a_drawing_is_saved_and_loaded(browser, file, tmp_path):
    with shown(browser, file) as tab:
        draw_with_mouse(tab, FOUR)
        drawn = ink(tab)
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Save").click()
        png = tmp_path / "four.png"
        download.value.save_as(png)
        saved = np.asarray(Image.open(png).convert("L"))
        np.testing.assert_allclose(saved / 255, drawn, atol=1e-6)
        tab.keyboard.press("c")
        tab.locator("input[type=file]").set_input_files(png)
        tab.wait_for_function("() => sheet.ink.isEmpty() === false")
        np.testing.assert_array_equal(ink(tab), drawn)
        paper = tmp_path / "paper.png"  # the same as dark ink on paper
        Image.fromarray(255 - saved).save(paper)
        tab.locator("input[type=file]").set_input_files(paper)
        tab.get_by_text("paper.png is loaded").wait_for()
        np.testing.assert_allclose(ink(tab), drawn, atol=1 / 255)
        broken = tmp_path / "broken.png"
        broken.write_bytes(png.read_bytes()[:100])
        tab.locator("input[type=file]").set_input_files(broken)
        tab.get_by_text("broken.png is no picture").wait_for()
        np.testing.assert_allclose(ink(tab), drawn, atol=1 / 255)


def test_the_page_speaks_the_language_of_the_browser_and_the_switch_keeps_the_drawing(
        browser, file, screenshots):
    with shown(browser, file, locale="ja-JP") as tab:
        assert tab.title() == "手書き数字を読ませる"
        draw_with_mouse(tab, FOUR)
        before = ink(tab)
        tab.screenshot(path=screenshots / "page_japanese.png", full_page=True)
        left = tab.evaluate("document.body.innerText").replace("English", "")
        assert set(re.findall(r"[A-Za-z]{2,}", left)) <= {
            "MLP", "CNN", "MNIST", "ReLU", "Shift", "PNG", "JPEG", "ms"}
        with tab.expect_navigation():
            tab.get_by_role("button", name="English").click()
        tab.wait_for_load_state()
        tab.evaluate("ready")
        assert tab.title() == "Read my digit" and "lang=en" in tab.url
        np.testing.assert_array_equal(ink(tab), before)
        tab.get_by_role("button", name="日本語").wait_for()
        tab.locator("input[type=file]").set_input_files(PHOTO)  # too large for the address
        tab.get_by_text("photo_ok.jpg is loaded").wait_for()
        photograph = ink(tab)
        with tab.expect_navigation():
            tab.get_by_role("button", name="日本語").click()
        tab.wait_for_load_state()
        tab.evaluate("ready")
        np.testing.assert_array_equal(ink(tab), photograph)
        tab.reload()  # kept for the switch alone
        tab.evaluate("ready")
        assert not ink(tab).any()
