import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { ReviewSet } from "../../../lib/src/data/review-set";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { encodeReviews } from "../../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";

describe("reviews as features", () => {
  it("keep their order and labels, each cut to the same length", () => {
    const rows = [
      { text: "I love this movie!", label: 1 },
      { text: "bad", label: 0 },
    ];
    const set = new ReviewSet("two", rows, { 0: "NEGATIVE", 1: "POSITIVE" });
    const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));
    assert.deepEqual(encodeReviews(set, { tokenizer, maxLength: 4 }), [
      { inputIds: [101, 1045, 2293, 102], label: 1 },
      { inputIds: [101, 2919, 102], label: 0 },
    ]);
  });
});
