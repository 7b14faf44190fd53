import sharp from "sharp";

/** A decoded picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Whether its pixels are places in a list of at most 256 colours. */
  readonly indexed: boolean;
  /** The distinct colours, as `#rrggbb`, with the number of their pixels. */
  readonly colors: ReadonlyMap<string, number>;
}

const SIGNATURE = "89504e470d0a1a0a";
/** Where a PNG says of what kind its colours are, and which of them is an index (PNG specification, third edition, 11.2.1). */
const COLOR_TYPE = 25;
const INDEXED = 3;

/** Decodes a PNG. */
export async function decodePng(png: Buffer): Promise<Picture> {
  if (png.subarray(0, 8).toString("hex") !== SIGNATURE) throw new Error("This is no PNG.");
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const colors = new Map<string, number>();
  for (let at = 0; at < data.length; at += 3) {
    const color = `#${data.subarray(at, at + 3).toString("hex")}`;
    colors.set(color, (colors.get(color) ?? 0) + 1);
  }
  return { width: info.width, height: info.height, indexed: png[COLOR_TYPE] === INDEXED, colors };
}
