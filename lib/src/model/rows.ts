import { DT, attribute, runOp } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { nodeBackend, tf } from "../runtime/tensorflow";

/**
 * Rows of a table by their numbers (int32, any shape), which must be in it.
 *
 * `tf.gather` reads the numbers back to check them, which a recording cannot hold.
 */
export function rowsAt(table: Tensor, ids: Tensor): Tensor {
  const types = [
    attribute.type("Tparams", typeOf(table)),
    attribute.type("Tindices", DT.INT32),
    attribute.type("Taxis", DT.INT32),
  ];
  return runOp("GatherV2", [table, ids, tf.scalar(0, "int32")], types);
}

/**
 * Rows `[count, dim]` added up at their numbers (int32 `[count]`), `[entries, dim]`: the gradient of {@link rowsAt}.
 *
 * @param entries int32 scalar
 */
export function sumOfRows(rows: Tensor, ids: Tensor, entries: Tensor): Tensor {
  const types = [
    attribute.type("T", DT.FLOAT),
    attribute.type("Tindices", DT.INT32),
    attribute.type("Tnumsegments", DT.INT32),
  ];
  return runOp("UnsortedSegmentSum", [rows, ids, entries], types);
}

/** The first size of a tensor as an int32 scalar that follows the tensor, where `shape[0]` is the number of this moment. */
export function lengthOf(tensor: Tensor): Tensor {
  const types = [attribute.type("T", typeOf(tensor)), attribute.type("out_type", DT.INT32)];
  return rowsAt(runOp("Shape", [tensor], types), tf.scalar(0, "int32"));
}

function typeOf({ dtype }: Tensor): number {
  return nodeBackend().getDTypeInteger(dtype);
}
