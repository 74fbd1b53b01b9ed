// The weights of the networks, as common/drawing/weights.py packed them.

const ARRAYS = {int8: Int8Array, uint8: Uint8Array, float32: Float32Array};

// Whole numbers, and a scale for each of their rows.
export async function unpackWeights(base64, parts) {
  const text = atob(base64), packed = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) packed[k] = text.charCodeAt(k);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = await new Response(stream).arrayBuffer(), stored = {}, weights = {};
  for (const {name, kind, at, shape} of parts) {
    const size = shape.reduce((a, b) => a * b);
    stored[name] = {values: new ARRAYS[kind](bytes, at, size), shape};
  }
  for (const [name, {values, shape}] of Object.entries(stored)) {
    const scale = stored[`${name}.scale`], length = values.length / shape[0];  // of a row
    if (name.endsWith(".scale")) continue;
    const numbers = new Float32Array(values);
    weights[name] = numbers;
    if (!scale) continue;
    for (let k = 0; k < numbers.length; k++) numbers[k] *= scale.values[Math.floor(k / length)];
  }
  return weights;
}
