"""The Japanese prose alone, as Markdown files, for textlint: `python -m common.tools.prose FOLDER`.

textlint is a program of Node.js; .github/CONTRIBUTING.md says how it reads these files.
"""
import sys
from pathlib import Path

import nbformat

from common.course import COURSE, write_file
from common.tools.messages import CODE, FORMULA, LINK
from common.tools.translate import LANGUAGE, pages


def write_prose(folder: str | Path, course: Path = COURSE) -> list[Path]:
    """Write what each Japanese page says, without code, formulas and addresses.

    In their place stands a short word, so that sentences stay whole. Returns the files.
    """
    written = []
    for page in pages(course):
        text = (course / page.built).read_text(encoding="utf-8")
        if page.is_notebook:
            text = "\n\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells
                               if cell.cell_type == "markdown")
        for pattern, word in [(CODE, "`x`"), (FORMULA, "`x`"), (LINK, "x")]:
            text = pattern.sub(word, text)
        name = page.built.removesuffix(".ipynb").removesuffix(".md")
        name = name.replace(f"/{LANGUAGE}/", "-").replace(f".{LANGUAGE}", "")
        written.append(write_file(Path(folder) / f"{name}.md", text + "\n"))
    return written


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the folder: python -m common.tools.prose FOLDER")
    print(f"{len(write_prose(sys.argv[1]))} files in {sys.argv[1]}")
