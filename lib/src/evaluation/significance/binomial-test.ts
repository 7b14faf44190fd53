import { ArgumentError, DataError } from "../../runtime/errors";
import { binomialCdf, binomialChance, binomialSurvival } from "./distributions";

/** Chances that differ by rounding alone count as equal (scipy's tolerance). */
const ROUNDING = 1 + 1e-7;

/**
 * The exact two-sided binomial test: how likely `hits` of `count`, or anything at most as likely, are where the true share is
 * `share` (scipy.stats.binomtest).
 *
 * @throws DataError for a count of 0
 * @throws ArgumentError for hits that are no whole number up to the count, or a share outside 0 to 1
 */
export function binomialTest(params: { hits: number; count: number; share: number }): {
  readonly pValue: number;
} {
  const { hits, count, share } = params;
  if (count === 0) throw new DataError("A share of 0 examples was tested; expected at least one.");
  if (!Number.isInteger(hits) || !Number.isInteger(count) || hits < 0 || hits > count)
    throw new ArgumentError(`${hits} hits of ${count} were given; expected whole numbers, 0 to the count.`);
  if (!(share >= 0 && share <= 1)) throw new ArgumentError(`A share of ${share} was given; expected 0 to 1.`);
  if (hits === count * share) return { pValue: 1 };
  const most = binomialChance(hits, count, share) * ROUNDING;
  const asUnlikely = (k: number): boolean => binomialChance(k, count, share) <= most;
  if (hits < count * share) {
    const from = firstWhere({ begin: Math.ceil(count * share), end: count + 1, holds: asUnlikely });
    const pValue = binomialCdf(hits, count, share) + binomialSurvival(from - 1, count, share);
    return { pValue: Math.min(1, pValue) };
  }
  const after = firstWhere({
    begin: 0,
    end: Math.floor(count * share) + 1,
    holds: (k) => !asUnlikely(k),
  });
  const pValue = binomialCdf(after - 1, count, share) + binomialSurvival(hits - 1, count, share);
  return { pValue: Math.min(1, pValue) };
}

/** The first whole number of a range from which on something holds; `end` where it holds for none. */
function firstWhere(params: { begin: number; end: number; holds: (k: number) => boolean }): number {
  let { begin, end } = params;
  while (begin < end) {
    const middle = Math.floor((begin + end) / 2);
    if (params.holds(middle)) end = middle;
    else begin = middle + 1;
  }
  return begin;
}
