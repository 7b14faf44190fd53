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
import { LAYER_NORM_EPSILON, withGradient } from "./layers";
import { named } from "./parameters";
import { lengthOf, rowsAt, sumOfRows } from "./rows";
import { arithmetic, type Precision } from "./precision";
import type { TokenLayout } from "./token-layout";
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
  const pair = (part: string): Tensor[] =>
    ["weight", "bias"].map((kind) => named(parameters, `${prefix}.${part}.${kind}`));
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
function attentionBlock(layer: LayerInputs): Block {
  const { layout, heads, rates, dropout, precision = "float32" } = layer;
  const { product, lowered, raised, biased } = arithmetic(precision);
  const attend = { starts: layout.starts, heads, drop: dropSite(dropout, rates.attention), precision };
  const norm = sumNorm(dropSite(dropout, rates.attentionOutput), precision);
  const wanted = layer.firstTokensOnly ? firstTokens(layout) : EVERY_TOKEN;
  const project = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
    biased(product(x, weight, false, true), bias);
  const ofPair = (d: Tensor, x: Tensor): Tensor[] => [raised(product(d, x, true)), columnSums(d, precision)];
  return {
    forward(inputs) {
      const [hidden, wq, bq, wk, bk, wv, bv, wo, bias, scale, shift] = inputs as Eleven;
      const residual = wanted.of(hidden);
      const x = lowered(hidden);
      const asks = residual === hidden ? x : lowered(residual);
      const [q, k, v, o] = [wq, wk, wv, wo].map(lowered) as Four;
      const projected = [project(asks, q, bq), project(x, k, bk), project(x, v, bv)] as Three;
      const [context, ...sums] = textAttention(projected, attend);
      const [value, ...kept] = norm.forward({
        x: product(context, o, false, true),
        bias,
        residual,
        scale,
        shift,
      });
      return { value, kept: [x, asks, q, k, v, o, ...projected, context, ...sums, ...kept] };
    },
    gradient(dy, inputs, kept) {
      const [hidden, scale] = [inputs[0], inputs[9]] as [Tensor, Tensor];
      const [x, asks, wq, wk, wv, wo, q, k, v, context, largest, sum, normal, inverse] = kept as Fourteen;
      const { dResidual, dx: dOut, ...ofNorm } = norm.gradient({ dy, normal, inverse, scale });
      const dContext = product(dOut, wo);
      const [dq, dk, dv] = textAttentionGradient(dContext, [q, k, v], [largest, sum], attend);
      const [ofQueries, ...ofOthers] = [product(dq, wq), product(dk, wk), product(dv, wv)].map(
        raised,
      ) as Three;
      return [
        tf.addN([...wanted.gradient([dResidual, ofQueries], hidden), ...ofOthers]),
        ...[...ofPair(dq, asks), ...ofPair(dk, x), ...ofPair(dv, x)],
        ...[raised(product(dOut, context, true)), ofNorm.dBias, ofNorm.dScale, ofNorm.dShift],
      ];
    },
  };
}

/** The feed-forward network, added to its input and normalised. */
function feedForwardBlock({ rates, dropout, precision = "float32" }: LayerInputs): Block {
  const { product, lowered, raised } = arithmetic(precision);
  const norm = sumNorm(dropSite(dropout, rates.output), precision);
  return {
    forward(inputs) {
      const [residual, w1, b1, w2, bias, scale, shift] = inputs as Seven;
      const [x, first, second] = [lowered(residual), lowered(w1), lowered(w2)];
      const inner = product(x, first, false, true); // [tokens, hiddenDim]
      const active = biasGelu(inner, b1, precision);
      const outer = product(active, second, false, true);
      const [value, ...kept] = norm.forward({ x: outer, bias, residual, scale, shift });
      return { value, kept: [x, first, second, inner, active, ...kept] };
    },
    gradient(dy, inputs, kept) {
      const [, , b1, , , scale] = inputs as Seven;
      const [x, first, second, inner, active, normal, inverse] = kept as Seven;
      const { dResidual, dx: dOut, ...ofNorm } = norm.gradient({ dy, normal, inverse, scale });
      const [dInner, db1] = biasGeluGradient(product(dOut, second), inner, b1, precision);
      return [
        tf.add(dResidual, raised(product(dInner, first))),
        ...[raised(product(dInner, x, true)), db1],
        ...[raised(product(dOut, active, true)), ofNorm.dBias, ofNorm.dScale, ofNorm.dShift],
      ];
    },
  };
}

/** Which hidden states a layer is asked for, and how gradients of those come back to all. */
interface Wanted {
  of(hidden: Tensor): Tensor;
  gradient(ofWanted: [Tensor, Tensor], hidden: Tensor): Tensor[];
}

const EVERY_TOKEN: Wanted = { of: (hidden) => hidden, gradient: (ofWanted) => ofWanted };

const firstTokens = (layout: TokenLayout): Wanted => ({
  of: (hidden) => rowsAt(hidden, layout.firstTokens),
  gradient: ([one, other], hidden) => [sumOfRows(tf.add(one, other), layout.firstTokens, lengthOf(hidden))],
});

/** The layer norm of a sum and its gradient, with what does not change between the two. */
function sumNorm(drop: DropSite, precision: Precision) {
  const shared = { epsilon: LAYER_NORM_EPSILON, drop, precision };
  return {
    forward: (inputs: Omit<Parameters<typeof addLayerNorm>[0], keyof typeof shared>) =>
      addLayerNorm({ ...inputs, ...shared }),
    gradient: (inputs: Omit<Parameters<typeof addLayerNormGradient>[0], keyof typeof shared>) =>
      addLayerNormGradient({ ...inputs, drop, precision }),
  };
}

/** The next call site of a step's dropout; in evaluation nothing is dropped. */
function dropSite(dropout: Dropout | undefined, rate: number): DropSite {
  return dropout?.site(rate) ?? { rate: 0, site: 0 };
}

type Three = [Tensor, Tensor, Tensor];
type Four = [Tensor, Tensor, Tensor, Tensor];
type Seven = [...Four, ...Three];
type Eleven = [...Seven, ...Four];
type Fourteen = [...Eleven, ...Three];
