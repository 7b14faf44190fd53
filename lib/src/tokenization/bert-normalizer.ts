import { CONTROL, DECOMPOSED, NONSPACING_MARKS } from "./character-classes";

/** What `BertNormalizer` does to a text, named as in tokenizer.json. */
export interface BertNormalizerOptions {
  /** Removes control characters. */
  cleanText: boolean;
  /** Makes every Chinese character a word. */
  handleChineseChars: boolean;
  stripAccents: boolean;
  lowercase: boolean;
}

const LONE_SURROGATE = /[\uD800-\uDFFF]/gu;
const CONTROLS = new RegExp(`[${CONTROL}]`, "gu");
const CHINESE =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;
const DECOMPOSABLE = new RegExp(`[${DECOMPOSED}]+`, "gu");
const ACCENTS = new RegExp(`[${NONSPACING_MARKS}]`, "gu");

/**
 * Normalizes a text as Rust's `tokenizers` does (tokenizers/src/normalizers/bert.rs); a surrogate alone, which Rust knows not, is removed as what
 * cannot be read is.
 *
 * Whitespace stays as it is, where Rust makes it spaces: words end at all of it.
 */
export function bertNormalize(text: string, options: BertNormalizerOptions): string {
  let normal = text.replace(LONE_SURROGATE, "\uFFFD");
  if (options.cleanText) normal = normal.replace(CONTROLS, "");
  if (options.handleChineseChars) normal = normal.replace(CHINESE, " $& ");
  if (options.stripAccents)
    normal = normal.replace(DECOMPOSABLE, (run) => run.normalize("NFD")).replace(ACCENTS, "");
  // one by one: of a whole word, JavaScript alone makes the last sigma another letter
  return options.lowercase ? Array.from(normal, (char) => char.toLowerCase()).join("") : normal;
}
