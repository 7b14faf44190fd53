import { readFileSync } from "node:fs";
import path from "node:path";
import * as tokenizers from "@huggingface/tokenizers";
import { ArgumentError, ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";

/** What lib uses of @huggingface/tokenizers, whose own declarations name files that the package lacks. */
interface FastTokenizer {
  encode(text: string): { ids: number[]; tokens: string[] };
  token_to_id(token: string): number | undefined;
}

const { Tokenizer: FastTokenizerClass } = tokenizers as unknown as {
  Tokenizer: new (tokenizer: object, config: object) => FastTokenizer;
};

/** A text as a model reads it. */
export interface Encoding {
  inputIds: number[];
  /** Tokens that did not fit and were cut off. */
  truncated: number;
}

/** Turns texts into the ids of word pieces, exactly as transformers' tokenizer of the same files does. */
export class Tokenizer {
  readonly #fast: FastTokenizer;

  private constructor(
    /** The folder it was read from. */
    readonly folder: string,
    readonly padTokenId: number,
    fast: FastTokenizer,
  ) {
    this.#fast = fast;
  }

  /**
   * Reads tokenizer.json and tokenizer_config.json of a model folder.
   *
   * @throws ModelError if one of them is missing or not JSON
   */
  static fromPretrained(folder: string): Tokenizer {
    const read = (name: string): Record<string, unknown> => {
      try {
        return JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Record<string, unknown>;
      } catch (error) {
        throw new ModelError(
          `${shownPath(folder)} has no usable ${name} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); expected a model folder.`,
        );
      }
    };
    const config = read("tokenizer_config.json");
    const fast = new FastTokenizerClass(read("tokenizer.json"), config);
    const padToken = typeof config["pad_token"] === "string" ? config["pad_token"] : "[PAD]";
    return new Tokenizer(folder, fast.token_to_id(padToken) ?? 0, fast);
  }

  /**
   * Encodes one text, special tokens included; what exceeds `maxLength` is cut before the closing special token.
   *
   * @throws ArgumentError if `maxLength` is below 3, which leaves no room for a single word
   */
  encode(text: string, options: { maxLength: number }): Encoding {
    const { maxLength } = options;
    if (!Number.isInteger(maxLength) || maxLength < 3)
      throw new ArgumentError(
        `maxLength is ${maxLength}; expected a whole number of at least 3 ([CLS], one token, [SEP]).`,
      );
    const { ids } = this.#fast.encode(text);
    if (ids.length <= maxLength) return { inputIds: ids, truncated: 0 };
    return {
      inputIds: [...ids.slice(0, maxLength - 1), ...ids.slice(-1)],
      truncated: ids.length - maxLength,
    };
  }

  /** The word pieces of a text, special tokens included. */
  tokens(text: string): string[] {
    return this.#fast.encode(text).tokens;
  }
}
