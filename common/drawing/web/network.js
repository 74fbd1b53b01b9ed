// The course's two networks, in the numbers that Chainer has: float32 from pixels to logits.
// Sums run over inputs that are not 0 only: most pixels are black, and ReLU makes many zeros.

// Chainer keeps W as (outputs, inputs); a sum over inputs wants the outputs side by side.
function transposed(W, rows, columns) {
  const T = new Float32Array(W.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) T[c * rows + r] = W[r * columns + c];
  return T;
}

// out[at + k] += the sum of values[j] * W[starts[j] + k] over j < count, for k < length.
// Four rows at a time, so `out` is read and written a quarter as often.
function addRows(out, at, length, W, starts, values, count) {
  let j = 0;
  for (; j + 3 < count; j += 4) {
    const a = values[j], b = values[j + 1], c = values[j + 2], d = values[j + 3];
    let p = starts[j], q = starts[j + 1], r = starts[j + 2], s = starts[j + 3];
    for (let k = at, end = at + length; k < end; k++)
      out[k] += a * W[p++] + b * W[q++] + c * W[r++] + d * W[s++];
  }
  for (; j < count; j++) {
    const a = values[j];
    let p = starts[j];
    for (let k = at, end = at + length; k < end; k++) out[k] += a * W[p++];
  }
}

const starts = new Int32Array(4096), values = new Float64Array(4096);  // for addRows

// x W + b of a dense layer, as float64; x: the inputs, W: (inputs, outputs).
function dense(x, W, b) {
  const out = Float64Array.from(b);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    starts[count] = i * b.length;
    values[count++] = x[i];
  }
  addRows(out, 0, b.length, W, starts, values, count);
  return out;
}

function relu(x) {
  for (let k = 0; k < x.length; k++) if (x[k] < 0) x[k] = 0;
  return x;
}

