"""Digits that readers draw: prepared as MNIST's images were, in a pad, and on a web page."""
from common.drawing.preprocess import area_average, preprocess

__all__ = ["area_average", "preprocess"]
