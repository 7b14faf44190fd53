import { quoted } from "../../evaluation/attribution/weight-finding";
import type { TokenWeight, TokenWeights } from "../../evaluation/attribution/token-weights";
import { plotlyText } from "../../runtime/plotly-text";
import type { ChartSpec } from "../../runtime/presentation";
import { LEGEND_SPACE, titleHeight } from "../figure";
import { textWidth } from "../font-metrics";
import { INK, labelColor, mixed, OKABE_ITO } from "../palette";
import { short } from "./format";
import { wordPlaces, type WordPlace } from "./word-places";

const WIDTH = 720;
const SIDE = 20;
const WORD_SIZE = 15;
const NUMBER_SIZE = 11;
const BOX_HEIGHT = 24;
/** A line of words, and what the numbers under it need. */
const [LINE_HEIGHT, NUMBERS_HEIGHT] = [33, 12];
const BELOW = 8;
/** As many words have their number under them, where they are coloured. */
const MOST_NUMBERS = 8;
const MOST_DESCRIBED = 5;
/** A weight below this is coloured weakly even if no other is larger. */
const STRONG_WEIGHT = { logit: 0.5, probability: 0.05 } as const;
/** A weight of less than this is not worth a colour, nor one of less than this share of the largest. */
const [LEAST_WEIGHT, LEAST_SHARE] = [0.005, 0.05];
/** How much of the label's colour the strongest word has; more would make it hard to read. */
const STRONGEST_COLOUR = 0.65;

/**
 * A sentence, or a whole review, with each word on a ground coloured by its weight: the ground for the label has a solid line, the one
 * against it a dashed line, and the strongest words their number.
 */
export function sentenceWeights(weights: TokenWeights): ChartSpec {
  const { tokens, finding, unread } = weights;
  const numbered = new Set(weights.strongest.slice(0, MOST_NUMBERS).filter(isColoured(weights)));
  const numberWidth = (token: TokenWeight | undefined): number =>
    token && numbered.has(token) ? textWidth(signed(token.weight), NUMBER_SIZE) + 4 : 0;
  const rest = unread > 0 ? [`… ${unread} more word${unread > 1 ? "s" : ""} not read`] : [];
  const placed = wordPlaces({
    words: [...tokens.map(({ text }) => text), ...rest],
    leastWidth: (at) => numberWidth(tokens[at]),
    ...{ lineWidth: WIDTH - 2 * SIDE, fontSize: WORD_SIZE },
  });
  const numberedLines = new Set(
    placed.filter((_, at) => numberWidth(tokens[at]) > 0).map(({ line }) => line),
  );
  const { tops, height } = stackLines((placed.at(-1)?.line ?? 0) + 1, numberedLines);
  const places = placed.map((place) => ({ ...place, top: tops[place.line] ?? 0 }));
  return {
    kind: "chart",
    title: finding,
    altText: describe(weights),
    data: [...underlines(weights, places), boxes(weights, places), numbers(tokens, places, numbered)],
    layout: {
      showlegend: true,
      barmode: "overlay",
      margin: { l: SIDE, r: SIDE, t: LEGEND_SPACE, b: BELOW },
      xaxis: { visible: false, range: [0, WIDTH - 2 * SIDE], fixedrange: true },
      yaxis: { visible: false, range: [height, 0], fixedrange: true },
    },
    width: WIDTH,
    height: Math.round(titleHeight(finding, WIDTH) + LEGEND_SPACE + height + BELOW),
  };
}

/** A word's box, and how far below the first line its own begins, in pixels. */
type Place = WordPlace & { readonly top: number };

function stackLines(count: number, numbered: ReadonlySet<number>): { tops: number[]; height: number } {
  let height = 0;
  const tops = Array.from({ length: count }, (_, line) => {
    const top = height;
    height += LINE_HEIGHT + (numbered.has(line) ? NUMBERS_HEIGHT : 0);
    return top;
  });
  return { tops, height };
}

/** All words as bars of one trace, so that the whole of a word answers the pointer with its weight. */
function boxes(weights: TokenWeights, places: readonly Place[]): unknown {
  const { tokens } = weights;
  return {
    type: "bar",
    orientation: "h",
    showlegend: false,
    base: places.map(({ left }) => left),
    x: places.map(({ width }) => width),
    y: places.map(({ top }) => top + BOX_HEIGHT / 2),
    width: BOX_HEIGHT,
    marker: {
      color: places.map((_, at) => groundColor(weights, tokens[at])),
      line: { width: 0 },
    },
    text: places.map(({ text }) => plotlyText(text)),
    ...{ textposition: "inside", insidetextanchor: "middle", textangle: 0, constraintext: "none" },
    textfont: { size: WORD_SIZE, color: places.map((_, at) => (tokens[at] ? INK.text : INK.muted)) },
    hovertext: places.map(({ text }, at) => hoverText(weights, tokens[at]) ?? plotlyText(text)),
    hoverinfo: "text",
  };
}

