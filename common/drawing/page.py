"""`course page`: one HTML file that reads what is drawn on it, with both networks inside."""
import json
from pathlib import Path

import numpy as np

from common.drawing.weights import pack, stored_arrays
from common.errors import CourseError
from common.figures.style import COLORS
from common.ideas import find_ideas
from common.models import load_model
from common.notebook import COURSE
from common.slides.deck import save
from dataset.mnist import load_mnist

HERE = Path(__file__).parent
MODELS = {"mlp": "07_chainer", "cnn": "09_cnn"}
SCRIPTS = ("preprocess.js", "network.js", "sheet.js", "view.js", "page.js")


def build_page(ideas=None, examples=None):
    """Return the page as HTML (str): the same inputs give the same text.

    ideas: what the MLP takes for each digit, 0 and 1 in
    (10, 28, 28) or (10, 784), as find_ideas gives them;
    without them the page leaves their buttons away. examples: ten images of digits in order,
    uint8 (10, 28, 28); by default the first test image of each.
    Raises CourseError for arrays of another kind.
    """
    arrays = {f"{short}/{key}": array for short, name in MODELS.items()
              for key, array in stored_arrays(name).items()}
    arrays["examples"] = _ten(first_of_each() if examples is None else examples, "examples", 255)
    if ideas is not None:
        arrays["ideas"] = _ten(ideas, "ideas", 1) * np.uint8(255)
    parts, text = pack(arrays)
    filled = {"style": palette() + read("drawing.css") + read("page.css"),
              "parts": json.dumps(parts), "arrays": text,
              "script": "\n".join(read(name) for name in SCRIPTS)}
    page = read("page.html")
    for name, content in filled.items():
        page = page.replace(f"/*{name}*/", content)
    return page


def write_page(out=None):
    """Write the page, and print where it is and what to do with it; return its path.

    out: the file; results/read_my_digit.html of the course where it is None. The ideas of the
    MLP are searched for first, which takes some seconds.
    Raises CourseError where the page cannot be written.
    """
    out = COURSE / "results" / "read_my_digit.html" if out is None else Path(out)
    if out.is_dir():
        raise CourseError(f"{out} is a folder; name a file in it, such as {out / 'page.html'}.")
    ideas, _ = find_ideas(load_model(MODELS["mlp"]))
    page = save(build_page(ideas).encode("utf-8"), out)
    print(f"{page}: {page.stat().st_size / 1e6:.2f} MB, with the MLP and the CNN inside.")
    print("Open it in a browser, or send it to a phone and open it there; it asks no network.")
    return page


def first_of_each():
    """Return the first test image of each digit, uint8 (10, 28, 28)."""
    _, (x_test, t_test) = load_mnist(normalize=False, flatten=False)
    return x_test[[int(np.argmax(t_test == digit)) for digit in range(10)], 0]


def palette():
    """Return the colours of the course as variables of a style sheet."""
    return ":root { " + " ".join(f"--{name}: {color};" for name, color in COLORS.items()) + " }\n"


def read(name):
    """Return the text of a file beside this module."""
    return (HERE / name).read_text(encoding="utf-8")


def _ten(images, name, most):
    images = np.asarray(images)
    if images.size != 7840 or len(images) != 10 or images.min() < 0 or images.max() > most:
        raise CourseError(f"build_page: {name} are ten images of 28×28 pixels from 0 to {most}, "
                          f"not an array of shape {images.shape}.")
    return images.reshape(10, 784).astype(np.uint8)
