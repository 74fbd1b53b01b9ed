"""Which cells of a submission count, and in which order: run here, without a kernel."""
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from assignments.answers import find_answers
from assignments.explain import explain
from assignments.grade import rows_of
from assignments.masters import Check, Exercise
from assignments.names import ANY, bare, names_in
from assignments.plan import make_job
from assignments.submissions import Cell


def assertion(name, source, points=0):
    return Check(name, source, [{"output_type": "display_data"}], points, not points)


EXERCISES = {each.name: each for each in [
    Exercise("99-double", "1. Double", "", "def double(x):\n    raise NotImplementedError()",
             "def double(x):\n    return 2 * x",
             [assertion("99-double-check", "assert double(2) == 4", 2),
              assertion("99-double-hidden", "assert double(5) == 10")]),
    Exercise("99-total", "2. Total", "", "def total(x):\n    raise NotImplementedError()",
             "def total(x):\n    return sum(x)",
             [assertion("99-total-check", "assert total(given) == 6", 3)])]}
MASTER = new_notebook(cells=[new_code_cell("given = [1, 2, 3]")])


def notebook(*cells):
    """Cells from sources; "double" and "total" stand for right answers, "check 1" for a check."""
    short = {"double": "# Answer: 99-double\ndef double(x):\n    return 2 * x",
             "total": "# Answer: 99-total\ndef total(x):\n    return sum(x)"}
    made = []
    for source in cells:
        name = {"check 1": "99-double-check", "check 2": "99-total-check"}.get(source, "")
        made.append(Cell(short.get(source, source), True, name, name))
    return made


def run(job, order):
    space, failed, stopped = {}, {}, {}
    for source in job["given"]:
        exec(source, space)
    for place in order:
        cell = job["cells"][place]
        try:
            exec(cell["source"], space)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            if "check" in cell:
                failed.setdefault(cell["exercise"], {})[cell["check"]] = why
            else:
                stopped[str(place)] = why
                if cell["main"]:
                    for check in EXERCISES[cell["exercise"]].checks:
                        failed.setdefault(cell["exercise"], {})[check.name] = why
    return failed, stopped


def judged(cells):
    """{exercise: why} of those that fail together and alone."""
    found = find_answers(cells, MASTER, EXERCISES)
    job = make_job(found, MASTER, EXERCISES)
    failed, stopped = run(job, job["order"])
    for name in list(failed):
        for alone in job["alone"][name]:
            failed[name] = failed[name] and run(job, alone)[0].get(name, {})
    whole = {"failed": {name: whys for name, whys in failed.items() if whys}, "stopped": stopped}
    return {name: why for name in EXERCISES
            if (why := found.missing.get(name) or explain(name, found, EXERCISES, whole))}


HELP = "def twice(x):\n    return 2 * x"
USES = "# Answer: 99-double\ndef double(x):\n    return twice(x)"
HONEST = {
    "as given out": ("double", "check 1", "total", "check 2"),
    "without checks": ("double", "total"),
    "helper above": (HELP, USES, "check 1", "total"),
    "helper below the answer": (USES, HELP, "check 1", "total"),
    "helper below the check": (USES, "check 1", "total", "check 2", HELP),
    "helper between, in a later exercise": ("total", "check 2", HELP, USES, "check 1"),
    "helper of a helper": ("one = 1", "def twice(x):\n    return (one + one) * x", USES, "total"),
    "import above": (
        "import math", "# Answer: 99-double\ndef double(x):\n    return math.fsum([x, x])",
        "total"),
    "import added to what was given": (
        "given = [1, 2, 3]\nimport math",
        "# Answer: 99-double\ndef double(x):\n    return math.ldexp(x, 1)", "total"),
    "star import": (
        "from math import *", "# Answer: 99-double\ndef double(x):\n    return fsum([x, x])",
        "total"),
    "base class": (
        "class Twice:\n    def __call__(self, x):\n        return 2 * x",
        "# Answer: 99-double\nclass Double(Twice):\n    pass\n\n\ndouble = Double()", "total"),
    "split, the marker with the import": ("# Answer: 99-double\nimport math",
                                          "def double(x):\n    return 2 * x", "check 1", "total"),
    "split, no check left": ("# Answer: 99-double\nimport math", "def double(x):\n    return 2 * x",
                             "total"),
    "merged with the next answer": ("# Answer: 99-double\ndef double(x):\n    return 2 * x\n"
                                    "# Answer: 99-total\ndef total(x):\n    return sum(x)",),
    "no marker at all": ("def double(x):\n    return 2 * x", "total"),
    "first try above": ("# Answer: 99-double\ndef double(x):\n    return x", "double", "check 1",
                        "total"),
    "first try commented out below": ("double", "# Answer: 99-double\n# def double(x): return x",
                                      "check 1", "total"),
    "first try left in the marked cell": ("# Answer: 99-double\ndef double(x):\n    return x",
                                          "def double(x):\n    return 2 * x", "check 1", "total"),
    "scratch below, with the marker": ("double", "# Answer: 99-double\ndouble(3) / 0", "check 1",
                                       "total"),
    "scratch that stops": ("1 / 0", "double", "total", "undefined"),
    "scratch that spoils what was given": ("given = None", "double", "total"),
    "scratch that spoils what the answer uses": (
        "given = None", "double", "# Answer: 99-total\ndef total(x):\n    return sum(given)"),
    "scratch that deletes it": (
        "del given", "double", "# Answer: 99-total\ndef total(x):\n    return sum(given)"),
    "an answer that spoils it for the next": (
        "# Answer: 99-double\ngiven = None\ndef double(x):\n    return 2 * x",
        "# Answer: 99-total\ndef total(x):\n    return sum(given)"),
    "an exercise used in a later one": ("double", "# Answer: 99-total\ndef total(x):\n"
                                        "    return sum(double(v) for v in x) / 2"),
    "an exercise used in an earlier one": ("# Answer: 99-double\ndef double(x):\n"
                                           "    return total([x, x])", "check 1", "total"),
    "out of order": ("check 2", "total", "check 1", "double"),
    "retyped markers": ("#ANSWER：99_double\ndef double(x):\n    return 2 * x",
                        "##  answer 99-Total\ndef total(x):\n    return sum(x)"),
    "a method put on a class of another cell": (
        "class Twice:\n    pass", "Twice.of = staticmethod(lambda x: 2 * x)",
        "# Answer: 99-double\ndef double(x):\n    return Twice.of(x)", "total"),
    "a helper with a decorator of its own": (
        "def kept(f):\n    return f", "@kept\ndef twice(x):\n    return 2 * x", USES, "total"),
    "a name bound in a loop": ("for factor in (1, 2):\n    pass",
                               "# Answer: 99-double\ndef double(x):\n    return factor * x",
                               "total"),
    "an answer under a condition": (
        "# Answer: 99-double\nif True:\n    def double(x):\n        return 2 * x", "total"),
    "an answer that is a name for a helper": (HELP, "# Answer: 99-double\ndouble = twice", "total"),
    "an older number": ("# Answer: 98-double\ndef double(x):\n    return 2 * x", "total"),
    "an older name": ("# Answer: 99-twice\ndef double(x):\n    return 2 * x", "total")}


