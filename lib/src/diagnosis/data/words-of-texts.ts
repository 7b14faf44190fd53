import type { ReviewSet } from "../../data/review-set";

/** As many texts as show a difference that matters. */
const MOST_TEXTS = 1_500;
/** Of a longer text the beginning is read: no text may be most of a set's words. */
const MOST_CHARACTERS = 5_000;
/** Written without spaces, so that each character stands for a word. */
const UNSPACED = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}";
const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}'’])+`, "gu");

/** The words of some of a set's texts, in capitals or not as they stand there; the same texts for the same seed. */
export function sampleWords(set: ReviewSet, seed: number): string[][] {
  return set.sample(MOST_TEXTS, seed).texts.map(wordsOf);
}

/** The words of a text, in its order: numbers too, punctuation not. */
export function wordsOf(text: string): string[] {
  return text.slice(0, MOST_CHARACTERS).match(WORD) ?? [];
}
