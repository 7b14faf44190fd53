import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { kolmogorovSurvival } from "../../../../lib/src/evaluation/significance/kolmogorov-distribution";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("kolmogorovSurvival") as { size: number; distance: number; expected: number }[];

describe("kolmogorovSurvival", () => {
  it("is scipy's kstwo, whichever of its formulas is the one to use", () => {
    for (const { size, distance, expected } of cases)
      assertClose(kolmogorovSurvival(size, distance), expected, `size ${size}, distance ${distance}`);
  });

  it("is 1 for no distance, and 0 for the largest", () => {
    assert.equal(kolmogorovSurvival(9, 0), 1);
    assert.equal(kolmogorovSurvival(9, 1), 0);
    assert.equal(kolmogorovSurvival(1_000_000, 0.4), 0);
  });
});
