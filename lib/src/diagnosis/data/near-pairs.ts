import { similarPairs, type SimilarPair } from "./similar-pairs";
import { letterFeatures, wordFeatures } from "./text-features";

/** Texts of up to so many characters are compared by their letters: a typo in each fifth word leaves no pair of words whole. */
const SHORT = 600;
/** Texts of more than so many are compared by their words. Those between are in both: so no similar pair falls in between. */
const LONG = 300;
/** Half of all that either of two texts has: among 6,700 different snippets of reviews 5 pairs reach it, all of them short. */
const THRESHOLD = 0.5;
/** 43 characters in a row, about eight words, are no longer a phrase that many use, as "one of the best films of the year" is. */
const LEAST_LETTERS = 40;
const LEAST_WORDS = 20;

/**
 * All pairs of plain texts that are nearly the same: half of what either has they share (Jaccard similarity of all runs of four
 * letters, or of all pairs of neighbouring words in long texts). Texts of fewer than 43 characters have no such pair.
 *
 * @throws InterruptedError when the reader stops it
 */
export async function nearPairs(plain: readonly string[]): Promise<SimilarPair[]> {
  const numbered = [...plain.entries()];
  const short = numbered.filter(([, { length }]) => length <= SHORT);
  const long = numbered.filter(([, { length }]) => length > LONG);
  const byLetters = await similarPairs({
    features: short.map(([, text]) => letterFeatures(text)),
    ...{ threshold: THRESHOLD, leastShared: LEAST_LETTERS },
  });
  const byWords = await similarPairs({
    features: long.map(([, text]) => wordFeatures(text)),
    ...{ threshold: THRESHOLD, leastShared: LEAST_WORDS },
  });
  const found = new Map<string, SimilarPair>();
  const keep = (pair: SimilarPair, of: readonly (readonly [number, string])[]): void => {
    const [one = -1, other = -1] = [of[pair.one]?.[0], of[pair.other]?.[0]];
    const key = `${one} ${other}`;
    const known = found.get(key);
    if (!known || known.similarity < pair.similarity) found.set(key, { ...pair, one, other });
  };
  for (const pair of byLetters) keep(pair, short);
  for (const pair of byWords) keep(pair, long);
  return [...found.values()];
}
