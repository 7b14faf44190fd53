import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quantizeColumns, quantizeRows, transposed } from "../../../lib/src/onnx/quantize";
import { normalValues, seededRandom } from "../../../lib/src/runtime/random";

const [rows, columns] = [20, 30];
const matrix = {
  shape: [rows, columns],
  data: normalValues({ count: rows * columns, std: 1, random: seededRandom(1) }),
};
// each column of another size
matrix.data.forEach((value, index) => (matrix.data[index] = value * 10 ** ((index % columns) / 5 - 3)));

describe("quantization", () => {
  it("keeps each value to half a step of its column, in 7 bits", () => {
    const { data, scales, shape } = quantizeColumns(matrix);
    assert.deepEqual([shape, scales.shape], [[rows, columns], [columns]]);
    for (const [index, value] of matrix.data.entries()) {
      const scale = scales.data[index % columns] ?? NaN;
      assert.ok(Math.abs((data[index] ?? NaN) * scale - value) <= scale * 0.5001);
    }
    for (let column = 0; column < columns; column += 1) {
      const whole = Array.from({ length: rows }, (_, row) => Math.abs(data[row * columns + column] ?? NaN));
      assert.equal(Math.max(...whole), 63, "the largest of a column is the largest whole number");
    }
  });

  it("keeps each value to half a step of its row, in 8 bits", () => {
    const { data, scales, shape } = quantizeRows(matrix);
    assert.deepEqual(
      [shape, scales.shape],
      [
        [rows, columns],
        [rows, 1],
      ],
    );
    for (const [index, value] of matrix.data.entries()) {
      const scale = scales.data[Math.floor(index / columns)] ?? NaN;
      assert.ok(Math.abs((data[index] ?? NaN) * scale - value) <= scale * 0.5001);
    }
    assert.equal(Math.max(...data.map(Math.abs)), 127);
  });

  it("leaves zeros zeros", () => {
    const { data, scales } = quantizeColumns({ shape: [2, 2], data: Float32Array.of(0, 2, 0, -2) });
    assert.deepEqual([...data], [0, 63, 0, -63]);
    assert.equal(scales.data[0], 1);
  });

  it("turns a matrix round", () => {
    assert.deepEqual(transposed({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }), {
      shape: [3, 2],
      data: Float32Array.of(1, 4, 2, 5, 3, 6),
    });
  });
});
