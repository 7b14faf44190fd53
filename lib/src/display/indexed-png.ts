import { crc32, deflateSync } from "node:zlib";

/** A picture of rows of pixels, four bytes each: red, green, blue, and an opacity that is not looked at. */
export interface Pixels {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/** As many as a byte can number. */
const MOST_COLORS = 256;
const BYTES = 4;

/**
 * An opaque picture as PNG with a palette (PNG specification, third edition, section 11.2.1, colour type 3): a chart has few colours, and takes a third
 * of what four bytes a pixel take.
 *
 * @returns `undefined` for a picture of more than 256 colours
 */
export function indexedPng({ pixels, width, height }: Pixels): Buffer | undefined {
  const numbers = new Map<number, number>();
  // every row begins with its filter: none, since numbers of colours differ by nothing that means anything
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const color = pixels.readUIntBE((row * width + column) * BYTES, 3);
      let number = numbers.get(color);
      if (number === undefined) {
        number = numbers.size;
        if (number === MOST_COLORS) return undefined;
        numbers.set(color, number);
      }
      rows[row * (width + 1) + 1 + column] = number;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, by palette; no interlacing
  header.set([8, 3], 8);
  const palette = Buffer.from([...numbers.keys()].flatMap((color) => [color >> 16, color >> 8, color]));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
