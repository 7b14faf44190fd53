// @ts-check
/**
 * What each word of a text weighs for a label: how far the label's score falls when the word is left out. Knows nothing of models
 * and pages.
 */

/** @typedef {{ text: string, start: number, end: number }} Word Where a word stands in its text. */
/** @typedef {{ words: Word[], weight: number }} Weighed Neighbouring words that were left out together, and their weight. */

/** How often a text is asked about at most, and the longest ones at least; then neighbouring words are left out together. */
const [MOST_QUESTIONS, LEAST_QUESTIONS] = [60, 20];
/** Tokens that are asked about in all, for a text between. */
const MOST_TOKENS = 6_000;
/** A weight of less than this, a share of 1, is not worth a colour or a word. */
const LEAST_WEIGHT = 0.005;
/** One below this is coloured weakly even if no other is larger. */
const STRONG_WEIGHT = 0.05;
const LEVELS = 4;
/** Words of a group that a sentence names. */
const MOST_QUOTED = 4;

/**
 * The words of a text: what stands between blanks.
 * @param {string} text
 * @returns {Word[]}
 */
export function wordsOf(text) {
  return [...text.matchAll(/\S+/gu)].map(({ 0: word, index }) => {
    return { text: word, start: index, end: index + word.length };
  });
}

/**
 * How many of the words a model reads, from the first one on.
 * @param {readonly number[]} tokens of each word
 * @param {number} most tokens of a text, without special ones
 */
export function wordsRead(tokens, most) {
  let sum = 0;
  const cut = tokens.findIndex((count) => (sum += count) > most);
  return cut < 0 ? tokens.length : cut;
}

/**
 * How often a text of so many tokens is asked about at most.
 * @param {number} tokens
 */
export function mostQuestions(tokens) {
  return Math.min(MOST_QUESTIONS, Math.max(LEAST_QUESTIONS, Math.floor(MOST_TOKENS / tokens)));
}

/**
 * Neighbours in groups as small as so many questions allow.
 * @param {readonly Word[]} words
 * @param {number} most
 */
export function grouped(words, most) {
  const size = Math.max(1, Math.ceil(words.length / most));
  return Array.from({ length: Math.ceil(words.length / size) }, (_, group) => {
    return words.slice(group * size, (group + 1) * size);
  });
}

/**
 * A text without some neighbouring words.
 * @param {string} text
 * @param {readonly Word[]} words
 */
export function without(text, words) {
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return text;
  return (text.slice(0, first.start) + text.slice(last.end).replace(/^\s+/u, "")).trim();
}

/**
 * How strongly to colour each weight: 0 (not at all) to 4, by the largest one.
 * @param {readonly Weighed[]} weighed
 * @returns {{ level: number, kind: "for" | "against" }[]}
 */
export function colours(weighed) {
  const largest = Math.max(STRONG_WEIGHT, ...weighed.map(({ weight }) => Math.abs(weight)));
  return weighed.map(({ weight }) => {
    // the root, so that one word that decides everything does not blank out all others
    const level = Math.ceil(Math.sqrt(Math.abs(weight) / largest) * LEVELS);
    return { level: isWorth(weight) ? level : 0, kind: weight < 0 ? "against" : "for" };
  });
}

/** @param {number} weight */
function isWorth(weight) {
  return Math.abs(weight) >= LEAST_WEIGHT;
}

/**
 * In a sentence, for those who do not see the colours.
 * @param {readonly Weighed[]} weighed
 * @param {string} label
 */
export function summary(weighed, label) {
  const sorted = weighed.toSorted((one, other) => other.weight - one.weight);
  const named = (/** @type {Weighed[]} */ some) =>
    some.map(({ words, weight }) => `${quoted(words)} (${signed(weight)})`);
  const most = named(sorted.filter(({ weight }) => isWorth(weight) && weight > 0).slice(0, 3));
  const least = named(
    sorted
      .filter(({ weight }) => isWorth(weight) && weight < 0)
      .slice(-3)
      .reverse(),
  );
  if (most.length === 0 && least.length === 0) return "No word by itself makes a difference.";
  return [
    most.length > 0 ? `Most for ${label}: ${most.join(", ")}.` : `No word speaks for ${label} by itself.`,
    ...(least.length > 0 ? [`Most against: ${least.join(", ")}.`] : []),
  ].join(" ");
}

/**
 * A word, or the first ones of a group, without the punctuation around.
 * @param {readonly Word[]} words
 */
function quoted(words) {
  const text = words.slice(0, MOST_QUOTED).map((word) => word.text);
  const bare = text.join(" ").replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "") || text.join(" ");
  return words.length > MOST_QUOTED ? `${bare} \u2026` : bare;
}

/**
 * With its sign, as a reader expects it.
 * @param {number} weight
 */
export function signed(weight) {
  const digits = Math.abs(weight).toFixed(2);
  return digits === "0.00" ? digits : `${weight < 0 ? "\u2212" : "+"}${digits}`;
}
