import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { Dropout } from "./dropout";
import {
  addLayerNorm,
  addLayerNormGradient,
  biasGelu,
  biasGeluGradient,
  columnSums,
  passAfter,
  textAttention,
  textAttentionGradient,
  type DropSite,
} from "./fused-operations";
import { arithmetic } from "./precision";
import { LAYER_NORM_EPSILON, withGradient } from "./layers";
import type { Parameters } from "./parameters";
import type { LayerInputs } from "./transformer-layer";

/** Half of a layer: hidden states `[tokens, dim]` and parameters go in, hidden states come out. */
interface Block {
  /** The value, and what the gradient needs besides the inputs. */
  forward(inputs: Tensor[]): { value: Tensor; kept: Tensor[] };
  /** Gradients of the inputs. */
  gradient(dy: Tensor, inputs: Tensor[], kept: Tensor[]): Tensor[];
}

/**
 * {@link transformerLayer} in fused operations, with its gradient written out: the same numbers in fewer passes over memory.
 */
export function fusedLayer(inputs: LayerInputs): Tensor {
  const { prefix, names, parameters, hidden, gradientCheckpointing = false } = inputs;
  const pair = (part: string): Tensor[] => pairOf(parameters, `${prefix}.${part}`);
  const { query, key, value, attentionOutput, attentionNorm, intermediate, output, outputNorm } = names;
  const attention = [query, key, value, attentionOutput, attentionNorm].flatMap(pair);
  const feedForward = [intermediate, output, outputNorm].flatMap(pair);
  const attended = run(attentionBlock(inputs), [hidden, ...attention], gradientCheckpointing);
  return run(feedForwardBlock(inputs), [attended, ...feedForward], gradientCheckpointing);
}

/** With `recompute` nothing is kept: the gradient calls the forward pass once more (Chen et al. 2016). */
function run(block: Block, inputs: Tensor[], recompute: boolean): Tensor {
  const op = withGradient((inputs, save) => {
    const { value, kept } = block.forward(inputs);
    save(recompute ? inputs : [...inputs, ...kept]);
    const gradient = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [hidden, ...parameters] = saved.slice(0, inputs.length);
      if (!recompute || !hidden)
        return block.gradient(dy, saved.slice(0, inputs.length), saved.slice(inputs.length));
      const again = [passAfter(hidden, dy), ...parameters];
      return block.gradient(dy, again, block.forward(again).kept);
    };
    return { value, gradient };
  });
  return op(...inputs);
}

/** Self-attention, added to its input and normalised. */
function attentionBlock({ layout, heads, rates, dropout, precision = "float32" }: LayerInputs): Block {
  const { product, lowered, raised, biased } = arithmetic(precision);
  const attend = { starts: layout.starts, heads, drop: dropSite(dropout, rates.attention), precision };
  const drop = dropSite(dropout, rates.attentionOutput);
  return {
    forward(inputs) {
      const [hidden, wq, bq, wk, bk, wv, bv, wo, bias, scale, shift] = inputs as Eleven;
      const x = lowered(hidden);
      const weights = [wq, wk, wv, wo].map(lowered) as [Tensor, Tensor, Tensor, Tensor];
      const project = (at: 0 | 1 | 2, bias: Tensor): Tensor =>
        biased(product(x, weights[at], false, true), bias);
      const projected: [Tensor, Tensor, Tensor] = [project(0, bq), project(1, bk), project(2, bv)];
      const [context, ...sums] = textAttention(projected, attend);
      const out = product(context, weights[3], false, true);
      const norm = {
        x: out,
        bias,
        residual: hidden,
        scale,
        shift,
        epsilon: LAYER_NORM_EPSILON,
        drop,
        precision,
      };
      const [value, normal, inverse] = addLayerNorm(norm);
      return { value, kept: [x, ...weights, ...projected, context, ...sums, normal, inverse] };
    },
    gradient(dy, inputs, kept) {
      const scale = inputs[9] as Tensor;
      const [x, wq, wk, wv, wo, q, k, v, context, largest, sum, normal, inverse] = kept as Thirteen;
      const {
        dResidual,
        dx: dOut,
        ...norm
      } = addLayerNormGradient({ dy, normal, inverse, scale, drop, precision });
      const dContext = product(dOut, wo);
      const [dq, dk, dv] = textAttentionGradient(dContext, [q, k, v], [largest, sum], attend);
      const parts = [product(dq, wq), product(dk, wk), product(dv, wv)].map(raised);
      const ofPair = (d: Tensor): Tensor[] => [raised(product(d, x, true)), columnSums(d, precision)];
      return [
        tf.addN([dResidual, ...parts]),
        ...[dq, dk, dv].flatMap(ofPair),
        ...[raised(product(dOut, context, true)), norm.dBias, norm.dScale, norm.dShift],
      ];
    },
  };
}

