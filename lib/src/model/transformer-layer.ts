import { ArgumentError } from "../runtime/errors";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { attend } from "./attention";
import { dropped, type Dropout } from "./dropout";
import { lookUp } from "./embedding";
import { fusedLayer } from "./fused-layer";
import { hasFusedOperations } from "./fused-operations";
import type { Precision } from "./precision";
import { gelu } from "./layers";
import { dense, normalise, type Parameters } from "./parameters";
import { headsAtPlaces, headsOfTexts, rowsOfTexts, tokensOnly, type TokenLayout } from "./token-layout";

/** What an architecture calls the parts of a transformer layer, below the layer's own name. */
export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly intermediate: string;
  readonly output: string;
  readonly outputNorm: string;
}

/** Shares dropped in training. */
export interface LayerDropout {
  /** Of the attention weights. */
  attention: number;
  /** Of what attention adds to its input. */
  attentionOutput: number;
  /** Of what the feed-forward network adds to its input. */
  output: number;
}

/** The inputs of one transformer layer. */
export interface LayerInputs {
  /** `[tokens, dim]`, padding left out. */
  hidden: Tensor;
  /** The layer's own name. */
  prefix: string;
  names: LayerNames;
  parameters: Parameters;
  layout: TokenLayout;
  rates: LayerDropout;
  /** Given in training only. */
  dropout?: Dropout | undefined;
  heads: number;
  /** Of matrix products; float32 where nothing is said. */
  precision?: Precision | undefined;
  /** Whether only the texts' first tokens are wanted, `[batch, dim]`: the others are keys and values then, and no more. */
  firstTokensOnly?: boolean | undefined;
  /** Whether the backward pass computes the layer again rather than keep what is in between. */
  gradientCheckpointing?: boolean | undefined;
}

/**
 * One transformer layer, `[tokens, dim]`, or `[batch, dim]` of the texts' first tokens: attention and a feed-forward network, each added to its input and normalised after
 * it (Vaswani et al. 2017, section 3.1; the same in BERT and DistilBERT but for names and dropout).
 */
export function transformerLayer(inputs: LayerInputs): Tensor {
  return hasFusedOperations() ? fusedLayer(inputs) : composedLayer(inputs);
}

/** {@link transformerLayer} in TensorFlow's own operations. */
function composedLayer(inputs: LayerInputs): Tensor {
  if (inputs.gradientCheckpointing)
    throw new ArgumentError(
      "gradientCheckpointing is made for the CPU's fused operations, and this is another device: lower perDeviceTrainBatchSize, and raise gradientAccumulationSteps by as much.",
    );
  const { hidden, prefix, names, parameters, layout, rates, dropout, precision, firstTokensOnly } = inputs;
  const wanted = firstTokensOnly ? lookUp(hidden, layout.firstTokens) : hidden;
  const attention = dropped(selfAttention(inputs, wanted), rates.attentionOutput, dropout);
  const attended = normalise(parameters, `${prefix}.${names.attentionNorm}`, tf.add(attention, wanted));
  const inner = gelu(dense(parameters, `${prefix}.${names.intermediate}`, attended, precision)); // [tokens, hiddenDim]
  const outer = dropped(
    dense(parameters, `${prefix}.${names.output}`, inner, precision),
    rates.output,
    dropout,
  );
  return normalise(parameters, `${prefix}.${names.outputNorm}`, tf.add(outer, attended));
}

/** Multi-head self-attention of the wanted tokens to all, as many rows as are wanted. */
function selfAttention(inputs: LayerInputs, wanted: Tensor): Tensor {
  const { hidden, prefix, names, parameters, layout, rates, dropout, precision, firstTokensOnly } = inputs;
  const project = (part: string, x: Tensor): Tensor => dense(parameters, `${prefix}.${part}`, x, precision);
  const inHeads = (tokens: Tensor): Tensor => tf.transpose(headsAtPlaces(tokens, layout), [0, 2, 1, 3]); // [batch, heads, sequence, headDim]
  const query = project(names.query, wanted);
  const queries = firstTokensOnly ? headsOfTexts(query, inputs.heads) : inHeads(query);
  const options = { maskBias: layout.maskBias, rate: rates.attention, dropout };
  const [keys, values] = [inHeads(project(names.key, hidden)), inHeads(project(names.value, hidden))];
  const context = attend(queries, keys, values, options); // [batch, heads, wanted, headDim]
  const rows = firstTokensOnly
    ? rowsOfTexts(context)
    : tokensOnly(tf.transpose(context, [0, 2, 1, 3]), layout);
  return project(names.attentionOutput, rows);
}
