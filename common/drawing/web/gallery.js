// Ten buttons, each with a small picture that it puts on the sheet.

import {button} from "./dom.js";
import {makePicture} from "./view.js";

// images: 7840 of 0..255. put(grey, digit) is called for the one that is pressed.
export function fillGallery(list, images, name, put) {
  for (let digit = 0; digit < 10; digit++) {
    const grey = images.slice(784 * digit, 784 * (digit + 1)), picture = makePicture("");
    picture.show(grey.map(value => value / 255));
    picture.element.setAttribute("aria-hidden", "true");
    const made = button("", `${name} ${digit}`, () => put(grey, digit));
    made.append(picture.element, String(digit));
    made.setAttribute("aria-label", `${name} ${digit}`);
    list.append(made);
  }
}
