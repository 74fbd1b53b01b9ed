// What a network is given, and what it answers: shared by the page and the notebook's pad.

const NAMES = {mlp: "MLP", cnn: "CNN"};
const RAISES = [86, 180, 233], LOWERS = [230, 159, 0];  // light blue and orange, on black

// Ten bars, one for each digit.
function makeBars(name) {
  const caption = element("caption", {}, name), rows = [];
  const body = element("tbody");
  for (let digit = 0; digit < 10; digit++) {
    const bar = element("div", {className: "bar"}), share = element("td", {className: "share"});
    const row = element("tr", {}, element("th", {scope: "row"}, String(digit)),
                        element("td", {className: "track"}, bar), share);
    rows.push({row, bar, share});
    body.append(row);
  }
  // probabilities: ten numbers, or null where there is nothing to read.
  function show(probabilities) {
    const answer = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    caption.textContent = probabilities ? `${name}: ${answer}` : name;
    rows.forEach(({row, bar, share}, digit) => {
      const p = probabilities ? probabilities[digit] : 0;
      row.classList.toggle("answer", digit === answer);
      bar.style.width = 100 * p + "%";
      share.textContent = probabilities ? percent(p) : "";
    });
  }
  return {element: element("table", {className: "bars"}, caption, body), show};
}

function percent(p) {
  return p >= 0.995 && p < 1 ? ">99 %" : Math.round(100 * p) + " %";
}

// 28×28 pixels, 0..1, and over them how far each of them moves the answer.
function makePicture(label) {
  const canvas = element("canvas", {width: 224, height: 224, className: "seen"});
  canvas.setAttribute("role", "img");
  const context = canvas.getContext("2d");
  function show(pixels, influence = null) {
    canvas.setAttribute("aria-label", label);
    const largest = influence ? Math.max(...influence.map(Math.abs), 1e-12) : 1;
    context.fillRect(0, 0, 224, 224);
    for (let k = 0; k < 784; k++) {
      const grey = 255 * pixels[k] * (influence ? 0.35 : 1);
      const much = influence ? Math.abs(influence[k]) / largest : 0;
      const goal = influence && influence[k] < 0 ? LOWERS : RAISES;
      const color = goal.map(value => Math.round(grey + (value - grey) * much));
      if (!color[0] && !color[1] && !color[2]) continue;
      const x = 8 * (k % 28), y = 8 * Math.floor(k / 28);
      context.fillStyle = `rgb(${color})`;
      context.fillRect(x, y, 8, 8);
      context.fillStyle = "black";
      if (influence && influence[k] < 0 && much > 0.05) context.fillRect(x + 1, y + 3, 6, 2);
    }
  }
  show(new Float32Array(784));
  return {element: canvas, show};
}

// One way to prepare a drawing: the picture, and what both networks answer.
function makeReading(title, how) {
  const picture = makePicture(how), bars = {mlp: makeBars("MLP"), cnn: makeBars("CNN")};
  const made = element("section", {className: "reading"}, element("h2", {}, title),
                       element("p", {}, how), picture.element, bars.mlp.element, bars.cnn.element);
  function show(pixels, answers) {  // answers: {mlp: ten probabilities, cnn: ten}, or null
    picture.show(pixels);
    for (const name of ["mlp", "cnn"]) bars[name].show(answers && answers[name]);
  }
  return {element: made, picture, show};
}

// What a screen reader says.
function sentence(raw, prepared) {
  const say = answers => Object.keys(NAMES).map(name => {
    const most = Math.max(...answers[name]);
    return `${NAMES[name]} ${answers[name].indexOf(most)}, ${percent(most)}`;
  }).join("; ");
  return `Prepared: ${say(prepared)}. Raw: ${say(raw)}.`;
}

// The two ways of the course, side by side.
function makeReadings() {
  const made = [makeReading("Raw", "the drawing shrunk to 28×28"),
                makeReading("Prepared", "made as MNIST's images were")];
  return [element("div", {className: "readings"}, ...made.map(one => one.element)), ...made];
}
