import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "node:test";
import { argmax, predictLogits } from "../../../lib/src/evaluation/predict";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { DataError } from "../../../lib/src/runtime/errors";
import { tf } from "../../../lib/src/runtime/tensorflow";
import { accuracyOnly, evaluateModel } from "../../../lib/src/training/evaluate";
import { crossEntropy } from "../../../lib/src/training/loss";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";

const model = DistilBertForSequenceClassification.fromFolder(
  writeTinyModel(path.join(temporaryFolder(), "model")),
);
after(() => {
  model.dispose();
});

describe("an evaluation", () => {
  const features = tinyFeatures(9);
  const labels = features.map(({ label }) => label ?? NaN);

  it("gives the loss that training takes, and the metrics asked for", async () => {
    const metrics = await evaluateModel({
      ...{ model, features, padTokenId: 0, batchSize: 4 },
      computeMetrics: ({ labels: seen, predictions }) => ({
        seen: seen.length,
        said: predictions.length,
        one: seen[1] ?? NaN,
      }),
    });
    const logits = await predictLogits({ model, features, padTokenId: 0 });
    const expected = tf.tidy(
      () => crossEntropy(tf.tensor2d(logits), tf.tensor1d(labels, "int32")).dataSync()[0] ?? NaN,
    );
    assert.ok(Math.abs((metrics["loss"] ?? NaN) - expected) < 1e-6);
    assert.deepEqual([metrics["seen"], metrics["said"], metrics["one"]], [9, 9, 1]);
    const { accuracy } = await evaluateModel({
      model,
      features,
      padTokenId: 0,
      computeMetrics: accuracyOnly,
    });
    assert.equal(accuracy, logits.filter((row, index) => argmax(row) === labels[index]).length / 9);
  });

  it("is refused for no example, a missing label and one that the model does not have", async () => {
    const evaluate = (labels: (number | undefined)[]) =>
      evaluateModel({
        ...{ model, padTokenId: 0, computeMetrics: accuracyOnly },
        features: labels.map((label) => (label === undefined ? { inputIds: [1] } : { inputIds: [1], label })),
      });
    await assert.rejects(
      evaluate([]),
      new DataError("The evaluation set has 0 examples; expected at least one."),
    );
    await assert.rejects(
      evaluate([0, undefined]),
      /Example 1 of the evaluation set has the label undefined; the model knows/,
    );
    await assert.rejects(
      evaluate([0, 1, 2]),
      /Example 2 of the evaluation set has the label 2; the model knows/,
    );
  });
});
