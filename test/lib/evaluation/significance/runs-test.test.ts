import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runsTest, type RunsTestResult } from "../../../../lib/src/evaluation/significance/runs-test";
import { DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("runsTest") as (RunsTestResult & { labels: number[] })[];

/** Every order of the labels; equal ones count as several. */
function orders(labels: readonly number[]): number[][] {
  if (labels.length === 0) return [[]];
  return labels.flatMap((first, index) =>
    orders(labels.toSpliced(index, 1)).map((others) => [first, ...others]),
  );
}

describe("runsTest", () => {
  for (const { labels, ...expected } of cases) {
    const kinds = new Set(labels).size;
    it(`agrees with the reference on ${labels.length} of ${kinds} labels in ${expected.runs} runs`, () => {
      const found = runsTest(labels);
      assert.equal(found.runs, expected.runs);
      for (const key of ["expectedRuns", "z", "pValue"] as const) assertClose(found[key], expected[key], key);
    });
  }

  it("expects the runs, and their spread, that all orders have", () => {
    for (const labels of [
      [0, 0, 0, 1, 1],
      [0, 0, 1, 1, 2],
      [0, 0, 0, 1, 2, 2, 3],
    ]) {
      const all = orders(labels).map((order) => runsTest(order));
      const mean = all.reduce((sum, { runs }) => sum + runs, 0) / all.length;
      const variance = all.reduce((sum, { runs }) => sum + (runs - mean) ** 2, 0) / all.length;
      for (const { runs, expectedRuns, z } of all) {
        assertClose(expectedRuns, mean, "mean");
        assertClose(z * Math.sqrt(variance) + 10, runs - mean + 10, "deviation");
      }
    }
  });

  it("finds labels that lie together far below 0, and labels that alternate above", () => {
    assert.ok(runsTest(cases[6]?.labels ?? []).z < -38);
    assert.ok(runsTest([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]).z > 2);
  });

  it("says nothing where every order has as many runs", () => {
    for (const labels of [[3], [1, 1, 1, 1], [0, 1], [4, 2, 7, 9]]) {
      const { z, pValue, runs, expectedRuns } = runsTest(labels);
      assert.deepEqual([z, pValue], [0, 1]);
      assert.equal(runs, expectedRuns);
    }
  });

  it("refuses no labels", () => {
    assert.throws(
      () => runsTest([]),
      new DataError("The order of 0 labels was tested; expected at least one label."),
    );
  });
});
