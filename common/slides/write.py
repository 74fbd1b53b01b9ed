"""`course slides`: decks as files to share."""
from common.chapters import run_chapters
from common.errors import CourseError
from common.notebook import COURSE
from common.slides.deck import find_decks
from common.slides.html import write_html
from common.slides.pdf import chromium, write_pdf


def write_decks(numbers, folder=None, pdf=False, run_first=False):
    """Write decks as HTML, and print for each where it is.

    numbers: of chapters, or "all". folder: results/slides of the course where it is None.
    pdf: print each as PDF too. run_first: run the notebooks, and keep their new outputs.
    Returns the number of decks that failed to run. Raises CourseError where one cannot be written.
    """
    paths, folder = find_decks(numbers), folder or COURSE / "results" / "slides"
    if not paths:
        raise CourseError(f"There is no deck in {COURSE / 'slides'}.")
    failed = run_chapters(paths, write=True) if run_first else 0
    pages = []
    for path in paths:
        page, count = write_html(path, folder)
        print(f"{page}: {count} slides")
        pages.append(page)
    if pdf:
        with chromium() as browser:
            for page in pages:
                print(write_pdf(browser, page))
    print("Open a deck in a browser; arrow keys turn its slides, S shows the speaker's notes.")
    return failed
