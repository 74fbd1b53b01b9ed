"""What a translation must keep of its message, and how Japanese is set."""
import csv
import re
from collections import Counter
from functools import cache

from common.course import COURSE
from common.tools.messages import CODE, FORMULA, LINK, TAG

BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
PLACE = re.compile(r"\{\w*\}")  # of a value, in what a program says
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Kana and kanji, with the long vowel; punctuation of full width is not among them.
JAPANESE = "ぁ-ゖァ-ヺー一-鿿々"
MESSAGE_IN_ENGLISH = re.compile(rf"[^{JAPANESE}]*")
STRAY = re.compile(rf"[{JAPANESE}、。「」][ \u3000]+(?=[{JAPANESE}A-Za-z0-9、。「」`$])"
                   rf"|[A-Za-z0-9`$%)] +(?=[{JAPANESE}、。「」])")
NARROW = re.compile(rf"[{JAPANESE}][,.;:!?](?=[\s{JAPANESE}]|$)")
MILLIONS = re.compile(r"\d+(?:\.\d+)? million")  # in Japanese they are counted by 万
TITLE = re.compile(r"((?:^|\[|第)\d\d) ")  # of a chapter: its number, a space, its name
WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ，．％]")
BANNED = {"あなた": "The reader is not addressed so in Japanese.",
          "！": "No exclamation marks.",
          "誤り": "A mistake, or an error in what is read, is 間違い everywhere."}
# Messages in which a word of the glossary is a name in code, which stays as it is.
NAMES = {"Layers in a row: Affine, Sigmoid, Affine, SoftmaxWithLoss.",
         "y {0}, {1} into MeanSquaredError gives loss = {2}."}


def problems(message: str, translation: str) -> list[str]:
    """Return in sentences what a translation lost of its message, or how it is badly set.

    Code, formulas, addresses and tags must be the same; each number must come again, and bold
    text as often as before. A Japanese term of the glossary must stand where its English does.
    """
    found = []
    for name, pattern in [("code", CODE), ("formulas", FORMULA), ("addresses", LINK),
                          ("tags", TAG)]:
        old, new = (Counter(match[0] for match in pattern.finditer(text))
                    for text in (message, translation))
        if old != new:
            lost, added = list((old - new).elements()), list((new - old).elements())
            found.append(f"{name} differ: lost {lost}, added {added}")
        message, translation = pattern.sub("\0", message), pattern.sub("\0", translation)
    if _places(message) != _places(translation):
        found.append("the places of values, {}, are not those of the message")
    message = MILLIONS.sub("", message)
    lost = list((_numbers(message) - _numbers(translation)).elements())
    if lost:
        found.append(f"numbers are lost: {lost}")
    if len(BOLD.findall(message)) != len(BOLD.findall(translation)):
        found.append("bold text is not as often as before")
    found += _badly_set(translation)
    lacking = [english for english, japanese in terms(message) if not any(
        word in translation for word in japanese)]
    if lacking:
        found.append(f"the glossary's word is missing for {', '.join(lacking)}")
    return found


def _places(text):
    """Names of values, or how many there are where they have none; "{1}" is the second of them."""
    places = PLACE.findall(text)
    named = sorted(place for place in places if not place[1:-1].isdigit())
    return len(places) if len(named) < len(places) or set(named) == {"{}"} else named


def _numbers(text):
    text = PLACE.sub("", text)
    return Counter(number.replace(",", "") for number in NUMBER.findall(text))


def _badly_set(text):
    found = [f"{sentence} ({word})" for word, sentence in BANNED.items() if word in text]
    text = TITLE.sub(r"\1", text.replace("\0", "`"))
    for name, pattern in [("stray space", STRAY), ("narrow punctuation", NARROW),
                          ("letters or numbers of full width", WIDE)]:
        for match in pattern.finditer(re.sub(r"(?m)^\s*\|?|\s*\|\s*|\n\s*", "\n", text)):
            found.append(f"{name}: {match.string[max(match.start() - 6, 0):match.end() + 6]!r}")
    for match in BOLD.finditer(text):
        inner, before, after = match[1], text[:match.start()][-1:], text[match.end():][:1]
        # CommonMark: beside a letter, ** does not open before punctuation or close after it.
        if _joins(after) and _is_mark(inner[-1]) or _joins(before) and _is_mark(inner[0]):
            found.append(f"bold is not seen as such beside a bracket or a mark: {match[0]!r}")
    return found


def _joins(letter):
    return bool(letter) and not letter.isspace() and not _is_mark(letter)


def _is_mark(letter):
    return not letter.isalnum() and not letter.isspace()


@cache
def glossary() -> dict[str, list[str]]:
    """Return the terms of the course: English, in small letters, and the Japanese words for it."""
    with open(COURSE / "common/glossary.csv", encoding="utf-8", newline="") as file:
        return {row["english"]: row["japanese"].split("/") for row in csv.DictReader(file)}


def terms(message: str) -> list[tuple[str, list[str]]]:
    """Return the glossary's terms in an English message, the longest where several overlap.

    None in a message in which they are names in code.
    """
    if message in NAMES:
        return []
    text, found = message.lower(), []
    for english in sorted(glossary(), key=len, reverse=True):
        pattern = re.compile(rf"\b{re.escape(english)}(?:s|es)?\b")
        text, count = pattern.subn("\0", text)
        if count:
            found.append((english, glossary()[english]))
    return found
