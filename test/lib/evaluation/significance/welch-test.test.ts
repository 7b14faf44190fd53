import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { welchTest, type WelchTest } from "../../../../lib/src/evaluation/significance/welch-test";
import { DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("welchTest") as (WelchTest & { left: number[]; right: number[] })[];

describe("welchTest", () => {
  for (const { left, right, ...expected } of cases)
    it(`agrees with scipy on ${left.length} and ${right.length} values, p ${expected.pValue.toPrecision(2)}`, () => {
      const found = welchTest(left, right);
      for (const key of ["difference", "statistic", "degreesOfFreedom", "pValue"] as const)
        assertClose(found[key], expected[key], key);
      assertClose(welchTest(right, left).pValue, expected.pValue, "turned round");
    });

  it("tells samples that do not vary by their means alone", () => {
    assert.equal(welchTest([1, 1], [1, 1, 1]).pValue, 1);
    assert.equal(welchTest([1, 1], [2, 2]).pValue, 0);
    assert.equal(welchTest([1, 1], [2, 2]).statistic, Infinity);
  });

  it("refuses a single value, and one that is not finite", () => {
    for (const [left, right] of [
      [[1], [1, 2]],
      [[1, 2], []],
      [
        [1, 2],
        [1, Infinity],
      ],
    ] as const)
      assert.throws(() => welchTest(left, right), DataError);
  });
});
