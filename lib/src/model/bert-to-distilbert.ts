import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { BERT_LAYER } from "./bert";
import { readBertConfig } from "./bert-config";
import { writeConfig } from "./config";
import { DEFAULT_ID2LABEL, label2idOf, parseConfigFile } from "./config-file";
import { DISTILBERT_LAYER } from "./distilbert";
import { writeSafetensors, type HostTensor } from "./safetensors";
import type { LayerNames } from "./transformer-layer";
import { readWeights } from "./weights";

const TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"];

/**
 * Rewrites a BERT encoder in DistilBERT's format, exactly: texts of one segment get the same hidden states.
 *
 * DistilBERT has no token types, so the embedding of type 0, which every token of a single text gets, is added to the
 * position embeddings; the pooler is dropped; everything else only changes its name.
 *
 * @throws ModelError if the folder holds no BERT that lib reads, or a tensor is missing
 */
export function convertBertToDistilBert(folders: { from: string; to: string }): void {
  const { from, to } = folders;
  const { model_type: type } = parseConfigFile(path.join(from, "config.json"));
  if (type !== "bert")
    throw new ModelError(`${shownPath(from)} holds a ${String(type)} model; expected a bert one to convert.`);
  const config = readBertConfig(from);
  const { tensors } = readWeights(from);
  mkdirSync(to, { recursive: true });
  writeSafetensors(path.join(to, "model.safetensors"), renameTensors(tensors, config.numHiddenLayers));
  const sizes = {
    vocabSize: config.vocabSize,
    maxPositionEmbeddings: config.maxPositionEmbeddings,
    nLayers: config.numHiddenLayers,
    nHeads: config.numAttentionHeads,
    dim: config.hiddenSize,
    hiddenDim: config.intermediateSize,
  };
  // the dropout rates are DistilBERT's own defaults
  const rates = { dropout: 0.1, attentionDropout: 0.1, seqClassifDropout: 0.2, initializerRange: 0.02 };
  const labels = { id2label: DEFAULT_ID2LABEL, label2id: label2idOf(DEFAULT_ID2LABEL) };
  writeConfig(to, { ...sizes, ...rates, padTokenId: 0, ...labels }, "DistilBertModel");
  for (const name of TOKENIZER_FILES) copyFileSync(path.join(from, name), path.join(to, name));
}

function renameTensors(bert: Map<string, HostTensor>, layers: number): Map<string, HostTensor> {
  const take = (name: string): HostTensor => {
    const tensor = bert.get(name);
    if (!tensor) throw new ModelError(`The BERT file has no tensor ${name}; expected a whole encoder.`);
    return tensor;
  };
  const distilbert = new Map<string, HostTensor>();
  const embeddings = "distilbert.embeddings.";
  distilbert.set(`${embeddings}word_embeddings.weight`, take("embeddings.word_embeddings.weight"));
  distilbert.set(
    `${embeddings}position_embeddings.weight`,
    addToRows(take("embeddings.position_embeddings.weight"), take("embeddings.token_type_embeddings.weight")),
  );
  for (const end of ["weight", "bias"]) {
    distilbert.set(`${embeddings}LayerNorm.${end}`, take(`embeddings.LayerNorm.${end}`));
    for (let layer = 0; layer < layers; layer += 1) {
      for (const part of Object.keys(BERT_LAYER) as (keyof LayerNames)[]) {
        const name = `distilbert.transformer.layer.${layer}.${DISTILBERT_LAYER[part]}.${end}`;
        distilbert.set(name, take(`encoder.layer.${layer}.${BERT_LAYER[part]}.${end}`));
      }
    }
  }
  return distilbert;
}

/** Adds the first row of `types` to every row of `positions`. */
function addToRows(positions: HostTensor, types: HostTensor): HostTensor {
  const width = positions.shape[1] ?? 0;
  const data = positions.data.map((value, index) => value + (types.data[index % width] ?? 0));
  return { shape: positions.shape, data };
}
