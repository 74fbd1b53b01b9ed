"""Keeps what an answer prints within bounds. It runs in the kernel, before any answer."""
import sys
from collections.abc import Callable
from typing import Any

MOST = 100_000  # characters of a cell; more would only be thrown away


def limit_prints(shell: Any) -> None:
    """Let each cell print so much, and drop the rest: to print a lot is no mistake.

    The streams are wrapped anew for each cell, since IPython puts its own `write` back after one.
    """
    usual: list[tuple[Any, Any]] = []

    def start(*_):
        for stream in (sys.stdout, sys.stderr):
            usual.append((stream, stream.write))
            stream.write = limited(stream.write)  # type: ignore[method-assign]

    def stop(*_):
        while usual:
            stream, write = usual.pop()
            stream.write = write

    shell.events.register("pre_run_cell", start)
    shell.events.register("post_run_cell", stop)


def limited(write: Callable[[str], object]) -> Callable[[str], int]:
    """Return a `write` that passes on the first MOST characters."""
    left = MOST

    def write_some(text):
        nonlocal left
        room, left = left, left - len(text)
        if room > 0:
            write(text[:room])
        return len(text)
    return write_some
