import type { ReviewSet } from "../../../../lib/src/data/review-set";
import { permutation, seededRandom } from "../../../../lib/src/runtime/random";

/** So many rows of a set, of which about a share is of label 0, as that many draws give it: it varies with the seed. */
export function drawnShare(
  set: ReviewSet,
  params: { share: number; count: number; seed: number },
): ReviewSet {
  const { share, count, seed } = params;
  const random = seededRandom(seed);
  const wanted = Array.from({ length: count }, () => (random() < share ? 0 : 1));
  return ofLabels(set, wanted, seed);
}

/** So many rows of a set, of which a share is of label 0, in a random order. */
export function exactShare(
  set: ReviewSet,
  params: { share: number; count: number; seed: number },
): ReviewSet {
  const { share, count, seed } = params;
  const zeros = Math.round(share * count);
  return ofLabels(
    set,
    permutation(count, seededRandom(seed)).map((place) => (place < zeros ? 0 : 1)),
    seed,
  );
}

/** Rows of these labels, in this order, each once. */
function ofLabels(set: ReviewSet, wanted: readonly number[], seed: number): ReviewSet {
  const order = permutation(set.length, seededRandom(seed));
  const rowsOf = [0, 1].map((label) => order.filter((row) => set.rows[row]?.label === label));
  return set.select(
    wanted.map((label) => rowsOf[label]?.pop() ?? NaN),
    set.name,
  );
}
