import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The font of every picture: it comes as an npm package, so that pictures are the same on a machine without fonts. */
export const FONT_FAMILY = "DejaVu Sans";

/** Height above the baseline, as a share of the font size (`hhea` table of DejaVu Sans). */
export const ASCENT = 0.928;
/** Height below the baseline, as a share of the font size. */
export const DESCENT = 0.236;

interface FontMetrics {
  /** Width of a character as a share of the font size. */
  readonly advance: (codePoint: number) => number;
}

const load = createRequire(__filename);
const metrics = new Map<string, FontMetrics>();

/** Absolute paths of the font files, regular and bold. */
export function fontFiles(): { regular: string; bold: string } {
  const folder = join(dirname(load.resolve("dejavu-fonts-ttf/package.json")), "ttf");
  return { regular: join(folder, "DejaVuSans.ttf"), bold: join(folder, "DejaVuSans-Bold.ttf") };
}

/** Width of one line of text in pixels, for a font size in pixels, without kerning. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  const { advance } = metricsOf(bold ? fontFiles().bold : fontFiles().regular);
  let width = 0;
  for (const character of text) width += advance(character.codePointAt(0) ?? 0);
  return width * fontSize;
}

/** Breaks text between words into lines of at most `maxWidth` pixels; a word wider than that keeps a line of its own. */
export function wrapText(text: string, maxWidth: number, fontSize: number, bold = false): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/u).filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, fontSize, bold) > maxWidth) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function metricsOf(file: string): FontMetrics {
  let found = metrics.get(file);
  if (!found) {
    found = readMetrics(readFileSync(file));
    metrics.set(file, found);
  }
  return found;
}

/** Reads the advance widths of a TrueType file: `head`, `hhea`, `hmtx` and the `cmap` of the basic plane (OpenType 1.9). */
function readMetrics(font: Buffer): FontMetrics {
  const unitsPerEm = font.readUInt16BE(table(font, "head") + 18);
  const longMetrics = font.readUInt16BE(table(font, "hhea") + 34);
  const widths = table(font, "hmtx");
  const glyphOf = glyphLookup(font, basicPlane(font));
  return {
    advance: (codePoint) => {
      // glyphs past the long metrics share the width of the last one
      const entry = Math.min(glyphOf(codePoint), longMetrics - 1);
      return font.readUInt16BE(widths + 4 * entry) / unitsPerEm;
    },
  };
}

function table(font: Buffer, tag: string): number {
  const count = font.readUInt16BE(4);
  for (let record = 12; record < 12 + 16 * count; record += 16) {
    if (font.toString("latin1", record, record + 4) === tag) return font.readUInt32BE(record + 8);
  }
  throw new Error(`The font file has no table "${tag}": reinstall the npm package dejavu-fonts-ttf.`);
}

/** Offset of the `cmap` subtable of format 4, which maps the basic multilingual plane. */
function basicPlane(font: Buffer): number {
  const cmap = table(font, "cmap");
  const count = font.readUInt16BE(cmap + 2);
  for (let index = 0; index < count; index++) {
    const subtable = cmap + font.readUInt32BE(cmap + 4 + 8 * index + 4);
    if (font.readUInt16BE(subtable) === 4) return subtable;
  }
  throw new Error("The font file maps no characters: reinstall the npm package dejavu-fonts-ttf.");
}

function glyphLookup(font: Buffer, subtable: number): (codePoint: number) => number {
  const segments = font.readUInt16BE(subtable + 6) / 2;
  const ends = subtable + 14;
  const starts = ends + 2 * segments + 2;
  const deltas = starts + 2 * segments;
  const offsets = deltas + 2 * segments;
  return (codePoint) => {
    for (let segment = 0; segment < segments; segment++) {
      if (codePoint > font.readUInt16BE(ends + 2 * segment)) continue;
      const start = font.readUInt16BE(starts + 2 * segment);
      if (codePoint < start) return 0;
      const delta = font.readUInt16BE(deltas + 2 * segment);
      const offset = font.readUInt16BE(offsets + 2 * segment);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = font.readUInt16BE(offsets + 2 * segment + offset + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
