"""How long a chapter takes a reader: `uv run python tests/minutes.py` prints the table.

The yardstick: 130 words of prose a minute, 12 lines of code a minute (shown source included), 45
seconds a picture, 1 minute a question, and the minutes its cells compute. What comes after the
heading "After the session" counts for nothing.
"""
import re
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import nbformat

TOP = Path(__file__).parent.parent
AFTER = re.compile(r"^#+ After the session\b.*", re.MULTILINE | re.DOTALL)


@dataclass
class Minutes:
    """The minutes of one chapter, by what they go into."""
    prose: float = 0.0
    code: float = 0.0
    pictures: float = 0.0
    questions: float = 0.0
    compute: float = 0.0

    @property
    def total(self):
        return sum(getattr(self, field.name) for field in fields(self))


def minutes_of(path):
    """Return the Minutes of the notebook at `path`."""
    notebook, minutes, setup_seen = nbformat.read(path, as_version=4), Minutes(), False
    minutes.compute = notebook.metadata.get("course", {}).get("compute_seconds", 0) / 60
    for cell in notebook.cells:
        source = AFTER.sub("", cell.source) if cell.cell_type == "markdown" else cell.source
        if cell.cell_type == "markdown":
            prose = plain(source)
            minutes.prose += len(re.findall(r"[\w'’.,-]*\w[\w'’-]*", prose)) / 130
            minutes.questions += len(re.findall(r"\?(?=[\s\"”*)]|$)", prose))
        elif setup_seen:
            minutes.code += lines(source) / 12
            for output in cell.outputs:
                data = output.get("data", {})
                html = data.get("text/html", "")
                minutes.pictures += 0.75 * ("image/png" in data or "<img" in html
                                            or "Run this cell" in data.get("text/plain", ""))
                if "show_source(" in source and "text/plain" in data:
                    minutes.code += lines(data["text/plain"]) / 12
        else:
            setup_seen = True
        if source != cell.source:  # the session ends here
            break
    return minutes


def plain(markdown):
    """Return prose as it is read: no addresses, no tags; a formula is a word."""
    markdown = re.sub(r"```.*?```", " ", markdown, flags=re.DOTALL)
    markdown = re.sub(r"\$\$.*?\$\$|\$.*?\$", " formula ", markdown, flags=re.DOTALL)
    markdown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return re.sub(r"<[^>]+>", " ", markdown)


def lines(source):
    """Count the lines that are not empty."""
    return sum(bool(line.strip()) for line in source.splitlines())


def main(numbers):
    """Print the table for the chapters with these numbers, or for all."""
    names = [field.name for field in fields(Minutes)]
    print(f"{'chapter':28}" + "".join(f"{name:>10}" for name in names) + f"{'minutes':>10}")
    for path in sorted((TOP / "chapters").glob("[0-9][0-9]_*.ipynb")):
        if not numbers or path.name[:2] in numbers:
            minutes = minutes_of(path)
            print(f"{path.stem:28}"
                  + "".join(f"{getattr(minutes, name):10.1f}" for name in names)
                  + f"{minutes.total:10.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
