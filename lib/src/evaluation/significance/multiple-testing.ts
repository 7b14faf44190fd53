import { DataError } from "../../runtime/errors";

/**
 * P-values of several tests, adjusted so that the chance of even one false alarm stays what it is for one test (Holm 1979;
 * statsmodels' multipletests with method="holm"). In the order that they came.
 *
 * @throws DataError for a p-value outside 0 to 1
 */
export function holm(pValues: readonly number[]): number[] {
  const bad = pValues.find((pValue) => !(pValue >= 0 && pValue <= 1));
  if (bad !== undefined) throw new DataError(`A p-value is ${bad}; expected 0 to 1.`);
  const ascending = [...pValues.entries()].sort(([, left], [, right]) => left - right);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [rank, [index, pValue]] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, pValue * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
