import { mean, sum } from "../../evaluation/significance/counts";
import type { LogEntry } from "../../training/trainer-state";

/** One logged value. */
export interface LoggedValue {
  readonly step: number;
  /** May be NaN or infinite: what went wrong is logged too. */
  readonly value: number;
}

/** The values of one name in a log, in its order, such as those of `loss` or `eval_loss`. */
export function loggedValues(log: readonly LogEntry[], name: string): LoggedValue[] {
  return log.flatMap((entry) => {
    const value: unknown = entry[name];
    // JSON has no NaN: programs write null, or a word
    return value === undefined ? [] : [{ step: entry.step, value: typeof value === "number" ? value : NaN }];
  });
}

/** Values that a log needs for its last two quarters to be compared. */
const ENOUGH_VALUES = 8;

/** Mean of the last quarter of some values, one at least. */
export function endOf(values: readonly LoggedValue[]): number {
  return mean(lastQuarters(values).after);
}

/**
 * How far values fell from the third to the last quarter, with the standard error of that; `undefined` where there are too few.
 *
 * The error is that of the values around a steady fall, by the differences of neighbours (von Neumann 1941).
 */
export function fallAtEnd(values: readonly LoggedValue[]): { size: number; error: number } | undefined {
  if (values.length < ENOUGH_VALUES) return undefined;
  const { before, after } = lastQuarters(values);
  const half = [...before, ...after];
  const differences = half.slice(1).map((value, index) => value - (half[index] ?? NaN));
  const centre = mean(differences);
  const squares = sum(differences.map((difference) => (difference - centre) ** 2));
  const variance = squares / (2 * (differences.length - 1));
  return { size: mean(before) - mean(after), error: Math.sqrt((2 * variance) / after.length) };
}

function lastQuarters(values: readonly LoggedValue[]): { before: number[]; after: number[] } {
  const length = Math.ceil(values.length / 4);
  const numbers = values.map(({ value }) => value);
  return { before: numbers.slice(-2 * length, -length), after: numbers.slice(-length) };
}
