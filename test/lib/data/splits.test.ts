import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { range, ReviewSet } from "../../../lib/src/data/review-set";
import { balanced, splitBalanced, splitStratified, type Split } from "../../../lib/src/data/splits";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";

const NAMES = { 0: "NEGATIVE", 1: "POSITIVE" };
/** 60 negative, then 40 positive. */
const set = new ReviewSet(
  "hundred",
  range(100).map((index) => ({ text: `${index}`, label: index < 60 ? 0 : 1 })),
  NAMES,
);
const empty = new ReviewSet("none", [], NAMES);
const oneClass = set.select(range(60), "one class");

const inOrder = (part: ReviewSet) => part.texts.map(Number);

/** Both parts together are the set, without a row twice, and both keep its order. */
function assertParts({ taken, rest }: Split): void {
  const ascending = (numbers: number[]) => [...numbers].sort((left, right) => left - right);
  assert.deepEqual(ascending([...inOrder(taken), ...inOrder(rest)]), range(100));
  for (const part of [taken, rest]) assert.deepEqual(inOrder(part), ascending(inOrder(part)));
}

describe("a balanced set", () => {
  it("has as many of each label, in a random order, none twice", () => {
    const taken = balanced(set, { perLabel: 30, seed: 1 });
    assert.deepEqual(taken.labelCounts(), { 0: 30, 1: 30 });
    assert.equal(new Set(taken.texts).size, 60);
    assert.ok(taken.labelRuns().length > 10, "not sorted by label");
    assert.equal(taken.name, "hundred, 30 of each label");
  });

  it("is the same for the same seed, another for another", () => {
    const texts = (seed: number) => balanced(set, { perLabel: 30, seed }).texts;
    assert.deepEqual(texts(1), texts(1));
    assert.notDeepEqual(texts(1), texts(2));
    assert.notDeepEqual(new Set(texts(1)), new Set(texts(2)));
  });
});

describe("a balanced split", () => {
  it("is disjoint and complete, and keeps the order", () => {
    const split = splitBalanced(set, { perLabel: 10, seed: 1 });
    assert.deepEqual(split.taken.labelCounts(), { 0: 10, 1: 10 });
    assertParts(split);
    assertParts(splitBalanced(set, { perLabel: 0, seed: 1 }));
    assert.deepEqual(splitBalanced(set, { perLabel: 40, seed: 1 }).rest.labelCounts(), { 0: 20, 1: 0 });
  });

  it("chooses by its seed, not by position", () => {
    const taken = (seed: number) => splitBalanced(set, { perLabel: 10, seed }).taken.texts;
    assert.deepEqual(taken(1), taken(1));
    assert.notDeepEqual(taken(1), taken(2));
    assert.notDeepEqual(taken(1).slice(0, 10).map(Number), range(10));
  });

  it("refuses a label with too few, naming the label and both counts", () => {
    const tooFew = (name: string, label: string, found: number, wanted: number) =>
      new DataError(`"${name}" has ${found} reviews with the label ${label}; expected at least ${wanted}.`);
    assert.throws(() => splitBalanced(set, { perLabel: 41, seed: 1 }), tooFew("hundred", "POSITIVE", 40, 41));
    assert.throws(() => balanced(oneClass, { perLabel: 5, seed: 1 }), tooFew("one class", "POSITIVE", 0, 5));
    assert.throws(() => balanced(empty, { perLabel: 1, seed: 1 }), tooFew("none", "NEGATIVE", 0, 1));
  });

  it("refuses a count that is none", () => {
    for (const perLabel of [-1, 1.5, NaN])
      assert.throws(
        () => splitBalanced(set, { perLabel, seed: 1 }),
        new ArgumentError(`perLabel is ${perLabel}; expected a whole number of at least 0.`),
      );
  });
});

describe("a stratified split", () => {
  it("has the set's shares of labels in both parts, is disjoint and complete", () => {
    const split = splitStratified(set, { share: 0.2, seed: 1 });
    assert.deepEqual(split.taken.labelCounts(), { 0: 12, 1: 8 });
    assert.deepEqual(split.rest.labelCounts(), { 0: 48, 1: 32 });
    assertParts(split);
    assertParts(splitStratified(set, { share: 0, seed: 1 }));
    assert.equal(splitStratified(set, { share: 1, seed: 1 }).rest.length, 0);
    assert.deepEqual(splitStratified(oneClass, { share: 0.5, seed: 1 }).taken.labelCounts(), { 0: 30, 1: 0 });
  });

  it("is the same for the same seed, another for another", () => {
    const taken = (seed: number) => splitStratified(set, { share: 0.2, seed }).taken.texts;
    assert.deepEqual(taken(1), taken(1));
    assert.notDeepEqual(taken(1), taken(2));
  });

  it("refuses an empty set, and a share that is none", () => {
    const expected = new DataError('"none" has 0 reviews; expected some to split.');
    assert.throws(() => splitStratified(empty, { share: 0.2, seed: 1 }), expected);
    for (const share of [-0.1, 1.1, NaN])
      assert.throws(
        () => splitStratified(set, { share, seed: 1 }),
        new ArgumentError(`share is ${share}; expected a number from 0 to 1.`),
      );
  });
});
