import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { readConfig } from "../../../lib/src/model/config";
import { mendLabelNames, readLabelNames } from "../../../lib/src/model/label-names";
import { ModelError } from "../../../lib/src/runtime/errors";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";

const folder = temporaryFolder();
let made = 0;

/** A tiny model whose config.json has these fields changed; `undefined` takes a field out. */
function modelWith(change: Record<string, unknown>, options: { withHead?: boolean } = {}): string {
  const model = writeTinyModel(path.join(folder, `model-${(made += 1)}`), options);
  const file = path.join(model, "config.json");
  const json = { ...(JSON.parse(readFileSync(file, "utf8")) as object), ...change };
  writeFileSync(file, JSON.stringify(json));
  return model;
}

const SENTIMENT = { 0: "NEGATIVE", 1: "POSITIVE" };

describe("what a model folder says of its labels", () => {
  it("is right where every output has a name and the two lists agree", () => {
    const names = readLabelNames(modelWith({ id2label: SENTIMENT, label2id: { NEGATIVE: 0, POSITIVE: 1 } }));
    assert.deepEqual(names.problems, []);
    assert.deepEqual(names.present().rows, [
      [0, "NEGATIVE", "NEGATIVE"],
      [1, "POSITIVE", "POSITIVE"],
    ]);
    assert.equal(names.present().note, "Every output has a name, and the two lists agree.");
  });

  it("may be missing", () => {
    const names = readLabelNames(modelWith({ id2label: undefined, label2id: undefined }));
    assert.deepEqual(names.problems, ["id2label is missing: whoever loads the model sees LABEL_0, LABEL_1."]);
    assert.deepEqual(names.present().rows, [
      [0, null, null],
      [1, null, null],
    ]);
  });

  it("may be nobody's: LABEL_0 and LABEL_1", () => {
    assert.match(readLabelNames(writeTinyModel(path.join(folder, "plain"))).problems.join(), /nobody named/);
  });

  it("may contradict itself", () => {
    const { problems } = readLabelNames(
      modelWith({ id2label: SENTIMENT, label2id: { NEGATIVE: 1, POSITIVE: 0 } }),
    );
    assert.deepEqual(problems, [
      "label2id contradicts id2label: which of them counts depends on who reads the file.",
    ]);
  });

  it("may name three labels for two outputs", () => {
    const three = { 0: "a", 1: "b", 2: "c" };
    const { problems } = readLabelNames(modelWith({ id2label: three, label2id: undefined }));
    assert.deepEqual(problems, ["id2label has 3 names (0 a, 1 b, 2 c) and the classifier 2 outputs."]);
  });

  it("may be numbered from 1, or give one name twice", () => {
    const from1 = readLabelNames(modelWith({ id2label: { 1: "a", 2: "b" }, label2id: undefined }));
    assert.deepEqual(from1.problems, ["id2label (1 a, 2 b) is not numbered from 0."]);
    const twice = readLabelNames(modelWith({ id2label: { 0: "a", 1: "a" }, label2id: undefined }));
    assert.deepEqual(twice.problems, ["id2label (0 a, 1 a) gives one name to two outputs."]);
  });

  it("is asked of an encoder without a head too", () => {
    const { outputs } = readLabelNames(modelWith({ id2label: SENTIMENT }, { withHead: false }));
    assert.equal(outputs, undefined);
  });

  it("is refused where it is no names at all", () => {
    for (const id2label of [3, "NEGATIVE", null, ["a", "b"], { 0: 1 }])
      assert.throws(
        () => readLabelNames(modelWith({ id2label })),
        (error) => error instanceof ModelError && error.message.includes("no list of names"),
      );
  });
});

describe("mending label names", () => {
  it("changes the two lists and nothing else, and the model reads them", () => {
    const model = modelWith({ id2label: { 0: "POSITIVE", 1: "NEGATIVE" }, somebody: { elses: [1] } });
    const file = path.join(model, "config.json");
    const before = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    assert.deepEqual(mendLabelNames(model, SENTIMENT).problems, []);
    const after = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    assert.deepEqual(after, { ...before, id2label: SENTIMENT, label2id: { NEGATIVE: 0, POSITIVE: 1 } });
    assert.deepEqual(Object.keys(after), Object.keys(before));
    assert.deepEqual(readConfig(model).id2label, SENTIMENT);
  });

  it("refuses what cannot be, and leaves the file as it was", () => {
    const model = modelWith({ id2label: SENTIMENT });
    const file = path.join(model, "config.json");
    const before = readFileSync(file, "utf8");
    for (const [names, message] of [
      [{ 0: "a", 1: "b", 2: "c" }, /3 names \(0 a, 1 b, 2 c\) and the classifier 2 outputs/],
      [{ 0: "a" }, /1 names \(0 a\) and the classifier 2 outputs/],
      [{ 1: "a", 2: "b" }, /\(1 a, 2 b\) is not numbered from 0/],
      [{ 0: "a", 1: "a" }, /gives one name to two outputs/],
    ] as [Record<number, string>, RegExp][])
      assert.throws(
        () => mendLabelNames(model, names),
        (error) => error instanceof ModelError && message.test(error.message),
      );
    assert.equal(readFileSync(file, "utf8"), before);
  });
});
