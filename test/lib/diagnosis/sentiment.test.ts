import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { sentimentOf } from "../../../lib/src/diagnosis/sentiment";

describe("a sentiment classifier", () => {
  it("is known by its outputs' names, whatever their case and order", () => {
    assert.deepEqual(sentimentOf({ 0: "NEGATIVE", 1: "POSITIVE" }), { negative: 0, positive: 1 });
    assert.deepEqual(sentimentOf({ 0: "pos", 1: "Neg " }), { negative: 1, positive: 0 });
    assert.deepEqual(sentimentOf({ 0: "negative", 1: "neutral", 2: "positive" }), {
      negative: 0,
      positive: 2,
    });
  });

  it("is none with other names, or with more than two sides", () => {
    assert.equal(sentimentOf({ 0: "LABEL_0", 1: "LABEL_1" }), undefined);
    assert.equal(
      sentimentOf({ 0: "very negative", 1: "negative", 2: "positive", 3: "very positive" }),
      undefined,
    );
    assert.equal(sentimentOf({ 0: "negative", 1: "positive", 2: "sports" }), undefined);
    assert.equal(sentimentOf({ 0: "negative", 1: "positive", 2: "POS" }), undefined);
    assert.equal(sentimentOf({}), undefined);
  });
});
