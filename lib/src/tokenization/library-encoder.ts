import * as tokenizers from "@huggingface/tokenizers";
import type { TextEncoder } from "./text-encoder";

/** What lib uses of @huggingface/tokenizers, whose own declarations name files that the package lacks. */
interface LibraryTokenizer {
  encode(text: string): { ids: number[]; tokens: string[] };
  token_to_id(token: string): number | undefined;
}

const { Tokenizer: LibraryTokenizerClass } = tokenizers as unknown as {
  Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
};

/** Any tokenizer, by @huggingface/tokenizers. */
export class LibraryEncoder implements TextEncoder {
  readonly #library: LibraryTokenizer;

  /** @throws Error of the package's own for a tokenizer.json that is none */
  constructor(json: object, config: object) {
    this.#library = new LibraryTokenizerClass(json, config);
  }

  encode(text: string): number[] {
    return this.#library.encode(text).ids;
  }

  tokens(text: string): string[] {
    return this.#library.encode(text).tokens;
  }

  idOf(token: string): number | undefined {
    return this.#library.token_to_id(token);
  }
}
