import type { Tensor } from "../runtime/tensor";
import { withGradient } from "./layers";
import { lengthOf, rowsAt, sumOfRows } from "./rows";

/**
 * Rows of a table `[entries, dim]` by their numbers (int32 `[count]`), `[count, dim]`.
 *
 * The gradient adds each row's share straight into the table's shape; TensorFlow.js' own copies the whole table twice.
 */
export function lookUp(table: Tensor, ids: Tensor): Tensor {
  const op = withGradient((inputs, save) => {
    const [rows] = inputs as [Tensor];
    save([ids, rows]);
    return {
      value: rowsAt(rows, ids),
      gradient: (dy, saved) => {
        const [ids, rows] = saved as [Tensor, Tensor];
        return [sumOfRows(dy, ids, lengthOf(rows))];
      },
    };
  });
  return op(table);
}
