import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { ReviewSet } from "../../../lib/src/data/review-set";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { setProgressFactory } from "../../../lib/src/runtime/progress";
import { DOWNLOADS } from "../../../lib/src/runtime/repository";
import { encodeReviews } from "../../../lib/src/tokenization/encode-reviews";
import { Tokenizer } from "../../../lib/src/tokenization/tokenizer";

describe("reviews as features", () => {
  const rows = [
    { text: "I love this movie!", label: 1 },
    { text: "bad", label: 0 },
  ];
  const set = new ReviewSet("two", rows, { 0: "NEGATIVE", 1: "POSITIVE" });
  const tokenizer = Tokenizer.fromFolder(path.join(DOWNLOADS, "encoder"));

  it("keep their order and labels, each cut to the same length", () => {
    assert.deepEqual(encodeReviews(set, { tokenizer, maxLength: 4 }), [
      { inputIds: [101, 1045, 2293, 102], label: 1 },
      { inputIds: [101, 2919, 102], label: 0 },
    ]);
  });

  it("are counted as they are encoded", () => {
    const seen: (string | number)[] = [];
    setProgressFactory(({ label, total, unit }) => {
      seen.push(label, total, unit);
      return { update: (done) => seen.push(done), end: () => seen.push("end") };
    });
    try {
      encodeReviews(set, { tokenizer, maxLength: 4 });
      assert.deepEqual(seen, ["Tokenizing", 2, "reviews", 1, 2, "end"]);
      seen.length = 0;
      assert.throws(() => encodeReviews(set, { tokenizer, maxLength: 2 }), ArgumentError);
      assert.equal(seen.at(-1), "end");
    } finally {
      setProgressFactory(undefined);
    }
  });
});
