"""The page for every reader: by keyboard, by ear, on small screens, in dark and in own colours."""
import numpy as np
import pytest
from test_digit_page import FOUR, answers, draw_with_mouse, file, ink, shown  # noqa: F401

pytestmark = pytest.mark.browser

SMALL = """[...document.querySelectorAll("button, select, input, summary, a, .paper")]
  .filter(one => one.offsetWidth).map(one => one.closest("label") || one)
  .filter(one => Math.min(one.offsetWidth, one.offsetHeight) < 40).map(one => one.outerHTML)"""
SHORTEST = "Math.min(...[...document.querySelectorAll('.track')].map(one => one.offsetWidth))"
# Lines of the head on which the button of the language lies.
COVERED = """() => {
  const button = document.querySelector("#language").getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(document.querySelector("header"));
  return [...range.getClientRects()].filter(line => line.width && line.right > button.left
    && line.left < button.right && line.top < button.bottom && line.bottom > button.top)
    .map(line => [line.left, line.top, line.right, line.bottom]);
}"""


def test_the_answer_is_heard_when_the_pen_is_lifted(browser, file):  # noqa: F811
    with shown(browser, file) as tab:
        tab.locator(".paper").focus()
        for key in ["Space", *["ArrowDown"] * 9, "Space"]:
            tab.keyboard.press(key)
        assert tab.inner_text(".voice .answer").startswith("Prepared: MLP")
        assert tab.inner_text(".voice .note") == "Pen up."
        assert tab.locator("[role=status]").count() == 2


def test_single_letters_act_on_the_sheet_only(browser, file):  # noqa: F811
    with shown(browser, file) as tab:
        draw_with_mouse(tab, FOUR)
        drawn = ink(tab)
        for part in ("#way", ".gallery button", "summary"):
            tab.locator(part).first.focus()
            for key in ("c", "z"):
                tab.keyboard.press(key)
        np.testing.assert_array_equal(ink(tab), drawn)
        tab.locator(".paper").focus()
        tab.keyboard.press("c")
        assert not ink(tab).any()


@pytest.mark.parametrize("size", ["desktop", "phone", "sideways", "zoomed"])
def test_sheet_and_tools_fit_on_the_screen(size, browser, file, screenshots):  # noqa: F811
    with shown(browser, file, size) as tab:
        height = tab.evaluate("document.querySelector('.sheet').offsetHeight")
        assert height <= tab.viewport_size["height"]
        assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]
        assert tab.evaluate(SMALL) == []
        assert tab.evaluate(SHORTEST) >= 80
        assert tab.evaluate(COVERED) == []
        tab.screenshot(path=screenshots / f"page-{size}-empty.png")


def test_two_fingers_on_the_sheet_move_the_page_and_one_draws(browser, file):  # noqa: F811
    with shown(browser, file, "phone", touch=True) as tab:
        box, touch = tab.locator(".paper").bounding_box(), tab.context.new_cdp_session(tab)
        x, y = box["x"] + 120, box["y"] + 250
        fingers = [{"x": x, "y": y, "id": 0}, {"x": x + 90, "y": y, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers[:1]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers})
        for _ in range(12):
            for finger in fingers:
                finger["y"] -= 15
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": fingers})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        tab.wait_for_function("() => visualViewport.pageTop > 20")
        assert not ink(tab).any()  # what the first finger began is gone


def test_a_button_of_the_gallery_brings_the_sheet_into_sight(browser, file):  # noqa: F811
    with shown(browser, file, "phone", touch=True) as tab:
        tab.get_by_role("button", name="An image of MNIST: 5").tap()
        assert answers(tab)[2:] == [5, 5]
        tab.wait_for_function("""() => { const box = document.querySelector(".paper")
          .getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }""")


def test_bars_are_seen_in_a_readers_own_colours(browser, file, screenshots):  # noqa: F811
    color = "one => getComputedStyle(document.querySelector(one)).backgroundColor"
    with shown(browser, file, forced_colors="active") as tab:
        draw_with_mouse(tab, FOUR)
        ground = tab.evaluate(color, "body")
        assert tab.evaluate(color, ".bars .bar") != ground
        assert tab.evaluate(color, ".bars .answer .bar") not in (
            ground, tab.evaluate(color, ".bars tr:not(.answer) .bar"))
        assert tab.evaluate(color, ".signed:not(.minus)") != ground
        tab.screenshot(path=screenshots / "page-forced-colours.png", full_page=True)


def test_it_is_dark_where_the_reader_wants_it_dark(browser, file, screenshots):  # noqa: F811
    with shown(browser, file, color_scheme="dark") as tab:
        draw_with_mouse(tab, FOUR)
        assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == \
            "rgb(20, 24, 27)"
        tab.screenshot(path=screenshots / "page-dark.png", full_page=True)


def test_the_answer_is_large(browser, file):  # noqa: F811
    with shown(browser, file) as tab:
        draw_with_mouse(tab, FOUR)
        assert tab.locator(".verdict b").all_inner_texts() == ["4", "4"]
        assert tab.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.verdict b')).fontSize)") >= 50
