import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { beforeAndAfter } from "../../../lib/src/display/charts/before-and-after";
import { confidenceHistogram } from "../../../lib/src/display/charts/confidence-histogram";
import { confusionHeatmap } from "../../../lib/src/display/charts/confusion-heatmap";
import { reliabilityDiagram } from "../../../lib/src/display/charts/reliability-diagram";
import { throughputAndMemory } from "../../../lib/src/display/charts/throughput-and-memory";
import { trainingCurves } from "../../../lib/src/display/charts/training-curves";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { answers, charts, id2label, samples, state } from "./examples";

const { labels, learned, collapsed } = answers;

function values(chart: { data: readonly unknown[] }, name: string): unknown[] {
  const traces = chart.data as { name?: string; y: unknown[] }[];
  return traces.find((trace) => trace.name === name)?.y ?? [];
}

describe("alternative texts", () => {
  for (const [name, { title, altText }] of Object.entries(charts)) {
    it(`of ${name} hold the numbers of the title`, () => {
      for (const number of title.match(/\d[\d,.]*\d|\d/gu) ?? [])
        // a share of the title is a figure of the text
        assert.ok(altText.includes(number), `${number} is not in: ${altText}`);
      // most begin with the title
      const own = altText.replace(title, "").match(/\d[\d,.]*\d|\d/gu) ?? [];
      assert.ok(own.length > 0, `beside the title there is no figure in: ${altText}`);
    });
  }
});

describe("confusionHeatmap", () => {
  it("says when every text gets the same answer, and when all texts have one label", () => {
    const predictions = labels.map(() => 0);
    assert.equal(
      confusionHeatmap({ labels, predictions, id2label }).title,
      "Every one of the 200 texts is called NEGATIVE; 100 of them are not",
    );
    assert.match(
      confusionHeatmap({ labels: predictions, predictions, id2label }).title,
      /^All 200 texts are NEGATIVE: 100% of them are called so, and nothing shows here/u,
    );
    assert.equal(
      confusionHeatmap({ labels, predictions: labels, id2label }).title,
      "All 200 texts are called right",
    );
  });

  it("writes each cell's count and its share of the row", () => {
    const { annotations } = charts["confusion-heatmap"].layout as { annotations: { text: string }[] };
    assert.deepEqual(
      annotations.map(({ text }) => text),
      ["<b>100</b><br>100%", "<b>0</b><br>0%", "<b>11</b><br>11%", "<b>89</b><br>89%"],
    );
  });

  it("refuses what does not fit", () => {
    assert.throws(() => confusionHeatmap({ labels: [], predictions: [], id2label }), DataError);
    assert.throws(() => confusionHeatmap({ labels: [0], predictions: [0, 1], id2label }), DataError);
    assert.throws(() => confusionHeatmap({ labels: [2], predictions: [0], id2label }), /label 2/u);
  });
});

describe("confidenceHistogram", () => {
  it("counts every text once, in its label's plot", () => {
    for (const logits of [learned, collapsed]) {
      const chart = confidenceHistogram({ logits, labels, id2label });
      for (const name of Object.values(id2label)) {
        const counts = values(chart, name) as number[];
        assert.equal(
          counts.reduce((sum, count) => sum + count),
          100,
        );
      }
    }
  });

  it("says what a model that has learned does", () => {
    const sure = confidenceHistogram({ logits: learned, labels, id2label });
    assert.deepEqual(values(sure, "POSITIVE").slice(-3), [10, 13, 32]);
    assert.match(
      confidenceHistogram({ logits: learned, labels, id2label }).title,
      /^P\(POSITIVE\) is on average 0\.80 for POSITIVE, 0\.20 for NEGATIVE; 89% of the 200 answers are right$/u,
    );
  });

  it("shows one label of several, and a set of one label", () => {
    const three = { 0: "bad", 1: "middling", 2: "good" };
    const logits = [
      [3, 0, 0],
      [0, 3, 0],
      [0, 0, 3],
    ];
    const chart = confidenceHistogram({ logits, labels: [0, 1, 2], id2label: three, label: "bad" });
    assert.match(chart.title, /^P\(bad\) is on average 0\.91 for bad, 0\.05 for the others; 100%/u);
    assert.ok(!("shapes" in chart.layout), "of three labels, no place decides the answer");
    const one = confidenceHistogram({ logits: [[0, -9]], labels: [0], id2label });
    assert.equal(
      one.title,
      "All 1 texts are called NEGATIVE, with over 99.9% confidence on average; all of them are",
    );
  });

  it("refuses what does not fit", () => {
    assert.throws(() => confidenceHistogram({ logits: [], labels: [], id2label }), DataError);
    assert.throws(() => confidenceHistogram({ logits: [[0, NaN]], labels: [0], id2label }), /finite logits/u);
    assert.throws(
      () => confidenceHistogram({ logits: learned, labels, id2label, label: "GOOD" }),
      (error: Error) => error instanceof ArgumentError && /GOOD.*NEGATIVE or POSITIVE/u.test(error.message),
    );
  });
});

