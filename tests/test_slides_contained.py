"""Pictures, outputs and HTML of decks that are not the course's own: shown right, or refused."""
import base64
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image, PngImagePlugin
from test_slides import image, page, refused, text

from common.course import CourseError
from slides import fonts
from slides.contained import contain, link
from slides.pictures import UNKNOWN, picture


def shown(data, metadata=None):
    return new_code_cell("show()", outputs=[
        new_output("display_data", data=data, metadata=metadata or {})])


def images(html):
    """Type, bytes, alternative text, width and height of each picture of a page."""
    found = re.findall(r'<img (?:hidden )?src="data:([^;]*);base64,([^"]*)" alt="([^"]*)" '
                       r'style="--width: (\d+); --height: (\d+)"', html)
    return [(kind, base64.b64decode(data), alt, int(width), int(height))
            for kind, data, alt, width, height in found]


def test_a_plain_picture_is_shown_with_its_own_size(tmp_path):
    html = page(tmp_path, shown({"image/png": text(image()), "text/plain": "<Image>"}))
    assert images(html) == [("image/png", image(), UNKNOWN, 40, 30)]
    html = page(tmp_path, shown({"image/png": text(image())}, {"image/png": {"width": 80}}))
    assert images(html)[0][3:] == (80, 60)


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "WEBP"])
def test_other_kinds_of_pictures_whatever_the_notebook_calls_them(kind, tmp_path):
    for name in f"image/{kind.lower()}", "image/png":
        html = page(tmp_path, shown({name: text(image(kind)), "text/plain": "<Image>"}))
        assert images(html)[0][::3] == (f"image/{kind.lower()}", 40) and "&lt;Image" not in html


def test_alternative_text_in_the_metadata_or_of_an_img_beside_the_picture(tmp_path):
    data = {"image/png": text(image()), "text/html": '<img src="x" alt="A &quot;b&quot; &amp; c">'}
    assert images(page(tmp_path, shown(data)))[0][2] == "A &quot;b&quot; &amp; c"
    html = page(tmp_path, shown(data, {"image/png": {"alt": "its own"}}))
    assert images(html)[0][2] == "its own"
    alone = {"text/html": f'<img src="data:image/png;base64,{text(image())}" width="20" '
                          'height="15" alt="alone">', "text/plain": "alone"}
    assert images(page(tmp_path, shown(alone))) == [("image/png", image(), "alone", 20, 15)]


def test_a_pasted_picture_and_one_beside_the_notebook_go_inside(tmp_path):
    (tmp_path / "my photo.png").write_bytes(image())
    pasted = new_markdown_cell("![pasted](attachment:image.png)")
    pasted.attachments = {"image.png": {"image/png": text(image())}}
    cells = [pasted, new_markdown_cell("![mine](my%20photo.png)"),
             new_markdown_cell("<img src='my photo.png' width=80>"),
             new_markdown_cell("![by name][one]\n\n[one]: my%20photo.png")]
    found = images(page(tmp_path, *cells))
    assert [alt for _, _, alt, _, _ in found] == ["pasted", "mine", UNKNOWN, "by name"]
    assert [width for *_, width, _ in found] == [40, 40, 80, 40]
    among = page(tmp_path, new_markdown_cell("see ![i](my%20photo.png) here"))
    assert re.search(r'<p>see <img src="data:[^"]*" alt="i" width="40"> here</p>', among)


@pytest.mark.parametrize("source, why", [
    ("![web](https://example.com/a.png)", "https://example.com/a.png would be fetched"),
    ("<IMG SRC=//example.com/a.png>", "//example.com/a.png would be fetched"),
    ("![gone](gone.png)", "gone.png is not there"),
    ("![gone](attachment:gone.png)", "the pasted picture gone.png is not in the notebook"),
    ("<iframe src='https://example.com'></iframe>", "<iframe>"),
    ("<video src='https://example.com/a.mp4'></video>", "https://example.com/a.mp4 would be"),
    ("<link rel=stylesheet href=a.css>", "<link>"),
    ("<div style='background: url(https://example.com/a.png)'>x</div>", "style"),
    ("<style>@import 'https://example.com/a.css'</style>", "style"),
    ("<script src='https://example.com/a.js'></script>", "a script would be fetched"),
    ("<script>require(['plotly'])</script>", "a script of this cell"),
    ("<svg><image href='https://example.com/a.png'/></svg>", "would be fetched"),
])
def test_what_would_ask_the_network_or_is_not_there_is_refused(source, why, tmp_path):
    for cell in new_markdown_cell(source), shown({"text/html": source, "text/plain": "x"}):
        if cell.cell_type == "code" and source.startswith("!"):
            continue
        fault, = refused(tmp_path, cell)
        assert why in fault and fault.endswith(".")


