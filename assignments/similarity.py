"""Who handed in nearly the same answers: a hint to look, and no more.

Names, comments, layout and numbers count for nothing, so that renamed copies are found. What many
share is left out: it is what the exercise leads to.
"""
import io
import keyword
import tokenize
from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations

from assignments.results import Result

LEAST_WORDS, LEAST_SAME, COMMON = 30, 0.9, 1 / 3


def shape(source: str) -> tuple[str, ...]:
    """Return the words of code, with each name replaced by the order in which it came first."""
    words: list[str] = []
    order: dict[str, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                words.append(order.setdefault(token.string, f"v{len(order)}"))
            elif token.type in (tokenize.NAME, tokenize.OP):
                words.append(token.string)
            elif token.type == tokenize.NUMBER:
                words.append("0")
    except (tokenize.TokenError, SyntaxError):
        return ()
    return tuple(words)


def similar_pairs(results: list[Result]) -> list[tuple[str, str, str, float, int]]:
    """Return (exercise, name, name, how much is the same from 0 to 1, words of the shorter)."""
    pairs = []
    for number in range(max((len(result.exercises) for result in results), default=0)):
        answers = [(result.name, result.exercises[number].exercise,
                    shape(result.exercises[number].code))
                   for result in results if number < len(result.exercises)]
        answers = [answer for answer in answers if len(answer[2]) >= LEAST_WORDS]
        shared = Counter(words for *_, words in answers)
        answers = [answer for answer in answers
                   if shared[answer[2]] <= max(2, COMMON * len(results))]
        for (first, title, one), (second, _, two) in combinations(answers, 2):
            matcher = SequenceMatcher(None, one, two, autojunk=False)
            if one == two or (matcher.real_quick_ratio() >= LEAST_SAME
                              and matcher.quick_ratio() >= LEAST_SAME):
                same = matcher.ratio()
                if same >= LEAST_SAME:
                    pairs.append((title, first, second, round(same, 2), min(len(one), len(two))))
    return sorted(pairs, key=lambda pair: (pair[0], -pair[3], pair[1:3]))
