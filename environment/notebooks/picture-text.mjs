// @ts-check

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TEXT = ["tEXt", "iTXt", "zTXt", "eXIf"];
/** A picture inside of HTML or Markdown. */
const EMBEDDED = /data:image\/png;base64,([A-Za-z0-9+/=\s]+)/g;

/**
 * What a PNG says beside its pixels: the program that drew it, comments, places. Compressed text is given as it is.
 * @param {string} base64
 */
export function pictureText(base64) {
  const png = Buffer.from(base64, "base64");
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return "";
  const said = [];
  // each chunk: length, type, data, checksum (PNG specification, 5.3)
  for (let at = SIGNATURE.length; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (TEXT.includes(type)) said.push(png.toString("latin1", at + 8, at + 8 + length).replaceAll("\0", " "));
    at += 12 + length;
  }
  return said.join("\n");
}

/**
 * A text in which every picture gives way to what it says: in base64 any name may stand by chance.
 * @param {string} text
 */
export function withoutPictures(text) {
  return text.replace(EMBEDDED, (_, base64) => pictureText(String(base64)));
}
