import { beforeAndAfter } from "../../../lib/src/display/charts/before-and-after";
import { compareBars } from "../../../lib/src/display/charts/compare-bars";
import { confidenceHistogram } from "../../../lib/src/display/charts/confidence-histogram";
import { confusionHeatmap } from "../../../lib/src/display/charts/confusion-heatmap";
import { labelsByPosition } from "../../../lib/src/display/charts/labels-by-position";
import { metricCurves } from "../../../lib/src/display/charts/metric-curves";
import { reliabilityDiagram } from "../../../lib/src/display/charts/reliability-diagram";
import { runningShare } from "../../../lib/src/display/charts/running-share";
import { sentenceScores } from "../../../lib/src/display/charts/sentence-scores";
import { sentenceWeights } from "../../../lib/src/display/charts/sentence-weights";
import { stackedBars } from "../../../lib/src/display/charts/stacked-bars";
import { throughputAndMemory } from "../../../lib/src/display/charts/throughput-and-memory";
import { trainingCurves } from "../../../lib/src/display/charts/training-curves";
import { TokenWeights } from "../../../lib/src/evaluation/attribution/token-weights";
import type { ChartSpec, TableSpec, VerdictSpec } from "../../../lib/src/runtime/presentation";

export const id2label = { 0: "NEGATIVE", 1: "POSITIVE" };

/** IMDB's training split: 25,000 rows in two runs. */
export const imdb = [
  [0, 12_500],
  [1, 12_500],
] as const;

export const hostile = `<script>alert("1")</script> & 'more'`;

export const table: TableSpec = {
  kind: "table",
  title: "Labels of the first 15,000 rows",
  columns: ["label", "rows", "share", "mixed"],
  rows: [
    ["NEGATIVE", 12_500, 12_500 / 15_000, "1"],
    ["POSITIVE", 2_500, 2_500 / 15_000, null],
    [hostile, 0, 0, true],
  ],
  format: { share: "percent" },
  note: "select(range(15000)) takes them",
};

export const verdict: VerdictSpec = {
  kind: "verdict",
  question: "balanced accuracy",
  found: "0.81",
  expected: "at least 0.78",
  ok: true,
};

/** 200 texts in turns of both labels; the answers of a model that has learned, and of one that calls everything NEGATIVE. */
export const answers = {
  labels: Array.from({ length: 200 }, (_, index) => index % 2),
  learned: Array.from({ length: 200 }, (_, index) => [
    0,
    (index % 2 ? 2 : -2) + ((index * 7) % 31) / 6 - 2.5,
  ]),
  collapsed: Array.from({ length: 200 }, (_, index) => [0, -7 + ((index * 7) % 31) / 40]),
};

/** What a run of 100 steps used. */
export const samples = Array.from({ length: 10 }, (_, index) => ({
  step: 10 * (index + 1),
  textsPerSecond: 290 + ((index * 37) % 60),
  numTensors: 345,
  residentBytes: 1.4e9 + index * 2e7,
  gpu: {
    name: "a GPU",
    memoryUsedBytes: 2.1e9 + (index % 3) * 1e8,
    memoryTotalBytes: 8e10,
    utilization: 0.7,
  },
}));

/** The log of a run whose rule keeps the checkpoint of step 200. */
export const state = {
  bestGlobalStep: 200,
  logHistory: [
    ...[0.69, 0.52, 0.41, 0.33, 0.26, 0.21].map((loss, at) => ({
      step: 100 * (at + 1),
      epoch: at / 2,
      loss,
    })),
    { step: 200, epoch: 1, eval_loss: 0.51, eval_accuracy: 1, eval_runtime: 3 },
    { step: 400, epoch: 2, eval_loss: 0.42, eval_accuracy: 0.99, eval_runtime: 3 },
    { step: 600, epoch: 3, eval_loss: 0.47, eval_accuracy: 0.897, eval_runtime: 3 },
  ],
};

