import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import type { TrainOutput } from "../../../lib/src/training/train-output";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun } from "./tiny-run";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
let runs = 0;
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** A run of 8 steps, in epochs of 3; its evaluations give the scores one after the other. */
async function run(
  args: Partial<TrainerParams["args"]>,
  scores: number[] = [],
): Promise<TrainOutput & { outputDir: string }> {
  const model = DistilBertForSequenceClassification.fromFolder(source);
  runs += 1;
  const outputDir = path.join(folder, `run-${runs}`);
  let check = 0;
  const computeMetrics = () => ({ score: scores[check++] ?? NaN });
  try {
    const params = tinyRun(model, outputDir, { maxSteps: 8, ...args });
    return { ...(await new Trainer({ ...params, computeMetrics }).train()), outputDir };
  } finally {
    model.dispose();
  }
}

/** Steps of the entries that have a key. */
const stepsWith = ({ state }: TrainOutput, key: string): number[] =>
  state.logHistory.filter((entry) => key in entry).map(({ step }) => step);

describe("the log of a run", () => {
  it("has a loss every so many steps, and at the last; the first where it is asked for", async () => {
    assert.deepEqual(stepsWith(await run({ loggingSteps: 3 }), "loss"), [3, 6, 8]);
    assert.deepEqual(stepsWith(await run({ loggingSteps: 3, loggingFirstStep: true }), "loss"), [1, 3, 6, 8]);
    assert.deepEqual(stepsWith(await run({ loggingSteps: 0.25 }), "loss"), [2, 4, 6, 8]);
  });

  it("has one every epoch, or none", async () => {
    assert.deepEqual(stepsWith(await run({ loggingStrategy: "epoch" }), "loss"), [3, 6, 8]);
    const first = { loggingStrategy: "epoch", loggingFirstStep: true } as const;
    assert.deepEqual(stepsWith(await run(first), "loss"), [1, 3, 6, 8]);
    assert.deepEqual(stepsWith(await run({ loggingStrategy: "no", loggingSteps: 1 }), "loss"), []);
  });

  it("means the steps since the last entry", async () => {
    const column = ({ state }: TrainOutput) => state.logHistory.flatMap(({ loss }) => loss ?? []);
    const each = column(await run({ loggingSteps: 1 }));
    const [first = NaN, second = NaN, last = NaN] = column(await run({ loggingStrategy: "epoch" }));
    const mean = (from: number, to: number) =>
      each.slice(from, to).reduce((sum, loss) => sum + loss) / (to - from);
    for (const [found, expected] of [
      [first, mean(0, 3)],
      [second, mean(3, 6)],
      [last, mean(6, 8)],
    ] as const)
      assert.ok(Math.abs(found - expected) < 1e-12);
  });

  it("ends with what the run came to, as transformers' does", async () => {
    const { state, metrics, trainingLoss, trainRuntime } = await run({});
    const last = state.logHistory.at(-1);
    const speed = ["train_runtime", "train_samples_per_second", "train_steps_per_second"];
    assert.deepEqual(Object.keys(last ?? {}), [...speed, "train_loss", "epoch", "step"]);
    assert.deepEqual(last, { ...metrics, epoch: 8 / 3, step: 8 });
    assert.equal(metrics["train_loss"], trainingLoss);
    assert.ok(Math.abs((metrics["train_runtime"] ?? NaN) - trainRuntime) < 1e-4);
  });
});

describe("the evaluations of a run", () => {
  it("come as often as losses are logged where nothing else is said, or as a share of the steps", async () => {
    const steps = { evalStrategy: "steps" } as const;
    assert.deepEqual(stepsWith(await run({ ...steps, loggingSteps: 4 }), "eval_loss"), [4, 8]);
    assert.deepEqual(stepsWith(await run({ ...steps, evalSteps: 0.3 }), "eval_loss"), [3, 6, 8]);
  });

  it("begin after a delay, in steps or in epochs, or before the first step", async () => {
    const steps = { evalStrategy: "steps", evalSteps: 2 } as const;
    assert.deepEqual(stepsWith(await run({ ...steps, evalDelay: 5 }), "eval_loss"), [6, 8]);
    const epochs = { evalStrategy: "epoch", evalDelay: 2 } as const;
    assert.deepEqual(stepsWith(await run(epochs), "eval_loss"), [6, 8]);
    assert.deepEqual(stepsWith(await run({ ...steps, evalOnStart: true }), "eval_loss"), [0, 2, 4, 6, 8]);
    assert.deepEqual(stepsWith(await run({ evalOnStart: true }), "eval_loss"), [0]);
  });

  it("before the first step need a set", () => {
    const model = DistilBertForSequenceClassification.fromFolder(source);
    const { evalDataset, ...params } = tinyRun(model, folder, { evalOnStart: true });
    assert.ok(evalDataset);
    assert.throws(
      () => new Trainer(params),
      new ArgumentError("evalOnStart is true, which needs an evalDataset."),
    );
    model.dispose();
  });
});

describe("the checkpoints of a run", () => {
  const best = { saveStrategy: "best", metricForBestModel: "score" } as const;

  it("come as a share of the steps", async () => {
    const { outputDir } = await run({ saveStrategy: "steps", saveSteps: 0.5 });
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-4", "checkpoint-8"]);
  });

  it("come with every best metric where the strategy says so", async () => {
    const steps = { ...best, evalStrategy: "steps", evalSteps: 2 } as const;
    const { outputDir, state } = await run(steps, [0.5, 0.4, 0.6, 0.6]);
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-2", "checkpoint-6"]);
    assert.deepEqual([state.bestGlobalStep, state.bestMetric], [6, 0.6]);
    const epochs = await run({ ...best, evalStrategy: "epoch" }, [0.5, 0.7, 0.6]);
    assert.deepEqual(readdirSync(epochs.outputDir), ["checkpoint-3", "checkpoint-6"]);
  });
});
