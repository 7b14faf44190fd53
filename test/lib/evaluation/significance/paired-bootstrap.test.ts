import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accuracy, balancedAccuracy, recall } from "../../../../lib/src/evaluation/metrics";
import type { PairedAnswers } from "../../../../lib/src/evaluation/significance/paired-answers";
import { pairedBootstrap } from "../../../../lib/src/evaluation/significance/paired-bootstrap";
import { ArgumentError, DataError } from "../../../../lib/src/runtime/errors";
import { assertClose, referenceCases } from "./fixture";

interface Case extends PairedAnswers {
  metric: "accuracy" | "balancedAccuracy";
  resamples: number;
  seed: number;
  difference: number;
  interval: [number, number];
}

const cases = referenceCases("pairedBootstrap") as Case[];
const metrics = { accuracy, balancedAccuracy };

describe("pairedBootstrap", () => {
  for (const { difference, interval, metric, ...given } of cases) {
    it(`draws numpy's interval of ${metric}, ${given.resamples} times from ${given.labels.length}`, () => {
      const found = pairedBootstrap({ ...given, metric: metrics[metric] });
      assertClose(found.difference, difference, "difference");
      assertClose(found.interval[0], interval[0], "from");
      assertClose(found.interval[1], interval[1], "to");
    });
  }

  it("takes the short way for accuracy to the same place", () => {
    const { labels, left, right } = cases[1] as Case;
    const longWay = pairedBootstrap({ labels, left, right, metric: (classified) => accuracy(classified) });
    const shortWay = pairedBootstrap({ labels, left, right });
    assertClose(shortWay.interval[0], longWay.interval[0], "from");
    assertClose(shortWay.interval[1], longWay.interval[1], "to");
  });

  it("draws 2,000 times from 2,000 in less than a second", () => {
    const labels = Array.from({ length: 2000 }, (_, index) => index % 2);
    const began = performance.now();
    pairedBootstrap({ labels, left: labels.toReversed(), right: labels });
    assert.ok(performance.now() - began < 1000);
  });

  it("leaves out draws in which the metric is not defined", () => {
    const given = { labels: [0, 0, 0, 1], left: [0, 0, 0, 0], right: [0, 0, 0, 1] };
    const metric = (classified: { labels: readonly number[]; predictions: readonly number[] }): number =>
      recall({ ...classified, label: 1 });
    assert.deepEqual(pairedBootstrap({ ...given, metric }), { difference: 1, interval: [1, 1] });
  });

  it("refuses no examples, a metric that is not defined, and no draws", () => {
    const given = { labels: [0, 1], left: [0, 1], right: [0, 0] };
    assert.throws(() => pairedBootstrap({ labels: [], left: [], right: [] }), DataError);
    assert.throws(() => pairedBootstrap({ ...given, metric: () => NaN }), DataError);
    assert.throws(() => pairedBootstrap({ ...given, resamples: 0 }), ArgumentError);
  });
});
