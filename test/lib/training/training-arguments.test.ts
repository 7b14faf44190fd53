import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import {
  isGreaterBetter,
  trainingArguments,
  type TrainingArguments,
} from "../../../lib/src/training/training-arguments";

const complete = (given: Partial<TrainingArguments>) => trainingArguments({ outputDir: "out", ...given });
const refused = (given: Partial<TrainingArguments>, message: string) => {
  assert.throws(() => complete(given), new ArgumentError(message));
};

describe("training arguments", () => {
  it("have the defaults of transformers 5.23 (training_args.py)", () => {
    assert.deepEqual(complete({}), {
      outputDir: "out",
      perDeviceTrainBatchSize: 8,
      perDeviceEvalBatchSize: 8,
      gradientAccumulationSteps: 1,
      learningRate: 5e-5,
      weightDecay: 0,
      adamBeta1: 0.9,
      adamBeta2: 0.999,
      adamEpsilon: 1e-8,
      maxGradNorm: 1,
      numTrainEpochs: 3,
      maxSteps: -1,
      warmupSteps: 0,
      trainSamplingStrategy: "random",
      evalStrategy: "no",
      // transformers' None, which takes logging_steps
      evalSteps: 500,
      saveStrategy: "steps",
      saveSteps: 500,
      saveTotalLimit: null,
      saveOnlyModel: false,
      resumeFromCheckpoint: null,
      loggingSteps: 500,
      loadBestModelAtEnd: false,
      // transformers' None, which loadBestModelAtEnd turns into the loss
      metricForBestModel: "loss",
      greaterIsBetter: null,
      seed: 42,
      // ours alone
      compile: true,
    });
  });

  it("keep what is given", () => {
    const { learningRate, seed, numTrainEpochs } = complete({
      learningRate: 0,
      seed: -3,
      numTrainEpochs: 0.5,
    });
    assert.deepEqual([learningRate, seed, numTrainEpochs], [0, -3, 0.5]);
  });

  it("refuse counts that are none", () => {
    for (const name of [
      "perDeviceTrainBatchSize",
      "perDeviceEvalBatchSize",
      "gradientAccumulationSteps",
      "evalSteps",
      "saveSteps",
      "loggingSteps",
    ])
      for (const value of [0, -1, 1.5, NaN])
        refused({ [name]: value }, `${name} is ${value}; expected a whole number above 0.`);
  });

  it("refuse rates that are none", () => {
    for (const name of ["learningRate", "weightDecay", "maxGradNorm", "warmupSteps"])
      for (const value of [-1, NaN, Infinity])
        refused({ [name]: value }, `${name} is ${value}; expected a number of at least 0.`);
    for (const name of ["adamBeta1", "adamBeta2"])
      for (const value of [-0.1, 1, NaN])
        refused({ [name]: value }, `${name} is ${value}; expected a number from 0 to below 1.`);
    for (const value of [0, -1, NaN])
      refused({ adamEpsilon: value }, `adamEpsilon is ${value}; expected a number above 0.`);
  });

  it("refuse a run without an end or without a step, unless maxSteps says how many", () => {
    for (const value of [0, -1, NaN, Infinity])
      refused({ numTrainEpochs: value }, `numTrainEpochs is ${value}; expected a number above 0.`);
    assert.equal(complete({ numTrainEpochs: 0, maxSteps: 5 }).maxSteps, 5);
    for (const value of [2.5, NaN, Infinity])
      refused({ maxSteps: value }, `maxSteps is ${value}; expected a whole number.`);
  });

  it("refuse a seed that is no whole number: others would all be the seed 0", () => {
    for (const seed of [0.5, NaN]) refused({ seed }, `seed is ${seed}; expected a whole number.`);
  });

  it("refuse to load the best of checkpoints that are not evaluated, or not saved", () => {
    const best = { loadBestModelAtEnd: true } as const;
    const same = (evaluated: string, saved: string) =>
      `loadBestModelAtEnd needs the same evalStrategy and saveStrategy; found "${evaluated}" and "${saved}".`;
    refused(best, same("no", "steps"));
    refused({ ...best, evalStrategy: "no", saveStrategy: "no" }, same("no", "no"));
    refused({ ...best, evalStrategy: "epoch" }, same("epoch", "steps"));
    refused(
      { ...best, evalStrategy: "steps", evalSteps: 40, saveSteps: 100 },
      "loadBestModelAtEnd needs saveSteps to be a multiple of evalSteps; found 100 and 40.",
    );
    complete({ ...best, evalStrategy: "steps", evalSteps: 40, saveSteps: 80 });
    complete({ ...best, evalStrategy: "epoch", saveStrategy: "epoch", evalSteps: 40, saveSteps: 100 });
  });
});

describe("the better of two metrics", () => {
  it("is the greater, but of losses the smaller, unless said otherwise", () => {
    const greater = (given: Partial<TrainingArguments>) => isGreaterBetter(complete(given));
    assert.equal(greater({ metricForBestModel: "accuracy" }), true);
    assert.equal(greater({}), false);
    assert.equal(greater({ metricForBestModel: "eval_loss" }), false);
    assert.equal(greater({ metricForBestModel: "accuracy", greaterIsBetter: false }), false);
    assert.equal(greater({ metricForBestModel: "loss", greaterIsBetter: true }), true);
  });
});
