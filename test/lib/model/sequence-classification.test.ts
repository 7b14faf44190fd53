import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { isHeadParameter, parameterShapes } from "../../../lib/src/model/parameter-shapes";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../../lib/src/model/safetensors";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, ModelError } from "../../../lib/src/runtime/errors";
import { memoryUse } from "../../../lib/src/runtime/memory";
import { collate } from "../../../lib/src/tokenization/collator";
import { temporaryFolder } from "../temporary-folder";
import { TINY, tinyFeatures, writeTinyModel } from "../tiny-model";

const folder = temporaryFolder();
const whole = writeTinyModel(path.join(folder, "whole"));
const load = DistilBertForSequenceClassification.fromFolder.bind(DistilBertForSequenceClassification);
const weightsOf = (from: string) => path.join(from, "model.safetensors");

function counts() {
  const { tensors, nativeTensors } = memoryUse();
  return { tensors, nativeTensors };
}

function logitsOf(model: DistilBertForSequenceClassification, texts: number[][]): number[][] {
  const logits = model.logits(
    collate(
      texts.map((inputIds) => ({ inputIds })),
      0,
    ),
  );
  const rows = logits.arraySync() as number[][];
  logits.dispose();
  return rows;
}

/** A copy of the whole model with other tensors. */
function changed(name: string, change: (tensors: Map<string, HostTensor>) => void): string {
  const to = writeTinyModel(path.join(folder, name));
  const { tensors } = readSafetensors(weightsOf(to));
  change(tensors);
  writeSafetensors(weightsOf(to), tensors);
  return to;
}

const classifier = "classifier.weight";
const query = "distilbert.transformer.layer.0.attention.q_lin.weight";

describe("a model folder", () => {
  it("gives every parameter that it holds", () => {
    const model = load(whole);
    assert.deepEqual(model.newlyInitialized, []);
    assert.deepEqual([...model.variables.keys()], [...parameterShapes(TINY).keys()]);
    const sizes = [...readSafetensors(weightsOf(whole)).tensors.values()].map(({ data }) => data.length);
    assert.equal(
      model.numParameters,
      sizes.reduce((sum, size) => sum + size),
    );
    model.dispose();
  });

  it("is written back to the byte, config included", () => {
    const model = load(whole);
    const to = path.join(folder, "saved");
    model.savePretrained(to);
    for (const name of ["model.safetensors", "config.json"])
      assert.deepEqual(readFileSync(path.join(to, name)), readFileSync(path.join(whole, name)));
    const again = load(to);
    const texts = tinyFeatures(6).map(({ inputIds }) => inputIds);
    assert.deepEqual(logitsOf(again, texts), logitsOf(model, texts));
    model.dispose();
    again.dispose();
  });

  it("without weights, with an unreadable file of them, or without a layer is refused", () => {
    const none = writeTinyModel(path.join(folder, "none"));
    rmSync(weightsOf(none));
    const before = counts();
    assert.throws(() => load(none), {
      name: "ModelError",
      message: /none\/model\.safetensors does not exist: expected the weights/,
    });
    writeFileSync(weightsOf(none), "not weights");
    assert.throws(() => load(none), ModelError);
    const lacking = changed("lacking", (tensors) => tensors.delete(query));
    assert.throws(
      () => load(lacking),
      new ModelError(
        `.../lacking/model.safetensors has no tensor ${query}; expected a DistilBERT encoder of 1 layers.`,
      ),
    );
    assert.deepEqual(counts(), before);
  });

  it("with a parameter of another shape is refused, and leaks nothing", () => {
    // late in the order, so that variables have been made by then
    const before = counts();
    const wrong = changed("wrong", (tensors) =>
      tensors.set("classifier.bias", { shape: [3], data: new Float32Array(3) }),
    );
    assert.throws(
      () => load(wrong),
      new ModelError(
        ".../wrong/model.safetensors has classifier.bias of shape [3]; its config and labels want [2].",
      ),
    );
    const flat = changed("flat", (tensors) =>
      tensors.set(classifier, { shape: [16], data: new Float32Array(16) }),
    );
    assert.throws(
      () => load(flat),
      /has classifier\.weight of shape \[16\]; its config and labels want \[2, 8\]/,
    );
    const names = { 0: "bad", 1: "so so", 2: "good" };
    assert.throws(
      () => load(whole, { id2label: names }),
      new ModelError(
        ".../whole/model.safetensors does not fit its label names. id2label has 3 names (0 bad, 1 so so, 2 good) and the classifier 2 outputs. Mend its config.json.",
      ),
    );
    assert.deepEqual(counts(), before);
  });
});

