import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { bertParameterShapes } from "../../../lib/src/model/parameter-shapes";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../../lib/src/model/safetensors";
import { AutoModelForSequenceClassification } from "../../../lib/src/model/auto-model";
import {
  BertForSequenceClassification,
  DistilBertForSequenceClassification,
} from "../../../lib/src/model/sequence-classification";
import type { SequenceClassificationModel } from "../../../lib/src/model/sequence-classification-model";
import { ArgumentError, ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { TINY_BERT, writeTinyBert, writeTinyModel } from "../tiny-model";
import { tensorCounts } from "../training/tiny-run";

const folder = temporaryFolder();
const whole = writeTinyBert(path.join(folder, "whole"));
const load = BertForSequenceClassification.fromFolder.bind(BertForSequenceClassification);
const weightsOf = (from: string) => path.join(from, "model.safetensors");
const HEAD = ["classifier.weight", "classifier.bias"];
const POOLER = ["bert.pooler.dense.weight", "bert.pooler.dense.bias"];

after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** A copy of the whole model whose tensors have other names; `undefined` leaves one out. */
function renamed(name: string, rename: (tensor: string) => string | undefined): string {
  const to = writeTinyBert(path.join(folder, name));
  const tensors = new Map<string, HostTensor>();
  for (const [stored, tensor] of readSafetensors(weightsOf(to)).tensors) {
    const other = rename(stored);
    if (other !== undefined) tensors.set(other, tensor);
  }
  writeSafetensors(weightsOf(to), tensors);
  return to;
}

/** A model's parameters by name, saved and read again. */
function savedTensors(model: SequenceClassificationModel): Map<string, HostTensor> {
  const to = path.join(folder, "saved");
  model.savePretrained(to);
  return readSafetensors(weightsOf(to)).tensors;
}

/** Asserts that a folder gives the whole model's parameters but for new ones. */
function assertLoads(from: string, newlyInitialized: string[]): void {
  const model = load(from);
  assert.deepEqual(model.newlyInitialized, newlyInitialized);
  const expected = readSafetensors(weightsOf(whole)).tensors;
  for (const [name, tensor] of savedTensors(model))
    if (!newlyInitialized.includes(name)) assert.deepEqual(tensor, expected.get(name), name);
  model.dispose();
}

const bare = (name: string) => (name.startsWith("bert.") ? name.slice("bert.".length) : undefined);

describe("a BERT checkpoint", () => {
  it("gives every parameter that it holds, and is written back to the byte", () => {
    const model = load(whole);
    assert.deepEqual(model.newlyInitialized, []);
    assert.deepEqual([...model.variables.keys()], [...bertParameterShapes(TINY_BERT).keys()]);
    const to = path.join(folder, "again");
    model.savePretrained(to);
    for (const name of ["model.safetensors", "config.json"])
      assert.deepEqual(readFileSync(path.join(to, name)), readFileSync(path.join(whole, name)));
    model.dispose();
  });

  it("of a bare encoder loads, with its pooler or without, and the head is new", () => {
    assertLoads(renamed("bare", bare), HEAD);
    const withoutPooler = renamed("no-pooler", (name) => (name.includes("pooler") ? undefined : bare(name)));
    assertLoads(withoutPooler, [...POOLER, ...HEAD]);
  });

  it("of old, whose layer norms have gamma and beta, loads", () => {
    const old = (name: string) =>
      name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    assertLoads(renamed("old", old), []);
    assertLoads(
      renamed("old-bare", (name) => bare(old(name))),
      HEAD,
    );
  });

  it("may hold heads for other tasks, which are left out", () => {
    const to = renamed("masked", (name) => name);
    const { tensors } = readSafetensors(weightsOf(to));
    tensors.set("cls.predictions.bias", { shape: [50], data: new Float32Array(50) });
    writeSafetensors(weightsOf(to), tensors);
    assertLoads(to, []);
  });

  it("without a part of its encoder is refused", () => {
    const types = "bert.embeddings.token_type_embeddings.weight";
    assert.throws(
      () => load(renamed("part", (name) => (name === types ? undefined : name))),
      new ModelError(
        `.../part/model.safetensors has no tensor ${types}; expected a BERT encoder of 1 layers.`,
      ),
    );
  });
});

describe("a BERT's options", () => {
  it("give it labels, a new head by seed, and dropout rates, which are saved", () => {
    const encoder = writeTinyBert(path.join(folder, "encoder"), { withHead: false });
    const id2label = { 0: "1 star", 1: "2 stars", 2: "3 stars", 3: "4 stars", 4: "5 stars" };
    const rates = { hiddenDropoutProb: 0, attentionProbsDropoutProb: 0.25, classifierDropout: 0.5 };
    const model = load(encoder, { id2label, seed: 3, ...rates });
    assert.deepEqual(model.newlyInitialized, [...POOLER, ...HEAD]);
    assert.deepEqual(model.variables.get("classifier.weight")?.shape, [5, 8]);
    const tensors = savedTensors(model);
    model.dispose();
    const again = load(path.join(folder, "saved"));
    assert.deepEqual(again.config, {
      ...TINY_BERT,
      ...rates,
      id2label,
      label2id: { "1 star": 0, "2 stars": 1, "3 stars": 2, "4 stars": 3, "5 stars": 4 },
    });
    again.dispose();
    const other = load(encoder, { id2label, seed: 4 });
    assert.notDeepEqual(savedTensors(other).get("classifier.weight"), tensors.get("classifier.weight"));
    other.dispose();
  });

  it("that cannot be are refused", () => {
    assert.throws(
      () => load(whole, { classifierDropout: 1 }),
      new ArgumentError("classifierDropout is 1; expected a number from 0 to below 1."),
    );
  });
});

describe("a model of one label", () => {
  it("is refused, since that is regression in transformers", () => {
    const one = { id2label: { 0: "score" }, label2id: { score: 0 } };
    const folders = [
      writeTinyBert(path.join(folder, "one-bert"), { config: one }),
      writeTinyModel(path.join(folder, "one-distilbert"), { config: one }),
    ];
    const encoder = writeTinyModel(path.join(folder, "bare-distilbert"), { withHead: false });
    for (const make of [
      ...folders.map((from) => () => AutoModelForSequenceClassification.fromFolder(from)),
      () => DistilBertForSequenceClassification.fromFolder(encoder, { id2label: one.id2label }),
    ])
      assert.throws(make, (error) => {
        assert.ok(error instanceof ModelError);
        assert.match(
          error.message,
          /^The model has the one label "score"; expected two or more\. .*regression/,
        );
        return true;
      });
  });
});

describe("the model that config.json names", () => {
  it("is of its architecture, with the labels asked for", async () => {
    const id2label = { 0: "a", 1: "b", 2: "c" };
    const encoder = writeTinyBert(path.join(folder, "auto-bert"), { withHead: false });
    const bert = await AutoModelForSequenceClassification.fromPretrained(encoder, { id2label });
    assert.ok(bert instanceof BertForSequenceClassification);
    assert.deepEqual(bert.id2label, id2label);
    const distilbert = AutoModelForSequenceClassification.fromFolder(
      writeTinyModel(path.join(folder, "auto-distilbert")),
    );
    assert.ok(distilbert instanceof DistilBertForSequenceClassification);
    bert.dispose();
    distilbert.dispose();
  });

  it("is refused where lib does not have its architecture", () => {
    const other = writeTinyBert(path.join(folder, "other"));
    writeFileSync(path.join(other, "config.json"), '{"model_type": "roberta"}');
    assert.throws(
      () => AutoModelForSequenceClassification.fromFolder(other),
      new ModelError(
        '.../other/config.json describes a "roberta" model; expected model_type "bert" or "distilbert".',
      ),
    );
  });
});