def test_a_diagram_that_only_jupyterlab_draws_is_refused(tmp_path):
    fault, = refused(tmp_path, new_markdown_cell("```mermaid\ngraph LR; x --> y\n```"))
    assert "Mermaid" in fault
    assert "x" in page(tmp_path, new_markdown_cell("```python\nx = 1\n```"))


def test_a_film_and_a_sound_go_inside(tmp_path):
    (tmp_path / "film.mp4").write_bytes(b"a film")
    inside = f'src="data:video/mp4;base64,{text(b"a film")}"'
    for html in ('<video src="film.mp4" controls></video>',
                 '<video controls><source src="film.mp4" type="video/mp4"></video>'):
        for cell in new_markdown_cell(html), shown({"text/html": html, "text/plain": "<Video>"}):
            assert inside in page(tmp_path, cell)
    sound = "<audio controls><source src=\"data:audio/wav;base64,UklGRg==\"/></audio>"
    assert "data:audio/wav;base64,UklGRg==" in page(tmp_path, shown({"text/html": sound}))
    fault, = refused(tmp_path, new_markdown_cell('<video src="gone.mp4"></video>'))
    assert "gone.mp4 is not there" in fault


def test_a_table_of_pandas_keeps_its_look_to_itself(tmp_path):
    table = ("<div>\n<style scoped>\n .dataframe tbody tr th { vertical-align: top; }\n</style>\n"
             '<table border="1" class="dataframe"><thead><tr><th></th><th>x</th></tr></thead>'
             "<tbody><tr><th>0</th><td>1.5</td></tr></tbody></table></div>")
    html = page(tmp_path, shown({"text/html": table, "text/plain": "     x\n0  1.5"}))
    assert '<td>1.5</td>' in html and "0  1.5" not in html
    whole = contain("<style>body { display: none }</style>x", tmp_path)
    assert whole == "<style>@scope {body { display: none }}</style>x"


def test_every_fault_of_a_slide_is_named_at_once(tmp_path):
    faults = refused(tmp_path, new_markdown_cell("![](a.png)"), new_markdown_cell(r"$\foo$"),
                     new_markdown_cell("\ue123"))
    assert len(faults) == 3 and any("U+E123" in fault for fault in faults)


def test_outputs_that_need_a_kernel_or_another_program_are_refused(tmp_path):
    for data in ({"application/vnd.jupyter.widget-view+json": {"model_id": "a"}},
                 {"application/pdf": "JVBERi0="}, {"application/vnd.vega.v5+json": {}}):
        fault, = refused(tmp_path, shown({**data, "text/plain": "<an object>"}))
        assert "picture there" in fault
    for words in ("IntSlider(value=0)", "interactive(children=(IntSlider(value=5, min=1)"):
        fault, = refused(tmp_path, shown({"text/plain": words}))  # as a saved notebook has it
        assert "needs its kernel" in fault
    assert "Linear(in_size=3)" in page(tmp_path, shown({"text/plain": "Linear(in_size=3)"}))
    html = page(tmp_path, shown({"application/json": {"a": "重み"}, "text/plain": "<JSON>"}))
    assert '"a": "重み"'.replace('"', "&quot;") in html and "&lt;JSON" not in html


@pytest.mark.parametrize("data", [b"no picture", b"", image()[:-30], b"<svg><g></svg>"])
def test_a_damaged_picture_is_refused(data, tmp_path):
    fault, = refused(tmp_path, shown({"image/png": text(data)}))
    assert "damaged" in fault
    (tmp_path / "it.png").write_bytes(data)
    assert len(refused(tmp_path, new_markdown_cell("![](it.png)"))) == 1


def test_a_picture_that_is_too_large_is_said(monkeypatch, recwarn):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 800)  # of 1,200: a warning, and too large
    assert images(picture(image())) and not recwarn.list
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    with pytest.raises(CourseError, match="more than 178 megapixels"):
        picture(image())


def test_svg_is_a_picture_with_its_size_and_its_letters(tmp_path):
    svg = '<svg width="3in" viewBox="0 0 60 20"><text font-family="Foo">重み</text></svg>'
    html = page(tmp_path, shown({"image/svg+xml": svg, "text/plain": "<SVG object>"}))
    (kind, data, _, width, height), = images(html)
    assert (kind, width, height) == ("image/svg+xml", 288, 96) and "SVG object" not in html
    assert b'xmlns="http://www.w3.org/2000/svg"' in data
    assert b"@font-face" in data and b"font-family=\"Foo, 'Deck ipaexg'" in data
    for inside in '<image href="a.png"/>', "<style>@import 'a.css'</style>", "<script/>":
        assert len(refused(tmp_path, shown({"image/svg+xml": f"<svg>{inside}</svg>"}))) == 1


