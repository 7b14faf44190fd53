import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type CheckVerdict, type Finding } from "../check";
import { counted, percent, pValueText } from "../wording";
import { labelCensus, labelledSplits, type LabelCensus, type SplitLabels } from "./label-census";
import { labelShift, type LabelShift } from "./label-shift";
import { labelChart, labelTable } from "./label-table";

/**
 * Total variation between the label shares of two sets, beyond what chance gives: a model that recognises each label as well in
 * both differs in accuracy by no more than this. 10 points are as much as a good model differs from a poor one.
 */
const WARN_VARIATION = 0.1;
const FAIL_VARIATION = 0.25;
/** Three pairs a subject are compared: at this p, one subject in 300 has a pair that differs by chance. */
const SIGNIFICANT = 0.001;

/** Asks whether all sets have the same label shares. */
export const splitBalance = defineCheck({
  name: "split-balance",
  area: "data",
  question: "Do all sets have the same label shares?",
  needs: ["train", "heldOut"],
  run: (examination): Finding => {
    const census = labelCensus(examination);
    const splits = labelledSplits(census);
    const pairs = pairsOf(splits.filter(({ labels }) => labels.length > 0)).map(comparePair);
    const [worst] = [...pairs].sort((left, right) => right.excess - left.excess);
    const evidence = [labelTable(census, splits)];
    if (!worst) return { verdict: "pass", found: "There are no two sets with rows to compare.", evidence };
    const finding = {
      verdict: worst.verdict,
      found: foundText(worst, census),
      numbers: Object.assign({}, ...pairs.map(numbersOf)) as Record<string, number>,
      evidence: [...evidence, pairTable(pairs)],
    };
    if (worst.verdict === "pass") return finding;
    const title = `${worst.one.role} and ${worst.other.role} differ by ${points(worst.variation)}`;
    return {
      ...finding,
      advice: "Put the sets together, shuffle them, and split them again by label (splitStratified).",
      evidence: [...finding.evidence, labelChart({ title, census, splits })],
    };
  },
});

interface Pair extends LabelShift {
  readonly one: SplitLabels;
  readonly other: SplitLabels;
  readonly verdict: CheckVerdict;
}

function pairsOf(splits: readonly SplitLabels[]): [SplitLabels, SplitLabels][] {
  return splits.flatMap((one, index) =>
    splits.slice(index + 1).map((other): [SplitLabels, SplitLabels] => [one, other]),
  );
}

function comparePair([one, other]: readonly [SplitLabels, SplitLabels]): Pair {
  const shift = labelShift(one.counts, other.counts);
  const reaches = (limit: number): boolean => shift.excess >= limit && shift.pValue < SIGNIFICANT;
  const verdict = reaches(FAIL_VARIATION) ? "fail" : reaches(WARN_VARIATION) ? "warn" : "pass";
  return { one, other, verdict, ...shift };
}

function foundText({ one, other, variation, chance, pValue }: Pair, { names }: LabelCensus): string {
  const shareIn = (split: SplitLabels, label: number): number =>
    (split.counts[label] ?? 0) / split.labels.length;
  const differences = names.map((_, label) => Math.abs(shareIn(one, label) - shareIn(other, label)));
  const label = differences.indexOf(Math.max(...differences));
  const inSet = (split: SplitLabels): string => `${percent(shareIn(split, label))} of ${split.role}`;
  return (
    `${names[label] ?? ""} is ${inSet(one)} and ${inSet(other)}: the shares differ by ${points(variation)}, ` +
    `where chance gives ${points(chance)} (${pValueText(pValue)}).`
  );
}

function points(share: number): string {
  return `${(share * 100).toFixed(1)} points`;
}

function numbersOf({ one, other, variation, chance, pValue, cramersV }: Pair): Record<string, number> {
  const pair = one.role + (other.role === "test" ? "Test" : "Validation");
  return {
    [`${pair}Variation`]: variation,
    [`${pair}VariationByChance`]: chance,
    [`${pair}CramersV`]: cramersV,
    [`${pair}PValue`]: pValue,
  };
}

function pairTable(pairs: readonly Pair[]): TableSpec {
  return {
    kind: "table",
    title: "Label shares, set against set",
    columns: ["sets", "rows", "shares differ by", "by chance", "Cramér's V", "p"],
    rows: pairs.map(({ one, other, variation, chance, cramersV, pValue }) => [
      `${one.role} and ${other.role}`,
      `${counted(one.labels.length, "row")} and ${counted(other.labels.length, "row")}`,
      ...[variation, chance, cramersV],
      pValueText(pValue),
    ]),
    format: { "shares differ by": "percent", "by chance": "percent", "Cramér's V": 3 },
  };
}
