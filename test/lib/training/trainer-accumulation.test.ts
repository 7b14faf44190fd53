import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import type { TrainingArguments } from "../../../lib/src/training/training-arguments";
import type { TrainOutput } from "../../../lib/src/training/train-output";
import { Trainer } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const scratch = path.join(folder, "scratch");
const source = writeTinyModel(path.join(folder, "model"));
const CALM = { dropout: 0, attentionDropout: 0, seqClassifDropout: 0 };
let runs = 0;
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** A run over ten texts; with dropout only where the source's own is taken. */
async function runOf(
  args: Partial<TrainingArguments>,
  dropout: Partial<typeof CALM> = CALM,
): Promise<TrainOutput & { outputDir: string; bytes: Buffer }> {
  const model = DistilBertForSequenceClassification.fromFolder(source, dropout);
  runs += 1;
  const outputDir = path.join(folder, `run-${runs}`);
  const run = tinyRun(model, outputDir, { maxSteps: -1, loggingSteps: 1, ...args });
  const output = await new Trainer({ ...run, trainDataset: tinyFeatures(10) }).train();
  const bytes = weightBytes(model, scratch);
  model.dispose();
  return { ...output, outputDir, bytes };
}

const column = ({ state }: TrainOutput, name: string): (number | undefined)[] =>
  state.logHistory.filter(({ loss }) => loss !== undefined).map((entry) => entry[name]);

describe("a run that accumulates gradients", () => {
  it("logs the losses, norms and learning rates of the larger batch", async () => {
    const args = { numTrainEpochs: 2, warmupSteps: 2 };
    // ten texts: batches of 2, 2, 2 and 2, 2 make updates of 6 and 4, as batches of 6 do
    const small = await runOf({ ...args, perDeviceTrainBatchSize: 2, gradientAccumulationSteps: 3 });
    const large = await runOf({ ...args, perDeviceTrainBatchSize: 6 });
    assert.deepEqual([small.globalStep, large.globalStep], [4, 4]);
    assert.deepEqual(column(small, "learning_rate"), column(large, "learning_rate"));
    for (const name of ["loss", "grad_norm"])
      for (const [index, expected] of column(large, name).entries()) {
        const found = column(small, name)[index] ?? NaN;
        // measured on two cores: within 1e-5 of itself in the last step
        assert.ok(Math.abs(found - (expected ?? NaN)) < 1e-4 * (expected ?? NaN), `${name}: ${found}`);
      }
    assert.ok(Math.abs(small.trainingLoss - large.trainingLoss) < 1e-5);
  });

  it("counts updates: log, evaluation, checkpoints; epochs are counted in texts' batches, as transformers does", async () => {
    const run = await runOf({
      ...{ perDeviceTrainBatchSize: 2, gradientAccumulationSteps: 3, numTrainEpochs: 2 },
      ...{ evalStrategy: "steps", evalSteps: 2, saveStrategy: "epoch" },
    });
    assert.deepEqual([run.globalStep, run.state.maxSteps], [4, 4]);
    const steps = run.state.logHistory.slice(0, -1);
    const logged = steps.map(({ step, epoch, loss }) => [step, epoch, loss === undefined]);
    assert.deepEqual(logged, [
      [1, 3 / 5, false],
      [2, 1, false],
      [2, 1, true],
      [3, 8 / 5, false],
      [4, 2, false],
      [4, 2, true],
    ]);
    assert.deepEqual(readdirSync(run.outputDir), ["checkpoint-2", "checkpoint-4"]);
  });

  it("ends at maxSteps, in the middle of an epoch", async () => {
    const run = await runOf({ perDeviceTrainBatchSize: 2, gradientAccumulationSteps: 3, maxSteps: 3 });
    assert.deepEqual([run.globalStep, run.state.epoch], [3, 8 / 5]);
  });

  it("is decided by its seed to the bit, dropout included", async () => {
    const weights = async (seed: number) =>
      (await runOf({ perDeviceTrainBatchSize: 2, gradientAccumulationSteps: 3, seed, maxSteps: 3 }, {}))
        .bytes;
    const first = await weights(1);
    assert.deepEqual(await weights(1), first);
    assert.notDeepEqual(await weights(2), first);
  });
});

describe("a run's speed", () => {
  it("is counted in texts and updates by the time of the whole run", async () => {
    const run = await runOf({ perDeviceTrainBatchSize: 2, gradientAccumulationSteps: 3, maxSteps: 3 });
    const { trainRuntime, trainSamplesPerSecond, trainStepsPerSecond } = run;
    assert.ok(trainRuntime > 0 && Number.isFinite(trainRuntime));
    // updates of 6, 4 and 6 texts
    assert.ok(Math.abs(trainSamplesPerSecond * trainRuntime - 16) < 1e-9);
    assert.ok(Math.abs(trainStepsPerSecond * trainRuntime - 3) < 1e-9);
  });
});
