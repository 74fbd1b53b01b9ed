"""Formulas of TeX as MathML that browsers draw as TeX would, or a sentence that says why not.

latex2mathml reads the TeX. It passes over what it does not know, and writes attributes that
browsers of today ignore, so its result is looked through and mended here.
"""
import re
from html import unescape
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

from common.course import CourseError

SAME = {  # environments that it lacks, as one that it has and that looks the same on a slide
    "align": "align*", "alignat": "align*", "alignat*": "align*", "flalign": "align*",
    "eqnarray": "array", "eqnarray*": "array", "aligned": "split", "alignedat": "split",
    "dcases": "cases", "smallmatrix": "matrix"}
LINES = {"equation", "equation*", "gather", "gather*", "gathered", "multline", "multline*",
         "displaymath", "math"}  # rows without columns
KNOWN = {"align*", "split", "cases", "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix",
         "Vmatrix", "array"}
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2,
            "msubsup": 3, "munderover": 3}
ROWS = {"math", "mrow", "mstyle", "mtd", "msqrt", "mpadded", "mphantom"}
MOVABLE = {"max", "min", "lim", "sup", "inf", "limsup", "liminf", "argmax", "argmin"}
CLOSING = set(")]}⟩⌉⌋!′")
SIGNS = set("−-+±∓")


def to_mathml(tex: str, display: str = "inline", definitions: str = "") -> str:
    """Return a formula as a <math> element.

    tex: without its dollar signs. display: "inline" or "block".
    definitions: what \\newcommand said before, as TeX.
    Raises CourseError where it cannot be drawn right; the sentence names what is not known.
    """
    shown = " ".join(tex.split())
    try:
        prepared = f"{definitions} {_prepared(tex)}"
        math = convert_to_element(prepared, display=display)
        for element in math.iter():
            element.text = unescape(element.text or "")
        _split_texts(math)
        _check(math, tex)
    except CourseError as error:
        raise CourseError(f"the formula {shown} cannot be drawn: {error}.") from None
    except Exception as error:  # latex2mathml raises its own, and IndexError and the like
        raise CourseError(f"the formula {shown} cannot be drawn: it is not complete "
                          f"({type(error).__name__}).") from None
    _break_lines(math)
    for element in list(math.iter()):
        _mend(element, display)
    for element in list(math.iter()):
        if element.tag in ROWS:
            _space(element)
    return ElementTree.tostring(math, encoding="unicode")


def _prepared(tex):
    """TeX with the names that latex2mathml knows; raises CourseError where it has none for it."""
    bare = re.sub(r"\\\\|\\[{}%]", "  ", tex)
    bare = re.sub(r"%.*", "", bare)
    if bare.count("{") != bare.count("}"):
        raise CourseError("its braces do not match")
    if not bare.strip():
        raise CourseError("it is empty")
    begun = re.findall(r"\\begin\s*\{(.*?)\}", tex)
    if sorted(begun) != sorted(re.findall(r"\\end\s*\{(.*?)\}", tex)):
        raise CourseError("\\begin and \\end do not match")
    tex = re.sub(r"\\(begin|end)\s*\{(alignat\*?|alignedat)\}(\{\d+\})?", r"\\\1{\2}", tex)
    for name in set(begun):
        new = SAME.get(name, name)
        if name not in LINES and new not in KNOWN:
            raise CourseError(f"\\begin{{{name}}} is not known here")
        for word in ("begin", "end"):
            old = re.compile(rf"\\{word}\s*\{{{re.escape(name)}\}}")
            columns = "{rcl}" if word == "begin" and name.startswith("eqnarray") else ""
            tex = old.sub("" if name in LINES else rf"\\{word}{{{new}}}{columns}", tex)
    tex = re.sub(r"\\\\\s*\[\s*[-\d.]+\s*[a-z]+\s*\]", r"\\\\", tex)  # the height of a row
    tex = re.sub(r"\\(label|require|ref|eqref)\s*\{.*?\}|\\(notag|nonumber)(?![a-zA-Z])", "", tex)
    tex = re.sub(r"\\(mathop|ensuremath)(?=\s*\{)",
                 lambda match: r"\operatorname" if match[1] == "mathop" else "", tex)
    tex = re.sub(r"\\not\s*(=|\\in(?![a-zA-Z]))",
                 lambda match: r"\neq " if match[1] == "=" else r"\notin ", tex)
    return re.sub(r"\\(arg|deg|dim|hom|ker|lg)(?![a-zA-Z])", r"\\operatorname{\1}", tex)


