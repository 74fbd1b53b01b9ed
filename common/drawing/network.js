// The course's two networks, in the numbers that Chainer has: float32 from pixels to logits.
// Sums run over inputs that are not 0 only: most pixels are black, and ReLU makes many zeros.

const ARRAYS = {int8: Int8Array, uint8: Uint8Array, float32: Float32Array};

// Unpack what common/drawing/weights.py packed: whole numbers, and a scale for each of their rows.
async function unpackWeights(base64, parts) {
  const text = atob(base64), packed = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) packed[k] = text.charCodeAt(k);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = await new Response(stream).arrayBuffer(), stored = {}, weights = {};
  for (const {name, kind, at, shape} of parts) {
    const size = shape.reduce((a, b) => a * b);
    stored[name] = {values: new ARRAYS[kind](bytes, at, size), shape};
  }
  for (const [name, {values, shape}] of Object.entries(stored)) {
    const scale = stored[name + ".scale"], length = values.length / shape[0];  // of a row
    if (name.endsWith(".scale")) continue;
    const numbers = weights[name] = new Float32Array(values);
    if (!scale) continue;
    for (let k = 0; k < numbers.length; k++) numbers[k] *= scale.values[Math.floor(k / length)];
  }
  return weights;
}

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

function softmax(logits) {
  const most = Math.max(...logits), e = Array.from(logits, a => Math.exp(a - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map(a => a / sum);
}

// 784-784-784-10 with ReLU: chapter 07.
class MLP {
  constructor(weights) {
    this.layers = [1, 2, 3].map(number => {
      const b = weights[`mlp/${number}/b`], W = weights[`mlp/${number}/W`];
      return {W: transposed(W, b.length, W.length / b.length), b};
    });
    this.black = relu(dense(new Float32Array(784), this.layers[0].W, this.layers[0].b));
    this.sums = dense(this.black, this.layers[1].W, this.layers[1].b);
    this.bias = this.rest(this.sums.slice());
  }

  // The ten logits of an image of 784 pixels.
  logits(image) {
    const [first, second] = this.layers;
    return this.rest(dense(relu(dense(image, first.W, first.b)), second.W, second.b));
  }

  // From the sums of the second layer to the logits.
  rest(sums) {
    return dense(relu(sums), this.layers[2].W, this.layers[2].b);
  }

  // Chapter 11: a digit's logit with this pixel alone on black, less its logit on black.
  // One pixel adds one row of W to the first sums; only what that changes goes on.
  influence(pixel, value, digit) {
    const [first, second] = this.layers, nodes = first.b.length, sums = this.sums.slice();
    let count = 0;
    for (let j = 0; j < nodes; j++) {
      const change = Math.max(0, first.b[j] + value * first.W[pixel * nodes + j]) - this.black[j];
      if (change === 0) continue;
      starts[count] = j * sums.length;
      values[count++] = change;
    }
    addRows(sums, 0, sums.length, second.W, starts, values, count);
    const {W, b} = this.layers[2];
    let logit = b[digit];
    for (let j = 0; j < sums.length; j++) if (sums[j] > 0) logit += sums[j] * W[j * 10 + digit];
    return logit - this.bias[digit];
  }
}

// 5×5×32, pooling, 5×5×64, pooling, 1024, 10, with ReLU: chapter 09.
class CNN {
  constructor(weights) {
    const W = name => weights[`cnn/${name}/W`], b = name => weights[`cnn/${name}/b`];
    this.conv1 = new Convolution(W("conv1"), b("conv1"), new Float32Array(784));
    this.conv2 = new Convolution(W("conv2"), b("conv2"), this.conv1.unit(new Float32Array(784)));
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

  // The ten logits of an image of 784 pixels. Dropout works in training only.
  logits(image) {
    const h = this.conv2.unit(this.conv1.unit(image));
    return dense(relu(dense(h, this.W1, this.b1)), this.W2, this.b2);
  }
}

// A unit of chapter 09: convolution of 5×5 that keeps the size, ReLU, max pooling of 2×2.
// Numbers lie by row, column, channel. A convolution is linear, so the sums of a black image are
// made once; then each input that differs from `black` adds its share to the 5×5 places that it
// reaches. These lie side by side, so a row of them is one call of addRows.
class Convolution {
  constructor(W, b, black) {
    const filters = b.length, channels = W.length / filters / 25;
    const size = Math.sqrt(black.length / channels);
    Object.assign(this, {black, size, channels, filters});
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
          pooled[k] = most > 0 ? most : 0;
        }
      }
    }
    return pooled;
  }
}
