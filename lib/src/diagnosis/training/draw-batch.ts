import type { ReviewSet } from "../../data/review-set";
import { permutation, seededRandom } from "../../runtime/random";
import { encodeReviews } from "../../tokenization/encode-reviews";
import type { Feature } from "../../tokenization/collator";
import type { Tokenizer } from "../../tokenization/tokenizer";

/** Longer texts are cut: what is asked of one batch does not hang on their ends, and a step takes as long as its longest text. */
const MOST_TOKENS = 128;

/** What a batch is drawn from. */
export interface DrawBatchParams {
  readonly train: ReviewSet;
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
  readonly seed: number;
  /** Texts of the batch; fewer where the set has fewer. */
  readonly count: number;
}

/** Rows of a set at random, as many of each label as there are, so that a set sorted by label gives a mixed batch too. */
export function drawBatch({ train, tokenizer, maxLength, seed, count }: DrawBatchParams): Feature[] {
  const order = permutation(train.length, seededRandom(seed));
  const taken = new Map<number, number>();
  const ranked = order.map((row, place) => {
    const label = train.rows[row]?.label ?? NaN;
    const rank = taken.get(label) ?? 0;
    taken.set(label, rank + 1);
    return { row, rank, place };
  });
  // the first of every label, then the second of every label, each in the order drawn
  ranked.sort((left, right) => left.rank - right.rank || left.place - right.place);
  const drawn = train.select(ranked.slice(0, count).map(({ row }) => row));
  return encodeReviews(drawn, { tokenizer, maxLength: Math.min(maxLength, MOST_TOKENS) });
}
