import type { ReviewSet } from "../data/review-set";
import { startProgress } from "../runtime/progress";
import type { Feature } from "./collator";
import type { Tokenizer } from "./tokenizer";

/**
 * The reviews of a set as features, in order, each cut to `maxLength` tokens.
 *
 * It does not give way to other work: 25,000 reviews of IMDB take some seconds. {@link Tokenizer.encodeBatch} does.
 *
 * @throws ArgumentError if `maxLength` is below 3
 */
export function encodeReviews(
  set: ReviewSet,
  params: { tokenizer: Tokenizer; maxLength: number },
): Feature[] {
  const { tokenizer, maxLength } = params;
  const progress = startProgress({ total: set.length, label: "Tokenizing", unit: "reviews" });
  try {
    return set.rows.map(({ text, label }, index) => {
      const { inputIds } = tokenizer.encode(text, { maxLength });
      progress.update(index + 1);
      return { inputIds, label };
    });
  } finally {
    progress.end();
  }
}
