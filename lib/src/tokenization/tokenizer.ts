import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pretrainedFolder, type RevisionOptions } from "../hub/pretrained-folder";
import { writeFileAtomically } from "../runtime/atomic-file";
import { ArgumentError, ModelError } from "../runtime/errors";
import { watchInterrupt } from "../runtime/interrupt";
import { startProgress } from "../runtime/progress";
import { shownPath } from "../runtime/repository";
import { BertEncoder } from "./bert-encoder";
import { bertEncoderParams } from "./bert-tokenizer-json";
import { LibraryEncoder } from "./library-encoder";
import type { TextEncoder } from "./text-encoder";

/** What a tokenizer is made of. */
const REQUIRED_FILES = ["tokenizer.json", "tokenizer_config.json"] as const;
/** What older versions of transformers want beside it. */
const OPTIONAL_FILES = ["special_tokens_map.json", "vocab.txt"] as const;

/** Texts between two looks at whether the reader interrupts: hundredths of a second. */
const BATCH_SIZE = 64;

/** A text as a model reads it. */
export interface Encoding {
  inputIds: number[];
  /** Tokens that did not fit and were cut off. */
  truncated: number;
}

/** Turns texts into the ids of word pieces, exactly as transformers' tokenizer of the same files does. */
export class Tokenizer {
  readonly #encoder: TextEncoder;

  private constructor(
    /** The folder it was read from. */
    readonly folder: string,
    readonly padTokenId: number,
    encoder: TextEncoder,
  ) {
    this.#encoder = encoder;
  }

  /**
   * Reads the tokenizer of a model: of a folder, or by its name on the Hub, pulled into the cache that Python shares.
   *
   * @throws ModelError if a file is no tokenizer's, or the padding is not in the vocabulary
   * @throws HubError if the Hub has no such model, or one without a tokenizer, or cannot be reached
   */
  static async fromPretrained(nameOrFolder: string, options: RevisionOptions = {}): Promise<Tokenizer> {
    const files = { required: REQUIRED_FILES, optional: OPTIONAL_FILES };
    return Tokenizer.fromFolder(await pretrainedFolder(nameOrFolder, files, options));
  }

  /**
   * Reads tokenizer.json and tokenizer_config.json of a model folder.
   *
   * @throws ModelError if one of them is missing or no tokenizer's, or the padding is not in the vocabulary
   */
  static fromFolder(folder: string): Tokenizer {
    const config = readJson(folder, "tokenizer_config.json");
    const json = readJson(folder, "tokenizer.json");
    const encoder = encoderOf(folder, json, config);
    const padToken = padTokenOf(config);
    const padTokenId = encoder.idOf(padToken);
    if (padTokenId === undefined)
      throw new ModelError(
        `${shownPath(folder)} has no token ${JSON.stringify(padToken)}, its pad_token; expected it in tokenizer.json.`,
      );
    return new Tokenizer(folder, padTokenId, encoder);
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
    const ids = this.#encoder.encode(text);
    if (ids.length <= maxLength) return { inputIds: ids, truncated: 0 };
    return {
      inputIds: [...ids.slice(0, maxLength - 1), ...ids.slice(-1)],
      truncated: ids.length - maxLength,
    };
  }

  /**
   * Encodes many texts, in order, each as {@link Tokenizer.encode} does; shows how far it is where it takes seconds.
   *
   * @throws ArgumentError if `maxLength` is below 3
   * @throws InterruptedError when the reader stops it
   */
  async encodeBatch(texts: readonly string[], options: { maxLength: number }): Promise<Encoding[]> {
    const progress = startProgress({ total: texts.length, label: "Tokenizing", unit: "texts" });
    const checkInterrupt = watchInterrupt();
    const encodings: Encoding[] = [];
    try {
      for (let begin = 0; begin < texts.length; begin += BATCH_SIZE) {
        await checkInterrupt("Tokenizing");
        for (const text of texts.slice(begin, begin + BATCH_SIZE)) encodings.push(this.encode(text, options));
        progress.update(encodings.length);
      }
    } finally {
      progress.end();
    }
    return encodings;
  }

  /** Writes the tokenizer's files as they are, so that transformers reads what this tokenizer was read from. */
  savePretrained(folder: string): void {
    for (const name of [...REQUIRED_FILES, ...OPTIONAL_FILES]) {
      const file = path.join(this.folder, name);
      if (existsSync(file)) writeFileAtomically(path.join(folder, name), readFileSync(file));
    }
  }

  /**
   * Ids of tokens by their names (transformers' `convert_tokens_to_ids`).
   *
   * @throws ArgumentError for a token that is not in the vocabulary
   */
  convertTokensToIds(tokens: readonly string[]): number[] {
    return tokens.map((token) => {
      const id = this.#encoder.idOf(token);
      if (id === undefined)
        throw new ArgumentError(
          `${JSON.stringify(token)} is not in the vocabulary; expected a token as tokens() gives them.`,
        );
      return id;
    });
  }

  /** The word pieces of a text, special tokens included. */
  tokens(text: string): string[] {
    return this.#encoder.tokens(text);
  }
}

/** BERT's tokenizer is our own: it is faster, and where the package differs from Rust's `tokenizers` it does as Rust's does. */
function encoderOf(folder: string, json: Record<string, unknown>, config: object): TextEncoder {
  const bert = bertEncoderParams(json);
  if (bert) return new BertEncoder(bert);
  try {
    return new LibraryEncoder(json, config);
  } catch (error) {
    throw unusable(folder, "tokenizer.json", error);
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
