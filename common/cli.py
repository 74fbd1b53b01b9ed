"""The command `course`: everything that is done from a terminal."""
import argparse
import sys

from common.errors import CourseError
from dataset.files import DataError


def main(argv=None):
    """Run one command; return 0 where it worked, 1 where it did not."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments) or 0
    except (CourseError, DataError) as error:
        print(f"course {arguments.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\ncourse {arguments.command}: stopped.", file=sys.stderr)
        return 130


def _parser():
    parser = argparse.ArgumentParser(
        prog="course", description="From the perceptron to a CNN on MNIST, with Chainer.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    lab = commands.add_parser("lab", help="open the course in JupyterLab")
    lab.add_argument("--port", type=int, default=8888, help="the first port to try (%(default)s)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    lab.set_defaults(run=_lab)

    doctor = commands.add_parser("doctor", help="look at this machine, and say what to do")
    doctor.set_defaults(run=_doctor)

    data = commands.add_parser("data", help="fetch MNIST or verify it, and say where it is")
    data.set_defaults(run=_data)

    run = commands.add_parser("run", help="run chapters from top to bottom")
    run.add_argument("chapters", nargs="*", metavar="NN", help="numbers; all where none is given")
    run.add_argument("--write", action="store_true", help="refresh the outputs in chapters/")
    run.set_defaults(run=_run)

    slides = commands.add_parser("slides", help="write decks that open with no network")
    slides.add_argument("chapters", nargs="+", metavar="NN", help="numbers, or all")
    slides.add_argument("--pdf", action="store_true", help="a PDF too, one slide a page")
    slides.add_argument("--run", action="store_true", dest="run_first",
                        help="run the decks first, and keep their new outputs in slides/")
    slides.add_argument("--out", metavar="FOLDER", help="where they go (results/slides)")
    slides.set_defaults(run=_slides)

    page = commands.add_parser("page", help="write a web page that reads what is drawn on it")
    page.add_argument("--out", metavar="FILE", help="where it goes (results/read_my_digit.html)")
    page.set_defaults(run=_page)

    train = commands.add_parser("train", help="train a model on MNIST into a folder")
    train.add_argument("model", choices=["three-layer-net", "mlp", "cnn", "cnn-deep"])
    train.add_argument("--out", required=True, metavar="FOLDER", help="where everything goes")
    train.add_argument("--epochs", type=int, help="passes over the images; else what suits it")
    train.add_argument("--batch-size", type=int, help="images a step; else what suits it")
    train.add_argument("--lr", type=float, default=0.001, help="of Adam (%(default)s)")
    train.add_argument("--decay", type=float,
                       help="of the learning rate after each epoch; else what suits the model")
    train.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    train.add_argument("--resume", action="store_true", help="go on with the training in FOLDER")
    _add_device(train)
    train.set_defaults(run=_train)

    test = commands.add_parser("test", help="measure a trained model on the test images")
    test.add_argument("folder", metavar="FOLDER", help="what course train was given as --out")
    _add_device(test)
    test.set_defaults(run=_test)

    ship = commands.add_parser("ship", help="put a trained model among those of the course")
    ship.add_argument("folder", metavar="FOLDER", help="what course train was given as --out")
    ship.set_defaults(run=_ship)

    badges = commands.add_parser("badges", help="write the repository's address into every page")
    badges.add_argument("--repo", metavar="OWNER/NAME", help="on GitHub; else git is asked")
    badges.set_defaults(run=_badges)

    grade = commands.add_parser("grade", help="grade an assignment, or a folder of submissions")
    grade.add_argument("what", metavar="NN|FILE|FOLDER", help="your own of chapter NN, or a path")
    grade.add_argument("--assignment", metavar="NN", help="else the submissions tell")
    grade.add_argument("--json", action="store_true", help="print JSON instead of a table")
    grade.add_argument("--out", metavar="FOLDER", help="where a folder's grades go (FOLDER_grades)")
    grade.add_argument("--jobs", type=int, metavar="N", help="how many at once (one a core)")
    grade.add_argument("--seconds", type=float, default=60, help="for one cell (%(default)s)")
    grade.set_defaults(run=_grade)

    release = commands.add_parser("release", help="make the assignments from their solutions")
    release.add_argument("--run", dest="run_first", action="store_true",
                         help="run the solutions first: their outputs are what is to be reached")
    release.set_defaults(run=_release)
    return parser


def _add_device(command):
    command.add_argument("--device", choices=["auto", "cpu", "gpu"], default="auto",
                         help="auto is the GPU where there is one (%(default)s)")


def _device(arguments):
    from common.backend import choose_device, why_no_gpu
    if arguments.device == "gpu" and why_no_gpu():
        raise CourseError(f"There is no GPU to use: {why_no_gpu()}")
    return "@numpy" if arguments.device == "cpu" else choose_device()


# Each command imports what it needs only when it runs, so `course --help` is quick.

def _lab(arguments):
    from common.lab import start_lab
    return start_lab(port=arguments.port, open_browser=not arguments.no_browser)


def _doctor(arguments):
    from common.doctor import examine
    return examine()


def _data(arguments):
    from dataset.mnist import fetch
    print(f"MNIST is complete and verified in {fetch()}.")


def _run(arguments):
    from common.chapters import find_chapters, run_chapters
    return run_chapters(find_chapters(arguments.chapters), write=arguments.write)


def _slides(arguments):
    from common.slides.write import write_decks
    return write_decks(arguments.chapters, folder=arguments.out, pdf=arguments.pdf,
                       run_first=arguments.run_first)


def _page(arguments):
    from common.drawing.page import write_page
    write_page(arguments.out)


def _train(arguments):
    from common.runs import train_into
    train_into(arguments.model, arguments.out, epochs=arguments.epochs, lr=arguments.lr,
               batch_size=arguments.batch_size, decay=arguments.decay, seed=arguments.seed,
               device=_device(arguments), resume=arguments.resume)


def _test(arguments):
    from common.runs import test_folder
    test_folder(arguments.folder, _device(arguments))


def _ship(arguments):
    from common.runs import ship
    ship(arguments.folder)


def _badges(arguments):
    from common.chapters import write_badges
    write_badges(arguments.repo)


def _grade(arguments):
    from pathlib import Path

    from assignments import grade, reports
    if Path(arguments.what).is_dir():
        reports.grade_folder(arguments.what, arguments.assignment, arguments.out, arguments.jobs,
                             arguments.seconds, arguments.json)
    else:
        grade.grade(arguments.what, arguments.json, arguments.seconds, arguments.assignment)


def _release(arguments):
    from assignments.masters import release_all
    release_all(run_first=arguments.run_first)


if __name__ == "__main__":
    sys.exit(main())
