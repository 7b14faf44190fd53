import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countsInPrefix, labelRuns, range, ReviewSet } from "../../../lib/src/data/review-set";
import { ArgumentError, DataError } from "../../../lib/src/runtime/errors";

const NAMES = { 0: "NEGATIVE", 1: "POSITIVE" };
const rows = [
  { text: "a", label: 1 },
  { text: "b", label: 0 },
  { text: "c", label: 1 },
  { text: "d", label: 0 },
  { text: "e", label: 1 },
];
const set = new ReviewSet("five", rows, NAMES);

describe("range", () => {
  it("counts as Python's does", () => {
    assert.deepEqual(range(3), [0, 1, 2]);
    assert.deepEqual(range(2, 5), [2, 3, 4]);
    assert.deepEqual(range(0), []);
    assert.deepEqual(range(5, 2), []);
  });
});

describe("a review set", () => {
  it("refuses a label outside the mapping, naming row, set and mapping", () => {
    for (const label of [2, -1, 0.5, NaN]) {
      const withBad = [
        { text: "x", label: 0 },
        { text: "y", label },
      ];
      const message = `Row 1 of "bad" has the label ${label}; expected one of {"0":"NEGATIVE","1":"POSITIVE"}.`;
      assert.throws(() => new ReviewSet("bad", withBad, NAMES), new DataError(message));
    }
  });

  it("selects rows in the order asked for, again if asked again", () => {
    assert.deepEqual(set.select([4, 0, 0]).texts, ["e", "a", "a"]);
    assert.equal(set.select(range(3)).length, 3);
    assert.equal(set.select([]).length, 0);
  });

  it("refuses to select a row that it does not have", () => {
    const expected = new ArgumentError('Row 5 of "five" was asked for; it has rows 0 to 4.');
    assert.throws(() => set.select(range(6)), expected);
    for (const index of [-1, 1.5, NaN]) assert.throws(() => set.select([index]), ArgumentError);
    const empty = new ReviewSet("none", [], NAMES);
    assert.throws(
      () => empty.select([0]),
      new ArgumentError('Row 0 of "none" was asked for; it has 0 rows.'),
    );
  });

  it("draws a sample without repeats, the beginning of what it shuffles to, and all where that is fewer", () => {
    assert.deepEqual(set.sample(3, 1).texts, set.shuffle(1).texts.slice(0, 3));
    assert.deepEqual(new Set(set.sample(9, 2).rows), new Set(set.rows));
    assert.equal(set.sample(0, 1).length, 0);
    assert.equal(set.sample(2, 1, "two").name, "two");
  });

  it("shuffles to the same order for the same seed, and keeps every row", () => {
    const big = new ReviewSet(
      "big",
      range(100).map((index) => ({ text: `${index}`, label: index % 2 })),
      NAMES,
    );
    assert.deepEqual(big.shuffle(1).texts, big.shuffle(1).texts);
    assert.notDeepEqual(big.shuffle(1).texts, big.shuffle(2).texts);
    assert.notDeepEqual(big.shuffle(1).texts, big.texts);
    assert.deepEqual(new Set(big.shuffle(1).rows), new Set(big.rows));
    assert.equal(big.texts[0], "0");
  });

  it("sorts by label and keeps the order within a label", () => {
    assert.deepEqual(set.sortByLabel().texts, ["b", "d", "a", "c", "e"]);
    assert.deepEqual(set.texts, ["a", "b", "c", "d", "e"]);
  });

  it("counts its labels, those that do not occur too", () => {
    assert.deepEqual(set.labelCounts(), { 0: 2, 1: 3 });
    assert.deepEqual(set.select([0, 2]).labelCounts(), { 0: 0, 1: 2 });
    assert.deepEqual(new ReviewSet("none", [], NAMES).labelCounts(), { 0: 0, 1: 0 });
  });

  it("presents itself as a table of labels with their shares", () => {
    assert.deepEqual(set.rename("renamed").present(), {
      kind: "table",
      title: "renamed: 5 reviews",
      columns: ["label", "name", "reviews", "share"],
      rows: [
        [0, "NEGATIVE", 2, 0.4],
        [1, "POSITIVE", 3, 0.6],
      ],
      format: { share: "percent" },
    });
    const none = new ReviewSet("none", [], NAMES).present();
    assert.deepEqual(none.rows, [
      [0, "NEGATIVE", 0, null],
      [1, "POSITIVE", 0, null],
    ]);
  });
});

describe("label runs", () => {
  it("say the order of the labels", () => {
    assert.deepEqual(set.labelRuns(), [
      [1, 1],
      [0, 1],
      [1, 1],
      [0, 1],
      [1, 1],
    ]);
    assert.deepEqual(set.sortByLabel().labelRuns(), [
      [0, 2],
      [1, 3],
    ]);
    assert.deepEqual(labelRuns([]), []);
  });

  it("say what a prefix holds, to the story's own figures", () => {
    assert.deepEqual(
      countsInPrefix(
        [
          [0, 12_500],
          [1, 12_500],
        ],
        15_000,
      ),
      { 0: 12_500, 1: 2_500 },
    );
    assert.deepEqual(
      countsInPrefix(
        [
          [0, 12_500],
          [1, 12_500],
        ],
        1_500,
      ),
      { 0: 1_500, 1: 0 },
    );
    assert.deepEqual(
      countsInPrefix(
        [
          [0, 1],
          [1, 2],
          [0, 3],
        ],
        5,
      ),
      { 0: 3, 1: 2 },
    );
    assert.deepEqual(
      countsInPrefix(
        [
          [0, 1],
          [1, 2],
        ],
        99,
      ),
      { 0: 1, 1: 2 },
    );
    assert.deepEqual(countsInPrefix([[0, 1]], 0), { 0: 0 });
  });
});