@pytest.mark.parametrize("kind", HONEST)
def test_right_work_gets_its_points(kind):
    assert judged(notebook(*HONEST[kind])) == {}


WRONG = {
    "blank": (("# Answer: 99-double\ndef double(x):\n    # mine\n    raise NotImplementedError()",
               "total"), "No answer."),
    "blank, and nothing else left": (("# YOUR CODE HERE\nraise NotImplementedError()", "total"),
                                     "No answer."),
    "nothing": (("total",), "No answer."),
    "renamed beyond knowing": (("# Answer: 99-zwei\ndef zwei(x):\n    return 2 * x", "total"),
                               "marked 99-zwei answers no exercise"),
    "the stub's line left": (("# Answer: 99-double\ndef double(x):\n    return 2 * x\n\n"
                              "raise NotImplementedError()", "total"), "delete it"),
    "the stub's line left inside": (("# Answer: 99-double\ndef double(x):\n    y = 2 * x\n"
                                     "    raise NotImplementedError()", "total"), "delete it"),
    "a name that nothing defines": ((USES, "total"), "No cell of the notebook defines it."),
    "a helper that stops": (("1 / 0\n" + HELP, USES, "total"),
                            "Code cell 1, which defines it, stops: ZeroDivisionError"),
    "wrong": (("# Answer: 99-double\ndef double(x):\n    return x", "total"), "AssertionError"),
    "wrong, and a right one in a comment": (
        ("# Answer: 99-double\ndef double(x):\n    return x\n# return 2 * x", "total"),
        "AssertionError")}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said(kind):
    cells, words = WRONG[kind]
    failed = judged(notebook(*cells))
    assert set(failed) == {"99-double"} and words in failed["99-double"]


def test_an_exercise_that_uses_a_wrong_one_says_so():
    failed = judged(notebook("# Answer: 99-double\ndef double(x):\n    return x",
                             "# Answer: 99-total\ndef total(x):\n    return double(x[0])"))
    assert "It uses double of 1. Double, which fails too." in failed["99-total"]


def test_an_answer_in_a_text_cell_is_told_what_to_do():
    cells = notebook("total") + [Cell("# Answer: 99-double\ndef double(x): ...", False, "", "")]
    assert "text cell" in judged(cells)["99-double"]


def test_the_cell_that_asks_for_points_is_not_run():
    cells = notebook("double", 'from assignments.grade import grade\n\ngrade("99")', "total")
    assert len(find_answers(cells, MASTER, EXERCISES).cells) == 2


def test_what_takes_long_to_look_through_does_not_stop_the_grader():
    """A cell of blank lines, and one of more commands of IPython than it can follow."""
    assert judged(notebook("\n" * 50_000, "double", "!true\n" * 510, "total")) == {}


def test_names():
    names = names_in("import a.b\nfrom c import d as e\n\n\ndef f(x, y=g):\n    global h\n"
                     "    h = i(x)\n    return [k for k in x]\nl = m.n\n")
    assert names.bound == {"a", "e", "f", "h", "l"} and {"g", "i", "m"} <= names.used
    assert not {"x", "k", "y"} & names.used
    assert ANY in names_in("from math import *").bound and ANY in names_in("%run a.py").bound
    assert names_in("def (") == names_in("")
    assert bare("x = 1  # one\n\n# two\n") == bare("x  =  1") != bare("x = 2")


def test_checks_that_have_points_of_their_own_are_parts():
    exercise = Exercise("a", "A", "", "", "", [assertion("1", "", 2), assertion("2", ""),
                                               assertion("3", "", 3), assertion("4", "")])
    assert [[check.name for check in part] for part in exercise.parts()] == [["1", "2"], ["3", "4"]]
    assert exercise.points == 5
    found = find_answers([Cell("# Answer: a\nx = 1", True, "", "")], MASTER, {"a": exercise})
    judged = {"failed": {"a": {"4": "With other inputs: wrong"}}, "stopped": {}, "printed": {}}
    (row,) = rows_of(found, {"a": exercise}, judged)
    assert (row.points, row.of, row.why) == (2, 5, "With other inputs: wrong")
