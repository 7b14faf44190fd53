import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { trainingArguments, type TrainingArguments } from "../../../lib/src/training/training-arguments";

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
      lrSchedulerType: "linear",
      lrSchedulerKwargs: null,
      warmupSteps: 0,
      weightDecay: 0,
      adamBeta1: 0.9,
      adamBeta2: 0.999,
      adamEpsilon: 1e-8,
      maxGradNorm: 1,
      labelSmoothingFactor: 0,
      numTrainEpochs: 3,
      maxSteps: -1,
      trainSamplingStrategy: "random",
      dataloaderDropLast: false,
      loggingStrategy: "steps",
      loggingSteps: 500,
      loggingFirstStep: false,
      evalStrategy: "no",
      evalSteps: null,
      evalDelay: 0,
      evalOnStart: false,
      saveStrategy: "steps",
      saveSteps: 500,
      saveTotalLimit: null,
      saveOnlyModel: false,
      resumeFromCheckpoint: null,
      loadBestModelAtEnd: false,
      metricForBestModel: null,
      greaterIsBetter: null,
      bf16: false,
      gradientCheckpointing: false,
      seed: 42,
      dataSeed: null,
      reportTo: [],
      runName: null,
      project: "huggingface",
      // ours alone
      compile: true,
      jitCompile: null,
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

  it("count what is undefined as not given", () => {
    assert.deepEqual(complete({ seed: undefined, loggingSteps: undefined } as object), complete({}));
  });

  it("take what follows from others: evalSteps from loggingSteps, the metric from loadBestModelAtEnd", () => {
    assert.equal(complete({ evalStrategy: "steps", loggingSteps: 7 }).evalSteps, 7);
    assert.equal(complete({ evalStrategy: "steps", loggingSteps: 7, evalSteps: 3 }).evalSteps, 3);
    assert.equal(complete({ evalStrategy: "epoch", loggingSteps: 7 }).evalSteps, null);
    const both = { evalStrategy: "epoch", saveStrategy: "epoch" } as const;
    const { metricForBestModel, greaterIsBetter } = complete({ ...both, loadBestModelAtEnd: true });
    assert.deepEqual([metricForBestModel, greaterIsBetter], ["loss", false]);
  });

  it("refuse a name that there is not, and say which is meant", () => {
    const nearest = (name: string, known: string) => {
      refused({ [name]: 1 }, `There is no training argument "${name}"; the nearest one is "${known}".`);
    };
    nearest("learningrate", "learningRate");
    nearest("per_device_train_batch_size", "perDeviceTrainBatchSize");
    nearest("numEpochs", "numTrainEpochs");
    nearest("evaluationStrategy", "evalStrategy");
  });

  it("refuse a choice that there is not, and what is no boolean", () => {
    const choice = (name: string, value: string, expected: string) => {
      refused({ [name]: value }, `${name} is "${value}"; expected ${expected}.`);
    };
    choice("evalStrategy", "step", '"no", "steps" or "epoch"');
    choice("loggingStrategy", "best", '"no", "steps" or "epoch"');
    choice("saveStrategy", "never", '"no", "steps", "epoch" or "best"');
    choice("trainSamplingStrategy", "batch_rebalance", '"random", "sequential" or "group_by_length"');
    choice("loadBestModelAtEnd", "false", "true or false");
    choice("seed", "7", "a whole number");
    choice("dataSeed", "7", "a whole number, or null");
    refused({ saveTotalLimit: -1 }, "saveTotalLimit is -1; expected a whole number of at least 0, or null.");
    refused({ outputDir: "" }, 'outputDir is ""; expected a name that is not empty.');
    assert.throws(() => complete({ lrSchedulerType: "reduce_lr_on_plateau" } as object), ArgumentError);
  });

  it("refuse counts that are none", () => {
    for (const name of ["perDeviceTrainBatchSize", "perDeviceEvalBatchSize", "gradientAccumulationSteps"])
      for (const value of [0, -1, 1.5, NaN])
        refused({ [name]: value }, `${name} is ${value}; expected a whole number above 0.`);
    for (const name of ["saveSteps", "loggingSteps"])
      for (const value of [0, -1, 1.5, NaN])
        refused(
          { [name]: value },
          `${name} is ${value}; expected a whole number above 0, or a share of all steps below 1.`,
        );
    refused(
      { evalSteps: 0 },
      "evalSteps is 0; expected a whole number above 0, or a share of all steps below 1, or null.",
    );
    assert.equal(complete({ saveSteps: 0.25 }).saveSteps, 0.25);
  });

  it("refuse rates that are none", () => {
    for (const name of ["learningRate", "weightDecay", "maxGradNorm", "warmupSteps"])
      for (const value of [-1, NaN, Infinity])
        refused({ [name]: value }, `${name} is ${value}; expected a number of at least 0.`);
    for (const name of ["adamBeta1", "adamBeta2", "labelSmoothingFactor"])
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
    refused(
      { ...best, evalStrategy: "steps", evalSteps: 0.1, saveSteps: 100 },
      "loadBestModelAtEnd needs saveSteps to be a multiple of evalSteps; found 100 and 0.1.",
    );
    complete({ ...best, evalStrategy: "steps", evalSteps: 40, saveSteps: 80 });
    // 0.3 % 0.1 is 0.0999 in floating point
    complete({ ...best, evalStrategy: "steps", evalSteps: 0.1, saveSteps: 0.3 });
    complete({ ...best, evalStrategy: "epoch", saveStrategy: "epoch", evalSteps: 40, saveSteps: 100 });
    complete({ ...best, evalStrategy: "steps", saveStrategy: "best", evalSteps: 40, saveSteps: 100 });
  });

  it("refuse to save the best of none", () => {
    const best = { saveStrategy: "best" } as const;
    refused(best, 'saveStrategy is "best", which needs an evalStrategy of "steps" or "epoch".');
    refused(
      { ...best, evalStrategy: "epoch" },
      'saveStrategy is "best", which needs metricForBestModel to say what best is; found null.',
    );
    complete({ ...best, evalStrategy: "epoch", metricForBestModel: "accuracy" });
  });
});

describe("the better of two metrics", () => {
  it("is the greater, but of losses the smaller, unless said otherwise", () => {
    const greater = (given: Partial<TrainingArguments>) => complete(given).greaterIsBetter;
    assert.equal(greater({ metricForBestModel: "accuracy" }), true);
    assert.equal(greater({ metricForBestModel: "eval_loss" }), false);
    assert.equal(greater({ metricForBestModel: "accuracy", greaterIsBetter: false }), false);
    assert.equal(greater({ metricForBestModel: "loss", greaterIsBetter: true }), true);
  });
});
