import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { readWords, without, wordsOf } from "../../../../lib/src/evaluation/attribution/read-words";
import { ArgumentError } from "../../../../lib/src/runtime/errors";
import { DOWNLOADS } from "../../../../lib/src/runtime/repository";
import * as space from "../../../../lib/src/space/page/word-weights.mjs";
import { Tokenizer } from "../../../../lib/src/tokenization/tokenizer";

const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));

describe("the words that a model reads", () => {
  it("are a Space's words, and leave the same text behind", () => {
    for (const text of ["  Très bien,\n 很好  ", "not  a good\nfilm", "one", " \n"]) {
      const words = wordsOf(text);
      assert.deepEqual(words, space.wordsOf(text));
      for (const word of words) assert.equal(without(text, word), space.without(text, [word]));
    }
  });

  it("end with the last one that fits as a whole, as on a Space's page", () => {
    const text = "The supercalifragilistic film ended well";
    const pieces = wordsOf(text).map((word) => tokenizer.tokens(word.text).slice(1, -1));
    assert.ok((pieces[1]?.length ?? 0) > 3, "a word of several pieces");
    for (let maxLength = 3; maxLength < 15; maxLength += 1) {
      const { words, text: read, unread } = readWords({ tokenizer, text, maxLength });
      const counts = pieces.map(({ length }) => length);
      assert.equal(words.length, space.wordsRead(counts, maxLength - 2));
      assert.equal(unread, 5 - words.length);
      assert.ok(tokenizer.encode(read, { maxLength: 512 }).inputIds.length <= maxLength);
    }
  });

  it("are refused where there are none, or the first does not fit", () => {
    assert.throws(() => readWords({ tokenizer, text: " \n", maxLength: 9 }), ArgumentError);
    assert.throws(
      () => readWords({ tokenizer, text: "Supercalifragilistic", maxLength: 4 }),
      /first word has \d+ word pieces and maxLength is 4/u,
    );
  });
});
