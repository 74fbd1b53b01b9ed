"""Built pages that somebody changed by hand: nothing of theirs is lost."""
import subprocess
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from common.tools import japanese
from common.tools.kept import build
from common.tools.pictures import with_pictures


def notebook(*texts, outputs=()):
    return nbformat.writes(new_notebook(cells=[
        *(new_markdown_cell(text, id=f"text-{k}") for k, text in enumerate(texts)),
        new_code_cell("1", id="code", outputs=list(outputs))]))


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "slides" / "ja" / "03_small.ipynb"
    assert build(path, notebook("one"), tmp_path)
    return path


def kept(course):
    return [path.read_text(encoding="utf-8")
            for path in sorted(course.glob("results/changed_by_hand/**/*.ipynb"))]


def test_what_the_course_built_itself_is_built_anew(page, tmp_path, capsys):
    assert not build(page, notebook("one"), tmp_path)
    ran = notebook("one", outputs=[new_output("stream", text="of a run by hand")])
    page.write_text(ran, encoding="utf-8")
    assert build(page, notebook("two"), tmp_path)
    assert kept(tmp_path) == [] and capsys.readouterr().out == ""
    assert page.read_text(encoding="utf-8") == notebook("two")


@pytest.mark.parametrize("change", ["a cell", "words", "a damaged file", "other letters"])
def test_what_was_changed_by_hand_is_kept_and_said(page, tmp_path, capsys, change):
    mine = {"a cell": notebook("one", "mine"), "words": notebook("my one"),
            "a damaged file": notebook("one")[:50],
            "other letters": "\udcff mine"}[change].encode("utf-8", "surrogateescape")
    page.write_bytes(mine)
    build(page, notebook("two"), tmp_path)
    [path] = tmp_path.glob("results/changed_by_hand/slides/ja/03_small.*.ipynb")
    assert path.read_bytes() == mine
    assert (f"slides/ja/03_small.ipynb was changed by hand; as it was it is in "
            f"{path.relative_to(tmp_path).as_posix()}.") in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == notebook("two")


def test_every_change_is_kept(page, tmp_path):
    for text in ("first", "second"):
        page.write_text(notebook(text), encoding="utf-8")
        build(page, notebook("one"), tmp_path)
    assert sorted(kept(tmp_path)) == [notebook("first"), notebook("second")]


def test_what_git_has_is_not_kept_twice(page, tmp_path):
    page.write_text(notebook("of another clone"), encoding="utf-8")
    for command in (["init", "-q"], ["add", "slides"], ["-c", "user.name=a", "-c", "user.email=b",
                                                        "commit", "-qm", "all"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    build(page, notebook("two"), tmp_path)
    assert kept(tmp_path) == []


def test_a_damaged_page_has_no_pictures_to_keep(tmp_path):
    (tmp_path / "built.ipynb").write_text("<<<<<<< HEAD", encoding="utf-8")
    assert with_pictures(nbformat.reads(notebook("one"), as_version=4),
                         tmp_path / "built.ipynb") == []


def test_a_run_in_japanese_keeps_the_cells_of_a_presenter(page, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(japanese, "COURSE", tmp_path)
    monkeypatch.setattr(japanese, "source_of", lambda path: tmp_path / "slides/03_small.ipynb")
    monkeypatch.setattr(japanese, "Edition", lambda: SimpleNamespace(
        pages={"slides/03_small.ipynb": "a page"}, build=lambda page: notebook("one")))
    page.write_text(notebook("one", "mine"), encoding="utf-8")
    ran = nbformat.reads(notebook("one", "mine", outputs=[new_output("stream", text="1\n")]),
                         as_version=4)
    japanese._keep(ran, page, tmp_path / "told")
    after = nbformat.read(page, as_version=4)
    assert [cell.source for cell in after.cells] == ["one", "mine", "1"]
    assert after.cells[2].outputs[0].text == "1\n"
    assert "they stay, with their new outputs" in capsys.readouterr().out
