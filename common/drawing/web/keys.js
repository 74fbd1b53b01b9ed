// A pen on the sheet that keys move: arrows, and Space to set it down or lift it.

import {element} from "./dom.js";
import {SIDE} from "./ink.js";
import {_} from "./language.js";

const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

// Returns what shows where the pen is; note(text) says what a reader cannot see.
export function drawWithKeys(paper, hand, note) {
  const cursor = element("div", {className: "cursor", hidden: true});
  let x = SIDE / 2, y = SIDE / 2, down = false;

  function showPen() {
    cursor.hidden = paper.getRootNode().activeElement !== paper;
    cursor.classList.toggle("down", down && hand.drawing);
    cursor.style.left = `${100 * x / SIDE}%`;
    cursor.style.top = `${100 * y / SIDE}%`;
  }

  function liftOrLower() {
    down = !(down && hand.drawing);
    if (down) hand.begin([x, y]);
    else hand.end();
    note(down ? _("Pen down.") : _("Pen up."));
  }

  paper.addEventListener("keydown", event => {
    const step = STEPS[event.key], length = event.shiftKey ? 3 : 10;
    if (event.ctrlKey || event.metaKey || event.altKey || !step && event.key !== " ") return;
    event.preventDefault();
    if (step) {
      x = Math.min(Math.max(x + length * step[0], 0), SIDE);
      y = Math.min(Math.max(y + length * step[1], 0), SIDE);
      if (down && hand.drawing) hand.go([[x, y]]);
    } else if (!event.repeat) liftOrLower();
    showPen();
  });
  paper.addEventListener("focus", () => { if (paper.matches(":focus-visible")) showPen(); });
  paper.addEventListener("pointerdown", () => {
    down = false;
    cursor.hidden = true;
  });
  paper.addEventListener("blur", () => {
    cursor.hidden = true;
    if (down && hand.drawing) liftOrLower();
  });
  return cursor;
}
