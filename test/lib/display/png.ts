import { inflateSync } from "node:zlib";

/** A decoded picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** The distinct colours, as `#rrggbb`, with the number of their pixels. */
  readonly colors: ReadonlyMap<string, number>;
}

const SIGNATURE = "89504e470d0a1a0a";
const RGBA = 6;
const INDEXED = 3;

/** Decodes the kinds of PNG that charts are: 8 bit RGBA, or 8 bit by palette, not interlaced (PNG specification, third edition, section 9). */
export function decodePng(png: Buffer): Picture {
  if (png.subarray(0, 8).toString("hex") !== SIGNATURE) throw new Error("This is no PNG.");
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const type = png[25];
  if (png[24] !== 8 || (type !== RGBA && type !== INDEXED) || png[28] !== 0)
    throw new Error("This PNG is neither 8 bit RGBA nor 8 bit by palette.");
  const bytes = type === RGBA ? 4 : 1;
  const [palette] = chunks(png, "PLTE");
  const pixels = unfilter(inflateSync(Buffer.concat(chunks(png, "IDAT"))), {
    stride: width * bytes,
    height,
    bytes,
  });
  const colors = new Map<string, number>();
  for (let at = 0; at < pixels.length; at += bytes) {
    const entry = 3 * (pixels[at] ?? 0);
    const rgb = type === RGBA ? pixels.subarray(at, at + 3) : palette?.subarray(entry, entry + 3);
    const color = `#${rgb?.toString("hex") ?? ""}`;
    colors.set(color, (colors.get(color) ?? 0) + 1);
  }
  return { width, height, colors };
}

function chunks(png: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === type) found.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return found;
}

interface Layout {
  stride: number;
  height: number;
  /** Of a pixel. */
  bytes: number;
}

function unfilter(data: Buffer, { stride, height, bytes }: Layout): Buffer {
  const out = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = data[row * (stride + 1)] ?? 0;
    for (let at = 0; at < stride; at++) {
      const left = at < bytes ? 0 : (out[row * stride + at - bytes] ?? 0);
      const up = row === 0 ? 0 : (out[(row - 1) * stride + at] ?? 0);
      const corner = row === 0 || at < bytes ? 0 : (out[(row - 1) * stride + at - bytes] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[row * stride + at] = ((data[row * (stride + 1) + 1 + at] ?? 0) + guess) & 0xff;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value)) as [
    number,
    number,
    number,
  ];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