describe("reliabilityDiagram", () => {
  it("says how sure and how right the model is, and counts every text", () => {
    const chart = reliabilityDiagram({ logits: collapsed, labels });
    assert.match(chart.title, /is 99\.9% sure on average and right 50\.0% of the time \(200 texts/u);
    const counts = (chart.data as { type: string; y: number[] }[]).find(({ type }) => type === "bar")?.y;
    assert.deepEqual(counts, [200]);
  });

  it("refuses what does not fit", () => {
    assert.throws(() => reliabilityDiagram({ logits: [], labels: [] }), DataError);
    assert.throws(() => reliabilityDiagram({ logits: learned, labels, bins: 0 }), ArgumentError);
  });
});

describe("trainingCurves", () => {
  it("says where the losses go, where the metric is best, and which checkpoint the rule took", () => {
    assert.equal(
      charts["training-curves"].title,
      "Training loss falls from 0.690 to 0.210; evaluation loss is lowest (0.420) at step 400; accuracy is highest (1.000) at step 200; the run's rule calls step 200 best",
    );
    assert.deepEqual(values(charts["training-curves"], "evaluation loss"), [0.51, 0.42, 0.47]);
  });

  it("does with a training loss alone, and marks nothing then", () => {
    const chart = trainingCurves({
      state: { bestGlobalStep: null, logHistory: [{ step: 1, epoch: 1, loss: 0.5 }] },
    });
    assert.equal(chart.title, "Training loss is 0.500");
    assert.ok(!("shapes" in chart.layout));
  });

  it("says of a metric that never changes what it is, and of one where less is better the lowest", () => {
    const title = (metric: string, ...values: number[]) =>
      trainingCurves({
        state: {
          bestGlobalStep: null,
          logHistory: values.map((value, at) => ({
            ...{ step: 200 * (at + 1), epoch: at, eval_loss: 1 },
            [metric]: value,
          })),
        },
      }).title;
    assert.equal(
      title("eval_accuracy", 0.5, 0.5),
      "Evaluation loss is 1.000 at every evaluation; accuracy is 0.500 at every evaluation",
    );
    assert.match(title("eval_accuracy", 0.5), /accuracy is 0\.500 at step 200$/u);
    assert.match(title("eval_perplexity", 9, 4, 5), /perplexity is lowest \(4\.000\) at step 400$/u);
    assert.match(title("eval_calibration_error", 0.1, 0.2), /error is lowest \(0\.100\) at step 200$/u);
  });

  it("refuses what does not fit", () => {
    const log = (entry: Record<string, number>) => ({
      bestGlobalStep: null,
      logHistory: [{ step: 5, epoch: 1, ...entry }],
    });
    assert.throws(() => trainingCurves({ state: log({ learning_rate: 1 }) }), /has no loss/u);
    assert.throws(() => trainingCurves({ state: log({ loss: NaN }) }), /training loss is NaN/u);
    assert.throws(
      () => trainingCurves({ state, metric: "eval_f1" }),
      /eval_f1 is not in the log; expected one of: eval_accuracy/u,
    );
  });
});

describe("throughputAndMemory", () => {
  it("says what was used, with and without a GPU", () => {
    assert.match(
      charts["throughput-and-memory"].title,
      /^321 texts a second .* and 2\.3 GB on the GPU; tensors end/u,
    );
    const alone = throughputAndMemory({
      samples: samples.map((sample, at) => ({ ...sample, gpu: null, numTensors: 345 + at })),
    });
    assert.equal(
      alone.title,
      "321 texts a second (median), at most 1.6 GB of memory; tensors go from 345 to 354",
    );
    assert.deepEqual(values(alone, "GPU"), []);
  });

  it("refuses no samples, and one that is not a number", () => {
    assert.throws(() => throughputAndMemory({ samples: [] }), /texts a second got 0 values/u);
    const [first] = samples;
    assert.ok(first);
    assert.throws(
      () => throughputAndMemory({ samples: [{ ...first, textsPerSecond: NaN }] }),
      /Value 0 of texts a second is NaN/u,
    );
  });
});

describe("beforeAndAfter", () => {
  it("says better or worse by the metric's own sense", () => {
    const { altText } = charts["before-and-after"];
    assert.match(altText, /expected calibration error: 0\.499 before, 0\.062 after \(better\)/u);
    const worse = beforeAndAfter({
      metrics: [{ name: "loss", before: 0.2, after: 0.4, lowerIsBetter: true }],
    });
    assert.match(worse.altText, /\(worse\)/u);
    assert.equal(worse.title, "loss: 0.200 before, 0.400 after");
  });

  it("refuses no metrics, and one that is not a number", () => {
    assert.throws(() => beforeAndAfter({ metrics: [] }), DataError);
    assert.throws(() => beforeAndAfter({ metrics: [{ name: "a", before: NaN, after: 1 }] }), /is NaN/u);
  });
});
