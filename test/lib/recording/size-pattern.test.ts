import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { admits, fixedSizes, generalise } from "../../../lib/src/recording/size-pattern";

describe("the sizes for which a graph holds", () => {
  it("are those of the call that was recorded", () => {
    const sizes = fixedSizes([[4, 7], []]);
    assert.ok(admits(sizes, [[4, 7], []]));
    for (const other of [
      [[4, 8], []],
      [[4], []],
      [[4, 7], [1]],
    ])
      assert.ok(!admits(sizes, other));
  });

  it("open where two calls differ, and stay open", () => {
    const sizes = generalise(fixedSizes([[4, 7]]), fixedSizes([[4, 9]]));
    assert.deepEqual(sizes, [[4, null]]);
    assert.ok(admits(sizes, [[4, 1000]]) && !admits(sizes, [[5, 9]]));
    assert.deepEqual(generalise(sizes, fixedSizes([[5, 9]])), [[null, null]]);
  });

  it("never open to 0 or 1, along which operations broadcast", () => {
    assert.equal(generalise(fixedSizes([[4, 1]]), fixedSizes([[4, 9]])), undefined);
    assert.equal(generalise(fixedSizes([[0]]), fixedSizes([[4]])), undefined);
    const open = generalise(fixedSizes([[1, 7]]), fixedSizes([[1, 9]]));
    assert.deepEqual(open, [[1, null]]);
    assert.ok(!admits(open, [[1, 1]]) && !admits(open, [[1, 0]]));
  });

  it("do not open where both have as many elements, whose number may be in the graph", () => {
    assert.equal(generalise(fixedSizes([[2, 6]]), fixedSizes([[3, 4]])), undefined);
    assert.deepEqual(generalise(fixedSizes([[2, 6]]), fixedSizes([[3, 5]])), [[null, null]]);
    assert.deepEqual(generalise(fixedSizes([[2, 6]]), fixedSizes([[2, 6]])), [[2, 6]]);
  });

  it("do not join calls of other ranks", () => {
    assert.equal(generalise(fixedSizes([[4]]), fixedSizes([[4, 9]])), undefined);
  });
});
