import { DT, attribute, runOp } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { hasFusedOperations, seededDropout, type DropSite } from "./fused-operations";
import { withGradient } from "./layers";

/**
 * Drops shares of values in one training step, each call site with a stream of its own.
 *
 * The randomness comes from a tensor, not from a generator with a hidden state: the same seed drops the same values, and
 * a step stays a pure function of its inputs.
 */
export class Dropout {
  #site = 0;

  /** Takes the step's seed, int32 `[2]`. */
  constructor(private readonly seed: Tensor) {}

  /** The next call site, for a fused operation that drops by itself. */
  site(rate: number): DropSite {
    this.#site += 1;
    return { seed: this.seed, rate, site: this.#site };
  }

  /** Factors for a float32 tensor: 0 for what is dropped, 1 / (1 - rate) for what stays. */
  mask(tensor: Tensor, rate: number): Tensor {
    this.#site += 1;
    const seed = tf.add(this.seed, tf.tensor1d([0, this.#site], "int32"));
    const types = [attribute.type("T", DT.FLOAT), attribute.type("out_type", DT.INT32)];
    const uniform = runOp(
      "StatelessRandomUniform",
      [runOp("Shape", [tensor], types), seed],
      [attribute.type("dtype", DT.FLOAT), attribute.type("T", DT.INT32), attribute.type("Tseed", DT.INT32)],
    );
    // uniform lies in [0, 1): adding the share that stays and rounding down gives 1 for exactly that share
    return tf.mul(tf.floor(tf.add(uniform, 1 - rate)), 1 / (1 - rate));
  }
}

/** The step's dropout seed from the run's seed and the step's number, `[2]`. */
export function dropoutSeed(seed: number, step: number): Tensor {
  // one step has far fewer than 1,000 call sites, so no two steps share a stream
  return tf.tensor1d([seed | 0, (step * 1000) | 0], "int32");
}

/** Applies dropout in training; in evaluation there is none, and the tensor passes. */
export function dropped(tensor: Tensor, rate: number, dropout: Dropout | undefined): Tensor {
  if (!dropout || rate <= 0) return tensor;
  if (!hasFusedOperations()) return tf.mul(tensor, dropout.mask(tensor, rate));
  const site = dropout.site(rate);
  const op = withGradient((inputs) => {
    const [x] = inputs as [Tensor];
    return { value: seededDropout(x, site), gradient: (dy) => [seededDropout(dy, site)] };
  });
  return op(tensor);
}
