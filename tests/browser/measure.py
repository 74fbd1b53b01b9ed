"""What a browser sees of a deck, slide by slide."""
from common.course import write_file
from slides.render import render_deck


def write_html(path, folder, **options):
    """Write the deck at `path` as one HTML file into `folder`; return where, and its slides."""
    html, count = render_deck(path, **options)
    return write_file(folder / f"{path.stem}.html", html), count


# MEASURE asks the deck itself how large the letters of its pictures are: `pictures` of deck.js.
MEASURE = """() => {
  // Lines of code that do not begin where their spaces say, or go on to the left of that.
  const shifted = pre => {
    const probe = pre.appendChild(document.createElement("span"));
    probe.textContent = "0";
    const {width} = probe.getBoundingClientRect();
    probe.remove();
    const edge = pre.getBoundingClientRect().left, range = document.createRange();
    return [...pre.querySelectorAll(".line")].map(line => {
      const text = line.textContent, indent = text.length - text.trimStart().length;
      if (!text.trim()) return null;
      const letters = [], walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (walk.nextNode())
        for (let k = 0; k < walk.currentNode.length; k++) {
          if (!walk.currentNode.data[k].trim()) continue;
          range.setStart(walk.currentNode, k);
          range.setEnd(walk.currentNode, k + 1);
          letters.push(range.getBoundingClientRect());
        }
      const [first, ...others] = letters, begins = (first.left - edge) / width;
      const wrapped = others.filter(one => one.top > first.bottom - 2);
      return Math.abs(begins - indent) < 0.1 && wrapped.every(one => one.left > first.left)
        ? null : text.trim();
    }).filter(text => text);
  };
  const slide = Reveal.getCurrentSlide(), box = slide.getBoundingClientRect();
  const seen = [...slide.querySelectorAll(
    "h1, h2, p, li, pre, td, th, math, img, blockquote, code")].filter(e => !e.closest(".notes"));
  const name = e => e.tagName + ": " + (e.alt || e.textContent).trim().slice(0, 40);
  const within = (e, outer) => {
    const r = e.getBoundingClientRect();
    return r.left >= outer.left - 1 && r.right <= outer.right + 1 && r.top >= outer.top - 1
      && r.bottom <= outer.bottom + 1;
  };
  const overflow = seen.filter(e => !e.hidden).filter(e => !within(e, box)
    || !e.closest("math") && e.clientWidth && e.scrollWidth > e.clientWidth + 2);
  for (const column of slide.querySelectorAll(".column")) {
    const outer = column.getBoundingClientRect();
    overflow.push(...[...column.children].filter(e => !within(e, outer)));
  }
  const texts = seen.filter(e => e.textContent.trim());
  const images = [...slide.querySelectorAll("figure img:not([hidden])")];
  const foot = [...slide.querySelectorAll(".foot > *")].filter(e => e.offsetWidth);
  const arrows = [...document.querySelectorAll(".controls .enabled .controls-arrow")];
  // Where something is seen: the picture in its frame, the lines of a text.
  const ink = e => {
    if (e.tagName == "IMG") {
      const box = e.getBoundingClientRect(), shape = e.naturalWidth / e.naturalHeight;
      const width = Math.min(box.width, box.height * shape), height = width / shape;
      return [new DOMRect(box.x + (box.width - width) / 2, box.y + (box.height - height) / 2,
                          width, height)];
    }
    if (!e.textContent.trim()) return [e.getBoundingClientRect()];
    const range = document.createRange();
    range.selectNodeContents(e);
    return [...range.getClientRects()];
  };
  const over = (e, other) => e != other && !e.contains(other) && !other.contains(e)
    && ink(e).some(a => ink(other).some(b =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2));
  const covered = [...images.flatMap(e => [...texts, ...foot].filter(other => over(e, other))),
                   ...arrows.flatMap(e => [...images, ...texts, ...foot].filter(
                     other => over(e, other))),
                   ...foot.flatMap(e => [...texts, ...foot].filter(other => over(e, other)))];
  return {
    overflow: overflow.map(name),
    covered: covered.map(name),
    shifted: [...slide.querySelectorAll(".code pre")].flatMap(shifted),
    letters: pictures(slide).map(one => one.letters).filter(size => size),
    smallest: Math.min(...texts.map(e => parseFloat(getComputedStyle(e).fontSize))),
    pictures: [...slide.querySelectorAll("figure img:not([hidden])")].map(e => Math.min(
      e.clientWidth / e.style.getPropertyValue("--width"),
      e.clientHeight / e.style.getPropertyValue("--height"))),
    broken: [...slide.querySelectorAll("img")].filter(e => !e.naturalWidth || !e.alt).length,
    zoom: slide.querySelector(".body").style.zoom || "1",
    empty: !slide.querySelector(".column > *"),
    words: [...slide.querySelectorAll("h1, h2, .prose")].map(e => {
      const copy = e.cloneNode(true);
      copy.querySelectorAll("math, pre").forEach(part => part.remove());
      return (copy.textContent.match(/[\\p{L}\\p{N}]+([.,’'-][\\p{L}\\p{N}]+)*/gu) || []).length;
    }).reduce((a, b) => a + b, 0),
  };
}"""


# The same of every slide at once, with all that comes on it step by step.
MEASURE_ALL = f"""() => Array.from({{length: Reveal.getTotalSlides()}}, (_, number) => {{
  Reveal.slide(number, 0, Infinity);
  return ({MEASURE})();
}})"""


def measure_deck(browser, page, viewport, shots=None, font=None, scale=1):
    """Turn through a deck; return a report, and keep a picture of each slide.

    page: the HTML file. viewport: (width, height). shots: folder of the pictures, for which the
    arrow key turns the slides; without it a script does, in a third of the time.
    font: to take instead of the page's own, which is another one on each machine.
    scale: pixels of the screen for one of the page, 2 where a reader zooms to 200 %.
    The report has `slides`, what MEASURE says of each; `requests`, everything that the page asked
    for but itself; and `errors` of its console.
    """
    width, height = viewport
    tab = browser.new_page(viewport={"width": width, "height": height}, offline=True,
                           device_scale_factor=scale)
    report = {"slides": [], "requests": [], "errors": []}
    tab.on("request", lambda request: report["requests"].append(request.url)
           if not request.url.startswith(("data:", "blob:", page.resolve().as_uri())) else None)
    tab.on("console", lambda message: report["errors"].append(message.text)
           if message.type == "error" else None)
    tab.on("pageerror", lambda error: report["errors"].append(str(error)))
    tab.goto(page.resolve().as_uri())
    tab.wait_for_function("() => Reveal.isReady()")
    if font:
        tab.add_style_tag(content=f".reveal {{ font-family: '{font}' !important; }}")
    if shots is None:
        tab.evaluate("() => Promise.all([...document.images].map(image => image.decode()))")
        report["slides"] = tab.evaluate(MEASURE_ALL)
        tab.close()
        return report
    for number in range(1, tab.evaluate("Reveal.getTotalSlides()") + 1):
        while tab.evaluate("Reveal.availableFragments().next"):
            tab.keyboard.press("ArrowRight")
        assert tab.evaluate("Reveal.getSlidePastCount()") == number - 1
        report["slides"].append(tab.evaluate(MEASURE))
        tab.screenshot(path=shots / f"{page.stem}-{number:02d}-{width}x{height}.png")
        tab.keyboard.press("ArrowRight")
    tab.close()
    return report
