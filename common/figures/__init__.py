"""Every picture that more than one notebook draws, each with its alternative text.

A helper takes arrays, draws, and returns its figure; the last line of a cell shows it.
"""
from common.figures.style import COLORS, describe, use_style

__all__ = ["COLORS", "describe", "use_style"]
