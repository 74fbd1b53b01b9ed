"""What is handed in: folders, zips, platforms' names, and files that are no notebooks."""
import gzip
import json
import os
import warnings
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from assignments.answers import MARKER
from assignments.handins import NOTEBOOKS, choose, collect
from assignments.names import bare, names_in
from assignments.submissions import read_submission
from common.course import CourseError

BOOK = writes(new_notebook(cells=[new_markdown_cell("# あいさつ"), new_code_cell("x = 1")]))


def names(place, **options):
    return [each.name for each in collect(place, **options)[0]]


def put(folder, name, content=BOOK, when=None):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    if when:
        os.utime(path, (when, when))
    return path


def zipped(path, files, **info):
    with zipfile.ZipFile(path, "w") as packed:
        for number, (name, content) in enumerate(files.items()):
            member = zipfile.ZipInfo(name, (2026, 11, 1 + number, 0, 0, 0))
            packed.writestr(member, content)
    return path


def taken(hand_in, fits=lambda content: True):
    content, note = choose(hand_in, fits)
    return content, note()


def test_every_file_is_a_hand_in_but_those_of_systems(tmp_path):
    for name in ("b.ipynb", "a.ipynb", ".hidden.ipynb", "__mine.ipynb", "Thumbs.db", "desktop.ini",
                 ".DS_Store", "._a.ipynb", "__MACOSX/a.ipynb", ".ipynb_checkpoints/a.ipynb"):
        put(tmp_path, name)
    hand_ins, junk = collect(tmp_path)
    assert [each.name for each in hand_ins] == [".hidden.ipynb", "__mine.ipynb", "a.ipynb",
                                                "b.ipynb"]
    assert {"Thumbs.db", "desktop.ini", ".DS_Store", "._a.ipynb"} <= set(junk)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_folder_for_each_reader(tmp_path, packed):
    files = {"Yamada Hanako_12345_assignsubmission_file_/03.ipynb": BOOK,
             "Yamada Hanako_12345_assignsubmission_file_/Thumbs.db": "",
             "佐藤/answers.ipynb": BOOK, "佐藤/notes.pdf": "", "kim/essay.pdf": ""}
    if packed:
        place = zipped(tmp_path / "handed in.zip", files)
    else:
        place = tmp_path / "handed in"
        for name, content in files.items():
            put(place, name, content)
    hand_ins = collect(place)[0]
    assert [(each.name, each.lms, each.reader) for each in hand_ins] == [
        ("Yamada Hanako", "moodle", "12345"), ("kim", "", ""), ("佐藤", "", "")]
    assert taken(hand_ins[0]) == (BOOK.encode(), "") == taken(hand_ins[2])
    with pytest.raises(CourseError, match="a folder without a notebook"):
        taken(hand_ins[1])


def test_a_zip_of_a_folder_and_a_zip_in_a_folder(tmp_path):
    place = zipped(tmp_path / "all.zip", {"week 3/a.ipynb": BOOK, "week 3/b.ipynb": BOOK,
                                          "__MACOSX/week 3/._a.ipynb": "x"})
    assert names(place) == ["a.ipynb", "b.ipynb"]
    folder = tmp_path / "in"
    folder.mkdir()
    zipped(folder / "suzuki.zip", {"03.ipynb": BOOK, "__MACOSX/._03.ipynb": "x"})
    zipped(folder / "tanaka.zip", {"notes.txt": "none"})
    inner = (folder / "suzuki.zip").read_bytes()
    zipped(folder / "ueda.zip", {"suzuki.zip": inner, "notes.txt": "none"})
    suzuki, tanaka, ueda = collect(folder)[0]
    assert taken(ueda) == (BOOK.encode(), "")
    assert taken(suzuki) == (BOOK.encode(), "")
    with pytest.raises(CourseError, match="a zip without a notebook"):
        taken(tanaka)


