import { createRequire } from "node:module";

import type { ChartSpec } from "../runtime/presentation";
import { chartSize, toFigure } from "./figure";
import { FONT_FAMILY, fontFiles } from "./font-metrics";
import { INK } from "./palette";
import { drawSvg } from "./plotly-window";

/** Pictures have twice as many pixels as they are wide on the page, so that text stays crisp on a dense screen. */
export const PIXEL_RATIO = 2;

/** Pixels without compression, four bytes each. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

// the parts of resvg and sharp that are used; loaded late, since most sessions that import the library draw nothing
interface ResvgModule {
  Resvg: new (svg: string, options: Record<string, unknown>) => { render: () => Pixels };
}
interface SharpImage {
  removeAlpha: () => SharpImage;
  png: (options: Record<string, unknown>) => SharpImage;
  toBuffer: () => Promise<Buffer>;
}
type Sharp = (pixels: Buffer, options: Record<string, unknown>) => SharpImage;

const load = createRequire(__filename);

/** A chart as PNG, drawn without a browser and the same on every machine; {@link PIXEL_RATIO} pixels for a CSS pixel. */
export async function chartToPng(chart: ChartSpec): Promise<Buffer> {
  const svg = await drawSvg(toFigure(chart), chartSize(chart));
  const { Resvg } = load("@resvg/resvg-js") as ResvgModule;
  const { regular, bold } = fontFiles();
  const image = new Resvg(svg, {
    background: INK.ground,
    fitTo: { mode: "zoom", value: PIXEL_RATIO },
    font: {
      loadSystemFonts: false,
      fontFiles: [regular, bold],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  }).render();
  return indexedPng(image);
}

/**
 * A chart has few colours, so that a byte a pixel, for the place in a list of colours, is enough: a third of the bytes. Without
 * dithering nothing changes up to 256 colours, and grounds stay even above.
 */
function indexedPng({ width, height, pixels }: Pixels): Promise<Buffer> {
  const sharp = load("sharp") as Sharp;
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png({ palette: true, dither: 0, compressionLevel: 9 })
    .toBuffer();
}
