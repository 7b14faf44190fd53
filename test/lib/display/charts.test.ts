import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { compareBars } from "../../../lib/src/display/charts/compare-bars";
import { labelsByPosition } from "../../../lib/src/display/charts/labels-by-position";
import { metricCurves } from "../../../lib/src/display/charts/metric-curves";
import { runningShare } from "../../../lib/src/display/charts/running-share";
import { stackedBars } from "../../../lib/src/display/charts/stacked-bars";
import { sentenceScores } from "../../../lib/src/display/charts/sentence-scores";
import { toFigure } from "../../../lib/src/display/figure";
import { countLabel, toRuns } from "../../../lib/src/display/label-runs";
import { OKABE_ITO } from "../../../lib/src/display/palette";
import { charts, hostile, id2label, imdb } from "./examples";
import { assertSnapshot } from "./snapshot";

interface Trace {
  name: string;
  x: number[];
  y: number[];
  marker: { color: string };
  line: { color: string };
}

function traces(chart: { data: readonly unknown[] }): Trace[] {
  return chart.data as Trace[];
}

describe("charts", () => {
  for (const [name, chart] of Object.entries(charts)) {
    it(`${name} is as it was`, () => {
      assertSnapshot(`${name}.json`, chart);
    });
  }

  it("keep hostile text from becoming plotly's markup", () => {
    const { layout } = toFigure({ ...charts["sentence-scores"], title: hostile });
    assert.ok(!JSON.stringify(layout).includes("<script"));
    assert.match(JSON.stringify(layout["title"]), /&lt;script&gt;/u);
  });

  it("break a long title into lines and give it room", () => {
    const [short, long] = ["short", "long ".repeat(40)].map((title) =>
      toFigure({ ...charts["running-share"], title }),
    );
    const top = (figure: typeof short): number => (figure?.layout["margin"] as { t: number }).t;
    assert.ok(top(long) >= top(short) + 40);
    assert.match(JSON.stringify(long?.layout["title"]), /<br>/u);
  });
});

describe("labelsByPosition", () => {
  it("is the same for rows and for runs, and small for both", () => {
    const rows = imdb.flatMap(([label, count]) => Array.from({ length: count }, () => label));
    const chart = labelsByPosition({ labels: rows, id2label, takes: 15_000 });
    assert.deepEqual(chart, charts["labels-by-position"]);
    assert.ok(JSON.stringify(chart).length < 4_000);
  });

  it("counts every row once and finds the share of the prefix", () => {
    const chart = labelsByPosition({ labels: [0, 1, 1, 0, 1, 1, 1], id2label, takes: 3, bins: 3 });
    assert.deepEqual(
      traces(chart).map(({ name, y }) => [name, y]),
      [
        ["NEGATIVE", [1, 1, 0]],
        ["POSITIVE", [2, 2, 1]],
      ],
    );
    assert.equal(chart.title, "67% of the first 3 rows are POSITIVE, 71% of all 7");
  });

  it("marks no prefix that is the whole set", () => {
    const chart = labelsByPosition({ labels: [[0, 1_500]], id2label, takes: 1_500 });
    assert.equal(chart.title, "100% of the 1,500 rows are NEGATIVE");
    assert.ok(!("shapes" in chart.layout));
  });

  it("gives the two labels the same colours, whatever their order", () => {
    for (const labels of [imdb, [...imdb].reverse()]) {
      const colors = traces(labelsByPosition({ labels, id2label })).map(({ name, marker }) => [
        name,
        marker.color,
      ]);
      assert.deepEqual(Object.fromEntries(colors), {
        NEGATIVE: OKABE_ITO.vermilion,
        POSITIVE: OKABE_ITO.blue,
      });
    }
  });
});

describe("runningShare", () => {
  it("is exact at the ends of runs and at the prefix", () => {
    const [trace] = traces(runningShare({ labels: imdb, id2label, label: "POSITIVE", takes: 15_001 }));
    const at = (n: number): number | undefined => trace?.y[trace.x.indexOf(n)];
    assert.deepEqual([at(12_500), at(15_001), at(25_000)], [0, 0.166722, 0.5]);
    assert.equal(
      charts["running-share"].title,
      "POSITIVE is 17% of the first 15,000 rows and 50% of all 25,000",
    );
  });

  it("stays small on rows that are shuffled", () => {
    const labels = Array.from({ length: 20_000 }, (_, row) => ((row * 7_919) % 13) % 2);
    const [trace] = traces(runningShare({ labels, id2label, label: "NEGATIVE" }));
    assert.ok(trace && trace.x.length <= 125);
    assert.equal(
      trace.y.at(-1),
      Number((labels.filter((label) => label === 0).length / 20_000).toPrecision(6)),
    );
  });
});

describe("metricCurves", () => {
  it("says in words where the curves begin and end", () => {
    const { altText } = charts["metric-curves"];
    assert.match(altText, /balanced test goes from 0\.500 at step 200 to 0\.730 at step 750/u);
    assert.match(altText, /Marked is step 200/u);
  });

  it("marks nothing when there is nothing to mark", () => {
    const { layout } = metricCurves({
      title: "t",
      yTitle: "y",
      curves: [{ name: "a", steps: [1], values: [1] }],
    });
    assert.ok(!("shapes" in layout));
  });
});