def test_endings_that_mail_and_browsers_change(tmp_path):
    for reader, file in [("abe", "03.ipynb.txt"), ("kato", "03.ipynb のコピー"),
                         ("sato", "03.IPYNB"), ("ueda", "a.ipynb.json")]:
        put(tmp_path, f"{reader}/{file}")
        put(tmp_path, f"{reader}/notes.txt", "none")
    for hand_in in collect(tmp_path)[0]:
        assert taken(hand_in) == (BOOK.encode(), ""), hand_in.name
    put(tmp_path, "print/03.ipynb.pdf", "%PDF-1.7")
    printed = next(each for each in collect(tmp_path)[0] if each.name == "print")
    assert taken(printed)[0] == b"%PDF-1.7"  # which its reader is told to be no notebook
    put(tmp_path, "print/03.ipynb")
    printed = next(each for each in collect(tmp_path)[0] if each.name == "print")
    assert taken(printed) == (BOOK.encode(), "")


def test_a_zip_too_deep_is_said(tmp_path):
    content = zipped(tmp_path / "1.zip", {"03.ipynb": BOOK}).read_bytes()
    content = zipped(tmp_path / "2.zip", {"1.zip": content}).read_bytes()
    zipped(tmp_path / "all.zip", {"sato/mine.zip": content})
    zipped(tmp_path / "3.zip", {"2.zip": content})
    (sato,), _ = collect(tmp_path / "all.zip")
    assert taken(sato) == (BOOK.encode(), "")
    deep = next(each for each in collect(tmp_path)[0] if each.name == "3.zip")
    with pytest.raises(CourseError, match="a zip without a notebook"):
        taken(deep)


def test_a_zip_of_windows_with_its_own_signs_between_folders(tmp_path):
    place = zipped(tmp_path / "all.zip", {
        "week 3\\sato\\": "", "week 3\\sato\\03.ipynb": BOOK, "week 3\\abe\\03.ipynb": BOOK})
    assert names(place) == ["abe", "sato"]


def test_two_files_of_one_name_in_a_zip(tmp_path):
    later = BOOK.replace("x = 1", "x = 2")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for day, content in ((2, later), (1, BOOK)):
            info = zipfile.ZipInfo("sato/03.ipynb", (2026, 11, day, 0, 0, 0))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that the name is there twice
                packed.writestr(info, content)
    (sato,), _ = collect(tmp_path / "all.zip")
    content, note = taken(sato)
    assert content == later.encode() and "2 notebooks were handed in" in note


def test_flat_names_of_moodle_and_canvas(tmp_path):
    for name in ("Yamada Hanako_12345_assignsubmission_file_03_output_layer.ipynb",
                 "Yamada Hanako_12345_assignsubmission_onlinetext.html",
                 "leeanna_6789_4321_03_output_layer.ipynb",
                 "kimjun_LATE_777_4322_03_output_layer-1.ipynb",
                 "03_output_layer.ipynb"):
        put(tmp_path, name)
    hand_ins = collect(tmp_path)[0]
    assert [(each.name, each.lms, each.reader) for each in hand_ins] == [
        ("03_output_layer.ipynb", "", ""), ("Yamada Hanako", "moodle", "12345"),
        ("kimjun", "canvas", "777"), ("leeanna", "canvas", "6789")]
    assert "late" in taken(hand_ins[2])[1]


def test_numbers_of_every_kind_in_names(tmp_path):
    """① and ² are digits to Python, but no numbers; one in a zip may be as long as it likes."""
    for name in ("03①.ipynb", "②.ipynb", "x1².ipynb", "sato_3/answers-10.ipynb"):
        put(tmp_path, name)
    put(tmp_path, "sato_3/answers-9.ipynb", BOOK.replace("x = 1", "x = 9"))
    zipped(tmp_path / "kato.zip", {"1" * 5000 + ".ipynb": BOOK})
    hand_ins = {each.name: each for each in collect(tmp_path)[0]}
    assert len(hand_ins) == 5
    for path in (tmp_path / "sato_3").iterdir():
        os.utime(path, (1, 1))
    assert taken(hand_ins["kato.zip"])[0] == BOOK.encode()
    sato = {each.name: each for each in collect(tmp_path)[0]}["sato_3"]
    assert "x = 1\"" in taken(sato)[0].decode()


