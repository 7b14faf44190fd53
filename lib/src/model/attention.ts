import { DT, attribute, runOp } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { Dropout } from "./dropout";
import { batchMatMul, withGradient } from "./layers";

/** What attention needs besides queries, keys and values. */
export interface AttentionOptions {
  /** Added to the scores, `[batch, 1, 1, sequence]`: 0 for a token, a large negative number for padding. */
  maskBias: Tensor;
  /** Share of attention weights dropped in training. */
  rate: number;
  dropout: Dropout | undefined;
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017, formula 1) of queries, keys and values
 * `[batch, heads, sequence, headDim]`, with its gradient in closed form.
 */
export function attend(queries: Tensor, keys: Tensor, values: Tensor, options: AttentionOptions): Tensor {
  const scale = 1 / Math.sqrt(queries.shape[3] ?? 1);
  const op = withGradient((inputs, save) => {
    const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
    const scores = tf.add(tf.mul(batchMatMul(q, k, false, true), scale), options.maskBias);
    const weights = runOp("Softmax", [scores], [attribute.type("T", DT.FLOAT)]); // [batch, heads, sequence, sequence]
    const { dropout, rate } = options;
    const mask = dropout && rate > 0 ? dropout.mask(weights, rate) : undefined;
    const kept = mask ? tf.mul(weights, mask) : weights;
    save(mask ? [q, k, v, weights, mask] : [q, k, v, weights]);
    return { value: batchMatMul(kept, v), gradient: (dy, saved) => attentionGradient(dy, saved, scale) };
  });
  return op(queries, keys, values);
}

function attentionGradient(dy: Tensor, saved: Tensor[], scale: number): Tensor[] {
  const [q, k, v, weights] = saved as [Tensor, Tensor, Tensor, Tensor];
  const mask = saved[4];
  const kept = mask ? tf.mul(weights, mask) : weights;
  const dKept = batchMatMul(dy, v, false, true);
  const dWeights = mask ? tf.mul(dKept, mask) : dKept;
  // softmax: dS = P (dP - sum(P dP)), and the scale of the scores goes into it
  const product = tf.mul(dWeights, weights);
  const dScores = tf.mul(tf.sub(product, tf.mul(weights, tf.sum(product, -1, true))), scale);
  return [batchMatMul(dScores, k), batchMatMul(dScores, q, true), batchMatMul(kept, dy, true)];
}
