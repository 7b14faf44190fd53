import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, InterruptedError, TrainingError } from "../../../lib/src/runtime/errors";
import { setProgressFactory } from "../../../lib/src/runtime/progress";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import type { TrainerCallback } from "../../../lib/src/training/callbacks";
import { Trainer } from "../../../lib/src/training/trainer";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun, weightBytes } from "./tiny-run";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"));
const scratch = path.join(folder, "scratch");
let runs = 0;
let model: DistilBertForSequenceClassification;
let outputDir: string;

beforeEach(() => {
  model = DistilBertForSequenceClassification.fromFolder(source);
  runs += 1;
  outputDir = path.join(folder, `run-${runs}`);
});
afterEach(() => {
  model.dispose();
});
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

describe("a run's tensors", () => {
  it("are as many after it as before", async () => {
    const before = tensorCounts();
    const args = {
      evalStrategy: "steps",
      saveStrategy: "steps",
      evalSteps: 2,
      saveSteps: 2,
      loadBestModelAtEnd: true,
      weightDecay: 0.1,
    } as const;
    await new Trainer(tinyRun(model, outputDir, args)).train();
    assert.deepEqual(tensorCounts(), before);
  });

  it("are as many where it throws: in a callback, in a batch that cannot be read, in an interrupt", async () => {
    const before = tensorCounts();
    const callback: TrainerCallback = { onStepEnd: () => Promise.reject(new Error("no more")) };
    await assert.rejects(
      new Trainer({ ...tinyRun(model, outputDir), callbacks: [callback] }).train(),
      /no more/,
    );
    assert.deepEqual(tensorCounts(), before);
    const unreadable = [...tinyFeatures(4), { inputIds: [1, 99], label: 0 }];
    const run = tinyRun(model, outputDir, { trainSamplingStrategy: "sequential" });
    await assert.rejects(new Trainer({ ...run, trainDataset: unreadable }).train(), ArgumentError);
    assert.deepEqual(tensorCounts(), before);
  });
});

describe("an interrupt in the middle of a run", () => {
  const FLAG = Symbol.for("jupyter.interrupt");
  afterEach(() => {
    Reflect.deleteProperty(globalThis, FLAG);
    setProgressFactory(undefined);
  });

  it("stops it between two steps, leaks nothing, and leaves a model that can be used", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, FLAG, { value: flag, configurable: true });
    const notes: string[] = [];
    setProgressFactory(() => ({ update: () => undefined, end: () => notes.push("end") }));
    const callback: TrainerCallback = {
      onStepEnd: ({ state }) => {
        if (state.globalStep === 3) flag.requested = true;
      },
    };
    const before = tensorCounts();
    const trainer = new Trainer({ ...tinyRun(model, outputDir), callbacks: [callback] });
    await assert.rejects(trainer.train(), (error) => {
      assert.ok(error instanceof InterruptedError);
      assert.match(error.message, /^Training at step 3 was interrupted/);
      return true;
    });
    assert.equal(trainer.state.globalStep, 3);
    assert.deepEqual(notes, ["end"]);
    assert.deepEqual(tensorCounts(), before);
    const logits = model.logits(collate([{ inputIds: [1, 2] }], 0));
    assert.ok([...logits.dataSync()].every(Number.isFinite));
    logits.dispose();
    // and the next cell's run is not stopped by the old flag
    Object.defineProperty(globalThis, FLAG, { value: { requested: false }, configurable: true });
    assert.equal((await new Trainer(tinyRun(model, outputDir)).train()).globalStep, 6);
  });
});

describe("a loss that is not a number", () => {
  const named = (step: number) => (error: unknown) => {
    assert.ok(error instanceof TrainingError, String(error));
    assert.match(
      error.message,
      new RegExp(`^The loss of step ${step} is \\S+ \\(gradient norm \\S+\\); expected a number\\.`),
    );
    assert.match(
      error.message,
      /Lower learningRate \(\S+; \S+ at this step\) or look at the texts of this batch: examples \d+/,
    );
    return true;
  };

  it("from weights that are none is refused at the first step, and nothing is saved", async () => {
    const variable = model.variables.get("pre_classifier.weight");
    assert.ok(variable);
    tf.tidy(() => {
      variable.assign(tf.fill(variable.shape, NaN));
    });
    const before = tensorCounts();
    const run = tinyRun(model, outputDir, { saveStrategy: "steps", saveSteps: 1 });
    await assert.rejects(new Trainer(run).train(), named(1));
    assert.deepEqual(readdirSync(outputDir), []);
    assert.deepEqual(tensorCounts(), before);
  });

  it("from a huge learning rate is refused with its step, and older checkpoints stay whole", async () => {
    // warm-up begins at 0, so the first step moves nothing
    const run = tinyRun(model, outputDir, {
      learningRate: 1e38,
      warmupSteps: 1,
      saveStrategy: "steps",
      saveSteps: 1,
    });
    const untouched = weightBytes(model, scratch);
    await assert.rejects(new Trainer(run).train(), named(3));
    assert.deepEqual(readdirSync(outputDir), ["checkpoint-1", "checkpoint-2"]);
    assert.deepEqual(readFileSync(path.join(outputDir, "checkpoint-1/model.safetensors")), untouched);
  });
});