/** The feed-forward network, added to its input and normalised. */
function feedForwardBlock({ rates, dropout, precision = "float32" }: LayerInputs): Block {
  const { product, lowered, raised } = arithmetic(precision);
  const drop = dropSite(dropout, rates.output);
  return {
    forward(inputs) {
      const [hidden, w1, b1, w2, bias, scale, shift] = inputs as Seven;
      const [x, first, second] = [lowered(hidden), lowered(w1), lowered(w2)];
      const inner = product(x, first, false, true); // [tokens, hiddenDim]
      const active = biasGelu(inner, b1, precision);
      const out = product(active, second, false, true);
      const norm = {
        x: out,
        bias,
        residual: hidden,
        scale,
        shift,
        epsilon: LAYER_NORM_EPSILON,
        drop,
        precision,
      };
      const [value, normal, inverse] = addLayerNorm(norm);
      return { value, kept: [x, first, second, inner, active, normal, inverse] };
    },
    gradient(dy, inputs, kept) {
      const [, , b1, , , scale] = inputs as Seven;
      const [x, first, second, inner, active, normal, inverse] = kept as Seven;
      const {
        dResidual,
        dx: dOut,
        ...norm
      } = addLayerNormGradient({ dy, normal, inverse, scale, drop, precision });
      const [dInner, db1] = biasGeluGradient(product(dOut, second), inner, b1, precision);
      return [
        tf.add(dResidual, raised(product(dInner, first))),
        ...[raised(product(dInner, x, true)), db1],
        ...[raised(product(dOut, active, true)), norm.dBias, norm.dScale, norm.dShift],
      ];
    },
  };
}

/** {@link layerNorm} of the sum of two, `[rows, dim]`. */
export const fusedLayerNorm = withGradient((inputs, save) => {
  const [x, residual, scale, shift] = inputs as [Tensor, Tensor, Tensor, Tensor];
  const shared = { drop: dropSite(undefined, 0), precision: "float32" } as const;
  const none = tf.zeros([0]);
  const norm = { x, bias: none, residual, scale, shift, epsilon: LAYER_NORM_EPSILON, ...shared };
  const [value, normal, inverse] = addLayerNorm(norm);
  save([normal, inverse, scale]);
  return {
    value,
    gradient: (dy, saved) => {
      const [normal, inverse, scale] = saved as [Tensor, Tensor, Tensor];
      const { dx, dResidual, dScale, dShift } = addLayerNormGradient({
        dy,
        normal,
        inverse,
        scale,
        ...shared,
      });
      return [dx, dResidual, dScale, dShift];
    },
  };
});

/** The next call site of a step's dropout; in evaluation nothing is dropped. */
function dropSite(dropout: Dropout | undefined, rate: number): DropSite {
  return dropout?.site(rate) ?? { rate: 0, site: 0 };
}

function pairOf(parameters: Parameters, name: string): Tensor[] {
  return ["weight", "bias"].map((kind) => {
    const value = parameters[`${name}.${kind}`];
    if (!value) throw new Error(`no parameter ${name}.${kind}`);
    return value;
  });
}

type Seven = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
type Eleven = [...Seven, Tensor, Tensor, Tensor, Tensor];
type Thirteen = [...Eleven, Tensor, Tensor];
