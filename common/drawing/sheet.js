// A sheet to draw on with mouse, finger, pen or keys; the page and the notebook's pad share it.

const SIDE = 280;  // pixels of the drawing, ten for each of the network's

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(text, title, action) {
  const made = element("button", {type: "button", title}, text);
  made.addEventListener("click", action);
  return made;
}

// Make a sheet; changed(finished) is called when its ink changes, with false while a stroke is
// being drawn, and tell(text) with what a reader must know.
function makeSheet(changed, tell) {
  const canvas = element("canvas", {width: SIDE, height: SIDE, tabIndex: 0, className: "paper"});
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", "Drawing area. Arrow keys move the pen, with Shift in small "
    + "steps. Space sets the pen down or lifts it. Z takes back, C clears.");
  const cursor = element("div", {className: "cursor", hidden: true});
  const context = canvas.getContext("2d", {willReadFrequently: true});
  let marks = [];      // all that was done, in order: strokes, pictures, and clearings
  let stroke = null;   // the one that is being drawn
  let pointer = null;  // the mouse, finger or pen that draws it
  let width = 22;
  const pen = {x: SIDE / 2, y: SIDE / 2, down: false};

  function draw(mark, from = 0) {
    if (mark.clear || mark.picture) {
      context.fillStyle = "black";
      context.fillRect(0, 0, SIDE, SIDE);
    }
    if (mark.picture) context.drawImage(mark.picture, 0, 0);
    if (!mark.points) return;
    context.fillStyle = context.strokeStyle = "white";
    context.lineWidth = mark.width;
    context.lineCap = "round";
    for (let k = from; k < mark.points.length; k++) {
      const [x, y] = mark.points[k], [fromX, fromY] = mark.points[Math.max(k - 1, 0)];
      context.beginPath();
      if (k) {
        context.moveTo(fromX, fromY);
        context.lineTo(x, y);
        context.stroke();
      } else {  // a dot: a line without length is not drawn everywhere
        context.arc(x, y, mark.width / 2, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }

  function redraw() {
    draw({clear: true});
    for (const mark of marks) draw(mark);
  }

  function add(mark) {
    marks.push(mark);
    draw(mark);
  }

  function begin(x, y) {
    add(stroke = {points: [[x, y]], width});
    changed(false);
  }

  function go(points) {
    const from = stroke.points.length;
    stroke.points.push(...points);
    draw(stroke, from);
    changed(false);
  }

  function end() {
    if (!stroke) return;
    stroke = pointer = null;
    changed(true);
  }

  function undo() {
    stroke = pointer = null;
    pen.down = false;
    showPen();
    if (!marks.pop()) return tell("There is nothing to take back.");
    redraw();
    changed(true);
  }

  function clear() {
    stroke = pointer = null;
    pen.down = false;
    showPen();
    // Kept as a mark, so that it can be taken back.
    if (!isEmpty()) add({clear: true});
    changed(true);
    tell("Cleared.");
  }

  // Numbers of 0..255, as a picture that fills the sheet as far as its shape allows.
  function load(grey, pictureWidth, pictureHeight) {
    const small = element("canvas", {width: pictureWidth, height: pictureHeight});
    const image = new ImageData(pictureWidth, pictureHeight);
    grey.forEach((value, k) => image.data.set([value, value, value, 255], 4 * k));
    small.getContext("2d").putImageData(image, 0, 0);
    const picture = element("canvas", {width: SIDE, height: SIDE});
    const large = picture.getContext("2d"), scale = SIDE / Math.max(pictureWidth, pictureHeight);
    large.imageSmoothingEnabled = scale < 1;
    large.imageSmoothingQuality = "high";
    large.drawImage(small, (SIDE - scale * pictureWidth) / 2, (SIDE - scale * pictureHeight) / 2,
                    scale * pictureWidth, scale * pictureHeight);
    stroke = pointer = null;
    add({picture});
    changed(true);
  }

  async function loadFile(file) {
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch {
      return tell(`${file.name} is no picture that can be read; PNG files are.`);
    }
    const size = [bitmap.width, bitmap.height];
    const full = element("canvas", {width: size[0], height: size[1]}).getContext("2d");
    full.fillRect(0, 0, ...size);
    full.drawImage(bitmap, 0, 0);
    const {data} = full.getImageData(0, 0, ...size), grey = new Uint8ClampedArray(data.length / 4);
    let sum = 0;
    for (let k = 0; k < grey.length; k++) {
      grey[k] = 0.299 * data[4 * k] + 0.587 * data[4 * k + 1] + 0.114 * data[4 * k + 2];
      sum += grey[k];
    }
    // A picture that is mostly bright is dark ink on paper.
    load(sum > 127.5 * grey.length ? grey.map(value => 255 - value) : grey, ...size);
    tell(`${file.name} is loaded.`);
  }

  function save() {
    canvas.toBlob(blob => {
      const link = element("a", {href: URL.createObjectURL(blob), download: "digit.png"});
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }, "image/png");
  }

  // The ink, row by row, 0..255.
  function bytes() {
    const {data} = context.getImageData(0, 0, SIDE, SIDE), grey = new Uint8Array(SIDE * SIDE);
    for (let k = 0; k < grey.length; k++) grey[k] = data[4 * k];
    return grey;
  }

  // The same, 0..1.
  function ink() {
    const numbers = new Float32Array(bytes());
    for (let k = 0; k < numbers.length; k++) numbers[k] /= 255;
    return numbers;
  }

  function isEmpty() {
    return !bytes().some(value => value > 0);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * SIDE / box.width,
            (event.clientY - box.top) * SIDE / box.height];
  }

  canvas.addEventListener("pointerdown", event => {
    if (pointer !== null || event.button !== 0) return;  // one finger draws, others do nothing
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    pen.down = false;
    cursor.hidden = true;
    begin(...place(event));
  });
  canvas.addEventListener("pointermove", event => {
    if (event.pointerId !== pointer || !stroke) return;
    const between = event.getCoalescedEvents?.() || [];
    go((between.length ? between : [event]).map(place));
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
    canvas.addEventListener(name, event => { if (event.pointerId === pointer) end(); });

  function showPen() {
    cursor.hidden = document.activeElement !== canvas && canvas.getRootNode().activeElement !== canvas;
    cursor.classList.toggle("down", pen.down);
    cursor.style.left = 100 * pen.x / SIDE + "%";
    cursor.style.top = 100 * pen.y / SIDE + "%";
  }

  canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) showPen(); });
  canvas.addEventListener("blur", () => {
    cursor.hidden = true;
    if (pen.down) liftOrLower();
  });

  function liftOrLower() {
    pen.down = !pen.down;
    if (pen.down) begin(pen.x, pen.y);
    else end();
    tell(pen.down ? "Pen down." : "Pen up.");
  }

  const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  canvas.addEventListener("keydown", event => {
    const step = STEPS[event.key], length = event.shiftKey ? 3 : 10;
    if (event.ctrlKey || event.metaKey || event.altKey || !step && event.key !== " ") return;
    event.preventDefault();
    if (pointer !== null) return;
    if (step) {
      pen.x = Math.min(Math.max(pen.x + length * step[0], 0), SIDE);
      pen.y = Math.min(Math.max(pen.y + length * step[1], 0), SIDE);
      if (pen.down && stroke) go([[pen.x, pen.y]]);
    } else if (!event.repeat) liftOrLower();
    showPen();
  });

  // Z and C, also with Ctrl for Z; returns whether the key meant something here.
  function key(event) {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const name = event.key.toLowerCase();
    if (name === "z" && !event.altKey && !event.shiftKey) undo();
    else if (name === "c" && plain) clear();
    else return false;
    event.preventDefault();
    return true;
  }

  const file = element("input", {type: "file", accept: "image/*", hidden: true});
  file.addEventListener("change", () => {
    if (file.files.length) loadFile(file.files[0]);
    file.value = "";  // so that the same file can be chosen again
  });
  const slider = element("input", {type: "range", min: 8, max: 44, value: width});
  slider.addEventListener("input", () => { width = Number(slider.value); });
  const undoButton = button("Undo", "Take back the last stroke (Z)", undo);
  const clearButton = button("Clear", "Clear the sheet (C)", clear);
  undoButton.setAttribute("aria-keyshortcuts", "Z");
  clearButton.setAttribute("aria-keyshortcuts", "C");
  const tools = element("div", {className: "tools"}, undoButton, clearButton,
    button("Save", "Save the drawing as PNG", save),
    button("Load", "Load a PNG", () => file.click()), file,
    element("label", {}, "Line ", slider));
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "Drawing tools");
  redraw();
  return {element: element("div", {className: "sheet"},
                           element("div", {className: "frame"}, canvas, cursor), tools),
          bytes, ink, isEmpty, load, loadFile, undo, clear, key};
}
