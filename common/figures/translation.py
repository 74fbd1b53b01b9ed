"""The words of figures in the language that readers see.

A figure is drawn in English. When it is shown, its texts are looked up in the catalogue `figures`,
with places for their numbers: "epoch {0} of {1}"; a list of numbers has one place. What stands in
no catalogue stays English.
"""
import gettext
import json
import os
import re

from matplotlib.figure import Figure
from matplotlib.text import Text

from common.language import catalogue, language

CATALOGUE = "figures"
NAME = "name"  # the gid of a text that is a variable's name, such as row: it stays as it is
TOLD = "COURSE_FIGURE_WORDS"  # an environment variable: the file that notes what figures say
_ONE = r"(?:(?<![\w)])[-−+](?=\.?\d)|(?<!\w)(?=\.?\d))\.?\d+(?:[.,]\d+)*(?:e[-−+]\d+)?%?"
_ITEM = rf"(?:{_ONE}|\({_ONE}(?:, {_ONE})*,?\))"
_END = r"(?![\w%]|[.,]\d| [A-Za-z])"  # not ", 3 of 4"
# A number, a point or a shape, or a list of them.
NUMBERS = re.compile(rf"{_ITEM}(?:, {_ITEM}{_END})*")
PLACE = re.compile(r"\{(\d+)\}")
WORD = re.compile(r"[A-Za-z]{2,}")
FORMULA = re.compile(r"\$([^$]+)\$")
WIDE = re.compile(r"[\u2e80-\uffef]")  # letters and punctuation of Japanese
SUBSCRIPT, LOWERED = re.compile(r"_(\d)"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SENTENCE = re.compile(r"(?<=[a-z\d)\]}%][.;]) (?=\S)")
MARKS = {";": "；", ".": "。"}
_given: set[str] = set()  # translations: what a figure asks for twice, as its ticks, is no new text


def message_of(text: str) -> tuple[str, list[str]]:
    """Return a text with places for its numbers, "{0} of {1}", and what stands in them."""
    numbers: list[str] = []

    def place(found):
        numbers.append(found[0])
        return f"{{{len(numbers) - 1}}}"

    return NUMBERS.sub(place, text), numbers


def in_words(text: str) -> str:
    """Return a label in the language that is chosen; itself where nobody has translated it."""
    if not WORD.search(text) or text in _given:
        return text
    message, numbers = message_of(text)
    if TOLD in os.environ:
        with open(os.environ[TOLD], "a", encoding="utf-8") as told:
            told.write(json.dumps(message) + "\n")
    said = catalogue(language(), CATALOGUE).gettext(message)
    if said == message:
        return text
    said = PLACE.sub(lambda place: numbers[int(place[1])], said)
    said = "\n".join(FORMULA.sub(_plain, line) if WIDE.search(line) else line
                     for line in said.split("\n"))
    _given.add(said)
    return said


def _plain(formula):
    """A short formula without TeX: matplotlib sets a line with TeX in one font, without kana."""
    text = SUBSCRIPT.sub(lambda index: index[1].translate(LOWERED), formula[1])
    return text.replace("\\", "").replace("-", "−")


def in_sentences(text: str) -> str:
    """Return an alternative text in the language that is chosen, sentence by sentence."""
    joined = ""
    for sentence in SENTENCE.split(text):
        said = in_words(sentence)
        if joined and WIDE.match(joined[-1]) and not WORD.search(sentence):
            # Numbers alone, such as a row of a table, take the marks of the Japanese before them.
            said = said[:-1].replace(": ", "：") + MARKS.get(said[-1], said[-1])
        # Japanese sentences follow each other without a space.
        joined += (" " if joined and joined[-1].isascii() else "") + said
    return joined


def translate_texts(fig: Figure) -> None:
    """Put every text of a figure into the language that is chosen, also at the ticks of its axes.

    Twice does no harm: what is translated stands in no catalogue.
    """
    if type(catalogue(language(), CATALOGUE)) is gettext.NullTranslations and (
            TOLD not in os.environ):
        return  # English
    for text in fig.findobj(Text):
        _put(text)
    for axes in fig.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _translate_ticks(axis)


def _put(text):
    if text.get_gid() == NAME:
        return
    said = in_words(text.get_text())
    if said != text.get_text():
        text.set_text(said)


def _translate_ticks(axis):
    labels = [label.get_text() for label in axis.get_ticklabels()]
    said = [in_words(label) for label in labels]
    if said != labels:
        low, high = axis.get_view_interval()
        axis.set_ticks(axis.get_majorticklocs(), said)
        axis.set_view_interval(low, high, ignore=True)  # the ticks do not widen the axes
