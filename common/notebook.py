"""The work of a notebook's first code cell, and two ways to show things in it."""
import importlib
import importlib.metadata
import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

from common.course import COURSE, CourseError
from common.language import _, use_language

# A slider's text output; decks recognise live-only cells by it.
SLIDERS = "Run this cell to move the sliders: "
LINE = 10  # pixels that a page leaves below a picture, since it stands in a line of text
SOURCE_STYLE = ("white-space: pre; overflow-x: auto; font-family: monospace; line-height: 1.3; "
                "background: #f8f8f8; color: #212121; padding: 0.6em 0.8em;")


def setup(language=None):
    """Make a notebook ready: on Colab install the course, everywhere set the look of figures.

    NumPy's products get one thread, unless OMP_NUM_THREADS says more; threads.py says why.
    From then on an error that a reader can mend shows its sentence, without our files.
    language: of hints, notices, figures and the pad, as "ja"; else it stays, English at first.
    It is safe to run twice. Raises RuntimeError, in one sentence, where Colab cannot install, and
    CourseError where a file of the reader's hides a part of the course.
    """
    if "google.colab" in sys.modules:
        install_on_colab()
    if language:
        use_language(language)
    # Not at the top of the file: on Colab these are there only now.
    from IPython import get_ipython

    from common.figures import style
    from common.threads import limit_threads
    limit_threads()
    shell = get_ipython()
    if shell is not None:
        style.show_figures_in_notebook(shell)
        shell.set_custom_exc((CourseError,), _show_course_error)
    style.use_style()
    for name in ("dataset", "assignments"):
        found = importlib.util.find_spec(name)
        if found and found.origin and Path(found.origin).resolve().parent != COURSE / name:
            raise CourseError(_("{file} hides a part of the course that is called {name} too: "
                                "rename it, and restart the kernel.").format(
                                  file=found.origin, name=name))


def _show_course_error(shell, kind, error, traceback, tb_offset=None):
    """Show a CourseError: the line of the reader's cell and the sentence, nothing of our files."""
    last = traceback
    while last.tb_next is not None and not _is_ours(last.tb_next.tb_frame.f_code.co_filename):
        last = last.tb_next
    last.tb_next = None
    error.__suppress_context__, error.__cause__ = True, None
    lines = shell.InteractiveTB.structured_traceback(kind, error, traceback, tb_offset=tb_offset)
    shell._showtraceback(kind, error, lines)  # as IPython shows every other error
    return lines


def _is_ours(file):
    # A cell's file lies in a temporary folder, or has a name such as <ipython-input-1>.
    return Path(file).is_absolute() and Path(file).resolve().is_relative_to(COURSE)


def install_on_colab():
    """Install what the course needs, with NumPy and CuPy left as Colab has them."""
    if _is_installed("chainer") and _is_installed("chainer-circle"):
        return
    print("Installing the course, about a minute ...")
    numpy = importlib.metadata.version("numpy")
    pip = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", f"numpy=={numpy}",
         str(COURSE / "chainer7"), "--editable", str(COURSE)],
        capture_output=True, text=True)
    if pip.returncode != 0:
        raise RuntimeError(
            "The course could not be installed; check the network and run this cell again. "
            "pip said:\n" + pip.stderr.strip())
    importlib.invalidate_caches()  # or Python does not see what was installed just now
    print("Installed. Nothing needs a restart.")


def _is_installed(distribution):
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def show_source(thing):
    """Show the source of a function, class or module of the course, and where it stands."""
    from IPython.display import display
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    file = Path(inspect.getsourcefile(thing)).resolve()
    where = file.relative_to(COURSE).as_posix() if file.is_relative_to(COURSE) else file.name
    source = inspect.getsource(thing).rstrip()
    # Styles in the elements, since no page knows our classes. A long line scrolls.
    code = highlight(source, PythonLexer(), HtmlFormatter(noclasses=True, nowrap=True))
    page = (f'<p><code>{where}</code></p>\n<pre tabindex="0" style="{SOURCE_STYLE}">{code}</pre>')
    display({"text/html": page, "text/plain": source}, raw=True)


def play(draw, height=0, **sliders):
    """Show a slider for each argument of `draw`, over the figure that it returns.

    draw: a function that returns a figure. sliders: what ipywidgets.interactive takes, such as
    w1=(-1.0, 1.0, 0.1). A notebook shows a still picture beside it, for paper and for GitHub.
    height: pixels kept for the figure, where some positions of the sliders give a taller one than
    the first; so what stands below does not move.
    """
    import ipywidgets
    from IPython.display import display

    class Player(ipywidgets.interactive):
        tallest = 0

        def update(self, *args):
            super().update(*args)
            _width, now = getattr(self.result, "shown_size", (0, 0))
            if now > self.tallest:  # a smaller figure leaves the room as it is
                self.tallest = now
                self.out.layout.min_height = f"{max(now + LINE, height)}px"

        def __repr__(self):
            return SLIDERS + ", ".join(sliders) + "."

    player = Player(draw, **sliders)
    player.auto_display = True  # show what draw returns, now and after each move
    player.update()
    display(player)
