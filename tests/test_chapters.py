"""`course run` and `course badges`, on notebooks made for the purpose."""
import shutil

import nbformat
import pytest

import common.course
from common.course import CourseError
from common.tools import notebooks as chapters


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two chapters in a folder of its own."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://github.com/OWNER/NAME"\n')
    (tmp_path / "README.md").write_text("https://github.com/OWNER/NAME and OWNER/NAME-else\n")
    write(tmp_path / "chapters/01_good.ipynb", "print('accuracy 0.97')\nprint('done')",
          "https://colab.research.google.com/github/OWNER/NAME/blob/main/x")
    write(tmp_path / "chapters/02_bad.ipynb", "1 / 0", "no link")
    monkeypatch.setattr(chapters, "COURSE", tmp_path)
    monkeypatch.setattr(common.course, "COURSE", tmp_path)
    return tmp_path


def write(path, source, prose):
    code = nbformat.v4.new_code_cell(source, metadata={"tags": ["headline"]})
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(prose), code],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, path)


def test_find_chapters_by_number(course):
    assert [path.name for path in chapters.find_chapters(["2", "01"])] == [
        "02_bad.ipynb", "01_good.ipynb"]
    assert len(chapters.find_chapters()) == 2
    with pytest.raises(CourseError, match="no chapter 09; there are 01, 02"):
        chapters.find_chapters(["09"])


def test_run_prints_headlines_and_goes_on_after_a_failure(course, capsys):
    before = {path: path.read_bytes() for path in course.glob("chapters/*")}
    assert chapters.run_chapters(chapters.find_chapters(["02", "01"])) == 1
    out = capsys.readouterr().out
    assert "ZeroDivisionError: division by zero" in out
    assert "    accuracy 0.97\n    done\n" in out
    scratch = out.split("The outputs are in ")[1].strip().rstrip(".")
    ran = nbformat.read(f"{scratch}/01_good.ipynb", as_version=4)
    assert ran.cells[1].outputs[0].text == "accuracy 0.97\ndone\n"
    assert before == {path: path.read_bytes() for path in course.glob("chapters/*")}
    shutil.rmtree(scratch)


def test_a_progress_bar_leaves_nothing_in_the_outputs(course):
    path, _ = chapters.find_chapters()
    write(path, "from common.training import progress_bar\nwith progress_bar(total=1) as bar:\n"
          "    bar.update()\nprint('done')", "no link")
    notebook, problem = chapters.execute(path)
    assert problem is None
    [output] = notebook.cells[1].outputs
    assert output.text == "done\n"


def test_write_keeps_ids_and_leaves_a_failed_chapter_alone(course, monkeypatch):
    monkeypatch.setattr(chapters, "_mnist_kind", lambda: "full")
    good, bad = chapters.find_chapters()
    ids = [cell.id for cell in nbformat.read(good, as_version=4).cells]
    bad_before = bad.read_bytes()
    assert chapters.run_chapters([good, bad], write=True) == 1
    after = nbformat.read(good, as_version=4)
    assert after.cells[1].outputs and [cell.id for cell in after.cells] == ids
    assert after.metadata.language_info == {"name": "python"}
    assert bad.read_bytes() == bad_before
    assert sorted(path.name for path in course.glob("chapters/*")) == [good.name, bad.name]


def test_write_leaves_what_a_reader_saved_meanwhile(course, monkeypatch, capsys):
    monkeypatch.setattr(chapters, "_mnist_kind", lambda: "full")
    good, _ = chapters.find_chapters()

    def execute(path, usual=chapters.execute):
        ran = usual(path)
        write(path, "print('mine')", "mine")
        return ran

    monkeypatch.setattr(chapters, "execute", execute)
    assert chapters.run_chapters([good], write=True) == 1
    assert "was changed while it ran" in capsys.readouterr().out
    assert nbformat.read(good, as_version=4).cells[1].source == "print('mine')"


def test_write_joins_what_was_printed_piece_by_piece(course, monkeypatch):
    monkeypatch.setattr(chapters, "_mnist_kind", lambda: "full")
    write(course / "chapters/03_long.ipynb",
          "import sys, time\nfor i in range(4):\n    print(i, end='\\x1b[J\\n', flush=True)\n"
          "    time.sleep(0.3)", "")
    assert chapters.run_chapters(chapters.find_chapters(["03"]), write=True) == 0
    [output] = nbformat.read(course / "chapters/03_long.ipynb", as_version=4).cells[1].outputs
    assert output.text == "0\n1\n2\n3\n"


def test_write_refuses_the_sample(course):
    with pytest.raises(CourseError, match="full MNIST"):
        chapters.run_chapters(chapters.find_chapters(), write=True)


def test_a_dead_kernel_is_one_sentence(course, capsys):
    write(course / "chapters/03_dead.ipynb", "import os\nos._exit(1)", "")
    assert chapters.run_chapters(chapters.find_chapters(["03"])) == 1
    assert "The kernel died" in capsys.readouterr().out


def test_a_damaged_notebook_is_one_sentence_and_stops_no_other(course, capsys):
    (course / "chapters/00_half.ipynb").write_text('{"cells": [')
    assert chapters.run_chapters(chapters.find_chapters(["00", "01"])) == 1
    out = capsys.readouterr().out
    assert "00_half: failed" in out and "It is damaged; git restore brings it back." in out
    assert "accuracy 0.97" in out


def test_badges_write_one_address_everywhere(course, capsys):
    chapters.write_badges("someone/a-course.v2")
    assert 'Repository = "https://github.com/someone/a-course.v2"' in (
        course / "pyproject.toml").read_text()
    assert (course / "README.md").read_text() == (
        "https://github.com/someone/a-course.v2 and OWNER/NAME-else\n")
    page = (course / "chapters/01_good.ipynb").read_text()
    assert "/github/someone/a-course.v2/blob/main/x" in page and "OWNER" not in page
    assert "README.md: 1 links" in capsys.readouterr().out
    chapters.write_badges("OWNER/NAME")
    assert "github/OWNER/NAME/blob" in (course / "chapters/01_good.ipynb").read_text()


def test_badges_leave_everything_else_in_a_page_as_it_is(course):
    page = course / "chapters" / "99_mine.ipynb"
    page.write_bytes(b"caf\xe9 https://github.com/OWNER/NAME\r\n")
    chapters.write_badges("circle/course")
    assert page.read_bytes() == b"caf\xe9 https://github.com/circle/course\r\n"


@pytest.mark.parametrize("repo", ["nobody", "a/b/c", "https://github.com/a/b", "a b/c"])
def test_badges_refuse_what_is_no_address(course, repo):
    before = (course / "pyproject.toml").read_text()
    with pytest.raises(CourseError, match="OWNER/NAME"):
        chapters.write_badges(repo)
    assert (course / "pyproject.toml").read_text() == before
