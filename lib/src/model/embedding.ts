import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { withGradient } from "./layers";

/**
 * Rows of a table `[entries, dim]` by their numbers (int32 `[count]`), `[count, dim]`.
 *
 * The gradient adds each row's share straight into the table's shape; TensorFlow.js' own copies the whole table twice.
 */
export function lookUp(table: Tensor, ids: tf.Tensor1D): Tensor {
  const [entries = 0] = table.shape as number[];
  const op = withGradient((inputs, save) => {
    const [rows] = inputs as [Tensor];
    save([ids]);
    return {
      value: tf.gather(rows, ids),
      gradient: (dy, saved) => [tf.unsortedSegmentSum(dy, saved[0] as tf.Tensor1D, entries)],
    };
  });
  return op(table);
}
