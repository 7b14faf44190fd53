import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearestName } from "../../../lib/src/runtime/nearest-name";

describe("the nearest name", () => {
  const known = ["learningRate", "warmupSteps", "evalSteps", "seed"];

  it("is the one that takes the fewest letters to change", () => {
    assert.equal(nearestName("learnigRate", known), "learningRate");
    assert.equal(nearestName("warmUpStep", known), "warmupSteps");
    assert.equal(nearestName("eval", known), "seed");
    assert.equal(nearestName("evalStep", known), "evalSteps");
  });

  it("is the same where Python's spelling is used", () => {
    assert.equal(nearestName("eval_steps", known), "evalSteps");
    assert.equal(nearestName("LEARNING_RATE", known), "learningRate");
  });

  it("is none where none is known", () => {
    assert.equal(nearestName("seed", []), undefined);
  });
});
