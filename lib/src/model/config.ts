import path from "node:path";
import { writeFileAtomically } from "../runtime/atomic-file";
import { ConfigFields, DEFAULT_ID2LABEL, label2idOf, type ClassifierConfig } from "./config-file";

/**
 * The settings of a DistilBERT, named in camelCase as transformers names them in config.json
 * (transformers/models/distilbert/configuration_distilbert.py).
 */
export interface DistilBertConfig extends ClassifierConfig {
  vocabSize: number;
  maxPositionEmbeddings: number;
  nLayers: number;
  nHeads: number;
  /** Width of the hidden states. */
  dim: number;
  /** Width of the feed-forward layers. */
  hiddenDim: number;
  /** Share of hidden values dropped in training. */
  dropout: number;
  /** Share of attention weights dropped in training. */
  attentionDropout: number;
  /** Share dropped before the classifier in training. */
  seqClassifDropout: number;
  /** Standard deviation of a new head's weights. */
  initializerRange: number;
  padTokenId: number;
}

/** What transformers' `DistilBertConfig()` is: the sizes of distilbert-base-uncased. */
const BASE: DistilBertConfig = {
  ...{ vocabSize: 30522, maxPositionEmbeddings: 512, nLayers: 6, nHeads: 12, dim: 768, hiddenDim: 3072 },
  ...{ dropout: 0.1, attentionDropout: 0.1, seqClassifDropout: 0.2, initializerRange: 0.02, padTokenId: 0 },
  ...{ id2label: DEFAULT_ID2LABEL, label2id: label2idOf(DEFAULT_ID2LABEL) },
};

/**
 * A whole config from a part of one: what is left out is as in distilbert-base-uncased.
 *
 * @throws ModelError for a setting that is none
 */
export function wholeConfig(part: Partial<DistilBertConfig>): DistilBertConfig {
  return parseConfig(new ConfigFields("The config", toJson({ ...BASE, ...part })));
}

/**
 * Reads config.json of a model folder.
 *
 * @throws ModelError if it is missing, not JSON, of another architecture, or lacks a size or has one that is none
 */
export function readConfig(folder: string): DistilBertConfig {
  return parseConfig(ConfigFields.ofFolder(folder, "distilbert"));
}

function parseConfig(fields: ConfigFields): DistilBertConfig {
  fields.only("activation", "gelu");
  fields.divides("n_heads", "dim");
  return {
    vocabSize: fields.size("vocab_size"),
    maxPositionEmbeddings: fields.size("max_position_embeddings", 512),
    nLayers: fields.size("n_layers"),
    nHeads: fields.size("n_heads"),
    dim: fields.size("dim"),
    hiddenDim: fields.size("hidden_dim"),
    dropout: fields.rate("dropout", 0.1),
    attentionDropout: fields.rate("attention_dropout", 0.1),
    seqClassifDropout: fields.rate("seq_classif_dropout", 0.2),
    initializerRange: fields.number("initializer_range", 0.02),
    padTokenId: fields.number("pad_token_id", 0),
    ...fields.labels(),
  };
}

/** Writes config.json as transformers reads it, whole or not at all. */
export function writeConfig(folder: string, config: DistilBertConfig, architecture: string): void {
  const json = { architectures: [architecture], ...toJson(config) };
  writeFileAtomically(path.join(folder, "config.json"), `${JSON.stringify(json, null, 2)}\n`);
}

function toJson(config: DistilBertConfig): Record<string, unknown> {
  return {
    model_type: "distilbert",
    activation: "gelu",
    attention_dropout: config.attentionDropout,
    dim: config.dim,
    dropout: config.dropout,
    dtype: "float32",
    hidden_dim: config.hiddenDim,
    id2label: config.id2label,
    initializer_range: config.initializerRange,
    label2id: config.label2id,
    max_position_embeddings: config.maxPositionEmbeddings,
    n_heads: config.nHeads,
    n_layers: config.nLayers,
    pad_token_id: config.padTokenId,
    problem_type: "single_label_classification",
    qa_dropout: 0.1,
    seq_classif_dropout: config.seqClassifDropout,
    sinusoidal_pos_embds: false,
    tie_weights_: true,
    vocab_size: config.vocabSize,
  };
}
