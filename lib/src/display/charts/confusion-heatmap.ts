import { confusionMatrix, type Classified } from "../../evaluation/metrics";
import { labelName } from "../../model/config-file";
import { plotlyText } from "../../runtime/plotly-text";
import type { ChartSpec } from "../../runtime/presentation";
import { FONT_SIZE } from "../figure";
import { textWidth } from "../font-metrics";
import { INK, shade } from "../palette";
import { formatCount, formatShare } from "./format";

/** What {@link confusionHeatmap} shows. */
export interface ConfusionHeatmapParams extends Classified {
  readonly id2label: Readonly<Record<number, string>>;
  /** The finding; computed when absent. */
  readonly title?: string;
}

/** A label's texts by what they were called. */
interface Row {
  readonly name: string;
  readonly counts: readonly number[];
  readonly total: number;
}

const BELOW = 60;
const ABOVE = 66;

/**
 * The confusion matrix as a picture: a row a label, a column what it was called; each cell with its count and its share of the row,
 * by which it is coloured.
 *
 * @throws DataError for no examples, lists of unlike length, or an id that has no name
 */
export function confusionHeatmap(params: ConfusionHeatmapParams): ChartSpec {
  const { labels, predictions, id2label } = params;
  const numLabels = Object.keys(id2label).length;
  const rows = confusionMatrix({ labels, predictions, numLabels }).map((counts, id): Row => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return { name: labelName(id2label, id), counts, total };
  });
  const finding = describe(rows);
  const names = rows.map(({ name }) => plotlyText(name));
  const places = names.map((_, index) => index);
  const left = Math.ceil(Math.max(...rows.map(({ name }) => textWidth(name, FONT_SIZE)))) + 60;
  const axis = { showgrid: false, tickvals: places, ticktext: names };
  return {
    kind: "chart",
    title: params.title ?? finding,
    altText: `${finding}. ${rows.map(rowInWords).join("; ")}.`,
    data: [hoverTrace(rows)],
    layout: {
      showlegend: false,
      margin: { l: left, r: 30, b: BELOW },
      xaxis: { ...axis, title: { text: "called" }, range: [-0.5, numLabels - 0.5], tickangle: 0 },
      yaxis: { ...axis, title: { text: "label" }, range: [numLabels - 0.5, -0.5], automargin: false },
      shapes: rows.flatMap((row, y) => row.counts.map((count, x) => cell({ x, y, part: part(count, row) }))),
      annotations: rows.flatMap((row, y) =>
        row.counts.map((count, x) => ({ text: cellText(count, row, numLabels), x, y, showarrow: false })),
      ),
    },
    width: Math.min(720, left + 30 + Math.max(420, numLabels * 90)),
    height: ABOVE + BELOW + numLabels * (numLabels > FEW ? 40 : 84),
  };
}

/** Up to as many labels have room for two lines in a cell. */
const FEW = 5;

function cellText(count: number, row: Row, numLabels: number): string {
  if (numLabels > FEW) return formatCount(count);
  return `<b>${formatCount(count)}</b><br>${row.total > 0 ? formatShare(part(count, row)) : "–"}`;
}

function part(count: number, { total }: Row): number {
  return total > 0 ? count / total : 0;
}

function cell({ x, y, part }: { x: number; y: number; part: number }): unknown {
  const box = { type: "rect", layer: "below", x0: x - 0.5, x1: x + 0.5, y0: y - 0.5, y1: y + 0.5 };
  return { ...box, fillcolor: shade(part), line: { color: INK.rule, width: 1 } };
}

/** Shapes say nothing to the mouse: a point nobody sees does, in the middle of each cell. */
function hoverTrace(rows: readonly Row[]): unknown {
  return {
    type: "scatter",
    mode: "markers",
    x: rows.flatMap(({ counts }) => counts.map((_, x) => x)),
    y: rows.flatMap(({ counts }, y) => counts.map(() => y)),
    marker: { size: 40, opacity: 0 },
    text: rows.flatMap(({ name, counts, total }) =>
      counts.map((count, x) =>
        plotlyText(`${count} of ${total} ${name} are called ${rows[x]?.name ?? "nothing"}`),
      ),
    ),
    hovertemplate: "%{text}<extra></extra>",
  };
}

function describe(rows: readonly Row[]): string {
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  const called = rows.filter((_, id) => rows.some(({ counts }) => (counts[id] ?? 0) > 0));
  const right = rows.reduce((sum, { counts }, id) => sum + (counts[id] ?? 0), 0);
  const present = rows.filter((row) => row.total > 0);
  const [only] = present;
  if (present.length === 1 && only)
    return `All ${formatCount(total)} texts are ${only.name}: ${formatShare(right / total)} of them are called so, and nothing shows here what the model makes of others`;
  const [always] = called;
  if (called.length === 1 && always)
    return `Every one of the ${formatCount(total)} texts is called ${always.name}; ${formatCount(total - always.total)} of them are not`;
  if (right === total) return `All ${formatCount(total)} texts are called right`;
  return `${formatShare(right / total)} of the ${formatCount(total)} texts are called right; most often ${worstMistake(rows)}`;
}

function worstMistake(rows: readonly Row[]): string {
  const mistakes = rows.flatMap((row, id) =>
    row.counts.flatMap((count, called) => (called === id ? [] : [{ row, count, called }])),
  );
  const [worst] = mistakes.sort((a, b) => b.count - a.count);
  if (!worst) return "nothing is wrong";
  const { row, count, called } = worst;
  return `wrong: ${row.name} called ${rows[called]?.name ?? ""}, ${formatCount(count)} of ${formatCount(row.total)}`;
}

function rowInWords({ name, counts, total }: Row, _: number, rows: readonly Row[]): string {
  const each = counts.map((count, id) => `${count} ${rows[id]?.name ?? ""}`);
  return total > 0 ? `${total} ${name} are called ${each.join(", ")}` : `no text is ${name}`;
}
