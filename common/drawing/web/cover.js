// Chapter 16: how much a pixel does to an answer, found by covering it.

// The logit of a digit for the image, less that with each pixel made black, 784 numbers. Worked out
// in pieces of less than a frame; null where going() says no, since something else is drawn by now.
export async function cover(network, image, digit, going) {
  const influence = new Float32Array(784), seen = network.forward(image).logits[digit];
  const covered = image.slice();
  let until = performance.now() + 8;
  for (let pixel = 0; pixel < 784; pixel++) {
    if (!image[pixel]) continue;
    covered[pixel] = 0;
    influence[pixel] = seen - network.forward(covered).logits[digit];
    covered[pixel] = image[pixel];
    if (performance.now() < until) continue;
    await new Promise(requestAnimationFrame);
    if (!going()) return null;
    until = performance.now() + 8;
  }
  return influence;
}
