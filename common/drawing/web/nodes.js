// The MLP's hidden nodes while one draws: all of them, the strongest, and those that made the answer.

import {element} from "./dom.js";
import {_} from "./language.js";
import {signed} from "./maps.js";

const LISTED = 5;

// 784 nodes as 28×28 squares.
function makeNodes(name) {
  const canvas = element("canvas", {width: 28, height: 28, className: "nodes"});
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", _("{}: its 784 nodes, brighter for more", name));
  const context = canvas.getContext("2d"), image = context.createImageData(28, 28);
  const lit = element("span");
  function show(values) {
    const largest = values.reduce((a, b) => Math.max(a, b), 1e-6);
    let count = 0;
    values.forEach((value, k) => {
      const grey = 255 * value / largest;
      if (value > 0) count++;
      image.data.set([grey, grey, grey, 255], 4 * k);
    });
    context.putImageData(image, 0, 0);
    lit.textContent = _("{} of 784 are above 0.", count);
  }
  return {element: element("figure", {}, canvas, element("figcaption", {}, `${name}: `, lit)), show};
}

// Nodes in a table: their number, their value, and what they add to the answer's lead.
function makeList(name) {
  const rows = [], body = element("tbody"), caption = element("caption", {}, name);
  for (let k = 0; k < LISTED; k++) {
    const node = element("th", {scope: "row"}), value = element("td"), adds = element("td");
    const bar = element("div", {className: "signed"}), track = element("td", {}, bar);
    rows.push({node, value, adds, bar});
    body.append(element("tr", {}, node, value, adds, track));
  }
  const head = element("thead", {}, element("tr", {}, ...[_("node"), _("value"), _("adds"), ""].map(text =>
    text ? element("th", {scope: "col"}, text) : element("td"))));
  function show(numbers, values, lead) {
    const largest = Math.max(...lead.map(Math.abs), 1e-9);
    rows.forEach(({node, value, adds, bar}, k) => {
      const j = numbers[k], share = 50 * Math.abs(lead[j]) / largest;
      node.textContent = String(j);
      value.textContent = signed(values[j]);
      adds.textContent = lead[j] > 0 ? `+${signed(lead[j])}` : signed(lead[j]);
      bar.classList.toggle("minus", lead[j] < 0);
      Object.assign(bar.style, {width: `${share}%`, marginLeft: `${lead[j] < 0 ? 50 - share : 50}%`});
    });
  }
  return {element: element("table", {className: "list"}, caption, head, body), show};
}

export function makeNodesView(mlp) {
  const grids = [_("first hidden layer"), _("second hidden layer")].map(makeNodes);
  const strongest = makeList(_("The strongest nodes of the second hidden layer"));
  const made = makeList(_("The nodes that made the answer")), told = element("p", {className: "told"});

  function show(result) {
    for (const [k, grid] of grids.entries()) grid.show(result.hidden[k]);
    const digits = [...result.logits.keys()].sort((a, b) => result.logits[b] - result.logits[a]);
    const values = result.hidden[1], lead = mlp.lead(values, digits[0], digits[1]);
    const first = by => [...values.keys()].sort((a, b) => by[b] - by[a]).slice(0, LISTED);
    strongest.show(first(values), values, lead);
    made.show(first(lead), values, lead);
    const sum = some => some.reduce((a, b) => a + b, 0);
    const adding = lead.filter(part => part > 0), taking = lead.filter(part => part < 0);
    const difference = result.logits[digits[0]] - result.logits[digits[1]];
    told.textContent = _("The answer {} leads the next one, {}, by {} in the logit. {} nodes add {} to "
      + "that lead, {} take away {}, and the biases add {}. The {} that made most of it add {}.",
      digits[0], digits[1], signed(difference), adding.length, signed(sum(adding)),
      taking.length, signed(-sum(taking)), signed(difference - sum(lead)), LISTED,
      signed(sum(first(lead).map(j => lead[j]))));
  }

  return {element: element("div", {className: "mlp-layers"},
    element("div", {className: "grids"}, ...grids.map(grid => grid.element)),
    element("div", {className: "lists"}, strongest.element, made.element), told), show};
}
