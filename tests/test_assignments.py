"""Every assignment is made from its solution, and its points are given where they are deserved."""
import ast
import json
import re
from functools import cache
from itertools import zip_longest
from pathlib import Path

import nbformat
import pytest

from assignments.grade import grade_submission, judge_in_turn
from assignments.masters import (
    ASSIGNMENTS,
    HIDDEN,
    cut_solution,
    find_masters,
    read_master,
    release,
)
from common.course import ADDRESS, CourseError
from common.tools.notebooks import leave_answers

TOP = Path(__file__).parent.parent
MASTERS = find_masters()
ADDRESS_NOW = ADDRESS.search((TOP / "pyproject.toml").read_text(encoding="utf-8")).group(1)

every_assignment = pytest.mark.parametrize("stem", MASTERS)


def wrong_answers(stem):
    """{exercise: [(what is wrong, source)]} of the collection in solutions/wrong/."""
    wrong = {}
    path = ASSIGNMENTS / "solutions" / "wrong" / f"{stem}.py"
    for part in re.split(r"^# %% ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, source = part.partition("\n")
        name, _, what = head.partition(" | ")
        wrong.setdefault(name, []).append((what, source))
    return wrong


def solutions(stem):
    return {name: exercise.solution for name, exercise in read_master(MASTERS[stem])[1].items()}


def wrong_rounds(stem):
    """{exercise: (what is wrong, source)}: the first wrong answers, the second, ..."""
    wrong = wrong_answers(stem)
    for chosen in zip_longest(*wrong.values()):
        yield {name: answer for name, answer in zip(wrong, chosen) if answer}


@cache
def verdicts(stem):
    """What of each round fails, {round: {exercise: reason}}, all judged in one kernel: the
    solution, the stubs, what replays the visible checks, and the wrong answers."""
    rounds = {"solution": solutions(stem), "stubs": stubs(stem), "replay": replay(stem)}
    for number, wrong in enumerate(wrong_rounds(stem)):
        rounds[number] = solutions(stem) | {name: source for name, (_, source) in wrong.items()}
    return dict(zip(rounds, judge_in_turn(stem, list(rounds.values()))))


def stubs(stem):
    return {name: cut_solution(source) + "\nchanged = True"
            for name, source in solutions(stem).items()}


def replay(stem):
    """The best that printing can do: `show` replaced, and every answer a dummy."""
    _, exercises = read_master(MASTERS[stem])
    answers = {}
    for name, exercise in exercises.items():
        texts = [output.data["text/plain"] for check in exercise.checks if not check.hidden
                 for output in check.outputs]
        body = ast.parse(exercise.solution).body
        names = [node.name for node in body if hasattr(node, "name")]
        names += [target.id for node in body if isinstance(node, ast.Assign)
                  for target in node.targets if isinstance(target, ast.Name)]
        answers[name] = "\n".join([
            "import itertools, unittest.mock", "from IPython.display import display",
            f"texts = itertools.cycle({texts!r})",
            *[f"{name} = unittest.mock.MagicMock()" for name in names],
            "def show(*_, **__):",
            "    display({'text/plain': next(texts)}, raw=True, metadata={'check': True})"])
    return answers


def test_every_chapter_that_has_an_assignment_has_it_committed():
    assert len(MASTERS) >= 13
    chapters = {path.stem for path in (TOP / "chapters").glob("*.ipynb")}
    assert set(MASTERS) <= chapters


@every_assignment
def test_what_is_committed_is_what_release_makes(stem):
    leave_answers(ASSIGNMENTS / f"{stem}.ipynb", release(MASTERS[stem]))  # nobody's work
    committed = (ASSIGNMENTS / f"{stem}.ipynb").read_text(encoding="utf-8")
    assert committed == release(MASTERS[stem]), "run course release"


def test_a_check_that_prints_is_named(tmp_path):
    notebook = nbformat.read(MASTERS["03_output_layer"], as_version=4)
    check = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade"))
    check.outputs.append(nbformat.v4.new_output("stream", text="hello"))
    nbformat.write(notebook, tmp_path / "03.ipynb")
    with pytest.raises(CourseError, match=f"03.ipynb: the check {check.id} prints"):
        release(tmp_path / "03.ipynb")


@pytest.mark.parametrize("readme", ["README.md", "assignments/README.md"])
def test_the_readme_says_how_many_exercises_an_assignment_has(readme):
    counts = [len(read_master(path)[1]) for path in MASTERS.values()]
    words = dict(enumerate("no one two three four five six seven eight nine ten".split()))
    said = f"{words[min(counts)]} to {words[max(counts)]} exercises"
    assert said in (TOP / readme).read_text(encoding="utf-8")


def test_no_assignment_without_its_master():
    assert {path.stem for path in ASSIGNMENTS.glob("*.ipynb")} == set(MASTERS)


@every_assignment
def test_a_blank_assignment_scores_nothing(stem):
    result = grade_submission("blank", ASSIGNMENTS / f"{stem}.ipynb")
    assert result.assignment == stem
    assert (result.status, result.points) == ("graded", 0) and result.of > 0
    assert {row.why for row in result.exercises} == {"No answer."}


@every_assignment
def test_the_stubs_alone_score_nothing(stem):
    failed = verdicts(stem)["stubs"]
    assert set(failed) == set(solutions(stem))
    assert all("NotImplementedError" in why for why in failed.values())


@every_assignment
def test_the_solution_scores_full_marks(stem):
    assert not verdicts(stem)["solution"]


def test_a_solution_graded_as_a_submission_scores_full_marks():
    result = grade_submission("solution", MASTERS["03_output_layer"])
    assert not [row.why for row in result.exercises if row.why]
    assert result.points == result.of == 13


@pytest.mark.parametrize("stem, number", [
    (stem, number) for stem in MASTERS for number, _ in enumerate(wrong_rounds(stem))])
def test_wrong_answers_lose_exactly_their_points(stem, number):
    wrong = list(wrong_rounds(stem))[number]
    failed = verdicts(stem)[number]
    assert set(failed) == set(wrong), [wrong[name][0] for name in set(wrong) - set(failed)]


@every_assignment
def test_the_collection_has_two_wrong_answers_for_each_exercise(stem):
    _, exercises = read_master(MASTERS[stem])
    wrong = wrong_answers(stem)
    assert set(wrong) == set(exercises)
    assert all(len(answers) >= 2 for answers in wrong.values())


@every_assignment
def test_showing_again_what_the_visible_checks_show_earns_nothing(stem):
    failed = verdicts(stem)["replay"]
    assert set(failed) == set(solutions(stem))
    # Proof that the trick works on the visible checks, so it is the hidden ones that notice it.
    assert any("With other inputs" in why for why in failed.values())


@every_assignment
@pytest.mark.parametrize("folder", [ASSIGNMENTS, ASSIGNMENTS / "solutions"], ids=["blank", "full"])
def test_format(stem, folder):
    path = folder / f"{stem}.ipynb"
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    nbformat.validate(raw)
    assert raw["metadata"]["language_info"] == {"name": "python"}
    assert path.stat().st_size <= 1_000_000
    assert not re.search(r"/(root|home|work|Users)/", path.read_text(encoding="utf-8"))
    notebook = nbformat.read(path, as_version=4)
    chapter = nbformat.read(TOP / "chapters" / "01_perceptron.ipynb", as_version=4)
    setup = chapter.cells[1].source.replace("import play, setup, show_source", "import setup")
    assert notebook.cells[1].source == setup
    assert notebook.cells[-1].source.endswith(f'grade("{stem[:2]}")')
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error" and output.get("name") != "stderr"


@every_assignment
def test_head_says_what_is_in_it(stem):
    notebook, exercises = read_master(MASTERS[stem])
    head = notebook.cells[0].source
    link = f"https://colab.research.google.com/github/{ADDRESS_NOW}/blob/main/assignments/{stem}.ipynb"
    assert head.startswith(f"# Assignment {stem[:2]}: ") and f"[Open in Colab]({link})" in head
    assert "Aims" in head and f"chapters/{stem}.ipynb" in head
    assert "Cells that you add count as well" in head  # and they do: test_grading_answers.py
    assert f"**{sum(exercise.points for exercise in exercises.values())} points**" in head
    assert 3 <= len(exercises) <= 7
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for number, exercise in enumerate(exercises.values(), 1):
        assert f"## {exercise.title} ({exercise.points} points)" in text
        assert exercise.title.startswith(f"{number}. ")
    for target in re.findall(r"\]\((?!http|#)(.*?)\)", text):
        assert (ASSIGNMENTS / target.split("#")[0]).exists(), target


@every_assignment
def test_sections_to_read_again_are_in_the_chapter(stem):
    chapter = nbformat.read(TOP / "chapters" / f"{stem}.ipynb", as_version=4)
    headings = re.findall(r"^#+ (.*)$", "\n".join(
        cell.source for cell in chapter.cells if cell.cell_type == "markdown"), re.MULTILINE)
    for exercise in read_master(MASTERS[stem])[1].values():
        assert exercise.read_again in headings


@every_assignment
def test_cells_carry_the_metadata_of_nbgrader(stem):
    notebook, exercises = read_master(MASTERS[stem])
    names = []
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader")
        if mark:
            names.append(mark["grade_id"])
            assert mark["schema_version"] == 3 and mark["solution"] != mark["grade"]
            assert mark["locked"] == mark["grade"]
            assert cell.id == mark["grade_id"] and mark["grade_id"].startswith(stem[:2] + "-")
            assert mark["solution"] == ("### BEGIN SOLUTION" in cell.source)
            if mark["grade"]:
                assert cell.metadata.tags == ["nbval-check-output"]
                assert cell.outputs and cell.execution_count
                assert all(output.metadata.get("check") for output in cell.outputs)
            else:
                assert cell.source.startswith(f"# Answer: {mark['grade_id']}\n")
    assert len(set(names)) == len(names)
    for exercise in exercises.values():
        assert {check.hidden for check in exercise.checks} == {False, True}
        assert exercise.points > 0


@every_assignment
def test_hidden_checks_show_more_than_a_guess_can_hit(stem):
    for exercise in read_master(MASTERS[stem])[1].values():
        visible, hidden = [], []
        for check in exercise.checks:
            text = "\n".join(output.data["text/plain"] for output in check.outputs)
            (hidden if check.hidden else visible).extend(re.findall(r"^  (.*)$", text, re.M))
        new = "".join(line for line in hidden if line not in visible)
        assert len(re.findall(r"\w", new)) >= 12, f"{exercise.name}: {hidden}"


@every_assignment
def test_a_released_assignment_tells_no_solution(stem):
    text = (ASSIGNMENTS / f"{stem}.ipynb").read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text and "-hidden" not in text
    notebook, _ = read_master(MASTERS[stem])
    for cell in notebook.cells:
        if HIDDEN in cell.source:
            for line in cell.source.splitlines():
                assert "show(" not in line or json.dumps(line)[1:-1] not in text


def test_the_assignment_of_another_chapter_is_said_to_be_one():
    """Though both have a bug hunt."""
    content = (ASSIGNMENTS / "04_mnist.ipynb").read_bytes()
    result = grade_submission("sato", content, "03_output_layer")
    assert result.points == 0
    assert result.status == "This is assignment 04_mnist; graded is 03_output_layer."
