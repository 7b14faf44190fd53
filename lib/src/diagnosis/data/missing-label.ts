import { wilsonInterval } from "../../evaluation/metrics";
import type { Cell, TableSpec } from "../../runtime/presentation";
import { defineCheck, type Finding } from "../check";
import { counted, listed, percent } from "../wording";
import { labelCensus, labelledSplits, type LabelCensus, type SplitLabels } from "./label-census";
import { labelTable } from "./label-table";

/** Of ten rows, a recall of 80 % is known as 49 % to 94 %: of fewer, nothing is. */
const FEWEST_ROWS = 10;
const SOME_RECALL = 0.8;

/** Asks whether every label that is meant occurs in each set, often enough to measure by. */
export const missingLabel = defineCheck({
  name: "missing-label",
  area: "data",
  question: "Does every set hold every label?",
  needs: ["splits"],
  run: (examination): Finding => {
    const census = labelCensus(examination);
    const held = labelledSplits(census).map((split) => holdingsOf(split, census));
    if (held.length === 0) return { verdict: "pass", found: "There is no set whose labels are relied on." };
    const numbers = Object.assign({}, ...held.map(numbersOf)) as Record<string, number>;
    const evidence = [labelTable(census, labelledSplits(census)), recallTable(held, census)];
    const rest = { numbers, evidence };
    if (census.meant < 2) return { verdict: "fail", ...lonelyText(census), ...rest };
    const gaps = held.filter(({ missing }) => missing.length > 0);
    if (gaps.length > 0)
      return {
        verdict: "fail",
        found: `${gaps.map(gapText).join("; ")}.`,
        advice: `Draw ${listed(gaps.map(({ split }) => split.role))} from all labels (balanced, splitStratified): what is measured without a label says nothing of it.`,
        ...rest,
      };
    const scarce = held.filter(({ few }) => few.length > 0);
    if (scarce.length > 0)
      return {
        verdict: "warn",
        found: `${scarce.map(fewText).join("; ")}.`,
        advice: `Add rows of ${scarce.length > 1 ? "them" : listed(scarce[0]?.few ?? [])}: with fewer than ${FEWEST_ROWS}, neither training nor measuring can tell anything.`,
        ...rest,
      };
    return { verdict: "pass", found: enoughText(held), ...rest };
  },
});

interface Holdings {
  readonly split: SplitLabels;
  /** Labels without a row. */
  readonly missing: readonly string[];
  /** Labels with a few rows. */
  readonly few: readonly string[];
  readonly scarcest: { readonly name: string; readonly count: number };
}

function holdingsOf(split: SplitLabels, { names, meant }: LabelCensus): Holdings {
  const labels = names.slice(0, meant).map((name, place) => ({ name, count: split.counts[place] ?? 0 }));
  const none = { name: "", count: 0 };
  return {
    split,
    missing: labels.filter(({ count }) => count === 0).map(({ name }) => name),
    few: labels.filter(({ count }) => count > 0 && count < FEWEST_ROWS).map(({ name }) => name),
    scarcest: labels.reduce((one, other) => (other.count < one.count ? other : one), labels[0] ?? none),
  };
}

function lonelyText({ names, meant }: LabelCensus): Pick<Finding, "found" | "advice"> {
  return {
    found:
      meant === 0
        ? "There are no rows, and no label is meant."
        : `${names[0] ?? ""} is the only label that is meant.`,
    advice: "Give at least two labels: with fewer there is nothing to tell apart.",
  };
}

function gapText({ split, missing }: Holdings): string {
  if (split.labels.length === 0) return `${split.role} has no rows`;
  const rows = counted(split.labels.length, "row");
  return `${split.role} has ${rows} and none of them is ${listed(missing).replace(/ and (?=[^,]*$)/u, " or ")}`;
}

function fewText({ split, few, scarcest }: Holdings): string {
  if (few.length === 1) return `${split.role} has only ${counted(scarcest.count, "row")} of ${scarcest.name}`;
  return `${split.role} has fewer than ${FEWEST_ROWS} rows of ${counted(few.length, "label")}, of ${scarcest.name} only ${scarcest.count}`;
}

function enoughText(held: readonly Holdings[]): string {
  const least = held.reduce((one, other) => (other.scarcest.count < one.scarcest.count ? other : one));
  return `Yes; the fewest rows are ${least.scarcest.count.toLocaleString("en-US")} of ${least.scarcest.name} in ${least.split.role}.`;
}

function recallTable(held: readonly Holdings[], { meant }: LabelCensus): TableSpec {
  return {
    kind: "table",
    title: `What a measured recall of ${percent(SOME_RECALL)} would mean for the scarcest label`,
    columns: ["set", "scarcest label", "rows", "true recall, at least", "at most"],
    rows: (meant > 0 ? held : []).map(({ split, scarcest: { name, count } }): Cell[] => [
      ...[split.role, name, count],
      ...(count > 0 ? wilsonInterval(SOME_RECALL * count, count) : [null, null]),
    ]),
    format: { "true recall, at least": "percent", "at most": "percent" },
    note: "With 95 % confidence (Wilson's interval).",
  };
}

function numbersOf({ split: { role }, missing, few, scarcest }: Holdings): Record<string, number> {
  return {
    [`${role}Missing`]: missing.length,
    [`${role}TooFew`]: few.length,
    [`${role}SmallestCount`]: scarcest.count,
  };
}
