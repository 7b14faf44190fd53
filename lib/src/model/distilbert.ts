import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { attend } from "./attention";
import type { DistilBertConfig } from "./config";
import { dropped, type Dropout } from "./dropout";
import { lookUp } from "./embedding";
import { gelu, layerNorm, linear } from "./layers";
import { headsAtPlaces, tokensOnly, type TokenLayout } from "./token-layout";

/** Values of parameters by transformers' names. */
export type Parameters = Record<string, Tensor>;

/** The inputs of one forward pass. */
export interface ForwardInputs {
  config: DistilBertConfig;
  parameters: Parameters;
  layout: TokenLayout;
  /** Given in training only. */
  dropout?: Dropout | undefined;
}

/**
 * Hidden states of DistilBERT's last layer, `[tokens, dim]`, padding left out (Sanh et al. 2019;
 * transformers/models/distilbert/modeling_distilbert.py).
 *
 * Pure: the same parameters, batch and seed give the same values, by the same operations for every batch.
 */
export function distilBertHiddenStates(inputs: ForwardInputs): Tensor {
  let hidden = embed(inputs);
  for (let layer = 0; layer < inputs.config.nLayers; layer += 1) {
    hidden = transformerLayer({ ...inputs, hidden, prefix: `distilbert.transformer.layer.${layer}` });
  }
  return hidden;
}

/** Logits `[batch, labels]` of DistilBertForSequenceClassification: the first token's hidden state through two layers. */
export function distilBertLogits(inputs: ForwardInputs): Tensor {
  const { config, layout, dropout, parameters } = inputs;
  const first = lookUp(distilBertHiddenStates(inputs), layout.firstTokens); // [batch, dim]
  const pooled = tf.relu(dense(parameters, "pre_classifier", first));
  return dense(parameters, "classifier", dropped(pooled, config.seqClassifDropout, dropout));
}

/** Word and position embeddings, `[tokens, dim]`. */
function embed({ config, parameters, layout, dropout }: ForwardInputs): Tensor {
  const prefix = "distilbert.embeddings";
  const words = lookUp(named(parameters, `${prefix}.word_embeddings.weight`), layout.ids);
  const places = lookUp(named(parameters, `${prefix}.position_embeddings.weight`), layout.positions);
  return dropped(
    normalise(parameters, `${prefix}.LayerNorm`, tf.add(words, places)),
    config.dropout,
    dropout,
  );
}

interface LayerInputs extends ForwardInputs {
  /** `[tokens, dim]` */
  hidden: Tensor;
  prefix: string;
}

/** One transformer layer: attention and a feed-forward network, each added to its input and normalised. */
function transformerLayer(inputs: LayerInputs): Tensor {
  const { config, parameters, hidden, dropout, prefix } = inputs;
  const attended = normalise(parameters, `${prefix}.sa_layer_norm`, tf.add(selfAttention(inputs), hidden));
  const inner = gelu(dense(parameters, `${prefix}.ffn.lin1`, attended)); // [tokens, hiddenDim]
  const outer = dropped(dense(parameters, `${prefix}.ffn.lin2`, inner), config.dropout, dropout);
  return normalise(parameters, `${prefix}.output_layer_norm`, tf.add(outer, attended));
}

/** Multi-head self-attention, `[tokens, dim]`. */
function selfAttention({ config, parameters, hidden, layout, dropout, prefix }: LayerInputs): Tensor {
  const project = (part: string): Tensor => {
    const heads = headsAtPlaces(dense(parameters, `${prefix}.attention.${part}`, hidden), layout);
    return tf.transpose(heads, [0, 2, 1, 3]); // [batch, heads, sequence, headDim]
  };
  const options = { maskBias: layout.maskBias, rate: config.attentionDropout, dropout };
  const context = attend(project("q_lin"), project("k_lin"), project("v_lin"), options);
  const rows = tokensOnly(tf.transpose(context, [0, 2, 1, 3]), layout); // [tokens, dim]
  return dense(parameters, `${prefix}.attention.out_lin`, rows);
}

function dense(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, named(parameters, `${name}.weight`), named(parameters, `${name}.bias`));
}

function normalise(parameters: Parameters, name: string, x: Tensor): Tensor {
  return layerNorm(x, named(parameters, `${name}.weight`), named(parameters, `${name}.bias`));
}

function named(parameters: Parameters, name: string): Tensor {
  const value = parameters[name];
  if (!value) throw new Error(`no parameter ${name}`);
  return value;
}
