"""Every notebook is fit to ship: what nbval cannot see."""
import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from common.course import ADDRESS
from common.models import MODELS
from common.tools.notebooks import picture_of

TOP = Path(__file__).parent.parent
CHAPTERS = sorted(TOP.glob("chapters/*.ipynb"))
DECKS = sorted(TOP.glob("slides/*.ipynb"))
ADDRESS_NOW = ADDRESS.search((TOP / "pyproject.toml").read_text(encoding="utf-8")).group(1)

every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
every_notebook = pytest.mark.parametrize(
    "path", CHAPTERS + DECKS, ids=[f"{path.parent.name}-{path.stem}" for path in CHAPTERS + DECKS])


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def text(notebook, kind):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == kind)


def test_there_are_chapters():
    assert len(CHAPTERS) >= 5


@every_notebook
def test_format(path):
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    nbformat.validate(raw)
    ids = [cell["id"] for cell in raw["cells"]]
    assert len(set(ids)) == len(ids)
    assert raw["metadata"]["kernelspec"]["name"] == "python3"
    allowed = {"kernelspec", "language_info", "rise", "course"}  # no widget state
    assert {"kernelspec", "language_info"} <= set(raw["metadata"]) <= allowed
    assert raw["metadata"]["language_info"] == {"name": "python"}   # not of who ran it last
    assert path.stat().st_size <= 1_000_000


@every_notebook
def test_run_from_top_to_bottom_without_an_error(path):
    cells = code_cells(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell.source.strip() for cell in cells)
    assert not [output for output in outputs(read(path)) if output.output_type == "error"]
    assert not [output.text for output in outputs(read(path)) if output.get("name") == "stderr"]


@every_notebook
def test_outputs_come_from_the_full_mnist(path):
    assert "sample images" not in json.dumps(outputs(read(path)))


@every_notebook
def test_every_picture_has_alternative_text(path):
    for output in outputs(read(path)):
        picture = picture_of(output)
        if picture:
            alternative = picture["alt"]
            assert alternative == output.data["text/plain"]
            assert len(alternative) > 30 and "without a description" not in alternative
    for image in re.findall(r"!\[(.*?)\]\((.*?)\)", text(read(path), "markdown")):
        assert image[0] and not image[1].startswith("http")


@every_notebook
def test_no_picture_is_compared(path):
    """Fonts and matplotlib differ from machine to machine, and nbval would compare the HTML."""
    for cell in code_cells(read(path)):
        if "nbval-check-output" in cell.metadata.get("tags", []):
            assert not any(picture_of(output) for output in cell.outputs), cell.id


def calls(node):
    """Names of the functions that are called anywhere in a piece of syntax tree."""
    return {getattr(part.func, "id", None) for part in ast.walk(node) if isinstance(part, ast.Call)}


