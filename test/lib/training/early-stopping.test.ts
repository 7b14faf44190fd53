import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { EarlyStoppingCallback, type EarlyStoppingOptions } from "../../../lib/src/training/early-stopping";
import { Trainer, type TrainerParams } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const scratch = path.join(folder, "scratch");
const source = writeTinyModel(path.join(folder, "model"));
let runs = 0;
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** Trains with an evaluation and a checkpoint every step, and metrics that were decided beforehand. */
async function runWith(
  scores: number[],
  callback: EarlyStoppingOptions | TrainerCallback,
  args: Partial<TrainerParams["args"]> = {},
) {
  const model = DistilBertForSequenceClassification.fromFolder(source);
  runs += 1;
  const outputDir = path.join(folder, `run-${runs}`);
  let check = 0;
  const trainer = new Trainer({
    ...tinyRun(model, outputDir, {
      ...{ evalStrategy: "steps", saveStrategy: "steps", evalSteps: 1, saveSteps: 1, loggingSteps: 1 },
      ...{ maxSteps: 12, loadBestModelAtEnd: true, metricForBestModel: "score", ...args },
    }),
    computeMetrics: () => {
      check += 1;
      return { score: scores[check - 1] ?? NaN };
    },
    callbacks: ["earlyStoppingPatience" in callback ? new EarlyStoppingCallback(callback) : callback],
  });
  try {
    const output = await trainer.train();
    return { ...output, outputDir, bytes: weightBytes(model, scratch) };
  } finally {
    model.dispose();
  }
}

const stepsOf = async (...given: Parameters<typeof runWith>) => (await runWith(...given)).globalStep;

