import assert from "node:assert/strict";
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { EarlyStoppingCallback } from "../../../lib/src/training/early-stopping";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import type { TrainOutput } from "../../../lib/src/training/train-output";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { logOf, tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
let runs = 0;
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** Decay, warm-up, clipping, dropout, and 12 examples in batches of 5: epochs whose last batch is smaller. */
const ARGS: Partial<TrainerParams["args"]> = {
  ...{ perDeviceTrainBatchSize: 5, maxSteps: 8, weightDecay: 0.1, warmupSteps: 2, loggingSteps: 3 },
  ...{ evalStrategy: "steps", saveStrategy: "steps", evalSteps: 2, saveSteps: 2 },
};

interface Ended {
  output: TrainOutput;
  weights: Buffer;
  outputDir: string;
}

/** Trains a fresh model, or one that goes on from a checkpoint. */
async function run(
  args: Partial<TrainerParams["args"]> = {},
  more: Partial<TrainerParams> = {},
): Promise<Ended> {
  runs += 1;
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const outputDir = args.outputDir ?? path.join(folder, `run-${runs}`);
  try {
    const output = await new Trainer({
      ...tinyRun(model, outputDir, { ...ARGS, ...args }),
      ...more,
    }).train();
    return { output, weights: weightBytes(model, path.join(folder, "scratch")), outputDir };
  } finally {
    model.dispose();
  }
}

/** What must be the same of two runs: the weights to the bit, and everything that was logged. */
const essence = ({ output, weights }: Ended) => ({
  weights: weights.toString("base64"),
  log: logOf(output.state),
  best: [output.state.bestMetric, output.state.bestGlobalStep],
  steps: output.globalStep,
});

/** Goes on from every checkpoint of a run, in a folder where only those up to it are, as if it had been stopped there. */
async function resumedEverywhere(
  whole: Ended,
  args: Partial<TrainerParams["args"]> = {},
  more: () => Partial<TrainerParams> = () => ({}),
): Promise<{ name: string; ended: Ended }[]> {
  const names = readdirSync(whole.outputDir);
  const all: { name: string; ended: Ended }[] = [];
  for (const name of names) {
    runs += 1;
    const outputDir = path.join(folder, `stopped-${runs}`);
    cpSync(whole.outputDir, outputDir, { recursive: true });
    const step = Number(name.split("-")[1]);
    for (const later of names.filter((other) => Number(other.split("-")[1]) > step))
      rmSync(path.join(outputDir, later), { recursive: true });
    all.push({ name, ended: await run({ ...args, outputDir, resumeFromCheckpoint: true }, more()) });
  }
  return all;
}

describe("two runs that nothing stopped", () => {
  it("are the same to the bit", async () => {
    assert.deepEqual(essence(await run()), essence(await run()));
  });
});

describe("a run that goes on from a checkpoint", () => {
  for (const gradientAccumulationSteps of [1, 2])
    it(`ends as it would have ended, wherever it was stopped, with ${gradientAccumulationSteps} batches an update`, async () => {
      const args = { gradientAccumulationSteps, saveSteps: 1 };
      const whole = await run(args);
      const resumed = await resumedEverywhere(whole, args);
      assert.equal(resumed.length, 8);
      for (const { name, ended } of resumed) {
        assert.deepEqual(essence(ended), essence(whole), name);
        assert.deepEqual(readdirSync(ended.outputDir), readdirSync(whole.outputDir), name);
      }
      const { output } = resumed.at(-1)?.ended ?? whole;
      assert.ok(Number.isNaN(output.trainingLoss), "no step was left");
    });

  it("ends so with its operations one by one, and sequential data", async () => {
    const args = { compile: false, trainSamplingStrategy: "sequential", saveSteps: 4 } as const;
    const whole = await run(args);
    for (const { name, ended } of await resumedEverywhere(whole, args))
      assert.deepEqual(essence(ended), essence(whole), name);
  });

  it("keeps the best checkpoint and the limit of checkpoints", async () => {
    const scores = [0.1, 0.9, 0.3, 0.4];
    const scored = (args: Partial<TrainerParams["args"]>, from: number): Promise<Ended> => {
      let check = from;
      return run(
        { ...{ loadBestModelAtEnd: true, metricForBestModel: "score", saveTotalLimit: 1 }, ...args },
        { computeMetrics: () => ({ score: scores[check++] ?? NaN }) },
      );
    };
    const whole = await scored({}, 0);
    assert.deepEqual(readdirSync(whole.outputDir), ["checkpoint-4", "checkpoint-8"]);
    const outputDir = path.join(folder, "best");
    cpSync(whole.outputDir, outputDir, { recursive: true });
    rmSync(path.join(outputDir, "checkpoint-8"), { recursive: true });
    const resumed = await scored({ outputDir, resumeFromCheckpoint: true }, 2);
    assert.deepEqual(essence(resumed), essence(whole));
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-4", "checkpoint-8"]);
    assert.equal(resumed.output.state.bestModelCheckpoint, path.join(outputDir, "checkpoint-4"));
  });

  it("stops early where it would have stopped", async () => {
    const scores = [0.5, 0.4, 0.3, 0.2];
    const args = { loadBestModelAtEnd: true, metricForBestModel: "score" };
    const more = (from: number): Partial<TrainerParams> => {
      let check = from;
      return {
        computeMetrics: () => ({ score: scores[check++] ?? NaN }),
        callbacks: [new EarlyStoppingCallback({ earlyStoppingPatience: 2 })],
      };
    };
    const whole = await run(args, more(0));
    assert.equal(whole.output.globalStep, 6);
    let from = 0;
    const resumed = await resumedEverywhere(whole, args, () => more((from += 1)));
    assert.equal(resumed.length, 3);
    for (const { name, ended } of resumed) assert.deepEqual(essence(ended), essence(whole), name);
  });

  it("tells its callbacks where it stands, and takes no tensor along", async () => {
    const whole = await run({ saveSteps: 4 });
    const before = tensorCounts();
    const seen: number[] = [];
    const callback: TrainerCallback = {
      onTrainBegin: ({ state }) => void seen.push(state.globalStep),
      onStepEnd: ({ state }) => void seen.push(state.globalStep),
    };
    const from = path.join(whole.outputDir, "checkpoint-4");
    const { output } = await run({ saveSteps: 4, resumeFromCheckpoint: from }, { callbacks: [callback] });
    assert.deepEqual(seen, [4, 5, 6, 7, 8]);
    assert.equal(output.globalStep, 8);
    assert.deepEqual(tensorCounts(), before);
  });
});
