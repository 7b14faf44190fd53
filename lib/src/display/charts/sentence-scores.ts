import type { ChartSpec } from "../../runtime/presentation";
import { FONT_SIZE, LEGEND_SPACE, NOTE_SPACE } from "../figure";
import { plotlyLines, plotlyText } from "../../runtime/plotly-text";
import { textWidth, wrapText } from "../font-metrics";
import { INK, labelInk, seriesColor } from "../palette";
import { checkFinite, checkSameLength } from "./check-values";
import { short } from "./format";

/** What one model says of every sentence. */
export interface ScoreSeries {
  readonly name: string;
  /** P(POSITIVE) of each sentence, from 0 to 1. */
  readonly scores: readonly number[];
}

/** What {@link sentenceScores} shows. */
export interface SentenceScoresParams {
  /** The finding; how many sentences each series calls POSITIVE when absent. */
  readonly title?: string;
  readonly sentences: readonly string[];
  /** Such as before and after the repair. */
  readonly series: readonly ScoreSeries[];
}

const SENTENCE_WIDTH = 230;
const SYMBOLS = ["circle", "circle", "diamond", "square"] as const;
const LINE = 1.3 * FONT_SIZE;
const BELOW = 60;

/**
 * P(POSITIVE) of sentences as dots on one row each, one dot for each series, with the line at 0.5 that decides the label.
 *
 * @throws DataError for no sentences or series, or a score that is not a number
 * @throws ArgumentError for a series of more scores than sentences, or fewer
 */
export function sentenceScores(params: SentenceScoresParams): ChartSpec {
  const { sentences, series } = params;
  checkFinite({ name: "scores", values: series.flatMap(({ scores }) => scores) });
  for (const { name, scores } of series) checkSameLength({ sentences, [`scores of ${name}`]: scores });
  const title = params.title ?? finding(series);
  const wrapped = sentences.map((sentence) => wrapText(sentence, SENTENCE_WIDTH, FONT_SIZE));
  const widest = Math.max(...wrapped.flat().map((line) => textWidth(line, FONT_SIZE)));
  const { places, height } = stack(wrapped.map((lines) => Math.max(36, lines.length * LINE + 16)));
  const above = LEGEND_SPACE + NOTE_SPACE;
  return {
    kind: "chart",
    title,
    altText: describe({ title, sentences, series }),
    data: [
      ...connectors(places, series),
      ...series.map((one, index) =>
        dots(one, {
          places,
          color: seriesColor(index),
          symbol: SYMBOLS[index % SYMBOLS.length] ?? "circle",
          hollow: index === 0 && series.length > 1,
        }),
      ),
    ],
    layout: {
      showlegend: true,
      margin: { l: Math.ceil(widest) + 24, t: above, b: BELOW },
      xaxis: {
        title: { text: "P(POSITIVE)" },
        range: [-0.02, 1.02],
        showgrid: false,
        ticks: "outside",
        tickvals: [0, 0.25, 0.5, 0.75, 1],
      },
      yaxis: {
        // pixels from the top, not categories: the same sentence may stand twice, and a long one needs a higher row
        tickvals: places,
        ticktext: wrapped.map(plotlyLines),
        range: [height, 0],
        automargin: false,
      },
      ...sides(),
    },
    height: Math.round(height + above + BELOW + 62),
  };
}

/** The middle of each row, in pixels from the top, and the height of all rows. */
function stack(heights: readonly number[]): { places: number[]; height: number } {
  let height = 0;
  const places = heights.map((row) => Math.round((height += row) - row / 2));
  return { places, height };
}

/** The first of several series is hollow and later ones change their shape, so that they can also be told apart in grey. */
function dots(
  { name, scores }: ScoreSeries,
  look: { places: number[]; color: string; symbol: string; hollow: boolean },
): unknown {
  return {
    type: "scatter",
    mode: "markers",
    name: plotlyText(name),
    x: scores.map(short),
    y: look.places,
    marker: {
      color: look.hollow ? INK.ground : look.color,
      size: 14,
      symbol: look.symbol,
      line: { color: look.color, width: 3 },
    },
    cliponaxis: false,
    hovertemplate: `%{x:.3f} (${plotlyText(name)})<extra></extra>`,
  };
}

/** One trace for all lines between a sentence's dots, broken by nulls. */
function connectors(places: readonly number[], series: readonly ScoreSeries[]): unknown[] {
  if (series.length < 2) return [];
  const ends = places.map((_, at) => {
    const scores = series.map(({ scores }) => scores[at] ?? NaN);
    return [Math.min(...scores), Math.max(...scores)].map(short);
  });
  const line = { color: INK.rule, width: 2 };
  const x = ends.flatMap((pair) => [...pair, null]);
  const y = places.flatMap((place) => [place, place, null]);
  return [{ type: "scatter", mode: "lines", x, y, line, showlegend: false, hoverinfo: "skip" }];
}

/** The halves are named in their label's colour, so that nobody has to know which side means what. */
function sides(): Record<string, unknown> {
  const side = (xanchor: string, text: string, name: string): unknown => ({
    text: `<b>${text}</b>`,
    x: 0.5,
    xanchor,
    xshift: xanchor === "right" ? -8 : 8,
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    showarrow: false,
    font: { color: labelInk(name) },
  });
  const half = { type: "line", layer: "below", x0: 0.5, x1: 0.5, yref: "paper", y0: 0, y1: 1 };
  return {
    shapes: [{ ...half, line: { color: INK.text, width: 1.5, dash: "dash" } }],
    annotations: [side("right", "← NEGATIVE", "NEGATIVE"), side("left", "POSITIVE →", "POSITIVE")],
  };
}

function finding(series: readonly ScoreSeries[]): string {
  const each = series.map(({ name, scores }) => {
    const positive = scores.filter((score) => score > 0.5).length;
    return `${name}, ${positive} of ${scores.length} sentences are POSITIVE`;
  });
  return each.join("; ");
}

function describe({ title, sentences, series }: SentenceScoresParams & { title: string }): string {
  const each = sentences.map((sentence, at) => {
    const scores = series.map(({ name, scores }) => `${scores[at]?.toFixed(2) ?? "none"} ${name}`);
    return `“${sentence}” ${scores.join(", ")}`;
  });
  return `${title}. P(POSITIVE) of each sentence: ${each.join("; ")}.`;
}
