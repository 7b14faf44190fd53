import { plotlyLines } from "../runtime/plotly-text";
import type { ChartSpec } from "../runtime/presentation";
import { FONT_FAMILY, wrapText } from "./font-metrics";
import { INK, SERIES } from "./palette";
import type { Figure } from "./plotly-window";

/** Size of all text but the title, in pixels. */
export const FONT_SIZE = 13;
/** Space that a legend needs between title and plot, in pixels. */
export const LEGEND_SPACE = 30;
/** Space that a line of text needs above the plot, in pixels. */
export const NOTE_SPACE = 24;

const TITLE_SIZE = 16;
const TITLE_LINE = 1.3 * TITLE_SIZE;
const TITLE_ASCENT = 0.8 * TITLE_SIZE;
const SIDE = 20;
/** Width of plotly's tools, which stand upright at the right edge: lying at the top they would hide the title. */
const TOOLS = 32;

/** Nothing is to be selected, and one of the two buttons that show all of it again is enough. */
const TOOLS_LEFT_OUT = ["select2d", "lasso2d", "autoScale2d"];

/** The size of a chart in CSS pixels. */
export function chartSize({ width = 720, height = 400 }: ChartSpec): { width: number; height: number } {
  return { width, height };
}

/** What a title takes of a chart's height, in pixels: as much as the lines that it needs. */
export function titleHeight(title: string, width: number): number {
  return SIDE + titleLines(title, width).length * TITLE_LINE;
}

function titleLines(title: string, width: number): string[] {
  return wrapText(title, width - SIDE - TOOLS, TITLE_SIZE, true);
}

/**
 * The plotly figure of a chart: its traces and layout on the project's ground, font and grid, with the title above in as many
 * lines as it needs and the legend under it. The layout's `margin.t` is what the chart itself needs below the title, in pixels.
 */
export function toFigure(chart: ChartSpec): Figure {
  const { width, height } = chartSize(chart);
  const title = titleLines(chart.title, width);
  const titleEnd = titleHeight(chart.title, width);
  const { margin, legend, ...layout } = chart.layout as Record<string, object | undefined>;
  const { t: below = 12, ...sides } = (margin ?? {}) as { t?: number };
  return {
    data: chart.data,
    layout: {
      width,
      height,
      // for charts that name no colours, such as those that the checks of a diagnosis give
      colorway: [...SERIES],
      paper_bgcolor: INK.ground,
      plot_bgcolor: INK.ground,
      font: { family: `${FONT_FAMILY}, Verdana, sans-serif`, size: FONT_SIZE, color: INK.text },
      ...layout,
      title: {
        text: `<b>${plotlyLines(title)}</b>`,
        font: { size: TITLE_SIZE },
        x: fraction(SIDE, width),
        xanchor: "left",
        // the baseline of the first line: plotly lifts a title of several lines that is anchored at its top
        y: 1 - fraction(SIDE + TITLE_ASCENT, height),
        yanchor: "bottom",
      },
      modebar: { orientation: "v", bgcolor: "rgba(255,255,255,0)", color: INK.rule, activecolor: INK.text },
      legend: { ...legendAt(fraction(SIDE, width), 1 - fraction(titleEnd, height)), ...legend },
      margin: { l: 70, r: 30, b: 60, ...sides, t: Math.round(titleEnd + below) },
      ...axes(layout),
    },
    config: {
      displaylogo: false,
      responsive: false,
      modeBarButtonsToRemove: TOOLS_LEFT_OUT,
      // a button beside the others that uploads the reader's data to plotly's service
      showSendToCloud: false,
    },
  };
}

function legendAt(x: number, y: number): Record<string, unknown> {
  const place = { xref: "container", x, xanchor: "left", yref: "container", y, yanchor: "top" };
  return { orientation: "h", traceorder: "normal", ...place };
}

/** Every axis of the layout, and the two that each chart has. */
function axes(layout: Record<string, object | undefined>): Record<string, unknown> {
  const names = Object.keys(layout).filter((name) => /^[xy]axis\d+$/u.test(name));
  return Object.fromEntries(["xaxis", "yaxis", ...names].map((name) => [name, axis(layout[name])]));
}

function axis(given: { title?: object } = {}): Record<string, unknown> {
  const plain = { gridcolor: INK.grid, linecolor: INK.rule, zeroline: false, automargin: true };
  return { ...plain, ...given, title: { standoff: 12, font: { size: FONT_SIZE }, ...given.title } };
}

/** Pixels as plotly's share of the width or height, without digits that no pixel shows. */
function fraction(pixels: number, of: number): number {
  return Math.round((pixels / of) * 1e4) / 1e4;
}
