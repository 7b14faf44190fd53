import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { counted, listed, percent, pValueText, quoted, rounded } from "../../../lib/src/diagnosis/wording";

describe("the wording of findings", () => {
  it("writes shares as percentages, and does not call nearly none nothing", () => {
    assert.deepEqual([0, 0.0004, 0.83333, 0.9996, 1].map(percent), [
      ...["0.0 %", "less than 0.1 %", "83.3 %", "more than 99.9 %", "100.0 %"],
    ]);
  });

  it("writes numbers in three digits", () => {
    assert.deepEqual([Math.LN2, 825.21, 1e-7, 0, 0.05].map(rounded), ["0.693", "825", "1e-7", "0", "0.05"]);
  });

  it("counts in English", () => {
    assert.deepEqual(
      [counted(0, "row"), counted(1, "row"), counted(12_500, "row"), counted(2, "class", "classes")],
      ["0 rows", "1 row", "12,500 rows", "2 classes"],
    );
    assert.deepEqual([0.0302, 1e-9, 1].map(pValueText), ["p = 0.03", "p < 0.001", "p = 1"]);
  });

  it("lists names, of many only some", () => {
    const names = ["a", "b", "c", "d", "e"];
    assert.deepEqual(
      [0, 1, 2, 4, 5].map((count) => listed(names.slice(0, count))),
      ["", "a", "a and b", "a, b, c and d", "a, b, c and 2 more"],
    );
  });

  it("shows texts that cannot be seen, and the beginning of long ones", () => {
    assert.equal(quoted(""), '""');
    assert.equal(quoted("a\n\u0000\ud800\u200bb"), '"a\\n\\u{0}\\u{d800}\\u{200b}b"');
    assert.equal(quoted("😀".repeat(1_000_000), 3), '"😀😀😀…"');
    assert.equal(quoted("abc", 3), '"abc"');
  });
});
