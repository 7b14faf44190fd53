import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { convertBertToDistilBert } from "../../../lib/src/model/bert-to-distilbert";
import { isHeadParameter, parameterShapes } from "../../../lib/src/model/parameter-shapes";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../../lib/src/model/safetensors";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ModelError } from "../../../lib/src/runtime/errors";
import { normalValues, seededRandom } from "../../../lib/src/runtime/random";
import { shownPath } from "../../../lib/src/runtime/repository";
import { temporaryFolder } from "../temporary-folder";
import { TINY } from "../tiny-model";

const folder = temporaryFolder();
const CONFIG = {
  ...{ model_type: "bert", hidden_size: 8, intermediate_size: 16, max_position_embeddings: 16 },
  ...{ num_attention_heads: 2, num_hidden_layers: 2, vocab_size: 50 },
};

/** BERT's names, from transformers/models/bert/modeling_bert.py, by DistilBERT's. */
const NAMES: [RegExp, string][] = [
  [/^distilbert\.embeddings/, "embeddings"],
  [/^distilbert\.transformer\.layer/, "encoder.layer"],
  [/attention\.q_lin/, "attention.self.query"],
  [/attention\.k_lin/, "attention.self.key"],
  [/attention\.v_lin/, "attention.self.value"],
  [/attention\.out_lin/, "attention.output.dense"],
  [/sa_layer_norm/, "attention.output.LayerNorm"],
  [/ffn\.lin1/, "intermediate.dense"],
  [/ffn\.lin2/, "output.dense"],
  [/output_layer_norm/, "output.LayerNorm"],
];

/** Writes a tiny BERT; returns its tensors. */
function writeBert(from: string, without?: string): Map<string, HostTensor> {
  mkdirSync(from, { recursive: true });
  writeFileSync(path.join(from, "config.json"), JSON.stringify(CONFIG));
  for (const name of ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"])
    writeFileSync(path.join(from, name), name);
  const random = seededRandom(1);
  const tensorOf = (shape: number[]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { shape, data: normalValues({ count, std: 1, random }) };
  };
  const tensors = new Map<string, HostTensor>();
  for (const [ours, shape] of parameterShapes({ ...TINY, nLayers: 2 })) {
    if (isHeadParameter(ours)) continue;
    const theirs = NAMES.reduce((name, [pattern, replacement]) => name.replace(pattern, replacement), ours);
    if (theirs !== without) tensors.set(theirs, tensorOf(shape));
  }
  tensors.set("embeddings.token_type_embeddings.weight", tensorOf([2, 8]));
  tensors.set("pooler.dense.weight", tensorOf([8, 8]));
  writeSafetensors(path.join(from, "model.safetensors"), tensors);
  return tensors;
}

describe("a BERT encoder in DistilBERT's format", () => {
  const from = path.join(folder, "bert");
  const to = path.join(folder, "distilbert");
  const bert = writeBert(from);
  convertBertToDistilBert({ from, to });

  it("has every tensor under its new name, the type embedding in the positions, no pooler", () => {
    const { tensors } = readSafetensors(path.join(to, "model.safetensors"));
    const shapes = [...parameterShapes({ ...TINY, nLayers: 2 })].filter(([name]) => !isHeadParameter(name));
    assert.deepEqual([...tensors.keys()].sort(), shapes.map(([name]) => name).sort());
    for (const [ours, { data }] of tensors) {
      const theirs = NAMES.reduce((name, [pattern, replacement]) => name.replace(pattern, replacement), ours);
      if (ours.endsWith("position_embeddings.weight")) continue;
      assert.deepEqual(data, bert.get(theirs)?.data, ours);
    }
    const positions = bert.get("embeddings.position_embeddings.weight")?.data ?? new Float32Array();
    const types = bert.get("embeddings.token_type_embeddings.weight")?.data ?? new Float32Array();
    const sums = positions.map((value, index) => value + (types[index % 8] ?? NaN));
    assert.deepEqual(tensors.get("distilbert.embeddings.position_embeddings.weight")?.data, sums);
  });

  it("loads with a new head, and brings its tokenizer", () => {
    const model = DistilBertForSequenceClassification.fromFolder(to);
    assert.equal(model.newlyInitialized.every(isHeadParameter), true);
    assert.deepEqual([model.config.nLayers, model.config.hiddenDim], [2, 16]);
    model.dispose();
    assert.deepEqual(readdirSync(to).sort(), [
      "config.json",
      "model.safetensors",
      ...["special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"],
    ]);
  });

  it("is refused where there is no BERT, or a part of one", () => {
    const other = path.join(folder, "other");
    cpSync(from, other, { recursive: true });
    writeFileSync(path.join(other, "config.json"), JSON.stringify({ ...CONFIG, model_type: "gpt2" }));
    const target = path.join(folder, "target");
    assert.throws(
      () => {
        convertBertToDistilBert({ from: other, to: target });
      },
      new ModelError(`${shownPath(other)} holds a gpt2 model; expected a bert one to convert.`),
    );
    const empty = path.join(folder, "empty");
    assert.throws(
      () => {
        convertBertToDistilBert({ from: empty, to: target });
      },
      (error) => error instanceof ModelError && /config\.json does not exist/.test(error.message),
    );
    const part = path.join(folder, "part");
    writeBert(part, "encoder.layer.1.output.dense.bias");
    assert.throws(() => {
      convertBertToDistilBert({ from: part, to: target });
    }, new ModelError("The BERT file has no tensor encoder.layer.1.output.dense.bias; expected a whole encoder."));
  });
});
