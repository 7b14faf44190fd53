import { plotlyLines, plotlyText } from "../../runtime/plotly-text";
import type { ChartSpec } from "../../runtime/presentation";
import { FONT_SIZE, LEGEND_SPACE } from "../figure";
import { textWidth, wrapText } from "../font-metrics";
import { INK, seriesColor } from "../palette";
import { checkFinite } from "./check-values";
import { short } from "./format";

/** One figure, measured twice. */
export interface MetricPair {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** Whether less is better, as of a loss; more is when absent. */
  readonly lowerIsBetter?: boolean;
}

/** What {@link beforeAndAfter} shows. */
export interface BeforeAndAfterParams {
  /** On one scale: what differs in kind, such as seconds beside shares, needs a chart of its own. */
  readonly metrics: readonly MetricPair[];
  /** What is measured, with its unit; `value` when absent. */
  readonly xTitle?: string;
  /** What the two are called; `before` and `after` when absent. */
  readonly names?: readonly [before: string, after: string];
  /** Lower and upper end of the axis; 0 to 1 where all values are in it, and chosen by the values elsewhere. */
  readonly xRange?: readonly [number, number];
  /** The finding; computed when absent. */
  readonly title?: string;
}

const NAME_WIDTH = 200;
const ROW = 46;
const BELOW = 60;
const TITLE = 66;
const RIGHT = 130;

/**
 * Metrics before and after a change: a row each, with a hollow dot before, a full one after, the way between them, and by how much
 * it is better or worse.
 *
 * @throws DataError for no metrics, or a value that is not a number
 */
export function beforeAndAfter(params: BeforeAndAfterParams): ChartSpec {
  const { metrics, xTitle = "value", names = ["before", "after"] } = params;
  const values = metrics.flatMap(({ before, after }) => [before, after]);
  checkFinite({ name: "before and after", values });
  const finding = describe(metrics, names);
  const wrapped = metrics.map(({ name }) => wrapText(name, NAME_WIDTH, FONT_SIZE));
  const widest = Math.max(...wrapped.flat().map((line) => textWidth(line, FONT_SIZE)));
  const unit = values.every((value) => value >= 0 && value <= 1);
  const range = params.xRange ?? (unit ? [-0.03, 1.03] : undefined);
  return {
    kind: "chart",
    title: params.title ?? finding,
    altText: `${finding}. ${metrics.map((pair) => inWords(pair, names)).join("; ")}.`,
    data: [ways(metrics), dots(metrics, names[0], true), dots(metrics, names[1], false)],
    layout: {
      showlegend: true,
      margin: { l: Math.ceil(widest) + 24, r: RIGHT, t: LEGEND_SPACE, b: BELOW },
      xaxis: { title: { text: plotlyText(xTitle) }, ticks: "outside", ...(range && { range: [...range] }) },
      yaxis: {
        tickvals: metrics.map((_, index) => index),
        ticktext: wrapped.map(plotlyLines),
        range: [metrics.length - 0.5, -0.5],
        showgrid: false,
        automargin: false,
      },
      annotations: metrics.map(changeLabel),
    },
    height: TITLE + LEGEND_SPACE + BELOW + Math.max(2, metrics.length) * ROW,
  };
}

/** One trace for all ways, broken by nulls. */
function ways(metrics: readonly MetricPair[]): unknown {
  const x = metrics.flatMap(({ before, after }) => [short(before), short(after), null]);
  const y = metrics.flatMap((_, index) => [index, index, null]);
  const line = { color: INK.rule, width: 3 };
  return { type: "scatter", mode: "lines", x, y, line, showlegend: false, hoverinfo: "skip" };
}

function dots(metrics: readonly MetricPair[], name: string, hollow: boolean): unknown {
  const color = seriesColor(hollow ? 0 : 1);
  return {
    type: "scatter",
    mode: "markers",
    name: plotlyText(name),
    x: metrics.map(({ before, after }) => short(hollow ? before : after)),
    y: metrics.map((_, index) => index),
    marker: {
      color: hollow ? INK.ground : color,
      size: 14,
      line: { color, width: 3 },
      symbol: hollow ? "circle" : "diamond",
    },
    cliponaxis: false,
    hovertemplate: `%{x:.4~g} (${plotlyText(name)})<extra></extra>`,
  };
}

/** Beside the plot, where no dot can cover it; the word says what a colour alone would not. */
function changeLabel(pair: MetricPair, y: number): unknown {
  const text = `<b>${signed(pair.after - pair.before)}</b> ${judged(pair)}`;
  return { text, xref: "paper", x: 1, xanchor: "left", xshift: 12, y, yanchor: "middle", showarrow: false };
}

function judged({ before, after, lowerIsBetter = false }: MetricPair): string {
  if (before === after) return "same";
  return after > before !== lowerIsBetter ? "better" : "worse";
}

function describe(metrics: readonly MetricPair[], [first, second]: readonly [string, string]): string {
  const [most] = [...metrics].sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  const better = metrics.filter((pair) => judged(pair) === "better").length;
  const count = metrics.length > 1 ? `; ${better} of ${metrics.length} metrics are better` : "";
  return `${most?.name ?? ""}: ${written(most?.before ?? NaN)} ${first}, ${written(most?.after ?? NaN)} ${second}${count}`;
}

function inWords(pair: MetricPair, [first, second]: readonly [string, string]): string {
  return `${pair.name}: ${written(pair.before)} ${first}, ${written(pair.after)} ${second} (${judged(pair)})`;
}

/** Three digits are what such figures are worth, and a share keeps its zeros. */
function written(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(3) : String(Number(value.toPrecision(4)));
}

function signed(change: number): string {
  return change < 0 ? `−${written(-change)}` : `+${written(change)}`;
}
