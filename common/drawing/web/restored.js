// What the autoencoder makes of an image: the image, what it restores, and by how much that differs.

import {element} from "./dom.js";
import {_} from "./language.js";
import {makePicture} from "./view.js";

export function makeRestoredView(autoencoder) {
  const names = [_("It gets"), _("It restores"), _("Output less input")];
  const pictures = names.map(makePicture), error = element("p");
  const figures = pictures.map((picture, k) => element(
    "figure", {}, element("figcaption", {}, names[k]), picture.element));
  // image: 784 pixels, 0..1.
  function show(image) {
    const {restored} = autoencoder.forward(image), differences = restored.map((v, k) => v - image[k]);
    const squares = differences.reduce((sum, difference) => sum + difference ** 2, 0);
    pictures[0].show(image);
    pictures[1].show(restored.map(v => Math.min(Math.max(v, 0), 1)));
    pictures[2].show(image, differences);
    error.textContent = _("Mean squared error {}.", (squares / 784).toFixed(4));
  }
  return {element: element("div", {className: "restored"}, ...figures, error), show, model: autoencoder};
}
