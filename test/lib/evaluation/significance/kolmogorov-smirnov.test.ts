import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  kolmogorovSmirnov,
  type KolmogorovSmirnov,
} from "../../../../lib/src/evaluation/significance/kolmogorov-smirnov";
import { DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("kolmogorovSmirnov") as (KolmogorovSmirnov & {
  left: number[];
  right: number[];
})[];

describe("kolmogorovSmirnov", () => {
  for (const { left, right, ...expected } of cases) {
    it(`agrees with scipy on ${left.length} and ${right.length} values, p ${expected.pValue.toPrecision(2)}`, () => {
      for (const found of [kolmogorovSmirnov(left, right), kolmogorovSmirnov(right, left)]) {
        assertClose(found.statistic, expected.statistic, "statistic");
        assertClose(found.pValue, expected.pValue, "pValue");
      }
    });
  }

  it("cannot tell one value from another", () => {
    assert.deepEqual(kolmogorovSmirnov([1], [2]), { statistic: 1, pValue: 1 });
  });

  it("leaves its samples in their order", () => {
    const left = [3, 1, 2];
    kolmogorovSmirnov(left, [1, 2]);
    assert.deepEqual(left, [3, 1, 2]);
  });

  it("refuses a sample without a value, or with one that is no number", () => {
    for (const [left, right] of [
      [[], [1]],
      [[1], []],
      [[1, NaN], [1]],
    ] as const)
      assert.throws(() => kolmogorovSmirnov(left, right), DataError);
  });
});
