// The page: a sheet, two ways to prepare the drawing, two networks, and their layers.

import {readAddress, writeAddress} from "./address.js";
import {cover} from "./cover.js";
import {makeVoice} from "./dom.js";
import {fillGallery} from "./gallery.js";
import {SIDE} from "./ink.js";
import {keepPhotograph, takePhotograph} from "./kept.js";
import {_, translatePage, useWords} from "./language.js";
import {makeMapsView} from "./maps.js";
import {Autoencoder, CNN, MLP, softmax} from "./network.js";
import {makeNodesView} from "./nodes.js";
import {inkBox, preprocess, raw} from "./preprocess.js";
import {makeRestoredView} from "./restored.js";
import {makeSheet} from "./sheet.js";
import {best, makeReadings, makeVerdict, NAMES, sentence, WAYS} from "./view.js";
import {unpackWeights} from "./weights.js";

const find = id => document.getElementById(id);
speak();
const voice = makeVoice(_("The networks are being unpacked.")), verdict = makeVerdict();
const restoring = find("restore"), panel = find("through");
const readings = makeReadings(), covering = find("cover"), way = find("way"), layers = find("layers");
const galleries = {};  // by name: what puts an image of it on the sheet
let networks = null;   // once the weights are unpacked
let views = null;      // of their layers
let waiting = false;   // whether the next frame will read
let last = null;       // what was read last: the images, what the networks made of them, the answers

// The language that the address asks for, else the browser's. The switch loads the page anew: what
// is drawn stands in the address, or is kept aside.
function speak() {
  const known = JSON.parse(find("words").textContent), {lang: asked} = readAddress();
  const language = asked || (navigator.language.startsWith("ja") ? "ja" : "en");
  if (language in known) {
    useWords(known[language]);
    document.documentElement.lang = language;
    document.title = _(document.title);
    translatePage(document.body);
    for (const link of document.querySelectorAll(".links a"))
      link.href = link.href.replace("/chapters/", `/chapters/${language}/`);
  }
  const other = language === "ja" ? "en" : "ja";
  const button = find("language");
  button.textContent = other === "ja" ? "日本語" : "English";
  button.lang = other;
  button.addEventListener("click", () => {
    remember(other);
    keepPhotograph(sheet.ink);
    location.reload();
  });
}

// While a stroke is drawn, read once a frame; when it is done, at once.
function changed(finished) {
  if (finished) return read(true);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    if (waiting) read(false);
  });
}

function through(image) {
  const results = {}, answers = {};
  for (const name of Object.keys(NAMES)) {
    results[name] = networks[name].forward(image);
    answers[name] = softmax(results[name].logits);
  }
  return {image, results, answers};
}

function read(finished) {
  waiting = false;
  if (!networks) return;
  const start = performance.now(), ink = sheet.ink.numbers();
  const images = {raw: raw(ink, SIDE, SIDE), prepared: preprocess(ink, SIDE, SIDE)};
  const empty = !inkBox(ink, SIDE, SIDE);
  last = {empty, raw: through(images.raw), prepared: through(images.prepared)};
  for (const name of Object.keys(WAYS))
    readings[name].show(images[name], empty ? null : last[name].answers);
  verdict.show(empty ? null : last.prepared.answers);
  last.time = performance.now() - start;
  find("time").textContent = empty ? "" : _("Four answers in {} ms.", last.time.toFixed(1));
  if (!finished) return showLayers();
  voice.answer(empty ? _("Draw a digit.") : sentence(last.raw.answers, last.prepared.answers));
  afterwards();
}

// What may wait until the answer is seen.
function afterwards() {
  const shown = last;
  requestAnimationFrame(() => setTimeout(() => {
    if (last !== shown) return;
    showLayers();
    showRestored();
    showCovered();
    remember();
  }));
}

function showRestored() {
  if (views && last && !panel.hidden) views.restored.show(last.prepared.image);
}

function openRestored(open) {
  panel.hidden = !open;
  restoring.setAttribute("aria-expanded", String(open));
}

