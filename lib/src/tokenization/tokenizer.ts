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
   * @throws ModelError if one of them is missing or no tokenizer's, or the padding is not in the vocabulary
   */
  static fromPretrained(folder: string): Tokenizer {
    const config = readJson(folder, "tokenizer_config.json");
    const json = readJson(folder, "tokenizer.json");
    let fast: FastTokenizer;
    try {
      fast = new FastTokenizerClass(json, config);
    } catch (error) {
      throw unusable(folder, "tokenizer.json", error);
    }
    const padToken = padTokenOf(config);
    const padTokenId = fast.token_to_id(padToken);
    if (padTokenId === undefined)
      throw new ModelError(
        `${shownPath(folder)} has no token ${JSON.stringify(padToken)}, its pad_token; expected it in tokenizer.json.`,
      );
    return new Tokenizer(folder, padTokenId, fast);
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

function readJson(folder: string, name: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("not an object");
    return json as Record<string, unknown>;
  } catch (error) {
    throw unusable(folder, name, error);
  }
}

/** Older versions of transformers wrote a token as an object with its content. */
function padTokenOf(config: Record<string, unknown>): string {
  const token = config["pad_token"];
  const content =
    typeof token === "object" && token !== null ? (token as { content?: unknown }).content : token;
  return typeof content === "string" ? content : "[PAD]";
}

function unusable(folder: string, name: string, error: unknown): ModelError {
  const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  return new ModelError(`${shownPath(folder)} has no usable ${name} (${reason}); expected a model folder.`);
}
