import path from "node:path";
import { writeFileAtomically } from "../runtime/atomic-file";
import { ConfigFields, DEFAULT_ID2LABEL, label2idOf, type ClassifierConfig } from "./config-file";

/**
 * The settings of a BERT, named in camelCase as transformers names them in config.json
 * (transformers/models/bert/configuration_bert.py).
 */
export interface BertConfig extends ClassifierConfig {
  vocabSize: number;
  maxPositionEmbeddings: number;
  /** Kinds of tokens, such as those of a first text and of a second. */
  typeVocabSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  /** Width of the hidden states. */
  hiddenSize: number;
  /** Width of the feed-forward layers. */
  intermediateSize: number;
  /** Share of hidden values dropped in training. */
  hiddenDropoutProb: number;
  /** Share of attention weights dropped in training. */
  attentionProbsDropoutProb: number;
  /** Share dropped before the classifier in training; `null` stands for `hiddenDropoutProb`. */
  classifierDropout: number | null;
  /** Standard deviation of a new head's weights. */
  initializerRange: number;
  padTokenId: number;
}

/** The epsilon of BERT's layer norms and of DistilBERT's; another is refused, since lib's layer norm has this one. */
const LAYER_NORM_EPS = 1e-12;

/** What transformers' `BertConfig()` is: the sizes of bert-base-uncased. */
const BASE: BertConfig = {
  ...{
    vocabSize: 30522,
    maxPositionEmbeddings: 512,
    typeVocabSize: 2,
    padTokenId: 0,
    initializerRange: 0.02,
  },
  ...{ numHiddenLayers: 12, numAttentionHeads: 12, hiddenSize: 768, intermediateSize: 3072 },
  ...{ hiddenDropoutProb: 0.1, attentionProbsDropoutProb: 0.1, classifierDropout: null },
  ...{ id2label: DEFAULT_ID2LABEL, label2id: label2idOf(DEFAULT_ID2LABEL) },
};

/**
 * A whole config from a part of one: what is left out is as in bert-base-uncased.
 *
 * @throws ModelError for a setting that is none
 */
export function wholeBertConfig(part: Partial<BertConfig>): BertConfig {
  return parseConfig(new ConfigFields("The config", toJson({ ...BASE, ...part })));
}

/**
 * Reads config.json of a model folder.
 *
 * @throws ModelError if it is missing, not JSON, of another architecture, of a BERT with parts that lib does not have, or
 *   lacks a size or has one that is none
 */
export function readBertConfig(folder: string): BertConfig {
  return parseConfig(ConfigFields.ofFolder(folder, "bert"));
}

function parseConfig(fields: ConfigFields): BertConfig {
  fields.only("hidden_act", "gelu");
  fields.only("layer_norm_eps", LAYER_NORM_EPS);
  fields.only("position_embedding_type", "absolute");
  fields.only("is_decoder", false);
  fields.divides("num_attention_heads", "hidden_size");
  return {
    vocabSize: fields.size("vocab_size"),
    maxPositionEmbeddings: fields.size("max_position_embeddings", 512),
    typeVocabSize: fields.size("type_vocab_size", 2),
    numHiddenLayers: fields.size("num_hidden_layers"),
    numAttentionHeads: fields.size("num_attention_heads"),
    hiddenSize: fields.size("hidden_size"),
    intermediateSize: fields.size("intermediate_size"),
    hiddenDropoutProb: fields.rate("hidden_dropout_prob", 0.1),
    attentionProbsDropoutProb: fields.rate("attention_probs_dropout_prob", 0.1),
    classifierDropout: fields.rateOrNull("classifier_dropout"),
    initializerRange: fields.number("initializer_range", 0.02),
    padTokenId: fields.number("pad_token_id", 0),
    ...fields.labels(),
  };
}

/** Writes config.json as transformers reads it, whole or not at all. */
export function writeBertConfig(folder: string, config: BertConfig, architecture: string): void {
  const json = { architectures: [architecture], ...toJson(config) };
  writeFileAtomically(path.join(folder, "config.json"), `${JSON.stringify(json, null, 2)}\n`);
}

function toJson(config: BertConfig): Record<string, unknown> {
  return {
    model_type: "bert",
    attention_probs_dropout_prob: config.attentionProbsDropoutProb,
    classifier_dropout: config.classifierDropout,
    dtype: "float32",
    hidden_act: "gelu",
    hidden_dropout_prob: config.hiddenDropoutProb,
    hidden_size: config.hiddenSize,
    id2label: config.id2label,
    initializer_range: config.initializerRange,
    intermediate_size: config.intermediateSize,
    label2id: config.label2id,
    layer_norm_eps: LAYER_NORM_EPS,
    max_position_embeddings: config.maxPositionEmbeddings,
    num_attention_heads: config.numAttentionHeads,
    num_hidden_layers: config.numHiddenLayers,
    pad_token_id: config.padTokenId,
    problem_type: "single_label_classification",
    type_vocab_size: config.typeVocabSize,
    vocab_size: config.vocabSize,
  };
}
