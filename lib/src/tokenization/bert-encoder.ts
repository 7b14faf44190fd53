import { bertNormalize, type BertNormalizerOptions } from "./bert-normalizer";
import type { TextEncoder } from "./text-encoder";
import { wordPieces, type WordPieceOptions } from "./word-piece";

/** What a tokenizer of BERT's kind is made of. */
export interface BertEncoderParams {
  normalizer: BertNormalizerOptions;
  model: WordPieceOptions;
  /** Ids of tokens that are read as such wherever they stand in a text, such as `[SEP]`. */
  addedTokens: ReadonlyMap<string, number>;
  clsTokenId: number;
  sepTokenId: number;
}

/** Words that are kept; IMDB's 25,000 reviews for training have three times as many, nine in ten of them seldom. */
const CACHE_SIZE = 65_536;
/** A longer word, in UTF-16 units, is hardly seen twice. */
const CACHED_LENGTH = 32;

/** What ends a word of a text that is not normalized yet: ASCII's whitespace and punctuation, which normalizing leaves alone. */
const [SPACE, PUNCTUATION_MARK] = [1, 2];
const ENDS = new Uint8Array(128);
for (const char of "\t\n\r ") ENDS[char.charCodeAt(0)] = SPACE;
for (const char of "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") ENDS[char.charCodeAt(0)] = PUNCTUATION_MARK;

/**
 * BERT's tokenizer, with the ids of words that it has seen before in a cache.
 *
 * Most of a text are words seen before, and a word's ids do not depend on its neighbours. So only new ones go through normalizer and word
 * pieces, and a text is cut into words as it stands, before anything is normalized.
 */
export class BertEncoder implements TextEncoder {
  readonly #cache = new Map<string, readonly number[]>();
  readonly #addedTokens: RegExp | undefined;
  readonly #tokens: ReadonlyMap<number, string>;

  constructor(private readonly params: BertEncoderParams) {
    const { addedTokens, model } = params;
    // of two that begin at one place, the longer
    const names = [...addedTokens.keys()].sort((one, other) => other.length - one.length);
    if (names.length > 0) this.#addedTokens = new RegExp(`(${names.map(escaped).join("|")})`);
    this.#tokens = new Map([...model.vocab, ...addedTokens].map(([token, id]) => [id, token]));
  }

  encode(text: string): number[] {
    const { clsTokenId, sepTokenId, addedTokens } = this.params;
    const ids = [clsTokenId];
    const parts = this.#addedTokens ? text.split(this.#addedTokens) : [text];
    for (const [index, part] of parts.entries()) {
      // split() puts what separates the parts between them
      const addedId = index % 2 === 1 ? addedTokens.get(part) : undefined;
      if (addedId === undefined) this.#encodePart(part, ids);
      else ids.push(addedId);
    }
    ids.push(sepTokenId);
    return ids;
  }

  idOf(token: string): number | undefined {
    return this.params.addedTokens.get(token) ?? this.params.model.vocab.get(token);
  }

  tokens(text: string): string[] {
    return this.encode(text).map((id) => this.#tokens.get(id) ?? "");
  }

  #encodePart(text: string, ids: number[]): void {
    let begin = 0;
    for (let at = 0; at <= text.length; at += 1) {
      const code = at < text.length ? text.charCodeAt(at) : 32;
      const end = code < 128 ? ENDS[code] : 0;
      if (end === 0) continue;
      if (at > begin) this.#encodeWord(text.slice(begin, at), ids);
      if (end === PUNCTUATION_MARK) this.#encodeWord(text.charAt(at), ids);
      begin = at + 1;
    }
  }

  #encodeWord(word: string, ids: number[]): void {
    const pieces = this.#cache.get(word) ?? this.#piecesOf(word);
    for (const id of pieces) ids.push(id);
  }

  #piecesOf(word: string): readonly number[] {
    const { normalizer, model } = this.params;
    const pieces = wordPieces(bertNormalize(word, normalizer), model);
    if (word.length > CACHED_LENGTH) return pieces;
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    // a copy: a part of a string keeps the whole of it in memory
    this.#cache.set(Buffer.from(word).toString(), pieces);
    return pieces;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
