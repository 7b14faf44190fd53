import assert from "node:assert/strict";
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { logOf, tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const FLAG = Symbol.for("jupyter.interrupt");
const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
let runs = 0;
afterEach(() => {
  Reflect.deleteProperty(globalThis, FLAG);
});
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** 12 texts in batches of 4: three epochs of three steps, the first of which a callback ends after two. */
const ARGS: Partial<TrainerParams["args"]> = {
  ...{ maxSteps: -1, numTrainEpochs: 3, trainSamplingStrategy: "group_by_length", dataSeed: 5 },
  ...{ lrSchedulerType: "cosine", labelSmoothingFactor: 0.1, loggingSteps: 2, evalStrategy: "epoch" },
};
const shortEpoch: TrainerCallback = {
  onStepEnd: ({ state, control }) => {
    if (state.globalStep === 2) control.shouldEpochStop = true;
  },
};

const newFolder = (): string => {
  runs += 1;
  return path.join(folder, `run-${runs}`);
};

/** What must be the same of two runs. */
async function train(
  outputDir: string,
  args: Partial<TrainerParams["args"]>,
  more: TrainerCallback[] = [],
): Promise<{ weights: string; log: unknown; epoch: number }> {
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const params = tinyRun(model, outputDir, { ...ARGS, ...args });
  const classWeights = [1, 2];
  try {
    const { state } = await new Trainer({
      ...params,
      classWeights,
      callbacks: [shortEpoch, ...more],
    }).train();
    const weights = weightBytes(model, path.join(folder, "scratch")).toString("base64");
    return { weights, log: logOf(state), epoch: state.epoch };
  } finally {
    model.dispose();
  }
}

describe("a run of epochs, one of which a callback ended", () => {
  for (const saved of [{ saveStrategy: "steps", saveSteps: 1 }, { saveStrategy: "epoch" }] as const)
    it(`ends as it would have ended from every checkpoint, saved by ${saved.saveStrategy}`, async () => {
      const outputDir = newFolder();
      const whole = await train(outputDir, saved);
      const names = readdirSync(outputDir);
      assert.equal(names.length, saved.saveStrategy === "epoch" ? 3 : 8);
      for (const name of names) {
        const stopped = newFolder();
        cpSync(outputDir, stopped, { recursive: true });
        const later = names.slice(names.indexOf(name) + 1);
        for (const other of later) rmSync(path.join(stopped, other), { recursive: true });
        assert.deepEqual(await train(stopped, { ...saved, resumeFromCheckpoint: true }), whole, name);
      }
    });

  it("ends so where the evaluation at an epoch's end was interrupted, also more than once", async () => {
    const saved = { saveStrategy: "epoch" } as const;
    const whole = await train(newFolder(), saved);
    for (const step of [2, 5, 8]) {
      const outputDir = newFolder();
      const flag = { requested: false };
      Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
      const interrupting: TrainerCallback = {
        onEpochEnd: ({ state }) => void (flag.requested ||= state.globalStep === step),
      };
      for (const resumeFromCheckpoint of [false, true]) {
        flag.requested = false;
        await assert.rejects(
          train(outputDir, { ...saved, resumeFromCheckpoint }, [interrupting]),
          (error) => {
            assert.ok(error instanceof InterruptedError, String(error));
            assert.match(error.message, new RegExp(`checkpoint-${step}: go on with`));
            return true;
          },
        );
      }
      flag.requested = false;
      const resumed = await train(outputDir, { ...saved, resumeFromCheckpoint: true });
      assert.deepEqual(resumed, whole, `step ${step}`);
    }
  });
});
