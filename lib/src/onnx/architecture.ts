import path from "node:path";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { BERT_LAYER } from "../model/bert";
import { readBertConfig } from "../model/bert-config";
import { readConfig } from "../model/config";
import { parseConfigFile } from "../model/config-file";
import { DISTILBERT_LAYER } from "../model/distilbert";
import { bertParameterShapes, parameterShapes } from "../model/parameter-shapes";
import type { LayerNames } from "../model/transformer-layer";

/** What tells the architectures apart, and their sizes, as far as a graph of one needs it. */
export interface Architecture {
  /** Name before those of the encoder's parameters, which a bare encoder's lack. */
  baseModelPrefix: string;
  /** Whether there is a table of token types, and an input of them. */
  hasTokenTypes: boolean;
  /** Name of a layer. */
  layer: (index: number) => string;
  /** Names of a layer's parts. */
  layerNames: LayerNames;
  layers: number;
  heads: number;
  /** Width of the hidden states. */
  dim: number;
  /** What the first token's hidden state goes through before the classifier. */
  pooler: { name: string; activation: "Relu" | "Tanh" };
  labels: number;
  /** Shape of every parameter. */
  shapes: Map<string, number[]>;
}

/**
 * The architecture of a model's folder, out of its config.json.
 *
 * @throws ModelError if the folder has no config.json, or one that lib cannot use
 */
export function readArchitecture(folder: string): Architecture {
  const file = path.join(folder, "config.json");
  const { model_type: type } = parseConfigFile(file);
  if (type === "distilbert") return distilBert(folder);
  if (type === "bert") return bert(folder);
  throw new ModelError(
    `${shownPath(file)} describes a ${JSON.stringify(type)} model; expected model_type "bert" or "distilbert".`,
  );
}

function distilBert(folder: string): Architecture {
  const config = readConfig(folder);
  return {
    ...{ baseModelPrefix: "distilbert", hasTokenTypes: false },
    ...{ layer: (index) => `distilbert.transformer.layer.${index}`, layerNames: DISTILBERT_LAYER },
    ...{ layers: config.nLayers, heads: config.nHeads, dim: config.dim },
    pooler: { name: "pre_classifier", activation: "Relu" },
    labels: Object.keys(config.id2label).length,
    shapes: parameterShapes(config),
  };
}

function bert(folder: string): Architecture {
  const config = readBertConfig(folder);
  return {
    ...{ baseModelPrefix: "bert", hasTokenTypes: true },
    ...{ layer: (index) => `bert.encoder.layer.${index}`, layerNames: BERT_LAYER },
    ...{ layers: config.numHiddenLayers, heads: config.numAttentionHeads, dim: config.hiddenSize },
    pooler: { name: "bert.pooler.dense", activation: "Tanh" },
    labels: Object.keys(config.id2label).length,
    shapes: bertParameterShapes(config),
  };
}
