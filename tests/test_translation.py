"""The Japanese edition is in step with the English one, and says the same."""
import ast
import json
import re
from pathlib import Path

import nbformat
import pytest
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from assignments.grade import grade_file
from common.course import CourseError
from common.figures.style import STYLE
from common.figures.translation import SENTENCE, WORD, in_sentences, message_of
from common.language import CATALOGUES, _, catalogue, language, speaking, use_language
from common.tools import translate
from common.tools.messages import pieces, translated
from common.tools.notebooks import picture_of
from common.tools.prose import write_prose
from common.tools.wording import NAMES, problems, terms
from common.tools.words import compile_catalogue, compile_words, hints, marked, words, words_of_page

TOP = Path(__file__).parent.parent
PAGES = [page for page in translate.pages() if (TOP / page.catalogue).exists()]
notebooks = pytest.mark.parametrize("page", [page for page in PAGES if page.is_notebook],
                                    ids=lambda page: page.source)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.source)
EDITION = translate.Edition()
TEXTS = ["# 03 The output layer\n\nSome text.\n", "- one\n- two\n  goes on\n1. three\n\n> said\n",
         "| a | b |\n|---|---|\n| left | right |\n\n$$y = x$$\n\n$$\na = b\n$$\nafter\n",
         "<details><summary>Answer</summary>\n\nBecause.\n</details>\n\n```\ncode here\n```\nend",
         "text\n\n    indented code\n\n**Bold** lead.\nSecond line\n", "", "\n\n"]


# What the files hold.

def test_every_page_has_its_japanese():
    assert PAGES == translate.pages()


@every_page
def test_nothing_is_missing_fuzzy_or_no_longer_said(page):
    said = {message for _where, message in translate._said(page, TOP)}
    known = {entry.id: entry for entry in translate.read_catalogue(page) if entry.id}
    assert said == set(known)
    assert [text for text, entry in known.items() if not entry.string or entry.fuzzy] == []


@every_page
def test_the_japanese_page_is_what_source_and_catalogue_give(page):
    assert (TOP / page.built).read_text(encoding="utf-8") == EDITION.build(page)


@every_page
def test_a_translation_keeps_code_numbers_links_and_terms(page):
    told = [f"{message[:50]!r}: {problem}"
            for message, text in EDITION.translations(page).items()
            for problem in problems(message, text)]
    assert told == []


@notebooks
def test_the_japanese_notebook_has_the_same_cells_and_code(page):
    english, japanese = (nbformat.read(TOP / name, as_version=4).cells
                         for name in (page.source, page.built))
    assert [cell.id for cell in english] == [cell.id for cell in japanese]
    assert [cell.metadata for cell in english] == [cell.metadata for cell in japanese]
    differ = [cell for cell, other in zip(english, japanese)
              if cell.cell_type == "code" and cell.source != other.source]
    assert ["common.notebook" in cell.source for cell in differ] == [True]


@notebooks
def test_no_english_full_stop_ends_a_line_of_japanese(page):
    """Such as after an item that is code alone: it is no message, so it keeps its full stop."""
    cells = nbformat.read(TOP / page.built, as_version=4).cells
    lines = [line for cell in cells if cell.cell_type == "markdown"
             for line in cell.source.splitlines()]
    assert [line for line in lines if re.search(r"[`\u3040-\u9fff」）]\.(\s|$)", line)] == []


@every_page
def test_every_link_of_a_japanese_page_leads_somewhere(page):
    place = TOP / page.built
    text = place.read_text(encoding="utf-8")
    if page.is_notebook:
        text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells
                         if cell.cell_type == "markdown")
    for link in translate.LINK.findall(text):
        path, _mark, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = place if not path else place.parent / path
        assert target.exists(), link
        if anchor and target.suffix == ".ipynb":
            headings = [translate.as_anchor(line.lstrip("# ")) for cell in
                        nbformat.read(target, as_version=4).cells if cell.cell_type == "markdown"
                        for line in cell.source.splitlines() if line.startswith("#")]
            assert anchor in headings, link
        other = EDITION.pages.get(target.resolve().relative_to(TOP).as_posix())
        assert other is None or other not in PAGES or link == "README.md", (
            f"{link} leads to English")


def test_the_programs_speak_japanese():
    known = {entry.id: entry for entry in translate.read_catalogue(translate.WORDS) if entry.id}
    said = {message for _where, message in words()}
    assert said == set(known)
    assert [text for text, entry in known.items() if not entry.string or entry.fuzzy] == []
    assert [f"{text!r}: {problem}" for text, entry in known.items()
            for problem in problems(text, entry.string)] == []


# They speak at a terminal, in English; or chapters show their code; or language.py is above them.
AT_A_TERMINAL = {"cli", "fooling", "processes", "parallel", "backend", "page", "course", "language",
                 "held_out", "make_sample"}


