// The sheet with a photograph, which is too large for the address, while the page is loaded anew.

import {SIDE} from "./ink.js";

const NAME = "sheet";

export function keepPhotograph(ink) {
  if (!ink.marks.some(mark => mark.picture && !mark.name)) return;
  try {
    sessionStorage.setItem(NAME, JSON.stringify([...ink.bytes()]));
  } catch {
    // A browser that lets a page keep nothing: then the photograph must be opened again.
  }
}

// Put it back on the sheet, once; returns whether there was one.
export function takePhotograph(ink) {
  try {
    const bytes = JSON.parse(sessionStorage.getItem(NAME));
    sessionStorage.removeItem(NAME);
    if (bytes?.length !== SIDE * SIDE) return false;
    ink.load(bytes, SIDE, SIDE);
    return true;
  } catch {
    return false;
  }
}
