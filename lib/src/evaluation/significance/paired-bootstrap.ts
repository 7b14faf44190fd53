import { ArgumentError, DataError } from "../../runtime/errors";
import { seededRandom, type Random } from "../../runtime/random";
import { accuracy, type Classified } from "../metrics";
import { checkPairedAnswers, type PairedAnswers } from "./paired-answers";

/** How much better the right model is, and how sure that is. */
export interface BootstrapResult {
  /** The metric of the right model less that of the left one. */
  readonly difference: number;
  /** Holds the true difference with about 95 % confidence. */
  readonly interval: readonly [number, number];
}

/** What a bootstrap needs. */
export interface BootstrapParams extends PairedAnswers {
  /** `accuracy` where nothing is said. */
  readonly metric?: (classified: Classified) => number;
  /** How often the examples are drawn anew; 2,000 where nothing is said. */
  readonly resamples?: number;
  /** The same seed draws the same examples; 1 where nothing is said. */
  readonly seed?: number;
}

/**
 * The difference of a metric between two models on the same examples, with its 95 % percentile interval (Efron 1979): the
 * examples are drawn anew, with replacement and for both models alike. Quantiles are linear, as numpy's.
 *
 * Draws for which the metric is not defined are left out.
 *
 * @throws DataError for no examples, not as many predictions as labels, or a metric that is not defined on them
 * @throws ArgumentError for fewer than one resample
 */
export function pairedBootstrap(params: BootstrapParams): BootstrapResult {
  const { metric = accuracy, resamples = 2000, seed = 1 } = params;
  checkPairedAnswers(params);
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new ArgumentError(`resamples is ${resamples}; expected a whole number above 0.`);
  const draw = { ...params, random: seededRandom(seed), resamples };
  const differenceOf = ({ labels, left, right }: PairedAnswers): number =>
    metric({ labels, predictions: right }) - metric({ labels, predictions: left });
  const difference = differenceOf(params);
  const drawn = metric === accuracy ? drawnAccuracies(draw) : drawnMetrics(draw, differenceOf);
  const defined = drawn.filter(Number.isFinite).sort();
  if (!Number.isFinite(difference) || defined.length === 0)
    throw new DataError(
      `The metric's difference on ${params.labels.length} examples is ${difference}; expected a metric that is a number there.`,
    );
  return { difference, interval: [quantile(defined, 0.025), quantile(defined, 0.975)] };
}

interface Draws extends PairedAnswers {
  readonly random: Random;
  readonly resamples: number;
}

/** Accuracy is a mean, so that each example's part in the difference can be summed without building the resample. */
function drawnAccuracies({ labels, left, right, random, resamples }: Draws): Float64Array {
  const count = labels.length;
  const gains = Int8Array.from(
    labels,
    (label, index) => Number(right[index] === label) - Number(left[index] === label),
  );
  return Float64Array.from({ length: resamples }, () => {
    let gained = 0;
    for (let drawn = 0; drawn < count; drawn += 1) gained += gains[Math.floor(random() * count)] ?? 0;
    return gained / count;
  });
}

function drawnMetrics(draws: Draws, differenceOf: (answers: PairedAnswers) => number): Float64Array {
  const { labels, left, right, random, resamples } = draws;
  return Float64Array.from({ length: resamples }, () => {
    const indices = labels.map(() => Math.floor(random() * labels.length));
    const pick = (values: readonly number[]): number[] => indices.map((index) => values[index] ?? 0);
    return differenceOf({ labels: pick(labels), left: pick(left), right: pick(right) });
  });
}

/** Of values in ascending order; between two of them, a point on the line from one to the other. */
function quantile(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)] ?? 0;
  const above = ascending[Math.ceil(place)] ?? 0;
  return below + (place - Math.floor(place)) * (above - below);
}
