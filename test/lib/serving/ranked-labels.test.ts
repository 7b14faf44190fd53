import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultFunction, rankedLabels, scoresOf } from "../../../lib/src/serving/ranked-labels";

describe("the labels of a text", () => {
  it("come by score, no more than asked for", () => {
    const params = { scores: [0.2, 0.5, 0.3], labels: ["a", "b", "c"] };
    assert.deepEqual(rankedLabels({ ...params, topK: 2 }), [
      { label: "b", score: 0.5 },
      { label: "c", score: 0.3 },
    ]);
    assert.equal(rankedLabels({ ...params, topK: Infinity }).length, 3);
  });

  it("have the scores of the function, which is transformers' choice where none is named", () => {
    const logits = [Math.log(1), Math.log(3)];
    const near = (found: number[], expected: number[]): void => {
      for (const [at, value] of expected.entries()) assert.ok(Math.abs((found[at] ?? NaN) - value) < 1e-12);
    };
    near(scoresOf(logits, "softmax"), [0.25, 0.75]);
    near(scoresOf(logits, "sigmoid"), [0.5, 0.75]);
    assert.deepEqual(scoresOf([3, -1], "none"), [3, -1]);
    assert.equal(defaultFunction(undefined, 2), "softmax");
    assert.equal(defaultFunction("single_label_classification", 2), "softmax");
    assert.equal(defaultFunction("multi_label_classification", 3), "sigmoid");
    assert.equal(defaultFunction(undefined, 1), "sigmoid");
    assert.equal(defaultFunction("regression", 1), "none");
  });
});
