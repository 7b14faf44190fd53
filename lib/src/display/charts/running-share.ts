import type { ChartSpec } from "../../runtime/presentation";
import { plotlyText } from "../figure";
import { countLabel, countRows, labelNames, toRuns, type LabelledRows, type LabelRun } from "../label-runs";
import { INK, labelColor } from "../palette";
import { formatCount, formatShare, short } from "./format";

/** What {@link runningShare} shows. */
export interface RunningShareParams extends LabelledRows {
  /** The label's name. */
  readonly label: string;
  /** The first `takes` rows are marked. */
  readonly takes?: number;
  /** The finding; computed when absent. */
  readonly title?: string;
}

const POINTS = 200;

/** The share of a label among the first n rows, for every n: how far a prefix of the set is from the whole of it. */
export function runningShare(params: RunningShareParams): ChartSpec {
  const { label } = params;
  const runs = toRuns(params);
  const rows = countRows(runs);
  const share = (n: number): number => countLabel(runs, label, 0, n) / Math.max(1, n);
  const takes = params.takes === undefined ? rows : Math.min(params.takes, rows);
  const at = samples(runs, rows, takes);
  const finding = `${label} is ${formatShare(share(takes))} of the first ${formatCount(takes)} rows and ${formatShare(share(rows))} of all ${formatCount(rows)}`;
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
      xaxis: { title: { text: "first n rows" }, range: [0, rows * 1.005], tickformat: "," },
      yaxis: {
        title: { text: `share that is ${plotlyText(label)}` },
        range: [-0.02, 1.02],
        tickformat: ".0%",
      },
      shapes: [level(share(rows)), ...(takes < rows ? [cut(takes)] : [])],
      annotations: [
        note(0, share(rows), `whole set: ${formatShare(share(rows))}`, "left"),
        ...(takes < rows
          ? [
              note(
                takes,
                share(takes),
                `first ${formatCount(takes)}: ${formatShare(share(takes))}`,
                takes > rows / 2 ? "right" : "left",
              ),
            ]
          : []),
      ],
    },
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

function level(share: number): unknown {
  return {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: short(share),
    y1: short(share),
    line: { color: INK.rule, width: 1.5, dash: "dash" },
  };
}

function cut(takes: number): unknown {
  return {
    type: "line",
    x0: takes,
    x1: takes,
    yref: "paper",
    y0: 0,
    y1: 1,
    line: { color: INK.text, width: 2 },
  };
}

function note(x: number, y: number, text: string, xanchor: "left" | "right"): unknown {
  return {
    x,
    y: short(y),
    text,
    xanchor,
    xshift: xanchor === "left" ? 6 : -6,
    yanchor: "bottom",
    yshift: 2,
    showarrow: false,
  };
}
