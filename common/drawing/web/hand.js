// A hand that draws strokes, whatever moves it: a pointer or keys.

import {LINE, QUARTERS} from "./ink.js";

// changed(finished) is called when the ink changes, with false while a stroke is being drawn.
export function makeHand(ink, changed) {
  const rounded = ([x, y]) => [Math.round(QUARTERS * x) / QUARTERS, Math.round(QUARTERS * y) / QUARTERS];
  const hand = {
    width: LINE,
    drawing: false,
    begin(point) {
      hand.drawing = true;
      ink.add({points: [rounded(point)], width: hand.width});
      changed(false);
    },
    go(points) {
      if (!hand.drawing) return;
      ink.go(points.map(rounded));
      changed(false);
    },
    end() {
      if (!hand.drawing) return;
      hand.drawing = false;
      changed(true);
    },
    drop() {  // the stroke was none: two fingers moved the page
      if (!hand.drawing) return;
      hand.drawing = false;
      ink.undo();
      changed(true);
    },
  };
  return hand;
}
