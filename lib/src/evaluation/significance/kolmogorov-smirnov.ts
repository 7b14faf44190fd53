import { DataError } from "../../runtime/errors";
import { kolmogorovSurvival } from "./kolmogorov-distribution";

/** Whether two samples come from one distribution. */
export interface KolmogorovSmirnov {
  /** The largest distance between the two cumulative shares, from 0 to 1. */
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided, asymptotic (scipy.stats.ks_2samp with method="asymp"): the one-sample
 * distribution for a sample of round(n m / (n + m)).
 *
 * @throws DataError for a sample without a value, or with one that is not a number
 */
export function kolmogorovSmirnov(left: readonly number[], right: readonly number[]): KolmogorovSmirnov {
  for (const sample of [left, right])
    if (sample.length === 0 || sample.some(Number.isNaN))
      throw new DataError(
        `A sample of ${sample.length} values${sample.length > 0 ? ", one of them not a number," : ""} was compared; expected numbers, and at least one.`,
      );
  const statistic = largestDistance(ascending(left), ascending(right));
  const size = roundHalfToEven((left.length * right.length) / (left.length + right.length));
  // two samples of one value each have a size of 0.5, which rounds to none: nothing can be said
  return { statistic, pValue: size === 0 ? 1 : kolmogorovSurvival(size, statistic) };
}

function ascending(sample: readonly number[]): Float64Array {
  return Float64Array.from(sample).sort();
}

function largestDistance(left: Float64Array, right: Float64Array): number {
  let largest = 0;
  let [fromLeft, fromRight] = [0, 0];
  while (fromLeft < left.length && fromRight < right.length) {
    const value = Math.min(left[fromLeft] ?? 0, right[fromRight] ?? 0);
    while (left[fromLeft] === value) fromLeft += 1;
    while (right[fromRight] === value) fromRight += 1;
    largest = Math.max(largest, Math.abs(fromLeft / left.length - fromRight / right.length));
  }
  return largest;
}

/** As numpy rounds. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
