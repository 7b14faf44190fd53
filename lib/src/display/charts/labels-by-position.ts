import type { ChartSpec } from "../../runtime/presentation";
import { LEGEND_SPACE } from "../figure";
import { plotlyText } from "../../runtime/plotly-text";
import { countLabel, countRows, labelNames, toRuns, type LabelledRows, type LabelRun } from "../label-runs";
import { labelColor } from "../palette";
import { formatCount, formatShare } from "./format";
import { MARK_SPACE, verticalMark } from "./vertical-mark";

/** What {@link labelsByPosition} shows. */
export interface LabelsByPositionParams extends LabelledRows {
  /** The first `takes` rows are marked: what `select(range(takes))` would take. */
  readonly takes?: number;
  /** How many bars there are at most; 50 when absent. */
  readonly bins?: number;
  /** The finding; computed when absent. */
  readonly title?: string;
}

/** Which labels lie where in a set: rows of each label by position, in bins, with the prefix that is taken marked. */
export function labelsByPosition(params: LabelsByPositionParams): ChartSpec {
  const runs = toRuns(params);
  const rows = countRows(runs);
  const names = labelNames(params);
  // a prefix that is the whole set needs no mark
  const takes = params.takes === undefined || params.takes >= rows ? undefined : params.takes;
  const width = Math.max(1, Math.ceil(rows / (params.bins ?? 50)));
  const finding = describe(runs, names, takes);
  return {
    kind: "chart",
    title: params.title ?? finding,
    altText: `Bars of ${formatCount(width)} rows each along ${formatCount(rows)} rows in their order, by label. ${finding}`,
    data: names.map((name, index) => bars(runs, { name, index, width, rows })),
    layout: {
      showlegend: true,
      barmode: "stack",
      bargap: 0,
      margin: { t: LEGEND_SPACE },
      xaxis: { title: { text: "position in the set (row)" }, range: [0, rows], tickformat: "," },
      yaxis: { title: { text: `rows in each bin of ${formatCount(width)}` }, tickformat: "," },
      ...(takes === undefined ? {} : prefixMark(takes, rows)),
    },
  };
}

function bars(
  runs: readonly LabelRun[],
  { name, index, width, rows }: { name: string; index: number; width: number; rows: number },
): unknown {
  const starts = Array.from({ length: Math.ceil(rows / width) }, (_, bin) => bin * width);
  return {
    type: "bar",
    name: plotlyText(name),
    x: starts.map((start) => start + width / 2),
    y: starts.map((start) => countLabel(runs, name, start, start + width)),
    width,
    marker: { color: labelColor(name, index), line: { width: 0 } },
    hovertemplate: `%{y} ${plotlyText(name)} around row %{x:,}<extra></extra>`,
  };
}

/** What lies outside of the prefix is veiled, so that the taken rows keep their full colour. */
function prefixMark(takes: number, rows: number): Record<string, unknown> {
  const label = `first ${formatCount(takes)} rows`;
  const { shapes, annotations } = verticalMark({ at: takes, label, range: [0, rows], layer: "above" });
  const veil = { type: "rect", x0: takes, x1: rows, yref: "paper", y0: 0, y1: 1 };
  return {
    shapes: [{ ...veil, fillcolor: "rgba(255,255,255,0.62)", line: { width: 0 } }, ...shapes],
    annotations,
    margin: { t: LEGEND_SPACE + MARK_SPACE },
  };
}

function describe(runs: readonly LabelRun[], names: readonly string[], takes: number | undefined): string {
  const rows = countRows(runs);
  const first = takes ?? rows;
  const counts = names.map((name) => countLabel(runs, name, 0, first));
  const most = names[counts.indexOf(Math.max(...counts))] ?? "no label";
  const share = (to: number): string => formatShare(countLabel(runs, most, 0, to) / Math.max(1, to));
  if (takes === undefined) return `${share(rows)} of the ${formatCount(rows)} rows are ${most}`;
  return `${share(takes)} of the first ${formatCount(takes)} rows are ${most}, ${share(rows)} of all ${formatCount(rows)}`;
}
