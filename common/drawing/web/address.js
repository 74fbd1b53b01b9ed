// The page's state in its address, after the #, so that a link leads to it:
//   show=idea-3  what was put on the sheet; ink=…  the strokes since then; line=22  their width
//   cover=cnn    whose answer the overlay explains; layers=no  whether the layers are folded away
//   restored=yes what the autoencoder makes of it is shown
//   lang=ja    the language, where it was chosen
//   way=raw      which image the layers show; at=2.17.3.4  unit, filter, row and column looked at

import {LINE, QUARTERS, SIDE} from "./ink.js";

const DIGITS = 36;

// Strokes as text: two letters for the width, then two for x and two for y of each point.
function written(strokes) {
  const two = number => Math.min(Math.max(Math.round(number), 0), DIGITS ** 2 - 1)
    .toString(DIGITS).padStart(2, "0");
  return strokes.map(({width, points}) =>
    two(width) + points.flat().map(value => two(QUARTERS * value)).join("")).join(".");
}

function strokesOf(text) {
  return text.split(".").map(stroke => {
    const numbers = (stroke.match(/[0-9a-z]{2}/g) || []).map(two => Number.parseInt(two, DIGITS));
    const points = [];
    for (let k = 1; k + 1 < numbers.length; k += 2)
      points.push([numbers[k], numbers[k + 1]].map(value => Math.min(value / QUARTERS, SIDE)));
    return {width: Math.min(Math.max(numbers[0], 8), 44), points};
  }).filter(({points}) => points.length);
}

// What is on the sheet as settings; a photograph is too large for an address.
function drawn(marks) {
  const cleared = marks.findLastIndex(mark => mark.clear), since = marks.slice(cleared + 1);
  const picture = since.findLastIndex(mark => mark.picture);
  const strokes = since.slice(picture + 1).filter(mark => mark.points), found = {};
  if (picture >= 0) {
    if (!since[picture].name) return {};
    found.show = since[picture].name;
  }
  if (strokes.length) found.ink = written(strokes);
  return found;
}

export function readAddress() {
  const settings = new URLSearchParams(location.hash.slice(1));
  const at = (settings.get("at") || "").split(".").map(Number);
  return {
    show: settings.get("show"), strokes: strokesOf(settings.get("ink") || ""),
    lang: ["en", "ja"].find(known => known === settings.get("lang")),
    line: Number(settings.get("line")) || LINE, cover: settings.get("cover"),
    restored: settings.get("restored") === "yes",
    layers: settings.get("layers") !== "no", way: settings.get("way"),
    at: at.length === 4 && at.every(Number.isInteger)
      ? {unit: at[0] === 2 ? 1 : 0, filter: at[1], row: at[2], column: at[3]} : null,
  };
}

// Write the state, without a step for the browser's way back. Only what differs from how the page
// begins is said.
export function writeAddress({lang, ink, line, cover, restored, layers, way, at}) {
  const settings = new URLSearchParams(drawn(ink.marks));
  if (lang) settings.set("lang", lang);
  if (line !== LINE) settings.set("line", line);
  if (cover) settings.set("cover", cover);
  if (restored) settings.set("restored", "yes");
  if (!layers) settings.set("layers", "no");
  if (way !== "prepared") settings.set("way", way);
  if (at) settings.set("at", [at.unit + 1, at.filter, at.row, at.column].join("."));
  const text = settings.toString();
  try {
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  } catch {
    // A browser that lets no file change its address: then there is no link to this state.
  }
}
