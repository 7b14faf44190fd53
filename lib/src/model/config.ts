import { readFileSync } from "node:fs";
import path from "node:path";
import { writeFileAtomically } from "../runtime/atomic-file";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";

/**
 * The settings of a DistilBERT, named in camelCase as transformers names them in config.json
 * (transformers/models/distilbert/configuration_distilbert.py).
 */
export interface DistilBertConfig {
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
  id2label: Record<number, string>;
  label2id: Record<string, number>;
}

/** The label names of a model nobody named, as transformers gives them. */
export const DEFAULT_ID2LABEL: Record<number, string> = { 0: "LABEL_0", 1: "LABEL_1" };

/** Turns `id2label` round. */
export function label2idOf(id2label: Record<number, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(id2label).map(([id, label]) => [label, Number(id)]));
}

/**
 * Reads config.json of a model folder.
 *
 * @throws ModelError if it is missing, not JSON, of another architecture, or lacks a size or has one that is none
 */
export function readConfig(folder: string): DistilBertConfig {
  const file = path.join(folder, "config.json");
  const json = parseConfigFile(file);
  const type = json["model_type"];
  if (type !== "distilbert")
    throw new ModelError(
      `${shownPath(file)} describes a ${JSON.stringify(type)} model; expected model_type "distilbert".`,
    );
  if (json["activation"] !== undefined && json["activation"] !== "gelu")
    throw new ModelError(
      `${shownPath(file)} has the activation ${JSON.stringify(json["activation"])}; expected "gelu".`,
    );
  const { number, size, rate, refuse } = fieldsOf(file, json);
  const id2label = json["id2label"] ?? DEFAULT_ID2LABEL;
  if (!isLabelNames(id2label)) return refuse("id2label", "names by the numbers from 0");
  const config: DistilBertConfig = {
    vocabSize: size("vocab_size"),
    maxPositionEmbeddings: size("max_position_embeddings", 512),
    nLayers: size("n_layers"),
    nHeads: size("n_heads"),
    dim: size("dim"),
    hiddenDim: size("hidden_dim"),
    dropout: rate("dropout", 0.1),
    attentionDropout: rate("attention_dropout", 0.1),
    seqClassifDropout: rate("seq_classif_dropout", 0.2),
    initializerRange: number("initializer_range", 0.02),
    padTokenId: number("pad_token_id", 0),
    id2label,
    label2id: label2idOf(id2label),
  };
  if (config.dim % config.nHeads !== 0)
    throw new ModelError(
      `${shownPath(file)} has dim ${config.dim}, which its n_heads ${config.nHeads} do not divide.`,
    );
  return config;
}

/** Writes config.json as transformers reads it, whole or not at all. */
export function writeConfig(folder: string, config: DistilBertConfig, architecture: string): void {
  const json = {
    architectures: [architecture],
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
  writeFileAtomically(path.join(folder, "config.json"), `${JSON.stringify(json, null, 2)}\n`);
}

/** Whether a number can be a share that is dropped: what is kept is divided by 1 - rate. */
export function isDropoutRate(value: number): boolean {
  return value >= 0 && value < 1;
}

/** Readers of single fields, each of which refuses what its field may not be. */
function fieldsOf(file: string, json: Record<string, unknown>) {
  const refuse = (key: string, expected: string): never => {
    throw new ModelError(
      `${shownPath(file)} has ${key}: ${JSON.stringify(json[key])}; expected ${expected}.`,
    );
  };
  const number = (
    key: string,
    fallback?: number,
    accepts = Number.isFinite,
    expected = "a number",
  ): number => {
    const value = json[key] ?? fallback;
    return typeof value === "number" && accepts(value) ? value : refuse(key, expected);
  };
  const isSize = (value: number) => Number.isInteger(value) && value > 0;
  const size = (key: string, fallback?: number) => number(key, fallback, isSize, "a whole number above 0");
  const rate = (key: string, fallback: number) =>
    number(key, fallback, isDropoutRate, "a number from 0 to below 1");
  return { number, size, rate, refuse };
}

/**
 * The JSON object in a config.json, of whatever architecture.
 *
 * @throws ModelError if the file is missing or holds no JSON object
 */
export function parseConfigFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new ModelError(
      `${shownPath(file)} does not exist: expected a model folder with config.json and model.safetensors.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelError(`${shownPath(file)} is not JSON (${(error as Error).message}).`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new ModelError(`${shownPath(file)} is not a JSON object.`);
  return json as Record<string, unknown>;
}

function isLabelNames(value: unknown): value is Record<number, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value as Record<string, unknown>);
  return (
    entries.length > 0 && entries.every(([id, name], index) => id === `${index}` && typeof name === "string")
  );
}
