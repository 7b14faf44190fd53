import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { firstTokenAttention } from "./first-token-attention";
import {
  biasGelu,
  biasGeluGradient,
  columnSums,
  textAttention,
  textAttentionGradient,
} from "./fused-operations";
import { dropSite, runBlock, sumNorm, type Block } from "./layer-block";
import { named } from "./parameters";
import { arithmetic } from "./precision";
import type { LayerInputs } from "./transformer-layer";

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
  const attentionHalf = inputs.firstTokensOnly ? firstTokenAttention(inputs) : attentionBlock(inputs);
  const attended = runBlock(attentionHalf, [hidden, ...attention], gradientCheckpointing);
  return runBlock(feedForwardBlock(inputs), [attended, ...feedForward], gradientCheckpointing);
}

/** Self-attention, added to its input and normalised. */
function attentionBlock(layer: LayerInputs): Block {
  const { layout, heads, rates, dropout, precision = "float32" } = layer;
  const { product, lowered, raised, biased } = arithmetic(precision);
  const scale = 1 / Math.sqrt((layer.hidden.shape[1] ?? 0) / heads);
  const attend = { starts: layout.starts, heads, scale, drop: dropSite(dropout, rates.attention), precision };
  const norm = sumNorm(dropSite(dropout, rates.attentionOutput), precision);
  const project = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
    biased(product(x, weight, false, true), bias);
  const ofPair = (d: Tensor, x: Tensor): Tensor[] => [raised(product(d, x, true)), columnSums(d, precision)];
  return {
    forward(inputs) {
      const [residual, wq, bq, wk, bk, wv, bv, wo, bias, scale, shift] = inputs as Eleven;
      const x = lowered(residual);
      const [q, k, v, o] = [wq, wk, wv, wo].map(lowered) as Four;
      const projected = [project(x, q, bq), project(x, k, bk), project(x, v, bv)] as Three;
      const [context, ...sums] = textAttention(projected, attend);
      const [value, ...kept] = norm.forward({
        x: product(context, o, false, true),
        bias,
        residual,
        scale,
        shift,
      });
      return { value, kept: [x, q, k, v, o, ...projected, context, ...sums, ...kept] };
    },
    gradient(dy, inputs, kept) {
      const scale = inputs[9] as Tensor;
      const [x, wq, wk, wv, wo, q, k, v, context, largest, sum, normal, inverse] = kept as Thirteen;
      const { dResidual, dx: dOut, ...ofNorm } = norm.gradient({ dy, normal, inverse, scale });
      const dContext = product(dOut, wo);
      const [dq, dk, dv] = textAttentionGradient(dContext, [q, k, v], [largest, sum], attend);
      return [
        tf.addN([dResidual, ...[product(dq, wq), product(dk, wk), product(dv, wv)].map(raised)]),
        ...[...ofPair(dq, x), ...ofPair(dk, x), ...ofPair(dv, x)],
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

type Three = [Tensor, Tensor, Tensor];
type Four = [Tensor, Tensor, Tensor, Tensor];
type Seven = [...Four, ...Three];
type Eleven = [...Seven, ...Four];
type Thirteen = [...Seven, Tensor, Tensor, ...Four];
