import type { Precision } from "./precision";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { DistilBertConfig } from "./config";
import { dropped, type Dropout } from "./dropout";
import { lookUp } from "./embedding";
import { dense, named, normaliseSum, type Parameters } from "./parameters";
import type { TokenLayout } from "./token-layout";
import { transformerLayer, type LayerNames } from "./transformer-layer";

/** DistilBERT's names for the parts of a layer. */
export const DISTILBERT_LAYER: LayerNames = {
  query: "attention.q_lin",
  key: "attention.k_lin",
  value: "attention.v_lin",
  attentionOutput: "attention.out_lin",
  attentionNorm: "sa_layer_norm",
  intermediate: "ffn.lin1",
  output: "ffn.lin2",
  outputNorm: "output_layer_norm",
};

/** The inputs of one forward pass. */
export interface DistilBertInputs {
  config: DistilBertConfig;
  parameters: Parameters;
  layout: TokenLayout;
  /** Given in training only. */
  dropout?: Dropout | undefined;
  /** Of the layers' matrix products; float32 where nothing is said. */
  precision?: Precision | undefined;
  /** Whether the backward pass computes layers again rather than keep what is in between. */
  gradientCheckpointing?: boolean | undefined;
}

/**
 * Hidden states of DistilBERT's last layer at the texts' first tokens, `[batch, dim]`, padding left out (Sanh et al. 2019;
 * transformers/models/distilbert/modeling_distilbert.py).
 *
 * Pure: the same parameters, batch and seed give the same values, by the same operations for every batch.
 */
function distilBertFirstStates(inputs: DistilBertInputs): Tensor {
  const { config } = inputs;
  // DistilBERT drops nothing of what attention adds
  const rates = { attention: config.attentionDropout, attentionOutput: 0, output: config.dropout };
  let hidden = embed(inputs);
  for (let layer = 0; layer < config.nLayers; layer += 1) {
    const prefix = `distilbert.transformer.layer.${layer}`;
    hidden = transformerLayer({
      ...inputs,
      hidden,
      prefix,
      names: DISTILBERT_LAYER,
      rates,
      // nobody reads the others
      firstTokensOnly: layer === config.nLayers - 1,
      heads: config.nHeads,
    });
  }
  return hidden;
}

/** Logits `[batch, labels]` of DistilBertForSequenceClassification: the first token's hidden state through two layers. */
export function distilBertLogits(inputs: DistilBertInputs): Tensor {
  const { config, dropout, parameters } = inputs;
  const first = distilBertFirstStates(inputs);
  const pooled = tf.relu(dense(parameters, "pre_classifier", first));
  return dense(parameters, "classifier", dropped(pooled, config.seqClassifDropout, dropout));
}

/** Word and position embeddings, `[tokens, dim]`. */
function embed({ config, parameters, layout, dropout }: DistilBertInputs): Tensor {
  const prefix = "distilbert.embeddings";
  const words = lookUp(named(parameters, `${prefix}.word_embeddings.weight`), layout.ids);
  const places = lookUp(named(parameters, `${prefix}.position_embeddings.weight`), layout.positions);
  const embedded = normaliseSum(parameters, `${prefix}.LayerNorm`, words, places);
  return dropped(embedded, config.dropout, dropout);
}
