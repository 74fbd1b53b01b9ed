// What a network is given, and what it answers: shared by the page and the notebook's pad.

import {element} from "./dom.js";
import {_} from "./language.js";

export const NAMES = {mlp: "MLP", cnn: "CNN"};
export const WAYS = {raw: "raw", prepared: "prepared"};

export function best(probabilities) {
  return probabilities.indexOf(Math.max(...probabilities));
}

export function percent(p) {
  return p >= 0.995 && p < 1 ? ">99 %" : `${Math.round(100 * p)} %`;
}

// Ten bars, one for each digit. way: of preparing, so that each table has a name of its own.
function makeBars(name, way) {
  const answered = element("span"), caption = element("caption", {}, answered);
  caption.append(element("span", {className: "unseen"}, `, ${way === WAYS.raw ? _("raw") : _("prepared")}`));
  const rows = [], body = element("tbody");
  for (let digit = 0; digit < 10; digit++) {
    const bar = element("div", {className: "bar"}), share = element("td", {className: "share"});
    const row = element("tr", {}, element("th", {scope: "row"}, String(digit)),
                        element("td", {className: "track"}, bar), share);
    rows.push({row, bar, share});
    body.append(row);
  }
  // probabilities: ten numbers, or null where there is nothing to read.
  function show(probabilities) {
    const answer = probabilities ? best(probabilities) : -1;
    answered.textContent = probabilities ? `${name}: ${answer}` : name;
    rows.forEach(({row, bar, share}, digit) => {
      const p = probabilities ? probabilities[digit] : 0;
      row.classList.toggle("answer", digit === answer);
      bar.style.width = `${100 * p}%`;
      share.textContent = probabilities ? percent(p) : "";
    });
  }
  return {element: element("table", {className: "bars"}, caption, body), show};
}

// The colour of a custom property of the style sheet, as three numbers.
export function colorOf(name, of = document.querySelector(".digit")) {
  const hex = getComputedStyle(of).getPropertyValue(`--${name}`).trim();
  return [1, 3, 5].map(k => Number.parseInt(hex.slice(k, k + 2), 16));
}

// 28×28 pixels, 0..1, and over them how far each of them moves the answer.
export function makePicture(label) {
  const canvas = element("canvas", {width: 224, height: 224, className: "seen"});
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const context = canvas.getContext("2d");
  // influence: 784 numbers; what raises the answer has one colour, what lowers it another and a dash.
  function show(pixels, influence = null) {
    const largest = influence ? Math.max(...influence.map(Math.abs), 1e-12) : 1;
    const goals = influence && [colorOf("minus-on-black", canvas), colorOf("plus-on-black", canvas)];
    context.fillStyle = "black";
    context.fillRect(0, 0, 224, 224);
    for (let k = 0; k < 784; k++) {
      const grey = 255 * pixels[k] * (influence ? 0.35 : 1);
      const much = influence ? Math.abs(influence[k]) / largest : 0;
      const lowers = influence && influence[k] < 0;
      const color = [0, 1, 2].map(part => Math.round(
        influence ? grey + (goals[lowers ? 0 : 1][part] - grey) * much : grey));
      if (!color[0] && !color[1] && !color[2]) continue;
      const x = 8 * (k % 28), y = 8 * Math.floor(k / 28);
      context.fillStyle = `rgb(${color})`;
      context.fillRect(x, y, 8, 8);
      context.fillStyle = "black";
      if (lowers && much > 0.05) context.fillRect(x + 1, y + 3, 6, 2);
    }
  }
  show(new Float32Array(784));
  return {element: canvas, show};
}

// One way to prepare a drawing: the picture, and what both networks answer.
function makeReading(title, how, way) {
  const picture = makePicture(_("The image that the networks get: {}", how));
  const bars = {mlp: makeBars("MLP", way), cnn: makeBars("CNN", way)};
  const made = element("section", {className: "reading"}, element("h2", {}, title),
                       element("p", {}, how), picture.element, bars.mlp.element, bars.cnn.element);
  function show(pixels, answers) {  // answers: {mlp: ten probabilities, cnn: ten}, or null
    picture.show(pixels);
    for (const name of Object.keys(NAMES)) bars[name].show(answers?.[name]);
  }
  return {element: made, picture, show};
}

// The two ways of the course, side by side.
export function makeReadings() {
  const raw = makeReading(_("Raw"), _("the drawing shrunk to 28×28"), WAYS.raw);
  const prepared = makeReading(_("Prepared"), _("made as MNIST's images were"), WAYS.prepared);
  return {element: element("div", {className: "readings"}, raw.element, prepared.element),
          raw, prepared};
}

// What both networks read in the prepared drawing, large.
export function makeVerdict() {
  const digits = {}, made = element("div", {className: "verdict"});
  for (const [name, title] of Object.entries(NAMES)) {
    digits[name] = element("b", {}, "–");
    made.append(element("div", {}, element("span", {}, title), digits[name]));
  }
  made.setAttribute("aria-hidden", "true");  // the sentence below says the same
  function show(answers) {
    for (const name of Object.keys(NAMES))
      digits[name].textContent = answers ? String(best(answers[name])) : "–";
  }
  show(null);
  return {element: made, show};
}

// What a screen reader says.
export function sentence(raw, prepared) {
  const say = answers => Object.keys(NAMES).map(name => {
    const digit = best(answers[name]);
    return `${NAMES[name]} ${digit}, ${percent(answers[name][digit])}`;
  }).join("; ");
  return _("Prepared: {}. Raw: {}.", say(prepared), say(raw));
}
