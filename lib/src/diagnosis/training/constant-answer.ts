import type { ReviewSet } from "../../data/review-set";
import { accuracy, wilsonInterval } from "../../evaluation/metrics";
import { mcnemarTest } from "../../evaluation/significance/mcnemar";
import type { TableSpec } from "../../runtime/presentation";
import { defineCheck, type Finding } from "../check";
import { ConstantPredictors } from "../constant-predictor";
import type { Predictions } from "../predictions";
import { counted, percent, pValueText } from "../wording";
import { emptySet } from "./empty-set";
import { worseOf } from "./worse-of";

/** From here on accuracy leaves a model too little to be better by: a tenth of the rows decides everything. */
const WORTHLESS_ACCURACY = 0.9;
/** A model that mends less than a fifth of what a constant answer gets wrong has learned little: 60 % right where 50 % is free. */
const LEAST_GAIN = 0.2;
/** A model that knows nothing is not to pass by luck: one in a hundred would. */
const ALPHA = 0.01;
/** Rows that the constant answer gets wrong, from which on a model that is right on 7 of 10 nearly always shows it. */
const ENOUGH_OTHERS = 30;
const MOST_ROWS = 10;

/** Whether a metric can be won, or a model be equalled, by always giving the same answer. */
export const constantAnswer = defineCheck({
  name: "constant-answer",
  area: "training",
  question: "What does it score to always give the same answer, and is the model better than that?",
  needs: ["heldOut"],
  run: async ({ validation, test, heldOut, classifier, predict }) => {
    const sets = [validation, test].filter((set) => set !== undefined);
    const empty = sets.find(({ length }) => length === 0);
    if (empty) return emptySet(empty, "nothing can be measured on it");
    const constant = sets.map(ofConstants).reduce(worseOf);
    const hasOneLabel = new Set(heldOut.labels).size < 2;
    const finding =
      classifier && !hasOneLabel ? worseOf(constant, ofModel(heldOut, await predict(heldOut))) : constant;
    const evidence = sets.map(constantTable);
    return { ...finding, numbers: { ...constant.numbers, ...finding.numbers }, evidence };
  },
});

function ofConstants(set: ReviewSet): Finding {
  const { scores, bestAccuracy } = new ConstantPredictors(set);
  const best = scores.find(({ accuracy }) => accuracy === bestAccuracy);
  const answer = best?.answer ?? "";
  const numbers = { constantAccuracy: bestAccuracy, constantBalancedAccuracy: best?.balancedAccuracy ?? 0 };
  const rows = counted(set.length, "row");
  const score = `always saying ${answer} scores an accuracy of ${percent(bestAccuracy)}`;
  if (bestAccuracy === 1)
    return {
      ...{ verdict: "fail", numbers },
      found: `${set.name} has one label alone in ${rows}, so that ${score}.`,
      advice:
        "Draw it anew with rows of every label: on this one a model that has learned nothing looks perfect.",
    };
  const found = `On ${set.name} (${rows}) ${score}.`;
  if (bestAccuracy < WORTHLESS_ACCURACY) return { verdict: "pass", found, numbers };
  return {
    ...{ verdict: "warn", found, numbers },
    advice:
      "Measure balanced accuracy, of which a constant answer has its share by chance alone, or draw the set with more rows of the rare labels.",
  };
}

/** Whether the model is better than every constant answer that scores the most. */
function ofModel(set: ReviewSet, predictions: Predictions): Finding {
  const { labels } = set;
  const said = predictions.predictions;
  const isRight = said.map((answer, index) => answer === predictions.labels[index]);
  // in the set's own labels, of which the model may lack some
  const right = labels.map((label, index) => (isRight[index] ? label : NaN));
  const counts = Object.entries(set.labelCounts());
  const most = Math.max(...counts.map(([, count]) => count));
  const pValue = Math.max(
    ...counts
      .filter(([, count]) => count === most)
      .map(([label]) => mcnemarTest({ labels, left: labels.map(() => Number(label)), right }).pValue),
  );
  const constant = most / set.length;
  const modelAccuracy = accuracy({ labels, predictions: right });
  const [low, high] = wilsonInterval(isRight.filter(Boolean).length, set.length);
  const gain = (modelAccuracy - constant) / (1 - constant);
  const numbers = { modelAccuracy, low, high, gain, pValue };
  const score = `the model's accuracy on ${set.name} is ${percent(modelAccuracy)} (${percent(low)} to ${percent(high)})`;
  const found = `A constant answer scores ${percent(constant)}, and ${score}, ${pValueText(pValue)}.`;
  const isShown = pValue < ALPHA;
  if (isShown && gain >= LEAST_GAIN) return { verdict: "pass", found, numbers };
  const isFew = !isShown && set.length - most < ENOUGH_OTHERS;
  if (isFew)
    return {
      ...{ verdict: "warn", found, numbers },
      advice: "Measure on more rows: these are too few to tell.",
    };
  return {
    ...{ verdict: isShown && gain > 0 ? "warn" : "fail", found, numbers },
    advice: "Do not use this model: look at its training, which has taught it next to nothing.",
  };
}

function constantTable(set: ReviewSet): TableSpec {
  const { scores } = new ConstantPredictors(set);
  const rows = [...scores]
    .sort((left, right) => right.accuracy - left.accuracy)
    .slice(0, MOST_ROWS)
    .map(({ answer, accuracy, balancedAccuracy }) => [`always ${answer}`, accuracy, balancedAccuracy]);
  return {
    kind: "table",
    title: `Always the same answer, on ${set.name}`,
    columns: ["answer", "accuracy", "balanced accuracy"],
    rows,
    format: { accuracy: 3, "balanced accuracy": 3 },
    ...(scores.length > MOST_ROWS && { note: `The best ${MOST_ROWS} of ${scores.length} answers.` }),
  };
}