describe("early stopping", () => {
  it("ends a run after so many evaluations in a row that are not better", async () => {
    const patience = (earlyStoppingPatience: number) => ({ earlyStoppingPatience });
    assert.equal(await stepsOf([0.5, 0.6, 0.6, 0.9], patience(1)), 3);
    assert.equal(await stepsOf([0.5, 0.4, 0.6, 0.5, 0.55, 0.9], patience(2)), 5);
    assert.equal(await stepsOf([0.5, 0.4, 0.3, 0.6, 0.5, 0.4, 0.3], patience(3)), 7);
    assert.equal(await stepsOf([0.1, 0.2, 0.3], patience(1), { maxSteps: 3 }), 3);
  });

  it("follows what the greater metric means", async () => {
    const options = { earlyStoppingPatience: 1 };
    assert.equal(await stepsOf([0.5, 0.4, 0.3, 0.35, 0.1], options, { greaterIsBetter: false }), 4);
  });

  it("takes an improvement that is no larger than the threshold for none, though it is the new best", async () => {
    const options = { earlyStoppingPatience: 2, earlyStoppingThreshold: 0.125 };
    // 0.125 more is not more than 0.125; each is measured from the best so far, not from the last improvement
    const { globalStep, state } = await runWith([0.25, 0.375, 0.5, 0.9], options);
    assert.deepEqual([globalStep, state.bestMetric, state.bestGlobalStep], [3, 0.5, 3]);
    assert.equal(await stepsOf([0.25, 0.375, 0.625, 0.625, 0.625, 0.9], options), 5);
  });

  it("counts what is not a number as no improvement, but for the first", async () => {
    // transformers has no best metric at the first evaluation alone, -inf from then on
    assert.equal(await stepsOf([NaN, NaN, NaN, 0.5], { earlyStoppingPatience: 2 }), 3);
    assert.equal(await stepsOf([NaN, 0.5, NaN, NaN], { earlyStoppingPatience: 2 }), 4);
  });

  it("leaves a run that is whole: last checkpoint, log, state and the best weights", async () => {
    const { state, outputDir, lastCheckpoint, bytes, trainingLoss } = await runWith(
      [0.5, 0.75, 0.6, 0.6],
      { earlyStoppingPatience: 2 },
      { loggingSteps: 3 },
    );
    assert.deepEqual([state.globalStep, state.maxSteps, state.epoch], [4, 12, 4 / 3]);
    assert.deepEqual([state.bestGlobalStep, state.bestMetric], [2, 0.75]);
    assert.equal(lastCheckpoint, path.join(outputDir, "checkpoint-4"));
    assert.deepEqual(bytes, readFileSync(path.join(outputDir, "checkpoint-2/model.safetensors")));
    const logged = state.logHistory.filter(({ loss }) => loss !== undefined);
    assert.deepEqual(
      logged.map(({ step }) => step),
      [3, 4],
    );
    const [first = NaN, last = NaN] = logged.map(({ loss }) => loss);
    assert.ok(Math.abs(trainingLoss - (3 * first + last) / 4) < 1e-12);
    const stored = JSON.parse(
      readFileSync(path.join(outputDir, "checkpoint-4/trainer_state.json"), "utf8"),
    ) as {
      global_step: number;
    };
    assert.equal(stored.global_step, 4);
  });

  it("ends a run of epochs at the end of one", async () => {
    const args = { evalStrategy: "epoch", saveStrategy: "epoch" } as const;
    const { globalStep, outputDir } = await runWith([0.5, 0.4], { earlyStoppingPatience: 1 }, args);
    assert.equal(globalStep, 6);
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-3", "checkpoint-6"]);
  });

  it("begins anew with every run", async () => {
    const callback = new EarlyStoppingCallback({ earlyStoppingPatience: 2 });
    for (let run = 0; run < 2; run += 1) assert.equal(await stepsOf([NaN, NaN, NaN], callback), 3);
  });

  it("is refused where nothing is evaluated, or the best model is not loaded", async () => {
    const options = { earlyStoppingPatience: 1 };
    await assert.rejects(
      runWith([], options, { evalStrategy: "no", loadBestModelAtEnd: false }),
      new ArgumentError(
        'EarlyStoppingCallback needs evaluations; found evalStrategy "no": set "steps" or "epoch".',
      ),
    );
    await assert.rejects(
      runWith([], options, { loadBestModelAtEnd: false }),
      /^ArgumentError: EarlyStoppingCallback needs loadBestModelAtEnd/,
    );
    await assert.rejects(
      runWith([], options, { metricForBestModel: "f1" }),
      /metricForBestModel is "f1", and the evaluation gave eval_loss, eval_score/,
    );
  });

  it("is refused with a patience or a threshold that is none", () => {
    for (const earlyStoppingPatience of [0, -1, 1.5, NaN])
      assert.throws(
        () => new EarlyStoppingCallback({ earlyStoppingPatience }),
        new ArgumentError(
          `earlyStoppingPatience is ${earlyStoppingPatience}; expected a whole number above 0.`,
        ),
      );
    for (const earlyStoppingThreshold of [-0.1, NaN])
      assert.throws(
        () => new EarlyStoppingCallback({ earlyStoppingPatience: 1, earlyStoppingThreshold }),
        new ArgumentError(
          `earlyStoppingThreshold is ${earlyStoppingThreshold}; expected a number of at least 0.`,
        ),
      );
  });
});

describe("a run that a callback ends in the middle of an epoch", () => {
  const stopAt2: TrainerCallback = {
    onStepEnd: ({ state, control }) => {
      control.shouldTrainingStop = state.globalStep === 2;
    },
  };

  it("evaluates and saves where an epoch's end does (transformers' on_epoch_end)", async () => {
    const args = { evalStrategy: "epoch", saveStrategy: "epoch" } as const;
    const { state, outputDir } = await runWith([0.5], stopAt2, args);
    assert.deepEqual([state.globalStep, state.bestGlobalStep], [2, 2]);
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-2"]);
  });

  it("does neither where they come by steps, and logs its last losses", async () => {
    const args = { evalSteps: 3, saveSteps: 3, loggingSteps: 3 } as const;
    const { state, outputDir, lastCheckpoint } = await runWith([0.5], stopAt2, args);
    assert.deepEqual(
      state.logHistory.map(({ step, loss }) => [step, loss !== undefined]),
      [
        [2, true],
        [2, false],
      ],
    );
    assert.deepEqual([readdirSync(outputDir), lastCheckpoint, existsSync(outputDir)], [[], null, true]);
  });
});
