import { ArgumentError } from "../../runtime/errors";
import type { Tokenizer } from "../../tokenization/tokenizer";

/** Where a word stands in its text. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The part of a text that a model reads, in whole words. */
export interface ReadWords {
  readonly text: string;
  readonly words: readonly Word[];
  /** Word pieces of each word. */
  readonly pieces: readonly (readonly string[])[];
  /** Words after them, which the model does not read. */
  readonly unread: number;
}

/** `[CLS]` and `[SEP]`. */
const SPECIAL_TOKENS = 2;

/** The words of a text: what stands between blanks, as on a Space's page (space/page/word-weights.mjs). */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(/\S+/gu)].map(({ 0: word, index }) => {
    return { text: word, start: index, end: index + word.length };
  });
}

/** A text without one of its words and the blank after it, as on a Space's page. */
export function without(text: string, { start, end }: Word): string {
  return (text.slice(0, start) + text.slice(end).replace(/^\s+/u, "")).trim();
}

/**
 * The words of a text that fit into `maxLength` tokens, `[CLS]` and `[SEP]` included. A word of which the model would read a part
 * alone is not among them.
 *
 * @throws ArgumentError for a text without words, or whose first one does not fit
 */
export function readWords({
  tokenizer,
  text,
  maxLength,
}: {
  tokenizer: Tokenizer;
  text: string;
  maxLength: number;
}): ReadWords {
  const all = wordsOf(text);
  if (all.length === 0)
    throw new ArgumentError(`The text is ${JSON.stringify(text)}; expected one with a word.`);
  const pieces = all.map((word) => tokenizer.tokens(word.text).slice(1, -1));
  let count = SPECIAL_TOKENS;
  const cut = pieces.findIndex((some) => (count += some.length) > maxLength);
  if (cut === 0)
    throw new ArgumentError(
      `The text's first word has ${pieces[0]?.length ?? 0} word pieces and maxLength is ${maxLength}; expected at least ${(pieces[0]?.length ?? 0) + SPECIAL_TOKENS}.`,
    );
  const read = cut < 0 ? all.length : cut;
  const words = all.slice(0, read);
  return {
    text: text.slice(0, words.at(-1)?.end ?? 0),
    words,
    pieces: pieces.slice(0, read),
    unread: all.length - read,
  };
}
