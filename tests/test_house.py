"""The floors of the house, as DESIGN has them: no circle of modules, and no import upwards.

    python tests/test_house.py

writes anew which chapters read which module into common/README.md.
"""
import ast
import json
import re
from pathlib import Path

from importlinter import cli

TOP = Path(__file__).parent.parent
README = TOP / "common" / "README.md"
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| (.*?) ?\|$", re.MULTILINE)


def chapters_by_module():
    """{module of common: sorted numbers of the chapters that import it}."""
    found = {}
    for chapter in sorted((TOP / "chapters").glob("[0-9][0-9]_*.ipynb")):
        for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]:
            lines = "".join(cell["source"]).splitlines()
            if cell["cell_type"] == "code":
                code = "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))
                for module in _modules(ast.parse(code)):
                    found.setdefault(module, set()).add(chapter.name[:2])
    return {module: sorted(numbers) for module, numbers in found.items()}


def _modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if "." in node.module else [
                f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("common."))


def readme():
    """The text of the README, with the chapters as they are."""
    by_module = chapters_by_module()

    def row(match):
        numbers = by_module.get(match[1], [])
        every = len(numbers) == len(list((TOP / "chapters").glob("[0-9][0-9]_*.ipynb")))
        return f"| `{match[1]}` | {match[2]} | {'all' if every else ' '.join(numbers)} |".replace(
            "|  |", "| |")
    return ROW.sub(row, README.read_text(encoding="utf-8"))


def test_no_module_imports_from_a_floor_above_and_none_in_a_circle(monkeypatch):
    monkeypatch.chdir(TOP)
    assert cli.lint_imports(no_cache=True) == cli.EXIT_STATUS_SUCCESS


def test_the_readme_says_which_chapter_reads_which_module():
    """Where it is out of date: python tests/test_house.py."""
    assert README.read_text(encoding="utf-8") == readme()


def test_the_readme_names_every_module_in_the_order_of_the_floors():
    named = [match[1] for match in ROW.finditer(README.read_text(encoding="utf-8"))]
    modules = {path.stem for path in (TOP / "common").iterdir()
               if path.suffix == ".py" and path.stem != "__init__"
               or (path / "__init__.py").exists()}
    assert set(named) == modules and len(named) == len(modules)
    floors = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    floors = floors[floors.index("layers = ["):]
    floor_of = {name: number for number, line in enumerate(floors.splitlines())
                for name in re.findall(r"common\.(\w+)", line)}
    places = [floor_of[name] for name in named]
    assert places == sorted(places)


if __name__ == "__main__":
    README.write_text(readme(), encoding="utf-8", newline="\n")
