import { ArgumentError, DataError } from "../runtime/errors";
import { permutation, seededRandom } from "../runtime/random";
import type { ReviewSet } from "./review-set";

/** Two parts of a set that share no row. */
export interface Split {
  taken: ReviewSet;
  rest: ReviewSet;
}

/**
 * Takes as many reviews of each label, chosen at random and in a random order.
 *
 * @throws DataError if a label has too few
 */
export function balanced(set: ReviewSet, params: { perLabel: number; seed: number }): ReviewSet {
  return splitBalanced(set, params)
    .taken.shuffle(params.seed)
    .rename(`${set.name}, ${params.perLabel} of each label`);
}

/**
 * Splits off as many reviews of each label; both parts keep the set's order.
 *
 * @throws DataError if a label has too few
 * @throws ArgumentError if `perLabel` is no count
 */
export function splitBalanced(set: ReviewSet, params: { perLabel: number; seed: number }): Split {
  const { perLabel } = params;
  if (!Number.isInteger(perLabel) || perLabel < 0)
    throw new ArgumentError(`perLabel is ${perLabel}; expected a whole number of at least 0.`);
  const wanted = Object.fromEntries(Object.keys(set.id2label).map((label) => [label, perLabel]));
  return splitCounts(set, wanted, params.seed);
}

/**
 * Splits off a share of the reviews in which every label has the share that it has in the set (scikit-learn's `stratify`).
 *
 * @throws DataError if the set is empty
 * @throws ArgumentError if `share` is no share
 */
export function splitStratified(set: ReviewSet, params: { share: number; seed: number }): Split {
  if (set.length === 0) throw new DataError(`"${set.name}" has 0 reviews; expected some to split.`);
  if (!(params.share >= 0 && params.share <= 1))
    throw new ArgumentError(`share is ${params.share}; expected a number from 0 to 1.`);
  const counts = Object.entries(set.labelCounts()).map(([label, count]) => [
    label,
    Math.round(count * params.share),
  ]);
  return splitCounts(set, Object.fromEntries(counts) as Record<string, number>, params.seed);
}

function splitCounts(set: ReviewSet, wanted: Record<string, number>, seed: number): Split {
  const left = { ...wanted };
  const taken = new Set<number>();
  for (const index of permutation(set.length, seededRandom(seed))) {
    const label = String(set.rows[index]?.label);
    if ((left[label] ?? 0) === 0) continue;
    left[label] = (left[label] ?? 0) - 1;
    taken.add(index);
  }
  for (const [label, missing] of Object.entries(left)) {
    const count = wanted[label] ?? 0;
    if (missing > 0)
      throw new DataError(
        `"${set.name}" has ${count - missing} reviews with the label ${set.id2label[Number(label)]}; expected at least ${count}.`,
      );
  }
  const indices = set.rows.map((_, index) => index);
  return {
    taken: set.select(indices.filter((index) => taken.has(index))),
    rest: set.select(indices.filter((index) => !taken.has(index))),
  };
}
