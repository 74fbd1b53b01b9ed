"""The button "Restore": what the page's autoencoder makes of a drawing is what Chainer's makes."""
import numpy as np
import pytest
from test_digit_page import FOUR, SEVEN, draw_with_mouse, file, shown  # noqa: F401

from common import autoencoder as tools
from common.models import load_model
from dataset.mnist import load_mnist

pytestmark = pytest.mark.browser

PIXELS = """number => Array.from(document.querySelectorAll(".restored canvas")[number]
  .getContext("2d").getImageData(0, 0, 224, 224).data)"""


def picture(tab, number):
    """One of the three pictures as grey or colour, (28, 28, 3)."""
    return np.reshape(tab.evaluate(PIXELS, number), (224, 224, 4))[4::8, 4::8, :3]


def test_code_and_image_are_those_of_chainer(browser, file):  # noqa: F811
    _, (x_test, _) = load_mnist()
    model, images = load_model("autoencoder"), x_test[:20]
    with shown(browser, file) as tab:
        found = tab.evaluate("""images => images.map(image => {
          const {code, restored} = views.restored.model.forward(Float32Array.from(image));
          return [Array.from(code), Array.from(restored)];
        })""", images.tolist())
    codes, restored = (np.array(part) for part in zip(*found))
    np.testing.assert_allclose(codes, tools.encode(model, images), atol=1e-4)
    np.testing.assert_allclose(restored, tools.restore(model, images), atol=1e-4)


def test_a_press_shows_what_it_makes_of_the_drawing(browser, file):  # noqa: F811
    model = load_model("autoencoder")
    with shown(browser, file) as tab:
        draw_with_mouse(tab, FOUR)
        button, panel = tab.locator("#restore"), tab.locator(".restored")
        assert not panel.is_visible() and button.get_attribute("aria-expanded") == "false"
        button.click()
        assert panel.is_visible() and button.get_attribute("aria-expanded") == "true"
        image = np.array(tab.evaluate("Array.from(last.prepared.image)"), np.float32)[None]
        restored = tools.restore(model, image)
        grey = picture(tab, 1)[:, :, 0] / 255
        np.testing.assert_allclose(grey, restored.clip(0, 1).reshape(28, 28), atol=0.01)
        error = tools.squared_errors(image, restored)[0]
        assert f"Mean squared error {error:.4f}." in panel.inner_text()
        before = panel.inner_text()
        tab.evaluate("sheet.clear()")
        draw_with_mouse(tab, SEVEN)
        tab.wait_for_function("before => document.querySelector('.restored').innerText !== before",
                              arg=before)
        assert tab.evaluate("location.hash").count("restored=yes") == 1
        button.click()
        assert not panel.is_visible()
        tab.wait_for_function("!location.hash.includes('restored')")


def test_its_address_opens_it(browser, file):  # noqa: F811
    with shown(browser, file, state="show=mnist-3&restored=yes") as tab:
        assert tab.locator(".restored").is_visible()
        tab.wait_for_function("!document.querySelector('.restored p').innerText.endsWith(' .')")
        assert picture(tab, 1).max() > 100


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_its_pictures_fit_beside_or_below_each_other(browser, file, size, screenshots):  # noqa: F811
    with shown(browser, file, size, state="show=mnist-5&restored=yes") as tab:
        boxes = [box.bounding_box() for box in tab.locator(".restored canvas").all()]
        width = tab.evaluate("document.documentElement.clientWidth")
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
        tab.locator("#restored").screenshot(path=screenshots / f"restored-{size}.png")
