"""The chapters as files: find them, run them, write the repository's address into them."""
import asyncio
import atexit
import contextlib
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.output_widget import OutputWidget
from tqdm import tqdm

from common.course import COURSE, CourseError, repository, write_file
from common.tools import STUB, short_folder

BLANK = re.compile(r"\n[ \t]*".join(map(re.escape, STUB)))  # a stub as it stands in a cell


class SilentOutput(OutputWidget):
    """The place under a slider. It tells the kernel nothing of what is shown there: a message
    sent while nbclient waits for an answer can make it miss that answer, and wait for ever."""

    def send(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        """Send nothing."""


class Runner(NotebookClient):
    """Runs a notebook, sliders included, and ends as Python does when Control-C stops it."""

    def __init__(self, notebook: nbformat.NotebookNode, **options: Any) -> None:
        super().__init__(notebook, **options)
        self.widget_registry = {"@jupyter-widgets/output": {"OutputModel": SilentOutput}}
        self.stopped = False

    def create_kernel_manager(self) -> Any:
        """Create the manager of a kernel that is spoken with through files, but on Windows.

        Ports are chosen before the kernel takes them: of two kernels that start at once one may
        find its port taken, and then dies, or lives and never answers.
        """
        manager = super().create_kernel_manager()
        manager.connection_file = os.path.join(self.folder, "kernel.json")
        if os.name == "posix":
            manager.transport = "ipc"
        return manager

    async def async_start_new_kernel(self, **options: Any) -> None:
        """Start the kernel as nbclient does, but with another answer to Control-C.

        Its own takes the kernel away under the cell that runs, and ends in a failed assertion.
        """
        work = asyncio.current_task()

        def stop():
            self.stopped = True
            work.cancel()

        _at_a_stop(stop)
        await super().async_start_new_kernel(**options)

    async def async_start_new_kernel_client(self) -> Any:
        """Wait until the kernel answers. Raises DeadKernelError where it does not."""
        try:
            return await super().async_start_new_kernel_client()
        except RuntimeError as error:  # nbclient has ended it, and leaves what it had arranged
            atexit.unregister(self._cleanup_kernel)
            _at_a_stop(None)
            raise DeadKernelError(str(error)) from None

    def execute(self, **options: Any) -> nbformat.NotebookNode:
        """Run the notebook. Raises as nbclient does, and KeyboardInterrupt at Control-C."""
        with tempfile.TemporaryDirectory(prefix="kernel-", dir=short_folder()) as self.folder:
            try:
                return super().execute(**options)
            except BaseException:  # nbclient takes a cancelled cell for a kernel that has died
                if self.stopped:
                    raise KeyboardInterrupt from None
                raise


def _at_a_stop(act):
    """Let Control-C and SIGTERM do this in the loop that runs; with None, what they usually do."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # as on Windows
        for number in (signal.SIGINT, signal.SIGTERM):
            if act is None:
                loop.remove_signal_handler(number)
            else:
                loop.add_signal_handler(number, act)


def find_chapters(numbers: Iterable[str] = (), folder: str = "chapters") -> list[Path]:
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


def run_chapters(paths: Iterable[Path], write: bool = False,
                 keep: Callable[[nbformat.NotebookNode, Path], None] | None = None) -> int:
    """Run notebooks from top to bottom; print for each its time and its headline numbers.

    write: put the outputs back into the chapters, else into a scratch folder. keep: what is done
    then with a notebook and its path instead of `save`; what it refuses has failed.
    Returns the number of chapters that failed. One that fails does not stop the next.
    """
    if write and _mnist_kind() != "full":
        raise CourseError("Committed outputs come from the full MNIST; run `course data` first.")
    scratch = Path(tempfile.mkdtemp(prefix="course-run-"))
    keep = keep or save
    failed = 0
    for path in paths:
        start, before = time.perf_counter(), path.read_bytes()
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
        if write:
            try:
                if path.read_bytes() != before:
                    raise CourseError(f"{path.name} was changed while it ran; run it again.")
                keep(notebook, path)
            except CourseError as error:
                failed += 1
                print(f"    not kept: {error}")
        else:
            save(notebook, scratch / path.name)
    print(f"The outputs are in {'the notebooks' if write else scratch}.")
    return failed


def execute(path: Path) -> tuple[nbformat.NotebookNode, str | None]:
    """Run one notebook in its own folder; return it with outputs, and None or what went wrong."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:  # JSON, encodings and old formats fail in many ways
        return nbformat.v4.new_notebook(), "It is damaged; git restore brings it back."
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    before = _seconds_of_children()
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
    if path.parent.name == "chapters":  # how long a reader waits, for the time that it states
        notebook.metadata["course"] = {"compute_seconds": round(_seconds_of_children() - before)}
    return notebook, None


def picture_of(output: nbformat.NotebookNode) -> Any:
    """Return the picture in an output of a notebook, or None where it holds none.

    It is a dict of text: `source` (a data URI), `alt`, `width` and `height` in pixels of the page.
    """
    data = output.get("data", {})
    html = re.fullmatch(r'<img src="(data:image/[^"]*)" width="(\d+)" height="(\d+)" alt="(.*)">',
                        data.get("text/html", ""), flags=re.DOTALL)
    if html:
        source, width, height, alt = html.groups()
        return {"source": source, "alt": unescape(alt), "width": width, "height": height}
    if "image/png" in data:  # of a notebook that ran before figures were HTML
        about = output.metadata.get("image/png", {})
        return {"source": "data:image/png;base64," + data["image/png"].replace("\n", ""),
                **{name: str(about.get(name, "")) for name in ("alt", "width", "height")}}
    return None


def _seconds_of_children():
    """Processor time of the processes that this one has started and waited for, as a kernel.

    Not the clock's time: beside other work that says more of the machine than of the chapter.
    """
    times = os.times()
    return times.children_user + times.children_system


def headlines(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the printed lines of the cells with the tag `headline`."""
    return [line
            for cell in notebook.cells if "headline" in cell.metadata.get("tags", [])
            for output in cell.outputs if output.output_type == "stream"
            for line in output.text.splitlines()]


def save(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook as the repository keeps it: without what differs from run to run."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    without_widgets(notebook)
    notebook.metadata.language_info = {"name": "python"}  # not the version of who ran it last
    write_file(path, nbformat.writes(notebook) + "\n")


def leave_answers(path: Path, made: str, added: bool = False) -> None:
    """See before an assignment is written that no reader's work is in its place: an answer cell
    without the stub or with more lines than it has now, or another notebook.

    made: the assignment as it is to be. added: cells that it lacks are a reader's too. Raises
    CourseError where somebody's work is there.
    """
    if not path.exists():
        return
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # nbformat has many; whatever it is, it is not ours
        cells = []
    blank = {cell.id: cell.source for cell in nbformat.reads(made, as_version=4).cells}
    answers = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    more = [cell for cell in cells if cell.id not in blank and cell.source.strip()]
    if not answers or added and more or not all(
            BLANK.search(cell.source)
            and cell.source.count("\n") <= blank.get(cell.id, cell.source).count("\n")
            for cell in answers):
        raise CourseError(f"{path} holds somebody's work, and would be overwritten: it stays. "
                          "Save it under another name or in another folder, and try again.")


def without_widgets(notebook: nbformat.NotebookNode) -> None:
    """Take the sliders out of a notebook's outputs, in place; their text says to run the cell.

    A slider that is shown without its kernel is an error message.
    """
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    notebook["metadata"].pop("widgets", None)


def _joined(outputs):
    """Join what was printed piece by piece, and leave out the codes that move a cursor."""
    joined = []
    for output in outputs:
        if output.output_type == "stream":
            output.text = without_cursor(output.text)
            if joined and joined[-1].get("name") == output.name:
                joined[-1].text += output.text
                continue
        joined.append(output)
    return joined


def without_cursor(text: str) -> str:
    """Return what was printed without the codes by which Chainer's PrintReport wipes a line."""
    return text.replace("\x1b[J", "")


def _mnist_kind():
    from dataset.mnist import status
    return status().kind


def write_badges(repo: str | None = None) -> None:
    """Write the repository's address into pyproject.toml, README.md and every notebook.

    repo: OWNER/NAME on GitHub; where it is None, the address of git's remote `origin`.
    """
    repo = repo or _origin()
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        raise CourseError(f"The address must be OWNER/NAME, as in chainer/chainer, not {repo}.")
    old = repository()
    pages = [COURSE / "pyproject.toml", *sorted(COURSE.glob("README*.md")),
             *sorted(COURSE.glob("common/locale/**/*.po"))]
    for folder in ("chapters", "assignments", "slides"):
        pages += sorted(COURSE.glob(f"{folder}/**/*.ipynb"))
    pattern = re.compile(r"(github(?:\.com)?/)" + re.escape(old) + r"(?![\w.-])")
    for page in pages:
        before = page.read_bytes().decode("utf-8", "surrogateescape")  # a reader's in any letters
        text, count = pattern.subn(rf"\g<1>{repo}", before)
        if count:
            write_file(page, text.encode("utf-8", "surrogateescape"))
            print(f"{page.relative_to(COURSE)}: {count} links to {repo}")


def _origin():
    git = subprocess.run(["git", "-C", str(COURSE), "remote", "get-url", "origin"],
                         capture_output=True, text=True)
    found = re.search(r"github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?\s*$", git.stdout)
    if not found:
        raise CourseError("git knows no origin on GitHub; name it with --repo OWNER/NAME.")
    return found.group(1)
