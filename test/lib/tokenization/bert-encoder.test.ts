import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { DOWNLOADS, REPOSITORY } from "../../../lib/src/runtime/repository";
import { BertEncoder } from "../../../lib/src/tokenization/bert-encoder";
import { bertEncoderParams } from "../../../lib/src/tokenization/bert-tokenizer-json";
import { LibraryEncoder } from "../../../lib/src/tokenization/library-encoder";

interface Encoded {
  text: string;
  ids: number[];
}
/** What Rust's `tokenizers` gives. */
interface Fixture {
  texts: Encoded[];
  normalizers: { name: string; normalizer: object; texts: Encoded[] }[];
  postProcessor: { json: object; texts: Encoded[] };
  /** First and last character of a run, and the ids of each, within a word and alone. */
  characters: [number, number, number[]][];
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const fixture = readJson(path.join(REPOSITORY, "test/fixtures/tokenization.json")) as Fixture;
const tokenizerJson = readJson(path.join(DOWNLOADS, "encoder/tokenizer.json")) as Record<string, unknown>;

/** The packaged tokenizer, with some of its parts replaced. */
function encoderWith(parts: Record<string, unknown> = {}): BertEncoder {
  const params = bertEncoderParams({ ...tokenizerJson, ...parts });
  assert.ok(params);
  return new BertEncoder(params);
}

function assertSameIds(encoder: BertEncoder, texts: readonly Encoded[]): void {
  assert.ok(texts.length > 0);
  for (const { text, ids } of texts) assert.deepEqual(encoder.encode(text), ids, JSON.stringify(text));
}

describe("BERT's tokenizer", () => {
  const encoder = encoderWith();

  it("gives Rust's ids: HTML, accents, scripts, emoji, controls, special tokens in a text, words that are too long", () => {
    assertSameIds(encoder, fixture.texts);
    // from the cache, too
    assertSameIds(encoder, fixture.texts);
  });

  it("gives Rust's ids of every character, within a word and alone", () => {
    let count = 0;
    for (const [first, last, ids] of fixture.characters)
      for (let code = first; code <= last; code += 1) {
        // most of planes that are empty, or for private use, is like the rest
        if (last - first > 0x4000 && code > first + 99 && code < last - 99) continue;
        const char = String.fromCodePoint(code);
        const found = encoder.encode(`a${char}b ${char}`).slice(1, -1);
        if (found.join() !== ids.join()) assert.deepEqual(found, ids, `U+${code.toString(16).toUpperCase()}`);
        count += 1;
      }
    assert.ok(count > 60_000, `${count} characters`);
  });

  for (const { name, normalizer, texts } of fixture.normalizers)
    it(`gives Rust's ids with another normalizer: ${name}`, () => {
      assertSameIds(encoderWith({ normalizer }), texts);
    });

  it("puts before and after a text what the file says, in both ways to say it", () => {
    const { json, texts } = fixture.postProcessor;
    assertSameIds(encoderWith({ post_processor: json }), texts);
  });

  it("gives the ids of the package @huggingface/tokenizers for plain English", () => {
    const library = new LibraryEncoder(tokenizerJson, {});
    const text = 'I\'ve seen <br /> worse: 3.5/10, "really"... unwatchable!';
    assert.deepEqual(encoder.encode(text), library.encode(text));
    assert.deepEqual(encoder.tokens(text), library.tokens(text));
    for (const token of ["[SEP]", "movie", "Movie"]) assert.equal(encoder.idOf(token), library.idOf(token));
  });

  it("reads half of a surrogate pair as a character that cannot be read", () => {
    assert.deepEqual(encoder.encode("a\ud83d b\udc00c \ude00"), encoder.encode("a\ufffd b\ufffdc \ufffd"));
    assert.deepEqual(encoder.encode("go\ud83dod"), encoder.encode("good"));
  });

  it("stays right when there are more words than it keeps", () => {
    const other = encoderWith();
    const [first, second] = ["unwatchable", "naïve"];
    const [before, beforeToo] = [encoder.encode(first), encoder.encode(second)];
    for (let word = 0; word < 70_000; word += 1) other.encode(`${word} ${first}`);
    assert.deepEqual(other.encode(first), before);
    assert.deepEqual(other.encode(second), beforeToo);
  });
});

describe("a tokenizer.json that is not quite of BERT's kind", () => {
  const addedTokens = tokenizerJson["added_tokens"] as object[];
  const model = tokenizerJson["model"] as object;
  const others: Record<string, Record<string, unknown>> = {
    "another normalizer": { normalizer: { type: "Lowercase" } },
    "no normalizer": { normalizer: null },
    "another pre-tokenizer": { pre_tokenizer: { type: "Whitespace" } },
    "another model": { model: { ...model, type: "WordLevel" } },
    "an unknown token that is not in the vocabulary": { model: { ...model, unk_token: "[NONE]" } },
    "a vocabulary that is none": { model: { ...model, vocab: { a: "1" } } },
    "no post-processor": { post_processor: null },
    "two tokens after a text": {
      post_processor: {
        ...(tokenizerJson["post_processor"] as object),
        single: [
          { Sequence: { id: "A" } },
          { SpecialToken: { id: "[SEP]" } },
          { SpecialToken: { id: "[SEP]" } },
        ],
      },
    },
    "a token that is looked for in the normalized text": {
      added_tokens: [...addedTokens, { id: 5, content: "Film", normalized: true, single_word: false }],
    },
    "a token that is looked for as a whole word": {
      added_tokens: [...addedTokens, { id: 5, content: "Film", normalized: false, single_word: true }],
    },
  };
  for (const [name, parts] of Object.entries(others))
    it(`is left to the package: ${name}`, () => {
      assert.equal(bertEncoderParams({ ...tokenizerJson, ...parts }), undefined);
    });

  it("may have tokens of its own, the longer of two before the shorter", () => {
    const own = ["film", "film noir"].map((content, index) => ({
      ...{ id: 5 + index, content, normalized: false, single_word: false, lstrip: true },
    }));
    const encoder = encoderWith({ added_tokens: [...addedTokens, ...own] });
    assert.deepEqual(encoder.encode("film noir film"), [101, 6, 5, 102]);
    assert.deepEqual(encoder.tokens("a film!"), ["[CLS]", "a", "film", "!", "[SEP]"]);
    assert.equal(encoder.idOf("film noir"), 6);
  });
});