def test_of_very_many_files_the_newest_are_looked_into(tmp_path):
    place = zipped(tmp_path / "sato.zip", {f"{number}.ipynb": BOOK for number in range(29)})
    many = {f"{number:03}.zip": place.read_bytes() for number in range(29)}
    (tmp_path / "in").mkdir()
    zipped(tmp_path / "in" / "abe.zip", many)
    (abe,), _ = collect(tmp_path / "in")
    read = []
    assert len(abe.notebooks()) == NOTEBOOKS
    taken(abe, lambda content: read.append(content))
    assert len(read) == NOTEBOOKS


def test_two_readers_of_one_name_are_told_apart(tmp_path):
    for number in (1, 2):
        put(tmp_path, f"Kim Jun_{number}_assignsubmission_file_/a.ipynb")
    assert names(tmp_path) == ["Kim Jun (1)", "Kim Jun (2)"]


def test_the_newest_that_fits_counts(tmp_path):
    old, new, other = (BOOK.replace("x = 1", f"x = {number}") for number in (2, 3, 4))
    put(tmp_path, "sato/a.ipynb", new, when=2_000_000_000)
    put(tmp_path, "sato/b.ipynb", old, when=1_000_000_000)
    put(tmp_path, "sato/c.ipynb", other, when=2_100_000_000)
    (sato,), _ = collect(tmp_path)
    content, note = taken(sato, lambda content: b"x = 4" not in content)
    assert content.decode() == new and "3 notebooks" in note and "a.ipynb" in note
    for number, text in enumerate((old, new)):
        put(tmp_path / "canvas", f"lee_1_{number}_answers{f'-{number}' * number}.ipynb", text,
            when=1_000_000_000)
    (lee,), _ = collect(tmp_path / "canvas")
    assert taken(lee)[0].decode() == new


def test_names_that_would_move_a_cursor_are_written_out(tmp_path):
    if os.name != "posix":
        pytest.skip("Windows has no such names")
    put(tmp_path, "a\x1b[31m\nb.ipynb")
    (name,) = names(tmp_path)
    assert "\x1b" not in name and "\n" not in name


def test_the_folder_of_grades_is_no_hand_in(tmp_path):
    put(tmp_path, "a.ipynb")
    (tmp_path / "grades").mkdir()
    assert names(tmp_path, without=tmp_path / "grades") == ["a.ipynb"]


def test_names_in_a_zip_of_windows(tmp_path):
    place = tmp_path / "a.zip"
    raw = "山田.ipynb".encode("cp932")
    with zipfile.ZipFile(place, "w") as packed:
        packed.writestr(zipfile.ZipInfo("x" * len(raw)), BOOK)
        packed.writestr(zipfile.ZipInfo("other.ipynb"), BOOK)
    place.write_bytes(place.read_bytes().replace(b"x" * len(raw), raw))
    assert "山田.ipynb" in names(place)


def test_what_is_no_zip_is_said(tmp_path):
    put(tmp_path, "a.zip", "hello")
    with pytest.raises(CourseError, match="not a zip"):
        collect(tmp_path / "a.zip")


def test_a_zip_with_a_password_is_said(tmp_path):
    content = bytearray(zipped(tmp_path / "a.zip", {"a.ipynb": BOOK}).read_bytes())
    content[6] |= 1  # as the headers of the file and of the table say it
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    put(tmp_path / "handed in", "sato.zip", bytes(content).decode("latin-1"))
    (tmp_path / "handed in" / "sato.zip").write_bytes(content)
    (sato,), _ = collect(tmp_path / "handed in")
    with pytest.raises(CourseError, match="has a password"):
        taken(sato)


# Files that are no notebooks, or odd ones.

@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32",
                                      "cp932"])
def test_a_notebook_in_any_encoding(tmp_path, encoding):
    content = json.dumps(json.loads(BOOK), ensure_ascii=False).encode(encoding)
    assert [cell.source for cell in read_submission(content)] == ["# あいさつ", "x = 1"]


