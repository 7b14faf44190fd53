import { ArgumentError, DataError } from "../../runtime/errors";
import { argmax, softmax } from "../predict";
import { sum } from "./counts";

/** What a model gave each answer, before softmax (`[example, label]`), and the labels. */
export interface LabelledLogits {
  readonly logits: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** The examples of whose answer a model was this sure. */
export interface ReliabilityBin {
  /** Above this probability, */
  readonly from: number;
  /** and up to this one. */
  readonly to: number;
  readonly count: number;
  /** How sure the model was, on average; `null` without examples. */
  readonly confidence: number | null;
  /** How often it was right; `null` without examples. */
  readonly accuracy: number | null;
}

/** How well softer or sharper probabilities fit the labels. */
export interface TemperatureFit {
  /** What to divide the logits by: above 1 where the model is too sure of itself. */
  readonly temperature: number;
  /** Mean negative log likelihood of the labels, in nats, as it is. */
  readonly nllBefore: number;
  /** And with the temperature. */
  readonly nllAfter: number;
}

/** Temperatures are looked for from 1 / 100 to 100. */
const MOST_TEMPERATURE = 100;

/**
 * How often a model is right, by how sure it is: bins of equal width, by the probability of the answer that it gives (Guo et al.
 * 2017, "On Calibration of Modern Neural Networks").
 *
 * @throws DataError for no examples, or logits that do not fit their labels
 * @throws ArgumentError for fewer than one bin
 */
export function reliabilityBins(params: LabelledLogits & { bins?: number }): ReliabilityBin[] {
  const { logits, labels, bins = 15 } = params;
  checkLogits(params);
  if (!Number.isInteger(bins) || bins < 1)
    throw new ArgumentError(`bins is ${bins}; expected a whole number above 0.`);
  const answers = logits.map((row, index) => {
    const answer = argmax(row);
    return { sure: softmax(row)[answer] ?? 0, right: answer === labels[index] };
  });
  return Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [bin / bins, (bin + 1) / bins];
    const inside = answers.filter(({ sure }) => sure > from && sure <= to);
    const count = inside.length;
    const mean = (values: number[]): number | null => (count > 0 ? sum(values) / count : null);
    return {
      from,
      to,
      count,
      confidence: mean(inside.map(({ sure }) => sure)),
      accuracy: mean(inside.map(({ right }) => Number(right))),
    };
  });
}

/**
 * How far a model's confidence is from how often it is right, on average over the examples: 0 is perfect (Naeini et al. 2015).
 *
 * @throws DataError for bins without an example
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const count = sum(bins.map((bin) => bin.count));
  if (count === 0) throw new DataError("Calibration was asked of 0 examples; expected at least one.");
  return sum(bins.map((bin) => (bin.count / count) * Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0))));
}

/**
 * The temperature that makes a model's probabilities fit the labels best; it changes no answer (Guo et al. 2017).
 *
 * The likelihood is concave in 1 / T, so that its slope has one zero, found by halving log T between 1 / 100 and 100. A model
 * that is always right ends at the one end, one that is worse than chance at the other; logits that are all equal keep 1.
 *
 * @throws DataError for no examples, or logits that do not fit their labels
 */
export function fitTemperature(params: LabelledLogits): TemperatureFit {
  checkLogits(params);
  let [low, high] = [-Math.log(MOST_TEMPERATURE), Math.log(MOST_TEMPERATURE)];
  if (slope(params, 1) === 0) [low, high] = [0, 0];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (slope(params, Math.exp(-middle)) > 0) low = middle;
    else high = middle;
  }
  const temperature = Math.exp((low + high) / 2);
  return { temperature, nllBefore: meanNll(params, 1), nllAfter: meanNll(params, temperature) };
}

/** Of the negative log likelihood, by the factor on the logits: what the model expects of its logits less the label's. */
function slope({ logits, labels }: LabelledLogits, factor: number): number {
  return sum(
    logits.map((row, index) => {
      const chances = softmax(row.map((value) => value * factor));
      const expected = sum(row.map((value, label) => value * (chances[label] ?? 0)));
      return expected - (row[labels[index] ?? 0] ?? 0);
    }),
  );
}

/** Mean negative log likelihood of the labels, in nats, with the logits divided by a temperature. */
export function meanNll({ logits, labels }: LabelledLogits, temperature: number): number {
  const losses = logits.map((row, index) => {
    const scaled = row.map((value) => value / temperature);
    const largest = Math.max(...scaled);
    const logSum = largest + Math.log(sum(scaled.map((value) => Math.exp(value - largest))));
    return logSum - (scaled[labels[index] ?? 0] ?? 0);
  });
  return sum(losses) / losses.length;
}

/**
 * That logits and labels belong together.
 *
 * @throws DataError for no examples, or logits that do not fit their labels
 */
export function checkLogits({ logits, labels }: LabelledLogits): void {
  if (labels.length === 0 || logits.length !== labels.length)
    throw new DataError(
      `${labels.length} labels came with the logits of ${logits.length} examples; expected as many, and at least one.`,
    );
  for (const [index, row] of logits.entries()) {
    const label = labels[index] ?? -1;
    if (!row.every(Number.isFinite) || !(label in row))
      throw new DataError(
        `Example ${index} has the label ${label} and the logits [${row.join(", ")}]; expected finite logits, one of them the label's.`,
      );
  }
}
