"""The chapters as files: find them, run them, write the repository's address into them."""
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.output_widget import OutputWidget
from tqdm import tqdm

from common.errors import CourseError
from common.notebook import COURSE

ADDRESS = re.compile(r'^Repository = "https://github\.com/([^"]+)"', re.MULTILINE)


class SilentOutput(OutputWidget):
    """The place under a slider. It tells the kernel nothing of what is shown there: a message
    sent while nbclient waits for an answer can make it miss that answer, and wait for ever."""

    def send(self, data=None, metadata=None, buffers=None):
        """Send nothing."""


class Runner(NotebookClient):
    """Runs a notebook, sliders included."""

    def __init__(self, notebook, **options):
        super().__init__(notebook, **options)
        self.widget_registry = {"@jupyter-widgets/output": {"OutputModel": SilentOutput}}


def find_chapters(numbers=(), folder="chapters"):
    """Return the paths of the chapters with these numbers ("03" or "3"), or of all.

    folder: "slides" for their decks.
    """
    paths = sorted((COURSE / folder).glob("[0-9][0-9]_*.ipynb"))
    if not numbers:
        return paths
    by_number = {path.name[:2]: path for path in paths}
    wanted = [number.zfill(2) for number in numbers]
    unknown = [number for number in wanted if number not in by_number]
    if unknown:
        kind = "deck of chapter" if folder == "slides" else "chapter"
        raise CourseError(
            f"There is no {kind} {', '.join(unknown)}; there are {', '.join(by_number)}.")
    return [by_number[number] for number in wanted]


def run_chapters(paths, write=False):
    """Run notebooks from top to bottom; print for each its time and its headline numbers.

    write: put the outputs back into the chapters, else into a scratch folder.
    Returns the number of chapters that failed. One that fails does not stop the next.
    """
    if write and _mnist_kind() != "full":
        raise CourseError("Committed outputs come from the full MNIST; run `course data` first.")
    scratch = Path(tempfile.mkdtemp(prefix="course-run-"))
    failed = 0
    for path in paths:
        start = time.perf_counter()
        notebook, problem = execute(path)
        seconds = time.perf_counter() - start
        if problem:
            failed += 1
            print(f"{path.stem}: failed after {seconds:.1f} s. {problem}")
            if write:
                continue  # what is committed stays as it was
        else:
            print(f"{path.stem}: {seconds:.1f} s")
        for line in headlines(notebook):
            print(f"    {line}")
        save(notebook, path if write else scratch / path.name)
    print(f"The outputs are in {'the notebooks' if write else scratch}.")
    return failed


def execute(path):
    """Run one notebook in its own folder; return it with outputs, and None or what went wrong."""
    notebook = nbformat.read(path, as_version=4)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    with tqdm(total=cells, desc=path.stem, unit="cell", leave=False, disable=None) as bar:
        client = Runner(
            notebook, timeout=None, record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
            on_cell_executed=lambda **_: bar.update())
        try:
            client.execute(stderr=subprocess.DEVNULL,  # what the kernel says of itself
                           env={**os.environ, "TQDM_DISABLE": "1"})  # no bars in the outputs
        except CellExecutionError as error:
            return notebook, f"{error.ename}: {error.evalue}"
        except DeadKernelError:
            return notebook, "The kernel died; the machine may have run out of memory."
    return notebook, None


def headlines(notebook):
    """Return the printed lines of the cells with the tag `headline`."""
    return [line
            for cell in notebook.cells if "headline" in cell.metadata.get("tags", [])
            for output in cell.outputs if output.output_type == "stream"
            for line in output.text.splitlines()]


def save(notebook, path):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", []):
            # A slider without its kernel is an error message; its text says to run the cell.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}  # not the version of who ran it last
    part = path.with_suffix(".part")
    nbformat.write(notebook, part)
    os.replace(part, path)


def _joined(outputs):
    """Join what was printed piece by piece, and leave out the codes that move a cursor."""
    joined = []
    for output in outputs:
        if output.output_type == "stream":
            output.text = output.text.replace("\x1b[J", "")  # Chainer's PrintReport
            if joined and joined[-1].get("name") == output.name:
                joined[-1].text += output.text
                continue
        joined.append(output)
    return joined


def _mnist_kind():
    from dataset.mnist import status
    return status().kind


def repository():
    """Return the course's address on GitHub, OWNER/NAME, as pyproject.toml has it."""
    return ADDRESS.search((COURSE / "pyproject.toml").read_text(encoding="utf-8")).group(1)


def write_badges(repo=None):
    """Write the repository's address into pyproject.toml, README.md and every notebook.

    repo: OWNER/NAME on GitHub; where it is None, the address of git's remote `origin`.
    """
    repo = repo or _origin()
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        raise CourseError(f"The address must be OWNER/NAME, as in chainer/chainer, not {repo}.")
    old = repository()
    pages = [COURSE / "pyproject.toml", COURSE / "README.md"]
    for folder in ("chapters", "assignments", "slides"):
        pages += sorted(COURSE.glob(f"{folder}/**/*.ipynb"))
    pattern = re.compile(r"(github(?:\.com)?/)" + re.escape(old) + r"(?![\w.-])")
    for page in pages:
        text, count = pattern.subn(rf"\g<1>{repo}", page.read_text(encoding="utf-8"))
        if count:
            page.write_text(text, encoding="utf-8", newline="\n")
            print(f"{page.relative_to(COURSE)}: {count} links to {repo}")


def _origin():
    git = subprocess.run(["git", "-C", str(COURSE), "remote", "get-url", "origin"],
                         capture_output=True, text=True)
    found = re.search(r"github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?\s*$", git.stdout)
    if not found:
        raise CourseError("git knows no origin on GitHub; name it with --repo OWNER/NAME.")
    return found.group(1)
