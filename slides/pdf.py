"""A PDF with one slide a page, printed by a browser of this machine."""
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from common.course import CourseError, write_file

MARK = b"% course slides\n"  # a comment at the end of every PDF that was written
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = ["--disable-gpu", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
# A page counts as loaded before its fonts are: Japanese would be printed as empty boxes.
FONTS = "() => Promise.all([...document.fonts].map(font => font.load().catch(() => null)))"


@contextmanager
def chromium() -> Iterator:
    """Open Chromium, or a browser of its kind, without a window; close it at the end.

    Raises CourseError where there is none, which says what to install, and where it fails.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise CourseError("This needs Playwright, which drives a browser; "
                          "run pip install playwright.") from None
    with ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
        except Exception as error:  # Playwright has no class for it: its driver is a program
            raise CourseError(f"Playwright does not start ({str(error).splitlines()[0]}): install "
                              "it again, or close other programs if memory is short.") from None
        found, why = next(filter(None, map(shutil.which, NAMES)), None), ""
        ways: list[dict[str, Any]] = [{"channel": "chrome"}, {"channel": "msedge"}, {}]
        for way in [{"executable_path": found}, *ways] if found else ways:
            try:
                browser = playwright.chromium.launch(args=QUIET, **way)
                break
            except Error as error:
                why = why or str(error).splitlines()[0]
        else:
            if found:
                raise CourseError(f"{found} does not start ({why}): look whether the disk is full "
                                  "or memory is short.")
            raise CourseError("No browser was found; install Chromium (on Debian and Ubuntu: "
                              "apt install chromium; elsewhere: playwright install chromium).")
        try:
            yield browser
        except Error as error:
            raise CourseError(f"The browser failed: {str(error).splitlines()[0]}") from None
        finally:
            browser.close()


def write_pdf(browser: Any, page: Path, target: Path | None = None) -> Path:
    """Print a deck that was written as HTML as a PDF file, beside it or as `target`.

    Without scripts a deck is a plain page with one slide below the other, and its print style
    makes every slide a sheet of 1280×720, or lays a handout out on A4. Returns where it is.
    """
    tab = browser.new_page(java_script_enabled=False)
    try:
        tab.goto(page.resolve().as_uri())
        tab.evaluate(FONTS)
        pdf = tab.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    finally:
        tab.close()
    return write_file(target or page.with_suffix(".pdf"), pdf + MARK)
