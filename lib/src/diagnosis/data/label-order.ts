import { defineCheck, type CheckVerdict, type Finding } from "../check";
import { counted, listed, percent } from "../wording";
import { labelCensus, labelledSplits, type SplitLabels } from "./label-census";
import { orderEvidence, orderTable } from "./label-order-evidence";
import { measureSequence, type LabelSequence, type Prefix } from "./label-sequence";

/** Share of label changes that is missing: with half of them gone, runs are twice as long as in a shuffled set. */
const STICKINESS = { warn: 0.15, fail: 0.5 };
/** How far the label shares of some prefix are from the set's, beyond chance: at 0.2, a half-and-half set looks like 70 to 30. */
const PREFIX_EXCESS = { warn: 0.1, fail: 0.2 };
/** Six tests a subject: at this p, one shuffled subject in 170 would be suspected, and the sizes above leave out most of those. */
const SIGNIFICANT = 0.001;
/** Ten rows, five of each of two labels, are sorted by chance in 1 of 126 shuffles. */
const SORTED_BY_CHANCE = 0.01;

/** Asks whether labels lie in a random order: from a sorted set, every prefix is another set. */
export const labelOrder = defineCheck({
  name: "label-order",
  area: "data",
  question: "Do the labels lie in a random order?",
  needs: ["splits"],
  run: (examination): Finding => {
    const census = labelCensus(examination);
    const { names } = census;
    const ordered = labelledSplits(census).flatMap((split) => judge(split, names) ?? []);
    if (ordered.length === 0)
      return { verdict: "pass", found: "No set has rows of two labels, so there is no order to speak of." };
    const suspects = ordered
      .filter(({ verdict }) => verdict !== "pass")
      .sort((left, right) => Number(right.verdict === "fail") - Number(left.verdict === "fail"));
    const numbers = Object.assign({}, ...ordered.map(numbersOf)) as Record<string, number>;
    const table = orderTable(ordered, names);
    const [worst, ...others] = suspects;
    if (!worst) return { verdict: "pass", found: shuffledText(ordered), numbers, evidence: [table] };
    const also = others.length > 0 ? ` ${listed(others.map(shortText))} too.` : "";
    return {
      verdict: worst.verdict,
      found: `${foundText(worst, names)}.${also}`,
      advice:
        "Shuffle it (set.shuffle(seed)) before rows are taken from it, or draw as many of each label (balanced).",
      ...{ numbers, evidence: [table, ...orderEvidence({ ...worst, title: titleOf(worst, names), names })] },
    };
  },
});

/** The order of a set's labels, and what is wrong with it. */
interface OrderedSplit {
  readonly split: SplitLabels;
  readonly sequence: LabelSequence;
  readonly verdict: CheckVerdict;
  readonly kind: "sorted" | "blocked" | "shifting" | "shuffled";
}

function judge(split: SplitLabels, names: readonly string[]): OrderedSplit | undefined {
  const sequence = measureSequence(split.labels, names.length);
  if (!sequence) return undefined;
  const { runs, stickiness, runsPValue, sortedChance, shiftPValue } = sequence;
  const present = split.counts.filter((count) => count > 0).length;
  if (runs.length === present && sortedChance < SORTED_BY_CHANCE)
    return { split, sequence, verdict: "fail", kind: "sorted" };
  const excess = worstPrefix(sequence)?.excess ?? 0;
  const isBlocked = (limit: number): boolean => stickiness >= limit && runsPValue < SIGNIFICANT;
  const isShifting = (limit: number): boolean => excess >= limit && shiftPValue < SIGNIFICANT;
  const level = (["fail", "warn"] as const).find(
    (verdict) => isBlocked(STICKINESS[verdict]) || isShifting(PREFIX_EXCESS[verdict]),
  );
  if (!level) return { split, sequence, verdict: "pass", kind: "shuffled" };
  return { split, sequence, verdict: level, kind: isBlocked(STICKINESS[level]) ? "blocked" : "shifting" };
}

