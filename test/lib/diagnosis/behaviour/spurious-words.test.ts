import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ReviewSet } from "../../../../lib/src/data/review-set";
import { spuriousWords } from "../../../../lib/src/diagnosis/behaviour/spurious-words";
import { associatedWords } from "../../../../lib/src/diagnosis/behaviour/word-association";
import { findingOf, opinions, OPINION, wordSubject } from "./word-subject";

const test = opinions(200);
const plain = opinions(200, "train");
/** Every text of blame comes from one place, and says so. */
const marked = new ReviewSet(
  "train",
  plain.rows.map(({ text, label }) => ({ text: label === 0 ? `Tuesday: ${text}` : text, label })),
  plain.id2label,
);

describe("spurious words", () => {
  it("passes a model that one word cannot turn", async () => {
    for (const train of [plain, marked]) {
      const { verdict, found } = await findingOf(spuriousWords, { ...wordSubject(), train, test });
      assert.equal(verdict, "pass");
      assert.match(found, /^Of 16 words/u);
    }
  });

  it("warns of the word that decides alone", async () => {
    const model = { blame: [...OPINION.blame, "tuesday"], loud: ["tuesday"] };
    const { verdict, found, advice } = await findingOf(spuriousWords, {
      ...wordSubject(model),
      train: marked,
      test,
    });
    assert.equal(verdict, "warn");
    assert.match(found, /"tuesday" decides the most: .* turns 100\.0 % into NEGATIVE/u);
    assert.match(advice ?? "", /100 labelled NEGATIVE, 0 not/u);
  });

  it("has nothing to try on sets of no row, one row, one class or equal texts", async () => {
    const ofOne = plain.labels.flatMap((label, index) => (label === 0 ? [index] : []));
    for (const indices of [[], [0], new Array<number>(50).fill(3), ofOne])
      assert.equal(
        (await findingOf(spuriousWords, { ...wordSubject(), train: plain.select(indices) })).verdict,
        "pass",
      );
  });
});

describe("a word's association", () => {
  it("is the log odds ratio by its standard error", () => {
    const [first] = associatedWords(marked, { most: 1, seed: 1 });
    // 100.5 of 0.5 with it, 0.5 of 100.5 without: ln(100.5² / 0.5²) by sqrt(2 / 100.5 + 2 / 0.5)
    assert.deepEqual({ word: first?.word, label: first?.label }, { word: "tuesday", label: 0 });
    assert.ok(Math.abs((first?.z ?? 0) - 10.60661 / 2.004969) < 1e-4);
  });
});