function showLayers() {
  if (!layers.open || !last) return;
  const {results} = last[way.value];
  views.maps.show(results.cnn);
  find("no-answer").hidden = !last.empty;
  find("nodes").hidden = last.empty;
  if (!last.empty) views.nodes.show(results.mlp);
}

// What covering each pixel does to the answer of one network.
async function showCovered() {
  const shown = last, name = covering.value;
  find("legend").hidden = !name;
  if (!shown || shown.empty) return;
  for (const how of Object.keys(WAYS)) {
    const {image, answers} = shown[how];
    const influence = name && await cover(networks[name], image, best(answers[name]),
                                          () => last === shown && covering.value === name);
    if (last !== shown || covering.value !== name) return;
    readings[how].picture.show(image, influence || null);
  }
}

function remember(language = readAddress().lang) {
  writeAddress({lang: language, ink: sheet.ink, line: sheet.hand.width, cover: covering.value,
                restored: !panel.hidden, layers: layers.open, way: way.value,
                at: views.pointed ? views.maps.at : null});
}

function makeGallery(id, images, name) {
  galleries[id] = digit => sheet.load(images.slice(784 * digit, 784 * (digit + 1)), 28, 28,
                                      `${id}-${digit}`);
  fillGallery(find(id).querySelector(".ten"), images, name, (_grey, digit) => {
    galleries[id](digit);
    voice.note(_("{} is on the sheet.", `${name} ${digit}`));
    sheet.element.scrollIntoView({block: "nearest"});
  });
}

// The state that the address names.
function restore() {
  const state = readAddress(), [id, digit] = (state.show || "").split("-");
  sheet.setWidth(Math.min(Math.max(state.line, 8), 44));
  covering.value = state.cover in NAMES ? state.cover : "";
  way.value = state.way in WAYS ? state.way : WAYS.prepared;
  layers.open = state.layers;
  openRestored(state.restored);
  if (state.at) views.maps.choose(state.at);
  sheet.ink.clear();
  if (takePhotograph(sheet.ink)) return read(true);
  if (galleries[id] && digit in [..."0123456789"]) galleries[id](Number(digit));
  for (const stroke of state.strokes) sheet.ink.add(stroke);
  read(true);
}

const sheet = makeSheet(changed, voice.note);
find("sheet").append(sheet.element, verdict.element, voice.element);
find("readings").append(readings.element);
covering.addEventListener("change", () => {
  showCovered();
  remember();
});
restoring.addEventListener("click", () => {
  openRestored(panel.hidden);
  if (!views) return;
  showRestored();
  remember();
});
for (const one of [way, layers, sheet.element])  // a new way, folded or not, another line
  one.addEventListener(one === layers ? "toggle" : "change", () => {
    if (!views) return;
    showLayers();
    remember();
  });

async function start() {
  try {
    const parts = JSON.parse(find("parts").textContent);
    const arrays = await unpackWeights(find("arrays").textContent, parts);
    networks = {mlp: new MLP(arrays), cnn: new CNN(arrays)};
    let timer = 0;  // a pointer moves often; browsers let an address change less often
    views = {nodes: makeNodesView(networks.mlp), pointed: false, maps: null,
             restored: makeRestoredView(new Autoencoder(arrays))};
    views.maps = makeMapsView(networks.cnn, () => {
      if (!views.maps) return;
      views.pointed = true;
      clearTimeout(timer);
      timer = setTimeout(remember, 300);
    });
    find("maps").append(views.maps.element);
    find("nodes").append(views.nodes.element);
    panel.append(views.restored.element);
    makeGallery("mnist", arrays.examples, _("An image of MNIST:"));
    if (arrays.ideas) makeGallery("idea", arrays.ideas, _("The MLP's idea of"));
    else find("idea").remove();
    for (let k = 0; k < 3; k++) through(arrays.examples.slice(0, 784).map(v => v / 255));
    restore();
    addEventListener("hashchange", restore);
  } catch (error) {
    voice.answer(_("This browser cannot open the networks; a newer Firefox, Chrome, Edge or Safari "
      + "can. {}", error));
  }
}

// biome-ignore lint/correctness/noUnusedVariables: tests wait for it
const ready = start();
