// The page: a sheet, two ways to prepare the drawing, two networks.

const status = document.getElementById("status"), time = document.getElementById("time");
const [readings, rawReading, preparedReading] = makeReadings();
const toggle = document.getElementById("influence"), legend = document.getElementById("legend");
let networks = null;  // once the weights are unpacked
let waiting = false;  // whether the next frame will read
let last = null;      // what was read last: the images and the MLP's logits

function tell(text) {
  status.textContent = text;
}

// While a stroke is drawn, read once a frame; when it is done, at once.
function changed(finished) {
  if (finished) return read(true);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    if (waiting) read(false);
  });
}

function probabilities(image) {
  return {mlp: softmax(networks.mlp.logits(image)), cnn: softmax(networks.cnn.logits(image))};
}

function read(finished) {
  waiting = false;
  if (!networks) return;
  const start = performance.now(), ink = sheet.ink();
  const images = {raw: raw(ink, SIDE, SIDE), prepared: preprocess(ink, SIDE, SIDE)};
  if (!inkBox(ink, SIDE, SIDE)) {
    last = null;
    rawReading.show(images.raw, null);
    preparedReading.show(images.prepared, null);
    time.textContent = "";
    if (finished) tell("Draw a digit.");
    return;
  }
  const answers = {raw: probabilities(images.raw), prepared: probabilities(images.prepared)};
  rawReading.show(images.raw, answers.raw);
  preparedReading.show(images.prepared, answers.prepared);
  last = {images, answers, time: performance.now() - start};
  time.textContent = `Four answers in ${last.time.toFixed(1)} ms.`;
  if (!finished) return;
  tell(sentence(answers.raw, answers.prepared));
  if (toggle.checked) showInfluence();
}

// The influence of each pixel on the MLP's answer, worked out in pieces of less than a frame.
async function showInfluence() {
  const shown = last;
  legend.hidden = !toggle.checked;
  if (!shown) return;
  for (const [name, reading] of [["raw", rawReading], ["prepared", preparedReading]]) {
    const image = shown.images[name], p = shown.answers[name].mlp;
    const digit = p.indexOf(Math.max(...p)), influence = new Float32Array(784);
    let until = performance.now() + 8;
    for (let pixel = 0; toggle.checked && pixel < 784; pixel++) {
      if (image[pixel]) influence[pixel] = networks.mlp.influence(pixel, image[pixel], digit);
      if (performance.now() < until) continue;
      await new Promise(requestAnimationFrame);
      if (last !== shown) return;  // something else is drawn by now
      until = performance.now() + 8;
    }
    reading.picture.show(image, toggle.checked ? influence : null);
  }
}

// Ten buttons, each with a small picture that it puts on the sheet. images: 7840 of 0..255.
function makeGallery(id, images, name) {
  const list = document.querySelector(`#${id} div`);
  for (let digit = 0; digit < 10; digit++) {
    const grey = images.slice(784 * digit, 784 * (digit + 1)), picture = makePicture("");
    picture.show(grey.map(value => value / 255));
    picture.element.setAttribute("aria-hidden", "true");
    const made = button("", `${name} ${digit}`, () => {
      sheet.load(grey, 28, 28);
      tell(`${name} ${digit}. ${status.textContent}`);
    });
    made.append(picture.element, String(digit));
    made.setAttribute("aria-label", `${name} ${digit}`);
    list.append(made);
  }
}

const sheet = makeSheet(changed, tell);
document.getElementById("sheet").append(sheet.element);
document.getElementById("readings").append(readings);
toggle.addEventListener("change", showInfluence);
document.addEventListener("keydown", event => {
  if (event.target.type !== "file") sheet.key(event);
});

async function start() {
  try {
    const parts = JSON.parse(document.getElementById("parts").textContent);
    const arrays = await unpackWeights(document.getElementById("arrays").textContent, parts);
    networks = {mlp: new MLP(arrays), cnn: new CNN(arrays)};
    makeGallery("examples", arrays.examples, "An image of MNIST:");
    if (arrays.ideas) makeGallery("ideas", arrays.ideas, "The MLP's idea of");
    else document.getElementById("ideas").remove();
    for (let k = 0; k < 3; k++) probabilities(arrays.examples.slice(0, 784).map(v => v / 255));
    read(true);
  } catch (error) {
    tell("This browser cannot open the networks; a newer Firefox, Chrome, Edge or Safari can. "
      + error);
  }
}

const ready = start();
