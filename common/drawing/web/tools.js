// The buttons and the slider below the sheet.

import {button, element} from "./dom.js";
import {_} from "./language.js";

// act: the functions undo, clear, save, open(file) and setWidth(pixels).
export function makeTools(act, width) {
  const file = element("input", {type: "file", accept: "image/*", hidden: true});
  file.addEventListener("change", () => {
    if (file.files.length) act.open(file.files[0]);
    file.value = "";  // so that the same file can be chosen again
  });
  const slider = element("input", {type: "range", min: 8, max: 44, value: width});
  slider.addEventListener("input", () => act.setWidth(Number(slider.value)));
  const undo = button(_("Undo"), _("Take back the last stroke (Z)"), act.undo);
  const clear = button(_("Clear"), _("Clear the sheet (C)"), act.clear);
  undo.setAttribute("aria-keyshortcuts", "Z");
  clear.setAttribute("aria-keyshortcuts", "C");
  const tools = element("div", {className: "tools"}, undo, clear,
    button(_("Save"), _("Save the drawing as PNG"), act.save),
    button(_("Load"), _("Load a picture, or a photograph of a digit on paper"), () => file.click()),
    file, element("label", {}, _("Line"), " ", slider));
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", _("Drawing tools"));
  return {element: tools, slider};
}

// Offer the drawing as a file.
export function saveCanvas(canvas) {
  canvas.toBlob(blob => {
    const link = element("a", {href: URL.createObjectURL(blob), download: "digit.png"});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
}