def _check(math, tex):
    """Raise CourseError where something was passed over or is in the page as TeX."""
    for element in math.iter():
        text = element.text or ""
        unknown = re.search(r"\\[a-zA-Z]*", text)
        if unknown:
            raise CourseError(f"{unknown[0]} is not known here")
        for sign in "&#":
            if sign in text and f"\\{sign}" not in tex:
                raise CourseError(f"{sign} has no place there")
        wanted = CHILDREN.get(element.tag)
        if wanted and len(element) != wanted:
            raise CourseError("a part is missing")
        if element.tag == "menclose" and element.get("notation") != "box":
            raise CourseError("browsers do not strike out a part of it")
    if not any((element.text or "").strip() for element in math.iter()):
        raise CourseError("nothing of it is seen")


def _split_texts(math):
    """Draw the formulas that stand in a \\text{}."""
    for element in list(math.iter("mtext")):
        parts = re.split(r"(?<!\\)\$(.+?)(?<!\\)\$", element.text)
        parts[::2] = [re.sub(r"\\([%$_&#{}])", r"\1", part) for part in parts[::2]]
        element.text = parts[0]
        if len(parts) > 1:
            element.tag, element.text = "mrow", ""
            for number, part in enumerate(parts):
                if number % 2:
                    inner = ElementTree.fromstring(to_mathml(part))
                    inner.tag, inner.attrib = "mrow", {}
                    for one in inner.iter():
                        one.tag = one.tag.rpartition("}")[2]
                    element.append(inner)
                elif part:
                    ElementTree.SubElement(element, "mtext").text = part


def _break_lines(math):
    """Put the lines that \\\\ parts outside of any table into the rows of one."""
    for row in [element for element in math.iter() if element.tag in ROWS]:
        if not any(_is_break(child) for child in row):
            continue
        children = list(row)
        for child in children:
            row.remove(child)
        table = ElementTree.SubElement(row, "mtable", displaystyle="true")
        line = None
        for child in children:
            if line is None or _is_break(child):
                line = ElementTree.SubElement(ElementTree.SubElement(table, "mtr"), "mtd")
                line = ElementTree.SubElement(line, "mrow")
            if not _is_break(child):
                line.append(child)
        if line is not None and not len(line):
            table.remove(table[-1])  # what ends in \\ has no line more


def _is_break(element):
    return element.tag == "mspace" and element.get("linebreak") == "newline"


def _mend(element, display):
    """Say in CSS, or in signs, what browsers do not read from the attributes of MathML 3."""
    if element.tag in ("mi", "mn", "mo", "mtext", "ms"):
        _mend_letters(element)
    if element.tag in ("mi", "mo") and re.fullmatch(r"[A-Za-z]{2,}", element.text or ""):
        if element.get("mathvariant") is None and not element.get("style"):
            element.tag = "mo"  # the name of a function
            element.attrib = {"form": "prefix", "lspace": "0", "rspace": "0",
                              "movablelimits": str(element.text in MOVABLE).lower()}
    if element.tag == "mi" and element.text in SIGNS:
        element.tag = "mo"
    if element.tag == "mo" and element.text in ("∂", "∇", "⊤"):
        element.tag, element.attrib = "mi", {"mathvariant": "normal"}
    base = element[0] if len(element) else None
    if element.tag == "msub" and display == "block" and base.tag in ("mo", "mi") \
            and (base.text in MOVABLE or base.get("movablelimits") == "true"):
        element.tag = "munder"
    if element.tag == "mpadded" and "+" in (element.get("width") or ""):  # above a long arrow
        element.tag, element.attrib = "mrow", {}
    if element.tag == "mover" and element[0].tag == "mstyle" and len(element[0]) == 1 \
            and element[0][0].tag == "mo":
        element[0][0].set("stretchy", "true")
    if element.tag == "menclose":
        element.tag, element.attrib = "mrow", {"style": "border: 2px solid; padding: 0.2em"}
    if element.tag == "mtable":
        _mend_table(element)


