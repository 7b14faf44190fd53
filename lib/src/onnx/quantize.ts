import type { HostTensor } from "../model/safetensors";

/** A matrix in whole numbers: value = whole number x scale. */
export interface QuantizedMatrix {
  shape: number[];
  data: Int8Array;
  /** Of the columns, `[columns]`, or of the rows, `[rows, 1]`. */
  scales: HostTensor;
}

/**
 * The largest whole number of a matrix that is multiplied: 7 bits. Processors without VNNI add two products of 8 bits in 16, which
 * overflow; onnxruntime calls it `reduce_range`, and Transformers.js' own conversion does the same.
 */
const MOST_OF_PRODUCTS = 63;
/** The largest of a table that is only looked up. */
const MOST_OF_TABLES = 127;

/** A matrix `[rows, columns]` as `[columns, rows]`. */
export function transposed({ shape, data }: HostTensor): HostTensor {
  const [rows = 0, columns = 0] = shape;
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      turned[column * rows + row] = data[row * columns + column] ?? 0;
  return { shape: [columns, rows], data: turned };
}

/** A matrix `[in, out]` in 7 bits with a sign, each column by its own scale, so that 0 stays 0. */
export function quantizeColumns(matrix: HostTensor): QuantizedMatrix {
  const [, columns = 0] = matrix.shape;
  const groupOf = (_row: number, column: number): number => column;
  return quantized(matrix, { shape: [columns], groupOf, most: MOST_OF_PRODUCTS });
}

/** A table `[rows, dim]` in 8 bits with a sign, each row by its own scale. */
export function quantizeRows(table: HostTensor): QuantizedMatrix {
  const [rows = 0] = table.shape;
  return quantized(table, { shape: [rows, 1], groupOf: (row) => row, most: MOST_OF_TABLES });
}

/** Of each group the largest value becomes the largest whole number; a group of zeros has the scale 1. */
function quantized(
  { shape, data }: HostTensor,
  groups: { shape: number[]; groupOf: (row: number, column: number) => number; most: number },
): QuantizedMatrix {
  const [rows = 0, columns = 0] = shape;
  const { groupOf, most } = groups;
  const largest = new Float32Array(groups.shape[0] ?? 0);
  const whole = new Int8Array(data.length);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const group = groupOf(row, column);
      largest[group] = Math.max(largest[group] ?? 0, Math.abs(data[row * columns + column] ?? 0));
    }
  const scales = largest.map((value) => (value === 0 ? 1 : value / most));
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const index = row * columns + column;
      whole[index] = Math.round((data[index] ?? 0) / (scales[groupOf(row, column)] ?? 1));
    }
  return { shape, data: whole, scales: { shape: groups.shape, data: scales } };
}
