"""What a repair is, and how it is applied."""

from collections.abc import Sequence
from typing import NamedTuple


class Repair(NamedTuple):
    """Write `put` wherever `module` says `find`, because of `reason`."""

    module: str
    reason: str
    find: str
    put: str
    times: int = 1
    to_end: bool = False  # also drop everything that follows `find`


class RepairFailed(Exception):
    """A repair did not find its text as often as it must."""


def apply(repairs: Sequence[Repair], module: str, text: str) -> str:
    """Return `text`, the source of `module`, with the repairs for that module applied."""
    for number, repair in enumerate(repairs, 1):
        if repair.module != module:
            continue
        found = text.count(repair.find)
        if found != repair.times:
            raise RepairFailed(
                f"repair {number} of {module} ({repair.reason}) must find its text "
                f"{repair.times} time(s), and found it {found} time(s)"
            )
        if repair.to_end:
            text = text[: text.index(repair.find)] + repair.put
        else:
            text = text.replace(repair.find, repair.put)
    return text
