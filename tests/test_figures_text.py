"""The alternative text of every figure is computed from its data, or claims nothing about it.

Each module's tests hold CONTRARY: for every function that draws a figure the arguments that
contradict what it usually shows.
"""
import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "common" / "figures"
MODULES = sorted(path.stem for path in FOLDER.glob("*.py")
                 if "describe(" in path.read_text(encoding="utf-8") and path.stem != "style")


def drawing_functions(module):
    """The public functions of a module that return a figure with its text."""
    tree = ast.parse(inspect.getsource(module))
    return {node.name for node in tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            and any(isinstance(call, ast.Call) and ast.unparse(call.func) == "describe"
                    for call in ast.walk(node))}


def registry(name):
    """CONTRARY of a module's tests: a dict from a function to its Contrary."""
    try:
        return getattr(importlib.import_module(f"test_figures_{name}"), "CONTRARY", {})
    except ModuleNotFoundError:
        return {}


@pytest.mark.parametrize("name", MODULES)
def test_every_figure_is_tried_with_data_that_contradict_its_usual_text(name):
    entries = {function.__name__ for function in registry(name)}
    module = importlib.import_module(f"common.figures.{name}")
    assert entries == drawing_functions(module), "an entry in CONTRARY is missing, or too many"


TRIED = [(function, contrary) for name in MODULES for function, contrary in registry(name).items()]


@pytest.mark.parametrize(
    "function, contrary", TRIED,
    ids=[f"{function.__module__.split('.')[-1]}-{function.__name__}" for function, _ in TRIED])
def test_the_text_follows_the_data(function, contrary):
    text = function(*contrary.arguments, **contrary.options).alternative_text
    assert contrary.says, "say what the text must make of these arguments"
    for words in contrary.says:
        assert words in text
    for words in contrary.never:
        assert words not in text
    one = re.findall(r"(?<![\d.,])1 (?:images|inputs|outputs|rows|columns|layers|answers)\b", text)
    assert not one, "one is not many"
    assert not re.search(r"(?<![\w)-])-\d", text), "a real minus, please"
    assert not re.search(r"-0(\.0+)?\b|−0(\.0+)?(?![\d.])", text), "zero has no sign"
