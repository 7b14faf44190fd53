import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { obviousCases } from "../../../lib/src/data/obvious-cases";
import { SENTIMENT } from "../../../lib/src/data/snippets";

describe("the obvious cases", () => {
  const { first, afterTheFix } = obviousCases();

  it("are the story's four that exposed the model, and the four after the fix", () => {
    assert.deepEqual(
      first.map(({ text }) => text),
      [
        "This movie is absolutely amazing!",
        "This movie is terrible.",
        "Great film, highly recommend!",
        "Boring movie, waste of time.",
      ],
    );
    assert.equal(afterTheFix.length, 4);
  });

  it("are half negative, half positive, by the names that the reviews use", () => {
    for (const cases of [first, afterTheFix])
      assert.deepEqual(cases.map(({ label }) => label).sort(), [
        ...[SENTIMENT[0], SENTIMENT[0], SENTIMENT[1], SENTIMENT[1]],
      ]);
  });
});