def test_a_notebook_with_large_outputs():
    book = new_notebook(cells=[new_code_cell("x = 1", outputs=[
        {"output_type": "stream", "name": "stdout", "text": "x" * (25 << 20)}])])
    assert [cell.source for cell in read_submission(json.dumps(book))] == ["x = 1"]


@pytest.mark.parametrize("ends", ["\r\n", "\r"], ids=["Windows", "an old Mac"])
def test_a_notebook_with_other_ends_of_lines(ends):
    """Its file, and what it holds, as some editors and git write it."""
    answer = "# Answer: 03-names\ndef names():\n    return 1\n"
    book = writes(new_notebook(cells=[new_code_cell(answer)]))
    inside = json.dumps(json.loads(book) | {"cells": [
        {"cell_type": "code", "source": answer.replace("\n", ends)}]})
    for content in (book.replace("\n", ends).encode(), inside.encode(),
                    json.dumps(json.loads(inside), indent=1).replace("\n", ends)):
        (cell,) = read_submission(content)
        assert names_in(cell.source).bound == {"names"} and bare(cell.source) == bare(answer)
        assert MARKER.search(cell.source)[1] == "03-names"


def test_cells_without_metadata_and_from_before_2015():
    cells = [{"cell_type": "markdown", "source": ["a", "b"]},
             {"cell_type": "code", "source": "x = 1", "metadata": None}]
    found = read_submission(json.dumps({"cells": cells}))
    assert [cell.source for cell in found] == ["ab", "x = 1"]
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}], "nbformat": 3}
    assert [cell.source for cell in read_submission(json.dumps(old))] == ["x = 1"]


@pytest.mark.parametrize("content, words", [
    ("", "empty"), (" \n", "empty"), (b"\xff\xfe\x00hello", "not a notebook"),
    (BOOK[:len(BOOK) // 2], "not a notebook"), ("[1, 2]", "not a notebook"),
    ("[" * 100_000, "not a notebook"), ("7", "not a notebook"),
    (b"PK\x05\x06" + bytes(18), "a zip that is damaged, or has nothing in it"),
    (b"7z\xbc\xaf\x27\x1c" + bytes(99), "another kind than zip"),
    (gzip.compress(BOOK.encode()), "another kind than zip"),
    (b"\xef\xbb\xbf\n<!DOCTYPE html>", r"a page made of a notebook \(PDF or HTML\)"),
    ("%PDF-1.7 ", "a page made of a notebook"),
    ("[InternetShortcut]\r\nURL=https://example.com", "a link: hand in the notebook itself"),
    ('<?xml version="1.0"?><plist><dict><key>URL</key>', "a link"),
    (BOOK[:9] + "\n<<<<<<< HEAD\n" + BOOK[9:], "Marks of a merge of git"),
    (bytes(999), "nothing but zeros"),
    (json.dumps({"cells": [{"cell_type": "code", "source": "x = 1\n" * 60_000}]}),
     "more than 2000 cells, or 300000 characters of code"),
    (json.dumps({"cells": [{"cell_type": "markdown", "source": ""}] * 2001}), "more than 2000"),
    ('{"cells": [7, null, {"source": 3}]}', "not a notebook"), ('{"cells": 3}', "not a notebook")],
    ids=["nothing", "a blank line", "bytes", "half a book", "a list", "brackets", "a number",
         "an empty zip", "a 7z", "a gz", "a page", "a PDF", "a link of Windows", "a link of a Mac",
         "a merge", "zeros", "much code", "many cells",
         "no cells of ours", "cells of a number"])
def test_what_is_no_notebook_is_said(content, words):
    with pytest.raises(CourseError, match=words):
        read_submission(content)


@pytest.mark.skipif(os.name != "posix", reason="Windows has none of these")
def test_what_is_no_file_is_said(tmp_path):
    os.symlink(tmp_path / "nowhere", tmp_path / "link.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    with open(tmp_path / "huge.ipynb", "wb") as file:
        file.truncate(200 << 20)
    for name, words in [("link", "a link"), ("pipe", "a pipe"), ("huge", "larger than 100 MB")]:
        with pytest.raises(CourseError, match=words):
            read_submission(Path(tmp_path / f"{name}.ipynb"))
