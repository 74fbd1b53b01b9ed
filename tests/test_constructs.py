"""No page uses a word of Python, NumPy or matplotlib that no page before it has explained.

A word is explained where chapter 00 runs it, where a chapter up to the page's own names it in code
font, or where the line that uses it has a comment. Source that a chapter shows is used as well. Of
an assignment only the answers count: they can be written with what is explained.

    python tests/test_constructs.py

prints what is left, with the first line that uses it.
"""
import ast
import builtins
import re
import sys
from functools import cache
from keyword import iskeyword
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

TOP = Path(__file__).parent.parent
NAMES = [path.stem for path in sorted((TOP / "chapters").glob("[0-9][0-9]_*.ipynb"))]
FOLDERS = ["chapters", "slides", "assignments/solutions"]
METHODS = {name for kind in (np.ndarray, np.random.Generator, str, list, dict, set, Axes, Figure)
           for name in dir(kind)}
# what has no name of its own, as a snippet in code font shows it
SNIPPETS = {"IfExp": " if .* else ", "DictComp": r"\{.*: .* for ", "Set": r"\{\w+, ",
            "NamedExpr": ":=", "IsNot": " is not ", "NotIn": " not in ", "Ellipsis": r"\.\.\.",
            "Lt": "<", "LtE": "<=", "GtE": ">=", "Invert": "~", "BitAnd": "&", "BitOr": r"\|",
            "a star": r"\*\w", "two stars": r"\*\*\w", "a chain": r"\w <=? \w+ <=? \w",
            "a base": r"class \w+\(\w", "a decorator": "@[a-z]", "def in def": "nonlocal"}
MODULES = sys.stdlib_module_names - {"array"}  # an array, here
# words that look like a method of NumPy or Python, and are the course's or Chainer's own
OURS = {"beta": "a weight of BatchNormalization", "gamma": "a weight of BatchNormalization",
        "clear": "the pad's", "show": "the pad's", "images": "the image that a method keeps",
        "name": "of a variable of Chainer"}


def constructs(tree):
    """Yield (word, line) for each construct that the tree uses."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", None)
        kind = type(node).__name__
        if line:
            kinds = [kind, *(type(child).__name__ for child in ast.iter_child_nodes(node)
                             if not hasattr(child, "lineno"))]
            yield from ((each.lower() if iskeyword(each.lower()) else each, line)
                        for each in kinds if each != "Starred")
        if kind == "Starred":
            yield "a star", line
        elif kind == "Attribute":
            dotted = ast.unparse(node)
            first = dotted.split(".")[0]
            if re.fullmatch(r"(np|xp|plt)(\.\w+)+", dotted) or first in MODULES:
                yield node.attr, line
            elif node.attr in METHODS - set(OURS):
                yield node.attr, line
        elif kind == "Name" and hasattr(builtins, node.id):
            yield node.id, line
        elif kind == "ImportFrom" and node.module.split(".")[0] in MODULES:
            yield from ((name.name, line) for name in node.names)
        elif kind == "Import":
            yield from ((name.name, line) for name in node.names
                        if name.name.split(".")[0] in MODULES)
        elif kind == "Constant" and node.value is ...:
            yield "Ellipsis", line
        elif kind == "keyword" and node.arg is None or kind == "Dict" and None in node.keys:
            yield "two stars", line
        elif kind == "arguments":
            yield from (("a star", star.lineno) for star in [node.vararg, *node.kwonlyargs] if star)
            if node.kwarg:
                yield "two stars", node.kwarg.lineno
        elif kind == "ClassDef" and node.bases:
            yield "a base", line
        elif kind == "FunctionDef":
            yield from (("a decorator", line) for _ in node.decorator_list)
            yield from (("def in def", inner.lineno) for inner in ast.walk(node)
                        if isinstance(inner, ast.FunctionDef) and inner is not node)
        elif kind == "Compare" and len(node.ops) > 1:
            yield "a chain", line


@cache
def used(folder, name):
    """{word: (line that uses it first, whether a comment stands beside any)} of one notebook."""
    found = {}
    for cell in nbformat.read(TOP / folder / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type != "code" or cell.source.startswith("# Setup"):
            continue  # what the setup cell does, its comment says
        if folder == FOLDERS[-1] and "### BEGIN SOLUTION" not in cell.source:
            continue  # checks are for the grader
        sources = [re.sub(r"^\s*[%!].*", "", cell.source, flags=re.MULTILINE)]
        if "show_source(" in cell.source:
            sources += [o["data"]["text/plain"] for o in cell.outputs if "data" in o]
        for source in sources:
            lines = source.splitlines()
            if source[:1] == " ":
                source = "class Shown:\n" + source
                lines = source.splitlines()
            for word, line in constructs(ast.parse(source)):
                text = lines[line - 1].strip()
                found[word] = (found.get(word, [text])[0],
                               found.get(word, ["", False])[1] or "  #" in text)
    return found


@cache
def snippets(name):
    """All that the chapter's Markdown has in code font, a snippet in a line."""
    cells = nbformat.read(TOP / "chapters" / f"{name}.ipynb", as_version=4).cells
    return "\n".join(snippet for cell in cells if cell.cell_type == "markdown"
                     for snippet in re.findall(r"`[^`\n]+`|```.*?```", cell.source, re.DOTALL))


def unexplained(folder, name):
    """{word: line} of what the notebook uses and no chapter up to its own explains."""
    earlier = NAMES[:NAMES.index(name) + 1]
    text = "\n".join(map(snippets, earlier))
    known = set(used("chapters", NAMES[0])).union(
        *({word for word, (_, comment) in used("chapters", each).items() if comment}
          for each in earlier))
    return {word: line for word, (line, comment) in sorted(used(folder, name).items())
            if not comment and word not in known
            and not re.search(SNIPPETS.get(word, rf"\b{re.escape(word)}\b"), text)}


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_uses_only_what_is_explained(folder, name):
    assert not unexplained(folder, name)


if __name__ == "__main__":
    for each in NAMES:
        for where in FOLDERS:
            for word, line in unexplained(where, each).items():
                print(f"{where[:8]} {each[:2]}  {word:16} {line}")
