import type { ReviewSet } from "../../data/review-set";
import { wilsonInterval } from "../../evaluation/metrics";
import { mean } from "../../evaluation/significance/counts";
import { totalVariation } from "../../evaluation/significance/divergence";
import { labelName } from "../../model/config-file";
import type { ChartSpec, TableSpec } from "../../runtime/presentation";
import { brokenLogits } from "../broken-logits";
import { defineCheck, type Answerable, type Finding } from "../check";
import { barChart } from "../evidence-charts";
import type { Predictions } from "../predictions";
import { counted, percent } from "../wording";
import { worseOf } from "./worse-of";

/**
 * How much of all other labels' examples gets the favourite answer: by chance alone a model of two labels gives it to half of
 * them. What is counted is the lower end of a 95 % interval, so that a few rows do not decide, and the favourite's own examples
 * must get it as well: a model whose names are exchanged gives it to the others alone, and tells texts apart.
 */
const SWALLOWED = 0.4;
/** Hardly one in four of the others is called anything else. */
const NEARLY_ALL_SWALLOWED = 0.75;
/**
 * How far probabilities lie from their mean, on average. A model that has learned lies at 0.3 to 0.5; the story's, which said
 * 0.16 to 0.19 of everything, at 0.01.
 */
const LITTLE_SPREAD = 0.05;
const NO_SPREAD = 0.02;
/** Mean probabilities that differ from the training set's shares by no more than this are those shares. */
const AT_THE_SHARES = 0.05;
/** Of a training set that stands in for a held-out set of one label: enough to see a collapse. */
const TRAIN_ROWS = 200;
const MOST_LABELS = 12;
const BINS = 10;

type Asked = Answerable<"classifier" | "heldOut">;

/** Whether a model has stopped telling texts apart. */
export const collapsedPredictions = defineCheck({
  name: "collapsed-predictions",
  area: "training",
  question: "Does the model give different answers to different texts?",
  needs: ["classifier", "heldOut"],
  run: async (asked) => {
    const set = setToAsk(asked);
    if (!set) return oneLabel(asked.heldOut);
    const predictions = await asked.predict(set);
    const broken = brokenLogits(predictions.logits);
    if (broken) return broken;
    const summary = summarise(predictions, asked.train);
    const finding = worseOf(ofAnswers(summary, set), ofProbabilities(summary, set));
    const { swallowed, spread, predictedShare, trueShare } = summary;
    const numbers = { ...{ swallowed: swallowed.share, low: swallowed.low, high: swallowed.high }, spread };
    const table = answerTable(summary, predictions);
    const evidence =
      finding.verdict === "pass" ? [table] : [table, probabilityChart(finding.found, summary, predictions)];
    return { ...finding, numbers: { ...numbers, predictedShare, trueShare }, evidence };
  },
});

/** The held-out set or, where it has one label alone, some of the training set: a collapse cannot be told from being right. */
function setToAsk({ heldOut, train, seed }: Asked): ReviewSet | undefined {
  if (hasSeveralLabels(heldOut)) return heldOut;
  if (!train || !hasSeveralLabels(train)) return undefined;
  const rows = Math.min(train.length, TRAIN_ROWS);
  const drawn = train.sample(rows, seed, `${counted(rows, "row")} of ${train.name}`);
  return hasSeveralLabels(drawn) ? drawn : train;
}

function hasSeveralLabels({ labels }: ReviewSet): boolean {
  return new Set(labels).size > 1;
}

function oneLabel({ name, length }: ReviewSet): Finding {
  return {
    verdict: "warn",
    found: `${name} has ${length === 0 ? "0 rows" : "one label alone"}, on which a model that always says the same cannot be told from a good one.`,
    advice: "Measure on rows of every label.",
    numbers: { rows: length },
  };
}

/** A share with its 95 % interval. */
interface Share {
  share: number;
  low: number;
  high: number;
}

function shareWithInterval(hits: number, count: number): Share {
  const [low, high] = wilsonInterval(hits, count);
  return { share: hits / count, low, high };
}

/** What a model says of a set, in a few numbers. */
interface Summary {
  /** The answer given most often. */
  favourite: number;
  favouriteName: string;
  /** Share of all examples that got it, and of those whose label it is. */
  predictedShare: number;
  trueShare: number;
  /** Share of the others' examples that got it. */
  swallowed: Share;
  /** Share of its own examples that did; `undefined` where the set has none. */
  kept: Share | undefined;
  /** Mean probability by output. */
  means: number[];
  /** Half the sum of the distances from these, mean over the examples (total variation). */
  spread: number;
  /** Total variation between the means and the training set's shares of labels; `undefined` without them. */
  fromTrainShares: number | undefined;
}

