// The page is complete without this script; with it, it is a deck.
// S opens the speaker's view, A the agenda, D the pen.
document.getElementById("reveal").media = "screen";

// Words in the deck's language; English is their key.
const _ = text => WORDS[text] ?? text;
const make = (tag, about, text = "") => {
  const element = Object.assign(document.createElement(tag), {textContent: text});
  for (const [name, value] of Object.entries(about)) element.setAttribute(name, value);
  return element;
};
const paper = document.documentElement;

// A phone held upright gets narrow slides as tall as its screen, with text that can be read.
function size() {
  const upright = innerWidth < 0.9 * innerHeight;
  paper.classList.toggle("upright", upright);
  return upright ? {width: 620, height: Math.round(620 * innerHeight / innerWidth)}
                 : {width: 1280, height: 720};
}

// How far a slide reaches beyond its place, in pixels of the slide: below or above, and sideways.
function beyond(section) {
  const scale = section.getBoundingClientRect().width / section.offsetWidth || 1;
  let high = 0, wide = 0;
  const compare = (inner, outer) => {
    high = Math.max(high, inner.bottom - outer.bottom, outer.top - inner.top);
    wide = Math.max(wide, inner.right - outer.right, outer.left - inner.left);
  };
  const body = section.querySelector(".body").getBoundingClientRect();
  const place = section.getBoundingClientRect(), foot = section.querySelector(".foot");
  const end = {...place.toJSON(), bottom: foot.getBoundingClientRect().top + 2 * scale};
  for (const column of section.querySelectorAll(".column")) {
    const outer = section.matches(".opening:not(:has(figure))") ? end : body;
    for (const e of column.querySelectorAll(":not(.step, [hidden], math *, svg *)")) {
      const box = e.getBoundingClientRect();
      if (box.width && box.height && !e.closest("[hidden]")) {
        const here = column.getBoundingClientRect();
        compare(box, {left: here.left, right: here.right, top: outer.top, bottom: outer.bottom});
        if (e.clientWidth && e.scrollWidth > e.clientWidth + 2 && !e.closest("math"))
          wide = Math.max(wide, (e.scrollWidth - e.clientWidth) * scale);
      }
    }
  }
  for (const e of section.querySelectorAll(":scope > h1, :scope > h2, :scope > p")) {
    compare(e.getBoundingClientRect(), end);
    if (e.scrollWidth > e.clientWidth + 2)
      wide = Math.max(wide, (e.scrollWidth - e.clientWidth) * scale);
  }
  for (const e of foot.children) {
    if (e.scrollWidth > e.clientWidth + 2) wide = Math.max(wide, e.scrollWidth - e.clientWidth);
    compare(e.getBoundingClientRect(), {...place.toJSON(), top: end.bottom - 4});
  }
  return {high: Math.round(high / scale), wide: Math.round(wide / scale)};
}

// Pictures of a slide: how much smaller than on paper, and how large the smallest letters are.
function pictures(section) {
  return [...section.querySelectorAll("figure img:not([hidden])")].map(e => {
    const of = name => parseFloat(e.style.getPropertyValue(name));
    const zoom = parseFloat(section.querySelector(".body").style.zoom) || 1;
    const scale = zoom * Math.min(e.clientWidth / of("--width"), e.clientHeight / of("--height"));
    return {scale, high: scale * of("--height"), broken: e.complete && !e.naturalWidth,
            letters: e.dataset.letters ? scale * e.dataset.letters : null};
  });
}

// Make the text of a slide smaller until it fits, down to three quarters; say what is left over.
function fit(section) {
  const body = section.querySelector(".body");
  let left, seen, zoom;
  for (zoom of [1, 0.95, 0.9, 0.85, 0.8, 0.75]) {
    body.style.zoom = zoom;
    [left, seen] = [beyond(section), pictures(section)];
    if (left.high < 2 && left.wide < 2 && seen.every(e => e.scale > 0.5 || e.high > 200)) break;
  }
  if (zoom === 1) body.style.zoom = "";
  return {...left, zoom, pictures: seen};
}

// Code line by line: the steps of a cell are fragments without a look of their own.
function pointAtLines() {
  for (const code of Reveal.getCurrentSlide().querySelectorAll(".code:has(.step)")) {
    const shown = [...code.querySelectorAll(".step.visible")].pop();
    const lines = shown ? shown.dataset.lines.split(" ") : [];
    code.querySelectorAll(".line").forEach((line, k) => {
      line.classList.toggle("away", !!shown && !lines.includes(String(k + 1)));
    });
  }
}

