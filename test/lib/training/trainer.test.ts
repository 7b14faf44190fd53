import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { WatchSet } from "../../../lib/src/training/watch-set";
import { accuracyOnly } from "../../../lib/src/training/evaluate";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const scratch = path.join(folder, "scratch");
let runs = 0;
let model: DistilBertForSequenceClassification;
let outputDir: string;

beforeEach(() => {
  model = DistilBertForSequenceClassification.fromFolder(source);
  runs += 1;
  outputDir = path.join(folder, `run-${runs}`);
});
afterEach(() => {
  model.dispose();
});
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** Trains a fresh model and returns its weights. */
async function trained(
  args: Partial<TrainerParams["args"]> = {},
  more: Partial<TrainerParams> = {},
): Promise<Buffer> {
  const fresh = DistilBertForSequenceClassification.fromFolder(source);
  await new Trainer({ ...tinyRun(fresh, outputDir, args), ...more }).train();
  const bytes = weightBytes(fresh, scratch);
  fresh.dispose();
  return bytes;
}

describe("a run's seed", () => {
  it("decides the weights to the bit: order and dropout", async () => {
    const first = await trained({ seed: 1 });
    assert.deepEqual(await trained({ seed: 1 }), first);
    assert.notDeepEqual(await trained({ seed: 2 }), first);
  });

  it("decides dropout where the order is the set's own", async () => {
    const first = await trained({ seed: 1, trainSamplingStrategy: "sequential" });
    assert.notDeepEqual(await trained({ seed: 2, trainSamplingStrategy: "sequential" }), first);
  });
});

describe("a run", () => {
  it("takes the steps it was asked for and reports its losses, clipped or not", async () => {
    const run = tinyRun(model, outputDir, {
      maxSteps: -1,
      numTrainEpochs: 2,
      perDeviceTrainBatchSize: 5,
      loggingSteps: 2,
    });
    const { globalStep, trainingLoss, lastCheckpoint, state } = await new Trainer(run).train();
    assert.deepEqual([globalStep, state.maxSteps, state.epoch, lastCheckpoint], [6, 6, 2, null]);
    const logged = state.logHistory.filter(({ loss }) => loss !== undefined);
    const losses = logged.map(({ loss = NaN }) => loss);
    assert.deepEqual(
      logged.map(({ step }) => step),
      [2, 4, 6],
    );
    assert.ok(Math.abs(trainingLoss - losses.reduce((sum, loss) => sum + loss) / 3) < 1e-12);
    assert.deepEqual(
      logged.map(({ epoch }) => epoch),
      [2 / 3, 4 / 3, 2],
    );
    assert.equal(existsSync(outputDir), false, "nothing is saved");
  });

  it("logs the learning rate that the step was taken with, as transformers does", async () => {
    const run = tinyRun(model, outputDir, {
      loggingSteps: 1,
      maxSteps: 4,
      learningRate: 8e-3,
      warmupSteps: 2,
    });
    const { state } = await new Trainer(run).train();
    assert.deepEqual(
      state.logHistory.flatMap((entry) => entry["learning_rate"] ?? []),
      [0, 4e-3, 8e-3, 4e-3],
    );
  });

  it("can overfit one batch", async () => {
    const config = { dropout: 0, attentionDropout: 0, seqClassifDropout: 0 };
    const fresh = DistilBertForSequenceClassification.fromFolder(
      writeTinyModel(path.join(folder, "calm"), { config }),
    );
    const features = tinyFeatures(8, 3);
    const run = tinyRun(fresh, outputDir, { maxSteps: 60, perDeviceTrainBatchSize: 8, learningRate: 3e-2 });
    const trainer = new Trainer({ ...run, trainDataset: features, evalDataset: features });
    const before = await trainer.evaluate();
    await trainer.train();
    const { eval_loss: loss = NaN, eval_accuracy: accuracy } = await trainer.evaluate();
    assert.ok((before["eval_loss"] ?? 0) > 0.3, `loss ${before["eval_loss"]} before`);
    assert.ok(loss < 0.01, `loss ${loss} after`);
    assert.equal(accuracy, 1);
    fresh.dispose();
  });

  it("does not move a weight at a learning rate of 0", async () => {
    assert.deepEqual(await trained({ learningRate: 0 }), weightBytes(model, scratch));
  });

  it("again begins anew, with the weights that there are", async () => {
    const trainer = new Trainer(tinyRun(model, outputDir, { loggingSteps: 3 }));
    const first = await trainer.train();
    const between = weightBytes(model, scratch);
    const second = await trainer.train();
    assert.deepEqual([second.globalStep, second.state.logHistory.length], [6, 3]);
    assert.ok(second.trainingLoss < first.trainingLoss);
    assert.notDeepEqual(weightBytes(model, scratch), between);
    assert.equal(first.state.logHistory.length, 3, "what the first run reported stays");
  });

  it("ends after the step at which a callback asks for it", async () => {
    const callback: TrainerCallback = {
      onStepEnd: ({ state, control }) => {
        control.shouldTrainingStop = state.globalStep === 2;
      },
    };
    const { globalStep } = await new Trainer({ ...tinyRun(model, outputDir), callbacks: [callback] }).train();
    assert.equal(globalStep, 2);
  });
});

