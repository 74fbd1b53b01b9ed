"""The work of a notebook's first code cell, and two ways to show things in it."""
import importlib
import importlib.metadata
import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
SLIDERS = "Run this cell to move the sliders: "  # stands in a notebook that is not running


def setup():
    """Make a notebook ready: on Colab install the course, everywhere set the look of figures.

    It is safe to run twice. Raises RuntimeError, in one sentence, where Colab cannot install.
    """
    if "google.colab" in sys.modules:
        install_on_colab()
    # Not at the top of the file: on Colab these are there only now.
    from IPython import get_ipython

    from common.figures import style
    shell = get_ipython()
    if shell is not None:
        style.show_figures_in_notebook(shell)
    style.use_style()


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

    file = Path(inspect.getsourcefile(thing)).resolve()
    where = file.relative_to(COURSE).as_posix() if file.is_relative_to(COURSE) else file.name
    source = inspect.getsource(thing).rstrip()
    page = f"`{where}`\n```python\n{source}\n```"
    display({"text/markdown": page, "text/plain": source}, raw=True)


def play(draw, **sliders):
    """Show a slider for each argument of `draw`, over the figure that it returns.

    draw: a function that returns a figure. sliders: what ipywidgets.interactive takes, such as
    w1=(-1.0, 1.0, 0.1). A notebook shows a still picture beside it, for paper and for GitHub.
    """
    import ipywidgets
    from IPython.display import display

    class Player(ipywidgets.interactive):
        def __repr__(self):
            return SLIDERS + ", ".join(sliders) + "."

    player = Player(draw, **sliders)
    player.auto_display = True  # show what draw returns, now and after each move
    player.update()
    display(player)