function worstPrefix({ prefixes }: LabelSequence): Prefix | undefined {
  return [...prefixes].sort((left, right) => right.excess - left.excess)[0];
}

function shortText({ split, kind }: OrderedSplit): string {
  const words = {
    sorted: "is sorted",
    blocked: "lies in blocks",
    shifting: "shifts",
    shuffled: "is shuffled",
  };
  return `${split.role} ${words[kind]}`;
}

function titleOf(ordered: OrderedSplit, names: readonly string[]): string {
  const prefix = prefixText(ordered, names);
  return prefix ? `${ordered.split.role}: ${prefix.holds}` : `${shortText(ordered)} of one label`;
}

function foundText(ordered: OrderedSplit, names: readonly string[]): string {
  const { split, sequence, kind } = ordered;
  const prefix = prefixText(ordered, names);
  const tail = prefix ? `; ${prefix.holds}, all of them ${prefix.insteadOf}` : "";
  if (kind === "sorted") {
    const begins = sequence.runs.map(
      ({ label, begin }) => `${names[label] ?? ""} from row ${begin.toLocaleString("en-US")}`,
    );
    return `${split.role} is sorted by label, ${listed(begins)}${tail}`;
  }
  if (kind === "shifting") return `The labels of ${split.role} shift from its beginning to its end${tail}`;
  const changes = counted(sequence.runs.length - 1, "time");
  const longest = sequence.runs.reduce((one, other) => (other.length > one.length ? other : one));
  return (
    `${split.role} lies in blocks: its label changes ${changes}, where a shuffled set's changes about ` +
    `${Math.round(sequence.expectedRuns - 1).toLocaleString("en-US")} times; the longest block is ${counted(longest.length, "row")} ` +
    `of ${names[longest.label] ?? ""} from row ${longest.begin.toLocaleString("en-US")}${tail}`
  );
}

interface WordedPrefix {
  readonly holds: string;
  readonly insteadOf: string;
}

/** What the worst prefix would take, where it differs from the set by more than chance. */
function prefixText({ split, sequence }: OrderedSplit, names: readonly string[]): WordedPrefix | undefined {
  const prefix = worstPrefix(sequence);
  if (!prefix || prefix.excess < PREFIX_EXCESS.warn) return undefined;
  const rows = split.labels.length;
  const surplus = prefix.counts.map(
    (count, label) => count / prefix.rows - (split.counts[label] ?? 0) / rows,
  );
  const label = surplus.indexOf(Math.max(...surplus));
  const share = percent((prefix.counts[label] ?? 0) / prefix.rows);
  return {
    holds: `the first ${prefix.rows.toLocaleString("en-US")} of ${counted(rows, "row")} are ${share} ${names[label] ?? ""}`,
    insteadOf: percent((split.counts[label] ?? 0) / rows),
  };
}

function shuffledText(ordered: readonly OrderedSplit[]): string {
  const changes = ordered.map(({ split, sequence: { runs, expectedRuns } }) => {
    const expected = Math.round(expectedRuns - 1).toLocaleString("en-US");
    return `${counted(runs.length - 1, "time")} in ${split.role} (shuffled: ${expected})`;
  });
  return `The label changes ${listed(changes)}, and no prefix differs from its set by more than chance.`;
}

function numbersOf({ split, sequence }: OrderedSplit): Record<string, number> {
  const { role } = split;
  return {
    [`${role}Runs`]: sequence.runs.length,
    [`${role}ExpectedRuns`]: sequence.expectedRuns,
    [`${role}Stickiness`]: sequence.stickiness,
    [`${role}RunsPValue`]: sequence.runsPValue,
    [`${role}PrefixVariation`]: worstPrefix(sequence)?.variation ?? 0,
    [`${role}ShiftPValue`]: sequence.shiftPValue,
  };
}
