import { normalCdf } from "../../evaluation/significance/distributions";
import { jensenShannon } from "../../evaluation/significance/divergence";
import { permutation, seededRandom } from "../../runtime/random";

/** How far two samples of texts are apart in their words. */
export interface VocabularyDistance {
  /** Jensen and Shannon's divergence of the word frequencies: 0 for the same words as often, 1 for no word in common. */
  readonly distance: number;
  /** What the same texts give on average, dealt at random into two samples of these sizes. */
  readonly chance: number;
  /** What chance does not give. */
  readonly excess: number;
  /** That chance gives as much: one-sided, from the mean and the deviation of the random deals. */
  readonly pValue: number;
  /** The words that tell the samples apart best, the best first. */
  readonly words: readonly WordShares[];
}

/** How often a word is used in two samples: shares of all words. */
export interface WordShares {
  readonly word: string;
  readonly one: number;
  readonly other: number;
}

/** Enough for a deviation that is right to a ninth. */
const DEALS = 40;
const MOST_WORDS = 10;
/** A word of one text alone says nothing of a set: all of those count as one word. */
const RARE = 0;

/**
 * Compares the words of two samples, texts by texts, with what chance makes of the same texts (a permutation test: words come in
 * texts, so texts are dealt, not words). Samples of fewer than two texts are not told apart.
 */
export function vocabularyDistance(params: {
  one: readonly (readonly string[])[];
  other: readonly (readonly string[])[];
  seed: number;
}): VocabularyDistance {
  const { one, other, seed } = params;
  const { texts, vocabulary } = numberWords([...one, ...other]);
  const compare = (order: readonly number[]): [Float64Array, Float64Array] => [
    countWords(texts, order.slice(0, one.length), vocabulary.length),
    countWords(texts, order.slice(one.length), vocabulary.length),
  ];
  const [left, right] = compare(texts.map((_, index) => index));
  if (Math.min(one.length, other.length) < 2 || isEmpty(left) || isEmpty(right))
    return { distance: 0, chance: 0, excess: 0, pValue: 1, words: [] };
  const distance = jensenShannon([...left], [...right]);
  const random = seededRandom(seed);
  const dealt = Array.from({ length: DEALS }, () => {
    const [first, second] = compare(permutation(texts.length, random));
    return isEmpty(first) || isEmpty(second) ? 0 : jensenShannon([...first], [...second]);
  });
  const chance = dealt.reduce((sum, value) => sum + value, 0) / DEALS;
  const variance = dealt.reduce((sum, value) => sum + (value - chance) ** 2, 0) / (DEALS - 1);
  const excess = Math.max(0, distance - chance);
  // texts that are all the same are dealt the same each time
  const pValue = excess === 0 ? 1 : variance === 0 ? 0 : normalCdf(-excess / Math.sqrt(variance));
  return { distance, chance, excess, pValue, words: tellingWords(left, right, vocabulary) };
}

/** Words as numbers; those of a single text are all the word 0. */
function numberWords(texts: readonly (readonly string[])[]): { texts: Uint32Array[]; vocabulary: string[] } {
  const textsOf = new Map<string, number>();
  for (const words of texts)
    for (const word of new Set(words)) textsOf.set(word, (textsOf.get(word) ?? 0) + 1);
  const vocabulary = [""];
  const numbers = new Map<string, number>();
  for (const [word, count] of textsOf) if (count > 1) numbers.set(word, vocabulary.push(word) - 1);
  return {
    texts: texts.map((words) => Uint32Array.from(words, (word) => numbers.get(word) ?? RARE)),
    vocabulary,
  };
}

function countWords(texts: readonly Uint32Array[], chosen: readonly number[], size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const index of chosen) {
    for (const word of texts[index] ?? []) counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

function isEmpty(counts: Float64Array): boolean {
  return counts.every((count) => count === 0);
}

/** The words with the largest terms of the divergence. */
function tellingWords(left: Float64Array, right: Float64Array, vocabulary: readonly string[]): WordShares[] {
  const [leftSum, rightSum] = [left, right].map((counts) =>
    counts.reduce((sum, count) => sum + count, 0),
  ) as [number, number];
  const shares = vocabulary.map((word, index) => ({
    word,
    one: (left[index] ?? 0) / leftSum,
    other: (right[index] ?? 0) / rightSum,
  }));
  const term = ({ one, other }: WordShares): number => {
    const middle = (one + other) / 2;
    return [one, other].reduce((sum, share) => sum + (share > 0 ? share * Math.log2(share / middle) : 0), 0);
  };
  return shares
    .slice(RARE + 1)
    .sort((first, second) => term(second) - term(first))
    .slice(0, MOST_WORDS);
}