describe("a new head", () => {
  const encoder = writeTinyModel(path.join(folder, "encoder"), {
    withHead: false,
    config: { initializerRange: 0.5 },
  });
  const headOf = (seed: number) => {
    const model = load(encoder, { seed });
    const to = path.join(folder, "head");
    model.savePretrained(to);
    model.dispose();
    const { tensors } = readSafetensors(weightsOf(to));
    return [...tensors].filter(([name]) => isHeadParameter(name));
  };

  it("is named as such, has the labels asked for, and begins at random with biases of 0", () => {
    const id2label = { 0: "bad", 1: "so so", 2: "good" };
    const model = load(encoder, { id2label });
    assert.deepEqual(model.newlyInitialized, [
      "pre_classifier.weight",
      "pre_classifier.bias",
      classifier,
      "classifier.bias",
    ]);
    assert.deepEqual(model.variables.get(classifier)?.shape, [3, 8]);
    assert.deepEqual(model.id2label, id2label);
    assert.deepEqual(model.config.label2id, { bad: 0, "so so": 1, good: 2 });
    model.dispose();
    const head = new Map(headOf(1));
    assert.ok(head.get("pre_classifier.bias")?.data.every((value) => value === 0));
    const values = head.get("pre_classifier.weight")?.data ?? new Float32Array();
    const std = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    // 64 values: five standard errors of a standard deviation of 0.5
    assert.ok(Math.abs(std - 0.5) < 5 * (0.5 / Math.sqrt(128)), `std ${std}`);
  });

  it("is the same for the same seed, another for another", () => {
    assert.deepEqual(headOf(1), headOf(1));
    assert.notDeepEqual(headOf(1), headOf(2));
  });
});

describe("weights loaded into a model", () => {
  it("replace every parameter", () => {
    const other = writeTinyModel(path.join(folder, "other"), { seed: 2 });
    const model = load(whole);
    model.loadWeights(other);
    model.savePretrained(path.join(folder, "loaded"));
    assert.deepEqual(readFileSync(weightsOf(path.join(folder, "loaded"))), readFileSync(weightsOf(other)));
    model.dispose();
  });

  it("that do not fit are refused, and the model stays as it was", () => {
    const model = load(whole);
    const before = counts();
    const lacking = changed("lacking-last", (tensors) => {
      for (const { data } of tensors.values()) data.fill(9);
      tensors.delete("classifier.bias");
    });
    assert.throws(() => {
      model.loadWeights(lacking);
    }, /has no tensor classifier\.bias; expected every parameter of the model/);
    const wrong = changed("wrong-last", (tensors) => {
      for (const { data } of tensors.values()) data.fill(9);
      tensors.set("classifier.bias", { shape: [3], data: new Float32Array(3) });
    });
    assert.throws(() => {
      model.loadWeights(wrong);
    }, /has classifier\.bias of shape \[3\]/);
    assert.throws(() => {
      model.loadWeights(path.join(folder, "nowhere"));
    }, ModelError);
    assert.deepEqual(counts(), before);
    model.savePretrained(path.join(folder, "kept"));
    assert.deepEqual(readFileSync(weightsOf(path.join(folder, "kept"))), readFileSync(weightsOf(whole)));
    model.dispose();
  });
});

describe("a model's tensors", () => {
  it("are one a parameter, none more after a forward pass, and none when it is disposed of", () => {
    const before = counts();
    const model = load(whole);
    const loaded = counts();
    assert.equal(loaded.tensors - before.tensors, model.variables.size);
    assert.equal(loaded.nativeTensors - before.nativeTensors, model.variables.size);
    logitsOf(model, [[1, 10, 2]]);
    model.savePretrained(path.join(folder, "counted"));
    assert.deepEqual(counts(), loaded);
    model.dispose();
    assert.deepEqual(counts(), before);
  });

  it("are none more after a batch that the model cannot read", () => {
    const model = load(whole);
    const before = counts();
    assert.throws(
      () => logitsOf(model, [[1, 2], new Array<number>(17).fill(1)]),
      new ArgumentError("A text of the batch has 17 tokens; the model reads at most 16: lower maxLength."),
    );
    for (const id of [50, -1])
      assert.throws(
        () => logitsOf(model, [[1, id]]),
        new ArgumentError(
          `The batch has the token ${id}; the model's vocabulary has 0 to 49: is this its tokenizer?`,
        ),
      );
    assert.deepEqual(counts(), before);
    assert.ok(
      logitsOf(model, [new Array<number>(16).fill(49)])
        .flat()
        .every(Number.isFinite),
    );
    model.dispose();
  });
});
