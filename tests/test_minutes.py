"""Every chapter fits into its session, by the yardstick of tests/minutes.py."""
import re

import nbformat
import pytest
from minutes import main, minutes_of

from common.tools.notebooks import find_chapters

LONGEST = 60


@pytest.mark.parametrize("path", find_chapters(), ids=lambda path: path.stem)
def test_a_chapter_fits_its_session(path):
    minutes = minutes_of(path).total
    assert minutes <= LONGEST, f"{minutes:.1f} minutes"


@pytest.mark.parametrize("path", find_chapters(), ids=lambda path: path.stem)
def test_the_head_says_the_time_that_the_yardstick_measures(path):
    head = nbformat.read(path, as_version=4).cells[0].source
    told = int(re.search(r"\*\*Time:\*\* (\d+) minutes", head)[1])
    minutes = minutes_of(path).total
    assert -2 <= told - minutes <= 10, f"{told} minutes told, {minutes:.1f} measured"


def test_the_table_has_a_line_for_each_chapter(capsys):
    main([])
    table = capsys.readouterr().out
    assert all(path.stem in table for path in find_chapters())
