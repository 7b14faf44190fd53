import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  jensenShannon,
  populationStabilityIndex,
  totalVariation,
} from "../../../../lib/src/evaluation/significance/divergence";
import { DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const measures = { jensenShannon, totalVariation, populationStabilityIndex };
type Case = Record<"p" | "q", number[]> & Record<keyof typeof measures, number>;
const cases = referenceCases("divergence") as Case[];

for (const name of Object.keys(measures) as (keyof typeof measures)[]) {
  describe(name, () => {
    it("agrees with the reference", () => {
      for (const { p, q, ...expected } of cases)
        assertClose(measures[name](p, q), expected[name], `${JSON.stringify(p)} and ${JSON.stringify(q)}`);
    });

    it("is 0 for the same shares, whatever the counts", () => {
      assert.equal(measures[name]([1, 3], [2, 6]), 0);
    });

    it("is the same from either side", () => {
      assertClose(measures[name]([1, 3, 0], [4, 6, 1]), measures[name]([4, 6, 1], [1, 3, 0]), "turned round");
    });

    it("refuses other categories, none, and what are no counts", () => {
      for (const [p, q] of [
        [[1, 2], [1]],
        [[], []],
        [
          [0, 0],
          [1, 1],
        ],
        [
          [1, 1],
          [0, 0],
        ],
        [
          [1, -1],
          [1, 1],
        ],
      ] as const)
        assert.throws(() => measures[name](p, q), DataError);
    });
  });
}

describe("distributions with nothing in common", () => {
  it("are one bit, and all of the chance, apart", () => {
    assert.equal(jensenShannon([5, 0], [0, 2]), 1);
    assert.equal(totalVariation([5, 0], [0, 2]), 1);
  });
});
