import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { disagreements, pairArrivals, type Preference } from "../../../lib/src/monitoring/preferences";
import { compareSequentially } from "../../../lib/src/monitoring/sequential-comparison";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";
import { toSpecs } from "../../../lib/src/runtime/presentation";
import { readersAnswer, reviews } from "./reader-answers";

const always = (preference: Preference, count: number): Preference[] =>
  new Array<Preference>(count).fill(preference);

describe("compareSequentially", () => {
  it("stops at the first occasion at which the evidence is enough", () => {
    const comparison = compareSequentially({ preferences: always("right", 100), name: ["v1", "v2"] });
    const { seen, evidence, finding, pValue } = comparison;
    assert.equal(finding, "right");
    assert.ok((evidence.at(-1) ?? 0) >= Math.log(20) && (evidence.at(-2) ?? 0) < Math.log(20));
    assert.equal(evidence.length, seen);
    assert.ok(seen < 20 && pValue < 0.05);
    const [table] = toSpecs(comparison);
    assert.ok(table?.kind === "table");
    assert.equal(table.title, `v2 is better than v1, shown after ${seen} occasions: you may stop`);
  });

  it("finds the left one better by the same evidence", () => {
    const left = compareSequentially({ preferences: always("left", 100) });
    assert.equal(left.finding, "left");
    assert.equal(left.seen, compareSequentially({ preferences: always("right", 100) }).seen);
    assert.ok(left.interval[1] < 0.5);
  });

  it("learns nothing where neither is better, and stays open", () => {
    const same = compareSequentially({ preferences: always("neither", 50) });
    assert.equal(same.finding, "undecided");
    assert.equal(same.pValue, 1);
    assert.deepEqual(same.wins, { left: 0, right: 0, neither: 50 });
    const even = Array.from({ length: 400 }, (_, index): Preference => (index % 2 ? "left" : "right"));
    const open = compareSequentially({ preferences: even });
    assert.equal(open.finding, "undecided");
    assert.ok(open.interval[0] < 0.5 && open.interval[1] > 0.5);
    const [table, chart] = toSpecs(open);
    assert.ok(table?.kind === "table" && table.title?.startsWith("Neither is shown to be better after 400"));
    assert.ok(chart?.kind === "chart");
  });

  it("asks for more evidence where a smaller error is allowed", () => {
    const seen = (alpha: number): number =>
      compareSequentially({ preferences: always("right", 100), alpha }).seen;
    assert.ok(seen(0.001) > seen(0.05));
  });

  it("refuses no occasion, what is no preference, and an alpha that is none", () => {
    assert.throws(() => compareSequentially({ preferences: [] }), DataError);
    assert.throws(() => compareSequentially({ preferences: ["both" as Preference] }), DataError);
    for (const alpha of [0, 1, NaN])
      assert.throws(() => compareSequentially({ preferences: always("left", 3), alpha }), ArgumentError);
  });
});

describe("pairArrivals", () => {
  it("sets the first beside the first, and leaves who has no partner yet", () => {
    assert.deepEqual(
      pairArrivals({ left: [true, false, true, false, true], right: [true, true, false, false] }),
      ["neither", "right", "left", "neither"],
    );
    assert.deepEqual(pairArrivals({ left: [], right: [true] }), []);
  });
});

describe("disagreements", () => {
  const left = readersAnswer(reviews(0, 40));
  const right = left.map((entry, index) => (index % 10 === 0 ? { ...entry, label: "other" } : entry));

  it("are the texts that two versions answered differently", () => {
    const found = disagreements({ left, right });
    assert.equal(found.length, 4);
    assert.deepEqual(found[1], {
      time: left[10]?.time,
      requestId: "request-10",
      text: left[10]?.text,
      left: left[10]?.label,
      right: "other",
    });
  });

  it("refuse logs of other texts", () => {
    assert.throws(() => disagreements({ left, right: right.slice(1) }), DataError);
    assert.throws(() => disagreements({ left, right: [...right].reverse() }), DataError);
  });
});
