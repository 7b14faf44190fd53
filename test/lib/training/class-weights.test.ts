import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { balancedClassWeights, checkClassWeights } from "../../../lib/src/training/class-weights";

describe("balanced class weights", () => {
  it("are scikit-learn's: examples / (labels x occurrences)", () => {
    // compute_class_weight("balanced", classes=[0, 1], y=[0, 0, 0, 0, 1]) gives [0.625, 2.5]
    assert.deepEqual(balancedClassWeights({ labels: [0, 0, 0, 0, 1] }), [0.625, 2.5]);
    assert.deepEqual(balancedClassWeights({ labels: [2, 1, 0] }), [1, 1, 1]);
    const weights = balancedClassWeights({ labels: [0, 1, 1, 2, 2, 2], numLabels: 3 });
    assert.ok(Math.abs((weights[0] ?? NaN) - 3 * (weights[2] ?? NaN)) < 1e-12);
  });

  it("are refused where a label does not occur, or is none", () => {
    const refused = (params: Parameters<typeof balancedClassWeights>[0], message: RegExp) => {
      assert.throws(() => balancedClassWeights(params), DataError);
      assert.throws(() => balancedClassWeights(params), message);
    };
    refused({ labels: [] }, /asked of 0 labels/);
    refused({ labels: [0, 0], numLabels: 2 }, /The label 1 does not occur.*every label of 0 to 1/);
    refused({ labels: [0, 2] }, /The label 1 does not occur/);
    refused({ labels: [0, 2, 1], numLabels: 2 }, /Example 1 has the label 2; expected 0 to 1/);
    refused({ labels: [0.5, 1] }, /Example 0 has the label 0\.5/);
  });
});

describe("class weights", () => {
  it("are refused where they do not fit the model's labels", () => {
    assert.throws(() => {
      checkClassWeights([1], 2);
    }, new ArgumentError("classWeights has 1 weights; expected one for each of the model's 2 labels."));
    for (const bad of [0, -1, NaN, Infinity])
      assert.throws(
        () => {
          checkClassWeights([1, bad], 2);
        },
        new ArgumentError(`classWeights has ${bad} for the label 1; expected a number above 0.`),
      );
    checkClassWeights([0.1, 7], 2);
  });
});
