"""Formulas of decks: what browsers draw right, and what is refused."""
import re
from xml.etree import ElementTree

import pytest

from common.course import CourseError
from slides.formulas import to_mathml


def parts(tex, display="block"):
    """The elements of a formula, without their namespace."""
    found = list(ElementTree.fromstring(to_mathml(tex, display)).iter())
    for element in found:
        element.tag = element.tag.rpartition("}")[2]
    return found


def forms(tex):
    """For each minus or plus whether it is a sign or an operation."""
    return ["sign" if mo.get("form") == "prefix" else "operation"
            for mo in parts(tex) if mo.tag == "mo" and mo.text in "−-+±"]


@pytest.mark.parametrize("tex, expected", [
    (r"C = -\max(a)", ["sign"]), (r"E = -\log y", ["sign"]), ("a - b", ["operation"]),
    ("a = b - c", ["operation"]), ("f(x, -y)", ["sign"]), ("(a) - b", ["operation"]),
    (r"t \cdot -1", ["sign"]), ("|a| - 1", ["operation"]), (r"a \le \pm 1", ["sign"]),
    (r"x^2 - y_1 - z", ["operation"] * 2), (r"a' - b", ["operation"]),
    (r"\{a\} - \frac{a}{b} + c", ["operation"] * 2), (r"\sum_k -x", ["sign"]),
])
def test_a_minus_is_spaced_as_a_sign_or_as_a_subtraction(tex, expected):
    assert forms(tex) == expected


def test_names_of_functions_are_spaced_as_in_tex():
    def spaces(tex, name):
        mo, = [part for part in parts(tex) if part.text == name]
        return mo.tag, mo.get("lspace"), mo.get("rspace")

    assert spaces(r"t \log y", "log") == ("mo", "0.167em", "0.167em")
    assert spaces(r"-\max(a)", "max") == ("mo", "0", "0")
    assert spaces(r"E = \log y", "log") == ("mo", "0", "0.167em")
    assert spaces(r"\operatorname{argmax}_k y_k", "argmax") == ("mo", "0", "0.167em")


def test_what_stands_below_a_sign_in_a_line_of_its_own():
    for tex in r"\max_k a", r"\lim_{x \to 0} f", r"\operatorname{argmax}_k y", r"\sum_k a":
        assert "munder" in [part.tag for part in parts(tex)], tex


@pytest.mark.parametrize("name", ["align", "align*", "aligned", "alignedat", "split", "eqnarray"])
def test_rows_with_columns(name):
    columns = "{2}" if name == "alignedat" else ""
    tex = rf"\begin{{{name}}}{columns} a &= b \\[4pt] c &= d \end{{{name}}}"
    found = parts(tex)
    assert [part.tag for part in found].count("mtr") == 2
    assert "".join(part.text or "" for part in found).replace(" ", "") == "a=bc=d"
    assert any("text-align: right" in part.get("style", "") for part in found)


@pytest.mark.parametrize("name", ["gather", "gathered", "multline*", "equation"])
def test_rows_without_columns(name):
    found = parts(rf"\begin{{{name}}} a \\ b \end{{{name}}}")
    assert [part.tag for part in found].count("mtr") == 2
    assert not any(part.get("linebreak") for part in found)


def test_bold_letters_are_bold_in_browsers_of_today():
    for tex in r"\boldsymbol{W}", r"\bm{W}", r"\mathbf{W}", r"\mathbf{Wx}", r"\textbf{W}":
        bold = [part for part in parts(tex) if part.text and part.text.strip()]
        assert all("bold" in part.get("style", "") for part in bold) and bold[0].text[0] == "W"
        assert not any(part.get("mathvariant", "normal") != "normal" for part in bold)
    assert "𝟙" in to_mathml(r"\mathbb{1}") and "ℝ" in to_mathml(r"\mathbb{R}")


def test_lines_of_a_table_a_box_and_words_with_formulas():
    styles = " ".join(part.get("style", "") for part in parts(
        r"\begin{array}{c|c} 1 & 2 \\ \hline 3 & 4 \end{array}"))
    assert "border-right" in styles and "border-bottom" in styles
    assert "border: 2px" in to_mathml(r"\boxed{x}")
    words = to_mathml(r"\text{50\% of $x^2$ 重み}")
    assert "50% of" in words.replace("\xa0", " ") and "<msup>" in words.replace("ns0:", "")


@pytest.mark.parametrize("tex, why", [
    (r"\foo{x}", r"\\foo is not known"), (r"\begin{foo} a \end{foo}", r"\\begin\{foo\}"),
    (r"\frac{a", "braces"), (r"\frac{a}", "part is missing"), ("a_", "not complete"),
    (r"\left( a", "not complete"), (r"\begin{align} a", "do not match"), ("", "empty"),
    (r"\cancel{x}", "strike"), ("a & b", "& has no place"), ("#1", "# has no place"),
    (r"\SI{3}{m}", r"\\SI is not known"), ("% only a comment", "empty"),
])
def test_what_cannot_be_drawn_right_is_refused_by_name(tex, why):
    with pytest.raises(CourseError, match=why) as refusal:
        to_mathml(tex)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).startswith(f"the formula {tex}".rstrip())


def test_no_tex_is_left_in_what_is_drawn():
    for tex in (r"y_k = \frac{\exp(a_k)}{\sum_{i=1}^{n} \exp(a_i)}", r"W \leftarrow W - \eta "
                r"\frac{\partial E}{\partial W}", r"\begin{cases} 1 & (u > 0) \\ 0 & (u \le 0) "
                r"\end{cases}", r"\left.\frac{a}{b}\right|_{x=0}", r"\begin{pmatrix} 1 & 2 \\ 3 & "
                r"4 \end{pmatrix}", r"\underbrace{a + b}_{c}", r"a \not= b", r"\label{one} x",
                r"\arg\max_k x", r"\hat{y}^\top \lVert x \rVert"):
        assert not re.search(r"[\\&]", re.sub(r"&(lt|gt|amp);", "", to_mathml(tex))), tex
