"""Figures speak the language of the notebook; their numbers stay."""
import json

import matplotlib.pyplot as plt
import nbformat
import pytest
from babel.messages.catalog import Catalog

from common.course import CourseError
from common.figures import translation
from common.figures.digits import image_grid
from common.figures.kit import draw_curves
from common.figures.style import describe, to_png
from common.figures.translation import in_sentences, in_words, message_of, translate_texts
from common.language import speaking
from common.tools.pictures import note_words, take_pictures, with_pictures

PICTURE = '<img src="data:image/png;base64,AAAA" width="10" height="20" alt="{}">'


@pytest.mark.parametrize("text, message", [
    ("epoch 3", "epoch {0}"),
    ("−1.5 to 2e-05, 12% of z1", "{0} to {1}, {2} of z1"),
    ("1, −2, 0.5; (3,), (2, 3)", "{0}; {1}"),
    ("0 x1 > 0, 3 of 4 right", "{0} x1 > {1}, {2} of {3} right"),
    ("10,000 images of 28×28", "{0} images of {1}×{2}"),
    ("a 3-2-1 network, W1", "a {0}-{1}-{2} network, W1"),
    ("no number", "no number"),
])
def test_a_message_has_a_place_for_each_number_or_list(text, message):
    found, numbers = message_of(text)
    assert found == message
    assert translation.PLACE.sub(lambda place: numbers[int(place[1])], found) == text


@pytest.fixture
def known(monkeypatch):
    """A catalogue of three messages."""
    class Known:
        def gettext(self, message):
            return {"epoch {0} of {1}": "{1}エポック中{0}", "loss": "損失",
                    "A curve.": "曲線。", "as MNIST": "MNISTの通り", "row {0}": "{0}行",
                    "$w_1$ = {0}\ninto $-y$": "$w_1$ = {0}\n$-y$へ"}.get(message, message)
    monkeypatch.setattr(translation, "catalogue", lambda language, kind: Known())


def test_numbers_go_to_their_places(known):
    assert in_words("epoch 3 of 20") == "20エポック中3"
    assert in_words("an epoch") == "an epoch" and in_words("x = 3") == "x = 3"


def test_what_is_japanese_already_is_no_text_to_translate(known, tmp_path, monkeypatch):
    monkeypatch.setenv(translation.TOLD, str(tmp_path / "told"))
    fig, axes = plt.subplots()
    axes.barh(["as MNIST", "other"], [1, 2])
    translate_texts(fig)
    translate_texts(fig)
    told = {json.loads(line) for line in (tmp_path / "told").read_text().splitlines()}
    assert axes.get_yticklabels()[0].get_text() == "MNISTの通り" and told == {"as MNIST", "other"}


def test_a_variables_name_stays_where_it_is_a_word_as_well(known):
    fig, axes = plt.subplots()
    word, name = axes.text(0, 0, "loss"), axes.text(0, 1, "loss", gid=translation.NAME)
    translate_texts(fig)
    assert (word.get_text(), name.get_text()) == ("損失", "loss")


def test_a_line_with_kana_has_no_tex_since_one_font_sets_it(known):
    assert in_words("$w_1$ = 2\ninto $-y$") == "$w_1$ = 2\n−yへ"


def test_sentences_in_japanese_follow_without_a_space(known):
    assert in_sentences("A curve. A curve. Some words. A curve.") == (
        "曲線。曲線。Some words. 曲線。")


def test_rows_of_numbers_take_the_marks_of_the_japanese_before_them(known):
    assert in_sentences("A curve. 2, 3; z: 4, −5. A curve. 6") == "曲線。2, 3；z：4, −5。曲線。6"
    assert in_sentences("Some words 1; 2, 3; 4.") == "Some words 1; 2, 3; 4."


def test_every_text_of_a_figure_is_translated_and_its_axes_keep_their_limits(known):
    fig, axes = plt.subplots()
    axes.barh(["row 1", "other"], [1, 2])
    axes.set(xlabel="loss", title="epoch 1 of 2", ylim=(-0.5, 1.2))
    axes.plot([0, 1], [0, 1], label="loss")
    legend = axes.legend()
    for _twice in range(2):
        translate_texts(fig)
        to_png(fig)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["1行", "other"]
    assert (axes.get_xlabel(), axes.get_title()) == ("損失", "2エポック中1")
    assert legend.get_texts()[0].get_text() == "損失"
    assert axes.get_ylim() == (-0.5, 1.2)


def test_titles_of_a_grid_are_translated_each_by_itself(known):
    fig = image_grid([[[0, 1], [1, 0]]] * 2, ["row 1", "row 2"])
    assert fig.alternative_text.endswith(" Titles: 1行, 2行.")
    assert describe(fig, "{a}", a=["loss", "x\ny"]).alternative_text == "損失, x y"


