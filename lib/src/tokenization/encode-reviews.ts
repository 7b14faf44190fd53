import type { ReviewSet } from "../data/review-set";
import type { Feature } from "./collator";
import type { Tokenizer } from "./tokenizer";

/** The reviews of a set as features, in order, each cut to `maxLength` tokens. */
export function encodeReviews(
  set: ReviewSet,
  params: { tokenizer: Tokenizer; maxLength: number },
): Feature[] {
  const { tokenizer, maxLength } = params;
  return set.rows.map(({ text, label }) => ({
    inputIds: tokenizer.encode(text, { maxLength }).inputIds,
    label,
  }));
}
