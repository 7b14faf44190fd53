import type { Cell, ChartSpec, TableSpec } from "../../runtime/presentation";
import { lineChart } from "../evidence-charts";
import { pValueText, quoted } from "../wording";
import type { DriftedSplit } from "./drift";
import type { SplitLabels } from "./label-census";
import { labelTable } from "./label-table";

/** What is shown of sets beside the training set. */
export interface DriftEvidenceParams {
  readonly train: SplitLabels;
  /** Words of some of its texts. */
  readonly words: readonly (readonly string[])[];
  readonly compared: readonly DriftedSplit[];
  readonly names: readonly string[];
  /** The set that differs most, if one does. */
  readonly suspect: DriftedSplit | undefined;
}

const MOST_TEXTS = 4;
const CHART_POINTS = 40;

/** How far each set is from the training set and, of one that differs, which words and lengths make the difference. */
export function driftEvidence(params: DriftEvidenceParams): (TableSpec | ChartSpec)[] {
  const { train, compared, names, suspect } = params;
  const tables = [distanceTable(compared)];
  if (!suspect) return tables;
  const { differing, split } = suspect;
  return [
    ...tables,
    ...(differing.includes("words") ? [wordTable(suspect)] : []),
    ...(differing.includes("labels")
      ? [labelTable({ names, meant: names.length, splits: [] }, [train, split])]
      : []),
    textTable(train, suspect),
    ...(differing.includes("lengths") ? [lengthChart(params, suspect)] : []),
  ];
}

function distanceTable(compared: readonly DriftedSplit[]): TableSpec {
  return {
    kind: "table",
    title: "Each set beside train",
    columns: ["set", "what", "distance", "by chance", "p"],
    rows: compared.flatMap(({ split: { role }, vocabulary, length, labels }): Cell[][] => [
      [role, "words", vocabulary.distance, vocabulary.chance, pValueText(vocabulary.pValue)],
      [role, "lengths", length.statistic, null, pValueText(length.pValue)],
      ...(labels ? [[role, "labels", labels.variation, labels.chance, pValueText(labels.pValue)]] : []),
    ]),
    format: { distance: 3, "by chance": 3 },
    note: "From 0 (the same) to 1 (nothing in common): Jensen-Shannon divergence of word frequencies, Kolmogorov-Smirnov distance of text lengths in words, total variation of label shares.",
  };
}

function wordTable({ split: { role }, vocabulary: { words } }: DriftedSplit): TableSpec {
  return {
    kind: "table",
    title: `The words that tell ${role} from train best`,
    columns: ["word", "per 1,000 words of train", `per 1,000 words of ${role}`],
    rows: words.map(({ word, one, other }): Cell[] => [quoted(word, 30), 1_000 * one, 1_000 * other]),
    format: { "per 1,000 words of train": 2, [`per 1,000 words of ${role}`]: 2 },
  };
}

function textTable(train: SplitLabels, { split }: DriftedSplit): TableSpec {
  const rows = [train, split].flatMap(({ role, set }) =>
    set.rows.slice(0, MOST_TEXTS).map(({ text }, row): Cell[] => [role, row, quoted(text)]),
  );
  return { kind: "table", title: "The first texts of both", columns: ["set", "row", "text"], rows };
}

function lengthChart({ words }: DriftEvidenceParams, suspect: DriftedSplit): ChartSpec {
  const { split, medians } = suspect;
  const series = [
    { name: "train", lengths: words.map((text) => text.length) },
    { name: split.role, lengths: suspect.words.map((text) => text.length) },
  ];
  // a hundredth of the texts is far longer than the rest, and would leave no room for it
  const longest = Math.max(
    ...series.map(
      ({ lengths }) =>
        [...lengths].sort((one, other) => one - other)[Math.floor(0.99 * (lengths.length - 1))] ?? 0,
    ),
  );
  const stops = Array.from({ length: CHART_POINTS + 1 }, (_, index) =>
    Math.round((longest * index) / CHART_POINTS),
  );
  const x = [...new Set(stops)];
  return lineChart({
    title: `The middle text of ${split.role} has ${medians[1]} words, that of train ${medians[0]}`,
    series: series.map(({ name, lengths }) => ({
      ...{ name, x },
      y: x.map((most) => (100 * lengths.filter((length) => length <= most).length) / lengths.length),
    })),
    xTitle: "words",
    yTitle: "texts up to there, %",
  });
}
