import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareModels } from "../../../../lib/src/evaluation/significance/model-comparison";
import { examplesToShow } from "../../../../lib/src/evaluation/significance/sample-size";
import { DataError } from "../../../../lib/src/runtime/errors";

const labels = Array.from({ length: 2000 }, (_, index) => index % 2);

/** Predictions that are wrong on every so many-th example. */
function wrongEvery(step: number): number[] {
  return labels.map((label, index) => (index % step === 0 ? 1 - label : label));
}

describe("compareModels", () => {
  const name = ["broken", "fixed"] as const;

  it("names the better model, by how much and how sure that is", () => {
    const comparison = compareModels({ name, labels, left: wrongEvery(3), right: wrongEvery(10) });
    assert.equal(comparison.finding, "better");
    assert.equal(comparison.difference, 0.9 - 1333 / 2000);
    assert.equal(comparison.left.aloneRight, 200 - 67);
    assert.equal(comparison.right.aloneRight, 667 - 67);
    assert.equal(
      comparison.present().note,
      "fixed is better than broken by 23.4 points (21.0 to 25.8), p < 0.0001.",
    );
  });

  it("turns the sentence round where the right model is worse", () => {
    const comparison = compareModels({ name, labels, left: wrongEvery(10), right: wrongEvery(3) });
    assert.equal(comparison.finding, "worse");
    assert.equal(
      comparison.present().note,
      "fixed is worse than broken by 23.4 points (21.0 to 25.8), p < 0.0001.",
    );
  });

  it("decides nothing where the models are right on the same examples", () => {
    const comparison = compareModels({ name, labels, left: wrongEvery(3), right: wrongEvery(3) });
    assert.equal(comparison.finding, "undecided");
    assert.equal(comparison.mcnemar.pValue, 1);
    assert.deepEqual(comparison.interval, [0, 0]);
    assert.equal(
      comparison.present().note,
      "Neither is shown to be better: from broken to fixed accuracy changes by 0.0 points (0.0 to 0.0), p = 1.0. A difference of 1 point would probably have shown: that takes about 783 examples.",
    );
  });

  it("says how many examples a point would take where there are too few", () => {
    const comparison = compareModels({
      name,
      labels: labels.slice(0, 40),
      left: wrongEvery(4).slice(0, 40),
      right: wrongEvery(3).slice(0, 40),
    });
    assert.equal(comparison.finding, "undecided");
    assert.equal(
      comparison.present().note,
      "Neither is shown to be better: from broken to fixed accuracy changes by -10.0 points (-27.5 to 7.5), p = 0.45. To show a difference of 1 point takes about 31,394 examples.",
    );
  });

  it("says how many examples the difference that was seen would have taken", () => {
    const comparison = compareModels({ name, labels, left: wrongEvery(3), right: wrongEvery(10) });
    const asked = { difference: comparison.difference, disagreement: (133 + 600) / 2000 };
    assert.equal(comparison.differenceToShow, comparison.difference);
    assert.equal(comparison.examplesNeeded, examplesToShow(asked));
    assert.equal(comparison.disagreement, (133 + 600) / 2000);
  });

  it("refuses no examples, and answers that are not of these", () => {
    assert.throws(() => compareModels({ labels: [], left: [], right: [] }), DataError);
    assert.throws(() => compareModels({ labels: [0, 1], left: [0, 1], right: [0] }), DataError);
  });
});
