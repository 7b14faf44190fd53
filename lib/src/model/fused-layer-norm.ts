import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { addLayerNorm, addLayerNormGradient } from "./fused-operations";
import { LAYER_NORM_EPSILON, withGradient } from "./layers";

/** Nothing dropped, in float32. */
const PLAIN = { drop: { rate: 0, site: 0 }, precision: "float32" } as const;

/** {@link layerNorm} of the sum of two, `[rows, dim]`: x, the other, scale and shift go in. */
export const fusedLayerNorm = withGradient((inputs, save) => {
  const [x, residual, scale, shift] = inputs as [Tensor, Tensor, Tensor, Tensor];
  const bias = tf.zeros([0]);
  const [value, ...kept] = addLayerNorm({
    x,
    bias,
    residual,
    scale,
    shift,
    epsilon: LAYER_NORM_EPSILON,
    ...PLAIN,
  });
  save([...kept, scale]);
  return {
    value,
    gradient: (dy, saved) => {
      const [normal, inverse, scale] = saved as [Tensor, Tensor, Tensor];
      const gradient = addLayerNormGradient({ dy, normal, inverse, scale, ...PLAIN });
      return [gradient.dx, gradient.dResidual, gradient.dScale, gradient.dShift];
    },
  };
});
