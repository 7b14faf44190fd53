import { chiSquareTest } from "../../evaluation/significance/chi-square";
import { totalVariation } from "../../evaluation/significance/divergence";

/** How far the label shares of two sets are apart. */
export interface LabelShift {
  /** Total variation: half the sum of the differences between shares. */
  readonly variation: number;
  /** What of it chance gives on average. */
  readonly chance: number;
  /** What chance does not give. */
  readonly excess: number;
  readonly pValue: number;
  readonly cramersV: number;
}

/** Labels of which a set should have fewer rows than this are counted together: the chi-square test is not for them. */
const FEWEST_EXPECTED = 5;

/**
 * Compares how often each label occurs in two sets.
 *
 * @throws DataError for a set without rows
 */
export function labelShift(one: readonly number[], other: readonly number[]): LabelShift {
  const [oneSize, otherSize] = [one, other].map((counts) =>
    counts.reduce((sum, count) => sum + count, 0),
  ) as [number, number];
  const variation = totalVariation(one, other);
  const shares = one.map((count, label) => (count + (other[label] ?? 0)) / (oneSize + otherSize));
  const chance = chanceVariation(shares, 1 / oneSize + 1 / otherSize);
  const isRare = shares.map((share) => share * Math.min(oneSize, otherSize) < FEWEST_EXPECTED);
  const { pValue, cramersV } = chiSquareTest([pool(one, isRare), pool(other, isRare)]);
  return { variation, chance, excess: Math.max(0, variation - chance), pValue, cramersV };
}

/**
 * The total variation between label shares that chance alone gives on average: half the sum of the mean absolute deviations of
 * normal variables, sqrt(2 / π) standard deviations each. With many labels and few rows it is large, and would pass for a difference.
 *
 * @param shares - of the labels where there is no difference
 * @param spread - 1 / n + 1 / m for samples of n and m rows; 1 / m - 1 / n for m of a set's n rows
 */
export function chanceVariation(shares: readonly number[], spread: number): number {
  const deviations = shares.map((share) => Math.sqrt((2 / Math.PI) * share * (1 - share) * spread));
  return deviations.reduce((sum, deviation) => sum + deviation, 0) / 2;
}

/** The counts, those of rare labels as one. */
function pool(counts: readonly number[], isRare: readonly boolean[]): number[] {
  const rare = counts.reduce((sum, count, label) => sum + (isRare[label] ? count : 0), 0);
  return [...counts.filter((_, label) => !isRare[label]), rare];
}
