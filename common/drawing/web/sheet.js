// A sheet to draw on with mouse, finger, pen or keys; the page and the notebook's pad share it.

import {element} from "./dom.js";
import {makeHand} from "./hand.js";
import {Ink} from "./ink.js";
import {drawWithKeys} from "./keys.js";
import {_} from "./language.js";
import {openPicture} from "./picture.js";
import {drawWithPointer} from "./pointer.js";
import {makeTools, saveCanvas} from "./tools.js";

// changed(finished) is called when the ink changes, with false while a stroke is being drawn;
// note(text) with what else a reader must know.
export function makeSheet(changed, note) {
  const ink = new Ink(), hand = makeHand(ink, changed), paper = ink.canvas;
  Object.assign(paper, {tabIndex: 0, className: "paper"});
  paper.setAttribute("role", "application");
  paper.setAttribute("aria-label", _("Drawing area. Arrow keys move the pen, with Shift in small "
    + "steps. Space sets the pen down or lifts it. Z takes back, C clears. Two fingers move the "
    + "page."));
  drawWithPointer(paper, hand);
  const cursor = drawWithKeys(paper, hand, note);

  function undo() {
    hand.end();
    if (!ink.undo()) return note(_("There is nothing to take back."));
    changed(true);
    note(_("Taken back."));
  }

  function clear() {
    hand.end();
    ink.clear();
    changed(true);
    note(_("Cleared."));
  }

  function load(grey, height, width, name) {
    hand.end();
    ink.load(grey, height, width, name);
    changed(true);
  }

  async function loadFile(file) {
    let picture;
    try {
      picture = await openPicture(file);
    } catch {
      return note(_("{} is no picture that can be read; PNG and JPEG files are. Save a phone's "
        + "HEIC photograph as JPEG first.", file.name));
    }
    load(picture.grey, picture.height, picture.width);
    note(ink.isEmpty() ? _("No ink was found in {}.", file.name)
      : _("{} is loaded.", file.name));
  }

  function setWidth(width) {
    hand.width = width;
    tools.slider.value = width;
  }

  const tools = makeTools({undo, clear, save: () => saveCanvas(paper), open: loadFile, setWidth},
                          hand.width);
  const all = element("div", {className: "sheet"},
                      element("div", {className: "frame"}, paper, cursor), tools.element);
  // Z and C only here: elsewhere a single letter may mean something else to a reader's tools.
  all.addEventListener("keydown", event => {
    const name = event.key.toLowerCase(), held = event.ctrlKey || event.metaKey;
    if (event.altKey || event.shiftKey || event.repeat) return;
    if (name === "z") undo();
    else if (name === "c" && !held) clear();
    else return;
    event.preventDefault();
  });
  return {element: all, ink, hand, load, loadFile, undo, clear, setWidth};
}
