import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { dropoutSeed } from "../../../lib/src/model/dropout";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { AdamW } from "../../../lib/src/training/adamw";
import {
  TrainStep,
  labelledBatch,
  lossAndGradients,
  type TrainStepResult,
} from "../../../lib/src/training/train-step";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts } from "./tiny-run";

const source = writeTinyModel(path.join(temporaryFolder(), "model"), { config: { nLayers: 2 } });
const model = DistilBertForSequenceClassification.fromFolder(source);
after(() => {
  model.dispose();
});
/** Of unlike lengths: with padding. */
const batch = collate(tinyFeatures(5), 0);

/** The third step's. */
function gradientsOf(seed: number | undefined): ReturnType<typeof lossAndGradients> {
  return tf.tidy(() =>
    lossAndGradients(model, {
      ...labelledBatch(batch, model),
      ...(seed === undefined ? {} : { dropoutSeed: dropoutSeed(seed, 3) }),
    }),
  );
}

/** Loss with one value of one parameter moved. */
function lossWith(name: string, index: number, by: number, seed?: number): number {
  const variable = model.variables.get(name);
  assert.ok(variable);
  const before = variable.read();
  const values = Float32Array.from(before.dataSync());
  values[index] = (values[index] ?? NaN) + by;
  tf.tidy(() => {
    variable.assign(tf.tensor(values, variable.shape));
  });
  const { loss, gradients } = gradientsOf(seed);
  const value = loss.dataSync()[0] ?? NaN;
  variable.assign(before);
  tf.dispose([before, loss, ...gradients]);
  return value;
}

for (const seed of [undefined, 4])
  describe(`the whole model's gradients, ${seed === undefined ? "without dropout" : "with dropout"}`, () => {
    it("are those that differences of the loss give, for every parameter", () => {
      const { loss, gradients } = gradientsOf(seed);
      for (const [order, name] of [...model.variables.keys()].entries()) {
        const gradient = gradients[order]?.dataSync<"float32">() ?? new Float32Array();
        // where it is largest, so that a difference can be seen at all
        const index = gradient.reduce(
          (best, value, at) => (Math.abs(value) > Math.abs(gradient[best] ?? 0) ? at : best),
          0,
        );
        const step = 2e-3;
        const difference =
          (lossWith(name, index, step, seed) - lossWith(name, index, -step, seed)) / (2 * step);
        const found = gradient[index] ?? NaN;
        assert.ok(
          Math.abs(found - difference) <= 2e-2 * Math.abs(difference) + 2e-4,
          `${name}[${index}]: gradient ${found}, difference ${difference}`,
        );
      }
      tf.dispose([loss, ...gradients]);
    });
  });

describe("a compiled training step", () => {
  /** Losses and norms of steps over batches of several sizes, the last of a single text, and how much was compiled. */
  const steps = (
    compile: boolean,
    rowWise = true,
  ): { reports: TrainStepResult[]; compiled: number; logits: number[] } => {
    const fresh = DistilBertForSequenceClassification.fromFolder(source);
    const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 };
    const wordTable = rowWise ? fresh.wordTable : undefined;
    const optimizer = new AdamW(fresh.variables.values(), constants, wordTable);
    const trainStep = new TrainStep({ model: fresh, optimizer, seed: 7, compile });
    const reports = [4, 4, 4, 6, 4, 6, 6, 1].map((count, index) => {
      const batch = collate(tinyFeatures(count, index), 0);
      return trainStep.run({ batch, learningRate: 1e-2 / (index + 1), step: index + 1 });
    });
    const logits = fresh.logits(batch);
    const found = { reports, compiled: trainStep.compiledCount, logits: [...logits.dataSync()] };
    logits.dispose();
    for (const one of [trainStep, optimizer, fresh]) one.dispose();
    return found;
  };

  it("does what the eager step does, dropout and decay included, for batches of every size", () => {
    const before = tensorCounts();
    const [compiled, eager] = [steps(true), steps(false)];
    assert.ok(compiled.compiled >= 2, "one graph for batches of 4, another for batches of 6");
    assert.equal(eager.compiled, 0);
    for (const [index, { loss, gradNorm }] of eager.reports.entries()) {
      const found = compiled.reports[index];
      assert.ok(
        Math.abs((found?.loss ?? NaN) - loss) < 1e-5,
        `step ${index + 1}: ${found?.loss}, eager ${loss}`,
      );
      assert.ok(Math.abs((found?.gradNorm ?? NaN) - gradNorm) < 1e-4 * gradNorm, `step ${index + 1}`);
    }
    for (const [index, value] of eager.logits.entries())
      assert.ok(Math.abs((compiled.logits[index] ?? NaN) - value) < 1e-4, `logit ${index}`);
    assert.deepEqual(tensorCounts(), before);
  });

  it("does on the rows of the words seen what it does on the whole table", () => {
    const [byRows, whole] = [steps(true), steps(true, false)];
    for (const [index, { loss, gradNorm }] of whole.reports.entries()) {
      const found = byRows.reports[index];
      assert.ok(
        Math.abs((found?.loss ?? NaN) - loss) < 1e-5,
        `step ${index + 1}: ${found?.loss}, whole ${loss}`,
      );
      assert.ok(Math.abs((found?.gradNorm ?? NaN) - gradNorm) < 1e-4 * gradNorm, `step ${index + 1}`);
    }
    for (const [index, value] of whole.logits.entries())
      assert.ok(Math.abs((byRows.logits[index] ?? NaN) - value) < 1e-4, `logit ${index}`);
  });
});