describe("stackedBars", () => {
  const bins = Array.from({ length: 40 }, (_, bin) => `${2 * bin}-${2 * bin + 1}`);
  const histogram = stackedBars({
    title: "t",
    yTitle: "texts",
    categories: bins,
    parts: [{ name: "texts", values: bins.map((_, bin) => bin) }],
  });

  it("names so many categories as can be read", () => {
    const { tickvals, ticktext } = histogram.layout["xaxis"] as { tickvals: number[]; ticktext: string[] };
    assert.ok(tickvals.length < 16, `${tickvals.length}`);
    assert.deepEqual([tickvals.length, ticktext[1]], [ticktext.length, bins[tickvals[1] ?? 0]]);
  });

  it("says every bar, line and mark in words", () => {
    const { altText } = charts["stacked-bars"];
    assert.match(altText, /16 x 128: weights 1, activations 1\.5; .*activations 6\.12/u);
    assert.match(altText, /Lines: a card of 16 GB 16\. Marked behind 16 x 128: the story's length\./u);
  });

  it("reaches above the highest bar and the highest line", () => {
    const { range } = charts["stacked-bars"].layout["yaxis"] as { range: number[] };
    assert.ok((range[1] ?? 0) > 16);
    const { range: ofShares } = stackedBars({
      ...{ title: "t", yTitle: "share", categories: ["a"], shares: true },
      parts: [{ name: "p", values: [0.2] }],
    }).layout["yaxis"] as { range: number[] };
    assert.deepEqual(ofShares, [0, 1]);
  });
});

describe("a chart without a title", () => {
  it("finds its own", () => {
    const curves = [{ name: "accuracy", steps: [1, 2], values: [0.5, 0.75] }];
    assert.equal(metricCurves({ yTitle: "y", curves }).title, "accuracy goes from 0.500 to 0.750");
    const bars = { categories: ["a", "b"], values: [0.5, 0.8], yTitle: "accuracy" };
    assert.equal(compareBars(bars).title, "accuracy is between 0.50 (a) and 0.80 (b)");
    assert.equal(
      compareBars({ ...bars, values: [0.5, 0.5] }).altText,
      "accuracy is 0.50 everywhere. accuracy: a 0.500; b 0.500.",
    );
    const series = [
      { name: "before", scores: [0.1, 0.2] },
      { name: "after", scores: [0.9, 0.2] },
    ];
    assert.equal(
      sentenceScores({ sentences: ["good", "bad"], series }).title,
      "before, 0 of 2 sentences are POSITIVE; after, 1 of 2 sentences are POSITIVE",
    );
  });
});

describe("stacked bars without a title", () => {
  it("name the highest and the lowest bar, or of shares what the first part is", () => {
    const bars = { categories: ["16 x 128", "16 x 512"], yTitle: "GB" };
    const weights = { name: "weights", values: [1, 1] };
    const filled = stackedBars({ ...bars, parts: [weights, { name: "activations", values: [1.5, 6] }] });
    assert.equal(filled.title, "GB is between 2.5 (16 x 128) and 7 (16 x 512)");
    assert.match(filled.altText, /^GB is between .*\. GB: 16 x 128: weights 1/u);
    assert.equal(stackedBars({ ...bars, parts: [weights] }).title, "GB is 1 everywhere");
    const [one, more] = [
      { name: "one piece", values: [0.7, 0.9] },
      { name: "more", values: [0.3, 0.1] },
    ];
    assert.equal(
      stackedBars({ ...bars, parts: [one, more], yTitle: "share", shares: true }).title,
      "one piece is between 70.0 % (16 x 128) and 90.0 % (16 x 512)",
    );
  });
});

describe("values that cannot be drawn", () => {
  it("are refused by name", () => {
    const curve = { name: "loss", steps: [1, 2], values: [1, NaN] };
    assert.throws(() => metricCurves({ yTitle: "y", curves: [curve] }), /of curves is NaN/u);
    assert.throws(() => metricCurves({ yTitle: "y", curves: [] }), /curves got 0 values/u);
    assert.throws(
      () => metricCurves({ yTitle: "y", curves: [{ ...curve, values: [1] }] }),
      /got 2 steps of loss and 1 values; expected as many/u,
    );
    assert.throws(() => compareBars({ yTitle: "F1", categories: [], values: [] }), /chart of F1 got 0/u);
    assert.throws(
      () => compareBars({ yTitle: "F1", categories: ["a"], values: [1, 2] }),
      /1 categories and 2 values/u,
    );
    assert.throws(() => sentenceScores({ sentences: [], series: [] }), /scores got 0 values/u);
    assert.throws(
      () => sentenceScores({ sentences: ["a", "b"], series: [{ name: "before", scores: [0.1] }] }),
      /got 2 sentences and 1 scores of before; expected as many/u,
    );
    const bars = { categories: ["a", "b"], yTitle: "GB" };
    assert.throws(() => stackedBars({ ...bars, parts: [] }), /chart of GB got 0 values/u);
    assert.throws(
      () => stackedBars({ ...bars, parts: [{ name: "weights", values: [1] }] }),
      /got 2 categories and 1 values of weights; expected as many/u,
    );
    assert.throws(() => stackedBars({ ...bars, parts: [{ name: "p", values: [1, NaN] }] }), /of GB is NaN/u);
  });
});

describe("label runs", () => {
  it("join neighbours and count any part", () => {
    const runs = toRuns({
      labels: [
        [0, 2],
        [0, 3],
        [1, 0],
        [1, 4],
      ],
      id2label,
    });
    assert.deepEqual(runs, [
      ["NEGATIVE", 5],
      ["POSITIVE", 4],
    ]);
    assert.equal(countLabel(runs, "POSITIVE", 4, 7), 2);
    assert.equal(countLabel(runs, "NEGATIVE", 4, 7), 1);
  });
});
