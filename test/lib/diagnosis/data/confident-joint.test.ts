import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

import { confidentJoint, confidentNoiseShare } from "../../../../lib/src/diagnosis/data/confident-joint";

interface Case {
  probabilities: number[][];
  labels: number[];
  thresholds: number[];
  joint: number[][];
  noiseShare: number;
  suspects: number[];
}

// made by cleanlab: test/fixtures/make_confident_learning_fixtures.py
const FIXTURE = path.resolve(__dirname, "../../../fixtures/confident-learning.json");
const cases = JSON.parse(readFileSync(FIXTURE, "utf8")) as Case[];

describe("the confident joint", () => {
  for (const { probabilities, labels, ...expected } of cases)
    it(`counts and suspects what cleanlab does, of ${labels.length} examples and ${expected.thresholds.length} labels`, () => {
      const joint = confidentJoint({ probabilities, labels });
      for (const [label, threshold] of expected.thresholds.entries())
        assert.ok(Math.abs((joint.thresholds[label] ?? NaN) - threshold) < 1e-12);
      assert.deepEqual(joint.counts, expected.joint);
      assert.ok(Math.abs(confidentNoiseShare(joint, labels) - expected.noiseShare) < 1e-12);
      assert.deepEqual(
        joint.suspects.map(({ index }) => index),
        expected.suspects,
      );
    });

  it("is never confident of a label without examples", () => {
    const probabilities = [
      [0.9, 0.1],
      [0.1, 0.9],
    ];
    const joint = confidentJoint({ probabilities, labels: [0, 0] });
    assert.deepEqual(joint.thresholds, [0.5, Infinity]);
    assert.deepEqual(joint.suspects, []);
  });
});
