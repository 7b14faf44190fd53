import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import type { ResourceVariable } from "../../../lib/src/runtime/resource-variable";
import { collate, type Batch } from "../../../lib/src/tokenization/collator";
import { AccumulatedStep } from "../../../lib/src/training/accumulated-step";
import { AdamW } from "../../../lib/src/training/adamw";
import { TrainStep, type TrainStepResult } from "../../../lib/src/training/train-step";
import { updateStep } from "../../../lib/src/training/update-step";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts } from "./tiny-run";

const folder = temporaryFolder();
const source = writeTinyModel(path.join(folder, "model"), { config: { nLayers: 2 } });
const STEPS = 6;
const CALM = { dropout: 0, attentionDropout: 0, seqClassifDropout: 0 };
const load = () => DistilBertForSequenceClassification.fromFolder(source, CALM);
/** k_lin.bias has no gradient but rounding, which a tiny epsilon would make a whole step of. */
const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-3, weightDecay: 0.1, maxGradNorm: 1 };
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** Texts of one update cut into batches of these sizes. */
const cut = (update: number, sizes: number[]): Batch[] => {
  const features = tinyFeatures(16, update);
  return sizes.map((size, index) => {
    const begin = sizes.slice(0, index).reduce((sum, each) => sum + each, 0);
    return collate(features.slice(begin, begin + size), 0);
  });
};

/** What steps over these texts came to, all of an update's in one batch or in batches of these sizes. */
function trained(sizes: number[], form: "whole" | "compiled" | "eager") {
  const model = load();
  const optimizer = new AdamW(model.variables.values(), ADAMW, model.wordTable);
  const compile = form !== "eager";
  const whole = new TrainStep({ model, optimizer });
  const gradientAccumulationSteps = sizes.length;
  const accumulated = new AccumulatedStep({ model, optimizer, compile, gradientAccumulationSteps });
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const reports = Array.from({ length: STEPS }, (_, index): TrainStepResult => {
    const rate = { learningRate: 1e-2 / (index + 1), step: index + 1 };
    if (form !== "whole") return accumulated.run({ ...rate, batches: cut(index, sizes) });
    return whole.run({ ...rate, batch: collate(tinyFeatures(16, index).slice(0, count), 0) });
  });
  const parameters = parametersOf(model);
  const { compiledCount } = accumulated;
  for (const one of [whole, accumulated, optimizer, model]) one.dispose();
  return { reports, parameters, compiledCount };
}

function parametersOf(model: DistilBertForSequenceClassification): Map<string, Float32Array> {
  const read = ([name, variable]: [string, ResourceVariable]) => {
    const values = variable.read();
    const data = values.dataSync<"float32">();
    values.dispose();
    return [name, data] as const;
  };
  return new Map([...model.variables].map(read));
}

function assertNear(what: string, found: number | undefined, expected: number, share: number): void {
  const difference = Math.abs((found ?? NaN) - expected);
  assert.ok(difference <= share * Math.abs(expected), `${what}: ${found} against ${expected}`);
}

describe("an update from micro-batches", () => {
  for (const [sizes, graphs] of [
    [[4, 4, 4, 4], 2],
    // a single text has a graph of its own
    [[5, 5, 1], 3],
    [[7, 2], 3],
  ] as const)
    for (const form of ["compiled", "eager"] as const)
      it(`equals that of the whole batch: ${sizes.join(" + ")}, ${form}`, () => {
        const [found, expected] = [trained([...sizes], form), trained([...sizes], "whole")];
        assert.equal(found.compiledCount, form === "compiled" ? graphs : 0);
        // measured on two cores: losses within 2e-7, norms within 2e-6, parameters within 6e-7 of the largest of each
        for (const [index, { loss, gradNorm }] of expected.reports.entries()) {
          assertNear(`loss of step ${index + 1}`, found.reports[index]?.loss, loss, 1e-6);
          assertNear(`norm of step ${index + 1}`, found.reports[index]?.gradNorm, gradNorm, 1e-5);
        }
        for (const [name, values] of expected.parameters) {
          const others = found.parameters.get(name) ?? new Float32Array();
          const largest = Math.max(...values.map(Math.abs));
          const difference = Math.max(...values.map((value, at) => Math.abs(value - (others[at] ?? NaN))));
          assert.ok(difference <= 3e-6 * largest, `${name}: ${difference} of ${largest}`);
        }
      });

  it("draws dropout for each micro-batch, the first of a run as a single batch does", () => {
    const batch = collate(tinyFeatures(4), 0);
    /** Loss of the first update. */
    const lossOf = (batches: Batch[]): number => {
      const model = DistilBertForSequenceClassification.fromFolder(source);
      const optimizer = new AdamW(model.variables.values(), ADAMW);
      const step = updateStep({ model, optimizer, seed: 3, gradientAccumulationSteps: batches.length });
      const { loss } = step.run({ batches, learningRate: 0, step: 1 });
      for (const one of [step, optimizer, model]) one.dispose();
      return loss;
    };
    const single = lossOf([batch]);
    const second = 2 * lossOf([batch, batch]) - single;
    assert.ok(second > 0 && Math.abs(second - single) > 1e-4, `${second} after ${single}`);
  });

  it("keeps nothing of one that the model could not read", () => {
    const model = load();
    const optimizer = new AdamW(model.variables.values(), ADAMW);
    const step = new AccumulatedStep({ model, optimizer, gradientAccumulationSteps: 2 });
    const unreadable = collate([{ inputIds: [1, 99], label: 0 }], 0);
    const rate = { learningRate: 1e-2, step: 1 };
    const before = parametersOf(model);
    assert.throws(() => step.run({ ...rate, batches: [...cut(0, [4]), unreadable] }), ArgumentError);
    assert.deepEqual(parametersOf(model), before);
    const [first] = trained([4, 4], "compiled").reports;
    assert.deepEqual(step.run({ ...rate, batches: cut(0, [4, 4]) }), first);
    for (const one of [step, optimizer, model]) one.dispose();
  });
});

describe("the accumulators", () => {
  it("are one a parameter, of its size, and nothing more comes with any step", () => {
    const model = load();
    const optimizer = new AdamW(model.variables.values(), ADAMW);
    const before = tensorCounts();
    const step = new AccumulatedStep({ model, optimizer, gradientAccumulationSteps: 2 });
    const count = model.variables.size;
    const made = { tensors: before.tensors + count, nativeTensors: before.nativeTensors + count };
    assert.deepEqual(tensorCounts(), made);
    for (let index = 1; index <= 5; index += 1) {
      step.run({ batches: cut(index, [4, 3]), learningRate: 1e-2, step: index });
      assert.deepEqual(tensorCounts(), made);
    }
    step.dispose();
    assert.deepEqual(tensorCounts(), before);
    optimizer.dispose();
    model.dispose();
  });
});
