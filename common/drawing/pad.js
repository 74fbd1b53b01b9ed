// The pad of a notebook: the sheet is here, the networks are in Python, on the other end.

function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function render({model, el}) {
  const status = element("p", {className: "status"}, "Draw a digit.");
  status.setAttribute("role", "status");
  const [readings, raw, prepared] = makeReadings();
  let waiting = false, finished = false;

  function tell(text) {
    status.textContent = text;
  }

  // Once a frame at most; Jupyter keeps the newest drawing back while Python is busy.
  function send() {
    waiting = false;
    const count = model.get("drawing").count + 1;
    model.set("drawing", {count, grey: new DataView(sheet.bytes().buffer)});
    model.save_changes();
  }

  const sheet = makeSheet(done => {
    finished = done;
    if (!waiting) requestAnimationFrame(send);
    waiting = true;
  }, tell);

  function showAnswer() {
    const answer = model.get("answer"), empty = sheet.isEmpty();
    const way = k => ({mlp: answer.mlp[k], cnn: answer.cnn[k]});
    raw.show(floats(answer.raw), empty ? null : way(0));
    prepared.show(floats(answer.prepared), empty ? null : way(1));
    if (finished) tell(empty ? "Draw a digit." : sentence(way(0), way(1)));
  }

  function show(view) {
    if (view.byteLength)
      sheet.load(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), SIDE, SIDE);
  }

  const showShown = () => show(model.get("shown").grey);
  model.on("change:answer", showAnswer);
  model.on("change:shown", showShown);
  const left = element("div", {}, sheet.element, status);
  const root = element("div", {className: "digit pad"}, left, readings);
  root.dataset.lmSuppressShortcuts = "true";  // JupyterLab leaves the keys to the pad
  root.addEventListener("keydown", event => {
    sheet.key(event);
    event.stopPropagation();
  });
  el.append(root);
  const before = model.get("drawing").grey;
  if (new Uint8Array(before.buffer, before.byteOffset, before.byteLength).some(v => v > 0))
    show(before);  // the pad is shown a second time
  showAnswer();
  return () => {
    model.off("change:answer", showAnswer);
    model.off("change:shown", showShown);
  };
}

export default {render};
