"""`course slides`: decks as files to share."""
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tqdm import tqdm

from common.course import COURSE, CourseError, leave_others, write_file
from common.tools.japanese import run_in_japanese
from common.tools.notebooks import run_chapters
from slides.check import measure
from slides.deck import find_decks
from slides.pdf import MARK as PDF_MARK
from slides.pdf import chromium, write_pdf
from slides.render import Refused, render_deck

DECK_MARK = b'<main class="reveal">'  # in every deck that was written


def write_decks(numbers: Sequence[str], folder: str | Path | None = None, pdf: bool = False,
                handout: bool = False, run_first: bool = False,
                title: Sequence[str] = (), lang: str = "en") -> int:
    """Write decks as HTML, and print for each where it is.

    numbers: of chapters, or "all". folder: results/slides of the course where it is None.
    pdf: print each as PDF too. handout: and its slides with the notes, on A4.
    run_first: run the notebooks, and keep their new outputs.
    title: presenter, circle and date, for the title slide. lang: "ja" for the Japanese decks.
    Returns the number of decks that failed to run or were refused; why stands on stderr. Raises
    CourseError, before it begins, where a file of a reader's is in the place of one of them.
    """
    paths = find_decks(numbers, lang)
    folder = Path(folder or COURSE / "results" / "slides" / ("" if lang == "en" else lang))
    if not paths:
        raise CourseError(f"There is no deck in {COURSE / 'slides'}.")
    written_as = [(".html", DECK_MARK), (".pdf", PDF_MARK), ("_handout.pdf", PDF_MARK)]
    for path in paths:
        for (end, mark), asked in zip(written_as, (True, pdf, handout)):
            if asked:
                leave_others(folder / f"{path.stem}{end}", mark)
    run = run_chapters if lang == "en" else run_in_japanese
    failed = run(paths, write=True) if run_first else 0
    written = 0
    with ExitStack() as stack:
        browser, why = _browser(stack, needed=pdf or handout)
        for path in tqdm(paths, desc="decks", unit="deck", leave=False, disable=None):
            try:
                with tqdm.external_write_mode():
                    print(f"{path.stem} ...", file=sys.stderr, flush=True)
                _write_one(path, folder, browser, pdf, handout, title)
                written += 1
            except Refused as error:
                failed += 1
                with tqdm.external_write_mode():
                    print(f"{error}\n{path.stem} is not written.", file=sys.stderr)
    if browser is None:
        print(f"{why} So it was not checked whether every slide fits; turn through them once.",
              file=sys.stderr)
    if written:
        print("Open a deck in a browser. Arrow keys turn its slides; S shows the speaker's notes, "
              "A the agenda, D draws.")
    return failed


def _browser(stack, needed):
    """A browser to measure and to print with; None, and why, where it can go without."""
    try:
        return stack.enter_context(chromium()), ""
    except CourseError as error:
        if needed:
            raise
        return None, str(error)


def _write_one(path, folder, browser, pdf, handout, title):
    """Write one deck and what is printed from it. Raises Refused where it would not be right."""
    html, count = render_deck(path, title)
    zooms = []
    if browser is not None:
        with tempfile.TemporaryDirectory() as scratch:
            measured = measure(browser, write_file(Path(scratch, "deck.html"), html))
        if measured.faults:
            raise Refused("\n".join(f"{path.stem}, slide {number}: {fault}"
                                    for number, fault in sorted(set(measured.faults))))
        if min(measured.zooms) < 1:
            zooms = measured.zooms
            html, _ = render_deck(path, title, zooms)
        for number, remark in measured.remarks:
            print(f"{path.stem}, slide {number}: {remark}", file=sys.stderr)
        html = html.replace("<html ", "<html data-measured ", 1)
    page = write_file(folder / f"{path.stem}.html", html)
    print(f"{page}: {count} slides")
    if pdf:
        print(write_pdf(browser, page))
    if handout:
        with tempfile.TemporaryDirectory() as scratch:
            sheets = write_file(Path(scratch, "handout.html"),
                                render_deck(path, title, zooms, handout=True)[0])
            print(write_pdf(browser, sheets, folder / f"{path.stem}_handout.pdf"))
