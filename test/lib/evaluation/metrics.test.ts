import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  accuracy,
  balancedAccuracy,
  ClassificationReport,
  confusionMatrix,
  predictedShare,
  recall,
  wilsonInterval,
} from "../../../lib/src/evaluation/metrics";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";

/** 4 of label 0, 3 right; 2 of label 1, 1 right. */
const six = { labels: [0, 0, 0, 0, 1, 1], predictions: [0, 0, 0, 1, 1, 0] };
const allNegative = { labels: [0, 0, 1, 1], predictions: [0, 0, 0, 0] };

describe("the metrics", () => {
  it("are what counting by hand gives", () => {
    assert.equal(accuracy(six), 4 / 6);
    assert.equal(recall({ ...six, label: 0 }), 3 / 4);
    assert.equal(recall({ ...six, label: 1 }), 1 / 2);
    assert.equal(balancedAccuracy(six), (3 / 4 + 1 / 2) / 2);
    assert.equal(predictedShare(six.predictions, 0), 4 / 6);
    assert.deepEqual(confusionMatrix({ ...six, numLabels: 2 }), [
      [3, 1],
      [1, 1],
    ]);
  });

  it("give 0.5 to whoever always says the same of two", () => {
    assert.equal(balancedAccuracy(allNegative), 0.5);
    assert.equal(balancedAccuracy({ ...allNegative, predictions: [1, 1, 1, 1] }), 0.5);
  });

  it("leave a label out of the balance that does not occur, as scikit-learn does", () => {
    // what reads 1.00 in the story's validation set of one class
    assert.equal(balancedAccuracy({ labels: [0, 0, 0], predictions: [0, 0, 0] }), 1);
    assert.equal(balancedAccuracy({ labels: [0, 0, 0, 0], predictions: [0, 1, 0, 0] }), 0.75);
    assert.ok(Number.isNaN(recall({ labels: [0], predictions: [0], label: 1 })));
  });

  it("count three labels, one never called", () => {
    const three = { labels: [0, 1, 2, 2], predictions: [0, 0, 2, 0] };
    assert.deepEqual(confusionMatrix({ ...three, numLabels: 3 }), [
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 1],
    ]);
    assert.equal(balancedAccuracy(three), (1 + 0 + 0.5) / 3);
  });

  it("are refused for an empty set, and for labels without their predictions", () => {
    const none = { labels: [], predictions: [] };
    const expected = new DataError("A metric was asked of 0 examples; expected at least one.");
    for (const ask of [
      () => accuracy(none),
      () => balancedAccuracy(none),
      () => confusionMatrix({ ...none, numLabels: 2 }),
      () => new ClassificationReport("none", none, { 0: "a", 1: "b" }),
      () => predictedShare([], 0),
      () => wilsonInterval(0, 0),
    ])
      assert.throws(ask, expected);
    const unequal = { labels: [0, 1], predictions: [0] };
    const message = "2 labels came with 1 predictions; expected as many.";
    for (const metric of [accuracy, balancedAccuracy])
      assert.throws(() => metric(unequal), new DataError(message));
    assert.throws(() => confusionMatrix({ ...unequal, numLabels: 2 }), new DataError(message));
  });

  it("are refused for a label or a prediction that the matrix has no place for", () => {
    const matrix = (labels: number[], predictions: number[]) => () =>
      confusionMatrix({ labels, predictions, numLabels: 2 });
    assert.throws(
      matrix([0, 2], [0, 0]),
      new DataError("Example 1 has the label 2 and the prediction 0; expected 0 to 1."),
    );
    assert.throws(
      matrix([0], [-1]),
      new DataError("Example 0 has the label 0 and the prediction -1; expected 0 to 1."),
    );
  });
});

describe("Wilson's interval", () => {
  const assertInterval = (found: [number, number], expected: [number, number]) => {
    for (const end of [0, 1] as const)
      assert.ok(
        Math.abs(found[end] - expected[end]) < 1e-6,
        `${found.join(" to ")} against ${expected.join(" to ")}`,
      );
  };

  it("is statsmodels' proportion_confint(method='wilson')", () => {
    assertInterval(wilsonInterval(81, 100), [0.7222115, 0.8748525]);
    assertInterval(wilsonInterval(5, 10), [0.2365931, 0.7634069]);
    assertInterval(wilsonInterval(810, 1000), [0.7845167, 0.8331107]);
  });

  it("stays within 0 and 1 at the ends", () => {
    for (const count of [1, 3, 7, 10, 1000]) {
      const [lowest, below] = wilsonInterval(0, count);
      const [above, highest] = wilsonInterval(count, count);
      assert.equal(lowest, 0);
      assert.equal(highest, 1);
      assert.ok(Math.abs(below - (1 - above)) < 1e-12);
    }
    assertInterval(wilsonInterval(0, 10), [0, 0.2775328]);
  });

  it("refuses more hits than there are", () => {
    for (const hits of [11, -1]) assert.throws(() => wilsonInterval(hits, 10), ArgumentError);
  });
});

describe("a classification report", () => {
  const report = new ClassificationReport("held out", six, { 0: "NEGATIVE", 1: "POSITIVE" });

  it("holds the metrics", () => {
    assert.deepEqual(
      [report.accuracy, report.balancedAccuracy, report.confusion],
      [
        accuracy(six),
        balancedAccuracy(six),
        [
          [3, 1],
          [1, 1],
        ],
      ],
    );
  });

  it("presents itself as a table of labels by predictions, one that does not occur with a dash", () => {
    assert.deepEqual(report.present(), {
      kind: "table",
      title: "held out: accuracy 0.667, balanced accuracy 0.625",
      columns: ["label", "examples", "called NEGATIVE", "called POSITIVE", "recognised"],
      rows: [
        ["NEGATIVE", 4, 3, 1, 0.75],
        ["POSITIVE", 2, 1, 1, 0.5],
      ],
      format: { recognised: "percent" },
    });
    const oneClass = new ClassificationReport("one", { labels: [0], predictions: [0] }, { 0: "a", 1: "b" });
    assert.deepEqual(oneClass.present().rows[1], ["b", 0, 0, 0, null]);
  });
});
