// What common/drawing/photo.py does, for a browser: bright ink on black from a picture of any light.
// Its comments say why; the steps and their numbers are the same.

const CLEAN = 25.5, WINDOW = 0.22, FAINT = 0.1, NOISE = 6, BEGINS = 0.4, ENDS = 0.75;
const SPECK = 0.05, EDGE = 0.05;

// grey: 0..255, row by row; alpha: how opaque, alike, or null. Returns 0..255, alike.
export function inkOf(grey, height, width, alpha = null) {
  if (alpha) {
    const paper = paperOf(grey, alpha);
    if (paper === null) return alpha;
    grey = grey.map((value, k) => Math.round(Math.min(value + paper * (255 - alpha[k]) / 255, 255)));
  }
  return drawnInk(grey, height, width) || photographedInk(grey, height, width);
}

function paperOf(grey, alpha) {
  const tones = [], most = alpha.reduce((a, b) => Math.max(a, b), 0);
  alpha.forEach((a, k) => {
    if (a >= 128 && 10 * a >= 9 * most) tones.push(Math.floor(255 * grey[k] / a));
  });
  if (!tones.length) return null;
  tones.sort((a, b) => a - b);
  const paper = tones[tones.length >> 1], rare = Math.floor(tones.length / 100);
  const writtenOn = tones[tones.length - 1 - rare] - tones[rare] >= 64;
  return writtenOn || 2 * tones.length > grey.length && paper >= 128 ? paper : null;
}

function drawnInk(grey, height, width) {
  const ground = [0, 255].find(value =>
    2 * grey.reduce((count, one) => count + (one === value), 0) >= grey.length);
  if (ground === undefined) return null;
  const ink = ground ? grey.map(value => 255 - value) : grey;
  const strong = Float64Array.from(ink, value => value >= CLEAN ? 1 : 0);
  const near = filtered(strong, height, width, 3, Math.max, -1);
  if (ink.some((value, k) => value > 0 && !near[k])) return null;
  const most = ink.reduce((a, b) => Math.max(a, b), 0);
  return most >= 128 || most === 0 ? ink : ink.map(value => Math.round(value * (255 / most)));
}

function photographedInk(grey, height, width) {
  let light = Float64Array.from(grey);
  if (inkIsBright(light, height, width)) light = light.map(value => 255 - value);
  const paper = paperBehind(light, height, width);
  const share = light.map((value, k) => value / Math.max(paper[k], 1));
  const usual = Math.max(middle(share), 1e-9), darker = share.map(value => 1 - value / usual);
  const most = middle(darker), scatter = 1.4826 * middle(darker.map(value => Math.abs(value - most)));
  const full = darker.slice().sort()[darker.length - 1 - Math.floor(darker.length / 1000)];
  if (full < Math.max(FAINT, NOISE * scatter)) return new Uint8Array(grey.length);
  const begin = Math.max(BEGINS * full, 4 * scatter), end = ENDS * full;
  const ink = darker.map(value => Math.min(Math.max((value - begin) / (end - begin), 0), 1));
  const kept = isDigit(ink, height, width);
  return Uint8Array.from(ink, (value, k) => kept[k] ? Math.round(255 * value) : 0);
}

// How bright the paper is at each pixel, under the ink too.
function paperBehind(light, height, width) {
  const half = Math.max(1, Math.floor(WINDOW * Math.max(height, width) / 2 + 0.5));
  const high = height + 2 * half, wide = width + 2 * half, beyond = new Float64Array(high * wide);
  const within = (k, length) => Math.min(Math.max(k - half, 0), length - 1);
  for (let row = 0, k = 0; row < high; row++)
    for (let column = 0; column < wide; column++)
      beyond[k++] = light[within(row, height) * width + within(column, width)];
  const closed = filtered(filtered(beyond, high, wide, 2 * half + 1, Math.max, -1),
                          high, wide, 2 * half + 1, Math.min, Infinity);
  return light.map((_, k) =>
    closed[(half + Math.floor(k / width)) * wide + half + k % width]);
}

function inkIsBright(light, height, width) {
  const reach = Math.floor(Math.max(height, width) / 4), mean = localMean(light, height, width, reach);
  return light.reduce((sum, value, k) => sum + (value - mean[k]) ** 3, 0) > 0;
}

function localMean(image, height, width, reach) {
  const sums = new Float64Array((height + 1) * (width + 1)), mean = new Float64Array(image.length);
  for (let row = 0; row < height; row++)
    for (let column = 0, line = 0; column < width; column++) {
      line += image[row * width + column];
      sums[(row + 1) * (width + 1) + column + 1] = sums[row * (width + 1) + column + 1] + line;
    }
  for (let row = 0; row < height; row++) {
    const top = Math.max(row - reach, 0), bottom = Math.min(row + reach + 1, height);
    for (let column = 0; column < width; column++) {
      const left = Math.max(column - reach, 0), right = Math.min(column + reach + 1, width);
      const total = sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right]
        - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left];
      mean[row * width + column] = total / ((bottom - top) * (right - left));
    }
  }
  return mean;
}

// The largest or smallest value (of: Math.max or Math.min) in a square around each pixel.
function filtered(image, height, width, window, of, outside) {
  const reach = window >> 1;
  for (const [count, step, lines, next] of [[height, width, width, 1], [width, 1, height, width]]) {
    const result = new Float64Array(image.length), line = new Float64Array(count + window - 1);
    for (let j = 0; j < lines; j++) {
      line.fill(outside);
      for (let k = 0; k < count; k++) line[reach + k] = image[j * next + k * step];
      let span = 1;  // line[k] is the value of so many from k on; twice as many with each round
      for (; 2 * span <= window; span *= 2)
        for (let k = 0; k + span < line.length; k++) line[k] = of(line[k], line[k + span]);
      for (let k = 0; k < count; k++)
        result[j * next + k * step] = of(line[k], line[k + window - span]);
    }
    image = result;
  }
  return image;
}

function middle(values) {
  return values.slice().sort()[values.length >> 1];
}

// Which pixels belong to the digit: no dust, and nothing that comes in from the edge.
function isDigit(ink, height, width) {
  const parts = connected(ink, height, width).map(part => ({
    part,
    amount: part.reduce((sum, k) => sum + ink[k], 0),
    inside: !part.some(k => k % width === 0 || k % width === width - 1 || k < width
                       || k >= width * (height - 1)),
  }));
  const most = some => some.reduce((a, {amount}) => Math.max(a, amount), 0);
  const within = most(parts.filter(({inside}) => inside)), all = most(parts);
  const alone = within < EDGE * all, largest = alone ? all : within;
  const kept = new Uint8Array(ink.length);
  for (const {part, amount, inside} of parts)
    if (amount >= SPECK * largest && (inside || alone)) for (const k of part) kept[k] = 1;
  return kept;
}

// The parts of the ink that hang together, diagonals too, as lists of pixels.
function connected(ink, height, width) {
  const left = Uint8Array.from(ink, value => value > 0 ? 1 : 0), parts = [];
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue;
    const part = [start];
    left[start] = 0;
    for (let at = 0; at < part.length; at++) {
      const row = Math.floor(part[at] / width), column = part[at] % width;
      for (let y = Math.max(row - 1, 0); y <= row + 1 && y < height; y++)
        for (let x = Math.max(column - 1, 0); x <= column + 1 && x < width; x++)
          if (left[y * width + x]) {
            left[y * width + x] = 0;
            part.push(y * width + x);
          }
    }
    parts.push(part);
  }
  return parts;
}
