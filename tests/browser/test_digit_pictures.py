"""Picture files on the page: the same ink as in Python, and the same answers as in the notebook."""
import base64

import numpy as np
import pytest
from pictures import all_pictures, photograph
from PIL import Image
from test_digit_page import file, shown  # noqa: F401

from common.drawing.pad import DigitPad
from common.models import load_model

pytestmark = pytest.mark.browser

LOAD = """async ([name, text]) => {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  await sheet.loadFile(new File([bytes], name));
  return {ink: Array.from(sheet.ink.bytes()), note: document.querySelector(".note").textContent,
          answers: last.empty ? null : [last.raw.answers, last.prepared.answers]};
}"""


def loaded(tab, path):
    """Load a picture as a reader's choice of a file does; return what the page made of it."""
    return tab.evaluate(LOAD, [path.name, base64.b64encode(path.read_bytes()).decode()])


def test_page_and_notebook_read_the_same_in_every_picture(browser, file, tmp_path):  # noqa: F811
    pad = DigitPad(load_model("mlp"), load_model("cnn"))
    pictures = all_pictures(tmp_path)
    with shown(browser, file) as tab:
        found = {path: loaded(tab, path) for path in pictures}
    for path, digit in pictures.items():
        pad.load(path)
        theirs = found[path]
        difference = np.abs(np.reshape(theirs["ink"], (280, 280)) - pad.image.astype(int))
        assert difference.mean() < 1, path.name
        if digit is None:
            assert theirs["answers"] is None and pad.reading.answers == {}, path.name
            assert "No ink" in theirs["note"]
            continue
        for name, ours in pad.reading.answers.items():
            page = np.array([list(way[name]) for way in theirs["answers"]])
            assert page[1].argmax() == ours[1].argmax() == digit, path.name
            assert page[0].argmax() == ours[0].argmax(), path.name
            np.testing.assert_allclose(page[1], ours[1], atol=0.02, err_msg=path.name)


def test_the_12_megapixels_of_a_phone_are_read(browser, file, tmp_path):  # noqa: F811
    """How long it takes says tests/benchmarks/photo.py."""
    path = tmp_path / "phone.jpg"
    photograph(5, shadow=0.6, soft=20).resize((4000, 3000), Image.Resampling.NEAREST).save(path)
    with shown(browser, file) as tab:
        prepared = loaded(tab, path)["answers"][1]
    assert [np.argmax(list(answer)) for answer in prepared.values()] == [5, 5]
