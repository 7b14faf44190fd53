import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";

import { fromDataFrame, toDataFrame } from "../../../lib/src/display/data-frame";
import { display, type Displayable } from "../../../lib/src/display/display";
import { Presentable } from "../../../lib/src/runtime/presentation";
import { specToText } from "../../../lib/src/runtime/presentation-text";
import { charts, table, verdict } from "./examples";
import { inKernel } from "./kernel";

class Report extends Presentable {
  present() {
    return [table, verdict, charts["compare-bars"], verdict];
  }
}

async function printed(shown: Displayable): Promise<string> {
  const write = mock.method(process.stdout, "write", () => true);
  try {
    await display(shown);
    return write.mock.calls.map((call) => String(call.arguments[0])).join("");
  } finally {
    write.mock.restore();
  }
}

describe("display in a kernel", () => {
  it("gives each chart an output of its own and keeps the order", async () => {
    const shown = await inKernel(() => display(new Report()));
    assert.deepEqual(
      shown.map(({ bundle }) => Object.keys(bundle).sort()),
      [
        ["text/html", "text/plain"],
        ["application/vnd.plotly.v1+json", "image/png", "text/plain"],
        ["text/html", "text/plain"],
      ],
    );
    assert.match(String(shown[0]?.bundle["text/html"]), /<table>[^]*✓/u);
  });

  it("hands over a chart's alternative text", async () => {
    const [shown] = await inKernel(() => display(charts["compare-bars"]));
    const { altText } = charts["compare-bars"];
    assert.deepEqual(shown?.options.metadata, { "image/png": { width: 720, height: 400, alt: altText } });
  });

  it("shows a string as it is", async () => {
    const shown = await inKernel(() => display("<b>"));
    assert.deepEqual(shown, [{ bundle: { "text/plain": "<b>" }, options: {} }]);
  });
});

describe("display without a kernel", () => {
  it("prints text", async () => {
    assert.equal(await printed("hello"), "hello\n");
    assert.equal(await printed(verdict), "✓ balanced accuracy 0.81 (expected at least 0.78)\n");
    const all = [table, verdict, charts["compare-bars"], verdict].map(specToText).join("\n\n");
    assert.equal(await printed(new Report()), `${all}\n`);
  });
});

describe("data frames", () => {
  it("hold a table's cells, sort them and give them back", async () => {
    const frame = toDataFrame(table);
    assert.deepEqual(frame.shape, [3, 4]);
    assert.deepEqual(fromDataFrame(frame).rows, table.rows);
    const sorted = fromDataFrame(frame.sortValues("rows", { ascending: true }));
    assert.deepEqual(
      sorted.rows.map((row) => row[1]),
      [0, 2_500, 12_500],
    );
    assert.match(await printed(frame), /^label +rows/u);
  });

  it("are cut where they are long, and say so: 25,000 reviews would be megabytes of HTML", async () => {
    const rows = Array.from({ length: 1_500 }, (_, row) => [row, `review ${row}`]);
    const text = await printed(toDataFrame({ kind: "table", columns: ["row", "text"], rows }));
    assert.match(text, /review 59\nThe first 60 of 1,500 rows\.\n$/u);
    assert.ok(!text.includes("review 60"));
  });

  it("may be one column alone", () => {
    const frame = toDataFrame({ kind: "table", columns: ["n"], rows: [[3], [null]] });
    assert.deepEqual(fromDataFrame(frame).rows, [[3], [null]]);
  });
});
