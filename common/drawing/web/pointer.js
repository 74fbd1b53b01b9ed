// Mouse, finger or pen on the sheet. One finger draws; two move and zoom the page.

import {SIDE} from "./ink.js";

export function drawWithPointer(paper, hand) {
  let pointer = null;  // the one that draws

  function place(event) {
    const box = paper.getBoundingClientRect();
    return [(event.clientX - box.left) * SIDE / box.width,
            (event.clientY - box.top) * SIDE / box.height];
  }

  paper.addEventListener("pointerdown", event => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    paper.setPointerCapture(pointer);
    hand.end();  // of a stroke that keys have begun
    hand.begin(place(event));
  });
  paper.addEventListener("pointermove", event => {
    if (event.pointerId !== pointer) return;
    const between = event.getCoalescedEvents?.() || [];
    hand.go((between.length ? between : [event]).map(place));
  });

  function leave(event, how) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    how();
  }
  paper.addEventListener("pointercancel", event => leave(event, hand.drop));
  paper.addEventListener("pointerup", event => leave(event, hand.end));
  paper.addEventListener("lostpointercapture", event => leave(event, hand.end));
}
