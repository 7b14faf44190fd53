import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { bertParameterShapes, parameterShapes } from "../../../lib/src/model/parameter-shapes";
import { AutoModelForSequenceClassification, type ModelConfig } from "../../../lib/src/model/auto-model";
import {
  BertForSequenceClassification,
  DistilBertForSequenceClassification,
} from "../../../lib/src/model/sequence-classification";
import type { SequenceClassificationModel } from "../../../lib/src/model/sequence-classification-model";
import { ModelError } from "../../../lib/src/runtime/errors";
import { memoryUse } from "../../../lib/src/runtime/memory";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { temporaryFolder } from "../temporary-folder";
import { TINY, TINY_BERT, tinyFeatures } from "../tiny-model";

const folder = temporaryFolder();
const fromConfig = (config: ModelConfig, seed?: number): SequenceClassificationModel =>
  AutoModelForSequenceClassification.fromConfig(config, seed === undefined ? {} : { seed });

function values(model: SequenceClassificationModel, name: string): number[] {
  return tf.tidy(() => Array.from(model.variables.get(name)?.read().dataSync() ?? []));
}

function deviation(numbers: number[]): number {
  return Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length);
}

const ARCHITECTURES = [
  {
    config: { modelType: "distilbert", ...TINY, dim: 64, hiddenDim: 128, padTokenId: 3 },
    shapes: parameterShapes({ ...TINY, dim: 64, hiddenDim: 128 }),
    table: "distilbert.embeddings.word_embeddings.weight",
    query: "distilbert.transformer.layer.0.attention.q_lin",
    norms: ["distilbert.embeddings.LayerNorm", "distilbert.transformer.layer.0.sa_layer_norm"],
  },
  {
    config: { modelType: "bert", ...TINY_BERT, hiddenSize: 64, intermediateSize: 128, padTokenId: 3 },
    shapes: bertParameterShapes({ ...TINY_BERT, hiddenSize: 64, intermediateSize: 128 }),
    table: "bert.embeddings.word_embeddings.weight",
    query: "bert.encoder.layer.0.attention.self.query",
    norms: ["bert.embeddings.LayerNorm", "bert.encoder.layer.0.attention.output.LayerNorm"],
  },
] as const;

for (const { config, shapes, table, query, norms } of ARCHITECTURES)
  describe(`a ${config.modelType} from its config`, () => {
    it("has every parameter, as transformers initialises it", () => {
      const model = fromConfig(config, 1);
      assert.deepEqual(
        [...model.variables].map(([name, { shape }]) => [name, shape]),
        [...shapes],
      );
      assert.deepEqual(model.newlyInitialized, [...shapes.keys()]);
      for (const name of [table, `${query}.weight`, "classifier.weight"]) {
        const found = deviation(values(model, name));
        assert.ok(Math.abs(found - 0.02) < 0.004, `${name} ${found}`);
      }
      assert.ok(values(model, `${query}.bias`).every((value) => value === 0));
      for (const norm of norms) {
        assert.ok(values(model, `${norm}.weight`).every((value) => value === 1));
        assert.ok(values(model, `${norm}.bias`).every((value) => value === 0));
      }
      const words = values(model, table);
      assert.ok(words.slice(3 * 64, 4 * 64).every((value) => value === 0));
      assert.ok(words.slice(0, 3 * 64).every((value) => value !== 0));
      model.dispose();
    });

    it("has the same weights for the same seed, others for another, and no two parameters alike", () => {
      const models = [1, 1, 2].map((seed) => fromConfig(config, seed));
      const [one, same, other] = models.map((model) => values(model, `${query}.weight`));
      assert.deepEqual(same, one);
      assert.notDeepEqual(other, one);
      const [first] = models;
      assert.ok(first);
      const firstValues = [...first.variables.keys()].map((name) => values(first, name)[0]);
      const drawn = firstValues.filter((value) => value !== 0 && value !== 1);
      assert.equal(new Set(drawn).size, drawn.length);
      for (const model of models) model.dispose();
    });

    it("classifies, is saved and comes back, and leaves no tensor", () => {
      const before = memoryUse();
      const model = fromConfig(config);
      const batch = collate(tinyFeatures(4), 0);
      const logitsOf = (by: SequenceClassificationModel) => tf.tidy(() => by.logits(batch).arraySync());
      const saved = path.join(folder, config.modelType);
      model.savePretrained(saved);
      const again = AutoModelForSequenceClassification.fromFolder(saved);
      assert.equal(again.constructor, model.constructor);
      assert.deepEqual(again.config, model.config);
      assert.deepEqual(logitsOf(again), logitsOf(model));
      model.dispose();
      again.dispose();
      assert.equal(memoryUse().tensors, before.tensors);
      assert.equal(memoryUse().nativeTensors, before.nativeTensors);
    });
  });

describe("a config with parts left out", () => {
  it("is of base size where it says nothing", () => {
    // one layer of a narrow model, so that nothing large is made; all else is the base model's
    const distilBert = DistilBertForSequenceClassification.fromConfig({ dim: 12, hiddenDim: 8, nLayers: 1 });
    const { vocabSize, maxPositionEmbeddings, nHeads, dropout, seqClassifDropout } = distilBert.config;
    assert.deepEqual(
      [vocabSize, maxPositionEmbeddings, nHeads, dropout, seqClassifDropout],
      [30522, 512, 12, 0.1, 0.2],
    );
    distilBert.dispose();
    const bert = BertForSequenceClassification.fromConfig({ hiddenSize: 12, numHiddenLayers: 1 });
    const { typeVocabSize, intermediateSize, classifierDropout, id2label } = bert.config;
    assert.deepEqual(
      [typeVocabSize, intermediateSize, classifierDropout, id2label],
      [2, 3072, null, { 0: "LABEL_0", 1: "LABEL_1" }],
    );
    bert.dispose();
  });

  it("takes names of labels, and as many outputs", () => {
    const id2label = { 0: "bad", 1: "fair", 2: "good" };
    const model = fromConfig({ modelType: "distilbert", ...TINY, id2label });
    assert.deepEqual(model.config.label2id, { bad: 0, fair: 1, good: 2 });
    assert.deepEqual(model.variables.get("classifier.weight")?.shape, [3, 8]);
    model.dispose();
  });
});

describe("a config that is none", () => {
  const refused = (config: ModelConfig, message: string | RegExp) => {
    const { tensors } = memoryUse();
    assert.throws(() => fromConfig(config), { name: ModelError.name, message });
    assert.equal(memoryUse().tensors, tensors);
  };

  it("is refused by what it says", () => {
    refused(
      { modelType: "distilbert", nLayers: 0 },
      "The config has n_layers: 0; expected a whole number above 0.",
    );
    refused(
      { modelType: "bert", hiddenSize: 10 },
      "The config has hidden_size 10, which its num_attention_heads 12 do not divide.",
    );
    refused(
      { modelType: "bert", hiddenDropoutProb: 1 },
      "The config has hidden_dropout_prob: 1; expected a number from 0 to below 1.",
    );
    refused({ modelType: "distilbert", id2label: { 0: "only" } }, /^The model has the one label "only"/);
  });

  it("is refused for an architecture that lib does not have", () => {
    const config = { modelType: "roberta" } as unknown as ModelConfig;
    refused(config, 'The config describes a "roberta" model; expected "bert" or "distilbert".');
  });
});
