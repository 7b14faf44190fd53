import { ArgumentError, DataError } from "../../runtime/errors";

/** Values that a chart is to show. */
export interface ShownValues {
  /** What they are called in an error. */
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * That there are values and all of them are numbers: a chart draws nothing where one is not, and nobody sees it.
 *
 * @throws DataError for none, or one that is infinite or not a number
 */
export function checkFinite({ name, values }: ShownValues): void {
  if (values.length === 0) throw new DataError(`A chart of ${name} got 0 values; expected at least one.`);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new DataError(
      `Value ${at} of ${name} is ${values[at]}; expected finite numbers. Leave it out, or find out where it comes from.`,
    );
}

/**
 * That two lists which belong together are of one length.
 *
 * @throws ArgumentError where they are not
 */
export function checkSameLength(one: { name: string; length: number }, other: typeof one): void {
  if (one.length !== other.length)
    throw new ArgumentError(
      `${one.name} has ${one.length} entries and ${other.name} ${other.length}; expected as many.`,
    );
}
