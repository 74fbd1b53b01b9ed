"""What makes Chainer 7.8.1 run on today's Python, NumPy and CuPy: the list of all repairs.

Chainer is frozen, so every repair is an exact substitution in one module. It must find its
text an exact number of times; else the build stops and names the repair. The tests named
test_chainer7_*.py hold one test for each repair.
"""

from repair import Repair, RepairFailed, apply
from repairs_cupy import CUPY
from repairs_download import DOWNLOAD
from repairs_numbers import NUMBERS
from repairs_numpy import NUMPY
from repairs_onnx import ONNX
from repairs_python import PYTHON
from repairs_speed import SPEED

__all__ = ["REPAIRS", "Repair", "RepairFailed", "apply"]

REPAIRS = PYTHON + NUMPY + NUMBERS + CUPY + DOWNLOAD + ONNX + SPEED
