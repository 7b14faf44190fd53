import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "../../../lib/src/runtime/errors";
import { specToText } from "../../../lib/src/runtime/presentation-text";
import { Verdict, type VerdictParams } from "../../../lib/src/story/verdict";

const verdict = (params: Partial<VerdictParams>) =>
  new Verdict({ question: "accuracy", value: 0.5, ...params });

describe("a verdict", () => {
  it("holds the value against every threshold given, ends included", () => {
    const ok = (params: Partial<VerdictParams>) => verdict(params).ok;
    assert.deepEqual(
      [0.49, 0.5, 0.51].map((atLeast) => ok({ atLeast })),
      [true, true, false],
    );
    assert.deepEqual(
      [0.49, 0.5, 0.51].map((atMost) => ok({ atMost })),
      [false, true, true],
    );
    assert.deepEqual(
      [0.49, 0.5, 0.51].map((equals) => ok({ equals })),
      [false, true, false],
    );
    assert.deepEqual([ok({ atLeast: 0.4, atMost: 0.6 }), ok({ atLeast: 0.4, atMost: 0.45 })], [true, false]);
    assert.equal(ok({ value: 0, equals: 0 }), true);
  });

  it("is never passed by what is not a number", () => {
    for (const bound of [{ atLeast: 0 }, { atMost: 1 }, { equals: NaN }])
      assert.equal(verdict({ value: NaN, ...bound }).ok, false);
  });

  it("without a threshold is refused: it could not be passed, and nobody would know why", () => {
    assert.throws(
      () => verdict({}),
      new ArgumentError('The verdict on "accuracy" has no threshold; expected atLeast, atMost or equals.'),
    );
  });

  it("is recorded with its value and threshold in words", () => {
    assert.deepEqual(verdict({ atLeast: 0.4, atMost: 0.6 }).record, {
      question: "accuracy",
      value: 0.5,
      threshold: "at least 0.4 and at most 0.6",
      ok: true,
    });
    assert.equal(verdict({ equals: 0.5 }).record.threshold, "0.5");
  });

  it("shows its value only where it is the same on every machine", () => {
    const text = (params: Partial<VerdictParams>) => specToText(verdict(params).present());
    assert.equal(
      text({ value: 0.123, atLeast: 0.1, exact: true }),
      "✓ accuracy: 0.123 (expected at least 0.1)",
    );
    assert.ok(!text({ value: 0.123, atLeast: 0.1 }).includes("0.123"));
    assert.ok(!text({ value: 0.123, atLeast: 0.2 }).includes("0.123"));
    assert.match(text({ value: 0.123, atLeast: 0.1 }), /^✓ accuracy: at least 0\.1/);
    assert.match(text({ value: 0.123, atLeast: 0.2 }), /^✗ accuracy: not so/);
    assert.equal(text({ value: 1, equals: 8, exact: true }), "✗ accuracy: 1 (expected 8)");
  });
});
