import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { argmax, predictLogits, softmax } from "../../../lib/src/evaluation/predict";
import { classificationReport } from "../../../lib/src/evaluation/report";
import { DistilBertForSequenceClassification } from "../../../lib/src/model/sequence-classification";
import { ArgumentError, DataError, InterruptedError } from "../../../lib/src/runtime/errors";
import { memoryUse } from "../../../lib/src/runtime/memory";
import { setProgressFactory } from "../../../lib/src/runtime/progress";
import { temporaryFolder } from "../temporary-folder";
import { tinyFeatures, writeTinyModel } from "../tiny-model";

const model = DistilBertForSequenceClassification.fromFolder(
  writeTinyModel(path.join(temporaryFolder(), "model")),
);
after(() => {
  model.dispose();
});
/** Of lengths that do not rise. */
const features = tinyFeatures(13);

function counts() {
  const { tensors, nativeTensors } = memoryUse();
  return { tensors, nativeTensors };
}

describe("predicted logits", () => {
  const predict = (batchSize?: number) =>
    predictLogits({ model, features, padTokenId: 0, ...(batchSize === undefined ? {} : { batchSize }) });

  it("keep the features' order, whatever the batch size", async () => {
    const alone = await Promise.all(
      features.map(
        async (feature) => (await predictLogits({ model, features: [feature], padTokenId: 0 }))[0],
      ),
    );
    assert.equal(new Set(alone.map((row) => row?.[0])).size, features.length);
    for (const batchSize of [1, 4, 13, 100, undefined]) {
      const together = await predict(batchSize);
      assert.equal(together.length, features.length);
      for (const [index, row] of alone.entries())
        for (const label of [0, 1]) {
          const difference = Math.abs((row?.[label] ?? NaN) - (together[index]?.[label] ?? NaN));
          assert.ok(difference <= 1e-5, `batch size ${batchSize}, text ${index}: ${difference}`);
        }
    }
  });

  it("of nothing are none", async () => {
    assert.deepEqual(await predictLogits({ model, features: [], padTokenId: 0 }), []);
  });

  it("leave no tensor behind", async () => {
    const before = counts();
    await predict(4);
    assert.deepEqual(counts(), before);
  });

  it("refuse a batch size that would never end", async () => {
    for (const batchSize of [0, -1, 1.5, NaN])
      await assert.rejects(
        predict(batchSize),
        new ArgumentError(`batchSize is ${batchSize}; expected a whole number above 0.`),
      );
  });
});

describe("a prediction's progress", () => {
  afterEach(() => {
    setProgressFactory(undefined);
    Reflect.deleteProperty(globalThis, Symbol.for("jupyter.interrupt"));
  });

  it("counts texts to the end where it has a label, and is silent without", async () => {
    const seen: (string | number)[] = [];
    setProgressFactory(({ label, total, unit }) => {
      seen.push(label, total, unit);
      return { update: (done) => seen.push(done), end: () => seen.push("end") };
    });
    await predictLogits({ model, features, padTokenId: 0, batchSize: 5 });
    assert.deepEqual(seen, []);
    await predictLogits({ model, features, padTokenId: 0, batchSize: 5, label: "Reading" });
    assert.deepEqual(seen, ["Reading", 13, "texts", 5, 10, 13, "end"]);
  });

  it("ends when the reader interrupts, and nothing leaks", async () => {
    const flag = { requested: false };
    Object.defineProperty(globalThis, Symbol.for("jupyter.interrupt"), { value: flag, configurable: true });
    const seen: (string | number)[] = [];
    setProgressFactory(() => ({
      update: (done) => {
        seen.push(done);
        flag.requested = true;
      },
      end: () => seen.push("end"),
    }));
    const before = counts();
    const interrupted = predictLogits({ model, features, padTokenId: 0, batchSize: 5, label: "Reading" });
    await assert.rejects(interrupted, (error) => {
      assert.ok(error instanceof InterruptedError);
      assert.match(error.message, /^Reading was interrupted/);
      return true;
    });
    assert.deepEqual(seen, [5, "end"]);
    assert.deepEqual(counts(), before);
  });
});

describe("softmax and argmax", () => {
  it("give probabilities, also of logits whose powers overflow", () => {
    const [low = NaN, high = NaN] = softmax([0, Math.log(3)]);
    assert.ok(Math.abs(low - 0.25) < 1e-15 && Math.abs(high - 0.75) < 1e-15);
    assert.deepEqual(softmax([1000, 1000]), [0.5, 0.5]);
    assert.deepEqual(softmax([-1e9, 0]), [0, 1]);
  });

  it("give the place of the largest value, the first of equals, as numpy", () => {
    assert.deepEqual([[3, 5, 4], [5, 5], [-2, -1], [7]].map(argmax), [1, 0, 1, 0]);
    // numpy gives the first that is no number: never a place that is none
    assert.equal(argmax([1, NaN, 3, NaN]), 1);
  });
});

describe("a report of predictions", () => {
  it("compares with the labels", async () => {
    const report = await classificationReport({ model, features, padTokenId: 0, name: "thirteen" });
    const logits = await predictLogits({ model, features, padTokenId: 0 });
    const right = logits.filter((row, index) => argmax(row) === features[index]?.label).length;
    assert.equal(report.accuracy, right / 13);
    assert.equal(
      report.confusion.flat().reduce((sum, count) => sum + count),
      13,
    );
  });

  it("is refused where a label is missing or outside the model's", async () => {
    const report = (label?: number) =>
      classificationReport({
        ...{ model, padTokenId: 0, name: "bad" },
        features: [
          { inputIds: [1, 2], label: 0 },
          label === undefined ? { inputIds: [1] } : { inputIds: [1], label },
        ],
      });
    await assert.rejects(report(), new DataError('Example 1 of "bad" has no label; expected one of each.'));
    await assert.rejects(report(2), DataError);
    await assert.rejects(
      classificationReport({ model, features: [], padTokenId: 0, name: "none" }),
      DataError,
    );
  });
});