def _mend_letters(element):
    variant = element.get("mathvariant")
    text, styles = element.text or "", []
    if len(text) == 1 and 0x1D400 <= ord(text) <= 0x1D433:  # bold letters that few fonts have
        code = ord(text) - 0x1D400
        text = chr(code + 65) if code < 26 else chr(code - 26 + 97)
        variant = "bold"
    if variant == "double-struck":
        text = "".join(chr(0x1D7D8 + int(c)) if c in "0123456789" else c for c in text)
    elif variant in ("bold", "bold-italic"):
        styles.append("font-weight: bold")
    elif variant == "italic" and element.tag != "mi":
        styles.append("font-style: italic")
    elif variant in ("monospace", "sans-serif"):
        styles.append(f"font-family: {variant}")
    element.text = text
    element.attrib.pop("mathvariant", None)
    if element.tag == "mi" and variant in ("normal", "bold", "monospace", "sans-serif"):
        element.set("mathvariant", "normal")
    if styles:
        element.set("style", "; ".join(styles))


def _mend_table(table):
    gaps = (table.get("columnspacing") or "").split()
    columns = (table.get("columnlines") or "").split()
    rows = (table.get("rowlines") or "").split()
    last = len(table) - 1
    for at, row in enumerate(table):
        for column, cell in enumerate(row):
            styles = []
            if cell.get("columnalign"):
                styles.append(f"text-align: {cell.get('columnalign')}")
            if gaps and column < len(row) - 1:
                styles.append(f"padding-right: calc({gaps[min(column, len(gaps) - 1)]} / 2)")
            if gaps and column:
                styles.append(f"padding-left: calc({gaps[min(column - 1, len(gaps) - 1)]} / 2)")
            if columns and column < len(row) - 1 \
                    and columns[min(column, len(columns) - 1)] == "solid":
                styles.append("border-right: 2px solid")
            if rows and at < last and rows[min(at, len(rows) - 1)] == "solid":
                styles.append("border-bottom: 2px solid")
            if styles:
                cell.set("style", "; ".join(styles))


def _space(row):
    """Space the signs and functions in a row as TeX does.

    A browser takes a minus for a subtraction wherever it is not the first of its row.
    """
    before, bars = None, 0
    children = [child for child in row if child.tag != "mspace"]
    for child, after in zip(children, [*children[1:], None]):
        core = _core(child)
        if core.tag == "mo" and core.text in SIGNS and before is not None \
                and _awaits(before, bars):
            core.set("form", "prefix")
        if _is_function(core):
            if before is not None and not _awaits(before, bars):
                core.set("lspace", "0.167em")
            if after is not None and (_core(after).tag != "mo" or _is_function(_core(after))):
                core.set("rspace", "0.167em")
        bars += core.text == "|"
        before = child


def _core(element):
    """The sign that an element is about, without what stands above and below it."""
    while element.tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover") \
            or element.tag in ("mrow", "mstyle") and len(element) == 1:
        element = element[0]
    return element


def _is_function(core):
    return core.tag == "mo" and core.get("movablelimits") is not None \
        and (core.text or "").isalpha()


def _awaits(before, bars):
    """Whether a value is still to come after this element, so that a minus is its sign."""
    core = _core(before)
    if core.tag != "mo" or core.get("form") == "postfix" or core.text in CLOSING:
        return False
    return bars % 2 == 1 if core.text in ("|", "‖") else True
