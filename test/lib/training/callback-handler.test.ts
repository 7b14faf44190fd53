import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import type { CallbackContext, TrainerCallback } from "../../../lib/src/training/callbacks";
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

async function run(
  callback: TrainerCallback,
  args: Partial<TrainerParams["args"]> = {},
): Promise<TrainOutput & { outputDir: string }> {
  const model = DistilBertForSequenceClassification.fromFolder(source);
  runs += 1;
  const outputDir = path.join(folder, `run-${runs}`);
  try {
    const params = tinyRun(model, outputDir, args);
    return { ...(await new Trainer({ ...params, callbacks: [callback] }).train()), outputDir };
  } finally {
    model.dispose();
  }
}

const at = (step: number, ask: (control: CallbackContext["control"]) => void): TrainerCallback => ({
  onStepEnd: ({ state, control }) => {
    if (state.globalStep === step) ask(control);
  },
});

describe("the events of a run", () => {
  it("come in transformers' order, those of epochs and steps too", async () => {
    const seen: string[] = [];
    const tell =
      (event: string) =>
      ({ state }: CallbackContext): void =>
        void seen.push(`${event} ${state.globalStep}`);
    const callback: TrainerCallback = {
      ...{ onInitEnd: tell("init"), onTrainBegin: tell("train"), onEpochBegin: tell("epoch") },
      ...{ onStepBegin: tell("step"), onStepEnd: tell("stepped"), onEpochEnd: tell("end of epoch") },
      ...{ onTrainEnd: tell("end"), onEvaluate: (entry) => void seen.push(`evaluate ${entry.step}`) },
      onSave: (saved) => void seen.push(`save ${path.basename(saved)}`),
    };
    // 12 texts in batches of 6: epochs of two steps, and half of one
    const epochs = { evalStrategy: "epoch", saveStrategy: "epoch" } as const;
    await run(callback, { perDeviceTrainBatchSize: 6, maxSteps: 3, ...epochs });
    assert.deepEqual(seen, [
      ...["init 0", "train 0"],
      ...["epoch 0", "step 0", "stepped 1", "step 1", "stepped 2"],
      ...["end of epoch 2", "evaluate 2", "save checkpoint-2"],
      ...["epoch 2", "step 2", "stepped 3", "end of epoch 3", "evaluate 3", "save checkpoint-3"],
      "end 3",
    ]);
  });
});

describe("a callback", () => {
  it("may ask for a log, an evaluation or a checkpoint, which come once", async () => {
    const asked = at(2, (control) => {
      Object.assign(control, { shouldLog: true, shouldEvaluate: true, shouldSave: true });
    });
    const { state, outputDir } = await run(asked, { loggingSteps: 4 });
    assert.deepEqual(
      state.logHistory.map((entry) => [entry.step, Object.keys(entry)[0]]),
      [
        [2, "loss"],
        [2, "eval_loss"],
        [4, "loss"],
        [6, "loss"],
        [6, "train_runtime"],
      ],
    );
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-2"]);
  });

  it("may take back what the arguments ask for", async () => {
    const never: TrainerCallback = {
      onStepEnd: ({ control }) => {
        Object.assign(control, { shouldLog: false, shouldEvaluate: false });
      },
    };
    const args = { loggingSteps: 2, evalStrategy: "steps", evalSteps: 2, maxSteps: 3 } as const;
    const { state } = await run(never, args);
    // but for the losses at the end, which would be lost
    assert.deepEqual(
      state.logHistory.map((entry) => [entry.step, Object.keys(entry)[0]]),
      [
        [3, "loss"],
        [3, "train_runtime"],
      ],
    );
  });

  it("may end an epoch, and the next one begins from its own first batch", async () => {
    const epochs: number[] = [];
    const callback: TrainerCallback = {
      ...at(1, (control) => (control.shouldEpochStop = true)),
      onEpochBegin: ({ state }) => void epochs.push(state.globalStep),
    };
    // two epochs of three steps, the first of which ends after one
    const { globalStep, state } = await run(callback, { maxSteps: -1, numTrainEpochs: 2 });
    assert.deepEqual([globalStep, state.epoch, epochs], [4, 2, [0, 1]]);
  });
});
