/** Why a text is too short to say anything. */
export type Shortness = "blank" | "without a word" | "one word";

/** Anything that is seen: neither space, control nor format character, nor half a surrogate pair. */
const SEEN = /[^\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\u2800\u3164]/u;
/** Letters, digits, and pictures, which may say all there is to say. */
const SAYS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_-]*/gu;
/** Scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Enough to hold a second word. */
const BEGINNING = 200;

const WORDS = new Intl.Segmenter("en", { granularity: "word" });

/** Why a text is too short to be judged; `undefined` for one that has two words or more. */
export function shortness(text: string): Shortness | undefined {
  if (!SEEN.test(text)) return "blank";
  if (!SAYS_SOMETHING.test(text)) return "without a word";
  return hasTwoWords(text) ? undefined : "one word";
}

function hasTwoWords(text: string): boolean {
  const words = text.matchAll(WORD);
  words.next();
  const second: IteratorResult<unknown> = words.next();
  if (!second.done) return true;
  if (!UNSPACED.test(text)) return false;
  const segments = [...WORDS.segment(text.trim().slice(0, BEGINNING))];
  return segments.filter(({ isWordLike }) => isWordLike).length > 1;
}
