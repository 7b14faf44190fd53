import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { predictLogits } from "../../../lib/src/evaluation/predict";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { evaluateModel } from "../../../lib/src/training/evaluate";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun } from "./tiny-run";

const folder = temporaryFolder();
const model = DistilBertForSequenceClassification.fromFolder(writeTinyModel(path.join(folder, "model")));
after(() => {
  model.dispose();
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

const trainerWith = (more: Partial<TrainerParams> = {}, args: Partial<TrainerParams["args"]> = {}): Trainer =>
  new Trainer({ ...tinyRun(model, path.join(folder, "run"), args), ...more });
const SPEED = ["runtime", "samples_per_second", "steps_per_second"];

describe("a prediction", () => {
  const features = tinyFeatures(9, 4);

  it("gives logits, labels and metrics by the prefix, and logs nothing", async () => {
    const trainer = trainerWith({ computeMetrics: ({ labels }) => ({ seen: labels.length, test_own: 1 }) });
    const { predictions, labelIds, metrics } = await trainer.predict(features);
    assert.deepEqual(predictions, await predictLogits({ model, features, padTokenId: 0, batchSize: 8 }));
    assert.deepEqual(
      labelIds,
      features.map(({ label }) => label),
    );
    assert.deepEqual(Object.keys(metrics), [
      ...["test_loss", "test_seen", "test_own"],
      ...SPEED.map((name) => `test_${name}`),
    ]);
    assert.deepEqual([metrics["test_seen"], trainer.state.logHistory], [9, []]);
    assert.ok((metrics["test_runtime"] ?? 0) > 0);
    assert.deepEqual(Object.keys((await trainer.predict(features, "held_out")).metrics)[0], "held_out_loss");
  });

  it("needs no labels, and then has neither loss nor metrics", async () => {
    const bare = features.map(({ inputIds }) => ({ inputIds }));
    const { predictions, labelIds, metrics } = await trainerWith().predict(bare);
    assert.equal(predictions.length, 9);
    assert.equal(labelIds, null);
    assert.deepEqual(
      Object.keys(metrics),
      SPEED.map((name) => `test_${name}`),
    );
  });

  it("is refused of an empty set, of labels of some examples only, and of one that the model does not have", async () => {
    const trainer = trainerWith();
    await assert.rejects(
      trainer.predict([]),
      new DataError("The test set has 0 examples; expected at least one."),
    );
    await assert.rejects(
      trainer.predict([{ inputIds: [1], label: 1 }, { inputIds: [1] }]),
      /Example 1 of the test set has the label undefined/,
    );
    await assert.rejects(
      trainer.predict([{ inputIds: [1], label: 5 }]),
      /Example 0 of the test set has the label 5/,
    );
  });

  it("is told to the callbacks", async () => {
    const told: string[][] = [];
    const trainer = trainerWith({
      callbacks: [{ onPredict: (metrics) => void told.push(Object.keys(metrics)) }],
    });
    await trainer.predict(features);
    assert.deepEqual(told, [["test_loss", "test_accuracy", ...SPEED.map((name) => `test_${name}`)]]);
  });
});

describe("an evaluation by the Trainer", () => {
  it("is logged under its prefix, with epoch and step, and told to the callbacks", async () => {
    const told: string[] = [];
    const trainer = trainerWith({
      callbacks: [{ onEvaluate: (entry) => void told.push(Object.keys(entry).join()) }],
    });
    const metrics = await trainer.evaluate();
    const names = ["loss", "accuracy", ...SPEED].map((name) => `eval_${name}`);
    assert.deepEqual(Object.keys(metrics), [...names, "epoch"]);
    const other = await trainer.evaluate(tinyFeatures(4, 9), "eval_other");
    assert.deepEqual(Object.keys(other)[0], "eval_other_loss");
    assert.deepEqual(trainer.state.logHistory, [
      { ...metrics, step: 0 },
      { ...other, step: 0 },
    ]);
    assert.deepEqual(told[0], [...names, "epoch", "step"].join());
    assert.equal(told.length, 2);
  });

  it("takes the loss as training does: smoothed, and by the classes' weights", async () => {
    const features = tinyFeatures(9, 4);
    const options = { labelSmoothingFactor: 0.3, classWeights: [0.2, 3] };
    const trainer = trainerWith({ classWeights: options.classWeights }, { labelSmoothingFactor: 0.3 });
    const { eval_loss: found = NaN } = await trainer.evaluate(features);
    const params = { model, features, padTokenId: 0, computeMetrics: () => ({}) };
    const { loss: expected = NaN } = await evaluateModel({ ...params, loss: options });
    const { loss: plain = NaN } = await evaluateModel(params);
    assert.ok(Math.abs(found - expected) < 1e-6, `${found}, not ${expected}`);
    assert.ok(Math.abs(found - plain) > 1e-3, "it makes a difference");
  });
});

describe("class weights of a Trainer", () => {
  it("change what it learns, and are refused where they do not fit", async () => {
    assert.throws(() => trainerWith({ classWeights: [1, 2, 3] }), ArgumentError);
    const trained = async (classWeights?: number[]): Promise<number> => {
      const fresh = DistilBertForSequenceClassification.fromFolder(path.join(folder, "model"));
      const run = tinyRun(fresh, path.join(folder, "run"), { maxSteps: 20 });
      const trainer = new Trainer({ ...run, ...(classWeights ? { classWeights } : {}) });
      await trainer.train();
      const { predictions } = await trainer.predict(tinyFeatures(12));
      fresh.dispose();
      return predictions.filter(([zero = 0, one = 0]) => one > zero).length;
    };
    // where label 1 counts for next to nothing, it is hardly ever said, and the other way round
    const [zero, one] = [await trained([1, 0.001]), await trained([0.001, 1])];
    assert.ok(zero <= 1 && one >= 11, `${zero} and ${one} of 12`);
  });
});
