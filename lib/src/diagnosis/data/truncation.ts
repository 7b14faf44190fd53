import { chiSquareTest } from "../../evaluation/significance/chi-square";
import type { Tokenizer } from "../../tokenization/tokenizer";
import { defineCheck, type CheckVerdict, type Finding } from "../check";
import type { RoleSplit } from "../examination";
import { counted, percent } from "../wording";
import { cutTable, labelCutTable, lengthChart, lengthTable, otherLengths } from "./truncation-evidence";
import { cutAt, cutOf, type MeasuredSplit, type TextLength } from "./truncation-lengths";

/** Of all sets together: enough to know a share to 2 points, and a second of tokenizing for reviews of IMDB's length. */
const MOST_TEXTS = 2_000;
/** A longer text is counted by its beginning: a megabyte of it would take a second alone. */
const MOST_CHARACTERS = 20_000;
/** One text in ten, and one token in twenty: below that, models score as if nothing were cut. */
const WARN_CUT = { texts: 0.1, tokens: 0.05 };
/** With three quarters of the tokens gone, what the model learns is how texts begin. Half of IMDB's go at 128, and it still learns. */
const FAIL_LOST = 0.75;
/** A label of which so much more is cut is read less than the other: what the model learns is length. */
const LABEL_DIFFERENCE = 0.2;
const SIGNIFICANT = 0.001;
/** Of fewer texts, one more or less of a label makes such a difference. */
const FEWEST_OF_LABEL = 30;

/** Asks how much of the texts the model never reads. */
export const truncation = defineCheck({
  name: "truncation",
  area: "data",
  question: "Does the model read the whole texts?",
  needs: ["splits", "tokenizer"],
  run: async ({ splits, tokenizer, maxLength, seed }): Promise<Finding> => {
    const filled = splits.filter(({ set }) => set.length > 0);
    if (filled.length === 0) return { verdict: "pass", found: "There are no rows, so nothing is cut." };
    const perSplit = Math.floor(MOST_TEXTS / filled.length);
    const measured: MeasuredSplit[] = [];
    for (const split of filled)
      measured.push(await measure(split, { tokenizer, maxLength, seed, most: perSplit }));
    const judged = measured.map((split) => ({ ...split, verdict: judge(split) }));
    const order: readonly CheckVerdict[] = ["fail", "warn", "pass"];
    const [worst] = judged.sort((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict));
    if (!worst) return { verdict: "pass", found: "Nothing is cut." };
    const numbers = Object.assign({}, ...measured.map(numbersOf)) as Record<string, number>;
    const tables = [cutTable(measured, maxLength), labelCutTable(worst), lengthTable(worst, maxLength)];
    const finding = { verdict: worst.verdict, found: foundText(worst, maxLength), numbers };
    if (worst.verdict === "pass") return { ...finding, evidence: tables };
    return {
      ...finding,
      advice: adviceFor(worst, maxLength),
      evidence: [...tables, lengthChart(worst, maxLength)],
    };
  },
});

async function measure(
  split: RoleSplit,
  params: { tokenizer: Tokenizer; maxLength: number; seed: number; most: number },
): Promise<MeasuredSplit> {
  const { tokenizer, maxLength, seed, most } = params;
  const { set } = split;
  const sample = set.sample(most, seed);
  const beginnings = sample.texts.map((text) => text.slice(0, MOST_CHARACTERS));
  const encodings = await tokenizer.encodeBatch(beginnings, { maxLength });
  const lengths = encodings.map(({ inputIds, truncated }, index): TextLength => {
    const read = inputIds.length + truncated;
    const whole = sample.rows[index]?.text.length ?? 0;
    const tokens = whole > MOST_CHARACTERS ? Math.round((read * whole) / MOST_CHARACTERS) : read;
    return { tokens, lost: Math.max(0, tokens - maxLength) };
  });
  return { ...split, lengths, labels: sample.labels, cut: cutOf(lengths) };
}

function judge(split: MeasuredSplit): CheckVerdict {
  const { share, interval, lostShare, lostError } = split.cut;
  const surelyLost = lostShare - 2 * lostError;
  if (lostShare >= FAIL_LOST && surelyLost >= FAIL_LOST / 2) return "fail";
  const isCut = share >= WARN_CUT.texts && interval[0] >= WARN_CUT.texts / 2;
  if (isCut && lostShare >= WARN_CUT.tokens && surelyLost >= WARN_CUT.tokens / 2) return "warn";
  return labelDifference(split) === undefined ? "pass" : "warn";
}

/** By how much more texts of one label are cut than those of another, where that is no chance. */
function labelDifference({ lengths, labels }: MeasuredSplit): number | undefined {
  const rows = [...new Set(labels)].flatMap((label) => {
    const here = lengths.filter((_, index) => labels[index] === label);
    const longer = here.filter(({ lost }) => lost > 0).length;
    return here.length >= FEWEST_OF_LABEL ? [[longer, here.length - longer] as const] : [];
  });
  if (rows.length < 2) return undefined;
  const { pValue } = chiSquareTest(rows);
  const shares = rows.map(([longer, whole]) => longer / (longer + whole));
  const difference = Math.max(...shares) - Math.min(...shares);
  return difference >= LABEL_DIFFERENCE && pValue < SIGNIFICANT ? difference : undefined;
}

function foundText(split: MeasuredSplit, maxLength: number): string {
  const { role, set, cut } = split;
  const [low, high] = cut.interval;
  const of = cut.texts < set.length ? `, measured on ${counted(cut.texts, "text")}` : "";
  const difference = labelDifference(split);
  const uneven =
    difference === undefined ? "" : `; one label's are cut ${percent(difference)} more often than another's`;
  return (
    `${percent(cut.share)} of ${role}'s texts (95 % confidence: ${percent(low)} to ${percent(high)}${of}) are longer than ` +
    `${maxLength} tokens, and ${percent(cut.lostShare)} of all its tokens are never read${uneven}.`
  );
}

function adviceFor({ lengths }: MeasuredSplit, maxLength: number): string {
  const longer = otherLengths(maxLength).filter((length) => length > maxLength);
  const enough = longer.find((length) => cutAt(lengths, length).share < WARN_CUT.texts) ?? longer.at(-1);
  if (enough === undefined) return "Cut the texts yourself, so that what is kept holds what the label says.";
  const read = percent(1 - cutAt(lengths, enough).lostShare);
  return `Raise maxLength to ${enough}, at which ${read} of the tokens are read, as far as the model's positions reach.`;
}

function numbersOf({ role, cut }: MeasuredSplit): Record<string, number> {
  return {
    [`${role}CutShare`]: cut.share,
    [`${role}CutShareLow`]: cut.interval[0],
    [`${role}CutShareHigh`]: cut.interval[1],
    [`${role}LostShare`]: cut.lostShare,
    [`${role}LostShareError`]: cut.lostError,
  };
}
