import { wilsonInterval } from "../../evaluation/metrics";
import { goodnessOfFit } from "../../evaluation/significance/chi-square";
import { normalQuantile } from "../../evaluation/significance/distributions";
import { defineCheck, type CheckVerdict, type Finding } from "../check";
import { counted, percent } from "../wording";
import { labelCensus, labelledSplits, type LabelCensus, type SplitLabels } from "./label-census";
import { labelChart, labelTable } from "./label-table";

/**
 * How many rows of the most frequent label come on one of the rarest. Of two labels, at 4 to 1 whoever always says the same
 * scores 80 %, about what a trained model does: accuracy no longer shows a collapse (the story's set has 5 to 1). At 2 to 1 it
 * scores 67 %, which is seen beside a real model.
 */
const TWO_LABELS = { warn: 2, fail: 4 };
/** Of more labels the most frequent one is a smaller share of all: what is lost is the rarest one, of which little is learned. */
const MORE_LABELS = { warn: 4, fail: 10 };
/** A ratio of few rows is chance: with 95 % confidence at least this share of the threshold must be reached. */
const SURE_SHARE = 0.5;

/** Asks whether every label of each set is there often enough. */
export const labelBalance = defineCheck({
  name: "label-balance",
  area: "data",
  question: "Is every label there often enough?",
  needs: ["splits"],
  run: (examination): Finding => {
    const census = labelCensus(examination);
    const splits = labelledSplits(census);
    const weighed = splits.flatMap((split) => weigh(split, census) ?? []);
    const lopsided = weighed
      .filter(({ verdict }) => verdict !== "pass")
      .sort((left, right) => rank(right) - rank(left));
    const evidence = [labelTable(census, splits)];
    const numbers = Object.assign({}, ...weighed.map(numbersOf)) as Record<string, number>;
    const [worst, ...others] = lopsided;
    if (!worst) return { verdict: "pass", found: evenText(weighed, census), numbers, evidence };
    const also =
      others.length > 0
        ? ` Also lopsided: ${others.map(({ split, ...rest }) => `${split.role} (${sharesText(rest)})`).join(", ")}.`
        : "";
    const title = `${worst.split.role} is ${sharesText(worst)}`;
    const constant = census.meant === 2 ? `; always saying ${worst.most.name} is right as often` : "";
    return {
      verdict: worst.verdict,
      found: `${worst.split.role} is ${sharesText(worst)}, ${ratioText(worst)}${constant}.${also}`,
      advice:
        worst.split.role === "train"
          ? "Take as many rows of each label, or weigh the rarer ones' loss, and read balanced accuracy instead of accuracy."
          : `Draw ${worst.split.role} with as many rows of each label, or read balanced accuracy instead of accuracy on it.`,
      ...{ numbers, evidence: [...evidence, labelChart({ title, census, splits })] },
    };
  },
});

interface Weighed {
  readonly split: SplitLabels;
  readonly verdict: CheckVerdict;
  /** With a label that is meant. */
  readonly rows: number;
  readonly most: Label;
  readonly least: Label;
  /** What the counts say, and what they say at least with 95 % confidence. */
  readonly ratio: number;
  readonly sureRatio: number;
  readonly pValue: number;
}

interface Label {
  readonly name: string;
  readonly count: number;
  readonly share: number;
}

/** Nothing for a set without rows, or a problem without two labels: there is nothing to weigh. */
function weigh(split: SplitLabels, { names, meant }: LabelCensus): Weighed | undefined {
  const counts = split.counts.slice(0, meant);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows === 0 || meant < 2) return undefined;
  const labels = counts.map((count, place) => ({ name: names[place] ?? "", count, share: count / rows }));
  const most = labels.reduce((one, other) => (other.count > one.count ? other : one));
  // of several that are as rare, the last, so that it is another one than the most frequent
  const least = labels.reduce((one, other) => (other.count <= one.count ? other : one));
  const ratio = most.count / least.count;
  // the two were picked among all labels, so each interval must hold for all of them at once
  const z = normalQuantile(1 - 0.05 / (2 * meant));
  const sureRatio = wilsonInterval(most.count, rows, z)[0] / wilsonInterval(least.count, rows, z)[1];
  const limits = meant === 2 ? TWO_LABELS : MORE_LABELS;
  const reaches = (limit: number): boolean => ratio >= limit && sureRatio >= limit * SURE_SHARE;
  const verdict = reaches(limits.fail) ? "fail" : reaches(limits.warn) ? "warn" : "pass";
  return { split, verdict, rows, most, least, ratio, sureRatio, pValue: goodnessOfFit(counts).pValue };
}

function rank({ verdict }: Weighed): number {
  return verdict === "fail" ? 1 : 0;
}

function sharesText({ most, least }: Pick<Weighed, "most" | "least">): string {
  return `${percent(most.share)} ${most.name} and ${percent(least.share)} ${least.name}`;
}

function ratioText({ ratio, sureRatio, least }: Weighed): string {
  if (!Number.isFinite(ratio)) return `no row of ${least.name} at all`;
  return `${ratio.toFixed(1)} to 1 (with 95 % confidence at least ${sureRatio.toFixed(1)} to 1)`;
}

function evenText(weighed: readonly Weighed[], { meant }: LabelCensus): string {
  const [widest] = [...weighed].sort((left, right) => right.sureRatio - left.sureRatio);
  if (!widest) return meant < 2 ? "There are no two labels to weigh." : "There are no rows to weigh.";
  return `The least even is ${widest.split.role}: of ${counted(widest.rows, "row")} ${sharesText(widest)}.`;
}

function numbersOf({ split, most, least, ratio, sureRatio, pValue }: Weighed): Record<string, number> {
  const { role } = split;
  return {
    [`${role}LargestShare`]: most.share,
    [`${role}SmallestCount`]: least.count,
    ...(Number.isFinite(ratio) && { [`${role}Ratio`]: ratio }),
    [`${role}SureRatio`]: sureRatio,
    [`${role}PValue`]: pValue,
  };
}
