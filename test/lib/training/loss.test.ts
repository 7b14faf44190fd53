import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { REPOSITORY } from "../../../lib/src/runtime/repository";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { AdamW, adamWOptions } from "../../../lib/src/training/adamw";
import { crossEntropy, type LossOptions } from "../../../lib/src/training/loss";
import { DEFAULT_TRAINING_ARGUMENTS } from "../../../lib/src/training/training-arguments";
import { updateStep } from "../../../lib/src/training/update-step";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";
import { tensorCounts } from "./tiny-run";

/** What PyTorch and transformers compute, see test/fixtures/make_loss_fixtures.py. */
interface Fixture {
  logits: number[][];
  labels: number[];
  cases: ({ labelSmoothingFactor: number; classWeights?: number[] } & Result)[];
}

interface Result {
  loss: number;
  gradient: number[][];
}

const { logits, labels, cases } = JSON.parse(
  readFileSync(path.join(REPOSITORY, "test/fixtures/loss.json"), "utf8"),
) as Fixture;
after(() => {
  assert.deepEqual(tensorCounts(), { tensors: 0, nativeTensors: 0 }, "the tests of this file leaked");
});

function lossAndGradient(options: LossOptions | undefined): Result {
  return tf.tidy(() => {
    const wanted = tf.tensor1d(labels, "int32");
    const of = tf.valueAndGrad(
      (values) => crossEntropy(values, wanted, options) as ReturnType<typeof tf.scalar>,
    );
    const { value, grad } = of(tf.tensor2d(logits));
    return { loss: value.dataSync()[0] ?? NaN, gradient: grad.arraySync() as number[][] };
  });
}

describe("cross-entropy", () => {
  for (const { loss, gradient, ...options } of cases)
    it(`is PyTorch's, and its gradient: ${JSON.stringify(options)}`, () => {
      const found = lossAndGradient(options);
      assert.ok(Math.abs(found.loss - loss) < 1e-5 * loss, `${found.loss}, not ${loss}`);
      for (const [row, values] of gradient.entries())
        for (const [column, expected] of values.entries())
          assert.ok(
            Math.abs((found.gradient[row]?.[column] ?? NaN) - expected) < 1e-6,
            `gradient ${row}, ${column}`,
          );
    });

  it("counts every example the same where nothing is said", () => {
    assert.deepEqual(lossAndGradient(undefined), lossAndGradient({ labelSmoothingFactor: 0 }));
    const equal = lossAndGradient({ classWeights: [3, 3, 3] });
    assert.ok(Math.abs(equal.loss - lossAndGradient(undefined).loss) < 1e-5);
  });
});

describe("an update with class weights", () => {
  const source = writeTinyModel(path.join(temporaryFolder(), "model"));

  it("is the same from one batch and from several, whose examples weigh otherwise", () => {
    const update = (groups: number[][]) => {
      const model = DistilBertForSequenceClassification.fromFolder(source);
      const optimizer = new AdamW(
        model.variables.values(),
        adamWOptions(DEFAULT_TRAINING_ARGUMENTS),
        model.wordTable,
      );
      const loss = { classWeights: [0.25, 2], labelSmoothingFactor: 0.1 };
      const step = updateStep({ model, optimizer, loss, gradientAccumulationSteps: groups.length });
      // with labels in turn, groups of odd sizes have other shares of each
      const features = tinyFeatures(7);
      const batches = groups.map((group) =>
        collate(
          group.flatMap((index) => features[index] ?? []),
          0,
        ),
      );
      const result = step.run({ batches, learningRate: 1e-3, step: 1 });
      step.dispose();
      optimizer.dispose();
      model.dispose();
      return result;
    };
    const whole = update([[0, 1, 2, 3, 4, 5, 6]]);
    const parts = update([[0, 1, 2], [3], [4, 5, 6]]);
    assert.ok(Math.abs(parts.loss - whole.loss) < 1e-5, `${parts.loss}, not ${whole.loss}`);
    assert.ok(Math.abs(parts.gradNorm - whole.gradNorm) < 1e-4 * whole.gradNorm);
  });
});
