import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { collate } from "../../../lib/src/tokenization/collator";
import { crossEntropy, lossAndGradients } from "../../../lib/src/training/train-step";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";

const model = DistilBertForSequenceClassification.fromPretrained(
  writeTinyModel(path.join(temporaryFolder(), "model"), { config: { nLayers: 2 } }),
);
after(() => {
  model.dispose();
});
/** Of unlike lengths: with padding. */
const batch = collate(tinyFeatures(5), 0);

describe("cross-entropy", () => {
  it("is the mean negative logarithm of the labels' probabilities, also of extreme logits", () => {
    tf.tidy(() => {
      const lossOf = (logits: number[][], labels: number[]) =>
        crossEntropy(tf.tensor2d(logits), Int32Array.from(labels)).dataSync()[0] ?? NaN;
      const expected = (-Math.log(0.75) - Math.log(0.25)) / 2;
      assert.ok(
        Math.abs(
          lossOf(
            [
              [0, Math.log(3)],
              [0, Math.log(3)],
            ],
            [1, 0],
          ) - expected,
        ) < 1e-6,
      );
      assert.equal(lossOf([[1000, 0]], [1]), 1000);
      assert.equal(Math.abs(lossOf([[1000, 0]], [0])), 0);
    });
  });
});

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
  const { loss, gradients } = lossAndGradients({
    model,
    batch,
    step: 3,
    ...(seed === undefined ? {} : { seed }),
  });
  const value = loss.dataSync()[0] ?? NaN;
  variable.assign(before);
  tf.dispose([before, loss, ...gradients]);
  return value;
}

for (const seed of [undefined, 4])
  describe(`the whole model's gradients, ${seed === undefined ? "without dropout" : "with dropout"}`, () => {
    it("are those that differences of the loss give, for every parameter", () => {
      const { loss, gradients } = lossAndGradients({
        model,
        batch,
        step: 3,
        ...(seed === undefined ? {} : { seed }),
      });
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