function summarise(predictions: Predictions, train: ReviewSet | undefined): Summary {
  const { labels, probabilities, outputs, id2label } = predictions;
  const said = predictions.predictions;
  const shareOf = (values: readonly number[], output: number): number =>
    values.filter((value) => value === output).length / values.length;
  const shares = Array.from({ length: outputs }, (_, output) => shareOf(said, output));
  const favourite = shares.indexOf(Math.max(...shares));
  const givenTo = (own: boolean): Share | undefined => {
    const answers = said.filter((_, index) => (labels[index] === favourite) === own);
    const given = answers.filter((answer) => answer === favourite).length;
    return answers.length > 0 ? shareWithInterval(given, answers.length) : undefined;
  };
  const means = Array.from({ length: outputs }, (_, output) =>
    mean(probabilities.map((row) => row[output] ?? NaN)),
  );
  const spread = mean(probabilities.map((row) => totalVariation(row, means)));
  const trainShares = train && means.map((_, output) => shareOf(train.labels, output));
  // a training set without a label of the model's has no shares to compare
  const hasShares = trainShares?.some((share) => share > 0) ?? false;
  return {
    ...{ favourite, favouriteName: labelName(id2label, favourite) },
    ...{ predictedShare: shares[favourite] ?? 0, trueShare: shareOf(labels, favourite) },
    swallowed: givenTo(false) ?? { share: 0, low: 0, high: 0 },
    kept: givenTo(true),
    ...{
      means,
      spread,
      fromTrainShares: trainShares && hasShares ? totalVariation(means, trainShares) : undefined,
    },
  };
}

function ofAnswers(
  { swallowed, kept, favouriteName, predictedShare, trueShare }: Summary,
  set: ReviewSet,
): Finding {
  const { low } = swallowed;
  const both = Math.min(low, kept?.low ?? 1);
  return {
    verdict: both > NEARLY_ALL_SWALLOWED ? "fail" : both > SWALLOWED ? "warn" : "pass",
    found: `The model calls ${percent(predictedShare)} of ${set.name} ${favouriteName} where ${percent(trueShare)} are, and so ${percent(swallowed.share)} (${percent(low)} to ${percent(swallowed.high)}) of all others.`,
    advice:
      "Look at the labels it was trained on, their shares and their order, and at how the checkpoint was chosen; then train anew.",
  };
}

function ofProbabilities(
  { spread, means, favourite, favouriteName, fromTrainShares }: Summary,
  set: ReviewSet,
): Finding {
  const mean = means[favourite] ?? 0;
  const atShares =
    fromTrainShares !== undefined && fromTrainShares <= AT_THE_SHARES
      ? ", which is the share of that label in the training set"
      : "";
  const distance = `${(spread * 100).toFixed(1)} points`;
  const verdict = spread < NO_SPREAD ? "fail" : spread < LITTLE_SPREAD ? "warn" : "pass";
  return {
    verdict,
    found:
      verdict === "pass"
        ? `Answers differ from text to text: on ${set.name} probabilities lie ${distance} from their mean on average, and ${favouriteName}, the most frequent, has ${percent(mean)}.`
        : `Whatever the text of ${set.name}, the model gives ${favouriteName} about ${percent(mean)}${atShares}: probabilities lie ${distance} from their mean on average.`,
    advice:
      "Train longer or at a higher learning rate, on labels that come in equal shares and in random order.",
  };
}

/** The answers that are given or right most often; of a hundred nobody reads all. */
function shownOutputs({
  labels,
  predictions: said,
  outputs,
}: Predictions): { output: number; right: number; given: number }[] {
  const countOf = (values: readonly number[], output: number): number =>
    values.filter((value) => value === output).length;
  return Array.from({ length: outputs }, (_, output) => ({
    ...{ output, right: countOf(labels, output), given: countOf(said, output) },
  }))
    .sort((left, right) => right.given - left.given || right.right - left.right || left.output - right.output)
    .slice(0, MOST_LABELS);
}

function answerTable({ means }: Summary, predictions: Predictions): TableSpec {
  return {
    kind: "table",
    columns: ["answer", "examples of it", "given to", "mean probability"],
    rows: shownOutputs(predictions).map(({ output, right, given }) => [
      ...[labelName(predictions.id2label, output), right, given],
      means[output] ?? null,
    ]),
    format: { "mean probability": "percent" },
    ...(predictions.outputs > MOST_LABELS && {
      note: `The ${MOST_LABELS} most frequent of ${predictions.outputs} answers.`,
    }),
  };
}

/** Where texts of the favourite label and all others lie by the favourite's probability: apart, if the model tells them apart. */
function probabilityChart(
  title: string,
  { favourite, favouriteName }: Summary,
  predictions: Predictions,
): ChartSpec {
  const { probabilities, labels } = predictions;
  const binOf = (row: number): number =>
    Math.min(BINS - 1, Math.floor((probabilities[row]?.[favourite] ?? 0) * BINS));
  const counted = (isFavourite: boolean): number[] => {
    const counts = new Array<number>(BINS).fill(0);
    for (const [row, label] of labels.entries())
      if ((label === favourite) === isFavourite) counts[binOf(row)] = (counts[binOf(row)] ?? 0) + 1;
    return counts;
  };
  return barChart({
    title,
    categories: Array.from(
      { length: BINS },
      (_, bin) => `${(bin * 100) / BINS} to ${((bin + 1) * 100) / BINS} %`,
    ),
    series: [
      { name: `is ${favouriteName}`, values: counted(true) },
      { name: "is not", values: counted(false) },
    ],
    ...{ xTitle: `probability of ${favouriteName}`, yTitle: "texts" },
  });
}
