import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { Dropout, dropoutSeed } from "../../../lib/src/model/dropout";
import { withoutFusedOperations } from "../../../lib/src/model/fused-operations";
import {
  BertForSequenceClassification,
  DistilBertForSequenceClassification,
} from "../../../lib/src/model/sequence-classification";
import { RecordedFunction } from "../../../lib/src/recording/recorded-function";
import { RecordingError } from "../../../lib/src/recording/recording-error";
import type { Tensor } from "../../../lib/src/runtime/tensor";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { AdamW } from "../../../lib/src/training/adamw";
import { Trainer } from "../../../lib/src/training/trainer";
import { labelledBatch, lossAndGradients, type TrainStepResult } from "../../../lib/src/training/train-step";
import { updateStep } from "../../../lib/src/training/update-step";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyBert, writeTinyModel } from "../tiny-model";
import { tensorCounts, tinyRun } from "./tiny-run";

const source = writeTinyModel(path.join(temporaryFolder(), "model"));
const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 };
/** With padding, and of two sizes: XLA compiles twice. */
const BATCHES = [4, 5].map((count) => collate(tinyFeatures(count), 0));
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

/** Steps on TensorFlow's own operations, as on a GPU; without dropout, whose numbers XLA draws otherwise.
 * With XLA padding counts as tokens. */
function steps(options: {
  jitCompile: boolean;
  bf16?: boolean;
  gradientAccumulationSteps?: number;
}): TrainStepResult[] {
  const { gradientAccumulationSteps = 1 } = options;
  const model = DistilBertForSequenceClassification.fromFolder(source);
  const optimizer = new AdamW(model.variables.values(), ADAMW, model.wordTable);
  const step = updateStep({ model, optimizer, ...options, gradientAccumulationSteps });
  const batches = (index: number) =>
    gradientAccumulationSteps > 1 ? BATCHES : BATCHES.slice(index % 2, (index % 2) + 1);
  try {
    return withoutFusedOperations(() =>
      [0, 1, 2].map((index) =>
        step.run({ batches: batches(index), learningRate: 1e-2 / (index + 1), step: index + 1 }),
      ),
    );
  } finally {
    for (const one of [step, optimizer, model]) one.dispose();
  }
}

describe("the Trainer's jitCompile", () => {
  /** One run of two steps on the operations that lib made for a CPU, which XLA has not. */
  const train = async (args: { jitCompile?: boolean; compile?: boolean }): Promise<number> => {
    const model = DistilBertForSequenceClassification.fromFolder(source);
    const run = tinyRun(model, temporaryFolder(), { maxSteps: 2, ...args });
    const output = await new Trainer(run).train().finally(() => {
      model.dispose();
    });
    return output.globalStep;
  };

  it("is named by the error where XLA cannot compile the step", async () => {
    await assert.rejects(
      train({ jitCompile: true }),
      (error: unknown) =>
        error instanceof RecordingError &&
        /training step could not be run by XLA .*No registered 'AddLayerNorm'.*jitCompile: false/.test(
          error.message,
        ),
    );
  });

  it("is off on a CPU where nothing is said, and nothing without compile", async () => {
    assert.deepEqual([await train({}), await train({ jitCompile: true, compile: false })], [2, 2]);
  });
});

describe("a batch laid out for XLA", () => {
  const bert = writeTinyBert(path.join(temporaryFolder(), "bert"));
  for (const [name, load] of [
    ["DistilBERT", () => DistilBertForSequenceClassification.fromFolder(source)],
    ["BERT", () => BertForSequenceClassification.fromFolder(bert)],
  ] as const)
    it(`has ${name}'s loss and gradients of the batch without its padding`, () => {
      const model = load();
      // the second text of each has a type of its own
      const features = tinyFeatures(4).map((feature, index) => ({
        ...feature,
        tokenTypeIds: feature.inputIds.map(() => index % 2),
      }));
      const batch = collate(features, 0);
      const [dense, wide] = [false, true].map((fewSizes) =>
        withoutFusedOperations(() =>
          tf.tidy(() => {
            const { loss, gradients } = lossAndGradients(model, labelledBatch(batch, model, { fewSizes }));
            return [loss, ...gradients].map((tensor) => [...tensor.dataSync<"float32">()]);
          }),
        ),
      );
      const names = ["loss", ...model.variables.keys()];
      model.dispose();
      for (const [index, values] of (dense ?? []).entries()) {
        const apart = Math.hypot(...values.map((value, at) => value - (wide?.[index]?.[at] ?? NaN)));
        // sums over other numbers of rows, of gradients that may cancel: k_lin.bias has none but rounding
        assert.ok(apart <= 1e-5 * Math.hypot(...values) + 1e-6, `${names[index]}: ${apart} apart`);
      }
    });
});

describe("a training step that XLA compiles, on the operations that a GPU has", () => {
  for (const [name, options, share] of [
    // sums in another order: some units of float32's last place, which Adam's division by small moments makes more
    ["in float32", {}, 1e-5],
    // a sum that rounds to the other neighbour among bfloat16's 8 bits is 4e-3 off, and many of them are added up
    ["in bfloat16", { bf16: true }, 1e-3],
    ["from micro-batches", { gradientAccumulationSteps: 2 }, 1e-5],
  ] as const)
    it(`comes to the losses and norms of the step without XLA, ${name}`, () => {
      const graph = steps({ ...options, jitCompile: false });
      const xla = steps({ ...options, jitCompile: true });
      for (const [index, { loss, gradNorm }] of graph.entries()) {
        const found = xla[index];
        const at = `step ${index + 1}: ${JSON.stringify(found)}, without XLA ${JSON.stringify({ loss, gradNorm })}`;
        assert.ok(Math.abs((found?.loss ?? NaN) - loss) <= share * loss, at);
        assert.ok(Math.abs((found?.gradNorm ?? NaN) - gradNorm) <= 10 * share * gradNorm, at);
      }
    });

  it("drops by the seed: the share that is asked for, the same for the same seed", () => {
    const fn = new RecordedFunction<{ x: Tensor; seed: Tensor }>({
      ...{ label: "dropout", resources: [], jitCompile: true },
      body: ({ x, seed }) => [new Dropout(seed).mask(x, 0.25)],
    });
    const masks = [1, 1, 2].map((step) =>
      tf.tidy(() => [
        ...(fn.call({ x: tf.ones([10_000]), seed: dropoutSeed(7, step) })[0]?.dataSync() ?? []),
      ]),
    );
    fn.dispose();
    const [first = [], again, other] = masks;
    const kept = first.filter((value) => value > 0);
    // of 10,000 draws the share strays by 0.0043 (one standard deviation)
    assert.ok(Math.abs(kept.length / 10_000 - 0.75) < 0.02, `${kept.length} of 10,000 stay`);
    assert.ok(kept.every((value) => Math.abs(value - 1 / 0.75) < 1e-6));
    assert.deepEqual(again, first);
    assert.notDeepEqual(other, first);
  });
});
