import { DataError } from "../../runtime/errors";
import { mean, sum } from "./counts";
import { studentSurvival } from "./distributions";

/** Whether two samples have the same mean. */
export interface WelchTest {
  /** The mean of the right sample less that of the left one. */
  readonly difference: number;
  /** The difference in standard errors. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/**
 * Welch's t-test (1947), two-sided: of two means whose samples need not vary alike (scipy.stats.ttest_ind with equal_var=False). Where
 * neither sample varies, equal means have a p of 1, and different ones of 0.
 *
 * @throws DataError for a sample of fewer than two values, or with one that is not finite
 */
export function welchTest(left: readonly number[], right: readonly number[]): WelchTest {
  for (const sample of [left, right])
    if (sample.length < 2 || !sample.every(Number.isFinite))
      throw new DataError(
        `A sample of ${sample.length} values${sample.length >= 2 ? ", one of them not finite," : ""} was compared; expected finite numbers, and at least two.`,
      );
  const difference = mean(right) - mean(left);
  const [leftError, rightError] = [squaredError(left), squaredError(right)];
  const error = leftError + rightError;
  if (error === 0) {
    const same = difference === 0;
    return {
      difference,
      statistic: same ? 0 : Math.sign(difference) * Infinity,
      degreesOfFreedom: left.length + right.length - 2,
      pValue: same ? 1 : 0,
    };
  }
  const statistic = difference / Math.sqrt(error);
  const degreesOfFreedom =
    error ** 2 / (leftError ** 2 / (left.length - 1) + rightError ** 2 / (right.length - 1));
  return {
    difference,
    statistic,
    degreesOfFreedom,
    pValue: 2 * studentSurvival(Math.abs(statistic), degreesOfFreedom),
  };
}

/** Of a mean: the sample's variance by its size. */
function squaredError(sample: readonly number[]): number {
  const middle = mean(sample);
  const squares = sum(sample.map((value) => (value - middle) ** 2));
  return squares / (sample.length - 1) / sample.length;
}
