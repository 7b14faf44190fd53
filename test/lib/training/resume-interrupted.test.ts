import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { InterruptedError } from "../../../lib/src/runtime/errors";
import { watchInterrupt } from "../../../lib/src/runtime/interrupt";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { EarlyStoppingCallback } from "../../../lib/src/training/early-stopping";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
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

/** An evaluation every second step, a checkpoint every fourth, early stopping that counts, and a log every third. */
const ARGS: Partial<TrainerParams["args"]> = {
  ...{
    maxSteps: 8,
    loggingSteps: 3,
    evalStrategy: "steps",
    evalSteps: 2,
    saveStrategy: "steps",
    saveSteps: 4,
  },
  ...{ loadBestModelAtEnd: true, metricForBestModel: "loss" },
};

/** One Trainer's life: trains, interrupted where a callback says so. */
async function train(
  outputDir: string,
  options: {
    args?: Partial<TrainerParams["args"]>;
    interruptAt?: (flag: { requested: boolean }) => TrainerCallback;
    resume?: boolean;
  } = {},
) {
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const flag = { requested: false };
  Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
  const stopping = new EarlyStoppingCallback({ earlyStoppingPatience: 4 });
  const trainer = new Trainer({
    ...tinyRun(model, outputDir, { ...ARGS, ...options.args }),
    callbacks: [stopping, ...(options.interruptAt ? [options.interruptAt(flag)] : [])],
  });
  try {
    const { state } = await trainer.train({ resumeFromCheckpoint: options.resume ?? null });
    return {
      weights: weightBytes(model, path.join(folder, "scratch")).toString("base64"),
      log: logOf(state),
      best: state.bestGlobalStep,
      patience: stopping.state().attributes,
    };
  } finally {
    model.dispose();
  }
}

const newFolder = (): string => {
  runs += 1;
  return path.join(folder, `run-${runs}`);
};

const interrupted = (step: number) => (error: unknown) => {
  assert.ok(error instanceof InterruptedError, String(error));
  assert.match(
    error.message,
    new RegExp(
      `is intact\\. It is saved in \\S*checkpoint-${step}: go on with resumeFromCheckpoint: true\\.$`,
    ),
  );
  return true;
};

/** Interrupts when the step is over, before its log and evaluation. */
const atStep =
  (step: number) =>
  (flag: { requested: boolean }): TrainerCallback => ({
    onStepEnd: ({ state }) => void (flag.requested ||= state.globalStep === step),
  });

describe("an interrupted run", () => {
  for (const gradientAccumulationSteps of [1, 2])
    it(`leaves a checkpoint of its last step, from which it ends as it would have ended, ${gradientAccumulationSteps} batches an update`, async () => {
      const args = { gradientAccumulationSteps };
      const whole = await train(newFolder(), { args });
      // after steps 1 and 3 nothing is evaluated, in the evaluations of 2 and 6 it stops, and 4 is saved by itself
      for (const step of [1, 2, 3, 4, 6]) {
        const outputDir = newFolder();
        await assert.rejects(train(outputDir, { args, interruptAt: atStep(step) }), interrupted(step));
        assert.ok(existsSync(path.join(outputDir, `checkpoint-${step}`)));
        assert.deepEqual(await train(outputDir, { args, resume: true }), whole, `step ${step}`);
      }
    });

  it("does so where it is interrupted again and again, and after an evaluation was counted", async () => {
    const whole = await train(newFolder());
    const outputDir = newFolder();
    const late = (flag: { requested: boolean }): TrainerCallback => ({
      // the callback before it has counted this evaluation already
      onEvaluate: async () => {
        flag.requested = true;
        await watchInterrupt()("Watching");
      },
    });
    await assert.rejects(train(outputDir, { interruptAt: late }), interrupted(2));
    await assert.rejects(train(outputDir, { interruptAt: late, resume: true }), interrupted(2));
    await assert.rejects(train(outputDir, { interruptAt: atStep(5), resume: true }), interrupted(5));
    assert.deepEqual(await train(outputDir, { resume: true }), whole);
  });

  it("says that the weights alone are saved where the moments are not", async () => {
    const interruptAt = atStep(1);
    await assert.rejects(
      train(newFolder(), { args: { saveOnlyModel: true }, interruptAt }),
      /is intact\. It is saved in \S*checkpoint-1, the weights alone\.$/,
    );
  });

  it("writes nothing where nothing is to be saved, or no step was taken", async () => {
    const outputDir = newFolder();
    const args = { saveStrategy: "no", loadBestModelAtEnd: false, evalStrategy: "no" } as const;
    const model = DistilBertForSequenceClassification.fromFolder(source);
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    const never = new Trainer({ ...tinyRun(model, outputDir, args), callbacks: [atStep(3)(flag)] });
    await assert.rejects(
      never.train(),
      /at step 3 was interrupted; what it had made until then is intact\.$/,
    );
    assert.equal(existsSync(outputDir), false);
    const atOnce = (other: { requested: boolean }): TrainerCallback => ({
      onTrainBegin: () => void (other.requested = true),
    });
    await assert.rejects(
      train(outputDir, { interruptAt: atOnce }),
      /at step 0 was interrupted.*is intact\.$/,
    );
    assert.deepEqual(readdirSync(outputDir), []);
    model.dispose();
  });
});

describe("an update that fails between its micro-batches", () => {
  it("leaves the checkpoint before it, from which the run takes the whole update again", async () => {
    const args = { gradientAccumulationSteps: 2, saveStrategy: "steps", saveSteps: 1, maxSteps: 4 } as const;
    const weights = async (outputDir: string, failing: boolean): Promise<string> => {
      const model = DistilBertForSequenceClassification.fromFolder(source);
      const run = tinyRun(model, outputDir, { ...args, resumeFromCheckpoint: existsSync(outputDir) });
      // the last of the set's 24 texts is in the second micro-batch of the third update
      const trainDataset = tinyFeatures(24);
      const sequential = { ...run.args, trainSamplingStrategy: "sequential" } as const;
      const breaks: TrainerCallback = {
        onStepEnd: ({ state }) => {
          const last = trainDataset.at(-1);
          if (failing && last && state.globalStep === 2) last.inputIds = [99];
        },
      };
      try {
        await new Trainer({ ...run, args: sequential, trainDataset, callbacks: [breaks] }).train();
        return weightBytes(model, path.join(folder, "scratch")).toString("base64");
      } finally {
        model.dispose();
      }
    };
    const expected = await weights(newFolder(), false);
    const outputDir = newFolder();
    await assert.rejects(weights(outputDir, true), /99/);
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-1", "checkpoint-2"]);
    assert.equal(await weights(outputDir, false), expected);
  });
});
