import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../runtime/errors";
import { shownPath } from "../runtime/repository";
import { DEFAULT_ID2LABEL, label2idOf, parseConfigFile, writeConfig } from "./config";
import { writeSafetensors, type HostTensor } from "./safetensors";
import { readWeights } from "./weights";

/** DistilBERT's name for each part of a BERT layer. */
const LAYER_PARTS = {
  "attention.self.query": "attention.q_lin",
  "attention.self.key": "attention.k_lin",
  "attention.self.value": "attention.v_lin",
  "attention.output.dense": "attention.out_lin",
  "attention.output.LayerNorm": "sa_layer_norm",
  "intermediate.dense": "ffn.lin1",
  "output.dense": "ffn.lin2",
  "output.LayerNorm": "output_layer_norm",
} as const;

const TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"];

/** The sizes in a BERT's config.json that DistilBERT has under other names. */
interface BertConfig {
  model_type: string;
  hidden_size: number;
  intermediate_size: number;
  max_position_embeddings: number;
  num_attention_heads: number;
  num_hidden_layers: number;
  vocab_size: number;
}

/**
 * Rewrites a BERT encoder in DistilBERT's format, exactly: texts of one segment get the same hidden states.
 *
 * DistilBERT has no token types, so the embedding of type 0, which every token of a single text gets, is added to the
 * position embeddings; the pooler is dropped; everything else only changes its name.
 *
 * @throws ModelError if the folder holds no BERT or a tensor is missing
 */
export function convertBertToDistilBert(folders: { from: string; to: string }): void {
  const { from, to } = folders;
  const config = parseConfigFile(path.join(from, "config.json")) as unknown as BertConfig;
  if (config.model_type !== "bert")
    throw new ModelError(
      `${shownPath(from)} holds a ${config.model_type} model; expected a bert one to convert.`,
    );
  const { tensors } = readWeights(from);
  mkdirSync(to, { recursive: true });
  writeSafetensors(path.join(to, "model.safetensors"), renameTensors(tensors, config.num_hidden_layers));
  const sizes = {
    vocabSize: config.vocab_size,
    maxPositionEmbeddings: config.max_position_embeddings,
    nLayers: config.num_hidden_layers,
    nHeads: config.num_attention_heads,
    dim: config.hidden_size,
    hiddenDim: config.intermediate_size,
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
      for (const [theirs, ours] of Object.entries(LAYER_PARTS)) {
        const name = `distilbert.transformer.layer.${layer}.${ours}.${end}`;
        distilbert.set(name, take(`encoder.layer.${layer}.${theirs}.${end}`));
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
