import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  expectedStep,
  meanAbsoluteError,
  OrdinalReport,
  withinOneStep,
} from "../../../lib/src/evaluation/ordinal";
import { DataError } from "../../../lib/src/runtime/errors";

const labels = [0, 1, 2, 3, 4];

describe("metrics of a scale", () => {
  it("count the steps between label and prediction", () => {
    const classified = { labels, predictions: [0, 2, 4, 0, 4] };
    assert.equal(meanAbsoluteError(classified), (0 + 1 + 2 + 3 + 0) / 5);
    assert.equal(withinOneStep(classified), 3 / 5);
    assert.equal(meanAbsoluteError({ labels, predictions: labels }), 0);
  });

  it("take predictions between two steps", () => {
    assert.equal(meanAbsoluteError({ labels: [1, 3], predictions: [1.5, 2] }), 0.75);
  });

  it("refuse no examples, and not as many predictions", () => {
    for (const classified of [
      { labels: [], predictions: [] },
      { labels, predictions: [1] },
    ]) {
      assert.throws(() => meanAbsoluteError(classified), DataError);
      assert.throws(() => withinOneStep(classified), DataError);
      assert.throws(() => new OrdinalReport(classified.labels, { model: classified.predictions }), DataError);
    }
  });
});

describe("expectedStep", () => {
  it("is the mean of the steps by their probabilities", () => {
    assert.equal(expectedStep([0, 0.5, 0.5, 0]), 1.5);
    assert.equal(expectedStep([0, 0, 1]), 2);
    assert.ok(Math.abs(expectedStep([0.2, 0.2, 0.2, 0.2, 0.2]) - 2) < 1e-12);
  });

  it("refuses no probabilities", () => {
    assert.throws(() => expectedStep([]), DataError);
  });
});

describe("OrdinalReport", () => {
  it("has a row for each way of answering, and no exact hits for answers between the steps", () => {
    const { rows } = new OrdinalReport(labels, {
      "always the middle": [2, 2, 2, 2, 2],
      expected: [0.5, 1, 2, 3, 3.5],
    }).present();
    assert.deepEqual(rows, [
      ["always the middle", 0.2, 0.6, 1.2],
      ["expected", null, 1, 0.2],
    ]);
  });
});
