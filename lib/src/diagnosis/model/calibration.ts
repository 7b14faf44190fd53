import type { LabelledLogits, ReliabilityBin } from "../../evaluation/significance/calibration";
import type { ChartSpec, TableSpec } from "../../runtime/presentation";
import { permutation, seededRandom } from "../../runtime/random";
import { defineCheck, type Finding } from "../check";
import { lineChart } from "../evidence-charts";
import type { Predictions } from "../predictions";
import { counted, percent } from "../wording";
import { brokenLogits } from "../broken-logits";
import {
  estimateTemperature,
  measureCalibration,
  withTemperature,
  type Calibration,
  type Estimate,
} from "./calibration-measure";

/** A confidence that is off by less than five points on average misleads nobody much. */
const LEAST_ERROR = 0.05;
/** One that is surely off by ten points must not be shown as a probability. */
const GREAT_ERROR = 0.1;
/** Fine-tuned classifiers are a little too sure: at a temperature up to this, 95 % means still about 88 %. */
const USUAL_TEMPERATURE = 1.5;
/** Of fewer examples, no interval is to be trusted, and no temperature is fitted if there are others. */
const LEAST_EXAMPLES = 50;
/** A temperature of so many is known to a few hundredths: of more, as many are taken. */
const MOST_TO_FIT = 5_000;

/** What is known of a model's confidence. */
export interface CalibrationEvidence {
  /** On the held-out set. */
  readonly before: Calibration;
  readonly temperature: Estimate;
  /** On the held-out set, with the temperature. */
  readonly after: Calibration;
  /** What the temperature was fitted on. */
  readonly fittedOn: string;
}

/** Whether the model is as sure as it is right. */
export const calibration = defineCheck({
  name: "calibration",
  area: "model",
  question: "Is the model as sure as it is right?",
  needs: ["classifier", "heldOut"],
  run: async ({ heldOut, validation, predict, seed }): Promise<Finding> => {
    const predictions = await predict(heldOut);
    const broken = brokenLogits(predictions.logits);
    if (broken) return broken;
    const measured = knownLabels(predictions);
    if (measured.labels.length === 0)
      return {
        verdict: "warn",
        found: `No example of "${heldOut.name}" has a label that the model has too (${counted(heldOut.length, "example")} in all).`,
        advice: "Give a test set with the model's labels.",
      };
    const chosen = validation && validation !== heldOut ? knownLabels(await predict(validation)) : undefined;
    const isFit = chosen && chosen.labels.length >= LEAST_EXAMPLES && hasLabelsOf(chosen, measured);
    const fitted = isFit ? chosen : measured;
    const temperature = estimateTemperature(drawn(fitted, seed));
    return judgeCalibration({
      before: measureCalibration({ ...measured, seed }),
      temperature,
      after: measureCalibration({ ...withTemperature(measured, temperature.value), seed }),
      fittedOn: isFit ? "the validation set" : "the same examples",
    });
  },
});

function knownLabels({ logits, labels }: Predictions): LabelledLogits {
  const known = labels.flatMap((label, index) => (label >= 0 ? [index] : []));
  return {
    logits: known.map((index) => logits[index] ?? []),
    labels: known.map((index) => labels[index] ?? 0),
  };
}

function drawn({ logits, labels }: LabelledLogits, seed: number): LabelledLogits {
  if (labels.length <= MOST_TO_FIT) return { logits, labels };
  const taken = permutation(labels.length, seededRandom(seed)).slice(0, MOST_TO_FIT);
  return {
    logits: taken.map((index) => logits[index] ?? []),
    labels: taken.map((index) => labels[index] ?? 0),
  };
}

/** A temperature of examples of one label alone would fit no other. */
function hasLabelsOf(one: LabelledLogits, other: LabelledLogits): boolean {
  const labels = new Set(one.labels);
  return other.labels.every((label) => labels.has(label));
}

