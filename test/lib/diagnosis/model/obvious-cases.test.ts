import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeCases } from "../../../../lib/src/diagnosis/model/obvious-cases";
import { ObviousCaseCheck } from "../../../../lib/src/diagnosis/obvious-case-check";

const NAMES = ["NEGATIVE", "POSITIVE"];

/** Sentences that should be this, and what was said. */
function judge(pairs: readonly (readonly [label: string, said: string])[], names = NAMES) {
  const cases = pairs.map(([label, said]) => ({
    text: `a ${label} film`,
    label,
    said,
    score: 0.9,
    scores: {},
  }));
  return judgeCases(new ObviousCaseCheck(cases), names);
}

/** Eight sentences, half of each label, so many of them wrong. */
const eight = (wrong: number) =>
  Array.from({ length: 8 }, (_, index) => {
    const label = NAMES[index % 2] ?? "";
    return [label, index < wrong ? (NAMES[1 - (index % 2)] ?? "") : label] as const;
  });

describe("the check of obvious cases", () => {
  it("passes all of eight, warns of one that is wrong, and fails two, which a coin gets too", () => {
    assert.deepEqual(
      [0, 1, 2, 4, 8].map((wrong) => judge(eight(wrong)).verdict),
      ["pass", "warn", "fail", "fail", "fail"],
    );
    const { found, numbers } = judge(eight(2));
    assert.equal(found, "6 of 8 sentences are right; a coin gets as many or more 14.5 % of the time.");
    const { byChance = NaN, ...counts } = numbers ?? {};
    assert.deepEqual(counts, { cases: 8, right: 6, share: 0.75 });
    assert.ok(Math.abs(byChance - 37 / 256) < 1e-12);
  });

  it("says when all are called one label", () => {
    const { verdict, found } = judge(
      NAMES.flatMap((label) => [[label, "NEGATIVE"] as const, [label, "NEGATIVE"] as const]),
    );
    assert.equal(verdict, "fail");
    assert.match(found, /2 of 4 sentences are right.*all are called NEGATIVE\.$/u);
  });

  it("says when the sentences hold one label alone, so that a constant answer would pass", () => {
    const { verdict, found } = judge(Array.from({ length: 5 }, () => ["POSITIVE", "POSITIVE"] as const));
    assert.equal(verdict, "pass");
    assert.match(found, /a model which always says so would do as well/u);
  });

  it("fails many that are wrong though a coin would do worse", () => {
    const pairs = Array.from(
      { length: 200 },
      (_, index) => ["POSITIVE", index < 140 ? "POSITIVE" : "NEGATIVE"] as const,
    );
    const { verdict, numbers } = judge(pairs);
    assert.equal(verdict, "fail");
    assert.ok((numbers?.["byChance"] ?? 1) < 1e-6);
    assert.equal(
      judge(pairs.map(([label], index) => [label, index < 170 ? "POSITIVE" : "NEGATIVE"])).verdict,
      "warn",
    );
  });

  it("fails sentences whose labels the model does not have", () => {
    const { verdict, found } = judge([["HAPPY", "POSITIVE"]]);
    assert.equal(verdict, "fail");
    assert.match(
      found,
      /The sentences are HAPPY, which none of the outputs is called \(NEGATIVE and POSITIVE\)/u,
    );
  });
});
