"""The style of the page and the pad, with the course's colours, and their scripts as one."""
import re
from pathlib import Path

from common.palette import COLORS, ON_BLACK

WEB = Path(__file__).parent / "web"
# Colours that only page and pad need: on white ground, and on black.
SURFACES = {"ground": ("#ffffff", "#14181b"), "text": ("#1c2226", "#e8ecee"),
            "hover": ("#e8f1f3", "#22313a"), "bar": ("#9aa5ac", "#5f6b73")}
DARK_SYSTEM = "@media (prefers-color-scheme: dark) { .digit { %s } }\n"
# A notebook has a theme of its own: JupyterLab and Notebook, Colab, VS Code.
DARK_NOTEBOOK = ('[data-jp-theme-light="false"] .digit, html[theme="dark"] .digit, '
                 ".vscode-dark .digit { %s }\n")
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z]+\.js)";\n', re.MULTILINE)


def style(dark, *names):
    """Return style sheets of the folder web as one text, with the colours of the course.

    dark: DARK_SYSTEM or DARK_NOTEBOOK, which says when the ground is dark.
    """
    on_white = COLORS | {f"{name}-on-black": color for name, color in ON_BLACK.items()}
    schemes = [on_white | {name: both[0] for name, both in SURFACES.items()},
               ON_BLACK | {name: both[1] for name, both in SURFACES.items()}]
    light, darker = (" ".join(f"--{name}: {color};" for name, color in scheme.items())
                     for scheme in schemes)
    return f".digit {{ {light} }}\n" + dark % darker + "".join(read(name) for name in names)


def script(name):
    """Return a module of the folder web with all that it imports, as one script.

    Each module comes once, after those that it imports; the words import and export go, but for
    `export default`. So the names of all modules must differ, as a test checks.
    """
    return "\n".join(_modules(name, []))


def _modules(name, known):
    known.append(name)
    source = read(name)
    parts = [part for _, other in IMPORT.findall(source) if other not in known
             for part in _modules(other, known)]
    return [*parts, re.sub(r"^export (?!default)", "", IMPORT.sub("", source), flags=re.MULTILINE)]


def read(name):
    """Return the text of a file in the folder web."""
    return (WEB / name).read_text(encoding="utf-8")
