import type { ChartSpec } from "../../runtime/presentation";
import { formatCell } from "../../runtime/presentation-text";
import { FONT_SIZE, LEGEND_SPACE } from "../figure";
import { plotlyLines, plotlyText } from "../../runtime/plotly-text";
import { wrapText } from "../font-metrics";
import { seriesColor } from "../palette";
import { checkFinite, checkSameLength } from "./check-values";
import { short } from "./format";
import { rangeFinding } from "./range-finding";
import { referenceLine, referencesInWords, textBeside, type ReferenceLine } from "./reference-line";
import { MARK_SPACE, verticalMark } from "./vertical-mark";

/** One part of every bar. */
export interface BarPart {
  readonly name: string;
  /** One for each category. */
  readonly values: readonly number[];
}

/** What {@link stackedBars} shows. */
export interface StackedBarsParams {
  /** The finding; the highest and the lowest bar when absent. */
  readonly title?: string;
  readonly categories: readonly string[];
  /** From the bottom up. */
  readonly parts: readonly BarPart[];
  /** What is measured, with its unit. */
  readonly yTitle: string;
  /** What the categories are, where their names do not say it. */
  readonly xTitle?: string;
  /** Levels that bars stay below or cross, such as the memory of a card, drawn dashed. */
  readonly levels?: readonly ReferenceLine[];
  /** A line behind the first `after` categories, such as where texts are cut off. */
  readonly mark?: { readonly after: number; readonly label: string };
  /** Whether the height of a bar stands above it. */
  readonly totals?: boolean;
  /** Whether the values are shares of 1, drawn as percentages. */
  readonly shares?: boolean;
}

const WIDTH = 720;
const LEFT = 80;
const LEVEL_SPACE = 110;
/** Narrower than this no category's name can be read: then every second, third ... is named. */
const NAME_WIDTH = 46;

/**
 * Bars of parts, one on the other: a histogram of two kinds of texts, shares of a whole, what memory is filled with.
 *
 * @throws DataError for no values, or one that is not a number
 * @throws ArgumentError for a part with more values than categories, or fewer
 */
export function stackedBars(params: StackedBarsParams): ChartSpec {
  check(params);
  const { categories, parts, yTitle, xTitle, levels = [], mark, totals = false, shares = false } = params;
  const right = levels.length > 0 ? LEVEL_SPACE : 20;
  const heights = heightsOf(params);
  const title = params.title ?? finding(params);
  const top = shares ? 1 / 1.06 : Math.max(0, ...heights, ...levels.map(({ value }) => value));
  const places = categories.map((_, index) => index);
  const ends: [number, number] = [-0.5, categories.length - 0.5];
  const marked =
    mark && verticalMark({ at: mark.after - 0.5, label: mark.label, range: ends, layer: "above" });
  return {
    kind: "chart",
    title,
    altText: describe({ ...params, title }),
    data: [
      ...parts.map((part, index) => partTrace(part, index, places)),
      ...(totals ? [totalsTrace(heights, places)] : []),
    ],
    layout: {
      barmode: "stack",
      bargap: 0.18,
      showlegend: true,
      margin: { l: LEFT, r: right, t: LEGEND_SPACE + (mark ? MARK_SPACE : 0) },
      xaxis: {
        ...(xTitle !== undefined && { title: { text: plotlyText(xTitle) } }),
        ...namedPlaces(categories, WIDTH - LEFT - right),
        ...{ range: ends, tickangle: 0, showgrid: false },
      },
      yaxis: {
        title: { text: plotlyText(yTitle) },
        range: [0, short(top * (totals ? 1.1 : 1.06))],
        tickformat: shares ? ".0%" : ",",
      },
      shapes: [...levels.map((line) => referenceLine(line, "dash")), ...(marked?.shapes ?? [])],
      annotations: [...levels.map(levelLabel), ...(marked?.annotations ?? [])],
    },
    width: WIDTH,
  };
}

function check({ categories, parts, yTitle }: StackedBarsParams): void {
  checkFinite({ name: yTitle, values: parts.flatMap(({ values }) => values) });
  for (const { name, values } of parts) checkSameLength({ categories, [`values of ${name}`]: values });
}

/** Of bars of one height, as shares of a whole are, what the first part is. */
function finding(params: StackedBarsParams): string {
  const { categories, parts, yTitle } = params;
  const heights = heightsOf(params).map(short);
  const isEven = categories.length > 1 && new Set(heights).size === 1 && parts.length > 1;
  const [name, values] = isEven ? [parts[0]?.name ?? "", parts[0]?.values ?? []] : [yTitle, heights];
  return rangeFinding({ name, categories, values, written: (value) => written(params, value) });
}

/** A value as the title and the description name it. */
function written({ shares = false }: StackedBarsParams, value = NaN): string {
  return shares ? `${(100 * value).toFixed(1)} %` : String(Number(value.toPrecision(3)));
}

function heightsOf({ categories, parts }: StackedBarsParams): number[] {
  return categories.map((_, index) => parts.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
}

function partTrace({ name, values }: BarPart, index: number, places: number[]): unknown {
  return {
    type: "bar",
    name: plotlyText(name),
    // places, not categories: two of them may have the same name
    x: places,
    y: values.map(short),
    marker: { color: seriesColor(index) },
    hovertemplate: `%{y:.4~g} ${plotlyText(name)}<extra></extra>`,
  };
}

/** In a trace of its own: the parts of a bar have no common label in plotly. */
function totalsTrace(heights: number[], places: number[]): unknown {
  const place = { mode: "text", textposition: "top center", cliponaxis: false };
  const text = heights.map((height) => formatCell(Number(height.toPrecision(3))));
  return {
    type: "scatter",
    x: places,
    y: heights.map(short),
    text,
    ...place,
    hoverinfo: "skip",
    showlegend: false,
  };
}

function namedPlaces(
  categories: readonly string[],
  width: number,
): { tickvals: number[]; ticktext: string[] } {
  const room = width / categories.length;
  const every = Math.max(1, Math.ceil(NAME_WIDTH / room));
  const tickvals = categories.flatMap((_, index) => (index % every === 0 ? [index] : []));
  const named = (index: number): string =>
    plotlyLines(wrapText(categories[index] ?? "", every * room - 8, FONT_SIZE));
  return { tickvals, ticktext: tickvals.map(named) };
}

function levelLabel({ value, label }: ReferenceLine): unknown {
  return textBeside(wrapText(label, LEVEL_SPACE - 12, FONT_SIZE), value);
}

function describe(params: StackedBarsParams & { title: string }): string {
  const { title, categories, parts, yTitle, levels = [], mark } = params;
  const bars = categories.map(
    (name, index) =>
      `${name}: ${parts.map((part) => `${part.name} ${written(params, part.values[index])}`).join(", ")}`,
  );
  const marked = mark ? ` Marked behind ${categories[mark.after - 1] ?? "none"}: ${mark.label}.` : "";
  return `${title}. ${yTitle}: ${bars.join("; ")}.${referencesInWords(levels)}${marked}`;
}
