const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Cs}]+/gu;
const NOT_SPOKEN = /[^\p{L}\p{M}\p{N}]+/gu;
const TAG = /<[/!]?[a-z][^<>]*>/giu;
const ENTITY = /&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});/giu;

/**
 * A text as it is compared: in the Unicode form NFKC, in lower case, with a single space for whatever is not a letter, a mark or
 * a digit. A text without any of these, such as `:-)`, keeps its signs. Empty for a text in which there is nothing to be seen.
 */
export function plainText(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase();
  const plain = folded.replace(NOT_SPOKEN, " ").trim();
  return plain === "" ? folded.replace(UNSEEN, " ").trim() : plain;
}

/** A text without its HTML: a space for each tag and entity. */
export function withoutMarkup(text: string): string {
  return text.replace(TAG, " ").replace(ENTITY, " ");
}