def test_every_sentence_that_a_notebook_or_a_page_of_grades_shows_is_marked():
    found = []
    for path in [*TOP.glob("common/*.py"), *TOP.glob("common/drawing/*.py"),
                 *TOP.glob("dataset/*.py"),
                 *(TOP / f"assignments/{name}.py" for name in ("submissions", "kernel", "judge",
                                                               "answers", "explain"))]:
        if path.stem in AT_A_TERMINAL:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                    "CourseError", "DataError", "MirrorError", "NoWayOut", "Unfit"):
                found += [f"{path.name}:{node.lineno}" for each in node.args
                          if isinstance(each, (ast.Constant, ast.JoinedStr))]
    assert found == []


def but_for_babel(path):
    """The bytes of a file, without the version of Babel that a compiled one names."""
    return re.sub(rb"Generated-By: Babel [\d.]+", b"", path.read_bytes())


def test_the_compiled_words_are_those_of_the_catalogue(tmp_path):
    compile_words(translate.read_catalogue(translate.WORDS), "ja", tmp_path)
    made = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert [path.name for path in made] == ["course.mo", "page.json"]
    for path in made:
        assert but_for_babel(path) == but_for_babel(CATALOGUES / path.relative_to(tmp_path))


def test_the_figures_speak_japanese():
    known = [entry for entry in translate.read_catalogue(translate.FIGURES) if entry.id]
    assert [entry.id for entry in known if not entry.string or entry.fuzzy] == []
    assert [f"{entry.id!r}: {problem}" for entry in known
            if entry.string != entry.id  # a name, the same in every language
            for problem in problems(entry.id, entry.string)] == []
    sources = {page.source.removesuffix(".ipynb") for page in PAGES}
    assert {place for entry in known for place in entry.auto_comments} <= sources


def test_the_compiled_words_of_figures_are_those_of_the_catalogue(tmp_path):
    made = tmp_path / "figures.mo"
    compile_catalogue(translate.read_catalogue(translate.FIGURES), made)
    assert but_for_babel(made) == but_for_babel(CATALOGUES / "ja/LC_MESSAGES/figures.mo")


def test_no_glyph_is_missing_for_the_words_of_figures():
    fonts = [FT2Font(findfont(name)).get_charmap() for name in STYLE["font.family"]]
    letters = {letter for entry in translate.read_catalogue(translate.FIGURES) if entry.id
               for letter in entry.string if letter != "\n"}
    assert {letter for letter in letters if not any(ord(letter) in font for font in fonts)} == set()


