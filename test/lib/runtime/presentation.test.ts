import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";

import { Presentable, setRenderer, toSpecs, type VerdictSpec } from "../../../lib/src/runtime/presentation";
import { formatCell, numericColumns, specToText } from "../../../lib/src/runtime/presentation-text";
import { setProgressFactory, startProgress } from "../../../lib/src/runtime/progress";

const verdict: VerdictSpec = { kind: "verdict", question: "shown", found: "yes", expected: "yes", ok: true };

class Answer extends Presentable {
  present() {
    return [verdict, verdict];
  }
}

afterEach(() => {
  setRenderer(undefined);
  setProgressFactory(undefined);
});

describe("a presentable", () => {
  it("is plain text as long as nothing draws", async () => {
    const line = "✓ shown yes";
    assert.deepEqual(await new Answer().toMimeBundle(), { "text/plain": `${line}\n\n${line}` });
  });

  it("is drawn by the renderer that was set", async () => {
    setRenderer((specs) => Promise.resolve({ "text/html": specs.length }));
    assert.deepEqual(await new Answer().toMimeBundle(), { "text/html": 2 });
  });

  it("is a list of specifications", () => {
    assert.deepEqual(toSpecs(new Answer()), [verdict, verdict]);
    assert.deepEqual(toSpecs(verdict), [verdict]);
  });
});

describe("a cell", () => {
  it("is written for readers", () => {
    const written = [null, 12_500, 0.123456, -0.5, true, Number.NaN, "a"].map((cell) => formatCell(cell));
    assert.deepEqual(written, ["–", "12,500", "0.1235", "-0.5", "true", "NaN", "a"]);
    assert.equal(formatCell(0.8333, "percent"), "83.3%");
    assert.equal(formatCell(0.8, 3), "0.800");
  });

  it("makes a column numeric only with all others of it", () => {
    const rows = [
      ["1", 1, "a", null],
      ["83.3%", null, 1, null],
    ];
    const table = { kind: "table" as const, columns: ["p", "n", "mixed", "empty"], rows };
    assert.deepEqual(numericColumns(table), [true, true, false, false]);
  });

  it("stays in its line and column, whatever its text", () => {
    const text = specToText({
      kind: "table",
      columns: ["a", "b"],
      rows: [
        ["👍🏽\nx", 1],
        ["four", 10],
      ],
    });
    assert.equal(text, ["a      b", "----  --", "👍🏽 x    1", "four  10"].join("\n"));
  });
});

describe("progress", () => {
  it("is silent until somebody shows it", () => {
    startProgress({ total: 1, label: "l", unit: "u" }).update(1);
    const seen: string[] = [];
    setProgressFactory(({ label }) => ({ update: () => seen.push(label), end: () => seen.push("end") }));
    const reporter = startProgress({ total: 1, label: "l", unit: "u" });
    reporter.update(1);
    reporter.end();
    assert.deepEqual(seen, ["l", "end"]);
  });
});
