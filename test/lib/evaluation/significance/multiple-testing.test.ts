import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holm } from "../../../../lib/src/evaluation/significance/multiple-testing";
import { DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("holm") as { pValues: number[]; adjusted: number[] }[];

describe("holm", () => {
  it("adjusts as statsmodels does", () => {
    for (const { pValues, adjusted } of cases) {
      const found = holm(pValues);
      assert.equal(found.length, adjusted.length);
      for (const [index, expected] of adjusted.entries())
        assertClose(found[index] ?? NaN, expected, `${index}`);
    }
  });

  it("leaves its list as it was, and has nothing to adjust in none", () => {
    const pValues = [0.2, 0.1];
    assert.deepEqual(holm(pValues), [0.2, 0.2]);
    assert.deepEqual(pValues, [0.2, 0.1]);
    assert.deepEqual(holm([]), []);
  });

  it("refuses what is no p-value", () => {
    for (const pValue of [-0.1, 1.1, NaN]) assert.throws(() => holm([0.5, pValue]), DataError);
  });
});
