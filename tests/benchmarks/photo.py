"""How long a phone's photograph of 12 megapixels takes to be read, in Python and on the page.

    uv run python tests/benchmarks/photo.py

Times are of the processor in Python, and of the clock in the browser, the smallest of some rounds.
Beside each stands what decoding the file alone takes, which is not ours.
"""
import base64
import io
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from common.course import CourseError
from common.drawing.page import build_page
from common.drawing.reading import load_png
from slides.pdf import chromium

sys.path.insert(0, str(Path(__file__).parent.parent))
from pictures import photograph

ROUNDS = 5
TIMES = """async text => {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const file = new File([bytes], "photo.jpg"), start = performance.now();
  (await createImageBitmap(file)).close();
  const decoded = performance.now();
  await sheet.loadFile(file);
  return [decoded - start, performance.now() - decoded];
}"""


def photo():
    """A photograph of 4000×3000 pixels, its file as bytes."""
    small = photograph(5, shadow=0.6, soft=20)
    file = io.BytesIO()
    small.resize((4000, 3000), Image.Resampling.BICUBIC).save(file, "JPEG", quality=92)
    return file.getvalue()


def in_python(content):
    """Seconds of the processor: decoding alone, and load_png."""
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        Image.open(io.BytesIO(content)).load()
        decoded = time.process_time()
        load_png(io.BytesIO(content))
        took.append((decoded - start, time.process_time() - decoded))
    return tuple(map(min, zip(*took)))


def on_the_page(content):
    """Seconds of the clock: decoding alone, and what a reader waits for."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = Path(folder, "page.html")
        page.write_text(build_page(), encoding="utf-8")
        tab = browser.new_page()
        tab.goto(page.as_uri())
        took = [tab.evaluate(TIMES, base64.b64encode(content).decode()) for _ in range(ROUNDS)]
    return tuple(min(ms) / 1000 for ms in zip(*took))


if __name__ == "__main__":
    content = photo()
    print(f"a JPEG of 4000×3000 pixels, {len(content) / 1e6:.1f} MB")
    for where, measure in [("in Python", in_python), ("on the page", on_the_page)]:
        try:
            decoding, whole = measure(content)
        except CourseError as error:
            print(f"{where}: {error}")
        else:
            print(f"{where}: {whole:.2f} s, {whole / decoding:.1f} times what decoding alone takes")
