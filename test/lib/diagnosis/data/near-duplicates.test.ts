import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { range, ReviewSet } from "../../../../lib/src/data/review-set";
import { loadSnippets, SENTIMENT } from "../../../../lib/src/data/snippets";
import { nearDuplicates } from "../../../../lib/src/diagnosis/data/near-duplicates";
import type { CheckResult } from "../../../../lib/src/diagnosis/diagnosis-report";
import type { Subject } from "../../../../lib/src/diagnosis/subject";
import { specToText } from "../../../../lib/src/runtime/presentation-text";
import { ask as askCheck } from "./odd-sets";

const snippets = loadSnippets()
  .shuffle(3)
  .texts.filter((text) => text.length > 80);
const [train, test] = [setOf("train", snippets.slice(0, 400)), setOf("test", snippets.slice(400, 600))];

function setOf(name: string, texts: readonly string[]): ReviewSet {
  return new ReviewSet(
    name,
    texts.map((text, index) => ({ text, label: index % 2 })),
    SENTIMENT,
  );
}

const ask = (subject: Subject): Promise<CheckResult> => askCheck(nearDuplicates, subject);

/** How many of 100 changed copies in train the check finds in test. */
async function foundOf100(change: (text: string) => string): Promise<number> {
  const changed = test.texts.slice(0, 100).map(change);
  const { numbers } = await ask({ train: setOf("train", [...train.texts, ...changed]), test });
  return Math.round((numbers?.["testLeakedShare"] ?? 0) * test.length);
}

describe("near-duplicates", () => {
  it("passes different snippets", async () => {
    const { verdict, found } = await ask({ train, test });
    assert.equal(verdict, "pass");
    assert.equal(found, "Of 600 different texts no two are nearly the same.");
  });

  it("finds a changed word, a typo in each fifth word, HTML, and a sentence that was added", async () => {
    const words = (change: (word: string, at: number) => string) => (text: string) =>
      text.split(" ").map(change).join(" ");
    assert.equal(await foundOf100(words((word, at) => (at === 3 ? "certainly" : word))), 100);
    const typo = (word: string): string =>
      word.slice(0, 1) + word.slice(2, 3) + word.slice(1, 2) + word.slice(3);
    assert.ok((await foundOf100(words((word, at) => (at % 5 === 2 ? typo(word) : word)))) >= 98);
    assert.equal(await foundOf100(words((word, at) => (at % 4 === 1 ? `<b>${word}</b><br />` : word))), 100);
    assert.equal(await foundOf100((text) => `${text} That is what I think of it.`), 100);
  });

  it("finds long reviews of which words were changed", async () => {
    const reviews = range(60).map((index) => snippets.slice(600 + index * 10, 610 + index * 10).join(" "));
    const changed = reviews.slice(0, 6).map((text) => text.replace(/(\w+ ){9}\w+/gu, "$& changed"));
    const { verdict, found } = await ask({ train: setOf("train", reviews), test: setOf("test", changed) });
    assert.equal(verdict, "fail");
    assert.equal(found, "100.0 % of test are nearly copies of texts of train (6 of 6 rows).");
  });

  it("weighs a leak: 5 % fail, 2 % warn, 0.5 % pass; and repeats: a fifth fails, 6 % warn", async () => {
    const added = (text: string): string => `${text} See it soon.`;
    const leaky = (count: number): ReviewSet =>
      setOf("test", [...train.texts.slice(0, count).map(added), ...test.texts.slice(count)]);
    const verdicts = [];
    for (const count of [10, 4, 1]) verdicts.push((await ask({ train, test: leaky(count) })).verdict);
    assert.deepEqual(verdicts, ["fail", "warn", "pass"]);
    const repeating = (count: number): ReviewSet =>
      setOf("train", [...train.texts.slice(0, 200 - count), ...train.texts.slice(0, count).map(added)]);
    assert.equal((await ask({ train: repeating(40) })).verdict, "fail");
    const { verdict, found } = await ask({ train: repeating(12) });
    assert.equal(verdict, "warn");
    assert.equal(found, "6.0 % of train are nearly copies of other rows of it (12 of 200 rows).");
  });

  it("shows the two texts around their first difference", async () => {
    const [text = ""] = train.texts;
    const long = `${text} ${text.toUpperCase()}`;
    const { evidence } = await ask({ train: setOf("train", [`${long} one.`, `${long} two.`]) });
    const table = evidence?.map((spec) => specToText(spec)).join() ?? "";
    assert.match(table, /1 .*train 0 +NEGATIVE +… ".* one\."\n.*train 1 +POSITIVE +… ".* two\."/u);
  });

  it("does not count exact copies again, nor short phrases that many use", async () => {
    // train holds each of these texts twice: as it is, and nearly
    const nearly = train.texts.slice(0, 50).map((text) => `${text} See it soon.`);
    const exact = await ask({
      train: setOf("train", [...train.texts, ...nearly]),
      test: setOf(
        "test",
        train.texts.slice(0, 50).map((text) => text.toUpperCase()),
      ),
    });
    assert.equal(exact.numbers?.["testLeakedShare"], 0);
    const phrases = [
      "One of the best films of the year.",
      "One of the worst films of the year!",
      "The best film of the year",
    ];
    assert.equal((await ask({ train: setOf("train", phrases) })).verdict, "pass");
  });

  it("has a clear answer for what is hardly a set", async () => {
    assert.equal(
      (await ask({ train: setOf("train", []) })).found,
      "There are no two different texts to compare.",
    );
    for (const texts of [["one"], range(200).map(() => "the same text"), [":-)", "\ud83d\u0000"], ["", " "]])
      assert.equal((await ask({ train: setOf("train", texts) })).verdict, "pass");
    const long = range(100_000)
      .map((index) => `word${index % 5_000}`)
      .join(" ");
    const halves = await ask({
      train: setOf("train", [long, `${long} more`, "a".repeat(1_000_000), "b", "c"]),
    });
    assert.equal(halves.numbers?.["pairs"], 1);
  });
});
