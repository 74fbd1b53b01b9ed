// How a WebP was held: browsers turn JPEG and PNG as the camera says (EXIF), and WebP some do.

const ORIENTATION = 0x0112;

// Returns [file, orientation]: a WebP that says no longer how it was held, and what it said (1..8).
export async function heldHow(file) {
  const read = async part => new Uint8Array(await part.arrayBuffer());
  let bytes = await read(file.slice(0, 12));  // a photograph of another kind is not read twice
  const word = at => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (word(0) !== "RIFF" || word(8) !== "WEBP") return [file, 1];
  bytes = await read(file);
  const view = new DataView(bytes.buffer);
  try {
    for (let at = 12; at + 8 <= bytes.length;) {
      const length = view.getUint32(at + 4, true);
      if (word(at) === "EXIF") {
        const tiff = at + 8 + (word(at + 8) === "Exif" ? 6 : 0), little = word(tiff).startsWith("II");
        const table = tiff + view.getUint32(tiff + 4, little);
        for (let entry = 0; entry < view.getUint16(table, little); entry++) {
          const here = table + 2 + 12 * entry;
          if (view.getUint16(here, little) !== ORIENTATION) continue;
          const orientation = view.getUint16(here + 8, little);
          view.setUint16(here + 8, 1, little);
          return [new Blob([bytes]), orientation];
        }
      }
      at += 8 + length + length % 2;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;  // EXIF that is cut off says nothing
  }
  return [file, 1];
}

// Turns the planes of a picture (arrays of height × width, or null) upright.
export function turned({height, width, ...planes}, orientation) {
  if (!(orientation >= 2 && orientation <= 8)) return {height, width, ...planes};
  const lies = orientation >= 5, high = lies ? width : height, wide = lies ? height : width;
  const down = [3, 4, 6, 7].includes(orientation), across = [2, 3, 7, 8].includes(orientation);
  const turn = plane => plane?.map((_, k) => {
    const row = Math.floor(k / wide), column = k % wide;
    const [y, x] = lies ? [column, row] : [row, column];
    return plane[(down ? height - 1 - y : y) * width + (across ? width - 1 - x : x)];
  }) ?? null;
  return {height: high, width: wide,
          ...Object.fromEntries(Object.entries(planes).map(([name, plane]) => [name, turn(plane)]))};
}
