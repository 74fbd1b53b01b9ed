"""`course page`: one HTML file that reads what is drawn on it, with its networks inside."""
import json
import re
from pathlib import Path

import numpy as np

from common.course import COURSE, CourseError, leave_others, repository, write_file
from common.drawing.style import DARK_SYSTEM, read, script, style
from common.drawing.weights import pack, stored_arrays
from common.ideas import find_ideas
from common.language import words_of_the_page
from common.models import MODELS as REGISTRY
from common.models import load_model
from dataset.mnist import load_mnist

MARK = b'<html lang="en" class="digit">'  # in every page that was written
MODELS = {name: REGISTRY[name].weights for name in ("mlp", "cnn", "autoencoder")}
# The chapters that parts of the page come from, with the words of their links.
CHAPTERS = {
    "03": ("03_output_layer", "how bars come from logits"),
    "04": ("04_mnist", "what MNIST is"),
    "05": ("05_inference_and_batches", "from one layer to the next"),
    "09": ("09_chainer", "the MLP"),
    "10": ("10_convolution", "window, filter and product"),
    "12": ("12_cnn", "the CNN"),
    "16": ("16_pixel_influence", "what a pixel does"),
    "17": ("17_ideas", "ideas, and how they fool a network"),
    "19": ("19_read_my_digit", "how a drawing is prepared"),
    "20": ("20_autoencoder", "the autoencoder"),
}


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
    words = json.dumps({"ja": words_of_the_page("ja")}, ensure_ascii=False)
    filled = {"words": words.replace("<", "\\u003c"),  # so that no </script> can stand in it
              "style": style(DARK_SYSTEM, "drawing.css", "page.css"),
              "parts": json.dumps(parts), "arrays": text, "script": script("page.js")}
    page = re.sub(r"/\*chapters:([0-9,]+)\*/", _links, read("page.html"))
    for name, content in filled.items():
        page = page.replace(f"/*{name}*/", content)
    return page


def write_page(out=None):
    """Write the page, and print where it is and what to do with it; return its path.

    out: the file; results/read_my_digit.html of the course where it is None. The ideas of the
    MLP are searched for first, which takes some seconds.
    Raises CourseError where the page cannot be written, or a file of another kind is there.
    """
    out = COURSE / "results" / "read_my_digit.html" if out is None else Path(out)
    if out.is_dir():
        raise CourseError(f"{out} is a folder; name a file in it, such as {out / 'page.html'}.")
    leave_others(out, MARK)
    print("1 of 3: searching for the MLP's ideas of the ten digits ...", flush=True)
    ideas, _ = find_ideas(load_model(MODELS["mlp"]))
    print("2 of 3: packing the weights of the networks ...", flush=True)
    text = build_page(ideas)
    print("3 of 3: writing the page ...", flush=True)
    page = write_file(out, text)
    print(f"{page}: {page.stat().st_size / 1e6:.2f} MB, with the MLP, the CNN and the "
          "autoencoder inside.")
    print("Open it in a browser, or send it to a phone and open it there; it asks no network.")
    return page


def first_of_each():
    """Return the first test image of each digit, uint8 (10, 28, 28)."""
    _, (x_test, t_test) = load_mnist(normalize=False, flatten=False)
    return x_test[[int(np.argmax(t_test == digit)) for digit in range(10)], 0]


def _links(numbers):
    """Links to chapters on GitHub, for a match of their numbers such as "16,03"."""
    chapters = [(number, *CHAPTERS[number]) for number in numbers[1].split(",")]
    return "".join(
        f'<a href="https://github.com/{repository()}/blob/main/chapters/{name}.ipynb" '
        f'rel="noopener">Chapter {number}: {words}</a>' for number, name, words in chapters)


def _ten(images, name, most):
    images = np.asarray(images)
    if images.size != 7840 or len(images) != 10 or images.min() < 0 or images.max() > most:
        raise CourseError(f"build_page: {name} are ten images of 28×28 pixels from 0 to {most}, "
                          f"not an array of shape {images.shape}.")
    return images.reshape(10, 784).astype(np.uint8)
