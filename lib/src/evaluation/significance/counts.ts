import { DataError } from "../../runtime/errors";

/**
 * Refuses what cannot be counts or shares.
 *
 * @throws DataError for a value that is no number from 0 on, or where all are 0
 */
export function checkCounts(counts: readonly number[], what: string): void {
  const bad = counts.find((count) => !(count >= 0 && count < Infinity));
  if (bad !== undefined) throw new DataError(`${what} hold ${bad}; expected numbers from 0 on.`);
  if (!counts.some((count) => count > 0))
    throw new DataError(`${what} are ${counts.length} values, none above 0; expected at least one.`);
}

/** The mean of some numbers; not a number for none. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The sum of some numbers. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The median of some numbers, the mean of the two in the middle where there are two; not a number for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return mean([sorted[Math.ceil(middle) - 1] ?? NaN, sorted[Math.floor(middle)] ?? NaN]);
}

/** The value in the middle of some numbers, the upper one where there are two; 0 for none. */
export function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
