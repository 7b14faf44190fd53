import { DataError } from "../../runtime/errors";
import { checkCounts, sum } from "./counts";

/** What an empty category is taken for in a population stability index, whose logarithm would be infinite. */
const LEAST_SHARE = 1e-4;

/**
 * How far two distributions are apart, in bits: 0 where they are the same, 1 where they have nothing in common (Lin 1991; the
 * square of scipy.spatial.distance.jensenshannon with base 2). Takes counts or shares, `p` and `q` of the same categories.
 *
 * @throws DataError for lists of different length, values that are no counts, or none above 0
 */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  checkPair(p, q);
  const [left, right] = [sum(p), sum(q)];
  // a permutation test asks this of a whole vocabulary many times: no pair is made of each category
  let bits = 0;
  for (let index = 0; index < p.length; index += 1) {
    const [one, other] = [(p[index] ?? 0) / left, (q[index] ?? 0) / right];
    const middle = (one + other) / 2;
    bits += information(one, middle) + information(other, middle);
  }
  return Math.min(1, Math.max(0, bits / 2));
}

/**
 * The largest difference in the chance of anything, from 0 to 1: half the sum of the differences between shares. Takes counts
 * or shares.
 *
 * @throws DataError for lists of different length, values that are no counts, or none above 0
 */
export function totalVariation(p: readonly number[], q: readonly number[]): number {
  return Math.min(1, sum(sharePairs(p, q).map(([left, right]) => Math.abs(left - right))) / 2);
}

/**
 * Σ (q - p) ln(q / p), from what was expected (`p`) to what is seen (`q`): below 0.1 counts as stable, above 0.25 as another
 * population (Siddiqi 2006). Takes counts or shares; a share below 0.0001 is taken for 0.0001.
 *
 * @throws DataError for lists of different length, values that are no counts, or none above 0
 */
export function populationStabilityIndex(p: readonly number[], q: readonly number[]): number {
  const terms = sharePairs(p, q).map(([left, right]) => {
    const expected = Math.max(left, LEAST_SHARE);
    const seen = Math.max(right, LEAST_SHARE);
    return (seen - expected) * Math.log(seen / expected);
  });
  return sum(terms);
}

function sharePairs(p: readonly number[], q: readonly number[]): [number, number][] {
  checkPair(p, q);
  const [left, right] = [sum(p), sum(q)];
  return p.map((count, index) => [count / left, (q[index] ?? 0) / right]);
}

function checkPair(p: readonly number[], q: readonly number[]): void {
  if (p.length !== q.length)
    throw new DataError(
      `Distributions over ${p.length} and ${q.length} categories were compared; expected the same ones.`,
    );
  checkCounts(p, "The left distribution's counts");
  checkCounts(q, "The right distribution's counts");
}

function information(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log2(share / middle);
}
