"""What of a page is prose to translate: a text as messages, and what lies between them.

`extract` is Babel's way in (pyproject.toml names it), so pybabel and every editor of .po files
works on the course's notebooks.
"""
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

FENCE = re.compile(r"\s*(```|~~~)")
DETAILS = re.compile(r"(\s*<details>\s*<summary>)(.+)(</summary>.*)", re.DOTALL)
MARKER = re.compile(r"(\s*(?:>\s?)*(?:#{1,6}\s+|(?:[-*]|\d+\.)\s+)?)(.*)", re.DOTALL)
MARKED = re.compile(r"\s*(?:[-*]|\d+\.)\s")
BADGE = re.compile(r"\[Open in Colab\]\([^)]*\)")
SETUP, IN_JAPANESE = "\n    setup()\n", '\n    setup(language="ja")\n'
# What stays as it is in every language.
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
FORMULA = re.compile(r"\$\$.+?\$\$|\$(?!\s)[^$]+?(?<!\s)\$", re.DOTALL)
LINK = re.compile(r"(?<=\]\()[^()\s]+(?:\([^()]*\)[^()\s]*)*(?=\))")
TAG = re.compile(r"</?[a-z][^>]*>")
WORD = re.compile(r"[A-Za-z]{2,}")


def pieces(text: str) -> list[tuple[str, str]]:
    """Cut Markdown into pairs of what stands before a message, and the message.

    All pieces joined are the text again. A message is a paragraph, a list item, a heading, a row
    of a table or the line of a fold; it is "" where nothing more is to be translated.
    """
    found: list[tuple[str, str]] = []
    kept, joins, fence = "", False, ""  # joins: the next line may go on with the last message
    for line in text.splitlines(keepends=True):
        plain, end = line.rstrip("\n"), line[len(line.rstrip("\n")):]
        opens = FENCE.match(plain)
        formula = plain.lstrip().startswith("$$") or fence == "$$"
        indented = plain.startswith("    ") and not joins and not MARKED.match(plain)
        if fence or opens or formula or indented or plain.lstrip().startswith(("</", "<!--")):
            kept, joins = kept + line, False
            if formula:
                fence = "$$" if plain.count("$$") % 2 != (fence == "$$") else ""
            elif opens:  # or the fence that closes
                fence = "" if fence == opens[1] else fence or opens[1]
            continue
        row = plain.lstrip().startswith("|")
        fold = DETAILS.fullmatch(plain)
        before, message = MARKER.fullmatch(plain).groups()  # type: ignore[union-attr]
        after = ""
        if fold:
            before, message, after = fold.groups()
        begins = row or bool(fold) or bool(before.strip()) or not joins
        if not _has_prose(message) and begins or not message.strip():
            kept, joins = kept + line, False
        elif begins:
            found.append((kept + before, message))
            kept, joins = after + end, not (row or fold or before.lstrip().startswith("#"))
        else:  # a paragraph that goes on in a line of its own
            start, so_far = found[-1]
            found[-1] = (start, so_far + kept + before + message)
            kept = end
    return [*found, (kept, "")]


def _has_prose(message):
    """Whether anything is left of a message without code, formulas, addresses and badges."""
    for kept in (BADGE, CODE, FORMULA, LINK, TAG):
        message = kept.sub(" ", message)
    return WORD.search(message) is not None


def translated(text: str, translate: Callable[[str], str]) -> str:
    """Return Markdown with each of its messages replaced by what `translate` gives for it."""
    return "".join(before + (translate(message) if message else "")
                   for before, message in pieces(text))


def in_japanese(source: str) -> str:
    """Return a code cell as it stands in a Japanese notebook: only the setup cell differs."""
    return source.replace(SETUP, IN_JAPANESE)


def messages(source: str, is_notebook: bool) -> Iterator[tuple[int, str, str]]:
    """Yield the messages of a page: the number of its cell or 1, the cell's id, the message."""
    texts = [(1, "", source)]
    if is_notebook:
        texts = [(number, cell.get("id", ""), "".join(cell["source"]))
                 for number, cell in enumerate(json.loads(source)["cells"], 1)
                 if cell["cell_type"] == "markdown"]
    for number, name, text in texts:
        for _, message in pieces(text):
            if message:
                yield number, name, message


def extract(file: BinaryIO, keywords: Any, comment_tags: Any,
            options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield what Babel asks of an extraction method, for a notebook or a Markdown page.

    file: open, as bytes. The number is that of the cell, where Babel has that of a line; the
    comment is the cell's id. keywords, comment_tags and options are of no use here.
    """
    source = file.read().decode("utf-8")
    for number, name, message in messages(source, source.lstrip().startswith("{")):
        yield number, "", message, [f"cell {name}"] if name else []