// Moving pictures: a button and a slider turn the frames over.
for (const figure of document.querySelectorAll("figure.frames")) {
  const frames = [...figure.querySelectorAll("img")], last = frames.length - 1;
  const said = frames[last].alt;
  const button = make("button", {type: "button", "aria-label": _("Play")}, "▶");
  const slider = make("input", {type: "range", min: 0, max: last, value: last,
                                "aria-label": _("Picture"), "data-prevent-swipe": ""});
  const count = make("output", {});
  let timer = null;
  const show = k => {
    frames.forEach((frame, n) => { frame.hidden = n !== k; frame.alt = said; });
    slider.value = k;
    count.textContent = `${k + 1} / ${last + 1}`;
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.textContent = "▶";
    button.setAttribute("aria-label", _("Play"));
  };
  button.onclick = () => {
    if (timer) return stop();
    let k = Number(slider.value) === last ? 0 : Number(slider.value);
    show(k);
    timer = setInterval(() => k < last ? show(++k) : stop(), figure.dataset.pause);
    button.textContent = "❚❚";
    button.setAttribute("aria-label", _("Pause"));
  };
  slider.oninput = () => { stop(); show(Number(slider.value)); };
  slider.onpointerup = () => slider.blur();  // the arrow keys turn the slides again
  const control = make("div", {class: "control"});
  control.append(button, slider, count);
  figure.append(control);
  show(last);
}

// The agenda, over the slide.
const points = document.querySelector(".points");
function showAgenda(on = points.hidden) {
  points.hidden = !on;
  const part = Number(Reveal.getCurrentSlide().dataset.part);
  points.querySelectorAll("a").forEach((a, k) => {
    if (k + 1 === part) a.setAttribute("aria-current", "step");
    else a.removeAttribute("aria-current");
  });
  points.onclick = () => showAgenda(false);
}

// The pen: what is drawn stays on its slide until the page is closed.
const tools = make("div", {class: "tools"});
const pen = make("button", {type: "button", "aria-label": _("Draw (D)"), title: _("Draw (D)"),
                            "aria-pressed": "false"}, "✎");
const undo = make("button", {type: "button", "aria-label": _("Take back the last stroke"),
                             title: _("Take back the last stroke"), hidden: ""}, "↶");
const clear = make("button", {type: "button", "aria-label": _("Clear the drawing"),
                              title: _("Clear the drawing"), hidden: ""}, "✕");
tools.append(undo, clear, pen);
document.querySelector(".reveal").append(tools);
function sheet() {
  const section = Reveal.getCurrentSlide();
  let svg = section.querySelector(":scope > svg.drawn");
  if (!svg) {
    svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "drawn");
    svg.setAttribute("data-prevent-swipe", "");
    svg.setAttribute("aria-hidden", "true");
    section.append(svg);
    const at = event => {
      const box = svg.getBoundingClientRect(), scale = section.offsetWidth / box.width;
      return `${Math.round((event.clientX - box.left) * scale)} `
        + Math.round((event.clientY - box.top) * scale);
    };
    let line = null, path = "";
    svg.onpointerdown = event => {
      event.stopPropagation();
      svg.setPointerCapture(event.pointerId);
      line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path = `M ${at(event)} l 0 0.1`;
      line.setAttribute("d", path);
      svg.append(line);
    };
    svg.onpointermove = event => {
      if (!line) return;
      path += ` L ${at(event)}`;
      line.setAttribute("d", path);
    };
    svg.onpointerup = svg.onpointercancel = () => { line = null; };
    for (const kind of ["touchstart", "touchmove", "touchend"])
      svg.addEventListener(kind, event => event.stopPropagation());
  }
  return svg;
}
function draw(on = pen.getAttribute("aria-pressed") === "false") {
  pen.setAttribute("aria-pressed", String(on));
  undo.hidden = clear.hidden = !on;
  document.documentElement.classList.toggle("drawing", on);
  if (on) sheet();
}
pen.onclick = () => { draw(); pen.blur(); };
undo.onclick = () => { sheet().lastElementChild?.remove(); undo.blur(); };
clear.onclick = () => { sheet().replaceChildren(); clear.blur(); };

// Where no browser measured the deck when it was written, the reader's own makes it fit.
function fitUnmeasured() {
  if (!("measured" in paper.dataset) && !paper.classList.contains("upright"))
    fit(Reveal.getCurrentSlide());
}

Reveal.on("ready", () => { pointAtLines(); fitUnmeasured(); });
Reveal.on("fragmentshown", pointAtLines);
Reveal.on("fragmenthidden", pointAtLines);
Reveal.on("slidechanged", () => {
  pointAtLines();
  fitUnmeasured();
  if (points) showAgenda(false);
  if (pen.getAttribute("aria-pressed") === "true") sheet();
});
Reveal.initialize({
  ...size(),
  margin: 0,
  maxScale: 4,
  center: false,
  display: "flex",
  hash: true,
  transition: "none",
  scrollActivationWidth: null,
  keyboard: {65: () => points && showAgenda(), 68: () => draw()},
  plugins: [RevealNotes],
});
addEventListener("resize", () => Reveal.configure(size()));