describe("a run's sets", () => {
  const build =
    (change: Partial<TrainerParams>, args: Partial<TrainerParams["args"]> = {}) =>
    () =>
      new Trainer({ ...tinyRun(model, outputDir, args), ...change });

  it("are refused where they are empty, or a label is missing or outside the mapping", () => {
    assert.throws(
      build({ trainDataset: [] }),
      new DataError("The training set has 0 examples; expected at least one."),
    );
    assert.throws(
      build({ evalDataset: [] }),
      new DataError("The evaluation set has 0 examples; expected at least one."),
    );
    const knows = 'the model knows {"0":"LABEL_0","1":"LABEL_1"}.';
    for (const label of [2, -1, 0.5])
      assert.throws(
        build({
          trainDataset: [
            { inputIds: [1], label: 0 },
            { inputIds: [1], label },
          ],
        }),
        new DataError(`Example 1 of the training set has the label ${label}; ${knows}`),
      );
    assert.throws(
      build({ evalDataset: [{ inputIds: [1] }] }),
      new DataError(`Example 0 of the evaluation set has the label undefined; ${knows}`),
    );
  });

  it("are refused where there is none to evaluate with", async () => {
    const { evalDataset, ...run } = tinyRun(model, outputDir, { evalStrategy: "epoch" });
    assert.ok(evalDataset);
    assert.throws(
      () => new Trainer(run),
      new ArgumentError('evalStrategy is "epoch", which needs an evalDataset.'),
    );
    const never = new Trainer({ ...run, args: { ...run.args, evalStrategy: "no" } });
    await assert.rejects(
      never.evaluate(),
      new DataError("The evaluation set has 0 examples; expected at least one."),
    );
    await assert.rejects(never.evaluate([{ inputIds: [1], label: 2 }]), DataError);
    await assert.rejects(never.evaluate([{ inputIds: [1] }]), DataError);
  });
});

describe("a run's callbacks", () => {
  it("are called in order, with what happened", async () => {
    const seen: string[] = [];
    const callback: TrainerCallback = {
      onTrainBegin: ({ state }) => void seen.push(`begin ${state.globalStep}`),
      onStepEnd: ({ state }) => void seen.push(`step ${state.globalStep}`),
      onLog: (entry) => void seen.push(`log ${Object.keys(entry)[0]} ${entry.step}`),
      onEvaluate: (entry) => void seen.push(`evaluate ${"eval_accuracy" in entry} ${entry.step}`),
      onSave: (saved) => void seen.push(`save ${path.basename(saved)} ${existsSync(saved)}`),
      onTrainEnd: ({ state }) => void seen.push(`end ${state.globalStep}`),
    };
    const late: TrainerCallback = {
      onStepEnd: async ({ state }) => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`late ${state.globalStep}`);
      },
    };
    const args = {
      evalStrategy: "steps",
      saveStrategy: "steps",
      evalSteps: 2,
      saveSteps: 2,
      loggingSteps: 2,
      maxSteps: 3,
    } as const;
    await new Trainer({ ...tinyRun(model, outputDir, args), callbacks: [callback, late] }).train();
    assert.deepEqual(seen, [
      "begin 0",
      ...["step 1", "late 1"],
      ...["step 2", "late 2", "log loss 2", "log eval_loss 2", "evaluate true 2", "save checkpoint-2 true"],
      // the last loss is logged; as in transformers, the end is evaluated and saved (DefaultFlowCallback)
      ...["step 3", "late 3", "log loss 3", "log eval_loss 3", "evaluate true 3", "save checkpoint-3 true"],
      ...["log train_runtime 3", "end 3"],
    ]);
  });

  it("may watch another set without changing a bit of the training", async () => {
    const args = { evalStrategy: "steps", evalSteps: 2, maxSteps: 4 } as const;
    const without = await trained(args);
    const fresh = DistilBertForSequenceClassification.fromFolder(source);
    const watch = new WatchSet({
      model: fresh,
      features: tinyFeatures(10, 5),
      padTokenId: 0,
      computeMetrics: accuracyOnly,
    });
    await new Trainer({ ...tinyRun(fresh, outputDir, args), callbacks: [watch] }).train();
    assert.deepEqual(weightBytes(fresh, scratch), without);
    assert.deepEqual(
      watch.points.map(({ step }) => step),
      [2, 4],
    );
    assert.ok(
      watch.points.every(
        ({ metrics }) => Number.isFinite(metrics["loss"]) && Number.isFinite(metrics["accuracy"]),
      ),
    );
    fresh.dispose();
  });
});
