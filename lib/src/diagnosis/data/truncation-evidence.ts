import type { Cell, ChartSpec, TableSpec } from "../../runtime/presentation";
import { lineChart } from "../evidence-charts";
import { percent } from "../wording";
import { cutAt, cutOf, type MeasuredSplit } from "./truncation-lengths";

/** Lengths that models are trained with; the last is as far as BERT's positions reach. */
const USUAL_LENGTHS = [32, 64, 128, 256, 512];
const MOST_LABELS = 12;

/** The usual lengths with the one that is used, in order. */
export function otherLengths(maxLength: number): number[] {
  return [...new Set([...USUAL_LENGTHS, maxLength])].sort((one, other) => one - other);
}

/** What is cut of each set. */
export function cutTable(measured: readonly MeasuredSplit[], maxLength: number): TableSpec {
  const longer = `longer than ${maxLength}`;
  return {
    kind: "table",
    title: "What is cut",
    columns: ["set", "texts measured", "median tokens", "longest", longer, "tokens lost"],
    rows: measured.map(({ role, lengths, cut }): Cell[] => {
      const tokens = lengths.map((length) => length.tokens).sort((one, other) => one - other);
      const median = tokens[Math.floor(tokens.length / 2)] ?? null;
      return [role, cut.texts, median, tokens.at(-1) ?? null, cut.share, cut.lostShare];
    }),
    format: { [longer]: "percent", "tokens lost": "percent" },
  };
}

/** The same of one set, label by label. */
export function labelCutTable({ role, set, lengths, labels }: MeasuredSplit): TableSpec {
  const found = [...new Set(labels)].sort((one, other) => one - other);
  const hidden = found.length - MOST_LABELS;
  return {
    kind: "table",
    title: `What is cut of ${role}, label by label`,
    columns: ["label", "texts measured", "cut", "tokens lost"],
    rows: found.slice(0, MOST_LABELS).map((label): Cell[] => {
      const cut = cutOf(lengths.filter((_, index) => labels[index] === label));
      return [set.id2label[label] ?? "", cut.texts, cut.share, cut.lostShare];
    }),
    format: { cut: "percent", "tokens lost": "percent" },
    ...(hidden > 0 && { note: `And ${hidden} labels more.` }),
  };
}

/** What other lengths would cut. */
export function lengthTable({ role, lengths }: MeasuredSplit, maxLength: number): TableSpec {
  return {
    kind: "table",
    title: `What other lengths would cut of ${role}`,
    columns: ["maxLength", "", "cut", "tokens lost"],
    rows: otherLengths(maxLength).map((length): Cell[] => {
      const { share, lostShare } = cutAt(lengths, length);
      return [length, length === maxLength ? "now" : "", share, lostShare];
    }),
    format: { cut: "percent", "tokens lost": "percent" },
  };
}

/** The same as lines. */
export function lengthChart({ role, lengths, cut }: MeasuredSplit, maxLength: number): ChartSpec {
  const x = otherLengths(maxLength);
  return lineChart({
    title: `At ${maxLength} tokens, ${percent(cut.lostShare)} of what ${role} says is never read`,
    series: [
      { name: "texts read whole", x, y: x.map((length) => 100 * (1 - cutAt(lengths, length).share)) },
      { name: "tokens read", x, y: x.map((length) => 100 * (1 - cutAt(lengths, length).lostShare)) },
    ],
    xTitle: "maxLength, tokens",
    yTitle: "share, %",
  });
}
