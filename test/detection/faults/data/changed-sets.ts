import { ReviewSet, type Review } from "../../../../lib/src/data/review-set";
import { seededRandom } from "../../../../lib/src/runtime/random";

/** The rows of a set without some of one label: each of those stays with this chance. */
export function thinned(set: ReviewSet, params: { label: number; chance: number; seed: number }): ReviewSet {
  const random = seededRandom(params.seed);
  const kept = set.rows.filter(({ label }) => label !== params.label || random() < params.chance);
  return new ReviewSet(set.name, kept, set.id2label);
}

/** A set in which each row is changed with this chance. */
export function changed(
  set: ReviewSet,
  params: {
    chance: number;
    seed: number;
    change: (row: Review, index: number) => Partial<Review>;
    id2label?: Readonly<Record<number, string>>;
  },
): ReviewSet {
  const { chance, seed, change, id2label = set.id2label } = params;
  const random = seededRandom(seed);
  const rows = set.rows.map((row, index) => (random() < chance ? { ...row, ...change(row, index) } : row));
  return new ReviewSet(set.name, rows, id2label);
}

const QUARTERS: Readonly<Record<number, string>> = { 0: "A", 1: "B", 2: "C", 3: "D" };

/** The same reviews under four labels instead of two: of each of the two, every other review has a new one. */
export function quartered(set: ReviewSet): ReviewSet {
  const seen = [0, 0];
  const rows = set.rows.map(({ text, label }) => {
    const count = seen[label] ?? 0;
    seen[label] = count + 1;
    return { text, label: label + 2 * (count % 2) };
  });
  return new ReviewSet(set.name, rows, QUARTERS);
}
