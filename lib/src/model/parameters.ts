import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { fusedLayerNorm } from "./fused-layer-norm";
import { hasFusedOperations } from "./fused-operations";
import type { Precision } from "./precision";
import { layerNorm, linearIn } from "./layers";

/** Values of parameters by transformers' names. */
export type Parameters = Record<string, Tensor>;

/** A linear layer of `[rows, in]` to `[rows, out]`, by its name. */
export function dense(parameters: Parameters, name: string, x: Tensor, precision?: Precision): Tensor {
  return linearIn(precision)(x, named(parameters, `${name}.weight`), named(parameters, `${name}.bias`));
}

/** A layer norm of `[rows, dim]`, by its name. */
export function normalise(parameters: Parameters, name: string, x: Tensor): Tensor {
  return layerNorm(x, named(parameters, `${name}.weight`), named(parameters, `${name}.bias`));
}

/** The layer norm of a sum of two, by its name. */
export function normaliseSum(parameters: Parameters, name: string, x: Tensor, other: Tensor): Tensor {
  const [scale, shift] = [named(parameters, `${name}.weight`), named(parameters, `${name}.bias`)];
  return hasFusedOperations()
    ? fusedLayerNorm(x, other, scale, shift)
    : layerNorm(tf.add(x, other), scale, shift);
}

/** The parameter of a name. */
export function named(parameters: Parameters, name: string): Tensor {
  const value = parameters[name];
  if (!value) throw new Error(`no parameter ${name}`);
  return value;
}
