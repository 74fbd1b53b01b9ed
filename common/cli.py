"""The command `course`: everything that is done from a terminal."""
import argparse
import io
import os
import sys
from collections.abc import Sequence

from common.course import CourseError
from dataset.files import settle_folders

# Commands that take longer than a moment, and what they do before their first line of output.
BEGINS = {"doctor": "looking at this machine", "run": "reading the chapters",
          "slides": "loading what writes decks", "page": "loading the networks",
          "train": "loading Chainer and MNIST", "test": "measuring the model",
          "ship": "rounding the weights, and measuring them",
          "translate": "reading pages and catalogues",
          "grade": "running the answers and their checks", "release": "reading the solutions"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 where it worked, 1 where it did not.

    What a reader or the machine can do wrong is told in a sentence; a bug shows its traceback.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who called, as in course doctor >&-
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
            # It takes the number that is free, and kernels want theirs too.
            os.set_inheritable(getattr(sys, name).fileno(), True)
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks ³ shows \\xb3
            stream.reconfigure(errors="backslashreplace")
    settle_folders()
    arguments = _parser().parse_args(argv)
    if arguments.command in BEGINS and sys.stderr.isatty():  # a file needs no progress
        print(f"course {arguments.command}: {BEGINS[arguments.command]} ...", file=sys.stderr)
    arguments.argv = sys.argv[1:] if argv is None else argv
    try:
        failed = arguments.run(arguments) or 0
        sys.stdout.flush()  # a closed pipe shows here, where it can be caught
        return failed
    except BrokenPipeError:  # as in course doctor | head -1: who reads has seen enough
        # Python flushes once more at its end: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except CourseError as error:
        return _tell(arguments, f"{error}")
    except MemoryError as error:
        return _tell(arguments, f"This machine has not enough memory. {error}".rstrip())
    except UnicodeEncodeError as error:
        return _tell(arguments, f"{error.object[error.start:error.end]!a} cannot be written in "
                                f"{error.encoding}: set PYTHONUTF8=1, and try again.")
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        return _tell(arguments, f"{where}{error.strerror or error}.")
    except KeyboardInterrupt:
        print(file=sys.stderr)
        _tell(arguments, "stopped.")
        return 130


def _tell(arguments, sentence):
    print(f"course {arguments.command}: {sentence}", file=sys.stderr)
    return 1


class _Names:
    """The names of the models, looked up only where one is given or the help is shown."""

    def __iter__(self):
        from common.models import MODELS
        return iter(MODELS)

    def __contains__(self, name):
        return name in list(self)


def _parser():
    parser = argparse.ArgumentParser(
        prog="course", description="From the perceptron to a CNN on MNIST, with Chainer.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    lab = commands.add_parser("lab", help="open the course in JupyterLab")
    lab.add_argument("--port", type=int, default=8888, help="the first port to try (%(default)s)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    _add_language(lab, "of the chapters and, with the extra ja, of JupyterLab (%(default)s)", "en")
    lab.set_defaults(run=_lab)

    doctor = commands.add_parser("doctor", help="look at this machine, and say what to do")
    doctor.set_defaults(run=_doctor)

    data = commands.add_parser("data", help="fetch MNIST or verify it, and say where it is")
    data.set_defaults(run=_data)

    run = commands.add_parser("run", help="run chapters from top to bottom")
    run.add_argument("chapters", nargs="*", metavar="NN", help="numbers (default: all)")
    run.add_argument("--write", action="store_true", help="refresh the outputs in chapters/")
    _add_language(run, "of the chapters (%(default)s)", "en")
    run.set_defaults(run=_run)

    slides = commands.add_parser("slides", help="write decks that open with no network")
    slides.add_argument("chapters", nargs="+", metavar="NN", help="numbers, or all")
    slides.add_argument("--pdf", action="store_true", help="a PDF too, one slide a page")
    slides.add_argument("--handout", action="store_true",
                        help="a PDF of the slides with their notes, on A4")
    slides.add_argument("--by", metavar="NAME", help="who presents, for the title slide")
    slides.add_argument("--circle", metavar="NAME", help="of which circle, for the title slide")
    slides.add_argument("--date", metavar="DATE", help="and when")
    slides.add_argument("--run", action="store_true", dest="run_first",
                        help="run the decks first, and keep their new outputs in slides/")
    slides.add_argument("--out", metavar="FOLDER", help="where they go (results/slides)")
    _add_language(slides, "of the decks (%(default)s)", "en")
    slides.set_defaults(run=_slides)

    page = commands.add_parser("page", help="write a web page that reads what is drawn on it")
    page.add_argument("--out", metavar="FILE", help="where it goes (results/read_my_digit.html)")
    page.set_defaults(run=_page)

    train = commands.add_parser("train", help="train a model on MNIST into a folder")
    train.add_argument("model", metavar="MODEL", choices=_Names(), help="%(choices)s")
    train.add_argument("--out", required=True, metavar="FOLDER", help="where everything goes")
    own = "(default: the model's own)"
    train.add_argument("--epochs", type=int, help=f"passes over the training images {own}")
    train.add_argument("--batch-size", type=int, help=f"images a step {own}")
    train.add_argument("--lr", type=float, help=f"learning rate of Adam {own}")
    train.add_argument("--decay", type=float,
                       help=f"what it is multiplied with after each epoch {own}")
    train.add_argument("--seed", type=int,
                       help=f"of the initial weights and of the order of the images {own}")
    train.add_argument("--resume", action="store_true", help="go on with the training in FOLDER")
    train.add_argument("--processes", type=int, metavar="N",
                       help="share each batch among so many processes, with MPI")
    _add_device(train)
    train.set_defaults(run=_train)

    test = commands.add_parser("test", help="measure a trained model on the test images")
    test.add_argument("folder", metavar="FOLDER", help="what course train was given as --out")
    _add_device(test)
    test.set_defaults(run=_test)

    ship = commands.add_parser("ship", help="put a trained model among those of the course")
    ship.add_argument("folder", metavar="FOLDER", help="what course train was given as --out")
    ship.set_defaults(run=_ship)

    new = commands.add_parser("new", help="make the notebooks of a new chapter from a skeleton")
    new.add_argument("stem", metavar="NN_topic", help="such as 23_recurrent_networks")
    new.add_argument("--title", help="as readers see it (default: made of the topic)")
    new.set_defaults(run=_new)

    translate = commands.add_parser("translate", help="make the Japanese pages, and say what lacks")
    translate.add_argument("chapters", nargs="*", metavar="NN", help="numbers (default: all)")
    translate.set_defaults(run=_translate)

    badges = commands.add_parser("badges", help="write the repository's address into every page")
    badges.add_argument("--repo", metavar="OWNER/NAME",
                        help="on GitHub (default: what git's remote origin says)")
    badges.set_defaults(run=_badges)

    grade = commands.add_parser("grade", help="grade an assignment, or a folder of submissions")
    grade.add_argument("what", metavar="NN|FILE|FOLDER|ZIP",
                       help="your own of chapter NN, or a path")
    grade.add_argument("--assignment", metavar="NN", help="(default: as the submissions say)")
    grade.add_argument("--json", action="store_true", help="print JSON instead of a table")
    grade.add_argument("--out", metavar="FOLDER", help="where a folder's grades go (FOLDER_grades)")
    grade.add_argument("--jobs", type=int, metavar="N", help="how many at once (one a core)")
    grade.add_argument("--seconds", type=float, default=60, help="for one cell (%(default)s)")
    grade.add_argument("--again", action="store_true",
                       help="grade also what was graded before and is unchanged")
    grade.add_argument("--similar", action="store_true",
                       help="write a table of answers that are nearly the same: a hint, no proof")
    _add_language(grade, "what the report says, en or ja (default: that of the notebook)")
    grade.set_defaults(run=_grade)

    release = commands.add_parser("release", help="make the assignments from their solutions")
    release.add_argument("--run", dest="run_first", action="store_true",
                         help="run the solutions first: their outputs are what is to be reached")
    release.add_argument("--out", metavar="FOLDER",
                         help="where to write them, kept apart from the solutions (assignments/)")
    release.set_defaults(run=_release)
    return parser


def _add_device(command):
    command.add_argument("--device", choices=["auto", "cpu", "gpu"], default="auto",
                         help="auto is the GPU where there is one (%(default)s)")


def _add_language(command, text, default=None):
    command.add_argument("--lang", choices=["en", "ja"], default=default, help=text)


def _device(arguments):
    from common.backend import choose_device, why_no_gpu
    if arguments.device == "gpu" and why_no_gpu():
        raise CourseError(f"There is no GPU to use: {why_no_gpu()}")
    return "@numpy" if arguments.device == "cpu" else choose_device()


# Each command imports what it needs only when it runs, so `course --help` is quick.

def _lab(arguments):
    from common.tools.lab import start_lab
    return start_lab(port=arguments.port, open_browser=not arguments.no_browser,
                     lang=arguments.lang)


def _doctor(arguments):
    from common.tools.doctor import examine
    return examine()


def _data(arguments):
    from dataset.mnist import fetch
    print(f"MNIST is complete and verified in {fetch()}.")


def _run(arguments):
    from common.tools.notebooks import find_chapters, run_chapters
    if arguments.lang == "en":
        return run_chapters(find_chapters(arguments.chapters), write=arguments.write)
    from common.tools.japanese import run_in_japanese
    return run_in_japanese(find_chapters(arguments.chapters, f"chapters/{arguments.lang}"),
                           write=arguments.write)


def _slides(arguments):
    from slides.write import write_decks
    title = [line for line in (arguments.by, arguments.circle, arguments.date) if line]
    return write_decks(arguments.chapters, folder=arguments.out, pdf=arguments.pdf, title=title,
                       handout=arguments.handout, run_first=arguments.run_first,
                       lang=arguments.lang)


def _page(arguments):
    from common.drawing.page import write_page
    from common.threads import limit_threads
    limit_threads()
    write_page(arguments.out)


def _train(arguments):
    from common.processes import joined, start, started
    from common.threads import limit_threads
    from common.tools.train import train_into
    if arguments.processes not in (None, 1) and not started():
        # Each of them is given the same command, and finds itself started.
        return start(arguments.processes, [sys.executable, "-m", "common.cli", *arguments.argv])
    limit_threads()
    with joined(lambda: _device(arguments)) as (team, device):
        train_into(arguments.model, arguments.out, epochs=arguments.epochs, lr=arguments.lr,
                   batch_size=arguments.batch_size, decay=arguments.decay, seed=arguments.seed,
                   device=device, resume=arguments.resume, team=team)


def _test(arguments):
    from common.threads import limit_threads
    from common.tools.train import test_folder
    limit_threads()
    test_folder(arguments.folder, _device(arguments))


def _ship(arguments):
    from common.threads import limit_threads
    from common.tools.train import ship
    limit_threads()
    ship(arguments.folder)


def _new(arguments):
    from common.tools.new import new_chapter
    new_chapter(arguments.stem, arguments.title)


def _translate(arguments):
    from common.tools.translate import translate
    return translate(arguments.chapters) > 0


def _badges(arguments):
    from common.tools.notebooks import write_badges
    write_badges(arguments.repo)


def _grade(arguments):
    from pathlib import Path

    what = Path(arguments.what)
    if what.is_dir() or what.suffix.lower() == ".zip" and what.exists():
        from assignments.batch import grade_folder
        return grade_folder(what, arguments.assignment, arguments.out, arguments.jobs,
                            arguments.seconds, arguments.json, arguments.similar, arguments.again,
                            arguments.lang)
    from assignments.grade import grade_file
    return grade_file(arguments.what, arguments.json, arguments.seconds, arguments.assignment,
                      arguments.lang)


def _release(arguments):
    from assignments.masters import release_all
    release_all(run_first=arguments.run_first, out=arguments.out)


if __name__ == "__main__":
    sys.exit(main())
