import { DT, attribute, runOp } from "../runtime/raw-op";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { arithmetic, type Precision } from "./precision";

/** DistilBERT's layer-norm epsilon (modeling_distilbert.py: `nn.LayerNorm(eps=1e-12)`). */
export const LAYER_NORM_EPSILON = 1e-12;

/** What `tf.customGrad` hands to a forward function to keep tensors for the gradient. */
export type Save = (tensors: Tensor[]) => void;

/**
 * Gives a function of tensors its own gradient: one formula in place of a tape of dozens of small operations.
 *
 * `forward` returns the value and the function from the value's gradient to those of its arguments.
 */
export function withGradient(
  forward: (
    inputs: Tensor[],
    save: Save,
  ) => { value: Tensor; gradient: (dy: Tensor, saved: Tensor[]) => Tensor[] },
): (...inputs: Tensor[]) => Tensor {
  const op = tf.customGrad((...args: unknown[]) => {
    const save = args.pop() as Save;
    const { value, gradient } = forward(args as Tensor[], save);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => gradient(dy, saved) };
  });
  return op;
}

const floats = () => attribute.type("T", DT.FLOAT);

/** Products of stacks of matrices: `[..., rows, inner] x [..., inner, columns]`. */
export function batchMatMul(
  left: Tensor,
  right: Tensor,
  transposeLeft = false,
  transposeRight = false,
): Tensor {
  const flags = [attribute.bool("adj_x", transposeLeft), attribute.bool("adj_y", transposeRight)];
  return runOp("BatchMatMulV2", [left, right], [...flags, floats()]);
}

/** {@link linear} in a precision; what goes in and comes out is float32. */
export const linearIn = (precision: Precision = "float32") =>
  withGradient((inputs, save) => {
    const { product, lowered, raised } = arithmetic(precision);
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor];
    const [low, lowWeight] = [lowered(x), lowered(weight)];
    save([low, lowWeight]);
    return {
      value: runOp("BiasAdd", [raised(product(low, lowWeight, false, true)), bias], [floats()]),
      gradient: (dy, saved) => {
        const [x, weight] = saved as [Tensor, Tensor];
        const d = lowered(dy);
        return [
          raised(product(d, weight)),
          raised(product(d, x, true)),
          runOp("BiasAddGrad", [dy], [floats()]),
        ];
      },
    };
  });

/** `x W^T + b` with x `[rows, in]`, W `[out, in]` and b `[out]`, as torch.nn.Linear stores them. */
export const linear = linearIn();

/** Layer normalisation over the last dimension of `[rows, dim]` (Ba et al. 2016), scale and shift `[dim]`. */
export const layerNorm = withGradient((inputs, save) => {
  const [x, scale, shift] = inputs as [Tensor, Tensor, Tensor];
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), LAYER_NORM_EPSILON));
  const normal = tf.mul(centred, inverse);
  save([normal, inverse, scale]);
  return {
    value: tf.add(tf.mul(normal, scale), shift),
    gradient: (dy, saved) => {
      const [normal, inverse, scale] = saved as [Tensor, Tensor, Tensor];
      const dNormal = tf.mul(dy, scale);
      const along = tf.mean(tf.mul(dNormal, normal), -1, true);
      const dx = tf.mul(tf.sub(tf.sub(dNormal, tf.mean(dNormal, -1, true)), tf.mul(normal, along)), inverse);
      return [dx, tf.sum(tf.mul(dy, normal), 0), tf.sum(dy, 0)];
    },
  };
});

/** The exact GELU, x times the normal distribution function (Hendrycks & Gimpel 2016; transformers' "gelu"). */
export const gelu = withGradient((inputs, save) => {
  const [x] = inputs as [Tensor];
  const below = tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
  save([x, below]);
  return {
    value: tf.mul(x, below),
    gradient: (dy, saved) => {
      const [x, below] = saved as [Tensor, Tensor];
      const density = tf.mul(1 / Math.sqrt(2 * Math.PI), tf.exp(tf.mul(-0.5, tf.square(x))));
      return [tf.mul(dy, tf.add(below, tf.mul(x, density)))];
    },
  };
});
