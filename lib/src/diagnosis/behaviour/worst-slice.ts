import { wilsonInterval } from "../../evaluation/metrics";
import { normalCdf } from "../../evaluation/significance/distributions";
import { holm } from "../../evaluation/significance/multiple-testing";
import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import { percent, pValueText } from "../wording";
import { slicesOf, type Slice } from "./slices";

/** A slice with fewer texts, or with fewer beside it, says nothing. */
const FEWEST = 20;
/**
 * As much worse as some kind of text is for every model: negation costs a healthy one 0.07. What matters is a gap that is surely
 * larger, which also needs no other threshold where the set is large.
 */
const ORDINARY_GAP = 0.1;
/** After Holm's correction for all slices: a healthy model must stay quiet over dozens of reports. */
const SIGNIFICANT = 0.01;

/** How right a model is in a slice and beside it. */
interface SliceScore {
  readonly name: string;
  readonly count: number;
  readonly accuracy: number;
  /** Of the accuracy, with 95 % confidence. */
  readonly interval: readonly [number, number];
  /** Accuracy of all other texts. */
  readonly elsewhere: number;
  readonly gap: number;
  /** Of a gap like this where the true one is the ordinary; after Holm's correction. */
  readonly pValue: number;
}

/** The part of the held-out set in which the model is worst, by more than chance. */
export const worstSlice = defineCheck({
  name: "worst-slice",
  area: "model",
  question: "Is there a kind of text in which the model is much worse than elsewhere?",
  needs: ["classifier", "heldOut"],
  run: async ({ classifier, heldOut, predict }) => {
    const { predictions, labels, outputs } = await predict(heldOut);
    const known = labels.flatMap((label, index) => (label >= 0 ? [index] : []));
    const right = known.map((index) => labels[index] === predictions[index]);
    const scores = scoreSlices(await slicesOf(heldOut.select(known), classifier), right);
    return findWorst(scores, { name: heldOut.name, right, outputs });
  },
});

function scoreSlices(slices: readonly Slice[], right: readonly boolean[]): SliceScore[] {
  const tested = slices.flatMap(({ name, members }) => {
    const inside = right.filter((_, index) => members[index]);
    const outside = right.filter((_, index) => !members[index]);
    return inside.length >= FEWEST && outside.length >= FEWEST ? [{ name, inside, outside }] : [];
  });
  const adjusted = holm(tested.map(({ inside, outside }) => chanceOfGap(tally(inside), tally(outside))));
  return tested.map(({ name, inside, outside }, index) => {
    const [hits, misses] = tally(inside);
    const count = hits + misses;
    const elsewhere = tally(outside)[0] / outside.length;
    const accuracy = hits / count;
    return {
      ...{ name, count, accuracy, elsewhere, gap: elsewhere - accuracy },
      interval: wilsonInterval(hits, count),
      pValue: adjusted[index] ?? 1,
    };
  });
}

/**
 * The chance of a gap as large as this or larger where the true one is {@link ORDINARY_GAP}: the normal approximation, with a hit and a
 * miss added to each side so that it holds at 0 and 1 too (Agresti and Caffo 2000).
 */
function chanceOfGap(inside: readonly [number, number], outside: readonly [number, number]): number {
  const [here, there] = [inside, outside].map(([hits, misses]) => {
    const count = hits + misses + 2;
    const share = (hits + 1) / count;
    return { share, variance: (share * (1 - share)) / count };
  });
  const gap = (there?.share ?? 0) - (here?.share ?? 0);
  const error = Math.sqrt((there?.variance ?? 0) + (here?.variance ?? 0));
  return normalCdf(-(gap - ORDINARY_GAP) / error);
}

function tally(right: readonly boolean[]): [hits: number, misses: number] {
  const hits = right.filter(Boolean).length;
  return [hits, right.length - hits];
}

function findWorst(
  scores: readonly SliceScore[],
  measured: { name: string; right: readonly boolean[]; outputs: number },
): Finding {
  const { name, right, outputs } = measured;
  const ordered = [...scores].sort((left, other) => other.gap - left.gap);
  const found = ordered.find(({ pValue }) => pValue < SIGNIFICANT);
  const worst = found ?? ordered[0];
  if (!worst)
    return {
      verdict: "pass",
      found: `No slice of "${name}" (${right.length} rows with a label of the model) has ${FEWEST} texts inside and outside, so that there is nothing to compare.`,
    };
  const { count, accuracy, interval, elsewhere, gap, pValue } = worst;
  const worseThanGuessing = interval[1] < 1 / outputs;
  const sentence = `of ${count} texts ${worst.name} ${percent(accuracy)} are right (95 % interval ${percent(interval[0])} to ${percent(interval[1])}), of all others ${percent(elsewhere)}, ${pValueText(pValue)} for a gap of more than ${ORDINARY_GAP}`;
  return {
    verdict: found ? (worseThanGuessing ? "fail" : "warn") : "pass",
    found: found
      ? `One kind stands out: ${sentence}.`
      : `No kind of text stands out; in the worst, ${sentence}.`,
    advice: worseThanGuessing
      ? `Read the labels of texts ${worst.name}: worse than guessing means that they, or what the model learned of them, are the wrong way round.`
      : `Read wrong answers to texts ${worst.name}, and add such texts to training; report this accuracy beside the overall one.`,
    numbers: {
      ...{ slices: scores.length, count, accuracy, elsewhere, gap, pValue },
      ...{ accuracyLow: interval[0], accuracyHigh: interval[1] },
    },
    evidence: found ? [sliceTable(ordered), accuracyChart(ordered)] : [sliceTable(ordered)],
  };
}

const MOST_SHOWN = 15;

function sliceTable(ordered: readonly SliceScore[]): TableSpec {
  const rows = ordered.slice(0, MOST_SHOWN);
  return {
    kind: "table",
    title: `Accuracy by slice, the worst first${ordered.length > rows.length ? ` (${rows.length} of ${ordered.length})` : ""}`,
    columns: ["texts", "count", "accuracy", "from", "to", "all others", "p (Holm)"],
    rows: rows.map(({ name, count, accuracy, interval, elsewhere, pValue }) => [
      ...[name, count, accuracy, ...interval, elsewhere, pValue],
    ]),
    format: { accuracy: 3, from: 3, to: 3, "all others": 3, "p (Holm)": 3 },
    note: `A kind stands out if p is below ${SIGNIFICANT}: the chance of such a gap to all others where the true one is ${ORDINARY_GAP} (Agresti and Caffo's normal approximation, with Holm's correction for all slices).`,
  };
}

function accuracyChart(ordered: readonly SliceScore[]) {
  const shown = ordered.slice(0, MOST_SHOWN);
  return barChart({
    title: "Accuracy by slice",
    categories: shown.map(({ name }) => name),
    series: [{ name: "accuracy", values: shown.map(({ accuracy }) => accuracy) }],
    yTitle: "accuracy",
  });
}
