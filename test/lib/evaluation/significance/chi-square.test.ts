import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  chiSquareTest,
  goodnessOfFit,
  type ChiSquareResult,
  type GoodnessOfFit,
} from "../../../../lib/src/evaluation/significance/chi-square";
import { DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const tables = referenceCases("chiSquareTest") as (ChiSquareResult & { table: number[][] })[];
const fits = referenceCases("goodnessOfFit") as (GoodnessOfFit & {
  counts: number[];
  expectedShares?: number[];
})[];

describe("chiSquareTest", () => {
  for (const { table, ...expected } of tables) {
    it(`agrees with scipy on ${JSON.stringify(table)}`, () => {
      const found = chiSquareTest(table);
      assert.equal(found.degreesOfFreedom, expected.degreesOfFreedom);
      for (const key of ["statistic", "pValue", "cramersV"] as const)
        assertClose(found[key], expected[key], key);
    });
  }

  it("leaves out rows and columns without a count", () => {
    const padded = [
      [10, 0, 5],
      [0, 0, 0],
      [2, 0, 9],
    ];
    const filled = [
      [10, 5],
      [2, 9],
    ];
    assert.deepEqual(chiSquareTest(padded), chiSquareTest(filled));
  });

  it("has nothing to compare in one row or one column", () => {
    const nothing = { statistic: 0, degreesOfFreedom: 0, pValue: 1, cramersV: 0 };
    assert.deepEqual(chiSquareTest([[3, 4]]), nothing);
    assert.deepEqual(chiSquareTest([[3], [4]]), nothing);
    assert.deepEqual(
      chiSquareTest([
        [0, 4],
        [0, 9],
      ]),
      nothing,
    );
  });

  it("refuses tables without a count, of several widths, or of what are no counts", () => {
    for (const table of [
      [],
      [[]],
      [
        [0, 0],
        [0, 0],
      ],
      [[1, 2], [3]],
      [
        [1, -2],
        [3, 4],
      ],
      [
        [1, NaN],
        [3, 4],
      ],
    ])
      assert.throws(() => chiSquareTest(table), DataError, JSON.stringify(table));
  });
});

describe("goodnessOfFit", () => {
  for (const { counts, expectedShares, ...expected } of fits) {
    it(`agrees with scipy on ${JSON.stringify(counts)} of ${JSON.stringify(expectedShares ?? "equal shares")}`, () => {
      const found = goodnessOfFit(counts, expectedShares);
      assert.equal(found.degreesOfFreedom, expected.degreesOfFreedom);
      for (const key of ["statistic", "pValue", "cohensW"] as const)
        assertClose(found[key], expected[key], key);
    });
  }

  it("leaves out a category that is neither expected nor seen", () => {
    assert.deepEqual(goodnessOfFit([3, 0, 9], [1, 0, 1]), goodnessOfFit([3, 9]));
  });

  it("is certain where something is seen that is never expected", () => {
    const found = goodnessOfFit([3, 1], [1, 0]);
    assert.deepEqual([found.statistic, found.pValue], [Infinity, 0]);
  });

  it("has nothing to compare in one category", () => {
    assert.deepEqual(goodnessOfFit([5]), { statistic: 0, degreesOfFreedom: 0, pValue: 1, cohensW: 0 });
  });

  it("refuses no counts, and shares that do not belong to them", () => {
    assert.throws(
      () => goodnessOfFit([]),
      new DataError("The counts are 0 values, none above 0; expected at least one."),
    );
    for (const [counts, shares] of [
      [[1, 2], [1]],
      [
        [0, 0],
        [1, 1],
      ],
      [
        [1, 2],
        [0, 0],
      ],
      [
        [1, 2],
        [1, -1],
      ],
    ] as const)
      assert.throws(() => goodnessOfFit(counts, shares), DataError);
  });
});
