import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ReviewSet } from "../../../../lib/src/data/review-set";
import { worstSlice } from "../../../../lib/src/diagnosis/behaviour/worst-slice";
import { findingOf, opinions, wordSubject } from "./word-subject";

const even = opinions(400);

/** The reviews with a question mark in a fifth of them, of which a share has the other label. */
function questioned(wrongShare: number): ReviewSet {
  const rows = even.rows.map(({ text, label }, index) => {
    if (index % 5 !== 0) return { text, label };
    return { text: `${text}?`, label: (index / 5) % 10 < wrongShare * 10 ? 1 - label : label };
  });
  return new ReviewSet("questions", rows, even.id2label);
}

describe("the worst slice", () => {
  it("passes where no kind of text stands out", async () => {
    const { verdict, numbers } = await findingOf(worstSlice, { ...wordSubject(), test: even });
    assert.equal(verdict, "pass");
    assert.equal(numbers?.["accuracy"], 1);
  });

  it("names the kind that does", async () => {
    const { verdict, found, numbers } = await findingOf(worstSlice, {
      ...wordSubject(),
      test: questioned(0.4),
    });
    assert.equal(verdict, "warn");
    assert.match(found, /of 80 texts with a question mark 60\.0 % are right .* of all others 100\.0 %/u);
    assert.ok((numbers?.["pValue"] ?? 1) < 0.001);
  });

  it("bears a gap of a tenth", async () => {
    assert.equal((await findingOf(worstSlice, { ...wordSubject(), test: questioned(0.1) })).verdict, "pass");
  });

  it("fails where the model is worse than guessing", async () => {
    const { verdict, advice } = await findingOf(worstSlice, { ...wordSubject(), test: questioned(0.9) });
    assert.equal(verdict, "fail");
    assert.match(advice ?? "", /wrong way round/u);
  });

  it("has an answer to sets of one row, none, one class, equal texts, and labels that the model lacks", async () => {
    const id2label = Object.fromEntries(Array.from({ length: 100 }, (_, id) => [id, `class ${id}`]));
    const classes = new ReviewSet(
      "classes",
      even.rows.map(({ text }, index) => ({ text, label: index % 100 })),
      id2label,
    );
    const sets = [
      even.select([0]),
      even.select([]),
      even.select(even.labels.flatMap((label, index) => (label === 0 ? [index] : []))),
    ];
    for (const test of [...sets, even.select(new Array<number>(60).fill(1)), classes]) {
      const { verdict } = await findingOf(worstSlice, { ...wordSubject(), test });
      assert.equal(verdict, "pass", test.name);
    }
  });
});