/** Judges how sure a model is: only what is off by much, and surely not by chance, is told. */
export function judgeCalibration(evidence: CalibrationEvidence): Finding {
  const { before, temperature, after } = evidence;
  const { error } = before;
  const numbers = {
    ...{ examples: before.examples, confidence: before.confidence, accuracy: before.accuracy },
    ...{ error: error.value, errorLow: error.interval[0], errorHigh: error.interval[1] },
    ...{ temperature: temperature.value, temperatureLow: temperature.interval[0] },
    ...{ temperatureHigh: temperature.interval[1], errorWithTemperature: after.error.value },
  };
  const isEnough = before.examples >= LEAST_EXAMPLES;
  const isGreat = isEnough && error.interval[0] >= GREAT_ERROR;
  const isOff = isEnough && isUnusual(temperature) && error.value >= LEAST_ERROR;
  const table = binTable(evidence);
  const verdict = isGreat ? "fail" : isOff ? "warn" : "pass";
  if (verdict === "pass")
    return {
      verdict,
      found: `It is ${confidenceText(evidence)}${isEnough ? "" : ", which so few do not settle"}.`,
      numbers,
      evidence: [table],
    };
  const kind = before.confidence > before.accuracy ? "too sure of itself" : "surer than it says";
  return {
    verdict,
    found: `It is ${kind}: ${confidenceText(evidence)}.`,
    advice: adviceOf(evidence),
    numbers,
    evidence: [table, reliabilityChart(evidence, kind)],
  };
}

function isUnusual({ interval: [low, high] }: Estimate): boolean {
  return low > USUAL_TEMPERATURE || high < 1 / USUAL_TEMPERATURE;
}

function confidenceText({ before, temperature }: CalibrationEvidence): string {
  const { confidence, accuracy, error, examples } = before;
  const fit = `${temperature.value.toFixed(2)} (${temperature.interval.map((edge) => edge.toFixed(2)).join(" to ")})`;
  return `${percent(confidence)} sure on average and right in ${percent(accuracy)} of ${counted(examples, "example")}, a calibration error of ${percent(error.value)} (${error.interval.map(percent).join(" to ")}) and a temperature of ${fit}`;
}

function adviceOf({ before, temperature, after, fittedOn }: CalibrationEvidence): string {
  if (after.error.value > before.error.value / 2)
    return "Do not take its scores for probabilities; no temperature mends them, so look at the label names, and whether it tells the labels apart.";
  return `Divide the logits by ${temperature.value.toFixed(2)} before softmax (fitted on ${fittedOn}): the error falls to ${percent(after.error.value)}, and no answer changes.`;
}

function binTable({ before, after, temperature, fittedOn }: CalibrationEvidence): TableSpec {
  return {
    kind: "table",
    title: "How often it is right, by how sure it is",
    columns: ["from", "to", "examples", "sure", "right", "right less sure"],
    rows: filled(before.bins).map(({ from, to, count, confidence, accuracy }) => [
      ...[from, to, count, confidence, accuracy],
      accuracy - confidence,
    ]),
    format: {
      from: "percent",
      to: "percent",
      sure: "percent",
      right: "percent",
      "right less sure": "percent",
    },
    note: `With a temperature of ${temperature.value.toFixed(2)}, fitted on ${fittedOn}, the error is ${percent(after.error.value)}.`,
  };
}

function reliabilityChart({ before, after }: CalibrationEvidence, kind: string): ChartSpec {
  const line = (name: string, bins: readonly ReliabilityBin[]) => ({
    name,
    x: filled(bins).map(({ confidence }) => confidence),
    y: filled(bins).map(({ accuracy }) => accuracy),
  });
  return lineChart({
    title: `The model is ${kind}: ${percent(before.confidence)} sure, ${percent(before.accuracy)} right`,
    series: [line("as it is", before.bins), line("with the temperature", after.bins)],
    xTitle: "how sure the model is",
    yTitle: "share that is right",
    diagonal: true,
  });
}

function filled(
  bins: readonly ReliabilityBin[],
): (ReliabilityBin & { confidence: number; accuracy: number })[] {
  return bins.flatMap((bin) => {
    const { confidence, accuracy } = bin;
    return confidence === null || accuracy === null ? [] : [{ ...bin, confidence, accuracy }];
  });
}