export function softmax(logits) {
  const most = Math.max(...logits), e = Array.from(logits, a => Math.exp(a - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map(a => a / sum);
}

// 784-784-784-10 with ReLU: chapter 09.
export class MLP {
  constructor(weights) {
    this.layers = [1, 2, 3].map(number => {
      const b = weights[`mlp/${number}/b`], W = weights[`mlp/${number}/W`];
      return {W: transposed(W, b.length, W.length / b.length), b};
    });
  }

  // An image of 784 pixels through all layers: the nodes of both hidden ones, and ten logits.
  forward(image) {
    const [first, second, last] = this.layers;
    const hidden1 = relu(dense(image, first.W, first.b));
    const hidden2 = relu(dense(hidden1, second.W, second.b));
    return {hidden: [hidden1, hidden2], logits: dense(hidden2, last.W, last.b)};
  }

  // How much each node of the second hidden layer adds to a digit's lead over another: these and
  // the difference of the two biases sum to the difference of the logits.
  lead(hidden2, digit, other) {
    const {W} = this.layers[2];
    return hidden2.map((value, j) => value * (W[j * 10 + digit] - W[j * 10 + other]));
  }
}

// 784-500-300-200-100-50 and back, with ReLU, but not after the code and the output: chapter 20.
export class Autoencoder {
  constructor(weights) {
    this.halves = ["encoder", "decoder"].map(half => [1, 2, 3, 4, 5].map(number => {
      const name = `autoencoder/${half}/${number}`, b = weights[`${name}/b`];
      return {W: transposed(weights[`${name}/W`], b.length, weights[`${name}/W`].length / b.length), b};
    }));
  }

  // An image of 784 pixels: its code, and the image that is drawn from it.
  forward(image) {
    const through = (layers, from) => layers.reduce(
      (x, {W, b}, k) => k < layers.length - 1 ? relu(dense(x, W, b)) : dense(x, W, b), from);
    const [encoder, decoder] = this.halves, code = through(encoder, image);
    return {code, restored: through(decoder, code)};
  }
}

// 5×5×32, pooling, 5×5×64, pooling, 1024, 10, with ReLU: chapter 12.
export class CNN {
  constructor(weights) {
    const W = name => weights[`cnn/${name}/W`], b = name => weights[`cnn/${name}/b`];
    const first = new Convolution(W("conv1"), b("conv1"), new Float32Array(784));
    const second = new Convolution(W("conv2"), b("conv2"), first.unit(new Float32Array(784)));
    this.units = [first, second];
    // Chainer's 3136 inputs go by channel, row, column; here the channels lie side by side.
    const W1 = transposed(W("dense1"), 1024, 3136);
    this.W1 = new Float32Array(W1.length);
    for (let channel = 0; channel < 64; channel++)
      for (let place = 0; place < 49; place++) {
        const from = (channel * 49 + place) * 1024;
        this.W1.set(W1.subarray(from, from + 1024), (place * 64 + channel) * 1024);
      }
    this.b1 = b("dense1");
    this.W2 = transposed(W("dense2"), 10, 1024);
    this.b2 = b("dense2");
  }

  // An image of 784 pixels through all layers: the maps of both units, by row, column, filter, and
  // ten logits. Dropout works in training only.
  forward(image) {
    const first = this.units[0].unit(image), second = this.units[1].unit(first);
    const hidden = relu(dense(second, this.W1, this.b1));
    return {inputs: [image, first], maps: [first, second],
            logits: dense(hidden, this.W2, this.b2)};
  }
}

// A unit of chapter 12: convolution of 5×5 that keeps the size, ReLU, max pooling of 2×2.
// Numbers lie by row, column, channel. A convolution is linear, so the sums of a black image are
// made once; then each input that differs from `black` adds its share to the 5×5 places that it
// reaches. These lie side by side, so a row of them is one call of addRows.
class Convolution {
  constructor(W, b, black) {
    const filters = b.length, channels = W.length / filters / 25;
    const size = Math.sqrt(black.length / channels);
    Object.assign(this, {black, size, channels, filters, b, kernels: W});
    this.W = new Float32Array(W.length);  // (channels, 5, 5, filters), turned by half a turn
    for (let f = 0; f < filters; f++)
      for (let c = 0; c < channels; c++)
        for (let k = 0; k < 25; k++)
          this.W[(c * 25 + 24 - k) * filters + f] = W[(f * channels + c) * 25 + k];
    const places = (size + 4) ** 2;  // with a border of 2 to write into
    this.start = new Float64Array(places * filters);
    for (let k = 0; k < this.start.length; k++) this.start[k] = b[k % filters];
    this.sums = this.start.slice();
    this.add(black, new Float32Array(black.length));
    this.start.set(this.sums);
  }

  // Add to the sums what the inputs x give more than the inputs `base`.
  add(x, base) {
    const {size, channels, filters, sums, W} = this, wide = size + 4, length = 5 * filters;
    for (let row = 0, k = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        let count = 0;
        for (let c = 0; c < channels; c++, k++) {
          if (x[k] === base[k]) continue;
          starts[count] = c * 5 * length;
          values[count++] = x[k] - base[k];
        }
        for (let dy = 0; count && dy < 5; dy++) {
          addRows(sums, ((row + dy) * wide + column) * filters, length, W, starts, values, count);
          for (let j = 0; j < count; j++) starts[j] += length;
        }
      }
    }
  }

  unit(x) {
    const {size, filters, sums} = this, wide = size + 4;
    sums.set(this.start);
    this.add(x, this.black);
    const half = size / 2, pooled = new Float32Array(half * half * filters);
    for (let row = 0, k = 0; row < half; row++) {
      for (let column = 0; column < half; column++) {
        const at = ((2 * row + 2) * wide + 2 * column + 2) * filters, below = at + wide * filters;
        for (let f = 0; f < filters; f++, k++) {
          const most = Math.max(sums[at + f], sums[at + filters + f],
                                sums[below + f], sums[below + filters + f]);
          pooled[k] = Math.max(most, 0);
        }
      }
    }
    return pooled;
  }
  // Where a value of a map comes from: of the four sums that pooling chose from, the largest.
  // x: the unit's input. Returns its row and column, the sum of its products by channel, the bias,
  // and for the channel that gives most its number, window, kernel and products, 25 each.
  origin(x, filter, row, column) {
    let best = null;
    for (const [y, x0] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      const found = this.products(x, filter, 2 * row + y, 2 * column + x0);
      if (!best || found.sum > best.sum) best = found;
    }
    return best;
  }

  products(x, filter, row, column) {
    const {size, channels, kernels} = this;
    let sum = 0, channel = 0;
    const parts = Array.from({length: channels}, (_, c) => {
      const window = [], kernel = [], products = [];
      for (let k = 0; k < 25; k++) {
        const y = row + Math.floor(k / 5) - 2, x0 = column + k % 5 - 2;
        const inside = y >= 0 && y < size && x0 >= 0 && x0 < size;
        window.push(inside ? x[(y * size + x0) * channels + c] : 0);
        kernel.push(kernels[(filter * channels + c) * 25 + k]);
        products.push(window[k] * kernel[k]);
      }
      return {window, kernel, products, sum: products.reduce((a, b) => a + b)};
    });
    parts.forEach((part, c) => {
      sum += part.sum;
      if (part.sum > parts[channel].sum) channel = c;
    });
    const {window, kernel, products, sum: ofChannel} = parts[channel];
    return {row, column, sum, bias: this.b[filter], channel, ofChannel, window, kernel, products};
  }
}
