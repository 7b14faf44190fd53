import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  expectedCalibrationError,
  fitTemperature,
  reliabilityBins,
  type LabelledLogits,
  type ReliabilityBin,
  type TemperatureFit,
} from "../../../../lib/src/evaluation/significance/calibration";
import { ArgumentError, DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

type Case = LabelledLogits & TemperatureFit & { bins: ReliabilityBin[]; expectedCalibrationError: number };
const cases = referenceCases("calibration") as Case[];

describe("reliabilityBins and expectedCalibrationError", () => {
  for (const { logits, labels, bins: expected, expectedCalibrationError: error } of cases) {
    it(`agree with numpy on ${labels.length} examples in ${expected.length} bins`, () => {
      const found = reliabilityBins({ logits, labels, bins: expected.length });
      assert.equal(found.length, expected.length);
      for (const [index, bin] of expected.entries()) {
        const same = found[index];
        assert.equal(same?.count, bin.count);
        for (const key of ["from", "to", "confidence", "accuracy"] as const) {
          const value = bin[key];
          if (value === null) assert.equal(same[key], null);
          else assertClose(same[key] ?? NaN, value, `${key} of bin ${index}`);
        }
      }
      assertClose(expectedCalibrationError(found), error, "error");
    });
  }

  it("put a model that is certain into the last bin", () => {
    const bins = reliabilityBins({
      logits: [
        [0, 1000],
        [1000, 0],
      ],
      labels: [1, 1],
    });
    assert.equal(bins.length, 15);
    assert.deepEqual(bins.at(-1), { from: 14 / 15, to: 1, count: 2, confidence: 1, accuracy: 0.5 });
    assert.equal(expectedCalibrationError(bins), 0.5);
  });

  it("refuse no examples, and logits that do not fit", () => {
    const refused = [
      { logits: [], labels: [] },
      { logits: [[0, 1]], labels: [0, 1] },
      { logits: [[0, 1]], labels: [2] },
      { logits: [[0, NaN]], labels: [1] },
    ];
    for (const given of refused) {
      assert.throws(() => reliabilityBins(given), DataError);
      assert.throws(() => fitTemperature(given), DataError);
    }
    assert.throws(() => expectedCalibrationError([]), DataError);
    assert.throws(() => reliabilityBins({ logits: [[0, 1]], labels: [1], bins: 0 }), ArgumentError);
  });
});

describe("fitTemperature", () => {
  for (const { logits, labels, ...expected } of cases) {
    it(`finds scipy's ${expected.temperature.toFixed(2)} on ${labels.length} examples`, () => {
      const found = fitTemperature({ logits, labels });
      for (const key of ["temperature", "nllBefore", "nllAfter"] as const)
        assertClose(found[key], expected[key], key);
    });
  }

  it("stays within its bounds for a model that is always right, and for one that is always wrong", () => {
    const logits = [
      [3, 0],
      [0, 3],
    ];
    const right = fitTemperature({ logits, labels: [0, 1] });
    assertClose(right.temperature, 0.01, "always right");
    assertClose(fitTemperature({ logits, labels: [1, 0] }).temperature / 100, 1, "always wrong");
    assert.ok(right.nllAfter < right.nllBefore);
  });

  it("keeps 1 where the logits say nothing", () => {
    const { temperature, nllBefore, nllAfter } = fitTemperature({
      logits: [
        [2, 2],
        [5, 5],
      ],
      labels: [0, 1],
    });
    assert.equal(temperature, 1);
    assertClose(nllBefore, Math.log(2), "before");
    assert.equal(nllAfter, nllBefore);
  });

  it("never makes the fit worse, however large the logits", () => {
    const { nllBefore, nllAfter } = fitTemperature({
      logits: [
        [1e5, 0],
        [1e5, 0],
        [0, 1e5],
      ],
      labels: [0, 1, 1],
    });
    assert.ok(nllAfter < nllBefore && Number.isFinite(nllBefore));
  });
});
