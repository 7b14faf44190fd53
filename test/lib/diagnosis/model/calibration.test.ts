import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeCalibration } from "../../../../lib/src/diagnosis/model/calibration";
import {
  estimateTemperature,
  measureCalibration,
  withTemperature,
} from "../../../../lib/src/diagnosis/model/calibration-measure";
import type { LabelledLogits } from "../../../../lib/src/evaluation/significance/calibration";
import { DataError } from "../../../../lib/src/runtime/errors";
import { seededRandom } from "../../../../lib/src/runtime/random";

/** A model that is right as often as it says, times a factor in its logits. */
function answers(count: number, scale: number, seed = 1): LabelledLogits {
  const random = seededRandom(seed);
  const margins = Array.from({ length: count }, () => 6 * random() - 3);
  return {
    logits: margins.map((margin) => [0, scale * margin]),
    labels: margins.map((margin) => Number(random() < 1 / (1 + Math.exp(-margin)))),
  };
}

function judge(measured: LabelledLogits) {
  const temperature = estimateTemperature(measured);
  return judgeCalibration({
    ...{ before: measureCalibration({ ...measured, seed: 1 }), temperature, fittedOn: "the same examples" },
    after: measureCalibration({ ...withTemperature(measured, temperature.value), seed: 1 }),
  });
}

describe("the check of calibration", () => {
  it("passes a model that is as sure as it is right, of however many examples", () => {
    for (const count of [1, 2, 10, 100, 1000])
      for (const seed of [1, 2, 3]) assert.equal(judge(answers(count, 1, seed)).verdict, "pass");
  });

  it("tells a model that is too sure, or not sure enough, and what mends it", () => {
    for (const [scale, kind] of [
      [4, /^It is too sure of itself/u],
      [0.2, /^It is surer than it says/u],
    ] as const) {
      const { verdict, found, advice, numbers, evidence } = judge(answers(1000, scale));
      assert.notEqual(verdict, "pass");
      assert.match(found, kind);
      assert.match(advice ?? "", /^Divide the logits by .* the error falls to/u);
      assert.ok(Math.abs((numbers?.["temperature"] ?? 0) / scale - 1) < 0.15);
      assert.deepEqual(
        evidence?.map((spec) => spec.kind),
        ["table", "chart"],
      );
    }
  });

  it("fails a great error that no temperature mends: always sure, right by chance", () => {
    const labels = Array.from({ length: 200 }, (_, index) => index % 2);
    const { verdict, advice } = judge({ logits: labels.map(() => [2, 0]), labels });
    assert.equal(verdict, "fail");
    assert.match(advice ?? "", /no temperature mends|Divide the logits by 100\.00/u);
  });

  it("does not take a little for much: a factor of 1.2", () => {
    assert.equal(judge(answers(5000, 1.2)).verdict, "pass");
  });

  it("stays finite where the model is always right, never, or says nothing", () => {
    const labels = Array.from({ length: 60 }, (_, index) => index % 2);
    for (const logitsOf of [
      (label: number) => [label ? -5 : 5, label ? 5 : -5],
      (label: number) => [label ? 5 : -5, label ? -5 : 5],
      () => [0, 0],
      () => [1e30, -1e30],
    ]) {
      const { found, numbers } = judge({ logits: labels.map(logitsOf), labels });
      assert.ok(Object.values(numbers ?? {}).every(Number.isFinite), found);
      assert.doesNotMatch(found, /NaN|Infinity/u);
    }
  });
});

describe("the measure of calibration", () => {
  it("takes off what chance adds: a hundred sets of a model that is well calibrated have an error near 0 on average", () => {
    const errors = Array.from({ length: 100 }, (_, seed) =>
      measureCalibration({ ...answers(100, 1, seed), seed }),
    );
    const mean = errors.reduce((sum, { error }) => sum + error.value, 0) / errors.length;
    const raw = errors.reduce(
      (sum, { bins, examples }) =>
        sum +
        bins.reduce(
          (total, { count, confidence, accuracy }) =>
            total + (count / examples) * Math.abs((confidence ?? 0) - (accuracy ?? 0)),
          0,
        ),
      0,
    );
    assert.ok(mean < (0.75 * raw) / errors.length, `${mean} of ${raw / errors.length}`);
  });

  it("has an interval that holds the true temperature about as often as it should", () => {
    let holds = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const { interval } = estimateTemperature(answers(150, 2, seed));
      if (interval[0] <= 2 && interval[1] >= 2) holds += 1;
    }
    assert.ok(holds >= 90, `${holds} of 100`);
  });

  it("refuses logits that are no numbers", () => {
    assert.throws(() => measureCalibration({ logits: [[NaN, 0]], labels: [0], seed: 1 }), DataError);
  });
});
