"""Letters that a machine may lack: their shapes go along, as a small font inside of the page.

What every machine has is left to it. The rest comes from the fonts that the course installs for
its figures (DejaVu Sans, IPAexGothic, STIX), and then from the fonts of this machine.
"""
import base64
import io
import unicodedata
from functools import cache
from pathlib import Path

EVERYWHERE = {*map(chr, range(0x20, 0x180)), *"–—‘’“”•…€™"}
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Cs"}  # kinds of characters that draw nothing


def font_faces(text: str) -> tuple[str, list[str], list[str]]:
    """Return CSS that brings the letters of a text along, where a machine may lack them.

    Returns the @font-face rules, the names of their families, and the letters that no font of
    this machine has, each with its code, such as "🀄 (U+1F004)".
    """
    wanted = {letter for letter in text if letter not in EVERYWHERE
              and unicodedata.category(letter) not in UNSEEN
              and not 0xFE00 <= ord(letter) <= 0xFE0F}
    return _faces(frozenset(wanted))


@cache
def _faces(wanted):
    rules, families, left = [], [], set(wanted)
    for path, number in _fonts():
        if not left:
            break
        has = left & _letters(path, number)
        if not has:
            continue
        font = _subset(path, number, frozenset(has))
        if font is None:
            continue
        family = f"Deck {path.stem.replace(' ', '')}"
        families.append(family)
        rules.append(f'@font-face {{ font-family: "{family}"; '
                     f"src: url(data:font/woff;base64,{font}) format('woff'); }}")
        left -= has
    missing = [f"{letter} (U+{ord(letter):04X})" for letter in sorted(left)]
    return "\n".join(rules), families, missing


def course_font(name: str) -> Path:
    """Return the file of a font that the course installs: "DejaVuSans.ttf", "ipaexg.ttf"."""
    import matplotlib
    import matplotlib_fontja
    if name == "ipaexg.ttf":
        return Path(matplotlib_fontja.__file__).parent / "fonts" / name
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name


def _fonts():
    """The files of fonts and the number inside of each, the course's own first."""
    for name in ("DejaVuSans.ttf", "ipaexg.ttf", "STIXGeneral.ttf"):
        yield course_font(name), 0
    from matplotlib.font_manager import findSystemFonts
    for path in sorted(map(Path, findSystemFonts())):
        yield path, 0


@cache
def _letters(path, number):
    """The letters that a font has, and may be put into a page."""
    from fontTools.ttLib import TTFont, TTLibError
    try:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            if font["OS/2"].fsType & 0x2:  # its licence forbids it
                return frozenset()
            return frozenset(map(chr, font.getBestCmap() or ()))
    except (TTLibError, OSError, KeyError, ValueError, AssertionError):
        return frozenset()


@cache
def _subset(path, number, letters):
    """A font of these letters alone, as WOFF in base 64; None where it cannot be made."""
    from fontTools import subset
    options = subset.Options(flavor="woff", hinting=False, notdef_outline=True,
                             ignore_missing_glyphs=True, drop_tables=["DSIG", "FFTM", "PfEd"])
    options.font_number = number
    try:
        font = subset.load_font(str(path), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=map(ord, letters))
        subsetter.subset(font)
        file = io.BytesIO()
        subset.save_font(font, file, options)
    except Exception:  # fonts of a machine are damaged in many ways; another one may do
        return None
    return base64.b64encode(file.getvalue()).decode()
