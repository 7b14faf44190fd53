import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { range, ReviewSet } from "../../../lib/src/data/review-set";
import { ConstantPredictors } from "../../../lib/src/diagnosis/constant-predictor";
import { DataError } from "../../../lib/src/runtime/errors";

const NAMES = { 0: "NEGATIVE", 1: "POSITIVE" };
const setOf = (negative: number, positive: number) =>
  new ReviewSet(
    "some",
    range(negative + positive).map((index) => ({ text: "x", label: index < negative ? 0 : 1 })),
    NAMES,
  );

describe("what a constant answer scores", () => {
  it("is the share of its label, and 0.5 where both labels weigh alike", () => {
    const { scores, bestAccuracy } = new ConstantPredictors(setOf(3, 1));
    assert.deepEqual(scores, [
      { answer: "NEGATIVE", accuracy: 0.75, balancedAccuracy: 0.5 },
      { answer: "POSITIVE", accuracy: 0.25, balancedAccuracy: 0.5 },
    ]);
    assert.equal(bestAccuracy, 0.75);
  });

  it("is 1.00 on the story's validation set of one class, by any measure", () => {
    const { scores, bestAccuracy } = new ConstantPredictors(setOf(1500, 0));
    assert.deepEqual(scores[0], { answer: "NEGATIVE", accuracy: 1, balancedAccuracy: 1 });
    assert.deepEqual(scores[1], { answer: "POSITIVE", accuracy: 0, balancedAccuracy: 0 });
    assert.equal(bestAccuracy, 1);
  });

  it("is not asked of an empty set", () => {
    assert.throws(() => new ConstantPredictors(setOf(0, 0)), DataError);
  });

  it("presents itself as a table, a row an answer", () => {
    assert.deepEqual(new ConstantPredictors(setOf(3, 1)).present(), {
      kind: "table",
      title: "Always the same answer, on some",
      columns: ["answer", "accuracy", "balanced accuracy"],
      rows: [
        ["always NEGATIVE", 0.75, 0.5],
        ["always POSITIVE", 0.25, 0.5],
      ],
      format: { accuracy: 3, "balanced accuracy": 3 },
    });
  });
});
