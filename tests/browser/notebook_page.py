"""A notebook in JupyterLab: open it, run it, move its sliders."""
from contextlib import contextmanager

PATIENCE = 600_000  # ms: ends a test that hangs; a slow machine may take its time
PICTURE = "e => [...e.querySelectorAll('img')].map(image => image.src).join()"


@contextmanager
def opened(browser, lab, notebook, size=(1300, 1000)):
    """Open a notebook of the copied course, such as "chapters/01_perceptron.ipynb".

    Yields the page and a list that its console fills with errors; at the end the kernel stops.
    """
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(PATIENCE)
    errors = []
    page.on("console", lambda message: errors.append(message.text)
            if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(lab.url(notebook))
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        lab.wait_for_kernel(notebook)
        yield page, errors
    finally:
        page.close()
        lab.stop_kernels()


def run_all_cells(page, lab, notebook):
    """Run all cells by the menu, and wait until none is running or waiting."""
    waiting = "[...document.querySelectorAll('.jp-InputPrompt')].filter(" \
              "e => e.textContent.includes('*')).length"
    page.get_by_role("menuitem", name="Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(f"{waiting} > 0")
    page.wait_for_function(f"{waiting} == 0")
    lab.wait_for_kernel(notebook)


def move_sliders(page):
    """Move every slider of a page; return how many pictures changed and how many did not."""
    changed = still = 0
    for player in page.locator(".widget-interact").all():
        player.scroll_into_view_if_needed()
        for handle in player.locator(".noUi-handle").all():
            before = player.evaluate(PICTURE)
            if _moves(page, player, handle, "ArrowRight", before) or \
                    _moves(page, player, handle, "ArrowLeft", before):
                changed += 1
            else:
                still += 1
    return changed, still


def heights_of_players(page):
    """Move every slider to both ends, and every menu through; return a list for each player.

    It holds the heights of the player on the page, in pixels, the first one before any move.
    """
    found = []
    for player in page.locator(".widget-interact").all():
        player.scroll_into_view_if_needed()
        heights = [_height(page, player)]
        for handle in player.locator(".noUi-handle").all():
            for key in ("Home", "End"):
                handle.focus()
                page.keyboard.press(key)
                heights.append(_height(page, player))
        for menu in player.locator("select").all():
            for option in menu.locator("option").all_text_contents():
                menu.select_option(option)
                heights.append(_height(page, player))
        found.append(heights)
    return found


def _height(page, player):
    """The height of a player when its picture has been drawn."""
    page.wait_for_timeout(1500)
    player.locator("img").first.wait_for()
    return round(player.bounding_box()["height"])


def _moves(page, player, handle, key, before):
    """Press a key on a slider; return whether its picture becomes another one."""
    handle.focus()
    for _ in range(5):  # far enough that a picture of few pixels shows it
        page.keyboard.press(key)
    for _ in range(60):
        page.wait_for_timeout(250)
        now = player.evaluate(PICTURE)
        if now and now != before:
            return True
    return False
