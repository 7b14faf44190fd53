import { argmax, softmax } from "../../evaluation/predict";
import {
  expectedCalibrationError,
  fitTemperature,
  meanNll,
  reliabilityBins,
  type LabelledLogits,
  type ReliabilityBin,
} from "../../evaluation/significance/calibration";
import { sum } from "../../evaluation/significance/counts";
import { seededRandom } from "../../runtime/random";

/** Fewer than usual (Guo et al. have 15): of two labels, the surer is above one half, so that five of them are left. */
const BINS = 10;
const RESAMPLES = 1_000;
/** Of twice the log likelihood: what chance exceeds once in twenty times (chi-square, one degree of freedom). */
const LIKELIHOOD_DROP = 3.841459;
/** Temperatures beyond 1 / 100 and 100 are not looked for. */
const MOST_LOG_TEMPERATURE = Math.log(100);
const PRECISION = 1e-4;

/** A number with what holds it with about 95 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** How well a model's confidence fits how often it is right. */
export interface Calibration {
  readonly examples: number;
  /** How sure it is of its answers, on average. */
  readonly confidence: number;
  readonly accuracy: number;
  /** Expected calibration error, corrected for what chance adds to it. */
  readonly error: Estimate;
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Measures calibration on labelled examples.
 *
 * In small sets, chance alone makes bins miss their confidence, and the error too large. The bootstrap shows by how much: that is
 * taken off, and the interval is the basic one (Davison and Hinkley 1997, 5.2).
 *
 * @throws DataError for no examples, or logits that do not fit their labels
 */
export function measureCalibration(answers: LabelledLogits & { seed: number }): Calibration {
  const bins = reliabilityBins({ ...answers, bins: BINS });
  const sure = answers.logits.map((row) => softmax(row)[argmax(row)] ?? 0);
  const right = answers.logits.map((row, index) => argmax(row) === answers.labels[index]);
  const examples = sure.length;
  const found = expectedCalibrationError(bins);
  const drawn = drawErrors({
    gaps: Float64Array.from(sure, (share, index) => share - Number(right[index])),
    places: Uint8Array.from(sure, (share) => Math.ceil(share * BINS) - 1),
    seed: answers.seed,
  });
  const quantile = (share: number): number => drawn[Math.round(share * (drawn.length - 1))] ?? found;
  const mirrored = (value: number): number => Math.min(1, Math.max(0, 2 * found - value));
  return {
    ...{
      examples,
      bins,
      confidence: sum(sure) / examples,
      accuracy: right.filter(Boolean).length / examples,
    },
    error: {
      value: mirrored(sum([...drawn]) / drawn.length),
      interval: [mirrored(quantile(0.975)), mirrored(quantile(0.025))],
    },
  };
}

/** Calibration errors of examples drawn anew with replacement, in rising order. */
function drawErrors(params: { gaps: Float64Array; places: Uint8Array; seed: number }): Float64Array {
  const { gaps, places, seed } = params;
  const random = seededRandom(seed);
  const count = gaps.length;
  return Float64Array.from({ length: RESAMPLES }, () => {
    const sums = new Float64Array(BINS);
    for (let draw = 0; draw < count; draw += 1) {
      const index = Math.floor(random() * count);
      const place = places[index] ?? 0;
      sums[place] = (sums[place] ?? 0) + (gaps[index] ?? 0);
    }
    return sums.reduce((total, gap) => total + Math.abs(gap), 0) / count;
  }).sort();
}

/**
 * The temperature that fits the labels best, with the interval of all that fit hardly worse (Wilks 1938): of a model that is always
 * right, or never, it ends at 1 / 100 or 100.
 *
 * @throws DataError for no examples, or logits that do not fit their labels
 */
export function estimateTemperature(answers: LabelledLogits): Estimate {
  const { temperature, nllAfter } = fitTemperature(answers);
  const isClose = (logTemperature: number): boolean =>
    2 * answers.labels.length * (meanNll(answers, Math.exp(logTemperature)) - nllAfter) <= LIKELIHOOD_DROP;
  const edge = (end: number): number => {
    let [inside, outside] = [Math.log(temperature), end];
    if (isClose(end)) return Math.exp(end);
    while (Math.abs(outside - inside) > PRECISION) {
      const middle = (inside + outside) / 2;
      if (isClose(middle)) inside = middle;
      else outside = middle;
    }
    return Math.exp(inside);
  };
  return { value: temperature, interval: [edge(-MOST_LOG_TEMPERATURE), edge(MOST_LOG_TEMPERATURE)] };
}

/** The logits with a temperature: softer above 1, sharper below. */
export function withTemperature({ logits, labels }: LabelledLogits, temperature: number): LabelledLogits {
  return { logits: logits.map((row) => row.map((value) => value / temperature)), labels };
}
