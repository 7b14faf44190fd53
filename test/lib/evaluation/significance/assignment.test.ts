import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bestAssignment } from "../../../../lib/src/evaluation/significance/assignment";
import { DataError } from "../../../../lib/src/runtime/errors";
import { permutation, seededRandom } from "../../../../lib/src/runtime/random";
import { assertClose, referenceCases } from "./fixture";

const cases = referenceCases("assignment") as { score: number[][]; columns: number[]; sum: number }[];

function sumOf(score: readonly (readonly number[])[], columns: readonly number[]): number {
  return columns.reduce((sum, column, row) => sum + (score[row]?.[column] ?? NaN), 0);
}

describe("bestAssignment", () => {
  for (const { score, columns, sum } of cases) {
    it(`reaches scipy's sum on ${score.length} rows`, () => {
      const found = bestAssignment(score);
      assertClose(sumOf(score, found), sum, "sum");
      assert.deepEqual(found.toSorted(byNumber), columns.toSorted(byNumber));
      // whole scores have several best assignments, the others one
      if (score.length === 5 || score.length === 20) assert.deepEqual(found, columns);
    });
  }

  it("finds 100 rows' order again, and fast", () => {
    const random = seededRandom(3);
    const order = permutation(100, random);
    const score = order.map((column) =>
      Array.from({ length: 100 }, (_, other) => random() + (other === column ? 2 : 0)),
    );
    const began = performance.now();
    assert.deepEqual(bestAssignment(score), order);
    assert.ok(performance.now() - began < 500);
  });

  it("of nothing is nothing", () => {
    assert.deepEqual(bestAssignment([]), []);
  });

  it("refuses a table that is not square, and scores that are no numbers", () => {
    for (const score of [
      [[1, 2]],
      [[1], [2]],
      [
        [1, NaN],
        [2, 3],
      ],
      [
        [1, Infinity],
        [2, 3],
      ],
    ])
      assert.throws(() => bestAssignment(score), DataError);
  });
});

function byNumber(left: number, right: number): number {
  return left - right;
}
