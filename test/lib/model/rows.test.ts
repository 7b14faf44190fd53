import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RecordedFunction } from "../../../lib/src/recording/recorded-function";
import { lengthOf, rowsAt, sumOfRows } from "../../../lib/src/model/rows";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";

const ids = (...values: number[]) => tf.tensor1d(values, "int32");

describe("rows of a table", () => {
  for (const dtype of ["float32", "int32", "bool"] as const)
    it(`come by their numbers and are counted, of ${dtype}, eagerly and in a graph, which is strict about types`, () => {
      const fn = new RecordedFunction<{ table: Tensor; at: Tensor }>({
        ...{ label: "rows", resources: [] },
        body: ({ table, at }) => [rowsAt(table, at), lengthOf(table)],
      });
      for (let call = 0; call < 3; call += 1)
        tf.tidy(() => {
          const table = tf.tensor2d([0, 1, 1, 0, 1, 1], [3, 2], dtype);
          const [rows, length] = fn.call({ table, at: ids(2, 0, 2) });
          assert.equal(rows?.dtype, dtype);
          const expected = [
            [1, 1],
            [0, 1],
            [1, 1],
          ];
          assert.deepEqual([rows.arraySync(), length?.arraySync()], [expected, 3]);
        });
      assert.equal(fn.compiledCount, 1);
      fn.dispose();
    });

  it("are added up where their numbers meet, and are 0 where there is none", () => {
    tf.tidy(() => {
      const rows = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      const found = sumOfRows(rows, ids(1, 3, 1), tf.scalar(4, "int32"));
      assert.deepEqual(found.arraySync(), [
        [0, 0],
        [6, 8],
        [0, 0],
        [3, 4],
      ]);
    });
  });
});