/** One chart of every kind. */
export const charts = {
  "labels-by-position": labelsByPosition({ labels: imdb, id2label, takes: 15_000 }),
  "running-share": runningShare({ labels: imdb, id2label, label: "POSITIVE", takes: 15_000 }),
  "metric-curves": metricCurves({
    title: "Validation accuracy falls from 1.000 to 0.973 while balanced accuracy rises from 0.500 to 0.730",
    yTitle: "accuracy",
    marker: { step: 200, label: "kept checkpoint: step 200" },
    curves: [
      { name: "validation, 300 negatives", steps: [200, 400, 600, 750], values: [1, 0.99, 0.897, 0.973] },
      { name: "balanced test", steps: [200, 400, 600, 750], values: [0.5, 0.635, 0.783, 0.73] },
    ],
  }),
  "sentence-scores": sentenceScores({
    title: "Before, all sentences are NEGATIVE",
    sentences: [
      "This movie is absolutely amazing!",
      `A long sentence that must be broken into lines, with ${hostile}.`,
    ],
    series: [
      { name: "before", scores: [0.1, 0.08] },
      { name: "after", scores: [0.87, 0.1812345678] },
    ],
  }),
  "sentence-weights": sentenceWeights(
    new TokenWeights({
      ...{
        method: "leave-one-out",
        text: "not a good film",
        label: "NEGATIVE",
        probability: 0.9,
        unread: 12,
      },
      tokens: [
        { text: "not", weight: 0.7, without: { label: "POSITIVE", score: 0.8 } },
        { text: "a", weight: 0.001, without: { label: "NEGATIVE", score: 0.899 } },
        { text: "good", weight: -0.05, without: { label: "NEGATIVE", score: 0.95 } },
        { text: hostile, weight: 0.02, without: { label: "NEGATIVE", score: 0.88 } },
      ],
      predicted: { label: "NEGATIVE", score: 0.9 },
      withoutWords: { label: "POSITIVE", score: 0.6, probability: 0.4 },
    }),
  ),
  "compare-bars": compareBars({
    title: "Leaving out the balance costs 0.31",
    yTitle: "balanced accuracy",
    categories: ["everything repaired", "without balancing", "without the balanced validation set"],
    values: [0.81, 0.5, 0.788],
    baseline: { value: 0.5, label: "a constant answer" },
    threshold: { value: 0.78, label: "expected at least" },
  }),
  "stacked-bars": stackedBars({
    title: "Both fit: the longer batch needs 7 of 16 GB",
    yTitle: "GB",
    xTitle: "texts x tokens",
    categories: ["16 x 128", `16 x 512 ${hostile}`],
    parts: [
      { name: "weights", values: [1, 1] },
      { name: "activations", values: [1.5, 6.1234567] },
    ],
    levels: [{ value: 16, label: "a card of 16 GB" }],
    mark: { after: 1, label: "the story's length" },
    totals: true,
  }),
  "training-curves": trainingCurves({ state }),
  "confusion-heatmap": confusionHeatmap({
    labels: answers.labels,
    predictions: answers.labels.map((label, index) => (index % 9 === 0 ? 0 : label)),
    id2label,
  }),
  "confidence-histogram": confidenceHistogram({
    logits: answers.collapsed,
    labels: answers.labels,
    id2label,
  }),
  "reliability-diagram": reliabilityDiagram({ logits: answers.learned, labels: answers.labels }),
  "throughput-and-memory": throughputAndMemory({ samples }),
  "before-and-after": beforeAndAfter({
    xTitle: "share of the test set",
    metrics: [
      { name: "balanced accuracy", before: 0.5, after: 0.81 },
      { name: "obvious sentences that are right", before: 0.5, after: 1 },
      { name: "expected calibration error", before: 0.499, after: 0.062, lowerIsBetter: true },
    ],
  }),
} satisfies Record<string, ChartSpec>;
