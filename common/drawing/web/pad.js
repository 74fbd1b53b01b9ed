// The pad of a notebook: the sheet is here, the networks are in Python, on the other end.

import {element, makeVoice} from "./dom.js";
import {SIDE} from "./ink.js";
import {_, useWords} from "./language.js";
import {makeSheet} from "./sheet.js";
import {makeReadings, makeVerdict, sentence} from "./view.js";

function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function bytes(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function render({model, el}) {
  useWords(model.get("words"));
  const voice = makeVoice(_("Draw a digit.")), verdict = makeVerdict(), readings = makeReadings();
  let waiting = false;    // whether the next frame will send
  let finished = false;   // whether the stroke is done
  let sent = model.get("drawing").count;

  // Once a frame at most; Jupyter keeps the newest drawing back while Python is busy.
  function send() {
    waiting = false;
    sent = model.get("drawing").count + 1;
    model.set("drawing", {count: sent, grey: new DataView(sheet.ink.bytes().buffer)});
    model.save_changes();
  }

  const sheet = makeSheet(done => {
    finished = done;
    if (!waiting) requestAnimationFrame(send);
    waiting = true;
  }, voice.note);

  function showAnswer() {
    const answer = model.get("answer"), empty = !answer.mlp;
    const way = k => empty ? null : {mlp: answer.mlp[k], cnn: answer.cnn[k]};
    readings.raw.show(floats(answer.raw), way(0));
    readings.prepared.show(floats(answer.prepared), way(1));
    verdict.show(way(1));
    // Said once the stroke is done, of this very drawing and of no older one.
    if (finished && !waiting && answer.drawing === sent)
      voice.answer(empty ? _("Draw a digit.") : sentence(way(0), way(1)));
  }

  function show(view) {
    if (view.byteLength) sheet.load(bytes(view), SIDE, SIDE);
  }

  const showShown = () => show(model.get("shown").grey);
  model.on("change:answer", showAnswer);
  model.on("change:shown", showShown);
  const left = element("div", {className: "left"}, sheet.element, verdict.element, voice.element);
  const root = element("div", {className: "digit pad"},
                       element("div", {className: "beside"}, left, readings.element));
  root.dataset.lmSuppressShortcuts = "true";  // JupyterLab leaves the keys to the pad
  root.addEventListener("keydown", event => event.stopPropagation());
  el.append(root);
  const before = model.get("drawing").grey;
  if (bytes(before).some(value => value > 0)) show(before);  // the pad is shown a second time
  showAnswer();
  return () => {
    model.off("change:answer", showAnswer);
    model.off("change:shown", showShown);
  };
}

export default {render};
