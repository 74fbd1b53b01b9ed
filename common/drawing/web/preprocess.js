// What common/drawing/preprocess.py does, for a browser.

const BOX = 20, CENTRE = 14;
export const SIZE = 28;

// Shares of the pixels of a line that each of `cells` equal parts covers: [first pixel, shares].
function overlaps(pixels, cells) {
  const parts = [];
  for (let cell = 0; cell < cells; cell++) {
    const begin = cell * pixels / cells, end = (cell + 1) * pixels / cells;
    const first = Math.floor(begin), shares = [];
    for (let pixel = first; pixel < end && pixel < pixels; pixel++) {
      const covered = Math.min(end, pixel + 1) - Math.max(begin, pixel);
      shares.push(Math.max(covered, 0) * cells / pixels);
    }
    parts.push([first, shares]);
  }
  return parts;
}

// Each pixel of the result (height, width) is the mean of the area that it covers in a box of
// the image: {top, left, bottom, right}, in rows that are `stride` long.
export function areaAverage(image, stride, box, height, width) {
  const columns = overlaps(box.right - box.left, width);
  const result = new Float64Array(height * width);
  const line = new Float64Array(box.right - box.left);
  overlaps(box.bottom - box.top, height).forEach(([first, shares], row) => {
    line.fill(0);
    shares.forEach((share, k) => {
      const start = (box.top + first + k) * stride + box.left;
      for (let x = 0; x < line.length; x++) line[x] += share * image[start + x];
    });
    columns.forEach(([begin, parts], column) => {
      let sum = 0;
      for (let k = 0; k < parts.length; k++) sum += parts[k] * line[begin + k];
      result[row * width + column] = sum;
    });
  });
  return result;
}

// [height, width] scaled so that the longer becomes `side`, and the other at least 1.
export function fitted(shape, side) {
  const longest = Math.max(...shape);
  return shape.map(length =>
    Math.max(1, Math.floor((2 * side * length + longest) / (2 * longest))));
}

// The box around all pixels above 0, or null where there are none.
export function inkBox(image, height, width) {
  let top = height, left = width, bottom = 0, right = 0;
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      if (!(image[k] > 0)) continue;
      if (y < top) top = y;
      if (y >= bottom) bottom = y + 1;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
    }
  }
  return bottom ? {top, left, bottom, right} : null;
}

// A drawing, 0..1, shrunk to 28×28 as it is.
export function raw(image, height, width) {
  const all = {top: 0, left: 0, bottom: height, right: width};
  return Float32Array.from(areaAverage(image, width, all, SIZE, SIZE));
}

// A drawing, 0..1, fitted into 20×20 and moved by its centre of mass into 28×28.
export function preprocess(image, height, width) {
  const prepared = new Float32Array(SIZE * SIZE), box = inkBox(image, height, width);
  if (!box) return prepared;
  const [rows, columns] = fitted([box.bottom - box.top, box.right - box.left], BOX);
  const small = areaAverage(image, width, box, rows, columns);
  let mass = 0, massY = 0, massX = 0;
  small.forEach((value, k) => {
    mass += value;
    massY += value * Math.floor(k / columns);
    massX += value * (k % columns);
  });
  // The tiny addend decides ties, as in symmetric drawings, as Python does.
  const place = (centre, length) =>
    Math.min(Math.max(Math.floor(CENTRE - centre + 0.5 + 1e-6), 0), SIZE - length);
  const top = place(massY / mass, rows), left = place(massX / mass, columns);
  small.forEach((value, k) => {
    prepared[(top + Math.floor(k / columns)) * SIZE + left + k % columns] = value;
  });
  return prepared;
}
