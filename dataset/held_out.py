"""How well an autoencoder tells a digit apart that it never saw: numbers of a long run."""
import json
from pathlib import Path
from typing import Any

import numpy as np

from dataset.files import DataError

FILE = Path(__file__).parent / "trained" / "held-out.json"


def load_held_out(file: str | Path = FILE) -> dict[str, Any]:
    """Load the areas under the ROC curve that `python -m common.tools.held_out` has measured.

    Returns a dict: how it was measured, and in "validation" and "test" the areas by the name of
    the score: (digits, seeds) for what has a seed, (digits,) for the others; in "nine" those of
    the 9 alone. Raises DataError where the file cannot be read.
    """
    try:
        found = json.loads(Path(file).read_text(encoding="utf-8"))
        return found | {kind: {name: np.array(areas) for name, areas in found[kind].items()}
                        for kind in ("validation", "test", "nine")}
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise DataError(f"{file} cannot be used ({error!r}): get it anew, or measure again with "
                        "python -m common.tools.held_out FOLDER.") from None
