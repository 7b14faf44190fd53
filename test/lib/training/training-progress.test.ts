import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { NOTEBOOK_COLUMNS } from "../../../lib/src/display/progress-outlet";
import { progressLine } from "../../../lib/src/display/progress-line";
import { setProgressFactory } from "../../../lib/src/runtime/progress";
import { planSteps } from "../../../lib/src/training/schedule";
import { Trainer } from "../../../lib/src/training/trainer";
import { newState } from "../../../lib/src/training/trainer-state";
import { trainingArguments, type TrainingArguments } from "../../../lib/src/training/training-arguments";
import { evaluationsLeft, TrainingProgress } from "../../../lib/src/training/training-progress";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun } from "./tiny-run";

const folder = temporaryFolder();
const model = DistilBertForSequenceClassification.fromFolder(writeTinyModel(path.join(folder, "model")));
afterEach(() => {
  setProgressFactory(undefined);
});
after(() => {
  model.dispose();
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** What is reported while a run of ten texts, two steps an epoch, does its work. */
async function reported(work: (trainer: Trainer) => Promise<unknown>, args: Partial<TrainingArguments> = {}) {
  const seen: unknown[][] = [];
  setProgressFactory(({ label, total, unit, initial, interludes }) => {
    seen.push([label, total, unit, initial, interludes]);
    return {
      update: (done, ...notes) => seen.push([label, done, ...notes]),
      end: (...notes) => seen.push([label, "end", ...notes]),
    };
  });
  const size = { perDeviceTrainBatchSize: 5, maxSteps: 4 };
  const run = tinyRun(model, path.join(folder, "run"), { ...size, ...args });
  await work(new Trainer({ ...run, trainDataset: tinyFeatures(10), evalDataset: tinyFeatures(6) }));
  return seen;
}

describe("a run's progress", () => {
  it("tells steps, loss, epoch, learning rate, speed and memory, and evaluations in between", async () => {
    const evaluations = { evalStrategy: "steps", evalSteps: 2 } as const;
    const seen = await reported((trainer) => trainer.train(), evaluations);
    const evaluation = [
      ["Evaluating", 6, "texts", undefined, undefined],
      ["Evaluating", 6],
      ["Evaluating", "end"],
    ];
    const labels = seen.map(([label, done]) => `${String(label)} ${String(done)}`);
    assert.deepEqual(seen[0], ["Training", 4, "steps", 0, 2]);
    assert.deepEqual(seen.slice(3, 6), evaluation);
    const evaluated = ["Evaluating 6", "Evaluating 6", "Evaluating end"];
    assert.deepEqual(labels, [
      ...["Training 4", "Training 1", "Training 2", ...evaluated],
      ...["Training 3", "Training 4", ...evaluated, "Training end", "Training end"],
    ]);
    const notes = seen.filter(([label, , note]) => label === "Training" && /^loss/.test(String(note)));
    // the last step's stay in the line that is left
    assert.equal(notes.length, 6);
    assert.deepEqual(
      notes.slice(4),
      [4, 5].map(() => ["Training", "end", ...(notes[3] ?? []).slice(2)]),
    );
    for (const [index, [, , loss, epoch, memory, speed, rate, tensors]] of notes.slice(0, 4).entries()) {
      assert.match(String(loss), /^loss \d\.\d{3}$/);
      assert.equal(epoch, `epoch ${((index + 1) / 2).toFixed(2)}/2`);
      assert.match(String(rate), /^lr \d\.\de-\d$/);
      assert.match(String(speed), /^\d+(\.\d)? texts\/s$/);
      assert.match(String(memory), /^\d+\.\d GB$/);
      assert.match(String(tensors), /^[1-9]\d* tensors$/);
    }
  });

  it("is that of evaluations and predictions by themselves too", async () => {
    const evaluated = await reported((trainer) => trainer.evaluate());
    assert.deepEqual(
      evaluated.map(([label]) => label),
      ["Evaluating", "Evaluating", "Evaluating"],
    );
    const predicted = await reported((trainer) => trainer.predict(tinyFeatures(3)));
    assert.deepEqual(
      predicted.map(([label]) => label),
      ["Predicting", "Predicting", "Predicting"],
    );
  });
});

describe("a long run's line", () => {
  /** What is noted after a step in the middle of 46,900. */
  function noted(textsPerSecond: number): string[] {
    let seen: string[] = [];
    setProgressFactory(() => ({ update: (_, ...notes) => (seen = notes), end: () => undefined }));
    const args = trainingArguments({ outputDir: folder, perDeviceTrainBatchSize: 16, numTrainEpochs: 30 });
    const plan = planSteps(args, 25_000);
    const state = { ...newState(plan.totalSteps), globalStep: 23_450, epoch: 15.01 };
    new TrainingProgress({ args, plan, state, throughput: { textsPerSecond } }).update({
      ...{ loss: 0.412, learningRate: 1.5e-5, gradNorm: 1 },
    });
    return seen;
  }

  it("tells of memory in a notebook too, where not all has room", () => {
    const line = progressLine(
      {
        ...{ label: "Training", unit: "steps", total: 46_900, done: 23_450, perSecond: 0.91, nested: [] },
        ...{ elapsedMs: 37_354_000, leftMs: 36_123_000, phase: "running", notes: noted(450) },
      },
      NOTEBOOK_COLUMNS,
    );
    assert.match(line, /^Training 23450\/46900 steps \(50%\), 10:22:34, 10:02:03 left, loss .* \d+\.\d GB/);
  });

  it("does not say 0 texts a second of a slow run", () => {
    const speeds = [0.4, 9.44, 45.2].map((speed) => noted(speed).find((note) => note.endsWith("texts/s")));
    assert.deepEqual(speeds, ["0.4 texts/s", "9.4 texts/s", "45 texts/s"]);
  });
});

describe("evaluations that are left", () => {
  /** Of a run of 25 steps, ten an epoch. */
  function left(given: Partial<TrainingArguments>, globalStep = 0): number {
    const args = trainingArguments({
      outputDir: folder,
      perDeviceTrainBatchSize: 1,
      numTrainEpochs: 2.5,
      ...given,
    });
    const plan = planSteps(args, 10);
    return evaluationsLeft({ args, plan, state: { ...newState(plan.totalSteps), globalStep } });
  }

  it("are those after steps, the last one too", () => {
    const evalStrategy = "steps";
    assert.deepEqual([left({ evalStrategy, evalSteps: 10 }), left({ evalStrategy, evalSteps: 5 })], [3, 5]);
    assert.deepEqual([left({ evalStrategy, evalSteps: 25 }), left({ evalStrategy, evalSteps: 40 })], [1, 1]);
    const resumed = [9, 10, 19, 24, 25].map((step) => left({ evalStrategy, evalSteps: 10 }, step));
    assert.deepEqual(resumed, [3, 2, 2, 1, 0]);
    const late = [10, 10.5, 25, 26].map((evalDelay) => left({ evalStrategy, evalSteps: 10, evalDelay }));
    assert.deepEqual(late, [3, 2, 1, 0]);
  });

  it("are those after epochs, and the one at the start", () => {
    const evalStrategy = "epoch";
    assert.deepEqual(
      [0, 9, 10, 20].map((step) => left({ evalStrategy }, step)),
      [3, 3, 2, 1],
    );
    assert.equal(left({ evalStrategy, evalDelay: 2 }), 2);
    assert.deepEqual([left({ evalStrategy: "no" }), left({ evalStrategy: "no", evalOnStart: true })], [0, 1]);
    assert.equal(left({ evalStrategy: "no", evalOnStart: true }, 5), 0);
  });
});