def functions_with_a_bar():
    """Names of the course's functions that show a progress bar, themselves or through others."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in TOP.glob("common/*.py")]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    names, before = {"progress_bar"}, set()
    while names != before:
        before = set(names)
        names |= {function.name for function in functions if calls(function) & names}
    return names


def test_the_functions_with_a_bar_are_found():
    assert {"find_ideas", "train", "train_gan"} <= functions_with_a_bar()


@every_chapter
def test_no_progress_bar_is_compared(path):
    """It is an output too, of a cell that a later run may find without one."""
    for cell in code_cells(read(path)):
        if "nbval-check-output" in cell.metadata.get("tags", []):
            assert not calls(ast.parse(cell.source)) & functions_with_a_bar(), cell.id


@every_notebook
def test_no_widget_without_its_kernel(path):
    kinds = {kind for output in outputs(read(path)) for kind in output.get("data", {})}
    assert kinds <= {"image/png", "text/plain", "text/markdown", "text/html", "text/latex"}


@every_chapter
def test_opens_and_closes_as_every_chapter(path):
    cells = read(path).cells
    first, last = cells[0], cells[-1]
    assert re.match(rf"# {path.name[:2]} \w", first.source)
    link = f"https://colab.research.google.com/github/{ADDRESS_NOW}/blob/main/chapters/{path.name}"
    assert f"[Open in Colab]({link})" in first.source
    assert "you will be able to" in first.source and "minutes" in first.source
    assert "Builds on" in first.source or "builds on" in first.source
    assert last.cell_type == "markdown"
    for heading in ("Exercises", "next"):
        assert heading in last.source
    assert "## Summary" in text(read(path), "markdown")


@every_notebook
def test_links_to_files_of_the_course_lead_somewhere(path):
    for target in re.findall(r"\]\((?!http|#)(.*?)\)", text(read(path), "markdown")):
        assert (path.parent / target.split("#")[0]).exists(), target


@every_notebook
def test_setup_cell_is_the_same_everywhere(path):
    setup = read(path).cells[1]
    assert setup.cell_type == "code" and not setup.outputs
    assert setup.source == read(CHAPTERS[0]).cells[1].source
    assert f'REPOSITORY = "https://github.com/{ADDRESS_NOW}"\n' in setup.source


@every_chapter
def test_cells_are_short_and_led_by_prose(path):
    notebook = read(path)
    for cell in code_cells(notebook)[1:]:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= 18, f"cell {cell.id} has {len(lines)} lines"
    runs = "".join("c" if cell.cell_type == "code" else "m" for cell in notebook.cells)
    assert "cccc" not in runs, "four code cells without a word between them"
    code = sum(len(cell.source) for cell in code_cells(notebook)[1:])
    assert len(text(notebook, "markdown")) > 0.8 * code


@every_notebook
def test_imports_and_paths_are_clean(path):
    for cell in code_cells(read(path))[1:]:
        tree = ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.MULTILINE))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert [name.name for name in node.names] != ["*"]
            if isinstance(node, ast.Attribute):
                assert not ast.unparse(node).startswith("sys.path")
    assert "/root/" not in path.read_text(encoding="utf-8")
    assert "pickle" not in text(read(path), "code")


@every_notebook
def test_sources_that_are_shown_are_those_of_today(path):
    for output in outputs(read(path)):
        data = output.get("data", {})
        shown = re.match(r"(?:`|<p><code>)(\w[\w/]*\.py)(?:`\n|</code></p>\n<pre)",
                         data.get("text/html", data.get("text/markdown", "")))
        if shown:
            module = (TOP / shown[1]).read_text(encoding="utf-8")
            assert output.data["text/plain"] in module, f"run {path.name} again: it shows old code"


@every_chapter
def test_something_is_compared_and_something_is_the_headline(path):
    tags = [tag for cell in code_cells(read(path)) for tag in cell.metadata.get("tags", [])]
    assert "nbval-check-output" in tags
    assert "headline" in tags
    assert set(tags) <= {"nbval-check-output", "headline", "raises-exception"}


@every_notebook
def test_seeded_once_at_most(path):
    code = text(read(path), "code")
    seeds = re.findall(r"default_rng\((.*?)\)|random\.seed\((.*?)\)", code)
    seeds = ["".join(seed) for seed in seeds]
    assert all(seeds)
    assert sum(seed.isdecimal() for seed in seeds) <= 1  # a name is a seed that is compared


def functions_in(source):
    """The bodies of functions and classes, as code without names of their own or comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and len(node.body) > 1:
            body = [part for part in node.body if not (
                isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
            if len(ast.unparse(body).splitlines()) >= 3:
                yield ast.unparse(body), node.name


def test_no_code_is_pasted_between_notebooks_and_modules():
    places = {}
    for module in [*TOP.glob("common/**/*.py"), *TOP.glob("dataset/*.py")]:
        for body, name in functions_in(module.read_text(encoding="utf-8")):
            places.setdefault(body, set()).add(f"{module.name}: {name}")
    for path in CHAPTERS:  # a deck may repeat what its chapter says
        for cell in code_cells(read(path))[1:]:
            source = re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.MULTILINE)
            for body, name in functions_in(source):
                places.setdefault(body, set()).add(f"{path.name}: {name}")
    assert not [found for found in places.values() if len(found) > 1]


def test_the_readme_lists_every_chapter():
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    for path in CHAPTERS:
        assert f"chapters/{path.name}" in readme
    for name in re.findall(r"chapters/(\w+\.ipynb)", readme):
        assert (TOP / "chapters" / name).exists()


def test_weights_carry_the_name_of_their_model():
    for weights in TOP.glob("dataset/trained/*.npz"):
        info = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
        assert info["model"] == weights.stem and weights.stem in MODELS
