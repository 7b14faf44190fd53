import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { ReviewSet } from "../../../../lib/src/data/review-set";
import { range } from "../../../../lib/src/data/review-set";
import { loadSnippets } from "../../../../lib/src/data/snippets";
import { drift } from "../../../../lib/src/diagnosis/data/drift";
import { vocabularyDistance } from "../../../../lib/src/diagnosis/data/vocabulary-distance";
import { sampleWords } from "../../../../lib/src/diagnosis/data/words-of-texts";
import { seededRandom } from "../../../../lib/src/runtime/random";
import { answersClearly, ask, setOf, sorted } from "./odd-sets";

const reviews = loadSnippets().shuffle(1);
const train = reviews.select(range(1_000));
const test = reviews.select(range(1_000, 1_300));

function reworded(set: ReviewSet, change: (text: string, row: number) => string): ReviewSet {
  const { texts, labels, id2label } = set;
  return setOf(labels, { id2label, text: (row) => change(texts[row] ?? "", row) });
}

describe("drift", () => {
  it("passes sets drawn from the same reviews", async () => {
    const { verdict, found } = await ask(drift, { train, test });
    assert.equal(verdict, "pass");
    assert.match(
      found,
      /^Yes: test \(words 0\.1\d\d apart, by chance 0\.1\d\d; middle length \d+ words, in train \d+\)\.$/u,
    );
  });

  it("fails other words, and shows which", async () => {
    const loud = reworded(test, (text) => text.toUpperCase());
    const { verdict, found, evidence } = await ask(drift, { train, test: loud });
    assert.equal(verdict, "fail");
    assert.match(
      found,
      /^test differs from train in its words \(0\.7\d\d apart between 0, the same, and 1, none in common/u,
    );
    const words = evidence?.find(({ title }) => title === "The words that tell test from train best");
    assert.ok(words?.kind === "table");
    assert.deepEqual(words.rows[0]?.slice(0, 2), ['"THE"', 0]);
  });

  it("warns of a few of another kind, and fails texts that are cut", async () => {
    const some = reworded(test, (text, row) =>
      row % 5 === 0 ? `<br /> ${text.toLowerCase()} <br />` : text,
    );
    assert.equal((await ask(drift, { train, validation: some })).verdict, "warn");
    const cut = reworded(test, (text) => text.split(" ").slice(0, 6).join(" "));
    const { verdict, found } = await ask(drift, { train, test: cut });
    assert.equal(verdict, "fail");
    assert.match(
      found,
      /its lengths \(the middle text has 6 words, in train 1\d; \d\d\.\d % of the texts or more/u,
    );
  });

  it("warns of other label shares in what comes in, and leaves those of a test set to split-balance", async () => {
    const negative = reviews.select(
      reviews.labels.flatMap((label, row) => (label === 0 ? [row] : [])).slice(-300),
    );
    const { verdict, found } = await ask(drift, { train, incoming: negative });
    assert.equal(verdict, "warn");
    assert.match(found, /^incoming differs from train in its labels \(the shares differ by 5\d\.\d %/u);
    assert.equal((await ask(drift, { train, test: negative })).verdict, "pass");
  });

  it("does not judge sets that are too small", async () => {
    const { verdict, found } = await ask(drift, { train, test: setOf(sorted(10, 9), { text: () => "Hm" }) });
    assert.equal(verdict, "pass");
    assert.match(found, /would need 20 texts each/u);
  });

  answersClearly(drift);
});

describe("the distance of vocabularies", () => {
  const words = sampleWords(train, 1);

  it("is 1 where no word is shared, and chance where texts are dealt", () => {
    const one = Array.from({ length: 30 }, () => ["a", "b"]);
    const other = Array.from({ length: 30 }, () => ["c", "d"]);
    const apart = vocabularyDistance({ one, other, seed: 1 });
    assert.equal(apart.distance, 1);
    assert.ok(apart.chance < 0.1 && apart.pValue < 1e-6);
    assert.deepEqual(new Set(apart.words.map(({ word }) => word)), new Set(["a", "b", "c", "d"]));
  });

  it("raises no false alarm over many random halves", () => {
    const random = seededRandom(5);
    const pValues = Array.from({ length: 40 }, (_, seed) => {
      const sides = words.slice(0, 300).map((text) => ({ text, left: random() < 0.5 }));
      const [one, other] = [true, false].map((left) =>
        sides.filter((side) => side.left === left).map(({ text }) => text),
      ) as [string[][], string[][]];
      return vocabularyDistance({ one, other, seed }).pValue;
    });
    assert.ok(pValues.every((pValue) => pValue > 0.0001));
    assert.ok(pValues.filter((pValue) => pValue < 0.1).length <= 9, "about 4 of 40 are expected");
  });

  it("is none for samples of one text, or without a word", () => {
    const nothing = { distance: 0, chance: 0, excess: 0, pValue: 1, words: [] };
    assert.deepEqual(vocabularyDistance({ one: [["a"]], other: words, seed: 1 }), nothing);
    assert.deepEqual(vocabularyDistance({ one: [[], []], other: words, seed: 1 }), nothing);
  });

  it("cuts unspaced scripts into characters, and keeps capitals", () => {
    const set = setOf([0], { text: () => "Don't 好看 HD画 мир_ÉTÉ ทำ" });
    assert.deepEqual(sampleWords(set, 1), [["Don't", "好", "看", "HD", "画", "мир", "ÉTÉ", "ท", "ำ"]]);
  });
});
