// The ink on the sheet, and all that was done to it, so that it can be taken back.

import {element} from "./dom.js";
import {areaAverage} from "./preprocess.js";

export const SIDE = 280;  // pixels of the drawing, ten for each of the network's
export const LINE = 22;  // width of a stroke at the beginning
export const QUARTERS = 4;  // points lie on quarters of a pixel, as the page's address can say them

export class Ink {
  constructor() {
    this.canvas = element("canvas", {width: SIDE, height: SIDE});
    this.context = this.canvas.getContext("2d", {willReadFrequently: true});
    this.marks = [];  // in order: strokes {points, width}, pictures {picture, name}, {clear}
    this.draw({clear: true});
  }

  add(mark) {
    this.marks.push(mark);
    this.draw(mark);
  }

  // More points [x, y] for the newest stroke.
  go(points) {
    const stroke = this.marks.at(-1), from = stroke.points.length;
    stroke.points.push(...points);
    this.draw(stroke, from);
  }

  // Take the newest mark back; returns whether there was one.
  undo() {
    const gone = this.marks.pop();
    if (gone) this.redraw();
    return Boolean(gone);
  }

  // Kept as a mark, so that it can be taken back.
  clear() {
    if (!this.isEmpty()) this.add({clear: true});
  }

  // Numbers of 0..255 on the whole sheet, black added where they are not square.
  // name: where they come from, for the address of the page.
  load(grey, height, width, name = "") {
    const longest = Math.max(height, width), square = new Float64Array(longest * longest);
    const above = (longest - height) >> 1, before = (longest - width) >> 1;
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        square[(above + row) * longest + before + column] = grey[row * width + column];
    const all = {top: 0, left: 0, bottom: longest, right: longest};
    const image = new ImageData(SIDE, SIDE);
    areaAverage(square, longest, all, SIDE, SIDE).forEach((value, k) => {
      image.data.fill(Math.round(value), 4 * k, 4 * k + 3);
      image.data[4 * k + 3] = 255;
    });
    const picture = element("canvas", {width: SIDE, height: SIDE});
    picture.getContext("2d").putImageData(image, 0, 0);
    this.add({picture, name});
  }

  redraw() {
    this.draw({clear: true});
    for (const mark of this.marks) this.draw(mark);
  }

  draw(mark, from = 0) {
    const {context} = this;
    if (mark.clear || mark.picture) {
      context.fillStyle = "black";
      context.fillRect(0, 0, SIDE, SIDE);
    }
    if (mark.picture) context.drawImage(mark.picture, 0, 0);
    if (!mark.points) return;
    context.fillStyle = context.strokeStyle = "white";
    context.lineWidth = mark.width;
    context.lineCap = "round";
    for (let k = from; k < mark.points.length; k++) {
      const [x, y] = mark.points[k], [fromX, fromY] = mark.points[Math.max(k - 1, 0)];
      context.beginPath();
      if (k) {
        context.moveTo(fromX, fromY);
        context.lineTo(x, y);
        context.stroke();
      } else {  // a dot: a line without length is not drawn everywhere
        context.arc(x, y, mark.width / 2, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }

  // Row by row, 0..255.
  bytes() {
    const {data} = this.context.getImageData(0, 0, SIDE, SIDE);
    const grey = new Uint8Array(SIDE * SIDE);
    for (let k = 0; k < grey.length; k++) grey[k] = data[4 * k];
    return grey;
  }

  // The same, 0..1.
  numbers() {
    const numbers = new Float32Array(this.bytes());
    for (let k = 0; k < numbers.length; k++) numbers[k] /= 255;
    return numbers;
  }

  isEmpty() {
    return !this.bytes().some(value => value > 0);
  }
}
