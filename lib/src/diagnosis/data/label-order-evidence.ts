import type { Cell, ChartSpec, TableSpec } from "../../runtime/presentation";
import { lineChart } from "../evidence-charts";
import type { SplitLabels } from "./label-census";
import type { LabelSequence } from "./label-sequence";

/** What is shown of a set. */
interface MeasuredSplit {
  readonly split: SplitLabels;
  readonly sequence: LabelSequence;
}

const MOST_RUNS = 8;
/** Labels with a line or column of their own: more cannot be told apart. */
const MOST_LABELS = 4;
const CHART_POINTS = 25;

/** The order of each set in one line. */
export function orderTable(ordered: readonly MeasuredSplit[], names: readonly string[]): TableSpec {
  return {
    kind: "table",
    title: "Runs of one label",
    columns: ["set", "rows", "runs", "runs if shuffled", "longest run", "label", "from row"],
    rows: ordered.map(({ split, sequence: { runs, expectedRuns } }): Cell[] => {
      const longest = runs.reduce((one, other) => (other.length > one.length ? other : one));
      return [
        ...[split.role, split.labels.length, runs.length, expectedRuns, longest.length],
        ...[names[longest.label] ?? "", longest.begin],
      ];
    }),
    format: { "runs if shuffled": 0 },
  };
}

/** Where the labels of a set change, what each prefix of it holds, and how the shares move through it. */
export function orderEvidence(
  params: MeasuredSplit & { title: string; names: readonly string[] },
): (TableSpec | ChartSpec)[] {
  return [prefixTable(params), runTable(params), shareChart(params)];
}

function runTable({
  split,
  sequence: { runs },
  names,
}: MeasuredSplit & { names: readonly string[] }): TableSpec {
  const hidden = runs.length - MOST_RUNS;
  return {
    kind: "table",
    title: `Where the label changes in ${split.role}`,
    columns: ["label", "from row", "to row", "rows"],
    rows: runs
      .slice(0, MOST_RUNS)
      .map(({ label, begin, length }) => [names[label] ?? "", begin, begin + length - 1, length]),
    note: `${hidden > 0 ? `The first ${MOST_RUNS} of ${runs.length} runs. ` : ""}Rows are counted from 0, as select(range(…)) does.`,
  };
}

function prefixTable(params: MeasuredSplit & { names: readonly string[] }): TableSpec {
  const { split, sequence, names } = params;
  const labels = mostFrequent(split);
  const shareOf = (label: number): string => `${names[label] ?? ""}, share`;
  const whole = { rows: split.labels.length, counts: split.counts, variation: 0 };
  return {
    kind: "table",
    title: `What the first rows of ${split.role} hold`,
    columns: ["first rows", ...labels.map(shareOf), "differs from all by"],
    rows: [...sequence.prefixes, whole].map(({ rows, counts, variation }): Cell[] => [
      ...[rows, ...labels.map((label) => (counts[label] ?? 0) / rows), variation],
    ]),
    format: Object.fromEntries(
      [...labels.map(shareOf), "differs from all by"].map((column) => [column, "percent"]),
    ),
  };
}

function shareChart(params: MeasuredSplit & { title: string; names: readonly string[] }): ChartSpec {
  const { split, title, names } = params;
  const rows = split.labels.length;
  const stops = Array.from({ length: CHART_POINTS }, (_, index) =>
    Math.ceil((rows * (index + 1)) / CHART_POINTS),
  );
  const ends = [...new Set(stops)];
  return lineChart({
    title,
    series: mostFrequent(split).map((label) => ({
      name: names[label] ?? "",
      x: ends,
      y: runningShares({ labels: split.labels, label, ends }),
    })),
    xTitle: "rows read from the beginning",
    yTitle: "share so far, %",
  });
}

function runningShares(params: {
  labels: readonly number[];
  label: number;
  ends: readonly number[];
}): number[] {
  const { labels, label, ends } = params;
  let [row, hits] = [0, 0];
  return ends.map((end) => {
    for (; row < end; row += 1) if (labels[row] === label) hits += 1;
    return (100 * hits) / end;
  });
}

function mostFrequent({ counts }: SplitLabels): number[] {
  const present = counts.flatMap((count, label) => (count > 0 ? [label] : []));
  const ordered = [...present].sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0) || one - other);
  return ordered.slice(0, MOST_LABELS).sort((one, other) => one - other);
}