def test_what_a_browser_cannot_read_is_made_png_and_a_photo_smaller(tmp_path):
    assert images(picture(image("TIFF")))[0][0] == "image/png"
    (kind, data, _, width, height), = images(picture(image("JPEG", (4000, 3000))))
    assert (kind, width, height) == ("image/jpeg", 4000, 3000)
    (tmp_path / "small.jpg").write_bytes(data)
    assert Image.open(tmp_path / "small.jpg").size == (2560, 1920)


def test_a_photo_that_says_it_is_turned_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert images(picture(image("JPEG", exif=exif)))[0][3:] == (30, 40)


def test_a_moving_picture_becomes_frames_and_the_last_one_is_seen(tmp_path):
    shades = [Image.new("L", (20, 20), 60 * number) for number in range(4)]
    shades[0].save(tmp_path / "a.gif", save_all=True, append_images=shades[1:], duration=200)
    html = page(tmp_path, new_markdown_cell("![It gets lighter](a.gif)"))
    assert 'class="frames"' in html and 'data-pause="200"' in html
    assert [alt for _, _, alt, _, _ in images(html)] == ["", "", "", "It gets lighter"]
    assert html.count("<img hidden") == 3


def test_letters_of_a_picture_are_known_where_it_says_them(tmp_path):
    about = PngImagePlugin.PngInfo()
    about.add_text("Letters", "11.5")
    html = page(tmp_path, shown({"image/png": text(image(pnginfo=about))}))
    assert 'data-letters="11.5"' in html
    assert "data-letters" not in page(tmp_path, shown({"image/png": text(image())}))


def test_html_of_a_cell_cannot_end_its_slide(tmp_path):
    assert contain("a</section></div><b>c<section id=1>", tmp_path) == (
        'a<b>c<div id="1"></div></b>')
    html = page(tmp_path, new_markdown_cell("x</div></section>\n\n<section>"),
                new_markdown_cell("y"))
    assert html.count("<section") == html.count("</section>") == 1


def test_links_hold_from_wherever_the_deck_lies(tmp_path):
    from common.course import COURSE, repository
    start = f"https://github.com/{repository()}/blob/main"
    assert link("../chapters/03.ipynb", COURSE / "slides") == f"{start}/chapters/03.ipynb"
    assert link("../../a%20b.md", COURSE / "slides" / "ja") == f"{start}/a b.md"
    for url in "https://a.b", "#3", "mailto:a@b":
        assert link(url, COURSE / "slides") == url
    assert f'href="{start}/README.md"' in contain('<a href="../README.md">x</a>', tmp_path)


def test_letters_that_a_machine_may_lack_go_along(tmp_path):
    css, families, missing = fonts.font_faces("plain é “”, 重みパーセプトロン → α")
    assert families == ["Deck DejaVuSans", "Deck ipaexg"] and not missing
    assert css.count("font/woff;base64") == 2 and len(css) < 40_000
    assert fonts.font_faces("plain – é") == ("", [], [])
    assert fonts.font_faces("\ue123")[2] == ["\ue123 (U+E123)"]
    html = page(tmp_path, new_markdown_cell("**重み**"))
    assert "重み" in html


def test_formulas_in_html_are_drawn_and_prices_are_not(tmp_path):
    table = "<table><tr><td>$x_1$</td><td>from $ 5 to $6</td></tr></table>"
    for cell in new_markdown_cell(table), shown({"text/html": table}):
        html = page(tmp_path, cell)
        assert html.count("<math") == 1 and "$ 5 to $6" in html
    assert "$5 and $6" in page(tmp_path, new_markdown_cell(r"\$5 and \$6"))


def test_latex_as_an_output_and_environments_in_markdown(tmp_path):
    latex = r"\begin{align} a &= b \\ &= -c \end{align}"
    for cell in (shown({"text/latex": latex, "text/plain": "<Latex>"}), new_markdown_cell(latex),
                 shown({"text/latex": f"$\\displaystyle {latex}$", "text/plain": "<Latex>"}),
                 shown({"text/markdown": f"$${latex}$$", "text/plain": "<Markdown>"})):
        html = page(tmp_path, cell)
        assert html.count("<mtr>") == 2 and "begin" not in html and "object" not in html


def test_a_macro_holds_in_the_cells_after_it(tmp_path):
    html = page(tmp_path, new_markdown_cell(r"$\newcommand{\R}{\mathbb{R}}$ says"),
                new_markdown_cell(r"$x \in \R$"))
    assert "ℝ" in html and "newcommand" not in html