/** The lines under words: solid for the label, dashed against it, so that the sign can also be read in grey. */
function underlines(weights: TokenWeights, places: readonly Place[]): unknown[] {
  const { tokens, label, unit } = weights;
  const [forIt, against] = colorsOf(label);
  const coloured = isColoured(weights);
  const lines = (name: string, sign: number, line: object): unknown[] => {
    const under = places.filter((_, at) => {
      const token = tokens[at];
      return token !== undefined && coloured(token) && Math.sign(token.weight) === sign;
    });
    const x = under.flatMap(({ left, width }) => [left, left + width, null]);
    const y = under.flatMap(({ top }) => [top + BOX_HEIGHT + 1, top + BOX_HEIGHT + 1, null]);
    const look = { type: "scatter", mode: "lines", name: plotlyText(name), hoverinfo: "skip" };
    return under.length > 0 ? [{ ...look, x, y, line: { width: 3, ...line } }] : [];
  };
  return [
    ...lines(`adds to ${label}'s ${unit}`, 1, { color: forIt }),
    ...lines(`takes from ${label}'s ${unit}`, -1, { color: against, dash: "5px,3px" }),
  ];
}

function numbers(
  tokens: readonly TokenWeight[],
  places: readonly Place[],
  numbered: ReadonlySet<TokenWeight>,
): unknown {
  const found = places.flatMap((place, at) => {
    const token = tokens[at];
    return token && numbered.has(token) ? [{ place, token }] : [];
  });
  return {
    ...{ type: "scatter", mode: "text", showlegend: false, hoverinfo: "skip" },
    x: found.map(({ place }) => place.left + place.width / 2),
    y: found.map(({ place }) => place.top + BOX_HEIGHT + 10),
    text: found.map(({ token }) => signed(token.weight)),
    textfont: { size: NUMBER_SIZE, color: INK.text },
  };
}

function largestOf({ strongest, unit }: TokenWeights): number {
  return Math.max(STRONG_WEIGHT[unit], Math.abs(strongest[0]?.weight ?? 0));
}

function isColoured(weights: TokenWeights): (token: TokenWeight) => boolean {
  const least = Math.max(LEAST_WEIGHT, LEAST_SHARE * largestOf(weights));
  return ({ weight }) => Math.abs(weight) >= least;
}

/** The two labels of sentiment have their own colours, as in every chart; other labels those of a Space's page. */
function colorsOf(label: string): [forIt: string, against: string] {
  const forIt = label === "NEGATIVE" ? labelColor(label, 0) : OKABE_ITO.blue;
  return [forIt, forIt === OKABE_ITO.blue ? OKABE_ITO.vermilion : OKABE_ITO.blue];
}

function groundColor(weights: TokenWeights, token: TokenWeight | undefined): string {
  if (!token || !isColoured(weights)(token)) return INK.ground;
  const [forIt, against] = colorsOf(weights.label);
  // the root, so that one word that decides everything does not blank out all others
  const strength = Math.sqrt(Math.abs(token.weight) / largestOf(weights));
  return mixed(token.weight > 0 ? forIt : against, STRONGEST_COLOUR * strength);
}

function hoverText({ unit, replacedBy }: TokenWeights, token: TokenWeight | undefined): string | undefined {
  if (!token) return undefined;
  const { text, weight, without } = token;
  const instead = without
    ? `; ${replacedBy ? "with it masked" : "without it"} ${without.label} (${without.score.toFixed(3)})`
    : "";
  return plotlyText(`${text}: ${signed(short(weight), 3)} ${unit}${instead}`);
}

/** With its sign, as a reader expects it. */
function signed(weight: number, digits = 2): string {
  const written = Math.abs(weight).toFixed(digits);
  return Number(written) === 0 ? written : `${weight < 0 ? "−" : "+"}${written}`;
}

function describe(weights: TokenWeights): string {
  const { text, label, finding, unit, unread, strongest } = weights;
  const named = (sign: number): string =>
    strongest
      .filter((token) => isColoured(weights)(token) && Math.sign(token.weight) === sign)
      .slice(0, MOST_DESCRIBED)
      .map((token) => `${quoted(token)} ${signed(token.weight)}`)
      .join(", ") || "no word";
  const rest = unread > 0 ? ` The last ${unread} words were not read.` : "";
  return `${finding}. The text: ${text} Most for ${label}, by ${unit}: ${named(1)}. Most against: ${named(-1)}.${rest}`;
}
