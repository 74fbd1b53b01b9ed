"""`course new`: the four notebooks of a chapter, from a skeleton, and what is left to do."""
import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from common.course import COURSE, CourseError, repository, write_file

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
          "language_info": {"name": "python"}}
LEFT_TO_DO = """\
What is left to do:
 1. Write the chapter, then its deck and its master; .github/CONTRIBUTING.md has the rules.
 2. course run {number} --write                  puts the chapter's outputs into it
 3. course slides {number} --run                 puts the deck's outputs into it
 4. course release --run                   makes the assignment from its master
 5. assignments/solutions/wrong/{stem}.py  wants one wrong answer for each hint
 6. README.md                              wants a row in its table of chapters
 7. uv run pytest -k {stem}
 8. uv run python tests/minutes.py {number}      measures the session: at most 60 minutes"""


def new_chapter(stem: str, title: str | None = None, course: Path = COURSE) -> list[Path]:
    """Write the chapter, its deck, its master and its wrong answers; print what is left to do.

    stem: NN_topic, such as 23_recurrent_networks. title: as readers see it; else made of the stem.
    course: the folder of the course. Returns the paths. Raises CourseError where the stem is no
    such name, the number is taken, or a file cannot be written.
    """
    if not re.fullmatch(r"[0-9]{2}_[a-z0-9]+(_[a-z0-9]+)*", stem):
        raise CourseError("A chapter is called NN_topic, such as 23_recurrent_networks, "
                          f"not {stem}.")
    number = stem[:2]
    taken = [path for folder in ("chapters", "slides", "assignments/solutions",
                                 "assignments/solutions/wrong")
             for path in sorted((course / folder).glob(f"{number}_*.*"))]
    if taken:
        raise CourseError(f"There is a chapter {number} already: "
                          f"{taken[0].stem}, in {taken[0].parent.relative_to(course)}.")
    title = title or stem[3:].replace("_", " ").capitalize()
    written = []
    for folder, cells in [("chapters", _chapter(number, title)), ("slides", _deck(number, title)),
                          ("assignments/solutions", _master(number, title, stem))]:
        first, *rest = cells
        link = f"https://colab.research.google.com/github/{repository()}/blob/main/" \
               f"{folder.split('/')[0]}/{stem}.ipynb"
        if folder != "slides":
            first.source = first.source.replace("BADGE", f"[Open in Colab]({link})")
        cells = [first, _setup_cell(course / folder), *rest]
        for place, cell in enumerate(cells):
            cell.id = f"{folder.split('/')[-1]}-{number}-{place:02}"
        path = course / folder / f"{stem}.ipynb"
        written.append(write_file(
            path, nbformat.writes(new_notebook(cells=cells, metadata=KERNEL)) + "\n"))
    written.append(write_file(
        course / "assignments/solutions/wrong" / f"{stem}.py",
        "# Plausible wrong answers, one a section: the exercise, then what is wrong. "
        f"Each costs its points.\n# %% {number}-double | adds where it should double\n"
        "def double(x):\n    return x + 2\n"))
    for path in written:
        print(path.relative_to(course))
    print(LEFT_TO_DO.format(number=number, stem=stem))
    return written


def _setup_cell(folder):
    """The setup cell as the folder's other notebooks have it."""
    others = sorted(Path(folder).glob("[0-9][0-9]_*.ipynb"))
    if not others:
        raise CourseError(f"There is no notebook in {folder} to take the setup cell from.")
    cell = nbformat.read(others[0], as_version=4).cells[1]
    return new_code_cell(cell.source, metadata=cell.metadata)


def _chapter(number, title):
    return [
        new_markdown_cell(
            f"# {number} {title}\n\nBADGE\n\n**What you will be able to do**\n- ...\n- ...\n\n"
            "**Time:** 60 minutes. **Builds on:** ..."),
        new_code_cell("import numpy as np\n\nrng = np.random.default_rng(0)"),
        new_markdown_cell("## A question\n\nThe naive version first, on numbers that fit in the "
                          "head."),
        new_code_cell("x = np.array([1, 2, 3])\nprint(x * 2)",
                      metadata={"tags": ["nbval-check-output", "headline"]}),
        new_markdown_cell(
            "## Summary\n\nThree sentences.\n\n## After the session\n\n### Exercises\n\n1. ...\n\n"
            "<details><summary>Answer</summary>\n\n...\n</details>\n\n## What comes next\n\n..."),
    ]


def _deck(number, title):
    def slide(source, kind="slide"):
        return new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}})

    return [
        slide(f"# {number} {title}\n\nOne line that says what it is about"),
        slide("20 minutes. What to run before you begin.", "notes"),
        slide("## Today\n\n1. A question\n2. ..."),
        slide("Which part is the heart.", "notes"),
        slide("## Summary\n\n1. ...\n2. ...\n3. ..."),
        slide("Ask three people to say one point each, without looking.", "notes"),
    ]


def _master(number, title, stem):
    def marked(source, name, points=None):
        graded = points is not None
        mark = {"grade": graded, "grade_id": name, "locked": graded, "schema_version": 3,
                "solution": not graded, "task": False}
        tags = {"tags": ["nbval-check-output"]} if graded else {}
        return new_code_cell(source, metadata={
            "nbgrader": mark | ({"points": points} if graded else {}), **tags})

    name = f"{number}-double"
    return [
        new_markdown_cell(
            f"# Assignment {number}: {title}\n\nBADGE\n\n**Aims.** ...\n\n**1 point** in one "
            f"exercise. **Builds on:** [chapter {number}](../chapters/{stem}.ipynb). **Time:** "
            "30 minutes."),
        new_code_cell("import numpy as np\n\nfrom assignments.check import show"),
        new_markdown_cell(
            "## 1. Double (1 point)\n\nWrite `double(x)`: it returns twice each number of an "
            f"array.\n\nRead again: [A question](../chapters/{stem}.ipynb#A-question)"),
        marked(f"# Answer: {name}\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n"
               "    ### END SOLUTION", name),
        marked("added = {\"You added 2. Which operation makes 3 a 6?\":\n"
               "         lambda y: y.tolist() == [3, 5]}\n"
               "show(\"two numbers\", double(np.array([1, 3])), added)", f"{name}-check", 1),
        marked("### BEGIN HIDDEN TESTS\nshow(\"others\", double(np.array([0, -4])))\n"
               "### END HIDDEN TESTS", f"{name}-hidden", 0),
    ]
