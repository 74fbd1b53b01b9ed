// A picture file as bright ink on black: what load_png of common/drawing/reading.py does.

import {element} from "./dom.js";
import {SIDE} from "./ink.js";
import {inkOf} from "./photo.js";
import {areaAverage, fitted} from "./preprocess.js";
import {heldHow, turned} from "./upright.js";

// Upright as the camera says (EXIF), its numbers as they are in the file.
const AS_IT_IS = {imageOrientation: "from-image", colorSpaceConversion: "none"};

// Returns {grey, height, width}, 0..255, at most SIDE high and wide. Throws where it cannot be read.
export async function openPicture(file) {
  const [picture, orientation] = await heldHow(file);
  const bitmap = await createImageBitmap(picture, AS_IT_IS);
  const {grey, alpha, height, width} = turned(shrunk(bitmap, Math.max(1, Math.floor(
    Math.max(bitmap.width, bitmap.height) / SIDE))), orientation);
  bitmap.close();
  if (Math.max(height, width) <= SIDE)
    return {grey: inkOf(grey, height, width, alpha), height, width};
  const [rows, columns] = fitted([height, width], SIDE);
  const all = {top: 0, left: 0, bottom: height, right: width};
  const fit = image => image && Uint8Array.from(areaAverage(image, width, all, rows, columns),
                                                Math.round);
  return {grey: inkOf(fit(grey), rows, columns, fit(alpha)), height: rows, width: columns};
}

// Means of `factor`×`factor` pixels: grey, darkened where it is transparent, and how opaque it is,
// or null where all is. A strip at a time: not every browser has a canvas for a phone's picture.
function shrunk(bitmap, factor) {
  const height = Math.ceil(bitmap.height / factor), width = Math.ceil(bitmap.width / factor);
  const strip = element("canvas", {width: bitmap.width, height: factor});
  const context = strip.getContext("2d", {willReadFrequently: true});
  const grey = new Uint8Array(height * width), alpha = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const rows = Math.min(factor, bitmap.height - row * factor);
    context.clearRect(0, 0, bitmap.width, factor);
    context.drawImage(bitmap, 0, row * factor, bitmap.width, rows, 0, 0, bitmap.width, rows);
    const {data} = context.getImageData(0, 0, bitmap.width, rows);
    for (let column = 0; column < width; column++) {
      const columns = Math.min(factor, bitmap.width - column * factor);
      let light = 0, opaque = 0;
      for (let y = 0; y < rows; y++) {
        let k = 4 * (y * bitmap.width + column * factor);
        for (let x = 0; x < columns; x++, k += 4) {
          const value = (19595 * data[k] + 38470 * data[k + 1] + 7471 * data[k + 2] + 32768) >> 16;
          light += data[k + 3] === 255 ? value : Math.round(value * data[k + 3] / 255);
          opaque += data[k + 3];
        }
      }
      grey[row * width + column] = Math.floor(light / (rows * columns) + 0.5);
      alpha[row * width + column] = Math.floor(opaque / (rows * columns) + 0.5);
    }
  }
  return {grey, alpha: alpha.every(value => value === 255) ? null : alpha, height, width};
}
