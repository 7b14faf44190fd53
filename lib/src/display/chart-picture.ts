import { createRequire } from "node:module";

import type { ChartSpec } from "../runtime/presentation";
import { chartSize, toFigure } from "./figure";
import { FONT_FAMILY, fontFiles } from "./font-metrics";
import { indexedPng, type Pixels } from "./indexed-png";
import { INK } from "./palette";
import { drawSvg } from "./plotly-window";

/** Pictures have twice as many pixels as they are wide on the page, so that text stays crisp on a dense screen. */
export const PIXEL_RATIO = 2;

// resvg's part that is used; loaded late, since most sessions that import the library draw nothing
interface ResvgModule {
  Resvg: new (
    svg: string,
    options: Record<string, unknown>,
  ) => { render: () => Pixels & { asPng: () => Buffer } };
}

const load = createRequire(__filename);

/** A chart as PNG, drawn without a browser and the same on every machine; {@link PIXEL_RATIO} pixels for a CSS pixel. */
export async function chartToPng(chart: ChartSpec): Promise<Buffer> {
  const svg = await drawSvg(toFigure(chart), chartSize(chart));
  const { Resvg } = load("@resvg/resvg-js") as ResvgModule;
  const { regular, bold } = fontFiles();
  const picture = new Resvg(svg, {
    background: INK.ground,
    fitTo: { mode: "zoom", value: PIXEL_RATIO },
    font: {
      loadSystemFonts: false,
      fontFiles: [regular, bold],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  }).render();
  return indexedPng(picture) ?? picture.asPng();
}