def test_the_same_figure_is_english_and_japanese():
    def labels():
        fig, axes = plt.subplots()
        draw_curves(axes, [1, 2], {"training": [1, 2]}, "loss")
        translate_texts(describe(fig, "A curve."))
        return axes.get_ylabel(), axes.get_xlabel(), axes.lines[0].get_label()
    with speaking("ja"):
        assert labels()[:2] == ("損失", "エポック")
    assert labels()[:2] == ("loss", "epoch")


def test_what_figures_say_is_noted(monkeypatch, tmp_path):
    monkeypatch.setenv(translation.TOLD, str(tmp_path / "told"))
    in_words("epoch 3 of 20")
    in_words("12.5")  # nothing to translate
    assert (tmp_path / "told").read_text() == json.dumps("epoch {0} of {1}") + "\n"


# A Japanese notebook and its pictures.

def notebook(alt="A digit.", told="0.97\n", tags=("nbval-check-output",)):
    cell = nbformat.v4.new_code_cell(
        "draw()", id="draw", metadata={"tags": list(tags)}, outputs=[
            nbformat.v4.new_output("stream", text=told),
            nbformat.v4.new_output("display_data", {"text/html": PICTURE.format(alt)})])
    other = nbformat.v4.new_code_cell("1", id="other", outputs=[
        nbformat.v4.new_output("stream", text="1\n")])
    return nbformat.v4.new_notebook(cells=[cell, other])


def test_a_japanese_picture_stays_until_the_english_one_changes(tmp_path):
    ran = notebook("数字。")
    take_pictures(notebook(), ran)
    nbformat.write(ran, tmp_path / "built.ipynb")
    again = notebook()
    assert with_pictures(again, tmp_path / "built.ipynb") == []
    assert "数字。" in str(again.cells[0].outputs) and again.metadata["course"]["pictures"]
    changed = notebook("Another digit.")
    assert with_pictures(changed, tmp_path / "built.ipynb") == ["draw"]
    assert "Another" in str(changed.cells[0].outputs) and "course" not in changed.metadata
    assert with_pictures(notebook(), tmp_path / "no.ipynb") == ["draw"]


def test_a_time_is_that_of_the_run_whose_picture_shows_it(tmp_path):
    ran = notebook("数字。")
    ran.cells[1].outputs[0].text = "2\n"
    assert take_pictures(notebook(), ran) == ["other"]
    nbformat.write(ran, tmp_path / "built.ipynb")
    again, changed = notebook(), notebook()
    changed.cells[1].source = "3"
    assert with_pictures(again, tmp_path / "built.ipynb") == []
    assert again.cells[1].outputs[0].text == "2\n"
    assert with_pictures(changed, tmp_path / "built.ipynb") == []
    assert changed.cells[1].outputs[0].text == "1\n"


def test_a_run_with_other_numbers_is_refused():
    with pytest.raises(CourseError, match="draw printed something else than in English:\n0.96"):
        take_pictures(notebook(), notebook(told="0.96\n"))
    another = notebook(told="0.96\n", tags=())  # nobody compares it, so it is only said
    assert take_pictures(notebook(tags=()), another) == ["draw"]
    assert take_pictures(notebook(tags=()), notebook(tags=())) == []


def test_an_error_in_japanese_is_the_same_text_and_is_kept(tmp_path):
    english = notebook(told="Give 28 rows, not 200.\n")
    ran = notebook("数字。", told="200行ではなく、28行を渡してください。\n")
    assert take_pictures(english, ran) == []
    nbformat.write(ran, tmp_path / "built.ipynb")
    again = notebook(told="Give 28 rows, not 200.\n")
    assert with_pictures(again, tmp_path / "built.ipynb") == []
    assert "200行" in str(again.cells[0].outputs)
    for told in ("201行ではなく、28行を渡してください。\n", "Give 28 lines, not 200.\n"):
        with pytest.raises(CourseError, match="something else"):
            take_pictures(english, notebook(told=told))


def test_codes_that_wipe_a_line_are_no_other_numbers():
    as_it_runs = notebook(told="\x1b[J0.97\n")  # as Chainer's PrintReport writes
    assert take_pictures(notebook(), as_it_runs) == []


def test_the_catalogue_of_figures_knows_which_pages_say_what():
    catalogue = Catalog(locale="ja")
    assert note_words(catalogue, "chapters/01_a", {"loss", "epoch"}) == ["epoch", "loss"]
    catalogue["loss"].string = "損失"
    assert note_words(catalogue, "chapters/02_b", {"loss"}) == []
    assert catalogue["loss"].auto_comments == ["chapters/01_a", "chapters/02_b"]
    assert note_words(catalogue, "chapters/01_a", set()) == []
    assert [entry.id for entry in catalogue if entry.id] == ["loss"]
    assert catalogue["loss"].auto_comments == ["chapters/02_b"] and catalogue["loss"].string
