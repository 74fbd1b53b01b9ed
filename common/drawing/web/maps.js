// The CNN's maps while one draws, and the product that a value of a map was made from.

import {element} from "./dom.js";
import {_} from "./language.js";

const UNITS = [{maps: 32, size: 14, row: 8}, {maps: 64, size: 7, row: 16}];

// All maps of one unit in one picture. picked(filter, row, column) is called for what is under the
// pointer.
function makeMaps(unit, picked) {
  const {maps, size, row: perRow} = UNITS[unit], step = size + 1;
  const width = perRow * step - 1, height = maps / perRow * step - 1;
  const canvas = element("canvas", {width, height, className: "maps"});
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", _("The {} maps of unit {}, {}×{} each", maps, unit + 1, size, size));
  const mark = element("div", {className: "mark"});
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);

  function show(values) {  // by row, column, filter
    const largest = values.reduce((a, b) => Math.max(a, b), 1e-6), {data} = image;
    for (let k = 0; k < width * height; k++) data.set([95, 107, 115, 255], 4 * k);
    for (let y = 0, k = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        for (let f = 0; f < maps; f++, k++) {
          const at = (Math.floor(f / perRow) * step + y) * width + f % perRow * step + x;
          data[4 * at] = data[4 * at + 1] = data[4 * at + 2] = 255 * values[k] / largest;
        }
    context.putImageData(image, 0, 0);
  }

  function pick(event) {
    const box = canvas.getBoundingClientRect();
    const x = Math.floor((event.clientX - box.left) / box.width * width);
    const y = Math.floor((event.clientY - box.top) / box.height * height);
    const filter = Math.floor(y / step) * perRow + Math.floor(x / step);
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    picked(filter, Math.min(y % step, size - 1), Math.min(x % step, size - 1));
  }
  for (const name of ["pointermove", "pointerdown"]) canvas.addEventListener(name, pick);

  function point(at) {  // null: at none
    mark.hidden = !at;
    if (!at) return;
    const left = at.filter % perRow * step + at.column, top = Math.floor(at.filter / perRow) * step + at.row;
    Object.assign(mark.style, {left: `${100 * left / width}%`, top: `${100 * top / height}%`,
                               width: `${100 / width}%`, height: `${100 / height}%`});
  }
  return {element: element("div", {className: "frame"}, canvas, mark), show, point};
}

// 25 numbers as a table of coloured cells.
function makeGrid(name) {
  const cells = [], body = element("tbody");
  for (let row = 0; row < 5; row++) {
    const line = element("tr");
    for (let column = 0; column < 5; column++) {
      cells.push(element("td"));
      line.append(cells.at(-1));
    }
    body.append(line);
  }
  const table = element("table", {className: "grid"}, element("caption", {}, name), body);
  function show(values) {
    const largest = Math.max(...values.map(Math.abs), 1e-9);
    values.forEach((value, k) => {
      cells[k].textContent = signed(value, 1);
      const much = Math.round(45 * Math.abs(value) / largest);
      cells[k].style.background = value === 0 ? "none"
        : `color-mix(in srgb, var(--${value < 0 ? "minus" : "plus"}) ${much}%, transparent)`;
    });
  }
  return {element: table, show};
}

export function signed(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) ? `−${text}` : text;
}

// A slider with its name and number. moved() is called when a reader moves it.
function makeSlider(name, moved) {
  const slider = element("input", {type: "range", min: 0, max: 1, value: 0}), seen = element("output");
  slider.addEventListener("input", moved);
  return {element: element("label", {}, `${name} `, slider, seen), slider,
          set(value, most) {
            slider.max = most;
            slider.value = value;
            seen.textContent = slider.value;
          }};
}

// changed() is called when a reader points at another value: for the page's address.
export function makeMapsView(cnn, changed) {
  const at = {unit: 0, filter: 0, row: 5, column: 7};
  let shown = null;  // what cnn.forward gave
  const units = UNITS.map((_sizes, unit) => makeMaps(unit, (filter, row, column) =>
    choose({unit, filter, row, column})));
  const grids = [_("window"), _("filter"), _("product")].map(makeGrid);
  const told = element("p", {className: "told"});
  const select = element("select", {}, element("option", {value: 0}, _("unit {}", 1)),
                         element("option", {value: 1}, _("unit {}", 2)));
  const moved = () => choose({unit: Number(select.value), filter: value("filter"),
                              row: value("row"), column: value("column")});
  const names = {filter: _("filter"), row: _("row"), column: _("column")};
  const sliders = Object.fromEntries(Object.entries(names).map(([key, name]) =>
    [key, makeSlider(name, moved)]));
  const value = name => Number(sliders[name].slider.value);
  select.addEventListener("change", moved);

  function choose(place) {
    Object.assign(at, place);
    const {maps, size} = UNITS[at.unit];
    at.filter = Math.min(Math.max(at.filter, 0), maps - 1);
    for (const name of ["row", "column"]) at[name] = Math.min(Math.max(at[name], 0), size - 1);
    select.value = at.unit;
    sliders.filter.set(at.filter, maps - 1);
    sliders.row.set(at.row, size - 1);
    sliders.column.set(at.column, size - 1);
    for (const [k, unit] of units.entries()) unit.point(k === at.unit ? at : null);
    explain();
    changed();
  }

  function explain() {
    if (!shown) return;
    const unit = cnn.units[at.unit];
    const from = unit.origin(shown.inputs[at.unit], at.filter, at.row, at.column);
    for (const [k, numbers] of [from.window, from.kernel, from.products].entries())
      grids[k].show(numbers);
    const sum = from.sum + from.bias;
    const numbers = [from.sum, from.bias, sum].map(value => signed(value));
    const pooled = at.unit === 0
      ? _("The products sum to {}. With the bias, {}, this is {}, the largest of the four that "
          + "pooling takes together.", ...numbers)
      : _("Shown is map {} of unit 1, which gives most: {}. The products with all 32 maps sum to "
          + "{}. With the bias, {}, this is {}, the largest of the four that pooling takes together.",
          from.channel, signed(from.ofChannel), ...numbers);
    told.textContent = [pooled, sum > 0 ? _("ReLU leaves it: it is the value of the map.")
      : _("ReLU makes it 0, the value of the map.")].join(" ");
  }

  function show(result) {
    shown = result;
    for (const [k, unit] of units.entries()) unit.show(result.maps[k]);
    explain();
  }

  const made = element("div", {className: "cnn-layers"},
    ...units.map((unit, k) => element("div", {className: "unit"},
      element("h4", {}, _("Unit {}: {} maps of {}×{}", k + 1, UNITS[k].maps, UNITS[k].size, UNITS[k].size)),
      unit.element)),
    element("div", {className: "origin"},
      element("h4", {}, _("One value, and the product that it comes from")),
      element("div", {className: "choose"}, element("label", {}, _("maps of"), " ", select),
              ...Object.values(sliders).map(one => one.element)),
      element("div", {className: "grids"}, ...grids.map(grid => grid.element)), told));
  choose(at);
  return {element: made, show, choose, at};
}
