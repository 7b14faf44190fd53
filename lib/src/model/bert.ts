import { ArgumentError } from "../runtime/errors";
import type { Precision } from "./precision";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import type { Batch } from "../tokenization/collator";
import type { BertConfig } from "./bert-config";
import { dropped, type Dropout } from "./dropout";
import { lookUp } from "./embedding";
import { dense, named, normaliseSum, type Parameters } from "./parameters";
import { rowsAt } from "./rows";
import { widened } from "./few-sizes";
import { tokenLayout, type LayoutOptions, type TokenLayout } from "./token-layout";
import { transformerLayer, type LayerNames } from "./transformer-layer";

/** BERT's names for the parts of a layer. */
export const BERT_LAYER: LayerNames = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  attentionOutput: "attention.output.dense",
  attentionNorm: "attention.output.LayerNorm",
  intermediate: "intermediate.dense",
  output: "output.dense",
  outputNorm: "output.LayerNorm",
};

/** A batch as BERT reads it. */
export interface BertLayout extends TokenLayout {
  /** Type of what stands at each place of the padded batch, int32 `[batch * sequence]`. */
  tokenTypes: Tensor;
}

/** The inputs of one forward pass. */
export interface BertInputs {
  config: BertConfig;
  parameters: Parameters;
  layout: BertLayout;
  /** Given in training only. */
  dropout?: Dropout | undefined;
  /** Of the layers' matrix products; float32 where nothing is said. */
  precision?: Precision | undefined;
  /** Whether the backward pass computes layers again rather than keep what is in between. */
  gradientCheckpointing?: boolean | undefined;
}

/**
 * Finds the tokens of a batch and their types, all 0 where the batch has none; the caller frees the tensors.
 *
 * @throws ArgumentError for a text longer than the model's positions, or a token or type that the model does not have
 */
export function bertLayout(batch: Batch, config: BertConfig, options: LayoutOptions = {}): BertLayout {
  const { inputIds, tokenTypeIds = new Int32Array(inputIds.length) } = options.fewSizes
    ? widened(batch, config.maxPositionEmbeddings)
    : batch;
  const { vocabSize, maxPositionEmbeddings, typeVocabSize } = config;
  const unknown = tokenTypeIds.find((type) => type < 0 || type >= typeVocabSize);
  if (unknown !== undefined)
    throw new ArgumentError(
      `The batch has the token type ${unknown}; the model has 0 to ${typeVocabSize - 1}: is this its tokenizer?`,
    );
  const sizes = { nHeads: config.numAttentionHeads, dim: config.hiddenSize };
  const layout = tokenLayout(batch, { ...sizes, vocabSize, maxPositionEmbeddings }, options);
  return { ...layout, tokenTypes: tf.tensor1d(tokenTypeIds, "int32") };
}

/**
 * Hidden states of BERT's last layer at the texts' first tokens, `[batch, dim]`, padding left out (Devlin et al. 2019;
 * transformers/models/bert/modeling_bert.py).
 *
 * Pure: the same parameters, batch and seed give the same values, by the same operations for every batch.
 */
function bertFirstStates(inputs: BertInputs): Tensor {
  const { config } = inputs;
  const { hiddenDropoutProb, attentionProbsDropoutProb } = config;
  const rates = {
    attention: attentionProbsDropoutProb,
    attentionOutput: hiddenDropoutProb,
    output: hiddenDropoutProb,
  };
  let hidden = embed(inputs);
  for (let layer = 0; layer < config.numHiddenLayers; layer += 1) {
    const prefix = `bert.encoder.layer.${layer}`;
    hidden = transformerLayer({
      ...inputs,
      hidden,
      prefix,
      names: BERT_LAYER,
      rates,
      // nobody reads the others
      firstTokensOnly: layer === config.numHiddenLayers - 1,
      heads: config.numAttentionHeads,
    });
  }
  return hidden;
}

/** Logits `[batch, labels]` of BertForSequenceClassification: the first token's hidden state through pooler and classifier. */
export function bertLogits(inputs: BertInputs): Tensor {
  const { config, dropout, parameters } = inputs;
  const first = bertFirstStates(inputs);
  const pooled = tf.tanh(dense(parameters, "bert.pooler.dense", first));
  const rate = config.classifierDropout ?? config.hiddenDropoutProb;
  return dense(parameters, "classifier", dropped(pooled, rate, dropout));
}

/** Word, type and position embeddings, `[tokens, dim]`. */
function embed({ config, parameters, layout, dropout }: BertInputs): Tensor {
  const prefix = "bert.embeddings";
  const table = (name: string): Tensor => named(parameters, `${prefix}.${name}_embeddings.weight`);
  const words = lookUp(table("word"), layout.ids);
  const types = lookUp(table("token_type"), rowsAt(layout.tokenTypes, layout.places));
  const places = lookUp(table("position"), layout.positions);
  const embedded = normaliseSum(parameters, `${prefix}.LayerNorm`, tf.add(words, types), places);
  return dropped(embedded, config.hiddenDropoutProb, dropout);
}
