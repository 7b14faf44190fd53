import type { ChartSpec } from "../../runtime/presentation";
import { plotlyText } from "../../runtime/plotly-text";
import { countLabel, countRows, labelNames, toRuns, type LabelledRows, type LabelRun } from "../label-runs";
import { INK, labelColor } from "../palette";
import { formatCount, formatShare, short } from "./format";
import { MARK_SPACE, verticalMark } from "./vertical-mark";

/** What {@link runningShare} shows. */
export interface RunningShareParams extends LabelledRows {
  /** The label's name. */
  readonly label: string;
  /** The first `takes` rows are marked. */
  readonly takes?: number;
  /** The finding; computed when absent. */
  readonly title?: string;
}

const POINTS = 120;

/** The share of a label among the first n rows, for every n: how far a prefix of the set is from the whole of it. */
export function runningShare(params: RunningShareParams): ChartSpec {
  const { label } = params;
  const runs = toRuns(params);
  const rows = countRows(runs);
  const share = (n: number): number => countLabel(runs, label, 0, n) / Math.max(1, n);
  const takes = params.takes === undefined ? rows : Math.min(params.takes, rows);
  const at = samples(runs, rows, takes);
  const finding =
    takes < rows
      ? `${label} is ${formatShare(share(takes))} of the first ${formatCount(takes)} rows and ${formatShare(share(rows))} of all ${formatCount(rows)}`
      : `${label} is ${formatShare(share(rows))} of the ${formatCount(rows)} rows`;
  return {
    kind: "chart",
    title: params.title ?? finding,
    altText: `A line: the share of ${label} among the first n rows, for n up to ${formatCount(rows)}. ${finding}.`,
    data: [
      {
        type: "scatter",
        mode: "lines",
        x: at,
        y: at.map((n) => short(share(n))),
        line: { color: labelColor(label, labelNames(params).indexOf(label)), width: 3 },
        hovertemplate: `%{y:.1%} ${plotlyText(label)} in the first %{x:,}<extra></extra>`,
      },
    ],
    layout: {
      showlegend: false,
      margin: { t: takes < rows ? MARK_SPACE : 12 },
      xaxis: {
        title: { text: "first n rows" },
        range: [0, rows],
        tickformat: ",",
        showgrid: false,
        ticks: "outside",
      },
      yaxis: {
        title: { text: `share that is ${plotlyText(label)}` },
        range: [-0.02, 1.02],
        tickformat: ".0%",
      },
      ...references({ rows, takes, share }),
    },
  };
}

/** The level of the whole set, and the end of the prefix where one is taken. */
function references({
  rows,
  takes,
  share,
}: {
  rows: number;
  takes: number;
  share: (n: number) => number;
}): object {
  const whole = short(share(rows));
  const dashed = { color: INK.rule, width: 1.5, dash: "dash" };
  const label = `first ${formatCount(takes)} rows: ${formatShare(share(takes))}`;
  const mark = verticalMark({ at: takes, label, range: [0, rows], layer: "below" });
  const taken = takes < rows ? mark : { shapes: [], annotations: [] };
  const name = {
    text: `all ${formatCount(rows)} rows: ${formatShare(share(rows))}`,
    bgcolor: "rgba(255,255,255,0.8)",
    showarrow: false,
  };
  // below a line that is close to the upper edge, where there is no room above it
  const place = { x: 0, xanchor: "left", xshift: 6, y: whole, yanchor: whole > 0.9 ? "top" : "bottom" };
  return {
    shapes: [
      { type: "line", xref: "paper", x0: 0, x1: 1, y0: whole, y1: whole, line: dashed },
      ...taken.shapes,
    ],
    annotations: [{ ...name, ...place }, ...taken.annotations],
  };
}

/** Evenly spread, and at the end of each run, where the curve bends; a set in many runs bends too often to show. */
function samples(runs: readonly LabelRun[], rows: number, takes: number): number[] {
  const even = Array.from({ length: POINTS }, (_, index) => Math.ceil(((index + 1) * rows) / POINTS));
  let end = 0;
  const ends = runs.map(([, count]) => (end += count));
  const wanted = new Set([1, takes, ...even, ...(ends.length <= POINTS ? ends : [])]);
  return [...wanted].filter((n) => n >= 1 && n <= rows).sort((a, b) => a - b);
}
