"""Types: mypy finds nothing, and each public function of the tools says what it takes."""
import ast
import re
from pathlib import Path

import pytest
from mypy import api

TOP = Path(__file__).parent.parent
# Read as text: Python 3.10 has no tomllib.
SETTINGS = (TOP / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.mypy]")[2]
CHECKED = ast.literal_eval(re.search(r"^files = (\[.*?\])", SETTINGS, re.MULTILINE)[1])


def test_mypy_finds_nothing(monkeypatch, tmp_path):
    monkeypatch.chdir(TOP)
    said, problem, status = api.run(["--cache-dir", str(tmp_path)])
    assert status == 0, said + problem


@pytest.mark.parametrize("path", [
    path for folder in CHECKED for path in sorted((TOP / folder).glob("*.py"))],
    ids=lambda path: path.relative_to(TOP).as_posix())
def test_public_functions_have_types(path):
    lacking = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if node.returns is None or any(each.annotation is None for each in arguments):
                lacking.append(node.name)
    assert not lacking
