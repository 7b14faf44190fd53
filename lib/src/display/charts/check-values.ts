import { ArgumentError, DataError } from "../../runtime/errors";

/** Values that a chart is to show. */
interface ShownValues {
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
 * That lists which belong together, given by their names, are of one length.
 *
 * @throws ArgumentError where they are not
 */
export function checkSameLength(lists: Readonly<Record<string, readonly unknown[]>>): void {
  const lengths = Object.entries(lists).map(([name, list]) => `${list.length} ${name}`);
  if (new Set(Object.values(lists).map((list) => list.length)).size > 1)
    throw new ArgumentError(`A chart got ${lengths.join(" and ")}; expected as many.`);
}
