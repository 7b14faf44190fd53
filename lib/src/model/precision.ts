import { DT, attribute, runOps } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";

/**
 * Element type of matrix products and of what flows between them; sums, norms and parameters are float32 always.
 *
 * A bfloat16 has float32's range and 8 bits of precision. TensorFlow.js has no such type: see {@link runOps}.
 */
export type Precision = "float32" | "bfloat16";

/** Operations in a precision, and the ways into it and out of it. */
export interface Arithmetic {
  /** Product of two matrices, each transposed on request: `[rows, inner] x [inner, columns]`. */
  readonly product: (
    left: Tensor,
    right: Tensor,
    transposeLeft?: boolean,
    transposeRight?: boolean,
  ) => Tensor;
  /** `x + bias`, with the bias in float32. */
  readonly biased: (x: Tensor, bias: Tensor) => Tensor;
  /** A float32 tensor in the precision; itself where that is float32. */
  readonly lowered: (tensor: Tensor) => Tensor;
  /** A tensor of the precision in float32. */
  readonly raised: (tensor: Tensor) => Tensor;
}

/** The operations of a precision. */
export function arithmetic(precision: Precision): Arithmetic {
  const low = precision === "bfloat16";
  const type = low ? DT.BFLOAT16 : DT.FLOAT;
  const only = (name: string, inputs: Tensor[], attributes = [attribute.type("T", type)]): Tensor =>
    runOps(name, inputs, attributes, 1)[0] as Tensor;
  const cast = (tensor: Tensor, from: number, to: number): Tensor =>
    low ? only("Cast", [tensor], [attribute.type("SrcT", from), attribute.type("DstT", to)]) : tensor;
  const lowered = (tensor: Tensor): Tensor => cast(tensor, DT.FLOAT, DT.BFLOAT16);
  const raised = (tensor: Tensor): Tensor => cast(tensor, DT.BFLOAT16, DT.FLOAT);
  return {
    product: (left, right, transposeLeft = false, transposeRight = false) =>
      only(
        "MatMul",
        [left, right],
        [
          attribute.bool("transpose_a", transposeLeft),
          attribute.bool("transpose_b", transposeRight),
          attribute.type("T", type),
        ],
      ),
    biased: (x, bias) => only("BiasAdd", [x, lowered(bias)]),
    lowered,
    raised,
  };
}
