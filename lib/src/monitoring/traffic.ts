import { wordsOf } from "../diagnosis/data/words-of-texts";
import type { LoggedPrediction } from "../serving/logged-prediction";

/** What is compared of answered texts; every list has an entry for each text. */
export interface Traffic {
  readonly words: readonly (readonly string[])[];
  /** Number of words. */
  readonly lengths: readonly number[];
  /** Share of a text's words that the training set never had; 0 for a text without words. */
  readonly newWords: readonly number[];
  /** Probability of the label that was answered. */
  readonly confidence: readonly number[];
  /** Of the probabilities, in bits: 0 where the model is sure, the logarithm of the number of labels where it knows nothing. */
  readonly entropy: readonly number[];
  /** How often each label was answered, in the order of the labels. */
  readonly labelCounts: readonly number[];
}

/** Measures answered texts. `vocabulary` holds the training set's words in lower case. */
export function measureTraffic(params: {
  log: readonly LoggedPrediction[];
  vocabulary: ReadonlySet<string>;
  labels: readonly string[];
}): Traffic {
  const { log, vocabulary, labels } = params;
  const words = log.map(({ text }) => wordsOf(text));
  return {
    words,
    lengths: words.map((text) => text.length),
    newWords: words.map((text) => newShare(text, vocabulary)),
    confidence: log.map(({ label, scores }) => scores[label] ?? NaN),
    entropy: log.map(({ scores }) => entropyOf(Object.values(scores))),
    labelCounts: labels.map((name) => log.filter(({ label }) => label === name).length),
  };
}

function newShare(words: readonly string[], vocabulary: ReadonlySet<string>): number {
  const unseen = words.filter((word) => !vocabulary.has(word.toLowerCase()));
  return words.length === 0 ? 0 : unseen.length / words.length;
}

function entropyOf(chances: readonly number[]): number {
  return chances.reduce((bits, chance) => bits - (chance > 0 ? chance * Math.log2(chance) : 0), 0);
}