def pictures(path):
    """The alternative texts of the pictures in a notebook, each with its cell."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            picture = picture_of(output)
            if picture:
                yield cell.id, picture["alt"]


@notebooks
def test_every_alternative_text_has_its_japanese(page):
    known = {entry.id for entry in translate.read_catalogue(translate.FIGURES)}
    told = {message_of(sentence)[0] for _cell, text in pictures(TOP / page.source)
            for sentence in SENTENCE.split(text.split(" Titles: ")[0]) if WORD.search(sentence)
            if not sentence.startswith(("A moving picture: ", "At the end: "))}
    assert told - known == set()


@notebooks
def test_the_pictures_of_a_japanese_notebook_are_japanese_and_up_to_date(page):
    EDITION.build(page)
    assert EDITION.in_english[page.source] == [], "course run NN --write --lang ja"
    assert "does not have a glyph" not in (TOP / page.built).read_text(encoding="utf-8")
    english = [(cell, text) for cell, text in pictures(TOP / page.built)
               if re.search("([A-Za-z]{2,} ){3}", text) or not re.search("[ぁ-ん一-鿿]", text)]
    assert english == []


@notebooks
def test_the_pictures_of_a_japanese_notebook_speak_the_words_of_the_catalogue(page):
    def words_alone(text):  # without titles, which differ in number, and without measured numbers
        return re.sub(r"[-−+]?[\d.,]+", "#", re.split(" ?Titles: |見出し：", text)[0])
    with speaking("ja"):
        differ = [cell for (cell, english), (_cell, japanese) in zip(
            pictures(TOP / page.source), pictures(TOP / page.built), strict=True)
            if words_alone(in_sentences(english)) != words_alone(japanese)]
    assert differ == [], "course run NN --write --lang ja"


# How it is made.

@pytest.mark.parametrize("text", TEXTS)
def test_pieces_are_the_whole_text(text):
    assert "".join(before + message for before, message in pieces(text)) == text
    assert translated(text, lambda message: message) == text


def messages_of(text):
    return [message for _before, message in pieces(text) if message]


def test_a_message_is_a_paragraph_an_item_a_row_or_a_heading():
    assert messages_of(TEXTS[0]) == ["03 The output layer", "Some text."]
    assert messages_of(TEXTS[1]) == ["one", "two\n  goes on", "three", "said"]
    assert messages_of(TEXTS[2]) == ["| left | right |", "after"]
    assert messages_of(TEXTS[3]) == ["Answer", "Because.", "end"]
    assert messages_of(TEXTS[4]) == ["text", "**Bold** lead.\nSecond line"]
    assert messages_of("$x$ and `code`\n\n`code_alone`\n\n12.5 %") == ["$x$ and `code`"]


@pytest.mark.parametrize("message, translation, told", [
    ("the gradient of `W`", "`W`の勾配", ""),
    ("the gradient of `W`", "`W`の傾き", "glossary"),
    ("the `W`", "そのW", "code differ"),
    ("10,000 images", "1万枚の画像", "numbers are lost"),
    ("see [03 X](03_x.ipynb)", "[03 X](03_y.ipynb)を参照", "addresses differ"),
    ("$x$ is here", "ここに$y$", "formulas differ"),
    ("**Loss** here", "**損失**がここに", ""),
    ("**Loss** here", "損失がここに", "bold text"),
    ("**Loss** here", "**損失（loss）**がここに", "not seen as such"),
    ("4.5 million of them", "450万個", ""),
    ("so it is", "そう です", "stray space"),
    ("so it is", "そうです.", "narrow punctuation"),
    ("{n} of {of}", "{of}のうち{n}", ""),
    ("{n} of {of}", "{of}のうち", "places of values"),
    ("{} of {}", "{1}のうち{0}", ""),
])
def test_what_a_translation_must_keep(message, translation, told):
    found = problems(message, translation)
    assert (told in " ".join(found)) if told else found == []


def test_the_longest_term_counts():
    assert [english for english, _japanese in terms("The learning rate of batch normalisation")] \
        == ["batch normalisation", "learning rate"]


def test_a_name_in_code_is_no_term_and_the_rest_is_still_held():
    known = {entry.id: entry.string for entry in translate.read_catalogue(translate.FIGURES)}
    for message in NAMES:
        assert problems(message, known[message]) == []
        assert terms(message + " ") != []
        assert problems(message, known[message] + "{9}") == [
            "the places of values, {}, are not those of the message"]


@pytest.fixture
def small(tmp_path):
    """A course of one chapter and a README, with its catalogues."""
    def write(text, name="00_small"):
        cell = nbformat.v4.new_markdown_cell(text, id="text-00")
        setup = nbformat.v4.new_code_cell("if True:\n    setup()\n    more()", id="setup")
        (tmp_path / "chapters").mkdir(exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell, setup]),
                       tmp_path / f"chapters/{name}.ipynb")
        return next(page for page in translate.pages(tmp_path) if name in page.source)
    return write


def say(page, course, **known):
    found = translate.update(page, course)
    for message, text in known.items():
        found[message.replace("_", " ")].string = text
    translate.write_catalogue(page, found, course)


def test_a_page_is_built_and_what_is_not_translated_stays(small, tmp_path):
    page = small("# A heading\n\nSome words, at [there](../README.md).")
    say(page, tmp_path, A_heading="見出し")
    made = nbformat.reads(translate.Edition(tmp_path).build(page), as_version=4)
    assert made.cells[0].source == "# 見出し\n\nSome words, at [there](../../README.md)."
    assert 'setup(language="ja")' in made.cells[1].source
    assert made.metadata.course.language == "ja"


def test_what_changes_a_little_is_fuzzy_and_what_goes_is_gone(small, tmp_path):
    page = small("A sentence about the weights of a network.\n\nAnother one.")
    say(page, tmp_path, **{"A sentence about the weights of a network.": "重みの文。",
                           "Another one.": "もう1つ。"})
    page = small("A sentence about the weights of the network.")
    found = translate.update(page, tmp_path)
    assert [(entry.string, entry.fuzzy) for entry in found if entry.id] == [("重みの文。", True)]
    assert translate.left(found) == ([], ["A sentence about the weights of the network."])
    assert "重みの文" not in translate.Edition(tmp_path).build(page)  # until somebody has looked


def test_what_a_fuzzy_translation_was_of_stands_beside_it_until_it_is_settled(small, tmp_path):
    old = "A long sentence about the weights of a network, " + "and about it " * 9 + '"\\n" and it.'
    page = small(old)
    say(page, tmp_path, **{old: "重みの文。"})
    page = small(old.replace("a network", "the network"))
    known = translate.update(page, tmp_path)
    lines = (tmp_path / page.catalogue).read_text(encoding="utf-8")
    assert "#| msgid" in lines
    known = translate.read_catalogue(page, tmp_path)
    translate.write_catalogue(page, known, tmp_path)  # once more
    assert (tmp_path / page.catalogue).read_text(encoding="utf-8") == lines
    entry, = (entry for entry in known if entry.id)
    assert list(entry.previous_id) == [old]
    entry.flags.discard("fuzzy")
    translate.write_catalogue(page, known, tmp_path)
    known = translate.read_catalogue(page, tmp_path)
    translate.write_catalogue(page, known, tmp_path)
    assert "|" not in (tmp_path / page.catalogue).read_text(encoding="utf-8")


def test_an_update_without_a_change_leaves_the_file(small, tmp_path):
    page = small("Some words.")
    translate.update(page, tmp_path)
    before = (tmp_path / page.catalogue).read_bytes()
    translate.update(page, tmp_path)
    assert (tmp_path / page.catalogue).read_bytes() == before


def test_a_link_finds_the_japanese_heading(small, tmp_path):
    first = small("## The cure\n\nWords.", "00_first")
    second = small("See [it](00_first.ipynb#The-cure), [Colab](https://colab.research.google.com/"
                   "github/OWNER/NAME/blob/main/chapters/00_first.ipynb).", "01_second")
    say(first, tmp_path, The_cure="治し 方")
    made = translate.Edition(tmp_path).build(second)
    assert "[it](00_first.ipynb#治し-方)" in made
    assert "blob/main/chapters/ja/00_first.ipynb" in made


def test_a_notebook_that_is_named_is_the_japanese_one(small, tmp_path):
    page = small("Fill in `chapters/00_small.ipynb`, then chapters/01_other.ipynb.")
    translate.update(page, tmp_path)
    made = translate.Edition(tmp_path).build(page)
    assert "Fill in `chapters/ja/00_small.ipynb`, then chapters/01_other.ipynb." in made


def test_a_damaged_catalogue_is_told_in_a_sentence(small, tmp_path):
    page = small("Some words.")
    translate.update(page, tmp_path)
    (tmp_path / page.catalogue).write_text("these are\nno messages")
    with pytest.raises(CourseError, match="00_small.po is no catalogue"):
        translate.read_catalogue(page, tmp_path)


def test_what_programs_say_is_found():
    found = marked('x = f"{_(\'in it\')} {y}"\n_("plain" " text")\n_(name)\n"not marked"')
    assert sorted(found) == ["in it", "plain text"]
    checks = 'show("a", x, {"Too large.": lambda y: y > 1, "other": 3})'
    assert list(hints(checks)) == ["Too large."]
    assert words_of_page("<p>Some words <b>+</b></p><script>let words</script>") == ["Some words"]


def test_the_language_is_chosen_for_all_or_for_a_while():
    assert language() == "en" and _("Total") == "Total"
    with speaking("ja"):
        assert language() == "ja" and _("Total") == catalogue("ja").gettext("Total") != "Total"
    try:
        use_language("ja")
        assert _("Total") != "Total" and _("unknown words") == "unknown words"
        with speaking("en"):
            assert _("Total") == "Total"
    finally:
        use_language("en")
    with pytest.raises(CourseError, match="en and ja, not fr"):
        use_language("fr")
    assert language() == "en"


def test_page_and_pad_have_their_words():
    from common.drawing.page import build_page
    page = build_page(examples=[[0] * 784] * 10)
    found = json.loads(re.search(r'id="words">(.*?)</script>', page, re.DOTALL)[1])
    assert found["ja"]["Draw a digit."] == catalogue("ja").gettext("Draw a digit.")


def test_a_japanese_submission_is_graded_by_the_same_master_and_answered_in_japanese(capsys,
                                                                                    tmp_path):
    page = next(page for page in translate.pages() if page.source == "assignments/03_output_layer"
                ".ipynb")
    filled = nbformat.reads(EDITION.build(page), as_version=4)
    for cell in filled.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "03-softmax-row":
            cell.source = ("# Answer: 03-softmax-row\ndef softmax_row(a):\n"
                           "    return np.exp(a) / np.exp(a).sum()")
    nbformat.write(filled, tmp_path / "answers.ipynb")
    assert grade_file(tmp_path / "answers.ipynb", seconds=60) == 0
    told = capsys.readouterr().out
    hint = "nan: exp overflowed. What did you subtract from the logits first?"
    assert catalogue("ja").gettext(hint) in told and hint not in told
    assert catalogue("ja").gettext("No answer.") in told
    assert language() == "en"
    with speaking("ja"):
        assert f"{_('Total')}" in told


def test_the_prose_for_textlint_is_without_code_and_formulas(tmp_path):
    written = write_prose(tmp_path)
    assert len(written) == len(PAGES) == len(set(written))
    text = (tmp_path / "chapters-03_output_layer.md").read_text(encoding="utf-8")
    assert text.startswith("# 03 ") and "ソフトマックス" in text
    assert "$" not in text and "show_source" not in text and "ipynb" not in text
