import type { Batch } from "../tokenization/collator";
import { ArgumentError } from "../runtime/errors";
import type { Tensor } from "../runtime/tensor";
import { tf } from "../runtime/tensorflow";
import { attend } from "./attention";
import type { DistilBertConfig } from "./config";
import { dropped, type Dropout } from "./dropout";
import { lookUp } from "./embedding";
import { gelu, layerNorm, linear } from "./layers";
import { atPlaces, tokenLayout, tokensOnly, type TokenLayout } from "./token-layout";

/** Values of parameters by transformers' names. */
export type Parameters = Record<string, Tensor>;

/** Added to the attention score of padding: its weight becomes exactly 0 in float32. */
const MASKED = -1e9;

/** The inputs of one forward pass. */
export interface ForwardInputs {
  config: DistilBertConfig;
  parameters: Parameters;
  batch: Batch;
  /** Given in training only. */
  dropout?: Dropout | undefined;
}

/**
 * Hidden states of DistilBERT's last layer, `[tokens, dim]`, padding left out (Sanh et al. 2019;
 * transformers/models/distilbert/modeling_distilbert.py).
 *
 * Pure: the same parameters, batch and seed give the same values.
 */
export function distilBertHiddenStates(inputs: ForwardInputs, layout: TokenLayout): Tensor {
  const { config, batch } = inputs;
  const mask = tf.tensor(batch.attentionMask, [batch.batchSize, 1, 1, batch.sequenceLength]);
  const maskBias = tf.mul(tf.sub(1, mask), MASKED);
  let hidden = embed(inputs, layout);
  for (let layer = 0; layer < config.nLayers; layer += 1) {
    hidden = transformerLayer({
      ...inputs,
      hidden,
      layout,
      maskBias,
      prefix: `distilbert.transformer.layer.${layer}`,
    });
  }
  return hidden;
}

/**
 * Logits `[batch, labels]` of DistilBertForSequenceClassification: the first token's hidden state through two layers.
 *
 * @throws ArgumentError for a text longer than the model's positions, or a token outside its vocabulary
 */
export function distilBertLogits(inputs: ForwardInputs): Tensor {
  const { config, batch, dropout, parameters } = inputs;
  checkBatch(batch, config);
  const layout = tokenLayout(batch);
  const first = lookUp(distilBertHiddenStates(inputs, layout), layout.firstTokens); // [batch, dim]
  const pooled = tf.relu(dense(parameters, "pre_classifier", first));
  return dense(parameters, "classifier", dropped(pooled, config.seqClassifDropout, dropout));
}

/** Refuses what the tables have no row for: TensorFlow's own error names neither, and on a GPU it gives zeros instead. */
function checkBatch({ inputIds, sequenceLength }: Batch, config: DistilBertConfig): void {
  const { maxPositionEmbeddings, vocabSize } = config;
  if (sequenceLength > maxPositionEmbeddings)
    throw new ArgumentError(
      `A text of the batch has ${sequenceLength} tokens; the model reads at most ${maxPositionEmbeddings}: lower maxLength.`,
    );
  const unknown = inputIds.find((id) => id < 0 || id >= vocabSize);
  if (unknown !== undefined)
    throw new ArgumentError(
      `The batch has the token ${unknown}; the model's vocabulary has 0 to ${vocabSize - 1}: is this its tokenizer?`,
    );
}

/** Word and position embeddings, `[tokens, dim]`. */
function embed({ config, parameters, dropout }: ForwardInputs, { ids, positions }: TokenLayout): Tensor {
  const prefix = "distilbert.embeddings";
  const words = lookUp(named(parameters, `${prefix}.word_embeddings.weight`), ids);
  const places = lookUp(named(parameters, `${prefix}.position_embeddings.weight`), positions);
  return dropped(
    normalise(parameters, `${prefix}.LayerNorm`, tf.add(words, places)),
    config.dropout,
    dropout,
  );
}

interface LayerInputs extends ForwardInputs {
  /** `[tokens, dim]` */
  hidden: Tensor;
  layout: TokenLayout;
  maskBias: Tensor;
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
function selfAttention({
  config,
  parameters,
  hidden,
  layout,
  maskBias,
  dropout,
  prefix,
}: LayerInputs): Tensor {
  const { batchSize, sequenceLength } = layout.batch;
  const heads = [batchSize, sequenceLength, config.nHeads, config.dim / config.nHeads];
  const project = (part: string): Tensor => {
    const rows = atPlaces(dense(parameters, `${prefix}.attention.${part}`, hidden), layout);
    return tf.transpose(tf.reshape(rows, heads), [0, 2, 1, 3]); // [batch, heads, sequence, headDim]
  };
  const options = { maskBias, rate: config.attentionDropout, dropout };
  const context = attend(project("q_lin"), project("k_lin"), project("v_lin"), options);
  const rows = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [batchSize * sequenceLength, config.dim]);
  return dense(parameters, `${prefix}.attention.out_lin`, tokensOnly(rows, layout));
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
