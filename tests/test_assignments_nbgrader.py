"""nbgrader's own tools read the solutions: uv run --with nbgrader==0.9.6 pytest FILE."""
import nbformat
import pytest

from assignments.masters import ASSIGNMENTS, HIDDEN, find_masters, release

reason = "nbgrader is not installed; uv run --with nbgrader==0.9.6 pytest tests/test_assignments_*"
preprocessors = pytest.importorskip("nbgrader.preprocessors", reason=reason)
validator = pytest.importorskip("nbgrader.validator", reason=reason)

MASTERS = find_masters()
every_assignment = pytest.mark.parametrize("stem", MASTERS)


def run(stem, *names):
    notebook = nbformat.read(MASTERS[stem], as_version=4)
    for name in names:
        notebook, _ = getattr(preprocessors, name)().preprocess(notebook, {})
    return notebook


def sources(notebook, kind):
    return {cell.id: cell.source for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get(kind)}


@every_assignment
def test_clear_solutions_makes_the_same_answer_cells(stem):
    ours = nbformat.reads(release(MASTERS[stem]), as_version=4)
    assert sources(run(stem, "ClearSolutions"), "solution") == sources(ours, "solution")


@every_assignment
def test_clear_hidden_tests_empties_what_release_leaves_out(stem):
    ours = nbformat.reads(release(MASTERS[stem]), as_version=4)
    left = {name: source for name, source in sources(run(stem, "ClearHiddenTests"), "grade").items()
            if source.strip()}
    assert left == sources(ours, "grade")
    assert HIDDEN not in "".join(left.values())


@every_assignment
def test_nbgrader_counts_the_same_points(stem):
    from nbgrader.utils import determine_grade

    notebook = run(stem, "CheckCellMetadata", "ComputeChecksums", "LockCells")
    grades = [determine_grade(cell) for cell in notebook.cells
              if cell.metadata.get("nbgrader", {}).get("grade")]
    head = notebook.cells[0].source
    assert f"**{sum(most for _, most in grades):g} points**" in head
    assert all(points == most for points, most in grades)


@every_assignment
def test_validation_passes_the_solution_and_fails_the_blank(stem, monkeypatch):
    monkeypatch.setenv("MNIST_SAMPLE", "1")
    judge = validator.Validator()
    assert not judge.validate(str(MASTERS[stem])).get("failed")
    blank = judge.validate(str(ASSIGNMENTS / f"{stem}.ipynb"))["failed"]
    assert len(blank) == len(sources(nbformat.read(ASSIGNMENTS / f"{stem}.ipynb", 4), "grade"))
